"""Does the token stay where it belongs? Fault table, row 12: `python -m tests.faults.token`."""

from __future__ import annotations

import asyncio
import dataclasses
import io
import logging
import traceback
from collections.abc import Callable
from contextlib import contextmanager
from typing import Any

from directory.checkers import Options, Target, github
from directory.checkers.http import Http
from directory.errors import AidirError
from tests.fakes.github import TOKEN, Mood, World, answer, cut_off, reset, truncated
from tests.fakes.web import Web
from tests.faults.github import fresh, known, look
from tests.faults.table import Cases, report

CASES = Cases()
ECHO = {"message": f"Bad credentials: Bearer {TOKEN}", "errors": [{"message": f"token {TOKEN} is odd"}]}


@contextmanager
def everything_logged() -> Any:
    """All that any logger says, at its loudest."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield stream
    finally:
        root.setLevel(level)
        root.removeHandler(handler)


def silent(work: Callable[[], object]) -> None:
    """Run something; neither its result, its error, its traceback nor the log may show the token."""
    with everything_logged() as log:
        try:
            said = repr(work())
        except AidirError as error:
            said = f"{error} {error.hint} {error!r} " + "".join(traceback.format_exception(error))
    assert TOKEN not in said, said
    assert TOKEN not in log.getvalue(), log.getvalue()


def _mood(mood: Mood) -> None:
    world = World()
    targets = [known(world.add("o/a")), fresh("o/missing"), known(world.add("o/b"))]
    world.delete("o/b")
    world.script.extend([mood, mood, mood])
    world.rest_script.extend([mood] * 9)
    silent(lambda: look(world, *targets))


for _name, _bad in {
    "no trouble": answer(200, {"data": None}),
    "401 that repeats the token": answer(401, ECHO),
    "403 that repeats the token": answer(403, ECHO),
    "429 that repeats the token": answer(429, ECHO),
    "500 that repeats the token": answer(500, ECHO),
    "200 with an error that repeats the token": answer(200, {"data": None, **ECHO}),
    "a limit that repeats the token": answer(200, {"errors": [{"type": "RATE_LIMITED", "message": TOKEN}]}),
    "HTML that repeats the token": answer(200, f"<html>{TOKEN}</html>"),
    "a reset": reset,
    "a cut": cut_off,
    "cut JSON": truncated,
    "a status nobody knows": answer(799, ECHO),
}.items():
    CASES[f"nothing is said after {_name}"] = lambda mood=_bad: _mood(mood)  # type: ignore[misc]


def _redirect(status: int) -> None:
    """Neither GraphQL nor REST follows a redirect to another origin, however it is spelt."""
    stranger = Web()
    with stranger.serve(host="127.0.0.2") as there:
        for where in (there.url, there.url + "/repositories/1001", f"//127.0.0.2:{there.port}/repositories/1001"):
            world = World()
            node = world.add("o/a")
            world.script.append(answer(status, b"", location=where))
            look(world, known(node))
            world.errors[node["id"]] = ("NOT_FOUND", "confirm me")
            world.rest_script.append(answer(status, b"", location=where))
            look(world, known(node))
    assert stranger.log == []


for _code in (301, 302, 303, 307, 308):
    CASES[f"a redirect ({_code}) to another server takes nothing along"] = lambda code=_code: _redirect(code)  # type: ignore[misc]


@CASES.case
def other_links_never_see_it() -> None:
    web = Web()

    async def run(url: str) -> list[object]:
        options = Options(token=TOKEN, allow_private=True, gap=0)
        return [
            e async for e in Http(options).check([Target(0, url + "/ok"), Target(1, url + "/circle")], lambda: False)
        ]

    with web.serve() as server:
        silent(lambda: asyncio.run(run(server.url)))
    assert TOKEN not in repr(web.headers)


@CASES.case
def it_is_sent_to_the_api() -> None:
    world = World()
    look(world, known(world.add("o/a")))
    assert world.authorisations == [f"Bearer {TOKEN}"], "else these tests prove nothing"


@CASES.case
def representations_hide_it() -> None:
    options = Options(token=TOKEN)
    checker = github.checker(options)
    assert TOKEN not in f"{options!r} {options} {checker!r} {vars(checker)!r}"


@CASES.case
def probes_hold_the_fingerprint_and_no_more() -> None:
    world = World()
    node = world.add("o/a")
    world.errors[node["id"]] = ("NOT_FOUND", "confirm me")
    probes, _ = look(world, known(node))
    (probe,) = probes.values()
    told = repr(dataclasses.asdict(probe))
    assert probe.etag_by
    assert TOKEN not in told
    assert TOKEN[4:12] not in told


@CASES.case
def a_token_that_is_none_is_not_quoted() -> None:
    for bad in (f"{TOKEN}\n{TOKEN}", f"{TOKEN} x", f"{TOKEN}\x00"):
        silent(lambda bad=bad: github.checker(Options(token=bad)))  # type: ignore[misc]


@CASES.case
def an_api_in_the_clear_gets_none() -> None:
    silent(lambda: github.checker(Options(token=TOKEN, api="http://api.github.example")))


if __name__ == "__main__":
    report(CASES)
