from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path

import pytest

from directory.checkers import Ending, Options, Status, github
from directory.errors import ConfigError
from tests.fakes import trim_schema
from tests.fakes.github import TOKEN, World, answer
from tests.faults import tenthousand
from tests.faults.github import CASES, fresh, known, look

FULL_SCHEMA = os.environ.get("AIDIR_GITHUB_SCHEMA", "")
RECORDED = os.environ.get("AIDIR_OCTOKIT_FIXTURES", "")


@pytest.mark.parametrize("name", CASES)
def test_edge_case(name: str) -> None:
    CASES[name]()


def test_the_trimmed_schema_is_githubs() -> None:
    if not FULL_SCHEMA:
        pytest.skip("AIDIR_GITHUB_SCHEMA does not name a schema.graphql of @octokit/graphql-schema")
    full = Path(FULL_SCHEMA).read_text("utf-8")
    ours = (Path(trim_schema.__file__).parent / "github.graphql").read_text("utf-8")
    assert trim_schema.trim(full) == ours
    assert trim_schema.members(ours).items() <= trim_schema.members(full).items()


def ready(world: World, token: str = TOKEN) -> Ending | None:
    async def ask(api: str) -> Ending | None:
        return await github.checker(Options(token=token, api=api, clock=world.clock)).ready(lambda: False)

    with world.serve() as server:
        return asyncio.run(ask(server.url))


def test_ready_costs_nothing() -> None:
    world = World()
    assert ready(world) is None
    assert ready(world, token="") is None
    assert (world.used, world.anonymous_used) == (0, 0)


def test_a_refused_token_and_a_dead_network_are_void() -> None:
    refused = ready(World(tokens=set()))
    assert refused is not None
    assert (refused.kind, refused.limit) == ("void", True)
    portal = World()
    portal.rest_script.append(answer(200, "<html>Welcome to our hotel</html>"))
    elsewhere = ready(portal)
    assert elsewhere is not None
    assert elsewhere.kind == "void"
    down = World()
    down.rest_script.extend([answer(503)] * 2)
    unreachable = ready(down)
    assert unreachable is not None
    assert (unreachable.kind, unreachable.limit) == ("void", False)


@pytest.mark.parametrize("jump", [-7200, 7200, 86400 * 365])
def test_a_wrong_clock_is_void(jump: float) -> None:
    world = World()
    world.clock.jump(jump)
    ending = ready(world)
    assert ending is not None
    assert "clock" in ending.reason
    world.add("o/gone")
    world.delete("o/gone")
    probes, ending = look(world, fresh("o/gone"))
    assert (probes, ending is not None and ending.kind) == ({}, "void")


def test_calls_are_serial_and_a_second_apart() -> None:
    world = World(latency=0.4)
    look(world, *[known(world.add(f"o/r{i}")) for i in range(500)])
    assert world.calls == 10
    assert world.clock.elapsed >= 10 * 0.4 + 9


@pytest.mark.parametrize("token", ["with space", "newline\nX-Evil: 1", "uml\xe4ut", "a" * 501])
def test_a_token_that_cannot_be_one_is_refused_without_being_shown(token: str) -> None:
    with pytest.raises(ConfigError) as caught:
        github.checker(Options(token=token))
    assert token not in f"{caught.value!r} {caught.value} {caught.value.hint}"


@pytest.mark.parametrize("api", ["http://api.github.com", "http://127.0.0.1.evil.example", "ftp://x", "api.github.com"])
def test_a_token_does_not_travel_unencrypted(api: str) -> None:
    with pytest.raises(ConfigError):
        github.checker(Options(token=TOKEN, api=api))


def test_github_enterprise_has_its_own_paths() -> None:
    world = World()
    target = known(world.add("o/r"))

    async def run(api: str) -> None:
        async for _ in github.checker(Options(token=TOKEN, api=api, clock=world.clock)).check([target], lambda: False):
            pass

    with world.serve() as server:
        asyncio.run(run(f"{server.url}/api/v3/"))
    assert world.log == [("POST", "/api/graphql")] * len(world.log)


@pytest.mark.parametrize(
    ("scenario", "name", "status", "now"),
    [
        ("get-repository", "octokit-fixture-org/hello-world", Status.OK, "octokit-fixture-org/hello-world"),
        (
            "rename-repository",
            "octokit-fixture-org/rename-repository",
            Status.MOVED,
            "octokit-fixture-org/rename-repository-newname",
        ),
    ],
)
def test_answers_that_github_really_gave(scenario: str, name: str, status: Status, now: str) -> None:
    if not RECORDED:
        pytest.skip("AIDIR_OCTOKIT_FIXTURES does not name the folder of @octokit/fixtures")
    record = Path(RECORDED) / "scenarios" / "api.github.com" / scenario / "normalized-fixture.json"
    answers = {a["path"]: a for a in json.loads(record.read_text("utf-8")) if a["method"] == "get"}
    world = World(tokens=set())
    replay = [answers.get(f"/repos/{name}"), answers.get("/repositories/1000")]
    for recorded in filter(None, replay):
        headers = {"location": recorded["headers"].get("location", ""), "etag": recorded["headers"].get("etag", "")}
        world.rest_script.append(answer(recorded["status"], recorded["response"], **headers))
    probes, ending = look(world, fresh(name), token="")
    assert ending is None
    assert probes[name].status is status
    facts = probes[name].repository
    assert facts is not None
    assert (facts.name, facts.database_id) == (now, 1000)


def test_a_thousand_repositories() -> None:
    report = tenthousand.nights(1000)
    assert (report.calls, report.points) == (20, 20)
    assert report.found == report.planted
    assert sum(report.planted.values()) == 50
    assert report.false_deaths == 0
