"""Is nothing marked dead by GitHub's moods? Fault table, row 13: `python -m tests.faults.github`."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import replace

from directory.checkers import Ending, Options, Probe, Status, Target, github
from directory.verdict import LinkState, State, judge
from tests.fakes.github import (
    BAD_GATEWAY,
    GATEWAY_TIMEOUT,
    TOKEN,
    Node,
    World,
    answer,
    cut_off,
    reset,
    truncated,
)
from tests.faults.table import Cases, report

CASES = Cases()
HTML = "<html>oops</html>"
LIMITED = {"errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded for user ID 1."}]}
SECONDARY = {"message": "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."}


def known(node: Node, name: str = "", key: int | str = "") -> Target:
    """A link whose repository we know."""
    name = name or node["nameWithOwner"]
    return Target(
        key or name,
        f"https://github.com/{name}",
        node_id=node["id"],
        database_id=node["databaseId"],
        name=name,
        archived=node["isArchived"],
    )


def fresh(name: str) -> Target:
    """A link that was never looked at."""
    return Target(name, f"https://github.com/{name}")


def look(
    world: World, *targets: Target, token: str = TOKEN, stop_after: int | None = None
) -> tuple[dict[int | str, Probe], Ending | None]:
    """One run: probes by key, and how it ended."""

    async def run(api: str) -> tuple[dict[int | str, Probe], Ending | None]:
        probes: dict[int | str, Probe] = {}
        ending: Ending | None = None
        checker = github.checker(Options(token=token, api=api, clock=world.clock))
        stop = (lambda: len(probes) >= stop_after) if stop_after is not None else (lambda: False)
        async with aclosing(checker.check(targets, stop)) as events:
            async for event in events:
                assert ending is None, "an ending comes last"
                if isinstance(event, Ending):
                    ending = event
                else:
                    assert event, "no empty batches"
                    probes |= {probe.key: probe for probe in event}
        return probes, ending

    with world.serve() as server:
        return asyncio.run(run(server.url))


def one(world: World, target: Target, *, token: str = TOKEN) -> Probe:
    """One link in a run that ends well."""
    probes, ending = look(world, target, token=token)
    assert ending is None, ending
    return probes[target.key]


def some(world: World, count: int = 4) -> list[Target]:
    return [known(world.add(f"o/r{i}")) for i in range(count)]


def all_fine(world: World, targets: Sequence[Target], **expect: object) -> None:
    probes, ending = look(world, *targets)
    assert ending is None, ending
    assert [probes[t.key].status for t in targets] == [Status.OK] * len(targets)


# What repositories do


@CASES.case
def rename() -> None:
    world = World()
    node = world.add("geekan/MetaGPT")
    world.rename("geekan/MetaGPT", "FoundationAgents/MetaGPT")
    for target, proof in ((known(node, "geekan/MetaGPT"), "id"), (fresh("geekan/MetaGPT"), "redirect")):
        probe = one(world, target)
        assert (probe.status, probe.evidence["proof"]) == (Status.MOVED, proof)
        assert probe.location == "https://github.com/FoundationAgents/MetaGPT"
        assert probe.repository is not None
        assert probe.repository.name == "FoundationAgents/MetaGPT"
    assert one(world, known(node, "geekan/MetaGPT")).evidence["old_name"] == "redirects"


@CASES.case
def transfer_and_a_chain_of_renames() -> None:
    world = World()
    node = world.add("phidatahq/phidata")
    for old, new in (("phidatahq/phidata", "agno-agi/phidata"), ("agno-agi/phidata", "agno-agi/agno")):
        world.rename(old, new)
    for target in (known(node, "phidatahq/phidata"), fresh("phidatahq/phidata"), fresh("agno-agi/phidata")):
        assert one(world, target).location == "https://github.com/agno-agi/agno"


@CASES.case
def a_deep_link_moves_with_its_repository() -> None:
    world = World()
    world.add("o/old")
    world.rename("o/old", "p/new")
    moves = {
        "https://www.github.com/o/old/tree/main/docs?tab=1#top": "https://github.com/p/new/tree/main/docs?tab=1#top",
        "https://raw.githubusercontent.com/o/old/main/README.md": "https://raw.githubusercontent.com/p/new/main/README.md",
        "https://github.com/o/old.git": "https://github.com/p/new",
        "https://github.com/o/old/": "https://github.com/p/new",
    }
    probes, _ = look(world, *[Target(url, url) for url in moves])
    assert {key: p.location for key, p in probes.items()} == moves


@CASES.case
def a_change_of_case_is_no_move() -> None:
    world = World()
    node = world.add("OpenAI/Whisper")
    for target in (known(node, "openai/whisper"), fresh("openai/whisper")):
        probe = one(world, target)
        assert probe.status is Status.OK
        assert probe.repository is not None
        assert probe.repository.name == "OpenAI/Whisper"


@CASES.case
def two_entries_merge_into_one_id() -> None:
    world = World()
    node = world.add("young/name")
    world.add("old/name")
    world.delete("old/name")
    world.names["old/name"] = node["id"]
    probes, _ = look(world, fresh("young/name"), fresh("old/name"))
    assert {p.repository.node_id for p in probes.values() if p.repository} == {node["id"]}
    assert [p.status for p in probes.values()] == [Status.OK, Status.MOVED]


@CASES.case
def an_old_name_taken_by_another_is_replaced() -> None:
    world = World()
    old = world.add("o/tool", stargazerCount=9000)
    world.delete("o/tool")
    world.add("o/tool", stargazerCount=3)
    for token in (TOKEN, ""):
        probe = one(world, known(old, "o/tool"), token=token)
        assert probe.status is Status.REPLACED
        assert probe.repository is None, "a stranger's facts must not be inherited"


@CASES.case
def a_renamed_repository_whose_old_name_was_taken_is_moved() -> None:
    world = World()
    node = world.add("o/tool")
    world.rename("o/tool", "o/tool-classic")
    world.add("o/tool")
    for token in (TOKEN, ""):
        probe = one(world, known(node, "o/tool"), token=token)
        assert (probe.status, probe.location) == (Status.MOVED, "https://github.com/o/tool-classic")
        assert probe.evidence["old_name"] == "taken"


@CASES.case
def deleted_counts_only_when_rest_agrees() -> None:
    world = World()
    node = world.add("o/gone")
    world.delete("o/gone")
    for target in (known(node), fresh("o/gone")):
        probe = one(world, target)
        assert (probe.status, probe.evidence["via"]) == (Status.NOT_FOUND, "rest")


@CASES.case
def graphql_says_not_found_and_rest_disagrees() -> None:
    world = World()
    node = world.add("o/here")
    world.errors[node["id"]] = ("NOT_FOUND", "Could not resolve to a node.")
    for target in (known(node), fresh("o/here")):
        assert one(world, target).status is Status.OK


@CASES.case
def private_for_everybody() -> None:
    world = World()
    node = world.add("o/secret", isPrivate="hidden")
    assert one(world, known(node)).status is Status.NOT_FOUND


@CASES.case
def private_but_our_token_sees_it() -> None:
    world = World()
    node = world.add("o/secret", isPrivate=True)
    assert one(world, known(node)).status is Status.PRIVATE
    assert one(world, known(node), token="").status is Status.NOT_FOUND


@CASES.case
def archived() -> None:
    world = World()
    node = world.add("o/old", isArchived=True, archivedAt="2026-01-01T00:00:00Z")
    probe = one(world, known(node))
    assert probe.status is Status.ARCHIVED
    assert probe.repository is not None
    assert probe.repository.archived_at == "2026-01-01T00:00:00Z"
    assert one(world, known(node), token="").status is Status.ARCHIVED


@CASES.case
def disabled_locked_empty() -> None:
    world = World()
    node = world.add("o/odd", isDisabled=True, isLocked=True, lockReason="MIGRATING", isEmpty=True, pushedAt=None)
    probe = one(world, known(node))
    assert probe.status is Status.OK
    assert probe.repository is not None
    facts = probe.repository
    assert (facts.disabled, facts.locked, facts.empty, facts.pushed_at) == (True, "migrating", True, None)


@CASES.case
def no_licence_no_release_no_anything() -> None:
    world = World()
    nothing = ("licenseInfo", "latestRelease", "primaryLanguage", "defaultBranchRef", "databaseId", "description")
    node = world.add("o/bare", **dict.fromkeys(nothing), repositoryTopics={"nodes": []})
    facts = one(world, known(node)).repository
    assert facts is not None
    assert (facts.licence, facts.release, facts.language, facts.branch, facts.description) == ("", "", "", "", "")
    assert (facts.database_id, facts.topics, facts.unknown) == (None, (), ())


@CASES.case
def blocked_by_law() -> None:
    world = World()
    world.legal["o/dmca"] = (451, {"reason": "dmca", "created_at": "2026-01-01T00:00:00Z"})
    world.legal["o/tos"] = (403, {"reason": "tos"})
    for name in ("o/dmca", "o/tos"):
        for token in (TOKEN, ""):
            probe = one(world, fresh(name), token=token)
            assert (probe.status, "blocked by law" in probe.why) == (Status.LEGAL, True)


@CASES.case
def forbidden_to_the_token_and_open_to_everybody() -> None:
    world = World()
    node = world.add("corp/open")
    world.forbidden.add("corp")
    for target in (known(node), fresh("corp/open")):
        assert one(world, target).status is Status.OK
    assert world.authorisations[-1] == "", "the last try goes without the token"


@CASES.case
def forbidden_to_all_is_unverifiable() -> None:
    world = World()
    node = world.add("corp/closed", isPrivate=True)
    world.forbidden.add("corp")
    assert one(world, known(node)).status is Status.UNVERIFIABLE
    world.anonymous_used = 60
    assert one(world, known(node)).status is Status.UNVERIFIABLE


@CASES.case
def stars_go_through_as_they_are() -> None:
    world = World()
    node = world.add("o/stars", stargazerCount=0)
    for count in (0, 1, 2**31 - 1):
        node["stargazerCount"] = count
        facts = one(world, known(node)).repository
        assert facts is not None
        assert facts.stars == count


@CASES.case
def more_stars_than_graphql_can_count() -> None:
    world = World()
    huge, fine = world.add("o/huge", stargazerCount=2**31), world.add("o/fine")
    probes, ending = look(world, known(huge), known(fine))
    assert (probes["o/huge"].status, probes["o/fine"].status) == (Status.SERVER_ERROR, Status.OK)
    assert ending is None
    facts = one(world, known(huge), token="").repository
    assert facts is not None
    assert facts.stars == 2**31


@CASES.case
def shapes_of_urls() -> None:
    urls = {
        "https://github.com/o/r.git": True,
        "http://www.github.com/o/r/": True,
        "https://github.com/o/r/tree/main/docs": True,
        "https://github.com/o/r/issues/3": True,
        "https://github.com/o/r#readme": True,
        "https://raw.githubusercontent.com/o/r/main/README.md": True,
        "https://github.com/o/r/blob/main/文档/说明.md": True,
        "https://gist.github.com/o/0123456789abcdef": False,
        "https://github.com/o": False,
        "https://github.com/sponsors/o": False,
        "https://例子.中国/o/r": False,
        "https://github.com.evil.example/o/r": False,
    }
    assert {url: github.claims(url) for url in urls} == urls
    world = World()
    world.add("o/r")
    targets = [Target(url, url) for url, is_repository in urls.items() if is_repository]
    probes, _ = look(world, *targets)
    assert {p.status for p in probes.values()} == {Status.OK}
    assert len(probes) == len(targets)
    assert world.calls == 1, "copies of one repository are asked for once"


# What GitHub does


@CASES.case
def a_token_revoked_in_the_middle() -> None:
    world = World()
    targets = some(world, 120)
    world.script.extend([None, answer(401, {"message": "Bad credentials"})])
    probes, ending = look(world, *targets)
    assert len(probes) == 50
    assert ending is not None
    assert (ending.kind, ending.limit) == ("void", True)
    assert TOKEN not in repr(ending)


@CASES.case
def a_wrong_token_from_the_start() -> None:
    world = World(tokens=set())
    probes, ending = look(world, *some(world))
    assert (probes, ending is not None and ending.kind) == ({}, "void")


def _waits_out(mood: object, at_least: float, at_most: float) -> None:
    world = World()
    targets = some(world)
    world.script.append(mood)  # type: ignore[arg-type]
    all_fine(world, targets)
    assert at_least <= world.clock.elapsed <= at_most, world.clock.elapsed


@CASES.case
def ok_200_and_rate_limited() -> None:
    _waits_out(answer(200, LIMITED), 60, 70)


@CASES.case
def secondary_limit_as_200() -> None:
    _waits_out(answer(200, {"errors": [{"message": SECONDARY["message"]}], "data": None}), 60, 70)


@CASES.case
def forbidden_403_with_retry_after() -> None:
    _waits_out(answer(403, SECONDARY, retry_after="7"), 7, 12)


@CASES.case
def forbidden_403_without_retry_after() -> None:
    _waits_out(answer(403, SECONDARY), 60, 70)


@CASES.case
def too_many_429() -> None:
    _waits_out(answer(429, HTML, retry_after="90"), 90, 100)


@CASES.case
def primary_limit_with_a_reset() -> None:
    world = World()
    when = str(int(world.clock.now().timestamp()) + 500)
    world.script.append(answer(403, SECONDARY, x_ratelimit_remaining="0", x_ratelimit_reset=when))
    all_fine(world, some(world))
    assert 500 <= world.clock.elapsed <= 510


@CASES.case
def a_reset_in_the_past() -> None:
    _waits_out(answer(403, SECONDARY, x_ratelimit_remaining="0", x_ratelimit_reset="1000000000"), 60, 70)


@CASES.case
def a_reset_in_milliseconds() -> None:
    world = World()
    when = str((int(world.clock.now().timestamp()) + 500) * 1000)
    world.script.append(answer(403, SECONDARY, x_ratelimit_remaining="0", x_ratelimit_reset=when))
    all_fine(world, some(world))
    assert 500 <= world.clock.elapsed <= 510


@CASES.case
def a_retry_after_of_a_year_is_clamped() -> None:
    _waits_out(answer(429, HTML, retry_after="31536000"), 3900, 3910)


@CASES.case
def a_retry_after_that_is_a_date() -> None:
    _waits_out(answer(429, HTML, retry_after="Mon, 23 Nov 2026 03:02:00 GMT"), 115, 130)


@CASES.case
def limits_that_do_not_end_make_a_partial_run() -> None:
    world = World()
    targets = some(world, 60)
    world.script.extend([None, *[answer(403, SECONDARY)] * 9])
    probes, ending = look(world, *targets)
    assert len(probes) == 50
    assert ending is not None
    assert (ending.kind, ending.limit) == ("partial", True)
    assert len(world.script) == 5, "four tries"
    assert world.clock.elapsed < 600


@CASES.case
def ten_percent_are_left_to_others() -> None:
    world = World(limit=100, used=87)
    probes, ending = look(world, *some(world, 400))
    assert len(probes) == 150
    assert world.used == 90
    assert ending is not None
    assert (ending.kind, ending.limit) == ("partial", True)


@CASES.case
def bad_gateway_once() -> None:
    _waits_out(BAD_GATEWAY, 5, 10)


@CASES.case
def gateway_timeout_once() -> None:
    _waits_out(GATEWAY_TIMEOUT, 5, 10)


@CASES.case
def html_with_200() -> None:
    _waits_out(answer(200, HTML), 5, 10)


@CASES.case
def truncated_json() -> None:
    _waits_out(truncated, 5, 10)


@CASES.case
def reset_in_the_middle_of_a_body() -> None:
    _waits_out(cut_off, 5, 10)


@CASES.case
def reset_before_an_answer() -> None:
    _waits_out(reset, 5, 10)


@CASES.case
def data_null() -> None:
    _waits_out(answer(200, {"data": None}), 5, 10)


@CASES.case
def json_that_is_no_object() -> None:
    _waits_out(answer(200, b"[[[[]]]]"), 5, 10)


@CASES.case
def an_error_without_path() -> None:
    _waits_out(answer(200, {"data": None, "errors": [{"message": "Something went wrong"}]}), 5, 10)


@CASES.case
def too_many_ids() -> None:
    world = World()
    message = "You may not provide more than 100 node ids; you provided 101."
    world.script.extend([answer(200, {"data": None, "errors": [{"type": "ARGUMENT_LIMIT", "message": message}]})] * 2)
    all_fine(world, some(world, 8))


@CASES.case
def never_more_than_fifty_ids_or_thirty_names() -> None:
    world = World()
    targets = some(world, 101) + [fresh(f"o/r{i}") for i in range(61)]
    probes, ending = look(world, *[replace(t, key=i) for i, t in enumerate(targets)])
    assert (len(probes), ending, world.calls) == (162, None, 3 + 3)


@CASES.case
def a_batch_with_one_poisonous_repository_is_halved() -> None:
    for by_id in (True, False):
        world = World()
        targets = [t if by_id else fresh(t.name) for t in some(world, 30)]
        poison = targets[13]
        world.poison = {poison.node_id or poison.name or str(poison.key)}
        probes, ending = look(world, *targets)
        assert ending is None
        odd = [t for t in targets if probes[t.key].status is not Status.OK]
        assert odd == [poison]
        assert probes[poison.key].status is Status.SERVER_ERROR
        assert world.calls < 30, world.calls


@CASES.case
def resource_limits_with_partial_data() -> None:
    world = World()
    targets = some(world, 6)
    nodes = [world.repositories[t.node_id] for t in targets]
    full = [n if i < 4 else None for i, n in enumerate(nodes)]
    error = {"type": "RESOURCE_LIMITS_EXCEEDED", "message": "Resource limits for this query exceeded."}
    world.script.append(answer(200, {"data": {"nodes": full}, "errors": [error]}))
    all_fine(world, targets)


@CASES.case
def an_error_below_a_repository_makes_one_field_unknown() -> None:
    world = World()
    (target,) = some(world, 1)
    node = {**world.repositories[target.node_id], "latestRelease": None}
    error = {"type": "INTERNAL", "path": ["nodes", 0, "latestRelease"], "message": "timeout"}
    world.script.append(answer(200, {"data": {"nodes": [node]}, "errors": [error]}))
    facts = one(world, target).repository
    assert facts is not None
    assert facts.unknown == ("release",)


@CASES.case
def an_unknown_error_on_one_path_is_a_soft_failure() -> None:
    world = World()
    targets = some(world, 5)
    world.errors[targets[2].node_id] = ("SERVICE_UNAVAILABLE", "try later")
    probes, ending = look(world, *targets)
    assert ending is None
    assert [probes[t.key].status for t in targets] == [Status.OK] * 2 + [Status.SERVER_ERROR] + [Status.OK] * 2


def _down(mood: object, batches: int = 3) -> None:
    world = World()
    targets = some(world, 50 * batches)
    with_good_start: list[object] = [None]
    world.script.extend(with_good_start + [mood] * 200)  # type: ignore[arg-type]
    probes, ending = look(world, *targets)
    assert {p.status for p in probes.values()} == {Status.OK}
    assert len(probes) == 50
    assert ending is not None
    assert (ending.kind, ending.limit) == ("partial", False)
    assert world.calls < 15, "a server that is down is not asked a hundred times"


@CASES.case
def github_is_down_with_502() -> None:
    _down(BAD_GATEWAY)


@CASES.case
def github_hangs_up_all_the_time() -> None:
    _down(reset)


@CASES.case
def github_comes_back_after_two_minutes() -> None:
    world = World()
    targets = some(world, 100)
    world.script.extend([None] + [BAD_GATEWAY] * 4)
    all_fine(world, targets)


@CASES.case
def rest_fails_while_confirming() -> None:
    for mood in (BAD_GATEWAY, reset, truncated, answer(500, HTML)):
        world = World()
        node = world.add("o/gone")
        world.delete("o/gone")
        world.rest_script.append(mood)
        if mood is truncated:
            assert one(world, known(node)).status is Status.SERVER_ERROR
        else:
            assert one(world, known(node)).status is Status.NOT_FOUND
        world.rest_script.extend([mood, mood])
        assert one(world, known(node)).status is Status.SERVER_ERROR


@CASES.case
def rest_is_limited_while_confirming() -> None:
    world = World()
    targets = some(world, 5)
    world.delete("o/r1")
    world.delete("o/r3")
    world.rest_script.extend([None, *[answer(403, SECONDARY)] * 4])
    probes, ending = look(world, *targets)
    assert {k: p.status for k, p in probes.items()} == {
        "o/r0": Status.OK,
        "o/r2": Status.OK,
        "o/r4": Status.OK,
        "o/r1": Status.NOT_FOUND,
    }
    assert ending is not None
    assert ending.kind == "partial"


@CASES.case
def stopped_between_batches() -> None:
    world = World()
    probes, ending = look(world, *some(world, 150), stop_after=50)
    assert len(probes) == 50
    assert ending is not None
    assert ending.kind == "partial"


# Validators and the tokenless mode


@CASES.case
def not_modified_is_alive() -> None:
    world = World()
    target = known(world.add("o/same"))
    first = one(world, target, token="")
    assert first.etag
    again = replace(target, etag=first.etag, etag_by=first.etag_by)
    probe = one(world, again, token="")
    assert (probe.status, probe.evidence["http"], probe.repository) == (Status.OK, 304, None)
    assert probe.etag == first.etag
    archived_then = replace(again, archived=True)
    assert one(world, archived_then, token="").status is Status.ARCHIVED


@CASES.case
def one_more_star_is_modified() -> None:
    world = World()
    node = world.add("o/same")
    first = one(world, known(node), token="")
    node["stargazerCount"] += 1
    again = replace(known(node), etag=first.etag, etag_by=first.etag_by)
    facts = one(world, again, token="").repository
    assert facts is not None
    assert facts.stars == node["stargazerCount"]


@CASES.case
def a_rotated_token_does_not_use_the_old_validator() -> None:
    world = World()
    node = world.add("o/same")
    world.errors[node["id"]] = ("NOT_FOUND", "confirm me")
    first = one(world, known(node))
    assert (bool(first.etag), TOKEN in first.etag_by) == (True, False)
    world.tokens = {"ghp_other"}
    again = replace(known(node), etag=first.etag, etag_by=first.etag_by)
    probe = one(world, again, token="ghp_other")
    assert (probe.evidence["via"], probe.repository is not None) == ("rest", True)
    assert probe.etag_by != first.etag_by


@CASES.case
def without_a_token_fifty_an_hour_and_honest_about_it() -> None:
    world = World()
    probes, ending = look(world, *some(world, 200), token="")
    assert len(probes) == 50
    assert list(probes) == [f"o/r{i}" for i in range(50)], "the first ones first"
    assert ending is not None
    assert (ending.kind, ending.limit) == ("partial", True)
    assert "50 of 200" in ending.reason
    assert "4 hourly runs" in ending.reason
    assert set(world.authorisations) == {""}
    assert world.calls == 0


@CASES.case
def nobody_dies_of_a_bad_month() -> None:
    """Thirty nights, each with another trouble: no repository that lives is ever called dead."""
    moods = [BAD_GATEWAY, GATEWAY_TIMEOUT, reset, cut_off, truncated, answer(200, HTML), answer(200, {"data": None})]
    moods += [answer(403, SECONDARY), answer(200, LIMITED), answer(429, HTML), answer(401, {"message": "Bad"})]
    world = World()
    targets = some(world, 60)
    states = {t.key: LinkState() for t in targets}
    for night in range(30):
        world.clock.advance(86400)
        mood = moods[night % len(moods)]
        world.script.clear()
        world.script.extend([mood] * (1 + night % 9) if night % 3 else [mood] * 300)
        probes, ending = look(world, *targets)
        if ending is None or ending.kind != "void":
            for key, probe in probes.items():
                states[key] = judge(states[key], probe).state
    assert State.DEAD not in {s.state for s in states.values()}


if __name__ == "__main__":
    report(CASES, "passed")
