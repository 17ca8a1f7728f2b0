"""Index generations: old or new, never a mixture, whatever happens on the way."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from directory import generation
from directory.errors import CatalogueBusy, CatalogueError, IndexDamaged

ROOT = Path(__file__).resolve().parents[1]


def fill_with(content: str):
    def fill(folder: Path) -> None:
        for name in ("a", "b"):
            (folder / name).write_text(content)

    return fill


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "index"
    folder.mkdir(mode=0o700)
    return folder


def read(root: Path) -> str:
    found = generation.current(root)
    generation.verify(found.folder)
    a, b = (found.folder / "a").read_text(), (found.folder / "b").read_text()
    assert a == b
    return a


def test_a_generation_replaces_the_one_before(root: Path) -> None:
    generation.replace(root, 1, "f", fill_with("one"))
    first = generation.current(root)
    generation.replace(root, 2, "g", fill_with("two"))
    assert read(root) == "two"
    assert generation.current(root)[1:] == (2, "g", 2)
    assert (first.folder / "a").read_text() == "one"  # for those still reading it
    generation.replace(root, 3, "g", fill_with("three"))
    assert not first.folder.exists()


def test_a_build_that_fails_leaves_the_old_one(root: Path) -> None:
    generation.replace(root, 1, "f", fill_with("one"))

    def fail(folder: Path) -> None:
        (folder / "a").write_text("half")
        raise OSError(28, "No space left on device")

    with pytest.raises(CatalogueError, match="No space left"):
        generation.replace(root, 2, "f", fail)
    assert read(root) == "one"
    assert list(root.glob("build-*")) == []


@pytest.mark.parametrize("name", ["a", "manifest.json", "CURRENT"])
@pytest.mark.parametrize("how", ["truncate", "flip", "remove", "empty"])
def test_damage_is_found(root: Path, name: str, how: str) -> None:
    generation.replace(root, 1, "f", fill_with("some content"))
    path = root / name if name == "CURRENT" else generation.current(root).folder / name
    content = path.read_bytes()
    if how == "remove":
        path.unlink()
    else:
        half = len(content) // 2
        flipped = bytes([content[half] ^ 0x10])
        changed = {"truncate": content[:half], "flip": content[:half] + flipped + content[half + 1 :], "empty": b""}
        path.write_bytes(changed[how])
    try:
        generation.verify(generation.current(root).folder)
    except IndexDamaged:
        return
    # The one way out: a flipped digit in the pointer's numbers is noticed as staleness, not as damage.
    assert name == "CURRENT"
    assert generation.current(root)[1:] != (1, "f")


def test_a_pointer_that_leads_elsewhere_is_refused(root: Path, tmp_path: Path) -> None:
    (tmp_path / "evil").mkdir()
    (root / "CURRENT").write_text('{"name": "../evil", "sequence": 1, "fingerprint": "f"}')
    with pytest.raises(IndexDamaged):
        generation.current(root)


def test_a_folder_that_others_can_write_is_refused(root: Path) -> None:
    generation.replace(root, 1, "f", fill_with("one"))
    root.chmod(0o777)
    with pytest.raises(CatalogueError, match="other users"):
        generation.current(root)


def test_one_builder_at_a_time(root: Path) -> None:
    with generation.locked(root), pytest.raises(CatalogueBusy), generation.locked(root, wait=False):
        pass
    with generation.locked(root, wait=False):
        pass


def test_killed_builders_leave_the_old_or_the_new(root: Path) -> None:
    """kill -9 at 25 moments spread over a build and beyond; a reader afterwards sees a whole generation every time."""
    script = (
        "import sys, time; from pathlib import Path; from directory import generation\n"
        "root, content = Path(sys.argv[1]), sys.argv[2]\n"
        "def fill(folder):\n"
        "    for name in ('a', 'b'):\n"
        "        with (folder / name).open('w') as f:\n"
        "            for c in content: f.write(c); f.flush(); time.sleep(0.002)\n"
        "print('go', flush=True)\n"
        "with generation.locked(root): generation.replace(root, int(content), 'f', fill)\n"
    )
    generation.replace(root, 0, "f", fill_with("0000000000"))

    def begun(content: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", script, str(root), content], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "go\n"
        process.stdout.close()
        return process

    process, start = begun("9999999999"), time.monotonic()
    assert process.wait() == 0
    whole = time.monotonic() - start
    seen = set()
    for kill in range(25):
        process = begun(f"{kill:010d}")
        time.sleep(whole * kill / 16)
        process.kill()
        process.wait()
        seen.add(read(root))
    assert len(seen) > 1, "no build ever finished: the kills came too early to show anything"
    with generation.locked(root, wait=False):
        generation.replace(root, 99, "f", fill_with("last"))
    assert read(root) == "last"
    assert list(root.glob("build-*")) == []


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "file"
    generation.write_atomic(target, b"old")
    with pytest.raises(CatalogueError):
        generation.write_atomic(tmp_path / "missing" / "file", b"x")
    generation.write_atomic(target, b"new")
    assert target.read_bytes() == b"new"
    assert [p.name for p in tmp_path.iterdir()] == ["file"]
