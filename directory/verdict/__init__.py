"""What does a link's history say about it? Pure policy: no clock, no I/O.

    state     what is kept of a link's history, and what a probe can see
    link      one link: its stored state + a new probe -> its next state, and when to look again
    breaker   one run: did so much fail that the fault must be ours?
    stars     one repository: is a new star count believable, and what was gained?

Source of every number: the project's facts on GitHub and links; each constant repeats its reason.
"""

from directory.verdict.breaker import Tally, tally, trip
from directory.verdict.link import ALIVE, Judgement, Seen, Transition, ignore, is_due, judge, next_due
from directory.verdict.stars import StarDecision, StarSample, StarState, gain, weigh
from directory.verdict.state import LinkState, State, Status, Streak

__all__ = [
    "ALIVE",
    "Judgement",
    "LinkState",
    "Seen",
    "StarDecision",
    "StarSample",
    "StarState",
    "State",
    "Status",
    "Streak",
    "Tally",
    "Transition",
    "gain",
    "ignore",
    "is_due",
    "judge",
    "next_due",
    "tally",
    "trip",
    "weigh",
]
