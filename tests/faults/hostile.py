"""Can a web server hang us, fill our memory or fool us? Fault table, row 11: `python -m tests.faults.hostile`."""

from __future__ import annotations

import asyncio
import resource
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

import httpx

from directory.checkers import Ending, Options, Probe, Status, Target
from directory.checkers.http import Http
from tests.fakes.clock import SimClock
from tests.fakes.network import Network
from tests.fakes.tls import HAS_OPENSSL, certificate
from tests.fakes.web import Web, bomb
from tests.faults import ssrf
from tests.faults.table import Cases, report

TOTAL = 0.6  # seconds a link may take, here
MAX_GROWTH_MB = 20
TLS = httpx.create_ssl_context()
CASES = Cases()

# What the web may do, and what we make of it. None = anything, as long as it ends in time.
EXPECT: dict[str, Status] = {
    "/head405get200": Status.OK,
    "/head404get200": Status.OK,
    "/head403get200": Status.OK,
    "/head500get200": Status.OK,
    "/head501get200": Status.OK,
    "/head404get404": Status.GONE,
    "/head403get404": Status.GONE,
    "/head-hangs-up": Status.OK,
    "/head-hangs": Status.OK,
    "/hang": Status.TIMEOUT,
    "/drip": Status.TIMEOUT,
    "/endless": Status.OK,
    "/endless-headers": Status.CONNECTION,
    "/endless-continue": Status.TIMEOUT,
    "/bomb": Status.OK,
    "/bad-gzip": Status.OK,
    "/garbage": Status.CONNECTION,
    "/reset": Status.CONNECTION,
    "/circle": Status.REDIRECTS,
    "/round": Status.REDIRECTS,
    "/cookie": Status.OK,
    "/hops/10": Status.OK,
    "/hops/11": Status.REDIRECTS,
    "/challenge": Status.BLOCKED,
    "/not-modified": Status.OK,
    "/no-location": Status.OK,
    "/to-file": Status.REFUSED,
    "/to-script": Status.REFUSED,
    "/to-ftp": Status.REFUSED,
    "/to-nonsense": Status.REFUSED,
    "/to-credentials": Status.OK,
    "/lost/deep/page": Status.SOFT_404,
    "/to/301/ok/there": Status.MOVED,
    "/to/308/ok/there": Status.MOVED,
    "/to/302/ok/there": Status.OK,
    "/to/307/ok/there": Status.OK,
    "/to/301/status/404": Status.GONE,
    **{f"/status/{code}": Status.OK for code in (200, 201, 204, 206, 299)},
    **{f"/status/{code}": Status.GONE for code in (404, 410)},
    **{f"/status/{code}": Status.BLOCKED for code in (401, 403, 407, 429, 999)},
    **{f"/status/{code}": Status.CLIENT_ERROR for code in (400, 402, 405, 406, 418, 499)},
    **{f"/status/{code}": Status.SERVER_ERROR for code in (500, 502, 503, 504, 520, 599)},
    "/status/451": Status.LEGAL,
}
# With a GET for the whole page, as for new links.
EXPECT_WHOLE: dict[str, Status] = {
    "/page/1": Status.OK,
    "/ok": Status.OK,
    "/soft/deep/page": Status.SOFT_404,
    "/app/deep/page": Status.OK,
    "/endless": Status.OK,
    "/bomb": Status.OK,
    "/bad-gzip": Status.OK,
    "/drip-body": Status.TIMEOUT,
    "/short": Status.CONNECTION,
}


def look(*targets: Target, tls: object = TLS, **options: object) -> dict[int | str, Probe]:
    """Look at links on this machine."""

    async def run() -> dict[int | str, Probe]:
        settings = Options(gap=0, per_host=64, clock=SimClock(), allow_private=True, **options)  # type: ignore[arg-type]
        checker = Http(settings, tls=tls, total=TOTAL)  # type: ignore[arg-type]
        found: dict[int | str, Probe] = {}
        async for event in checker.check(targets, lambda: False):
            assert not isinstance(event, Ending)
            found |= {probe.key: probe for probe in event}
        return found

    return asyncio.run(run())


def _one(path: str, expected: Status, whole: bool) -> None:
    if path == "/bomb":
        bomb()
    with Web().serve() as server:
        started = time.monotonic()
        probe = look(Target(path, server.url + path, inspect=whole))[path]
        taken = time.monotonic() - started
    assert probe.status is expected, f"{path}: {probe.status} ({probe.why})"
    assert taken < 2 * 3 * TOTAL, f"{path}: {taken:.1f} s"  # HEAD, GET and a second look
    assert probe.why.isprintable()


for _path, _status in EXPECT.items():
    CASES[_path] = partial(_one, _path, _status, False)
for _path, _status in EXPECT_WHOLE.items():
    CASES[f"{_path}, the whole page"] = partial(_one, _path, _status, True)


@CASES.case
def memory_grows_by_no_more_than_20_mb() -> None:
    """In a process of its own, 40 of everything big at once, the server in another."""
    command = [sys.executable, "-m", "tests.faults.hostile", "memory"]
    growth = float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    assert growth <= MAX_GROWTH_MB, f"{growth:.0f} MB"


def _memory() -> float:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.fakes.web"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        url = server.stdout.readline().strip()
        look(Target(0, url + "/ok"))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        big = ("/bomb", "/endless", "/endless-headers", "/endless-continue", "/drip-body")
        look(*[Target(f"{path}{i}", f"{url}{path}", inspect=True) for path in big for i in range(40)])
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        server.communicate()
    return (after - before) / 1024


@CASES.case
def nobody_is_there() -> None:
    with Web().serve() as server:
        url = server.url
    assert look(Target(0, url))[0].status is Status.CONNECTION


@CASES.case
def no_such_host() -> None:
    (probe,) = ssrf.look(Network(), ssrf.names(), "http://gone.example/")
    assert probe.status is Status.NO_SUCH_HOST


@CASES.case
def tls_good_expired_unknown_and_for_another_name() -> None:
    assert HAS_OPENSSL, "needs the openssl command"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        good = certificate(folder / "good")
        late = certificate(folder / "late", end="20200201")
        other = certificate(folder / "other", names="IP:127.0.0.2")
        for pair, trust, expected in (
            (good, good.client, Status.OK),
            (good, TLS, Status.TLS),
            (late, late.client, Status.TLS),
            (other, other.client, Status.TLS),
        ):
            with Web().serve(tls=pair.server) as server:
                assert look(Target(0, server.url + "/ok"), tls=trust)[0].status is expected
        with Web().serve() as server:  # plain HTTP where TLS was promised
            probe = look(Target(0, server.url.replace("http:", "https:")))[0]
            assert probe.status in (Status.TLS, Status.TIMEOUT)


@CASES.case
def cookies_and_credentials_stay_where_they_were_given() -> None:
    other = Web()
    with other.serve(host="127.0.0.2") as there:
        web = Web(elsewhere=there.url + "/ok")
        with web.serve() as here:
            address = here.url.replace("http://", "http://user:secret@") + "/to-elsewhere"
            assert look(Target(0, address))[0].status is Status.MOVED
    for headers in web.headers + other.headers:
        assert not {"authorization", "cookie", "referer"} & headers.keys()


if __name__ == "__main__":
    if sys.argv[1:] == ["memory"]:
        sys.stdout.write(f"{_memory()}\n")
    else:
        report(CASES)
