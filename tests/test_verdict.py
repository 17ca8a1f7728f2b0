from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.verdict import (
    ALIVE,
    LinkState,
    StarSample,
    StarState,
    State,
    Status,
    Tally,
    gain,
    ignore,
    is_due,
    judge,
    next_due,
    tally,
    trip,
    weigh,
)
from tests.faults.months import Seen, three_months

NIGHT = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
HARD = [Status.GONE, Status.NO_SUCH_HOST, Status.NOT_FOUND]
SOFT = [
    Status.TIMEOUT,
    Status.SERVER_ERROR,
    Status.CLIENT_ERROR,
    Status.CONNECTION,
    Status.TLS,
    Status.DNS,
    Status.REDIRECTS,
]
NEUTRAL = [Status.BLOCKED, Status.UNVERIFIABLE, Status.UNSUPPORTED]
DOUBT = [Status.SOFT_404, Status.PRIVATE, Status.REFUSED]


def after(state: LinkState, *seen: tuple[Status, float]) -> LinkState:
    """The state after probes, each so many hours after NIGHT."""
    for status, hours in seen:
        state = judge(state, Seen(status, NIGHT + timedelta(hours=hours))).state
    return state


FINE = after(LinkState(), (Status.OK, -24))


def test_every_status_has_exactly_one_meaning() -> None:
    success = [Status.OK, Status.MOVED, Status.ARCHIVED]
    assert sorted([*success, *HARD, *SOFT, *NEUTRAL, *DOUBT, Status.LEGAL, Status.REPLACED]) == sorted(Status)


@pytest.mark.parametrize("status", HARD)
def test_hard_evidence_kills_on_the_third_night_after_two_days(status: Status) -> None:
    assert after(FINE, (status, 0)).state is State.SUSPECT
    assert after(FINE, (status, 0), (status, 24)).state is State.SUSPECT
    assert after(FINE, (status, 0), (status, 24), (status, 48)).state is State.DEAD


def test_three_nights_that_span_less_than_two_days_do_not_kill() -> None:
    seen = [(Status.GONE, 0.0), (Status.GONE, 24.0), (Status.GONE, 47.9)]
    assert after(FINE, *seen).state is State.SUSPECT
    assert after(FINE, *seen, (Status.GONE, 72)).state is State.DEAD


def test_many_looks_in_one_night_are_one() -> None:
    seen = [(Status.GONE, hours / 4) for hours in range(20)]
    assert after(FINE, *seen, (Status.GONE, 60)).state is State.SUSPECT


def test_two_runs_around_midnight_are_one_night() -> None:
    late = 20.9  # 23:54
    seen = [(Status.GONE, late), (Status.GONE, late + 0.2), (Status.GONE, late + 50)]
    assert after(FINE, *seen).state is State.SUSPECT


@pytest.mark.parametrize("status", SOFT)
def test_soft_evidence_needs_seven_nights_over_two_weeks(status: Status) -> None:
    six = [(status, 24.0 * n) for n in (0, 1, 2, 3, 4, 14)]
    assert after(FINE, *six).state is State.SUSPECT
    assert after(FINE, *six, (status, 24 * 15)).state is State.DEAD
    week = [(status, 24.0 * n) for n in range(13)]
    assert after(FINE, *week).state is State.SUSPECT


def test_hard_failures_count_as_soft_ones_too_but_not_the_other_way_round() -> None:
    mixed = [(Status.GONE if n in (3, 9) else Status.TIMEOUT, 24.0 * n) for n in range(15)]
    assert after(FINE, *mixed[:14]).state is State.SUSPECT
    assert after(FINE, *mixed).state is State.DEAD


@pytest.mark.parametrize("status", [Status.OK, Status.MOVED, Status.ARCHIVED])
def test_any_success_forgets_every_failure(status: Status) -> None:
    state = after(FINE, (Status.GONE, 0), (Status.GONE, 24), (status, 40))
    assert (state.failures, state.hard, state.last_ok) == (None, None, NIGHT + timedelta(hours=40))
    assert after(state, (Status.GONE, 48), (Status.GONE, 72)).state is State.SUSPECT


def test_a_success_revives_the_dead() -> None:
    dead = after(FINE, (Status.GONE, 0), (Status.GONE, 24), (Status.GONE, 48))
    judgement = judge(dead, Seen(Status.OK, NIGHT + timedelta(days=30)))
    assert judgement.transition is not None
    assert (judgement.transition.before, judgement.transition.after) == (State.DEAD, State.OK)


@pytest.mark.parametrize("status", NEUTRAL)
def test_neutral_answers_never_kill_and_never_heal(status: Status) -> None:
    assert after(FINE, *[(status, 24.0 * n) for n in range(60)]).state is State.BLOCKED
    flapping = after(FINE, (Status.GONE, 0), (status, 24), (Status.GONE, 48), (status, 72), (Status.GONE, 96))
    assert flapping.state is State.DEAD
    dead = after(FINE, (Status.GONE, 0), (Status.GONE, 24), (Status.GONE, 48))
    assert after(dead, (status, 72)).state is State.BLOCKED
    assert after(dead, (status, 72), (Status.GONE, 96)).state is State.SUSPECT


@pytest.mark.parametrize("status", DOUBT)
def test_doubt_makes_a_suspect_and_never_a_death(status: Status) -> None:
    assert after(FINE, *[(status, 24.0 * n) for n in range(60)]).state is State.SUSPECT


@pytest.mark.parametrize(("status", "state"), [(Status.LEGAL, State.LEGAL), (Status.REPLACED, State.REPLACED)])
def test_law_and_takeover_count_at_once_and_stick(status: Status, state: State) -> None:
    assert after(FINE, (status, 0)).state is state
    assert after(FINE, (status, 0), (Status.TIMEOUT, 24), (Status.BLOCKED, 48), (Status.SOFT_404, 72)).state is state
    assert after(FINE, (status, 0), (Status.OK, 24)).state is State.OK


def test_archived_is_alive() -> None:
    assert State.ARCHIVED in ALIVE
    assert after(FINE, (Status.ARCHIVED, 0)).state is State.ARCHIVED


def test_an_ignored_link_stays_ignored() -> None:
    ignored = ignore(FINE, NIGHT, "the owner asked").state
    assert after(ignored, (Status.GONE, 24)) == ignored
    assert next_due(ignored) is None
    assert not is_due(ignored, NIGHT + timedelta(days=999))


def test_dead_links_are_looked_at_weekly_then_monthly() -> None:
    dead = after(FINE, (Status.GONE, 0), (Status.GONE, 24), (Status.GONE, 48))
    nights, at = [], NIGHT + timedelta(hours=48)
    while len(nights) < 12:
        at += timedelta(days=1)
        if is_due(dead, at):
            dead = judge(dead, Seen(Status.GONE, at)).state
            nights.append(at)
    gaps = [(b - a).days for a, b in pairwise(nights)]
    assert gaps == [7, 7, 7, 7, 7, 7, 7, 30, 30, 30, 30]


def test_new_links_are_due_and_good_ones_every_night_even_a_little_early() -> None:
    assert is_due(LinkState(), NIGHT)
    assert not is_due(FINE, NIGHT - timedelta(hours=12))
    assert is_due(FINE, NIGHT - timedelta(minutes=30))


def test_a_stored_time_in_the_future_does_not_freeze_a_link() -> None:
    lost = after(LinkState(), (Status.OK, 0), (Status.GONE, 24 * 3650))
    assert is_due(lost, NIGHT + timedelta(days=1))
    found = after(lost, (Status.GONE, 24))
    assert found.probed == NIGHT + timedelta(days=1)
    assert found.hard is not None
    assert found.hard.nights == 1
    assert after(found, (Status.GONE, 48), (Status.GONE, 72)).state is State.DEAD


statuses = st.sampled_from(list(Status))
histories = st.lists(st.tuples(statuses, st.floats(min_value=0, max_value=24 * 120)), max_size=40)


@settings(deadline=None)
@given(histories)
def test_judging_a_probe_twice_changes_nothing(history: list[tuple[Status, float]]) -> None:
    state = LinkState()
    for status, hours in history:
        seen = Seen(status, NIGHT + timedelta(hours=hours))
        state = judge(state, seen).state
        again = judge(state, seen)
        assert again.state == state
        assert again.transition is None


@settings(deadline=None)
@given(histories)
def test_states_survive_columns_and_json(history: list[tuple[Status, float]]) -> None:
    state = after(LinkState(), *history)
    assert LinkState.from_plain(json.loads(json.dumps(state.to_plain()))) == state


@settings(deadline=None)
@given(histories)
def test_no_death_without_the_evidence(history: list[tuple[Status, float]]) -> None:
    """Whatever comes in whatever order: who dies has failed on three nights over two days since the last success."""
    state, failed = LinkState(), []
    for status, hours in sorted(history, key=lambda pair: pair[1]):
        before = state
        state = after(state, (status, hours))
        if state.probed == before.probed:
            continue  # a second probe of one moment is none
        if status in (Status.OK, Status.MOVED, Status.ARCHIVED):
            failed = []
        elif status in HARD + SOFT:
            failed.append(hours)
        if state.state is State.DEAD and before.state is not State.DEAD:
            assert len(failed) >= 3
            assert failed[-1] - failed[0] >= 48


def test_the_breaker_trips_on_share_and_number() -> None:
    assert trip(Tally(alive=100, failed=20)) == ""
    assert trip(Tally(alive=100, failed=21)) != ""
    assert trip(Tally(alive=19, failed=19)) == ""
    assert trip(Tally(alive=20, failed=20)) != ""
    assert trip(Tally(), canary="example.com is down") != ""
    assert trip(Tally(), clock="the clock jumped") != ""


def test_the_tally_counts_links_that_worked() -> None:
    dead = after(FINE, (Status.GONE, 0), (Status.GONE, 24), (Status.GONE, 48))
    pairs = [
        (FINE, Seen(Status.OK, NIGHT)),
        (FINE, Seen(Status.TIMEOUT, NIGHT)),
        (FINE, Seen(Status.BLOCKED, NIGHT)),
        (dead, Seen(Status.GONE, NIGHT)),
        (LinkState(), Seen(Status.GONE, NIGHT)),
    ]
    assert tally(pairs) == Tally(alive=3, failed=1)


# Stars


def stars(*counts: int, start: StarState | None = None) -> tuple[StarState, list[StarSample]]:
    """One count a night."""
    state, samples = start or StarState(), []
    for night, count in enumerate(counts):
        decision = weigh(state, count, NIGHT + timedelta(days=night))
        state = decision.state
        if decision.sample:
            if samples and decision.closed:
                samples[-1] = samples[-1]._replace(until=decision.closed)
            samples.append(decision.sample)
    return state, samples


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ((1000, 0), 1000),
        ((1000, 0, 1003), 1003),
        ((1000, 0, 0), 0),
        ((5, 0), 5),
        ((1000, 400), 1000),
        ((1000, 400, 390), 390),
        ((1000, 0, 400), 1000),
        ((1000, 0, 400, 401), 401),
        ((1000, 600), 600),
        ((150, 60), 60),
        ((100, 2**31), 2**31),
    ],
)
def test_a_great_fall_waits_for_a_second_night(counts: tuple[int, ...], shown: int) -> None:
    assert stars(*counts)[0].stars == shown


def test_a_second_look_in_the_same_night_does_not_agree() -> None:
    state, _ = stars(1000, 0)
    again = weigh(state, 0, NIGHT + timedelta(days=1, hours=1)).state
    assert again.stars == 1000
    assert weigh(again, 0, NIGHT + timedelta(days=2)).state.stars == 0


def test_samples_are_written_first_on_change_and_monthly() -> None:
    _, samples = stars(*[10] * 65)
    assert [(s.at - NIGHT).days for s in samples] == [0, 30, 60]
    _, samples = stars(10, 10, 11, 11, 12)
    assert [(s.stars, (s.at - NIGHT).days) for s in samples] == [(10, 0), (11, 2), (12, 4)]


def test_a_gain_is_unknown_until_the_window_is_full_and_after_a_silence() -> None:
    _, samples = stars(*range(100, 141))
    now = NIGHT + timedelta(days=40)
    assert gain(samples, 7, now) == 7
    assert gain(samples, 30, now) == 30
    assert gain(samples[-5:], 7, now) is None
    assert gain([], 7, now) is None
    silent = [StarSample(100, NIGHT, NIGHT), StarSample(500, NIGHT + timedelta(days=25))]
    assert gain(silent, 7, NIGHT + timedelta(days=25)) is None
    assert gain([StarSample(100, NIGHT, NIGHT + timedelta(days=8))], 7, NIGHT + timedelta(days=8)) == 0


def test_a_one_day_zero_makes_nobody_trend() -> None:
    _, samples = stars(*[1000] * 10, 0, *[1000] * 8)
    assert all(gain(samples, 7, NIGHT + timedelta(days=day)) == 0 for day in range(8, 19))


# Three months


@pytest.mark.parametrize("seed", range(3))
def test_three_months_of_nights(seed: int) -> None:
    months = three_months(seed)
    assert months.false_deaths == 0
    assert months.found == months.died == 30
    assert months.frozen == months.outages
    assert months.slowest <= 4
