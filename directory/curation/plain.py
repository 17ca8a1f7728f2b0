"""What does a resource look like as plain data, the form of the seeds, that a person edits and a site imports?"""

from __future__ import annotations

from typing import Any

from directory.catalogue.record import ResourceRecord


def row(found: ResourceRecord) -> dict[str, Any]:
    """A resource as the mapping that `importers.aidir` reads, keys in writing order, unknown ones left out."""
    repository = found.repository
    links: dict[str, str] = {}
    for link in found.links:
        if link.role != "repository":
            links.setdefault(link.role, link.url)
    own = f"https://github.com/{repository.name}" if repository else ""
    value: dict[str, Any] = {
        "slug": found.slug,
        "name": found.name,
        "names": list(found.names),
        "kind": found.kind,
        "summary_zh": found.summary_zh,
        "summary_en": found.summary_en,
        "terms": list(found.terms),
        "pricing": found.pricing,
        "licence": found.licence,
        "repository": own,
        "past_names": [p.name for p in repository.past] if repository else [],
        "links": links,
        "stars": repository.stars if repository else None,
        "stars_asof": (repository.stars_asof or "") if repository else "",
        "stars_source": repository.stars_source if repository else "",
        "cited_by": found.cited_by,
    }
    return {key: v for key, v in value.items() if v not in ("", [], {}, None, 0)}
