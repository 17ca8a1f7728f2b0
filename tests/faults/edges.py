"""Is every edge case of GitHub and of the web provoked somewhere? `python -m tests.faults.edges` runs all and counts.

The list is the project's facts on GitHub and links, case by case; beside each stand the fault rows or tests (by
pytest's names) that provoke it.
"""

from __future__ import annotations

import sys
import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.faults import github, hostile, nightly, ssrf, token
from tests.faults.table import Cases

ROOT = Path(__file__).resolve().parents[2]
ROWS: dict[str, Cases] = {
    "github": github.CASES, "hostile": hostile.CASES, "ssrf": ssrf.CASES, "token": token.CASES,
    "nightly": nightly.CASES,
}  # fmt: skip
KEEPER, HTTP, VERDICT = (
    f"tests/{name}.py::test_" for name in ("test_keeper", "checkers/test_http_checker", "test_verdict")
)
EDGES: dict[str, tuple[str, ...]] = {
    # repositories
    "rename": ("github: rename", KEEPER + "a_rename_proven_by_the_id_is_applied_with_its_evidence"),
    "transfer": ("github: transfer and a chain of renames",),
    "chain of renames": ("github: transfer and a chain of renames",),
    "case-only change": ("github: a change of case is no move",),
    "two entries merging into one id": (
        "github: two entries merge into one id",
        KEEPER + "two_entries_that_turn_out_to_be_one_repository_become_one",
    ),
    "old name reused": (
        "github: an old name taken by another is replaced",
        "github: a renamed repository whose old name was taken is moved",
        KEEPER + "an_old_name_in_strange_hands_is_told_and_inherits_nothing",
        KEEPER + "names_that_are_passed_on_in_one_night",
    ),
    "private": ("github: private for everybody", "github: private but our token sees it"),
    "archived": ("github: archived", KEEPER + "archived_is_a_fact_and_no_death"),
    "disabled": ("github: disabled locked empty",),
    "locked": ("github: disabled locked empty",),
    "empty": ("github: disabled locked empty",),
    "no licence": ("github: no licence no release no anything",),
    "no release": ("github: no licence no release no anything",),
    "451": ("github: blocked by law", "hostile: /status/451"),
    # limits and troubles of the API
    "FORBIDDEN": ("github: forbidden to the token and open to everybody", "github: forbidden to all is unverifiable"),
    "401 mid-run": (
        "github: a token revoked in the middle",
        KEEPER + "a_token_that_is_refused_changes_nothing_and_says_so",
    ),
    "200 + RATE_LIMITED": ("github: ok 200 and rate limited", "github: secondary limit as 200"),
    "403 with Retry-After": ("github: forbidden 403 with retry after",),
    "403 without Retry-After": ("github: forbidden 403 without retry after",),
    "429": ("github: too many 429",),
    "reset in the past": ("github: a reset in the past",),
    "reset in milliseconds": ("github: a reset in milliseconds",),
    "502 HTML": ("github: bad gateway once", "github: github is down with 502"),
    "504": ("github: gateway timeout once",),
    "truncated JSON": ("github: truncated json",),
    "reset mid-body": ("github: reset in the middle of a body",),
    "data: null": ("github: data null",),
    "error without path": ("github: an error without path",),
    "101 ids": ("github: too many ids", "github: never more than fifty ids or thirty names"),
    "304": ("github: not modified is alive",),
    "+1 star": ("github: one more star is modified",),
    "rotated token": ("github: a rotated token does not use the old validator",),
    # stars
    "stars to 0 and back": (KEEPER + "a_fall_to_nothing_waits_for_a_second_night",),
    "stars -60 %": (VERDICT + "a_great_fall_waits_for_a_second_night",),
    "2^31 stars": ("github: more stars than graphql can count", "github: stars go through as they are"),
    # shapes of addresses
    **{
        f"address: {shape}": ("github: shapes of urls", "github: a deep link moves with its repository")
        for shape in (".git", "www.", "/tree/...", "/issues/3", "raw.", "fragment")
    },
    **{f"address: {shape}": ("github: shapes of urls",) for shape in ("gist", "profile", "sponsors/...")},
    "address: IDN": ("github: shapes of urls", HTTP + "names_and_paths_in_any_script"),
    "address: CJK path": ("github: shapes of urls", HTTP + "names_and_paths_in_any_script"),
    # the web
    "HEAD 405": ("hostile: /head405get200",),
    "HEAD 404 with GET 200": ("hostile: /head404get200",),
    "403": ("hostile: /status/403", "hostile: /head403get200"),
    "999": ("hostile: /status/999",),
    "redirect loop": ("hostile: /circle", "hostile: /round"),
    "11 hops": ("hostile: /hops/11", "hostile: /hops/10"),
    "redirect to /": ("hostile: /lost/deep/page",),
    "redirect to a private address": ("ssrf: redirect to 10.0.0.1", "ssrf: redirect to [::1]"),
    "hang": ("hostile: /hang", "hostile: /head-hangs"),
    "slow drip": ("hostile: /drip", "hostile: /drip-body, the whole page"),
    "1 GB body": ("hostile: /endless", "hostile: /endless, the whole page"),
    "bad gzip": ("hostile: /bad-gzip", "hostile: /bomb"),
    "expired TLS": ("hostile: tls good expired unknown and for another name",),
    "refused": ("hostile: nobody is there",),
    "NXDOMAIN": ("hostile: no such host",),
    "204": ("hostile: /status/204",),
    "soft 404": ("hostile: /soft/deep/page, the whole page",),
    # the machine
    "network off": ("nightly: the network is off", KEEPER + "the_network_is_off"),
    "kill -9 at every batch": ("nightly: a kill after every batch",),
    "two jobs at once": ("nightly: two jobs at once",),
    "clock jump": (
        "nightly: a clock days ahead changes no state",
        "nightly: a night after a clock that was wrong",
        KEEPER + "a_clock_that_jumps_in_a_round_judges_nothing",
    ),
    "disk full": ("nightly: the disk is full",),
}


class _Outcomes:
    """Pytest's outcomes, by the test's name without parameters; a skipped one has not passed."""

    def __init__(self) -> None:
        self.passed: dict[str, bool] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        name = report.nodeid.partition("[")[0]
        if report.when == "call" or not report.passed:
            self.passed[name] = self.passed.get(name, True) and report.passed


def _run_tests(names: Sequence[str]) -> dict[str, bool]:
    outcomes = _Outcomes()
    with tempfile.TemporaryDirectory() as folder:
        # What is imported already cannot be rewritten: no matter here.
        options = ["-q", "--tb=short", "-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning"]
        options += ["--basetemp", f"{folder}/pytest"]
        pytest.main([*options, f"--rootdir={ROOT}", *names], plugins=[outcomes])
    return {name: outcomes.passed.get(name, False) for name in names}


def _run_row(name: str) -> bool:
    module, _, row = name.partition(": ")
    try:
        ROWS[module][row]()
    except Exception:  # noqa: BLE001  (whatever a row raises is its result)
        traceback.print_exc()
        return False
    return True


def main() -> None:
    """The table, and `passed / N`."""
    wanted = dict.fromkeys(name for names in EDGES.values() for name in names)
    passed = _run_tests([name for name in wanted if name.startswith("tests/")])
    passed |= {name: _run_row(name) for name in wanted if not name.startswith("tests/")}
    failed = 0
    for case, names in EDGES.items():
        good = all(passed[name] for name in names)
        failed += not good
        shown = "; ".join(name.rpartition("::test_")[2] for name in names)
        sys.stdout.write(f"{'passed' if good else 'FAILED'}  {case:<32} {shown}\n")
    sys.stdout.write(f"passed {len(EDGES) - failed} / {len(EDGES)}\n")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
