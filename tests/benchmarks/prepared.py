"""What do the benchmarks stand on? Documents, our home and the peers' indexes of one size, built once and kept."""

from __future__ import annotations

import multiprocessing
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from zlib import crc32

from directory import database, freshness, generation, indexing
from directory.taxonomy import Taxonomy
from tests.benchmarks import corpus, peer
from tests.benchmarks.figures import Options
from tests.relevance import engine


class Prepared:
    """The folder of one size.

    Args:
        options: how many documents, from where, and the folder to build in.
    """

    def __init__(self, options: Options) -> None:
        self.options = options
        self.folder = options.work / f"{options.docs}"
        self.home = self.folder / "home"
        self.documents = self.folder / "documents"
        self.terms: Taxonomy = engine.terms()
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def with_documents(self) -> Prepared:
        """Have the documents."""
        _once(self.documents, _code(corpus.__file__), lambda path: apart(_write_documents, self.options, path))
        return self

    def with_home(self) -> Prepared:
        """Have a home folder whose index is fresh."""
        self.with_documents()
        stamp = f"{_code(corpus.__file__)} {indexing.fingerprint()}"
        _once(self.home, stamp, lambda path: apart(_write_home, self))
        return self

    def with_peers(self) -> Prepared:
        """Have the peers' indexes, cut by the same analyzer as ours."""
        self.with_home()
        stamp = f"{_code(corpus.__file__)} {_code(peer.__file__)}"
        for name in peer.taking_part(self.options.docs):
            _once(self.folder / name, stamp, lambda path, name=name: apart(_write_peer, self, name, path))
        return self

    def open_folder(self) -> Path:
        """The folder of our current generation."""
        return generation.current(self.home / "index").folder

    def open(self) -> indexing.OpenIndex:
        """Our index."""
        root = self.home / "index"
        return indexing.open_index(root, generation.current(root))


def apart(do: Callable[..., None], *arguments: object) -> None:
    """Do something in a process of its own, so that its memory is not ours."""
    process = multiprocessing.get_context("spawn").Process(target=do, args=arguments)
    process.start()
    process.join()
    if process.exitcode:
        sys.exit(f"a benchmark could not be prepared: {do.__name__} ended with {process.exitcode}")


def _code(module: str | None) -> str:
    assert module is not None
    return f"{crc32(Path(module).read_bytes()):08x}"


def _once(path: Path, stamp: str, build: Callable[[Path], None]) -> None:
    """Build something unless the same code has built it before."""
    note = path.with_name(f"{path.name}.built")
    if note.exists() and note.read_text() == stamp:
        return
    note.unlink(missing_ok=True)
    if path.is_dir():
        shutil.rmtree(path)
    build(path)
    note.write_text(stamp)


def _write_documents(options: Options, path: Path) -> None:
    corpus.save(corpus.documents(options.data, options.docs, engine.terms()), path)


def _write_home(prepared: Prepared) -> None:
    prepared.home.mkdir(mode=0o700)
    catalogue = prepared.home / "catalogue.sqlite"
    database.migrate(catalogue)
    # An index is fresh when its sequence is the catalogue's. This catalogue stays empty: no search reads it.
    number = freshness.sequence(catalogue)
    assert number is not None
    root = prepared.home / "index"
    with generation.locked(root):
        indexing.build(root, number, prepared.terms, corpus.load(prepared.documents), lambda done: None)


def _write_peer(prepared: Prepared, name: str, path: Path) -> None:
    peer.BUILD[name](path, corpus.load(prepared.documents), prepared.terms, prepared.open().analyzer)
