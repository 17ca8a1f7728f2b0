"""Does the nightly job survive? Fault table, row 17: `python -m tests.faults.nightly [KILLS]`.

The job is killed with SIGKILL at random moments until it has done its round, again and again, and once after every
batch; two jobs start at once; the network is off; GitHub is down; the clock jumps; the disk is full. After every kill
what was acknowledged must be there, at the end every link must have been settled once, and nothing may be called dead.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from directory.checkers import Clock
from tests.fakes.github import BAD_GATEWAY, TOKEN, World
from tests.fakes.home import Nights, fill, small
from tests.fakes.web import Web
from tests.faults.table import Cases, report

CASES = Cases()
ROOT = Path(__file__).resolve().parents[2]
KILLS = 50
REPOSITORIES, PAGES = 90, 60
_JOB = """
import asyncio, os, resource, signal, sys
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from directory import config, database
from directory.checkers import Clock, Options
from directory.errors import AidirError
from directory.service import Directory, Talk
from directory.service.scope import Scope
home, api, page, token, ahead, ticks, room = sys.argv[1:]
if int(room):
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(room), int(room)))
class Mortal(Talk):
    left = int(ticks)
    @contextmanager
    def progress(self, what, total=None):
        yield self.tick
    def tick(self, done):  # between two batches: the last one is committed, the next one is not
        self.left -= 1
        if not self.left:
            os.kill(os.getpid(), signal.SIGKILL)
class Hurried(Clock):
    def now(self):
        return super().now() + timedelta(days=int(ahead))
    async def sleep(self, seconds):  # the job's pauses take a twentieth of their time
        await asyncio.sleep(min(seconds, 5) / 20)
clock = Hurried()
options = Options(token=token, api=api, clock=clock, canaries=(page + "/ok",), allow_private=True, gap=0.02)
try:
    found = Directory(config.load({"home": home}, {}, Path(home)), clock=clock.now, talk=Mortal()).keep(
        Scope("nightly", due=True), options=options)
except AidirError as error:
    print(error, file=sys.stderr)
    sys.exit(error.exit_code)
print(found.looked, found.links, found.ending, found.resumed)
sys.exit(found.exit_code())
"""


@dataclass
class Site:
    """A home, a GitHub and a web for processes to be killed over."""

    home: Path
    nights: Nights
    acknowledged: Counter[int] = field(default_factory=Counter)

    def start(self, *, ahead: int = 0, ticks: int = 0, room: int = 0, **at: str) -> subprocess.Popen[str]:
        """The job as a process.

        Args:
            ahead: days that its clock is ahead.
            ticks: batches (looked at or settled) after which it kills itself; 0 = never.
            room: bytes a file may have; 0 = any.
            at: `api` and `page`, when they are not the fakes' own.
        """
        values = {"api": self.nights.api, "page": self.nights.page} | at
        numbers = map(str, (ahead, ticks, room))
        return subprocess.Popen(
            [sys.executable, "-c", _JOB, str(self.home), values["api"], values["page"], TOKEN, *numbers],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def finish(self, process: subprocess.Popen[str]) -> tuple[int, str, str]:
        """Its exit code and what it said."""
        out, err = process.communicate(timeout=180)
        assert "Traceback" not in err, err
        return process.returncode, out, err

    def rows(self, statement: str) -> list[tuple[object, ...]]:
        """What the catalogue says."""
        with closing(sqlite3.connect(self.home / "catalogue.sqlite", timeout=10)) as connection:
            return connection.execute(statement).fetchall()

    def states(self) -> Counter[str]:
        """The links' states, counted."""
        return Counter(str(state) for (state,) in self.rows("SELECT state FROM link"))


@contextmanager
def site(repositories: int = REPOSITORIES, pages: int = PAGES) -> Iterator[Site]:
    """A site of its own; the fakes have the real time, as the processes do."""
    world, web = World(date=False), Web()
    world.clock = Clock()  # type: ignore[assignment]
    world.clock.advance = lambda seconds: None  # type: ignore[attr-defined,method-assign]
    with tempfile.TemporaryDirectory() as folder, world.serve() as api, web.serve() as server:
        directory = small(Path(folder) / "home")
        for number in range(repositories):
            world.add(f"o/r{number}")
        links = [(f"r{number}", f"https://github.com/o/r{number}") for number in range(repositories)]
        links += [(f"Page {number}", f"{server.url}/page/{number}") for number in range(pages)]
        fill(Path(folder) / "home", links)
        yield Site(Path(folder) / "home", Nights(directory, api.url, server.url, world, web))


def seen(site: Site) -> dict[int, tuple[object, ...]]:
    """What open runs have acknowledged: by link, everything that was seen."""
    rows = site.rows("SELECT link_id, run_id, status, seen FROM run_item WHERE status != ''")
    return {int(str(row[0])): row[1:] for row in rows}


def settled(site: Site) -> Counter[int]:
    """How often each link's history was written to."""
    return Counter({int(str(n)): int(str(t)) for n, t in site.rows(
        "SELECT link_id, sum(times) FROM link_probe GROUP BY link_id")})  # fmt: skip


def closed(site: Site) -> int:
    """How many rounds were finished."""
    return len(site.rows("SELECT 1 FROM run WHERE finished_at IS NOT NULL"))


@CASES.case
def kills_at_random_moments() -> None:
    """SIGKILL at random moments, many rounds; whatever was acknowledged stays, and counts once a round."""
    dice = random.Random(17)
    with site() as place:
        kills = rounds = 0
        began = time.monotonic()
        place.finish(place.start())
        whole = time.monotonic() - began
        while kills < KILLS:
            rounds += 1
            before, history, finished = seen(place), settled(place), closed(place)
            assert before == {}
            while True:
                process = place.start(ahead=2 * rounds)
                if kills < KILLS:
                    time.sleep(dice.uniform(0.3, 1.0) * whole)
                if kills < KILLS and process.poll() is None:
                    os.kill(process.pid, signal.SIGKILL)
                    process.communicate()
                    kills += 1
                    now = seen(place)
                    assert closed(place) > finished or before.items() <= now.items(), (
                        f"kill {kills}: an acknowledged result is gone"
                    )
                    before = now
                    twice = [n for n, times in (settled(place) - history).items() if times > 1]
                    assert not twice, f"kill {kills}: {twice} settled twice in one round"
                    if closed(place) > finished:
                        break
                    continue
                code, _out, err = place.finish(process)
                assert code == 0, err
                break
            gained = settled(place)
            gained.subtract(history)
            assert set(gained.values()) == {1}, f"round {rounds}: settled {Counter(gained.values())}"
            assert place.states() == {"ok": REPOSITORIES + PAGES}, place.states()
        assert place.rows("PRAGMA integrity_check") == [("ok",)]
        assert not place.rows("SELECT 1 FROM run_item"), "finished runs leave nothing behind"
        sys.stdout.write(f"      {kills} kills over {rounds} rounds\n")


@CASES.case
def a_kill_after_every_batch() -> None:
    """First the job dies after its first batch, then after its second, until it lives: a day each."""
    with site(70, 20) as place:
        place.finish(place.start())
        deaths = 0
        while True:
            ahead, history = 2 * deaths + 2, settled(place)
            process = place.start(ahead=ahead, ticks=deaths + 1)
            out, err = process.communicate(timeout=180)
            if process.returncode == 0:
                break
            assert process.returncode == -signal.SIGKILL, err
            deaths += 1
            before = seen(place)
            code, out, err = place.finish(place.start(ahead=ahead))
            assert (code, out.split()[:3]) == (0, ["90", "90", "whole"]), (out, err)
            assert not place.rows("SELECT 1 FROM run_item")
            assert set((settled(place) - history).values()) == {1}, f"death {deaths}, with {len(before)} acknowledged"
            assert place.states() == {"ok": 90}
        assert deaths >= 4, f"{deaths} batches are too few to prove anything"
        sys.stdout.write(f"      killed after each of {deaths} batches\n")


@CASES.case
def the_disk_is_full() -> None:
    """No file may be written beyond a size that its log reaches early or late: one clear line, and it is taken up."""
    with site(70, 20) as place:
        place.finish(place.start())
        refused = 0
        for step, more in enumerate((16, 48, 80, 120, 180, 260, 100_000), 1):
            history = settled(place)
            code, out, err = place.finish(place.start(ahead=2 * step, room=more * 1024))
            assert place.states() == {"ok": 90}, (more, place.states())
            if code != 0:
                refused += 1
                assert code == 2, (code, out, err)
                assert "cannot write" in err or "too large" in err, err
                assert len(err.strip().splitlines()) == 1, err
                code, out, err = place.finish(place.start(ahead=2 * step))
            assert (code, out.split()[:3]) == (0, ["90", "90", "whole"]), (more, out, err)
            assert set((settled(place) - history).values()) == {1}, more
        assert refused >= 2, "the disk was never full"
        assert place.rows("PRAGMA integrity_check") == [("ok",)]


@CASES.case
def a_link_with_an_acknowledged_result_is_not_asked_for_again() -> None:
    with site(0, 60) as place:
        process = place.start()
        for _ in range(400):
            if len(seen(place)) >= 10:
                break
            time.sleep(0.02)
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        known = seen(place)
        assert 10 <= len(known) < 60, len(known)
        urls = dict(place.rows("SELECT id, url FROM link"))
        place.nights.web.log.clear()
        code, out, _ = place.finish(place.start())
        assert code == 0
        assert out.split()[0] == "60"
        asked = {path for _, path in place.nights.web.log}
        again = [urls[n] for n in known if str(urls[n]).removeprefix(place.nights.page) in asked]
        assert not again, again


@CASES.case
def two_jobs_at_once() -> None:
    with site() as place:
        one = place.start()
        time.sleep(0.05)
        two = place.start()
        codes = [place.finish(job) for job in (one, two)]
        assert sorted(code for code, _, _ in codes) == [0, 2], codes
        told = next(err for code, _, err in codes if code == 2)
        assert "another round" in told
        assert set(settled(place).values()) == {1}
        assert place.states() == {"ok": REPOSITORIES + PAGES}
        assert place.nights.world.calls == 3, "90 repositories by name are three calls"


@CASES.case
def a_term_signal_ends_it_after_the_batch_in_hand() -> None:
    """The real command with the real clock: exit 0, what was seen is judged, the next one does the rest."""
    with site(95, 0) as place:
        command = [sys.executable, "-m", "directory", "nightly", "--only", "github", "--json"]
        environment = {**os.environ, "AIDIR_HOME": str(place.home), "AIDIR_GITHUB_API": place.nights.api}
        environment["GITHUB_TOKEN"] = TOKEN
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        while len(seen(place)) < 30 and process.poll() is None:
            time.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        code, out, err = place.finish(process)
        found = json.loads(out)
        assert (code, found["ending"], found["stopped"]) == (0, "partial", True), err
        assert "stopping after the batch in hand" in err
        assert found["looked"] in (30, 60, 90), found["looked"]
        assert place.states() == {"ok": found["looked"], "new": 95 - found["looked"]}
        rest = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=180)
        assert json.loads(rest.stdout)["looked"] == 95 - found["looked"], rest.stderr


@CASES.case
def the_network_is_off() -> None:
    with site(30, 30) as place:
        place.finish(place.start())
        before = place.rows("SELECT id, state, since, last_ok, last_checked, memory FROM link")
        code, out, _ = place.finish(place.start(ahead=2, api="http://127.0.0.1:9", page="http://127.0.0.1:9"))
        assert code == 2
        assert "void" in out
        assert place.rows("SELECT id, state, since, last_ok, last_checked, memory FROM link") == before


@CASES.case
def github_is_down() -> None:
    with site(30, 30) as place:
        place.finish(place.start())
        place.nights.world.down = BAD_GATEWAY
        code, out, _ = place.finish(place.start(ahead=2))
        assert code == 2, out
        assert place.states() == {"ok": 60}


@CASES.case
def a_clock_days_ahead_changes_no_state() -> None:
    """GitHub's Date header gives the wrong clock away."""
    with site(30, 0) as place:
        place.nights.world.date = True
        place.nights.world.clock.skew = 0.0
        place.finish(place.start())
        code, out, _ = place.finish(place.start(ahead=30))
        assert (code, "void" in out) == (2, True), out
        assert place.states() == {"ok": 30}


@CASES.case
def a_night_after_a_clock_that_was_wrong() -> None:
    """Rounds with a clock ten days ahead, then the right one: nothing dies, and everything is looked at again."""
    with site(0, 30) as place:
        place.finish(place.start(ahead=10))
        code, out, _ = place.finish(place.start())
        assert (code, out.split()[:2]) == (0, ["30", "30"]), out
        assert place.states() == {"ok": 30}


@CASES.case
def an_interrupted_round_of_another_day_is_settled_first() -> None:
    with site(0, 60) as place:
        process = place.start()
        while len(seen(place)) < 10:
            time.sleep(0.02)
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        known = len(seen(place))
        code, out, err = place.finish(place.start(ahead=3))
        assert (code, out.split()[:2]) == (0, ["60", "60"]), (out, err)
        counts = Counter(settled(place).values())
        assert counts == {2: known, 1: 60 - known}, "what was seen before the kill is history too"


@CASES.case
def somebody_else_writes_for_ten_seconds() -> None:
    """A long import holds the write lock: the round waits for it and loses nothing."""
    with site(30, 0) as place:
        with closing(sqlite3.connect(place.home / "catalogue.sqlite", isolation_level=None)) as other:
            process = place.start()
            while not place.rows("SELECT 1 FROM run"):
                time.sleep(0.02)
            other.execute("BEGIN IMMEDIATE")
            time.sleep(7)
            other.execute("COMMIT")
        code, out, err = place.finish(process)
        assert (code, out.split()[0]) == (0, "30"), err


def main() -> None:
    """All of it; a smaller number of kills may be given."""
    global KILLS
    KILLS = int(sys.argv[1]) if sys.argv[1:] else KILLS
    report(CASES)


if __name__ == "__main__":
    main()
