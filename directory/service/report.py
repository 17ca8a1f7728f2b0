"""What changed in a round, and how does one tell it: to a person, to a program, to the shell? Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from directory import text
from directory.verdict import ALIVE
from directory.verdict.link import FAILURES

FailOn = Literal["dead", "errors"]
_LISTED = 100
"""Lines of one section of the Markdown report; the JSON has all."""
_DEAD = ("dead", "replaced")
_TITLES = {
    "dead": "Dead 失效",
    "replaced": "Taken over by another 被占用",
    "legal": "Blocked by law 依法屏蔽",
    "revived": "Revived 恢复",
    "renamed": "Renamed 改名",
    "moved": "Moved 迁移",
    "archived": "Archived 归档",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A link that changed: whose it is, from which state to which, why, and where it leads now."""

    slug: str
    name: str
    url: str
    before: str
    after: str
    why: str
    to: str = ""


@dataclass(frozen=True, slots=True)
class Gain:
    """A resource that gained stars in the last days; None = unknown."""

    slug: str
    name: str
    stars: int
    growth_7: int
    growth_30: int | None


@dataclass(frozen=True, slots=True)
class End:
    """Why a checker did not see everything, or nothing it saw counts (`void`); `limit`: a token or rate limit."""

    checker: str
    kind: str
    reason: str
    hint: str = ""
    limit: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """A round and what it changed.

    Counted are: `statuses`, what was seen; `outcomes`, the states of the links looked at; `states`, those of all links.
    """

    job: str
    started_at: str
    finished_at: str
    seconds: float
    ending: str
    """whole, partial (the rest comes next time) or void (nothing seen counts)."""
    links: int
    looked: int
    statuses: Mapping[str, int]
    outcomes: Mapping[str, int]
    states: Mapping[str, int]
    changes: tuple[Line, ...] = ()
    gainers: tuple[Gain, ...] = ()
    ends: tuple[End, ...] = ()
    rate_left: str = ""
    resumed: bool = False
    stopped: bool = False
    dry_run: bool = False
    exports: tuple[str, ...] = ()

    def of(self, kind: str) -> list[Line]:
        """The changes of one kind: dead, replaced, legal, revived, renamed, moved or archived."""
        return [line for line in self.changes if _kind(line) == kind]

    def exit_code(self, fail_on: FailOn | None = None) -> int:
        """0 fine; 1 what `fail_on` names was seen; 2 the network, GitHub or the clock; 4 a token or rate limit."""
        broken = [e for e in self.ends if not e.limit and (e.kind == "void" or not self.stopped)]
        if broken:
            return 2
        if any(end.limit for end in self.ends):
            return 4
        is_dead = any(self.outcomes.get(state) for state in _DEAD)
        has_failed = any(self.statuses.get(status) for status in FAILURES)
        return int((fail_on is not None and is_dead) or (fail_on == "errors" and has_failed))


def _kind(line: Line) -> str:
    is_revived = line.after in ALIVE and line.before in ("dead", "legal", "replaced")
    return "revived" if is_revived else line.after


def plain(found: Report) -> dict[str, Any]:
    """The report for programs: every change under its kind."""
    value = asdict(found)
    del value["changes"]
    value["changed"] = {kind: [asdict(line) for line in found.of(kind)] for kind in _TITLES}
    return value


def summary(found: Report) -> str:
    """The report in one line."""
    changed = [f"{len(found.of(kind))} {kind}" for kind in _TITLES if found.of(kind)]
    told = ", ".join(changed) or "nothing changed"
    word = {"whole": "", "partial": " (partial)", "void": " (void: no state was changed)"}[found.ending]
    return f"{found.job}{word}: looked at {found.looked} of {found.links} links in {_duration(found.seconds)}; {told}"


def lines(found: Report) -> list[str]:
    """The changes for a person or a pipe: kind, slug, address, why; tab-separated."""
    return [
        "\t".join(text.clean(part) for part in (kind, line.slug, line.url, line.to or line.why))
        for kind in _TITLES
        for line in found.of(kind)
    ]


def markdown(found: Report) -> str:
    """The report for a page: a summary, a section for each kind of change, the gainers."""
    out = [f"# aidir {found.job}: {found.ending}", "", summary(found) + ".", ""]
    if found.dry_run:
        out += ["This was a dry run: nothing was written.", ""]
    out += [f"- **{end.checker}**: {_escape(end.reason)}" + (f" ({_escape(end.hint)})" if end.hint else "")
            for end in found.ends]  # fmt: skip
    facts = {
        "Began": found.started_at,
        "Ended": found.finished_at,
        "Seen": ", ".join(f"{n} {status}" for status, n in found.statuses.items()),
        "All links now": ", ".join(f"{n} {state}" for state, n in found.states.items()),
        "Rate left": found.rate_left,
        "Exported": ", ".join(found.exports),
    }
    out += [f"- {name}: {_escape(value)}" for name, value in facts.items() if value]
    for kind, title in _TITLES.items():
        listed = found.of(kind)
        if listed:
            out += ["", f"## {title} ({len(listed)})", ""]
            out += [f"- **{_escape(n.name)}** `{_code(n.url)}`" + _tail(n) for n in listed[:_LISTED]]
            if len(listed) > _LISTED:
                out.append(f"- and {len(listed) - _LISTED} more")
    if found.gainers:
        out += ["", "## Most stars gained 星标增长", "", "| resource | stars | 7 days | 30 days |", "|---|--:|--:|--:|"]
        for g in found.gainers:
            month = "unknown" if g.growth_30 is None else f"{g.growth_30:+,}"
            out.append(f"| {_escape(g.name)} | {g.stars:,} | {g.growth_7:+,} | {month} |")
    return "\n".join(out) + "\n"


def prometheus(found: Report, now: float) -> str:
    """The report as metrics for node_exporter's textfile collector.

    Args:
        found: the report.
        now: seconds since the epoch.
    """
    values: list[tuple[str, str, float]] = [
        ("aidir_run_timestamp_seconds", "", now),
        ("aidir_run_duration_seconds", "", found.seconds),
        ("aidir_run_complete", "", float(found.ending == "whole")),
        ("aidir_run_links", "", found.links),
        ("aidir_run_looked", "", found.looked),
        *(("aidir_links", f'{{state="{state}"}}', n) for state, n in found.states.items()),
        *(("aidir_changes", f'{{kind="{kind}"}}', len(found.of(kind))) for kind in _TITLES),
    ]
    helps = {
        "aidir_run_timestamp_seconds": "When the last round ended.",
        "aidir_run_duration_seconds": "How long it worked.",
        "aidir_run_complete": "Whether it saw every link it had to.",
        "aidir_run_links": "Links it had to look at.",
        "aidir_run_looked": "Links it looked at.",
        "aidir_links": "Links by state.",
        "aidir_changes": "Links that changed in the last round, by kind.",
    }
    out = []
    for name, told in helps.items():
        out += [f"# HELP {name} {told}", f"# TYPE {name} gauge"]
        out += [f"{name}{labels} {value:g}" if abs(value) < 1e6 else f"{name}{labels} {value:.0f}"
                for n, labels, value in values if n == name]  # fmt: skip
    return "\n".join(out) + "\n"


def _tail(line: Line) -> str:
    where = f" → `{_code(line.to)}`" if line.to else ""
    return where + (f": {_escape(line.why)}" if line.why and not line.to else "")


def _code(raw: str) -> str:
    return text.clean(raw).replace("`", "%60").replace("\n", " ")


def _escape(raw: str) -> str:
    shown = text.clean(raw).replace("\n", " ")
    for character in "\\`*_[]<>|":
        shown = shown.replace(character, "\\" + character)
    return shown


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
