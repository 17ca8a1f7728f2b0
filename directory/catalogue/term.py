"""How is the taxonomy stored and read?"""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import delete
from sqlmodel import Session, col, select

from directory import text
from directory.models import Event, Label, ResourceTerm, Term, TermEdge

TermRow = dict[str, object]
"""A term in the plain form of seeds/taxonomy.yaml (see `directory.taxonomy.parse`)."""


class Terms:
    """The terms, in plain form: `directory.taxonomy` gives them their behaviour."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def plain(self) -> list[TermRow]:
        """Every live term in order, in four queries."""
        session = self._session
        live = select(Term).where(Term.merged_into == "").order_by(col(Term.position), col(Term.slug))
        terms = session.exec(live).all()
        slugs = {t.id: t.slug for t in terms}
        labels: defaultdict[int, list[Label]] = defaultdict(list)
        for label in session.exec(select(Label).order_by(col(Label.position))):
            labels[label.term_id].append(label)
        edges: defaultdict[int, list[TermEdge]] = defaultdict(list)
        for edge in session.exec(select(TermEdge).order_by(col(TermEdge.position))):
            edges[edge.term_id].append(edge)
        rows = []
        for term in terms:
            assert term.id is not None
            rows.append(_row(term.slug, labels[term.id], edges[term.id], slugs))
        return rows

    def ids(self) -> dict[str, int]:
        """The database id of every live term, by slug."""
        found = self._session.exec(select(Term.slug, Term.id).where(Term.merged_into == "")).all()
        return {slug: number for slug, number in found if number is not None}

    def merged(self) -> dict[str, str]:
        """The terms that were merged away: old slug -> the slug that took its place."""
        return dict(self._session.exec(select(Term.slug, Term.merged_into).where(Term.merged_into != "")).all())

    def put(self, row: TermRow, *, at: str, actor: str) -> bool:
        """Create a term or bring it to the given form; edges to terms that do not exist yet are left out.

        Args:
            row: the term in plain form.
            at: the time of the change.
            actor: who makes it.

        Returns:
            Whether anything changed.
        """
        session = self._session
        term = session.exec(select(Term).where(Term.slug == row["slug"])).one_or_none()
        action = "term changed"
        if term is None:
            last = session.exec(select(Term.position).order_by(col(Term.position).desc())).first()
            term = Term(slug=str(row["slug"]), position=0 if last is None else last + 1)
            session.add(term)
            session.flush()
            action = "term added"
        assert term.id is not None
        changed = self._put_labels(term.id, row) | self._put_edges(term.id, row)
        if changed or action == "term added":
            session.add(Event(at=at, actor=actor, action=action, term_id=term.id, detail=dict(row)))
        return changed or action == "term added"

    def put_seed(self, row: TermRow, *, at: str) -> bool:
        """Bring a term to the seeds' form; where a curator has been at work, only labels and edges are added."""
        mine = select(Event.id).join(Term, col(Term.id) == Event.term_id).where(Term.slug == row["slug"])
        if row["slug"] in self.merged():
            return False
        if self._session.exec(mine.where(Event.actor != "seeds")).first() is not None:
            present = next(r for r in self.plain() if r["slug"] == row["slug"])
            row = _joined(present, row)
        return self.put(row, at=at, actor="seeds")

    def seeds_digest(self) -> str:
        """The digest of the seeds that were filed last; empty when none were."""
        chosen = select(Event.detail).where(Event.action == "seeds filed").order_by(col(Event.id).desc())
        found = self._session.exec(chosen).first()
        return str(found["digest"]) if found else ""

    def note_seeds(self, digest: str, *, at: str) -> None:
        """Remember which seeds were filed."""
        self._session.add(Event(at=at, actor="seeds", action="seeds filed", detail={"digest": digest}))

    def _put_labels(self, term_id: int, row: TermRow) -> bool:
        wanted = _labels(row)
        found = self._session.exec(select(Label).where(Label.term_id == term_id).order_by(col(Label.position))).all()
        if [(n.text, n.language, n.kind) for n in found] == wanted:
            return False
        self._session.exec(delete(Label).where(col(Label.term_id) == term_id))
        for position, (label, language, kind) in enumerate(wanted):
            self._session.add(
                Label(
                    term_id=term_id,
                    text=label,
                    folded=text.squash(label),
                    language=language,
                    kind=kind,
                    position=position,
                )
            )
        self._session.flush()
        return True

    def _put_edges(self, term_id: int, row: TermRow) -> bool:
        ids = self.ids()
        wanted = [(kind, ids[slug]) for kind in ("broader", "related") for slug in _list(row.get(kind)) if slug in ids]
        ordered = select(TermEdge).where(TermEdge.term_id == term_id).order_by(col(TermEdge.position))
        found = self._session.exec(ordered).all()
        if [(e.kind, e.other_id) for e in found] == wanted:
            return False
        self._session.exec(delete(TermEdge).where(col(TermEdge.term_id) == term_id))
        for position, (kind, other) in enumerate(wanted):
            self._session.add(TermEdge(term_id=term_id, other_id=other, kind=kind, position=position))
        self._session.flush()
        return True

    def merge(self, slug: str, into: str, *, at: str, actor: str) -> int:
        """Make one term a part of another: its labels become alternative labels, its resources are re-filed.

        Returns:
            How many resources were re-filed.
        """
        session = self._session
        ids = self.ids()
        old, new = ids[slug], ids[into]
        taken = {n.folded for n in session.exec(select(Label).where(Label.term_id == new))}
        position = len(taken)
        for label in session.exec(select(Label).where(Label.term_id == old)).all():
            if label.folded in taken:
                session.delete(label)
            else:
                taken.add(label.folded)
                label.term_id, label.position = new, position
                label.kind = "alt" if label.kind == "pref" else label.kind
                position += 1
                session.add(label)
        session.flush()
        moved = 0
        for filed in session.exec(select(ResourceTerm).where(ResourceTerm.term_id == old)).all():
            other = session.get(ResourceTerm, (filed.resource_id, new))
            if other is None:
                session.add(ResourceTerm(resource_id=filed.resource_id, term_id=new, position=filed.position))
            else:
                other.position = min(other.position, filed.position)
                session.add(other)
            session.delete(filed)
            moved += 1
        self._move_edges(old, new)
        term = session.exec(select(Term).where(Term.slug == slug)).one()
        term.merged_into = into
        session.add(term)
        session.add(Event(at=at, actor=actor, action="term merged", term_id=old, detail={"into": into, "moved": moved}))
        session.flush()
        return moved

    def _move_edges(self, old: int, new: int) -> None:
        session = self._session
        for edge in session.exec(select(TermEdge)).all():
            if old not in (edge.term_id, edge.other_id):
                continue
            session.delete(edge)
            start = new if edge.term_id == old else edge.term_id
            end = new if edge.other_id == old else edge.other_id
            if start != end and session.get(TermEdge, (start, end, edge.kind)) is None and edge.term_id != old:
                session.add(TermEdge(term_id=start, other_id=end, kind=edge.kind, position=edge.position))
        session.flush()


def _list(value: object) -> list[str]:
    return [str(v) for v in value] if isinstance(value, list) else []


def _labels(row: TermRow) -> list[tuple[str, str, str]]:
    labels = [(str(row[language]), language, "pref") for language in ("zh", "en") if row.get(language)]
    alternatives = row.get("alt")
    if isinstance(alternatives, dict):
        labels += [(n, str(language), "alt") for language, names in alternatives.items() for n in _list(names)]
    labels += [(n, "zh" if text.has_han(n) else "en", "hidden") for n in _list(row.get("hidden"))]
    return list(dict.fromkeys(labels))


def _joined(present: TermRow, seed: TermRow) -> TermRow:
    """A curator's term plus the labels and edges that only the seeds have."""
    joined = dict(present)
    taken = {text.squash(label) for label, _, _ in _labels(present)}
    ours, theirs = present.get("alt"), seed.get("alt")
    alternatives = {k: list(v) for k, v in ours.items()} if isinstance(ours, dict) else {}
    for language, names in theirs.items() if isinstance(theirs, dict) else ():
        alternatives.setdefault(language, []).extend(n for n in _list(names) if text.squash(n) not in taken)
    if alternatives:
        joined["alt"] = alternatives
    for key in ("hidden", "broader", "related"):
        values = list(dict.fromkeys((*_list(present.get(key)), *_list(seed.get(key)))))
        if values:
            joined[key] = values
    return joined


def _row(slug: str, labels: list[Label], edges: list[TermEdge], slugs: dict[int | None, str]) -> TermRow:
    row: TermRow = {"slug": slug}
    alternatives: dict[str, list[str]] = {}
    hidden: list[str] = []
    for label in labels:
        if label.kind == "pref":
            row[label.language] = label.text
        elif label.kind == "alt":
            alternatives.setdefault(label.language, []).append(label.text)
        else:
            hidden.append(label.text)
    if alternatives:
        row["alt"] = alternatives
    if hidden:
        row["hidden"] = hidden
    for kind in ("broader", "related"):
        others = [slugs[e.other_id] for e in edges if e.kind == kind and e.other_id in slugs]
        if others:
            row[kind] = others
    return row
