"""What the tests of the exports share: a small catalogue of its own, and a static server."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from directory.service import Directory
from directory.service.tree import MARK

Tree = dict[str, bytes]


def read_tree(folder: Path) -> Tree:
    """Every file of an exported folder by its path, without our mark."""
    files = (p for p in folder.rglob("*") if p.is_file() and p.name != MARK)
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in files}


def exported(directory: Directory, name: str, **options: object) -> Tree:
    """The files of an export by their path."""
    return {f.path: f.data for f in directory.export(name, **options)}  # type: ignore[arg-type]


class Static(SimpleHTTPRequestHandler):
    """Files as a static server gives them: an ETag of time and length, 304 for one that is known, any origin."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def _etag(self) -> str:
        path = Path(self.translate_path(self.path))
        found = path.stat() if path.is_file() else None
        return f'"{found.st_mtime_ns:x}-{found.st_size:x}"' if found else ""

    def do_GET(self) -> None:
        if self.headers.get("If-None-Match") == self._etag() != "":
            self.send_response(304)
            super().end_headers()
            return
        super().do_GET()

    def end_headers(self) -> None:
        self.send_header("Access-Control-Allow-Origin", "*")
        if etag := self._etag():
            self.send_header("ETag", etag)
        super().end_headers()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The address of a web server on 127.0.0.1 and the folder it serves."""
    root = tmp_path / "public"
    root.mkdir()
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Static, directory=str(root))) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", root
        server.shutdown()
        thread.join()
