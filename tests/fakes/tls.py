"""How does a test get a certificate that is good, expired or someone else's? OpenSSL's command line makes them."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from pathlib import Path
from typing import NamedTuple

HAS_OPENSSL = shutil.which("openssl") is not None
_CONFIG = """
[ca]
default_ca = it
[it]
new_certs_dir = {folder}
database = {folder}/index
serial = {folder}/serial
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
[ext]
subjectAltName = {names}
basicConstraints = critical,CA:TRUE
"""


class Pair(NamedTuple):
    """A self-signed certificate: who serves with it, and who trusts it."""

    server: ssl.SSLContext
    client: ssl.SSLContext


def certificate(folder: Path, *, names: str = "IP:127.0.0.1", start: str = "20200101", end: str = "20990101") -> Pair:
    """A certificate for `names`, valid between two days (YYYYMMDD)."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "index").touch()
    (folder / "serial").write_text("01")
    config = folder / "config"
    config.write_text(_CONFIG.format(folder=folder, names=names))
    key, request, made = folder / "key.pem", folder / "request.pem", folder / "certificate.pem"
    _openssl("req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", request, "-subj", "/CN=test")
    dates = ("-startdate", f"{start}000000Z", "-enddate", f"{end}000000Z")
    sign = ("ca", "-selfsign", "-batch", "-notext", "-config", config, "-extensions", "ext", "-keyfile", key)
    _openssl(*sign, *dates, "-in", request, "-out", made)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(made, key)
    return Pair(server, ssl.create_default_context(cafile=str(made)))


def _openssl(*arguments: object) -> None:
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)
