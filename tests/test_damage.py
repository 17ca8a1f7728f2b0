"""Damage, kills and bad files: the next command repairs what it can and loses nothing."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from directory import generation
from tests.conftest import ROOT, Run


def index_files(home: Path) -> list[Path]:
    """The files that a search may read: those beside the generations, and those of the current one."""
    root = home / "index"
    current = generation.current(root).folder
    return sorted(p for p in (*root.iterdir(), *current.iterdir()) if p.is_file() and p.name != "lock")


@pytest.mark.parametrize("how", ["truncate", "flip", "remove"])
def test_every_damaged_index_file_is_rebuilt(run: Run, small: Path, tmp_path: Path, how: str) -> None:
    home = tmp_path / "home"
    shutil.copytree(small, home)
    expected = json.loads(run("search", "大模型", "--json", home=home).out)
    for name in [p.name for p in index_files(home)]:
        path = next((p for p in index_files(home) if p.name == name), None)
        if path is None:
            continue  # Whoosh gives its segments new names
        content = path.read_bytes() or b"x"
        half = len(content) // 2
        if how == "remove":
            path.unlink()
        else:
            flipped = content[:half] + bytes([content[half] ^ 0x40]) + content[half + 1 :]
            path.write_bytes(content[:half] if how == "truncate" else flipped)
        done = run("search", "大模型", "--json", home=home)
        assert done.code == 0, (path, done.err)
        assert json.loads(done.out)["hits"] == expected["hits"], path


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("binary.txt", bytes(range(256)) * 40, "not a text file"),
        ("latin.txt", b"caf\xe9 \xff\xfe\xfd" * 10, "not"),
        ("empty.txt", b"", "not a page"),
        ("letter.txt", "只是一封信\n没有点击".encode(), "not a page"),
    ],
)
def test_a_file_that_cannot_be_read(run: Run, home: Path, tmp_path: Path, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)
    before = json.loads(run("status", "--json", home=home).out)
    done = run("import", "aitnt", str(tmp_path / name), home=home)
    assert done.code == 2
    assert said in done.err
    assert json.loads(run("status", "--json", home=home).out) == before


def test_a_folder_without_a_page_and_a_huge_file(run: Run, home: Path, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    assert "holds no file" in run("import", "aitnt", str(tmp_path / "folder"), home=home).err
    with (tmp_path / "huge.txt").open("wb") as file:
        file.truncate(50_000_000)
    assert "larger than" in run("import", "aitnt", str(tmp_path / "huge.txt"), home=home).err


def test_a_page_cut_off_in_the_middle_is_read_as_far_as_it_goes(
    run: Run, home: Path, shared: Path, tmp_path: Path
) -> None:
    page = (shared / "seed-page" / "page.txt").read_text("utf-8")
    (tmp_path / "cut.txt").write_text(page[: page.index("项目地址:https://github.com/microsoft")], "utf-8")
    done = run("import", "aitnt", str(tmp_path / "cut.txt"), "--json", home=home)
    report = json.loads(done.out)
    assert done.code == 0
    assert report["found"] == 2
    assert [n["reason"] for n in report["leftovers"]] == ["the page ends before its address"]


def test_a_home_that_is_no_folder(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    done = run("search", "大模型", home=tmp_path / "file" / "home")
    assert done.code == 2
    assert "hint:" in done.err


def _limited(size: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


@pytest.mark.parametrize("size", [0, 1000, 300_000, 3_000_000])
def test_a_full_disk_loses_nothing(run: Run, home: Path, size: int) -> None:
    """The file size limit makes every write beyond it fail, as a full disk does."""
    before = run("list", "--all", "--json", home=home).out
    (home / "index" / "CURRENT").unlink()
    for table in (home / "index").glob("*.table"):
        table.unlink()
    done = subprocess.run(
        [sys.executable, "-B", "-m", "directory", "search", "大模型"],
        env=dict(os.environ, AIDIR_HOME=str(home)), cwd=ROOT,
        capture_output=True, encoding="utf-8", preexec_fn=lambda: _limited(size),
    )  # fmt: skip
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert "cannot be written" in done.stderr or "cannot write" in done.stderr
    assert run("list", "--all", "--json", home=home).out == before


def _in_read_only_mount(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    script = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && shift 0 && exec "$@"'
    return subprocess.run(
        ["unshare", "-m", "sh", "-c", script, str(home), *arguments],
        env=dict(os.environ, AIDIR_HOME=str(home)), cwd=ROOT, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip


@pytest.fixture
def read_only_mounts(tmp_path: Path) -> None:
    """Root ignores file modes, so a read-only mount shows what a read-only folder does."""
    probe = tmp_path / "probe"
    probe.mkdir()
    try:
        done = _in_read_only_mount(probe, "touch", str(probe / "x"))
    except OSError:
        pytest.skip("needs unshare, which is not here")
    if "Read-only" not in done.stderr:
        pytest.skip("needs the right to make a read-only mount")


@pytest.mark.usefixtures("read_only_mounts")
def test_a_read_only_home_answers_from_what_it_has(run: Run, home: Path, tmp_path: Path) -> None:
    search = (sys.executable, "-m", "directory", "search", "大模型", "--json")
    expected = run("search", "大模型", "--json", home=home).out
    done = _in_read_only_mount(home, *search)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["hits"] == json.loads(expected)["hits"]
    empty = tmp_path / "empty"
    empty.mkdir()
    nothing = _in_read_only_mount(empty, *search)
    assert nothing.returncode == 2
    assert "Traceback" not in nothing.stderr
    assert "cannot write" in nothing.stderr
    assert "hint:" in nothing.stderr
    (home / "index" / "CURRENT").write_text(
        (home / "index" / "CURRENT").read_text().replace('"sequence": ', '"sequence": 1')
    )
    stale = _in_read_only_mount(home, *search)
    assert stale.returncode == 0, stale.stderr
    assert "older than the catalogue" in json.loads(stale.stdout)["notes"][-1]
