from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence

import pytest

from directory.checkers import Ending, Options, Probe, Status, Stop, Target
from directory.crawl import NOBODY, Crawl, Installed, install
from tests.fakes.clock import SimClock
from tests.fakes.github import TOKEN, World, answer
from tests.fakes.web import Web
from tests.faults.github import known


class Scripted:
    """A checker that finds everything in order, in batches, and does what it is told between them."""

    def __init__(self, clock: SimClock, size: int = 2, *, ready: Ending | None = None, jump: float = 0.0) -> None:
        self._clock = clock
        self._size = size
        self._ready = ready
        self._jump = jump
        self.closed = False

    async def ready(self, stop: Stop) -> Ending | None:
        return self._ready

    async def check(self, targets: Sequence[Target], stop: Stop) -> AsyncGenerator[tuple[Probe, ...] | Ending, None]:
        try:
            for start in range(0, len(targets), self._size):
                if stop():
                    yield Ending("partial", "stopped")
                    return
                await asyncio.sleep(0)
                self._clock.jump(self._jump)
                part = targets[start : start + self._size]
                yield tuple(Probe(t.key, t.url, Status.OK, self._clock.now()) for t in part)
        finally:
            self.closed = True


def crawl(checkers: dict[str, Scripted], clock: SimClock, **more: object) -> Crawl:
    """Each checker claims the addresses that begin with its name."""
    claims = {name: Installed(lambda url, name=name: url.startswith(name), c) for name, c in checkers.items()}  # type: ignore[misc]
    return Crawl(claims, clock=clock, **more)  # type: ignore[arg-type]


def targets(*names: str) -> list[Target]:
    return [Target(i, f"{name}:{i}") for i, name in enumerate(names)]


def test_every_link_goes_to_the_checker_that_claims_it_once() -> None:
    clock = SimClock()
    told: list[tuple[int, int]] = []
    run = crawl(
        {"a": Scripted(clock), "b": Scripted(clock)}, clock, progress=lambda done, total: told.append((done, total))
    )
    links = targets("a", "b", "a", "mailto", "b", "a")
    found = {(p.key, batch.checker) for batch in run.run(links) for p in batch.probes}
    assert found == {(0, "a"), (2, "a"), (5, "a"), (1, "b"), (4, "b"), (3, NOBODY)}
    assert run.endings == {}
    assert run.done == {"a": 3, "b": 2}
    assert told[-1] == (6, 6)
    assert told == sorted(told)


def test_a_checker_that_is_not_ready_sees_nothing_and_does_not_stop_the_others() -> None:
    clock = SimClock()
    void = Ending("void", "the network is off")
    run = crawl({"a": Scripted(clock, ready=void), "b": Scripted(clock)}, clock)
    batches = list(run.run(targets("a", "b")))
    assert [b.checker for b in batches] == ["b"]
    assert run.void("a") == "the network is off"
    assert run.void("b") == ""


def test_a_stop_ends_after_the_batch_in_hand() -> None:
    clock = SimClock()
    seen: list[Probe] = []
    run = crawl({"a": Scripted(clock)}, clock, stop=lambda: len(seen) >= 4)
    for batch in run.run(targets(*["a"] * 100)):
        seen.extend(batch.probes)
    assert 4 <= len(seen) < 100
    assert run.endings["a"].kind == "partial"
    assert run.void("a") == "", "what was seen is good"


def test_a_caller_that_leaves_early_leaves_nothing_open() -> None:
    clock = SimClock()
    checker = Scripted(clock)
    stream = crawl({"a": checker}, clock).run(targets(*["a"] * 100))
    next(stream)
    stream.close()
    assert checker.closed


@pytest.mark.parametrize("jump", [-86400.0, 86400.0])
def test_a_clock_that_jumps_makes_the_run_void(jump: float) -> None:
    clock = SimClock()
    run = crawl({"a": Scripted(clock, jump=jump)}, clock)
    list(run.run(targets("a", "a")))
    assert "clock" in run.void("a")


def test_a_crash_in_a_checker_is_not_swallowed() -> None:
    class Broken(Scripted):
        async def ready(self, stop: Stop) -> Ending | None:
            raise ZeroDivisionError

    clock = SimClock()
    with pytest.raises(ExceptionGroup):
        list(crawl({"a": Broken(clock)}, clock).run(targets("a")))


def test_no_links_no_work() -> None:
    clock = SimClock()
    assert list(crawl({"a": Scripted(clock)}, clock).run([])) == []


# With the real checkers


def test_the_installed_checkers_in_their_order() -> None:
    installed = install(Options())
    assert list(installed) == ["github", "http"]
    assert [n for n, i in installed.items() if i.claims("https://github.com/o/r")] == ["github", "http"]


def test_github_and_the_web_side_by_side() -> None:
    world, web = World(), Web()
    repositories = [known(world.add(f"o/r{i}")) for i in range(120)]
    with world.serve() as api, web.serve() as server:
        options = Options(
            token=TOKEN, api=api.url, clock=world.clock, canaries=(server.url + "/ok",), allow_private=True, gap=0
        )
        pages = [Target(f"p{i}", f"{server.url}/ok/{i}") for i in range(50)]
        run = Crawl(install(options), clock=options.clock)
        found = [(b.checker, p.status) for b in run.run([*repositories, *pages]) for p in b.probes]
    assert sorted(found) == [("github", Status.OK)] * 120 + [("http", Status.OK)] * 50
    assert run.endings == {}


def test_a_refused_token_leaves_the_web_alone() -> None:
    world, web = World(), Web()
    repository = known(world.add("o/r"))
    world.rest_script.append(answer(401, {"message": "Bad credentials"}))
    with world.serve() as api, web.serve() as server:
        options = Options(token=TOKEN, api=api.url, clock=world.clock, canaries=(), allow_private=True)
        run = Crawl(install(options), clock=options.clock)
        batches = list(run.run([repository, Target("p", server.url + "/ok")]))
    assert [b.checker for b in batches] == ["http"]
    assert run.endings["github"].limit
    assert run.void("github")
    assert not run.void("http")
