"""The wiring of the links' care: real SQLite, a fake GitHub and a real web server on 127.0.0.1, nights of seconds."""

from __future__ import annotations

import json
import sqlite3
from collections import deque
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from directory import config, generation, query
from directory.cli import app
from directory.errors import CatalogueBusy, UnknownName
from directory.query import Filter, Query
from directory.service import report
from directory.service.notice import Notices
from directory.service.scope import Scope
from tests.conftest import Run
from tests.fakes.github import BAD_GATEWAY, TOKEN, World, answer
from tests.fakes.home import Nights, fill, small
from tests.fakes.web import Web


@pytest.fixture
def nights(tmp_path: Path) -> Iterator[Nights]:
    world, web = World(), Web()
    with world.serve() as api, web.serve() as server:
        yield Nights(small(tmp_path / "home", world.clock.now), api.url, server.url, world, web)


def hub(name: str) -> str:
    return f"https://github.com/{name}"


def plant(nights: Nights, *names: str) -> list[str]:
    """Repositories in the world and their resources; returns the slugs."""
    for name in names:
        nights.world.add(name)
    fill(nights.directory.settings.home, [(name.partition("/")[2], hub(name)) for name in names])
    return [name.partition("/")[2].lower() for name in names]


# ── states and histories ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_first_night_verifies_everything_and_the_next_has_nothing_new(nights: Nights) -> None:
    plant(nights, "o/a", "o/b")
    page = nights.directory.add(nights.page + "/page/1", {"name": "Page"})
    first = nights.night()
    assert (first.ending, first.looked, first.exit_code()) == ("whole", 3, 0)
    assert nights.link(page).state == "ok"
    assert nights.link(page).last_ok == nights.link(page).last_checked is not None
    second = nights.night()
    assert second.looked == 3
    assert second.changes == ()
    history = nights.directory.link_history(page)
    assert [(h.what, h.times) for h in history] == [("ok", 2), ("new -> ok", 0)], "probes that agree are one row"


def test_what_was_looked_at_just_now_is_not_due(nights: Nights) -> None:
    plant(nights, "o/a")
    nights.directory.keep(Scope("check", due=True), options=nights.setup())
    again = nights.directory.keep(Scope("check", due=True), options=nights.setup())
    assert again.links == 0
    assert nights.directory.keep(Scope("check"), options=nights.setup()).links == 1


def test_three_nights_of_not_found_are_a_death_and_a_proposal(nights: Nights) -> None:
    (slug,) = plant(nights, "o/a")
    nights.night()
    nights.world.delete("o/a")
    states = []
    for _ in range(3):
        told = nights.night()
        states.append(nights.link(slug).state)
    assert states == ["suspect", "suspect", "dead"]
    assert [line.slug for line in told.of("dead")] == [slug]
    assert told.exit_code("dead") == 1
    assert told.exit_code() == 0, "dead links do not fail the job unless it is asked to"
    (proposal,) = nights.directory.proposals()
    assert (proposal.kind, proposal.resource) == ("dead", slug)
    assert "died" in [event.action for event in nights.directory.history(slug)]
    assert nights.night().links == 0, "the dead are looked at weekly"


def test_a_dead_one_leaves_search_and_stays_reachable(nights: Nights) -> None:
    plant(nights, "o/zombie", "o/alive")
    nights.night()
    nights.world.delete("o/zombie")
    for _ in range(3):
        nights.night()
    nights.directory.index()
    search = nights.directory.search
    assert [hit.slug for hit in search(Query("", limit=9)).hits] == ["alive"]
    assert [hit.slug for hit in search(query.parse("state:dead")).hits] == ["zombie"]
    found = search(query.parse("zombie"))
    assert [hit.slug for hit in found.hits] == ["zombie"]
    assert any("zombie is dead since 2026-11-26" in note for note in found.notes)
    hit = found.hits[0]
    assert (hit.since[:10], hit.checked[:10], hit.verified[:10]) == ("2026-11-26", "2026-11-26", "2026-11-23")
    assert "not found" in hit.why


def test_a_dead_one_that_comes_back_is_revived(nights: Nights) -> None:
    page = nights.directory.add(nights.page + "/gone-for-now", {"name": "Page"})
    for _ in range(3):
        nights.night()
    assert nights.link(page).state == "dead"
    nights.web.script["/gone-for-now"] = deque([(200, {})] * 9)
    nights.world.clock.advance(7 * 86_400)
    told = nights.night()
    assert [line.slug for line in told.of("revived")] == [page]
    assert [event.action for event in nights.directory.history(page)] == ["added", "died", "revived"]


def test_a_page_that_moved_for_good_is_proposed_and_accepted(nights: Nights) -> None:
    page = nights.directory.add(nights.page + "/to/301/page/7", {"name": "Page"})
    told = nights.night()
    assert [line.to for line in told.of("moved")] == [nights.page + "/page/7"]
    (proposal,) = nights.directory.proposals()
    assert proposal.kind == "move"
    nights.directory.decide([proposal.id], accept=True)
    links = nights.directory.show(page)[0].links
    assert [(link.url, link.role) for link in links] == [
        (nights.page + "/page/7", "homepage"), (nights.page + "/to/301/page/7", "page"),
    ]  # fmt: skip


def test_one_address_of_two_resources_is_looked_at_once(nights: Nights) -> None:
    one = nights.directory.add(nights.page + "/page/1", {"name": "One"})
    two = nights.directory.add(nights.page + "/page/2", {"name": "Two"})
    for slug in (one, two):
        nights.directory.edit(slug, {}, [(nights.page + "/page/3", "docs")])
    assert nights.night().looked == 4
    assert nights.web.asked("/page/3").count("HEAD") <= 1
    assert nights.link(one, 1).state == nights.link(two, 1).state == "ok"


# ── who is who ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("old", "new"), [("geekan/MetaGPT", "FoundationAgents/MetaGPT"), ("phidatahq/phidata", "agno-agi/agno")]
)
def test_the_seed_pages_renames_are_repaired_with_both_names_kept_and_searchable(
    nights: Nights, old: str, new: str
) -> None:
    nights.world.add(old)
    nights.world.rename(old, new)
    slug = nights.directory.add(hub(old), {})
    told = nights.night()
    assert [(line.before, line.to) for line in told.of("renamed")] == [(old, new)]
    found, _ = nights.directory.show(slug)
    assert found.repository is not None
    assert found.repository.name == new
    assert [past.name for past in found.repository.past] == [old]
    assert (found.url, found.state) == (hub(new), "ok"), "the new address was seen alive with the old one"
    nights.directory.index()
    for words in (old, new, old.partition("/")[2], new.partition("/")[2], hub(old)):
        assert [hit.slug for hit in nights.directory.search(query.parse(words)).hits] == [slug], words
    assert nights.night().of("renamed") == []


def test_a_rename_proven_by_the_id_is_applied_with_its_evidence(nights: Nights) -> None:
    (slug,) = plant(nights, "o/a")
    nights.night()
    nights.world.rename("o/a", "p/b")
    nights.night()
    found, _ = nights.directory.show(slug)
    assert found.repository is not None
    assert found.repository.name == "p/b"
    assert "(id)" in found.repository.past[0].evidence
    (event,) = [e for e in nights.directory.history(slug) if e.action == "renamed"]
    assert event.actor == "nightly"


def test_two_entries_that_turn_out_to_be_one_repository_become_one(nights: Nights) -> None:
    nights.world.add("o/new")
    nights.world.names["o/old"] = nights.world.names["o/new"]
    one, two = nights.directory.add(hub("o/old"), {}), nights.directory.add(hub("o/new"), {})
    nights.night()
    assert nights.directory.show(one)[0].slug == nights.directory.show(two)[0].slug
    found = nights.directory.show(two)[0]
    assert found.repository is not None
    assert found.repository.name == "o/new"
    assert found.url == hub("o/new")
    assert found.state == "ok"
    assert nights.night().ending == "whole"


def test_names_that_are_passed_on_in_one_night(nights: Nights) -> None:
    """b/b is renamed to c/c, and a/a takes the name b/b: the ids say who is who, in whatever order they are met."""
    one, two = plant(nights, "a/a", "b/b")
    nights.night()
    nights.world.rename("b/b", "c/c")
    nights.world.rename("a/a", "b/b")
    nights.night()
    names = [nights.directory.show(slug)[0].repository.name for slug in (one, two)]  # type: ignore[union-attr]
    assert names == ["b/b", "c/c"]
    assert nights.directory.proposals() == []


def test_a_name_that_another_holds_for_good_is_left_to_a_curator(nights: Nights) -> None:
    one, two = plant(nights, "a/a", "b/b")
    nights.night()
    world = nights.world
    first, second = world.names["a/a"], world.names["b/b"]
    world.names |= {"a/a": second, "b/b": first}  # they swapped: neither can go first
    world.repositories[first]["nameWithOwner"], world.repositories[second]["nameWithOwner"] = "b/b", "a/a"
    nights.night()
    assert {p.kind for p in nights.directory.proposals()} >= {"rename"}
    names = [nights.directory.show(slug)[0].repository.name for slug in (one, two)]  # type: ignore[union-attr]
    assert names == ["a/a", "b/b"], "nothing is guessed"


def test_an_old_name_in_strange_hands_is_told_and_inherits_nothing(nights: Nights) -> None:
    (slug,) = plant(nights, "o/a")
    nights.night()
    stars = nights.directory.show(slug)[0].repository.stars  # type: ignore[union-attr]
    nights.world.delete("o/a")
    nights.world.add("o/a", stargazerCount=1)
    told = nights.night()
    assert [line.slug for line in told.of("replaced")] == [slug]
    found = nights.directory.show(slug)[0]
    assert found.state == "replaced"
    assert found.repository is not None
    assert found.repository.stars == stars
    assert nights.directory.proposals()[0].kind == "dead"


def test_a_renamed_one_whose_old_name_is_taken_lives_on_under_the_new(nights: Nights) -> None:
    (slug,) = plant(nights, "o/a")
    nights.night()
    nights.world.rename("o/a", "o/b")
    nights.world.add("o/a", stargazerCount=1)
    nights.night()
    found = nights.directory.show(slug)[0]
    assert (found.url, found.state) == (hub("o/b"), "ok")
    assert {link.url: link.state for link in found.links} == {hub("o/b"): "ok", hub("o/a"): "replaced"}
    assert nights.directory.proposals() == []


def test_an_old_name_is_asked_for_once_a_month_and_its_taking_is_noticed(nights: Nights) -> None:
    (slug,) = plant(nights, "o/a")
    nights.night()
    nights.world.rename("o/a", "o/b")
    nights.night()
    nights.world.add("o/a", stargazerCount=1)
    assert nights.night().looked == 1
    nights.world.clock.advance(30 * 86_400)
    nights.night()
    states = {link.url: link.state for link in nights.directory.show(slug)[0].links}
    assert states == {hub("o/b"): "ok", hub("o/a"): "replaced"}


def test_archived_is_a_fact_and_no_death(nights: Nights) -> None:
    (slug,) = plant(nights, "o/a")
    nights.night()
    nights.world.repositories[nights.world.names["o/a"]]["isArchived"] = True
    told = nights.night()
    assert [line.slug for line in told.of("archived")] == [slug]
    found = nights.directory.show(slug)[0]
    assert found.state == "archived"
    assert found.repository is not None
    assert found.repository.archived
    nights.directory.index()
    assert [h.archived for h in nights.directory.search(Query("", limit=3)).hits] == [True]


# ── stars ────────────────────────────────────────────────────────────────────────────────────────────────────────


def stars(nights: Nights, name: str, count: int) -> None:
    nights.world.repositories[nights.world.names[name]]["stargazerCount"] = count


def test_growth_is_unknown_until_there_was_a_count_then(nights: Nights) -> None:
    plant(nights, "o/a", "o/b")
    stars(nights, "o/b", 500)
    seen = []
    for night in range(9):
        stars(nights, "o/a", 1000 + 10 * night)
        nights.night("refresh", due=False)
        found = nights.directory.show("a")[0].repository
        assert found is not None
        seen.append(found.growth_7)
    assert seen[:5] == [None] * 5, "unknown, not 0"
    assert seen[-1] == 70
    assert found.growth_30 is None
    nights.directory.index()
    hits = nights.directory.search(Query("", sort="growth", limit=9)).hits
    assert [(h.slug, h.growth, h.growth_30) for h in hits] == [("a", 70, None), ("b", 0, None)]


def test_a_fall_to_nothing_waits_for_a_second_night(nights: Nights) -> None:
    plant(nights, "o/a")
    counts = []
    for count in (5000, 0, 5001, 0, 0):
        stars(nights, "o/a", count)
        nights.night("refresh", due=False)
        counts.append(nights.directory.show("a")[0].repository.stars)  # type: ignore[union-attr]
    assert counts == [5000, 5000, 5001, 5001, 0]


def test_samples_are_written_on_change(nights: Nights, tmp_path: Path) -> None:
    plant(nights, "o/a")
    for count in (100, 100, 100, 101, 101):
        stars(nights, "o/a", count)
        nights.night("refresh", due=False)
    with closing(sqlite3.connect(tmp_path / "home" / "catalogue.sqlite")) as database:
        rows = database.execute("SELECT day, stars, substr(until, 1, 10) FROM star_sample ORDER BY day").fetchall()
    assert rows == [("2026-11-23", 100, "2026-11-25"), ("2026-11-26", 101, None)]


def test_a_refresh_asks_once_for_each_repository(nights: Nights) -> None:
    (slug,) = plant(nights, "o/a")
    nights.directory.edit(slug, {}, [(hub("o/a") + "/wiki", "docs"), (nights.page + "/ok", "homepage")])
    assert nights.night("refresh", due=False).looked == 1
    assert nights.night("check").looked == 3


# ── bad nights ───────────────────────────────────────────────────────────────────────────────────────────────────


def states(nights: Nights) -> list[tuple[str, str | None]]:
    with nights.directory._catalogue() as catalogue:
        return [(str(row.state["state"]), row.state["probed"]) for row in catalogue.links.all()]  # type: ignore[misc]


def test_a_night_on_which_too_much_fails_judges_nothing_and_keeps_what_it_saw(nights: Nights) -> None:
    for number in range(30):
        nights.directory.add(f"{nights.page}/page/{number}", {"name": f"Page {number}"})
    nights.night()
    before = states(nights)
    for number in range(30):
        nights.web.script[f"/page/{number}"] = deque([(404, {})] * 3)
    told = nights.night()
    assert (told.ending, told.exit_code()) == ("void", 2)
    assert "failed at once" in told.ends[0].reason
    assert states(nights) == before
    assert [h.what for h in nights.directory.link_history("page-1")] == ["ok", "new -> ok", "gone"]
    assert nights.night().ending == "whole", "they are still due, and are judged the next night"


def test_the_network_is_off(nights: Nights) -> None:
    plant(nights, "o/a")
    nights.directory.add(nights.page + "/page/1", {"name": "Page"})
    nights.night()
    before = states(nights)
    told = nights.night(api="http://127.0.0.1:9", canaries=("http://127.0.0.1:9/",))
    assert (told.ending, told.looked, told.exit_code()) == ("void", 0, 2)
    assert {end.checker for end in told.ends} == {"github", "http"}
    assert states(nights) == before


def test_github_is_down_and_the_web_is_not(nights: Nights) -> None:
    plant(nights, "o/a")
    page = nights.directory.add(nights.page + "/page/1", {"name": "Page"})
    nights.world.down = BAD_GATEWAY
    told = nights.night()
    assert (told.ending, told.exit_code()) == ("partial", 2)
    assert nights.link(page).state == "ok"
    assert nights.link("a").state == "new"


def test_a_token_that_is_refused_changes_nothing_and_says_so(nights: Nights) -> None:
    plant(nights, "o/a")
    told = nights.night(token="ghp_revoked")
    assert (told.ending, told.exit_code()) == ("void", 4)
    assert "token" in told.ends[0].reason
    assert states(nights) == [("new", None)]


def test_a_limit_in_the_middle_keeps_what_was_seen_and_the_rest_comes_first_next_time(nights: Nights) -> None:
    plant(nights, *(f"o/r{n}" for n in range(70)))
    nights.world.script.extend([None, *[answer(403, {"message": "secondary rate limit"}, retry_after="1")] * 4])
    told = nights.night()
    assert (told.ending, told.looked, told.exit_code()) == ("partial", 30, 4)
    assert [state for state, _ in states(nights)] == ["new"] * 40 + ["ok"] * 30, "oldest first"
    assert nights.night(limit=40).outcomes == {"ok": 40}
    assert {state for state, _ in states(nights)} == {"ok"}


def test_without_a_token_fifty_an_hour_and_honest_about_it(nights: Nights) -> None:
    plant(nights, *(f"o/r{n}" for n in range(60)))
    told = nights.night(token="")
    assert (told.looked, told.exit_code()) == (50, 4)
    assert "2 hourly runs" in told.ends[0].reason
    nights.world.anonymous_used = 0
    assert nights.night(token="", limit=10).looked == 10
    assert {state for state, _ in states(nights)} == {"ok"}


def test_a_clock_that_jumps_in_a_round_judges_nothing(nights: Nights) -> None:
    plant(nights, *(f"o/r{n}" for n in range(40)))

    async def jump(connection: object) -> None:
        nights.world.clock.jump(90_000)
        await BAD_GATEWAY(connection)  # type: ignore[arg-type]

    nights.world.script.extend([None, jump])
    told = nights.night()
    assert (told.ending, told.exit_code()) == ("void", 2)
    assert any("clock" in end.reason for end in told.ends)
    assert {state for state, _ in states(nights)} == {"new"}


# ── interrupted, at once, dry ────────────────────────────────────────────────────────────────────────────────────


def test_a_stop_ends_after_the_batch_in_hand_and_the_next_round_goes_on(nights: Nights) -> None:
    plant(nights, *(f"o/r{n}" for n in range(70)))
    stopped = nights.directory.keep(
        Scope("check", due=True), stop=lambda: nights.world.calls >= 1, options=nights.setup()
    )
    assert (stopped.ending, stopped.looked, stopped.exit_code()) == ("partial", 30, 0)
    rest = nights.directory.keep(Scope("check", due=True), options=nights.setup())
    assert (rest.ending, rest.looked) == ("whole", 40)


def test_a_round_that_broke_off_is_taken_up_where_it_was(nights: Nights) -> None:
    plant(nights, *(f"o/r{n}" for n in range(70)))

    class Broke(Exception):
        pass

    def broken() -> bool:
        if nights.world.calls >= 2:
            raise Broke
        return False

    with pytest.raises(ExceptionGroup):
        nights.directory.keep(Scope("check"), stop=broken, options=nights.setup())
    assert {state for state, _ in states(nights)} == {"new"}, "nothing is judged before the round is over"
    asked = nights.world.calls
    rest = nights.directory.keep(Scope("check"), options=nights.setup())
    assert rest.resumed
    assert (rest.ending, rest.looked, rest.links) == ("whole", 70, 70)
    assert nights.world.calls - asked <= 2, "what has its result is not asked again"


def test_another_scope_settles_what_was_left_behind_first(nights: Nights) -> None:
    plant(nights, *(f"o/r{n}" for n in range(70)))

    def broken() -> bool:
        if nights.world.calls >= 2:
            raise ZeroDivisionError
        return False

    with pytest.raises(ExceptionGroup):
        nights.directory.keep(Scope("nightly", due=True), stop=broken, options=nights.setup())
    nights.directory.keep(Scope("check", only=("r69",)), options=nights.setup())
    assert sorted(state for state, _ in states(nights)) == ["new"] * 9 + ["ok"] * 61
    assert nights.night("nightly").outcomes == {"ok": 9}


def test_only_one_round_at_a_time(nights: Nights, tmp_path: Path) -> None:
    with generation.locked(tmp_path / "home" / "keeper"), pytest.raises(CatalogueBusy, match="another round"):
        nights.night()


def test_a_dry_run_tells_and_changes_nothing(nights: Nights) -> None:
    plant(nights, "o/a")
    nights.night()
    nights.world.rename("o/a", "o/b")
    before, sequence = states(nights), nights.directory.status().sequence
    told = nights.night(dry_run=True)
    assert [line.to for line in told.of("renamed")] == ["o/b"]
    assert told.dry_run
    assert (states(nights), nights.directory.status().sequence) == (before, sequence)


def test_what_only_means(nights: Nights) -> None:
    plant(nights, "o/a", "o/b")
    nights.directory.add(nights.page + "/page/1", {"name": "Page"})

    def look(*only: str, **more: str) -> int:
        return nights.directory.keep(Scope("check", only=only, **more), options=nights.setup()).looked  # type: ignore[arg-type]

    assert look("github") == 2
    assert look("http") == 1
    assert look("a", "page") == 2
    assert look("new") == 0
    assert look("ok") == 3
    assert look(since="2026-11-23T02:00:00Z") == 0
    with pytest.raises(UnknownName, match="nonsense"):
        look("nonsense")


# ── nightly, telling, the command line ───────────────────────────────────────────────────────────────────────────


def test_nightly_builds_the_index_and_writes_the_exports(tmp_path: Path) -> None:
    world, web, target = World(), Web(), tmp_path / "public"
    with world.serve() as api, web.serve() as server:
        directory = small(tmp_path / "home", world.clock.now, exports={"json": str(target / "all.json")})
        target.mkdir()
        nights = Nights(directory, api.url, server.url, world, web)
        plant(nights, "o/a")
        told = directory.nightly(Scope("nightly", due=True), options=nights.setup())
    assert told.exports == (f"json → {target / 'all.json'}",)
    assert '"a"' in (target / "all.json").read_text("utf-8")
    assert directory.status().index_state == "fresh"
    assert [hit.verified[:10] for hit in directory.search(Query("", limit=3)).hits] == ["2026-11-23"]


def test_the_report_in_every_form(nights: Nights, tmp_path: Path) -> None:
    nights.world.add("o/a-b")
    slug = nights.directory.add(hub("o/a-b"), {"name": "A | *B* <i>\x1b[31m"})
    nights.night()
    nights.world.delete("o/a-b")
    for _ in range(2):
        nights.night()
    told = nights.night()
    pings: list[str] = []
    notices = Notices(
        (tmp_path / "r.md", tmp_path / "r.json"), str(tmp_path / "step.md"), tmp_path / "a.prom", nights.page + "/ping"
    )
    notices.check()
    notices.tell(told, fail_on="dead", now=1.0, say=pings.append)
    assert nights.web.log[-1] == ("POST", "/ping/fail"), "asked to fail on the dead, it failed"
    assert pings, "the fake answers 404 to the ping, and that is said"
    shown = (tmp_path / "r.md").read_text("utf-8")
    assert "## Dead 失效 (1)" in shown
    assert "\\<i\\>" in shown
    assert "\x1b" not in shown
    assert (tmp_path / "step.md").read_text("utf-8") == shown
    value = json.loads((tmp_path / "r.json").read_text("utf-8"))
    assert [line["slug"] for line in value["changed"]["dead"]] == [slug]
    assert (value["ending"], value["states"]) == ("whole", {"dead": 1})
    assert 'aidir_changes{kind="dead"} 1' in (tmp_path / "a.prom").read_text("utf-8").splitlines()
    assert report.summary(replace(told, seconds=0.2)) == "check: looked at 1 of 1 links in 0 s; 1 dead"


def test_what_is_left_of_the_rate_is_told(nights: Nights) -> None:
    plant(nights, "o/a")
    assert "graphql 4999 of 5000" in nights.night().rate_left


def test_the_command_line(nights: Nights, run: Run, tmp_path: Path) -> None:
    plant(nights, "o/a")
    nights.world.date = False  # the process has the real clock
    home = tmp_path / "home"
    more = {"AIDIR_GITHUB_API": nights.api, "GITHUB_TOKEN": TOKEN, "GITHUB_STEP_SUMMARY": str(tmp_path / "step.md")}
    done = run("check", "--only", "github", "--json", home=home, **more)
    assert done.code == 0, done.err
    assert json.loads(done.out)["looked"] == 1
    assert TOKEN not in done.out + done.err
    assert "check" in (tmp_path / "step.md").read_text("utf-8")
    nights.world.delete("o/a")
    assert run("refresh", "--only", "github", "--fail-on", "errors", home=home, **more).code == 1
    assert run("check", "--only", "nobody", home=home, **more).code == 2
    assert run("check", "--only", "github", home=home, **{**more, "GITHUB_TOKEN": "ghp_wrong"}).code == 4
    off = run(
        "nightly", "--only", "github", "--limit", "1", home=home, **{**more, "AIDIR_GITHUB_API": "http://127.0.0.1:9"}
    )
    assert off.code in (0, 2), off.err
    (link,) = json.loads(run("show", "a", "--json", home=home).out)["links"]
    assert (link["state"], link["reason"]) == ("suspect", "GitHub: not found")
    assert link["since"] >= link["last_ok"]
    assert f"suspect since {link['since'][:10]}, last ok {link['last_ok'][:10]}" in run("show", "a", home=home).out


def test_what_a_person_sees_of_a_link_that_died(nights: Nights, capsys: pytest.CaptureFixture[str]) -> None:
    plant(nights, "o/gone", "o/steady", "o/rising", "o/new")
    nights.world.rename("o/new", "p/newer")
    stars(nights, "o/steady", 9000)
    for night in range(9):
        stars(nights, "o/rising", 1000 + 100 * night)
        if night == 5:
            nights.world.delete("o/gone")
        nights.night("nightly", due=False)

    def told(*arguments: str) -> str:
        app.run([*arguments, "--home", str(nights.directory.settings.home)])
        return capsys.readouterr().out

    def slugs(*arguments: str) -> list[str]:
        return [hit["slug"] for hit in json.loads(told("search", *arguments, "--json"))["hits"]]

    assert slugs("stars:>0", "--sort", "growth")[0] == "rising"
    assert slugs("stars:>0", "--sort", "stars")[:2] == ["steady", "rising"]
    assert "gone" not in slugs("stars:>0", "--limit", "9"), "the dead stand in nobody's way"
    assert slugs("stars:>0", "--state", "dead") == slugs("gone") == ["gone"], "and can be asked for"
    assert slugs("o/new") == slugs("p/newer") == slugs("newer") == ["new"], "both names are kept"
    shown = told("show", "gone")
    assert "dead since 2026-11-30, last ok 2026-11-27, looked at 2026-12-01: GitHub: not found" in shown
    assert "+700 in 7 days, unknown in 30 days" in told("show", "rising")
    seen = told("history", "gone", "--links").splitlines()
    assert [line.split("  ")[2] for line in seen] == [
        "ok", "new -> ok", "not-found", "ok -> suspect", "suspect -> dead",
    ]  # fmt: skip
    assert "until 2026-11-27" in seen[0]
    assert "5 times" in seen[0]
    assert len(json.loads(told("history", "gone", "--links", "--json"))["links"]) == 5


def test_a_token_from_a_file_and_never_shown(tmp_path: Path) -> None:
    secret = tmp_path / "token"
    secret.write_text(TOKEN + "\n")
    settings = config.load({"token_file": str(secret)}, {}, tmp_path)
    assert config.token(settings, {}) == TOKEN
    assert config.token(settings, {"GH_TOKEN": "other"}) == "other"
    assert TOKEN not in repr(settings)


def test_a_filter_and_the_state(nights: Nights) -> None:
    plant(nights, "o/a")
    nights.night()
    nights.directory.index()
    assert nights.directory.search(Query("", filters=(Filter("state", "=", "ok"),), limit=3)).total == 1
    assert nights.directory.search(Query("", filters=(Filter("state", "=", "suspect"),), limit=3)).total == 0
