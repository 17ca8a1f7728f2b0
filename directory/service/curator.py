"""How does a curator change the catalogue: import, add, edit, file under terms, merge, review, lint, back up?"""

from __future__ import annotations

import getpass
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from directory import generation, repo, text, url
from directory.errors import CatalogueError, InputError, UnknownName
from directory.service.home import Home

if TYPE_CHECKING:
    from directory.catalogue import Catalogue
    from directory.catalogue.record import ProposalRecord, ResourceRecord
    from directory.curation.filing import Report
    from directory.curation.lint import Finding
    from directory.taxonomy import Taxonomy

MAX_FILE = 32_000_000
"""Bytes of one file that is imported."""

EDITABLE = ("name", "names", "kind", "summary_zh", "summary_en", "terms", "pricing", "licence")


class _DryRunDone(Exception):
    """Rolls a dry run back."""


class Curator(Home):
    """What a curator does. Everything is written in one transaction and noted in the history."""

    # ── pouring lists in ─────────────────────────────────────────────────────────────────────────────────────────

    def import_file(self, importer: str, path: Path, *, dry_run: bool = False, propose: bool = False) -> Report:
        """Read a file or folder with an importer and file what it holds.

        Args:
            importer: the importer's name.
            path: a file, or a folder whose files fit the importer's patterns.
            dry_run: report what would happen and change nothing.
            propose: file new resources as proposals instead of adding them.

        Raises:
            UnknownName: there is no such importer.
            UnreadableFile: the file is missing, binary, too large, or not of the importer's form.
        """
        from directory.curation import sources
        from directory.curation.filing import Filing

        plugin = sources.importer(importer)
        source = sources.read(path, plugin.FILES, limit=MAX_FILE)
        terms = self._current_terms()
        reading = plugin.read(source, terms)
        try:
            with self._writing() as catalogue:
                filing = Filing(catalogue, terms, origin="import", source=source.name, at=self._now(), propose=propose)
                with self._talk.progress("filing entries", len(reading.entries)) as tick:
                    report = filing.file(reading, tick)
                if dry_run:
                    report.dry_run = True
                    raise _DryRunDone
        except _DryRunDone:
            pass
        return report

    def _current_terms(self) -> Taxonomy:
        from directory import taxonomy

        self._ensure_catalogue()
        with self._catalogue() as catalogue:
            return taxonomy.parse(catalogue.terms.plain(), "the catalogue's terms")

    # ── one resource ─────────────────────────────────────────────────────────────────────────────────────────────

    def add(self, address: str, values: Mapping[str, Any]) -> str:
        """Add a resource by its address.

        Args:
            address: its page or repository.
            values: fields as in `EDITABLE`; the name comes from the repository or host where it is missing.

        Returns:
            Its slug.

        Raises:
            InputError: the address is none, or stands for a resource that is there already.
        """
        from directory.catalogue.record import Draft

        tidied = url.tidy(address)
        if tidied is None:
            raise InputError(f"'{text.clip(address, 80)}' is no address", "give a full https:// address")
        name = repo.parse(tidied)
        links: tuple[tuple[str, str], ...] = ((name.url, "repository"),) if name else ((tidied, "homepage"),)
        if name is not None and url.canonical(name.url) != url.canonical(tidied):
            links = (*links, (tidied, "page"))
        self._ensure_catalogue()
        with self._writing() as catalogue:
            known = catalogue.resources.identities.find(links)
            if known is not None:
                slug = catalogue.resources.by_id(known).slug
                raise InputError(f"{tidied} is in the catalogue already", f"aidir show {slug}; aidir edit {slug}")
            fields = self._checked(catalogue, values)
            shown = str(fields.pop("name", "") or (name.name if name else url.canonical(tidied).partition("/")[0]))
            draft = Draft(name=shown, links=links, **fields)
            number = catalogue.resources.add(draft, origin="curator", source=self._who(), at=self._now())
            return catalogue.resources.by_id(number).slug

    def editable(self, slug: str) -> dict[str, Any]:
        """The fields of a resource that can be edited, with their present values."""
        from directory.curation import plain

        self._ensure_catalogue()
        with self._catalogue() as catalogue:
            values = plain.row(self._one(catalogue, slug))
        return {field: values.get(field, [] if field in ("names", "terms") else "") for field in EDITABLE}

    def edit(self, slug: str, values: Mapping[str, Any], links: Iterable[tuple[str, str]] = ()) -> list[str]:
        """Set fields of a resource; they are a curator's word from now on.

        Args:
            slug: which one.
            values: new values of fields in `EDITABLE`.
            links: addresses to add, with their roles.

        Returns:
            The fields that have another value now.
        """
        self._ensure_catalogue()
        with self._writing() as catalogue:
            found = self._one(catalogue, slug)
            changed = [
                field
                for field, value in self._checked(catalogue, values).items()
                if catalogue.resources.set_field(
                    found.id, field, value, origin="curator", source=self._who(), at=self._now()
                )
            ]
            tidied = [(t, role) for address, role in links if (t := url.tidy(address)) is not None]
            if tidied and catalogue.resources.add_links(found.id, tidied):
                changed.append("links")
            return changed

    def _checked(self, catalogue: Catalogue, values: Mapping[str, Any]) -> dict[str, Any]:
        """Values a field can have, cleaned.

        Raises:
            InputError: an unknown field, kind, pricing or term.
        """
        from directory.models import KINDS, PRICINGS

        fields: dict[str, Any] = {}
        for field, value in values.items():
            if field not in EDITABLE:
                raise InputError(f"'{field}' cannot be edited", "fields: " + ", ".join(EDITABLE))
            for name, known in (("kind", KINDS), ("pricing", PRICINGS)):
                if field == name and value and value not in known:
                    raise InputError(f"{field} cannot be '{value}'", f"{field}: " + ", ".join(known))
            if field in ("names", "terms"):
                if not isinstance(value, list | tuple):
                    raise InputError(f"'{field}' is a list")
                fields[field] = tuple(dict.fromkeys(text.clean(str(v)) for v in value))
            elif not isinstance(value, str):
                raise InputError(f"'{field}' is a text")
            else:
                fields[field] = text.clean(value)
        if fields.get("name") == "":
            raise InputError("a resource needs a name")
        if "terms" in fields:
            fields["terms"] = self._slugs(catalogue, fields["terms"])
        return fields

    def _slugs(self, catalogue: Catalogue, labels: Sequence[str]) -> tuple[str, ...]:
        from directory import taxonomy

        terms = taxonomy.parse(catalogue.terms.plain(), "the catalogue's terms")
        slugs = []
        for label in labels:
            term = terms.resolve(label)
            if term is None:
                raise UnknownName(f"no category is called '{label}'", "they are listed by: aidir terms")
            slugs.append(term.slug)
        return tuple(dict.fromkeys(slugs))

    def _one(self, catalogue: Catalogue, slug: str) -> ResourceRecord:
        found = catalogue.resources.get(slug)
        if found is None:
            name = repo.parse_name(slug) or repo.parse(slug)
            number = catalogue.resources.identities.find(((name.url, "repository"),)) if name else None
            if number is None:
                raise UnknownName(f"nothing in the catalogue has the slug '{slug}'", f"aidir search {slug}")
            return catalogue.resources.by_id(number)
        return found

    def tag(self, slug: str, add: Sequence[str], remove: Sequence[str], home: str | None) -> tuple[str, ...]:
        """File a resource under more terms, fewer, or another home category; returns all its terms."""
        self._ensure_catalogue()
        with self._writing() as catalogue:
            found = self._one(catalogue, slug)
            removed = self._slugs(catalogue, remove)
            terms = [t for t in (*found.terms, *self._slugs(catalogue, add)) if t not in removed]
            if home is not None:
                terms = [*self._slugs(catalogue, [home]), *terms]
            wanted = tuple(dict.fromkeys(terms))
            catalogue.resources.set_field(
                found.id, "terms", wanted, origin="curator", source=self._who(), at=self._now()
            )
            return wanted

    def merge(self, slug: str, into: str) -> None:
        """Make one resource a part of another; its slug and names keep leading there."""
        self._ensure_catalogue()
        with self._writing() as catalogue:
            loser, winner = self._one(catalogue, slug), self._one(catalogue, into)
            if loser.id == winner.id:
                raise InputError(f"'{slug}' and '{into}' are one resource already")
            catalogue.ledger.merge(loser.id, winner.id, at=self._now(), actor=self._who(), evidence="merged by hand")

    def rename(self, pairs: Iterable[tuple[str, str]], *, evidence: str) -> dict[str, int]:
        """Note that repositories have other names now; entries of both names become one.

        Args:
            pairs: old and new owner/name.
            evidence: what shows it.

        Returns:
            How many were renamed, merged, known already and unknown.
        """
        parsed = []
        for old, new in pairs:
            names = repo.parse_name(old) or repo.parse(old), repo.parse_name(new) or repo.parse(new)
            if names[0] is None or names[1] is None:
                raise InputError(f"'{old}' and '{new}' are not two repositories", "write them as owner/name")
            parsed.append((names[0], names[1]))
        self._ensure_catalogue()
        counts = dict.fromkeys(("renamed", "merged", "known", "unknown"), 0)
        with self._writing() as catalogue:
            for first, second in parsed:
                outcome = catalogue.ledger.rename(first, second, at=self._now(), evidence=evidence, actor=self._who())
                counts[outcome] += 1
        return counts

    def hide(self, slug: str, *, hidden: bool) -> bool:
        """Take a resource out of search, lists and exports, or put it back; nothing is deleted."""
        self._ensure_catalogue()
        with self._writing() as catalogue:
            found = self._one(catalogue, slug)
            return catalogue.resources.set_field(
                found.id, "hidden", hidden, origin="curator", source=self._who(), at=self._now()
            )

    # ── terms ────────────────────────────────────────────────────────────────────────────────────────────────────

    def put_term(self, slug: str, changes: Mapping[str, Any], *, new: bool) -> bool:
        """Add a term, or change one: labels, aliases, broader and related terms.

        Args:
            slug: the term; for an existing one any label will do.
            changes: `zh`, `en`: preferred labels; `alias`: labels to add; `broader`, `related`: the whole lists.
            new: whether it has to be new.

        Raises:
            InputError: it is there already, or a label belongs to another term.
        """
        from directory import taxonomy

        terms = self._current_terms()
        found = terms.resolve(slug)
        if new and (found is not None or text.slug(slug) != slug):
            raise InputError(
                f"'{slug}' is already a term or no kebab-case slug", f"see: aidir terms {found.slug if found else ''}"
            )
        if not new and found is None:
            raise UnknownName(f"no category is called '{slug}'", "they are listed by: aidir terms")
        row: dict[str, Any] = next((r for r in terms.plain() if found and r["slug"] == found.slug), {"slug": slug})
        row |= {n: changes[n] for n in ("zh", "en") if changes.get(n)}
        alternatives = {n: list(v) for n, v in row.get("alt", {}).items()}
        for alias in changes.get("alias", ()):
            alternatives.setdefault("zh" if text.has_han(alias) else "en", []).append(alias)
        if alternatives:
            row["alt"] = alternatives
        for edge in ("broader", "related"):
            if changes.get(edge) is not None:
                row[edge] = [t.slug for label in changes[edge] if (t := terms.resolve(label)) is not None]
                if len(row[edge]) != len(changes[edge]):
                    raise UnknownName(f"not every {edge} term exists", "they are listed by: aidir terms")
        others = [r for r in terms.plain() if r["slug"] != row["slug"]]
        clash = taxonomy.parse([*others, row]).collisions()
        if clash:
            label, slugs = next(iter(clash.items()))
            raise InputError(f"'{label}' is a label of {' and '.join(slugs)}", "merge them: aidir terms merge A INTO B")
        if row["slug"] in taxonomy.parse([*others, row]).ancestors(str(row["slug"])):
            raise InputError(f"'{row['slug']}' would be broader than itself")
        with self._writing() as catalogue:
            return catalogue.terms.put(row, at=self._now(), actor=self._who())

    def merge_terms(self, slug: str, into: str) -> int:
        """Make one term a part of another; returns how many resources were re-filed."""
        terms = self._current_terms()
        old, new = terms.resolve(slug), terms.resolve(into)
        if old is None or new is None:
            raise UnknownName(f"no category is called '{into if old else slug}'", "they are listed by: aidir terms")
        if old.slug == new.slug:
            raise InputError(f"'{slug}' and '{into}' are one term already")
        with self._writing() as catalogue:
            return catalogue.terms.merge(old.slug, new.slug, at=self._now(), actor=self._who())

    # ── review and lint ──────────────────────────────────────────────────────────────────────────────────────────

    def proposals(self, *, state: str = "open", kind: str = "") -> list[ProposalRecord]:
        """What waits for a curator, or what became of it."""
        self._ensure_catalogue()
        with self._catalogue() as catalogue:
            return catalogue.proposals.all(state=state, kind=kind)

    def decide(self, ids: Sequence[int], *, accept: bool) -> list[ProposalRecord]:
        """Accept or reject open proposals; all or none.

        Raises:
            UnknownName: one of them is not open.
        """
        from directory.curation import review

        self._ensure_catalogue()
        with self._writing() as catalogue:
            waiting = {p.id: p for p in catalogue.proposals.all()}
            missing = [number for number in ids if number not in waiting]
            if missing:
                raise UnknownName(f"no open proposal has the number {missing[0]}", "they are listed by: aidir review")
            for number in ids:
                act = review.accept if accept else review.reject
                act(catalogue, waiting[number], by=self._who(), at=self._now())
            return [waiting[number] for number in ids]

    def lint(self, path: Path | None) -> tuple[int, list[Finding]]:
        """Check the catalogue, or a folder of the seeds' form; returns the number of entries and the findings.

        Args:
            path: a folder with taxonomy.yaml and resources/; None = the catalogue itself.
        """
        from directory.curation import lint, plain, seeds

        if path is not None:
            terms, rows = seeds.rows(path)
            return len(rows), [*lint.terms(terms), *lint.check(rows, terms)]
        terms = self._current_terms()
        with self._catalogue() as catalogue:
            rows = [plain.row(found) for found in catalogue.resources.all()]
        return len(rows), [*lint.terms(terms), *lint.check(rows, terms)]

    # ── safety ───────────────────────────────────────────────────────────────────────────────────────────────────

    def backup(self, target: Path) -> None:
        """Copy the catalogue to a file, also while others write to it."""
        from directory import database

        self._ensure_catalogue()
        database.backup(self._path, target)

    def restore(self, source: Path) -> Path | None:
        """Put a backup in the catalogue's place; the present catalogue is kept beside it.

        Returns:
            Where the catalogue that was replaced lies; None when there was none.

        Raises:
            CatalogueError: the backup is damaged or of a newer program; nothing was changed.
        """
        from directory import database

        with generation.locked(self._root):
            self._make_folder()
            arriving = self._path.with_name("catalogue-new.sqlite")
            database.backup(source, arriving)  # a copy that has passed its integrity check
            if database.revision(arriving) is None:
                arriving.unlink()
                raise CatalogueError(f"{source} is not a catalogue")
            database.migrate(arriving)
            kept = None
            if self._path.exists():
                kept = self._path.with_name(f"catalogue-before-restore-{self._now().replace(':', '')}.sqlite")
                database.backup(self._path, kept)
            database.replace(arriving, self._path)
            return kept

    def _who(self) -> str:
        """The curator's name for the record."""
        try:
            return getpass.getuser()
        except (OSError, KeyError):
            return "curator"
