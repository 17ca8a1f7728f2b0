"""Can a link make us reach into our own network? Fault table, row 10: `python -m tests.faults.ssrf`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

import httpx

from directory.checkers import Ending, Options, Probe, Status, Target
from directory.checkers.http import Http
from tests.fakes.clock import SimClock
from tests.fakes.network import Names, Network, redirect
from tests.faults.table import Cases, report

PUBLIC = "93.184.215.14"
# What a list may hold and a resolver or libc understands as an address that is not public.
LITERALS = """
127.0.0.1 127.1 127.0.1 127.255.255.254 2130706433 0x7f000001 0x7f.0.0.1 0177.0.0.1 017700000001
0x7f.1 0 0.0.0.0 0.0.0.1 10.0.0.1 10.255.255.255 167772161 0x0a000001 172.16.0.1 172.31.255.254
192.168.0.1 192.168.255.255 0xc0a80001 169.254.0.1 169.254.169.254 2852039166 0xa9fea9fe
0251.0376.0251.0376 100.64.0.1 100.100.100.200 100.127.255.255 192.0.0.1 192.0.0.192 192.0.2.1
192.88.99.1 198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 168.63.129.16 224.0.0.1
239.255.255.255 240.0.0.1 255.255.255.255 [::1] [::] [::ffff:127.0.0.1] [::ffff:7f00:1]
[0:0:0:0:0:ffff:10.0.0.1] [::ffff:169.254.169.254] [::127.0.0.1] [::ffff:0:127.0.0.1]
[64:ff9b::127.0.0.1] [64:ff9b::a9fe:a9fe] [64:ff9b::10.0.0.1] [64:ff9b:1::a00:1]
[64:ff9b:1::8.8.8.8] [2002:7f00:1::] [2002:a9fe:a9fe::1] [2002:a00:1::1] [2001:0:7f00:1::] [2001::1]
[2001:10::1] [2001:20::1] [2001:db8::1] [fc00::1] [fd00:ec2::254] [fe80::1] [fe80::1%25lo] [fec0::1]
[ff02::1] [ff0e::1] [100::1] [5f00::1] [3fff::1] [4000::1]
""".split()
DISGUISES = """
①②⑦.⓪.⓪.① 127。0。0。1 １２７.0.0.1 %31%32%37.0.0.1 user@127.0.0.1 user:secret@10.0.0.1
127.0.0.1:22 LOCALHOST localhost localhost. 127.0.0.1. ip6-localhost
metadata.google.internal
""".split()
FINE = """
8.8.8.8 1.1.1.1 140.82.112.3 93.184.215.14 172.15.255.255 172.32.0.1 100.63.255.255 100.128.0.1
192.167.255.255 192.169.0.1 169.253.255.255 169.255.0.1 198.17.255.255 198.20.0.1 191.255.255.255
223.255.255.254 11.0.0.1 9.255.255.255 [2606:50c0:8000::153] [2001:4860:4860::8888]
[2a00:1450:4001:80b::200e] [2400:cb00::1] [::ffff:8.8.8.8] [64:ff9b::8.8.8.8]
""".split()
LOCAL = {name: ["127.0.0.1"] for name in ("localhost", "localhost.", "127.0.0.1.", "ip6-localhost")}
LOCAL["metadata.google.internal"] = ["169.254.169.254"]

TLS = httpx.create_ssl_context()
CASES = Cases()


def look(network: Network, names: Names, *urls: str) -> list[Probe]:
    """Look at links over a made-up network."""

    async def run() -> list[Probe]:
        checker = Http(Options(gap=0, clock=SimClock()), resolve=names, network=network, tls=TLS)
        found: list[Probe] = []
        async for event in checker.check([Target(url, url) for url in urls], lambda: False):
            assert not isinstance(event, Ending)
            found.extend(event)
        return found

    return asyncio.run(run())


def names(**more: list[list[str]]) -> Names:
    known = {name: [answer] for name, answer in LOCAL.items()}
    return Names(**{"public.example": [[PUBLIC]], **known, **more})


def refused(network: Network, names: Names, url: str) -> None:
    (probe,) = look(network, names, url)
    assert set(network.called) <= {PUBLIC}, f"{url}: called {network.called}"
    assert probe.status in (Status.REFUSED, Status.NO_SUCH_HOST), f"{url}: {probe.status} {probe.why}"


def _direct(form: str) -> None:
    network = Network()
    refused(network, names(), f"http://{form}/")
    assert network.called == [], "nothing may be sent"
    refused(network, names(), f"https://{form}:8443/x")
    assert network.called == []


def _redirected(form: str) -> None:
    network = Network()
    network.answer(PUBLIC, redirect(f"http://{form}/latest/meta-data/"))
    refused(network, names(), "http://public.example/")
    network.answer(PUBLIC, redirect(f"//{form}/"))
    refused(network, names(), "http://public.example/")


def _by_name(form: str) -> None:
    network = Network()
    address = form.strip("[]").replace("%25", "%")
    plain = asyncio.run(Names()(address))
    refused(network, names(**{"evil.example": [plain]}), "http://evil.example/")
    assert network.called == []


def _add(way: str, function: Callable[[str], None], forms: list[str]) -> None:
    for form in forms:
        CASES[f"{way} {form}"] = partial(function, form)


_add("direct", _direct, LITERALS + DISGUISES)
_add("redirect to", _redirected, LITERALS + DISGUISES)
_add("a name for", _by_name, LITERALS)


@CASES.case
def a_name_that_changes_its_mind_after_the_check() -> None:
    network, changing = Network(), names(**{"rebind.example": [[PUBLIC], ["127.0.0.1"]]})
    probes = look(network, changing, *[f"http://rebind.example/{i}" for i in range(6)])
    assert {p.status for p in probes} == {Status.OK}
    assert set(network.called) == {PUBLIC}
    assert changing.asked["rebind.example"] == 1, "resolved once"


@CASES.case
def a_name_that_changes_its_mind_between_hops() -> None:
    network, changing = Network(), names(**{"rebind.example": [[PUBLIC], ["10.0.0.1"]]})
    network.answer(PUBLIC, redirect("http://rebind.example:8080/again"))
    look(network, changing, "http://rebind.example/")
    assert set(network.called) == {PUBLIC}


@CASES.case
def public_and_private_addresses_mixed() -> None:
    for answers in ([PUBLIC, "10.0.0.1"], ["10.0.0.1", PUBLIC], [PUBLIC, "::1"], ["fe80::1", PUBLIC]):
        network = Network()
        refused(network, names(**{"mixed.example": [answers]}), "http://mixed.example/")
        assert network.called == []


@CASES.case
def no_other_scheme() -> None:
    for url in (
        "file:///etc/passwd",
        "ftp://public.example/",
        "gopher://127.0.0.1/",
        "unix:/run/x.sock",
        "javascript:1",
    ):
        network = Network()
        refused(network, names(), url)
        network.answer(PUBLIC, redirect(url))
        refused(network, names(), "http://public.example/")


def _open(form: str) -> None:
    network = Network()
    (probe,) = look(network, names(), f"http://{form}/")
    assert probe.status is Status.OK, f"{form}: {probe.why}"
    assert len(set(network.called)) == 1


_add("public", _open, FINE)


@CASES.case
def a_second_address_is_tried_when_the_first_is_silent() -> None:
    network = Network()
    network.silent.add("8.8.8.8")
    (probe,) = look(network, names(**{"two.example": [["8.8.8.8", PUBLIC]]}), "http://two.example/")
    assert probe.status is Status.OK
    assert network.called == ["8.8.8.8", PUBLIC]


if __name__ == "__main__":
    report(CASES)
