"""Does this repository still exist, what is it called now, and how many stars has it?

Everything is asked of GitHub's API, never of its pages: by node id, 50 at once; by name, 30 at once, where no id is
known yet. What GraphQL does not find is confirmed by REST before it counts. Without a token only REST is open, 60
requests an hour. A deep link (`/tree/...`, `/issues/3`) is checked through its repository.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Sequence

from directory import repo
from directory.checkers import Ending, Options, Probe, Repository, Status, Stop, Target
from directory.checkers._confirm import Confirmer, alive, failed, known_name
from directory.checkers._github_api import Api, Halt, Trouble
from directory.checkers._graphql import ALIVE, BY_ID, Missing, by_name, name_variables, split
from directory.checkers._token import Token

SUMMARY = "GitHub repositories, through GitHub's API"
ORDER = 10

_BY_ID, _BY_NAME, _BY_REST = 50, 30, 10  # links in one batch; GitHub takes at most 100 ids
_RETRY = 5.0
_TOKENLESS_AN_HOUR = 50

Answers = dict[int, Repository | Missing | str]
"""What GitHub said of each link of a batch, by its place there; a string says why it said nothing."""


def claims(url: str) -> bool:
    """Every URL that leads into a repository."""
    return repo.parse(url) is not None


def checker(options: Options) -> GitHub:
    """Set it up.

    Raises:
        ConfigError: the token or the API's address cannot be right.
    """
    return GitHub(options)


class GitHub:
    """The checker; one run at a time."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self.left = ""
        Token(options.token, options.api)  # says now what is wrong with them

    async def ready(self, stop: Stop) -> Ending | None:
        """Ask GitHub for our limits, free of charge: proves the network, the token and the clock."""
        async with Api(self._options, stop) as api:
            try:
                await api.ready()
            except Halt as halt:
                return halt.ending
        return None

    async def check(self, targets: Sequence[Target], stop: Stop) -> AsyncGenerator[tuple[Probe, ...] | Ending, None]:
        """See `Checker.check`. Probes of one batch are one call's, with the confirmations it needed."""
        async with Api(self._options, stop) as api:
            round_ = _Round(api)
            seen = 0
            for batch in _batches(targets, api.has_token):
                probes: list[Probe] = []
                try:
                    async for probe in round_.look(batch):
                        probes.append(probe)  # noqa: PERF401  (a Halt must lose none)
                except Halt as halt:
                    self.left = api.left
                    if probes:
                        yield tuple(probes)
                    yield _honest(halt.ending, api, seen + len(probes), len(targets))
                    return
                seen += len(probes)
                self.left = api.left
                yield tuple(probes)


def _honest(ending: Ending, api: Api, seen: int, total: int) -> Ending:
    """A run without a token says how long a full round takes at this rate."""
    if api.has_token or ending.kind == "void" or not ending.limit:
        return ending
    hours = -(-total // _TOKENLESS_AN_HOUR)
    told = f"{ending.reason}; looked at {seen} of {total} links. Without a token a full round takes {hours} hourly runs"
    return Ending(ending.kind, told, ending.hint, ending.limit)


def _batches(targets: Sequence[Target], has_token: bool) -> list[list[Target]]:
    """Links that one call answers, in the order of their first (the oldest) link; copies of one repository together."""
    if not has_token:
        return [list(targets[i : i + _BY_REST]) for i in range(0, len(targets), _BY_REST)]
    batches: list[list[Target]] = []
    filling: dict[bool, tuple[list[Target], set[str]]] = {}
    for target in targets:
        by_id = bool(target.node_id)
        batch, members = filling.setdefault(by_id, ([], set()))
        identity = _identity(target)
        if identity not in members and len(members) >= (_BY_ID if by_id else _BY_NAME):
            batch, members = filling[by_id] = ([], set())
        if not batch:
            batches.append(batch)
        batch.append(target)
        members.add(identity)
    return batches


def _identity(target: Target) -> str:
    return target.node_id or known_name(target).key


class _Round:
    """One run: asks for batches, halves those that GitHub cannot answer, confirms what is missing."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._confirmer = Confirmer(api)

    async def look(self, batch: Sequence[Target]) -> AsyncIterator[Probe]:
        """Look at a batch; probes come as they are made, so that a `Halt` loses none."""
        if not self._api.has_token:
            for target in batch:
                yield await self._confirmer.confirm(target)
            return
        unique = list({_identity(t): t for t in reversed(batch)}.values())[::-1]
        place = {_identity(t): i for i, t in enumerate(unique)}
        answers = await self._ask(unique)
        unconfirmed: list[tuple[Target, Repository | Missing]] = []
        for target in batch:
            answer = answers[place[_identity(target)]]
            if isinstance(answer, Repository) and not _renamed(target, answer):
                yield alive(target, answer, self._api.clock.now(), "graphql")
            elif isinstance(answer, str):
                yield failed(target, Status.SERVER_ERROR, self._api.clock.now(), answer, "graphql")
            else:
                unconfirmed.append((target, answer))
        for target, found in unconfirmed:
            yield await self._confirmer.explain(target, found)

    async def _ask(self, targets: Sequence[Target], *, healthy: bool = False) -> Answers:
        """Ask once, once more after five seconds, then in halves.

        Args:
            targets: distinct repositories, all by id or all by name.
            healthy: GitHub is known to answer small questions; nothing need be asked to find out.
        """
        why = ""
        for attempt in range(2):
            if attempt:
                await self._api.pause(_RETRY)
            try:
                answers = await self._call(targets)
            except Trouble as trouble:
                why = str(trouble)
                continue
            self._api.recovered()
            silent = [i for i, answer in answers.items() if isinstance(answer, str)]
            if silent and len(silent) < len(targets):
                again = await self._ask([targets[i] for i in silent], healthy=True)
                answers.update({place: again[i] for i, place in enumerate(silent)})
            if not silent or len(silent) < len(targets):
                return answers
            why = str(answers[silent[0]])
        if not healthy and await self._wait_for_github(why):
            return await self._ask(targets)
        if len(targets) == 1:
            return {0: why}
        middle = len(targets) // 2
        first = await self._ask(targets[:middle], healthy=True)
        second = await self._ask(targets[middle:], healthy=True)
        return {**first, **{middle + i: answer for i, answer in second.items()}}

    async def _call(self, targets: Sequence[Target]) -> Answers:
        if targets[0].node_id:
            body = await self._api.graphql(BY_ID, {"ids": [t.node_id for t in targets]})
        else:
            names = [known_name(t) for t in targets]
            body = await self._api.graphql(by_name(len(names)), name_variables(names))
        told = "; ".join(str(e.get("message")) for e in body.get("errors") or () if not e.get("path"))
        rows = split(body, len(targets))
        return {i: told or "GitHub left it out" if row is None else row for i, row in enumerate(rows)}

    async def _wait_for_github(self, why: str) -> bool:
        """Whether GitHub was down: waits until it answers the smallest question.

        Raises:
            Halt: it does not come back.
        """
        waited = False
        while True:
            try:
                await self._api.graphql(ALIVE, {})
            except Trouble:
                await self._api.back_off(why)
                waited = True
            else:
                return waited


def _renamed(target: Target, found: Repository) -> bool:
    return found.name.lower() != known_name(target).key
