"""Curation: what a person decides stays decided, and nothing is lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory import config, document, taxonomy
from directory.curation import lint
from directory.curation.mapping import terms_of
from directory.errors import AidirError, InputError, UnknownName
from directory.query import Query
from directory.service import Directory
from directory.taxonomy import Taxonomy
from tests.conftest import NOON, Run

LIST = """\
# Awesome test list

## 智能体框架 Agent Frameworks

- [Alphorn](https://github.com/acme/alphorn) - An agent framework made for this test only.
- [Betony](https://github.com/acme/betony) - 一个只用于测试的智能体框架。
- [Dify](https://github.com/langgenius/dify) - Somebody else's words about Dify.

## Quantum knitting

- [Gammarus](https://gammarus.example/) - A site about something else entirely.
"""


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "README.md"
    path.write_text(LIST, "utf-8")
    return path


@pytest.fixture(scope="module")
def terms(seeds: Path) -> Taxonomy:
    return taxonomy.parse(document.load_yaml((seeds / "taxonomy.yaml").read_text("utf-8"), "taxonomy.yaml"))


def slugs(directory: Directory) -> set[str]:
    return {h.slug for h in directory.search(Query("", limit=100_000)).hits}


# ── imports ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_import_adds_finds_and_repeats_nothing(directory: Directory, page: Path) -> None:
    first = directory.import_file("awesome", page)
    assert first.added == ["Alphorn", "Betony", "Gammarus"]
    assert first.found == 1
    found, _ = directory.show("alphorn")
    assert found.terms[0] == "agent-framework"
    assert found.summary_en == "An agent framework made for this test only."
    assert found.provenance["summary_en"].origin == "import"
    assert found.provenance["summary_en"].source == "README.md:5"
    assert directory.show("betony")[0].summary_zh == "一个只用于测试的智能体框架。"
    assert first.unmapped["Quantum knitting"] == 1
    assert directory.show("gammarus")[0].tags == ("Quantum knitting",)
    assert directory.show("dify")[0].provenance["summary_en"].origin == "seeds"
    second = directory.import_file("awesome", page)
    assert (second.added, second.changed, second.found) == ([], [], 4)


def test_a_dry_run_changes_nothing(directory: Directory, page: Path) -> None:
    before = directory.status()
    assert directory.import_file("awesome", page, dry_run=True).added == ["Alphorn", "Betony", "Gammarus"]
    assert directory.status() == before


def test_a_list_may_correct_itself(directory: Directory, page: Path) -> None:
    directory.import_file("awesome", page)
    page.write_text(LIST.replace("for this test only", "for that test"), "utf-8")
    assert directory.import_file("awesome", page).changed == ["Alphorn"]
    assert directory.show("alphorn")[0].summary_en == "An agent framework made for that test."


def test_new_entries_can_wait_for_review(directory: Directory, page: Path) -> None:
    report = directory.import_file("awesome", page, propose=True)
    assert (report.added, report.proposals) == ([], 3)
    assert directory.import_file("awesome", page, propose=True).proposals == 0
    waiting = directory.proposals(kind="new")
    assert [p.change["name"] for p in waiting] == ["Alphorn", "Betony", "Gammarus"]
    directory.decide([waiting[0].id], accept=True)
    directory.decide([p.id for p in waiting[1:]], accept=False)
    assert "alphorn" in slugs(directory)
    assert "betony" not in slugs(directory)
    assert directory.import_file("awesome", page, propose=True).proposals == 0  # rejected stays rejected
    assert directory.proposals() == []


# ── a curator's word ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_import_that_disagrees_with_a_curator_becomes_a_proposal(directory: Directory, page: Path) -> None:
    directory.edit("dify", {"summary_en": "The curator's own words about this platform."})
    report = directory.import_file("awesome", page)
    assert report.proposals == 1
    (proposal,) = directory.proposals(kind="change")
    assert (proposal.resource, proposal.field) == ("dify", "summary_en")
    assert proposal.change == {"to": "Somebody else's words about Dify."}
    assert proposal.evidence["source"] == "README.md:7"
    assert directory.show("dify")[0].summary_en == "The curator's own words about this platform."
    assert directory.import_file("awesome", page).proposals == 0
    directory.decide([proposal.id], accept=True)
    assert directory.show("dify")[0].summary_en == "Somebody else's words about Dify."
    actions = [e.action for e in directory.history("dify")]
    assert actions[-2:] == ["changed", "proposal accepted"]


def test_a_rejected_proposal_is_in_the_history_and_not_filed_again(directory: Directory, page: Path) -> None:
    directory.edit("dify", {"summary_en": "The curator's own words about this platform."})
    directory.import_file("awesome", page)
    (proposal,) = directory.proposals()
    directory.decide([proposal.id], accept=False)
    assert directory.import_file("awesome", page).proposals == 0
    assert directory.history("dify")[-1].action == "proposal rejected"
    with pytest.raises(UnknownName):
        directory.decide([proposal.id], accept=True)


words = st.text(st.characters(categories=["L", "N", "Zs"]), min_size=1, max_size=60).filter(lambda t: t.strip() != "")


@settings(max_examples=12, deadline=None)
@given(
    edits=st.dictionaries(st.sampled_from(["name", "summary_zh", "summary_en", "licence"]), words, min_size=1),
    names=st.lists(words, max_size=3, unique=True),
    wording=words,
)
def test_a_curators_edit_survives_every_later_import(
    tmp_path_factory: pytest.TempPathFactory, small: Path, edits: dict[str, str], names: list[str], wording: str
) -> None:
    import shutil

    home = tmp_path_factory.mktemp("edited") / "home"
    shutil.copytree(small, home)
    directory = Directory(config.load({"home": home}), clock=lambda: NOON)
    directory.edit("dify", {**edits, "names": names})
    before, _ = directory.show("langgenius/dify")
    folder = home.parent / "list"
    folder.mkdir()
    (folder / "README.md").write_text(
        f"# L\n\n## RAG\n\n- [Other](https://github.com/langgenius/dify) - {wording}\n", "utf-8"
    )
    (folder / "rows.csv").write_text(
        f"name,url,description,licence\nOther,https://github.com/LangGenius/Dify.git,{json.dumps(wording)},MIT\n",
        "utf-8",
    )
    directory.import_file("awesome", folder / "README.md")
    directory.import_file("csv", folder / "rows.csv")
    directory.index()  # files the seeds again where they differ
    after, _ = directory.show("langgenius/dify")
    for field in (*edits, "names"):
        assert getattr(after, field) == getattr(before, field)
        assert after.provenance[field].origin == "curator"


def test_editing_checks_what_it_is_given(directory: Directory) -> None:
    for values in (
        {"kind": "spaceship"},
        {"pricing": "一元"},
        {"stars": 5},
        {"name": "  "},
        {"names": "x"},
        {"name": 3},
    ):
        with pytest.raises(InputError):
            directory.edit("dify", values)
    with pytest.raises(UnknownName):
        directory.edit("dify", {"terms": ["龙虾"]})
    with pytest.raises(UnknownName):
        directory.edit("no-such-thing", {"name": "x"})
    assert directory.edit("dify", {"name": "Dify"}) == []


def test_adding_by_hand(directory: Directory) -> None:
    slug = directory.add("github.com/acme/delta/tree/main", {"terms": ["智能体"], "summary_zh": "测试用的条目。"})
    found, _ = directory.show(slug)
    assert (found.name, found.terms, found.kind) == ("delta", ("agent",), "project")
    assert found.url == "https://github.com/acme/delta"
    assert directory.search(Query("acme/delta", words="acme/delta")).hits[0].slug == slug
    for again in ("https://github.com/Acme/Delta", "https://github.com/acme/delta.git"):
        with pytest.raises(InputError, match="already"):
            directory.add(again, {})
    site = directory.add("https://epsilon.example/", {"name": "Epsilon"})
    with pytest.raises(InputError, match="already"):
        directory.add("http://www.epsilon.example/?utm_source=x", {})
    assert directory.show(site)[0].kind == "site"
    with pytest.raises(InputError, match="no address"):
        directory.add("javascript:alert(1)", {})


def test_filing_hiding_and_back(directory: Directory) -> None:
    assert directory.tag("dify", ["知识库"], ["platform"], "agent")[0] == "agent"
    assert "platform" not in directory.show("dify")[0].terms
    assert directory.hide("dify", hidden=True)
    assert "dify" not in slugs(directory)
    assert directory.show("dify")[0].hidden  # still reachable
    assert directory.hide("dify", hidden=False)
    assert "dify" in slugs(directory)


# ── identity ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_both_names_of_a_rename_end_as_one_resource(directory: Directory, tmp_path: Path) -> None:
    page = tmp_path / "README.md"
    page.write_text(
        "# L\n\n## Agents\n\n- [Old](https://github.com/acme/old) - Words under the old name of it.\n"
        "- [New](https://github.com/acme/new) - Words under the new name of it.\n",
        "utf-8",
    )
    directory.import_file("awesome", page)
    assert {"old", "new"} <= slugs(directory)
    assert directory.rename([("acme/old", "acme/new")], evidence="GitHub redirects")["merged"] == 1
    found, _ = directory.show("acme/old")
    assert found == directory.show("acme/new")[0] == directory.show("old")[0] == directory.show("new")[0]
    assert found.repository is not None
    assert found.repository.name == "acme/new"
    assert [(p.name, p.evidence) for p in found.repository.past] == [("acme/old", "GitHub redirects")]
    actions = [e.action for e in directory.history(found.slug)]
    assert actions.count("added") == 2  # both histories
    assert "merged" in actions
    second = directory.import_file("awesome", page)
    assert second.added == []
    assert directory.rename([("acme/old", "acme/new")], evidence="again") == {
        "renamed": 0, "merged": 0, "known": 1, "unknown": 0,
    }  # fmt: skip


def test_a_rename_before_the_new_name_is_seen(directory: Directory, page: Path) -> None:
    directory.import_file("awesome", page)
    assert directory.rename([("acme/alphorn", "other/omega")], evidence="note")["renamed"] == 1
    found, _ = directory.show("alphorn")
    assert found.repository is not None
    assert found.repository.name == "other/omega"
    assert found.url == "https://github.com/other/omega"
    assert directory.search(Query("", words="acme/alphorn")).hits[0].slug == "alphorn"
    assert directory.search(Query("", words="other/omega")).hits[0].slug == "alphorn"
    assert directory.import_file("awesome", page).added == []


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)).filter(lambda p: p[0] != p[1]), max_size=6))
def test_any_order_of_renames_leaves_one_resource_for_a_name(
    tmp_path_factory: pytest.TempPathFactory, small: Path, pairs: list[tuple[int, int]]
) -> None:
    import shutil

    home = tmp_path_factory.mktemp("renamed") / "home"
    shutil.copytree(small, home)
    directory = Directory(config.load({"home": home}), clock=lambda: NOON)
    page = home.parent / "README.md"
    items = "\n".join(f"- [R{n}](https://github.com/acme/r{n}) - Project number {n} of the test." for n in range(6))
    page.write_text(f"# L\n\n## Agents\n\n{items}\n", "utf-8")
    directory.import_file("awesome", page)
    directory.rename([(f"acme/r{a}", f"acme/r{b}") for a, b in pairs], evidence="a test")
    groups = {n: {n} for n in range(6)}
    for a, b in pairs:
        joined = groups[a] | groups[b]
        for n in joined:
            groups[n] = joined
    found = {n: directory.show(f"acme/r{n}")[0].slug for n in range(6)}
    for n in range(6):
        for m in range(6):
            assert (found[n] == found[m]) == (m in groups[n])
    assert directory.import_file("awesome", page).added == []
    assert not [f for f in directory.lint(None)[1] if f.rule == "duplicate"]


def test_merging_by_hand_keeps_names_links_and_history(directory: Directory, page: Path) -> None:
    directory.import_file("awesome", page)
    directory.merge("alphorn", "betony")
    found, _ = directory.show("alphorn")
    assert found.slug == "betony"
    assert "Alphorn" in found.names
    assert {"https://github.com/acme/alphorn", "https://github.com/acme/betony"} <= {n.url for n in found.links}
    assert found.summary_en == "An agent framework made for this test only."
    with pytest.raises(InputError):
        directory.merge("alphorn", "betony")
    directory.merge("betony", "gammarus")
    assert directory.show("alphorn")[0].slug == "gammarus"
    assert [e.action for e in directory.history("gammarus")].count("added") == 3


def test_known_renames_end_as_one_resource(directory: Directory, shared: Path) -> None:
    """293 cases in real lists: both names of a renamed repository. Here: one list with every pair of renames.tsv."""
    pairs = [line.split("\t")[:2] for line in (shared / "renames.tsv").read_text("utf-8").splitlines()[1:]]
    page = Path(directory.settings.home) / "README.md"
    names = dict.fromkeys(n.lower() for pair in pairs for n in pair)
    page.write_text(
        "# L\n\n## Agents\n\n" + "".join(f"- [{n}](https://github.com/{n}) - Known as {n}.\n" for n in names)
    )
    directory.import_file("awesome", page)
    directory.rename([(a, b) for a, b in pairs], evidence="renames.tsv")
    with directory._catalogue() as catalogue:  # one look at the ledger instead of 600 searches
        identities = catalogue.resources.identities
        for old, new in pairs:
            one, other = identities.repository(old.lower()), identities.repository(new.lower())
            assert one is not None
            assert one == other, (old, new)


# ── terms ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_terms_are_added_aliased_moved_and_merged(directory: Directory) -> None:
    directory.put_term("quilting", {"zh": "拼布", "en": "Quilting", "alias": ["百衲"], "broader": ["应用"]}, new=True)
    directory.tag("dify", ["百衲"], [], None)
    assert directory.search(Query("", words="拼布")).hits[0].slug == "dify"
    directory.put_term("quilting", {"alias": ["patchwork"]}, new=False)
    assert directory.term("patchwork").slug == "quilting"
    directory.put_term("quilting", {"broader": ["研究"]}, new=False)
    assert directory.taxonomy().ancestors("quilting") == ["research"]
    with pytest.raises(InputError, match="label"):
        directory.put_term("quilting", {"alias": ["大模型"]}, new=False)
    with pytest.raises(InputError):
        directory.put_term("quilting", {"zh": "又", "en": "again"}, new=True)
    assert directory.merge_terms("拼布", "workflow") == 1
    assert directory.term("百衲").slug == "workflow"
    assert "workflow" in directory.show("dify")[0].terms
    assert "quilting" not in directory.taxonomy().terms


def test_a_curators_terms_survive_the_seeds(directory: Directory) -> None:
    directory.put_term("rag", {"alias": ["检索外挂"]}, new=False)
    directory.merge_terms("graph-rag", "rag")
    with directory._writing() as catalogue:
        catalogue.terms.note_seeds("another digest", at="2026-11-24T13:00:00Z")
    directory.index()
    assert directory.term("检索外挂").slug == "rag"
    assert directory.term("GraphRAG").slug == "rag"
    assert "graph-rag" not in directory.taxonomy().terms


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("微调 Fine-Tuning", ["fine-tuning"]),
        ("🤖 3. AI Agents (智能体)", ["agent"]),
        ("LLM Evaluation Tools", ["evaluation"]),
        ("CV｜计算机视觉:", ["computer-vision"]),
        ("Audio & Speech (TTS/STT)", ["speech", "tts", "asr"]),
        ("RAG与检索", ["rag"]),
        ("检索增强", ["rag"]),
        ("Others", []),
        ("Python 项目", []),
        ("Milestones of knitting", []),
        ("", []),
    ],
)
def test_headings_mean_terms(terms: Taxonomy, heading: str, expected: list[str]) -> None:
    found = [m for m in terms_of(heading, terms) if m.score >= 0.5]
    assert [m.slug for m in found][: len(expected)] == expected
    assert all(m.why for m in found)
    assert bool(found) == bool(expected)


@given(st.text(max_size=60))
def test_any_heading_is_mapped_or_left(terms: Taxonomy, heading: str) -> None:
    assert all(m.slug in terms.terms and 0 < m.score <= 1 for m in terms_of(heading, terms))


# ── lint, backup ─────────────────────────────────────────────────────────────────────────────────────────────────────

GOOD = {
    "slug": "thing",
    "name": "Thing",
    "kind": "project",
    "summary_zh": "一个说得清楚自己是什么的测试条目。",
    "summary_en": "A test entry that says clearly what it is.",
    "terms": ["agent"],
    "pricing": "开源免费",
    "licence": "MIT",
    "repository": "https://github.com/acme/thing",
    "links": {"homepage": "https://thing.example"},
}


def test_a_good_entry_has_no_findings(terms: Taxonomy) -> None:
    assert lint.check([GOOD], terms) == []


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"summary_zh": ""}, "language"),
        ({"summary_en": "一个中文句子，放错了地方，应该用英文写。"}, "language"),
        ({"summary_en": "A powerful thing that does everything for you."}, "praise"),
        ({"summary_en": "x" * 500}, "length"),
        ({"summary_zh": "短。"}, "length"),
        ({"terms": []}, "term"),
        ({"terms": ["lobster"]}, "term"),
        ({"licence": "MIT-ish"}, "licence"),
        ({"licence": "apache-2.0"}, "licence"),
        ({"links": {"homepage": "http://thing.example"}}, "http"),
        ({"links": {"lair": "https://thing.example"}}, "link"),
        ({"repository": "https://github.com/acme/thing/tree/main"}, "repository"),
        ({"name": "Entirely Other", "slug": "entirely-other"}, "name"),
        ({"kind": "spaceship"}, "kind"),
        ({"pricing": "一元"}, "pricing"),
        ({"stars": 5}, "stars"),
        ({"slug": "Thing"}, "slug"),
        ({"past_names": ["nonsense"]}, "repository"),
    ],
)
def test_every_rule_finds_its_fault(terms: Taxonomy, change: dict[str, object], rule: str) -> None:
    assert rule in {f.rule for f in lint.check([{**GOOD, **change}], terms)}


def test_duplicates_by_slug_repository_and_past_name(terms: Taxonomy) -> None:
    other = {**GOOD, "slug": "thing-2", "name": "Thing two", "repository": "https://github.com/Acme/Thing"}
    formerly = {**GOOD, "slug": "thing-3", "repository": "https://github.com/acme/thing3", "past_names": ["acme/Thing"]}
    found = [f for f in lint.check([GOOD, other, formerly, GOOD], terms) if f.rule == "duplicate"]
    assert {f.slug for f in found} == {"thing-2", "thing-3", "thing"}


def test_the_bundled_seeds_pass(run: Run, home: Path) -> None:
    done = run("lint", "seeds", home=home)
    assert done.code == 0, done.out
    assert run("lint", home=home).code == 0


def test_lint_says_no_with_exit_code_1(run: Run, home: Path, tmp_path: Path) -> None:
    (tmp_path / "resources").mkdir()
    (tmp_path / "taxonomy.yaml").write_text("- {slug: agent, zh: 智能体, en: Agent}\n")
    (tmp_path / "resources" / "agent.yaml").write_text("- {slug: a, name: A, links: {homepage: 'http://a.example'}}\n")
    done = run("lint", str(tmp_path), home=home)
    assert done.code == 1
    assert "http" in done.out
    assert run("lint", str(tmp_path / "nowhere"), home=home).code == 2


def test_backup_and_restore(run: Run, home: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.sqlite"
    assert run("backup", str(copy), home=home).code == 0
    before = run("list", "--all", "--json", home=home).out
    assert run("hide", "dify", home=home).code == 0
    assert run("list", "--all", "--json", home=home).out != before
    done = run("restore", str(copy), home=home)
    assert "catalogue-before-restore" in done.out
    assert run("list", "--all", "--json", home=home).out == before
    (tmp_path / "letter").write_text("not a backup" * 1000)
    refused = run("restore", str(tmp_path / "letter"), home=home)
    assert refused.code == 2
    assert run("list", "--all", "--json", home=home).out == before
    assert run("restore", str(tmp_path / "nothing"), home=home).code == 2


def test_the_commands_of_a_curator(run: Run, home: Path, page: Path, tmp_path: Path) -> None:
    assert "3 added" in run("import", "awesome", str(page), home=home).out
    assert (
        run("edit", "alphorn", "--summary-zh", "手写的中文简介，只用于这个测试。", "--licence", "MIT", home=home).code
        == 0
    )
    editor = tmp_path / "editor.sh"
    editor.write_text("#!/bin/sh\nsed -i 's/^name: .*/name: Alphorn the First/' \"$1\"\n")
    editor.chmod(0o755)
    assert "changed name" in run("edit", "alphorn", home=home, EDITOR=str(editor)).out
    assert "Alphorn the First" in run("show", "alphorn", home=home).out
    assert run("tag", "alphorn", "知识库", "--home-term", "rag", home=home).out.startswith("alphorn: rag")
    assert run("rename", "acme/alphorn", "acme/alphorn-one", home=home).out.startswith("1 renamed")
    assert run("merge", "betony", "alphorn", home=home).code == 0
    history = run("history", "alphorn", home=home).out
    for word in ("added", "changed", "renamed", "merged"):
        assert word in history
    assert run("terms", "alias", "rag", "外挂检索", home=home).code == 0
    assert "外挂检索" in run("terms", "RAG", home=home).out
    assert run("review", home=home).code == 1
    assert run("review", "accept", "7", home=home).code == 2
    assert run("hide", "gammarus", home=home).code == 0
    assert "gammarus.example" not in run("search", "gammarus", home=home).out


def test_errors_of_curation_are_ours(directory: Directory) -> None:
    for call in (
        lambda: directory.merge("nobody", "dify"),
        lambda: directory.rename([("nonsense", "x")], evidence=""),
        lambda: directory.merge_terms("龙虾", "rag"),
        lambda: directory.put_term("龙虾", {"alias": ["x"]}, new=False),
        lambda: directory.history("nobody"),
    ):
        with pytest.raises(AidirError):
            call()
