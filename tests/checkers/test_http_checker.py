from __future__ import annotations

import asyncio
import time
from collections import deque

import pytest

from directory.checkers import Ending, Options, Probe, Status, Target, http
from directory.checkers._address import is_public
from directory.checkers.http import Http
from tests.fakes.clock import SimClock
from tests.fakes.network import Network
from tests.fakes.tls import HAS_OPENSSL
from tests.fakes.web import Web
from tests.faults import hostile, ssrf, token
from tests.faults.hostile import TLS, look

NEEDS_OPENSSL = "tls good expired unknown and for another name"


@pytest.mark.parametrize("name", [n for n in hostile.CASES if not n.startswith("memory")])
def test_hostile_server(name: str) -> None:
    if name == NEEDS_OPENSSL and not HAS_OPENSSL:
        pytest.skip("the openssl command is missing")
    hostile.CASES[name]()


@pytest.mark.parametrize("name", ssrf.CASES)
def test_no_way_into_our_network(name: str) -> None:
    ssrf.CASES[name]()


@pytest.mark.parametrize("name", token.CASES)
def test_the_token_stays_where_it_belongs(name: str) -> None:
    token.CASES[name]()


def test_addresses_need_no_resolver() -> None:
    assert is_public("8.8.8.8")
    assert not is_public("fe80::1%eth0")


def run(checker: Http, targets: list[Target], stop_after: int = 10**9) -> tuple[dict[int | str, Probe], Ending | None]:
    async def work() -> tuple[dict[int | str, Probe], Ending | None]:
        probes: dict[int | str, Probe] = {}
        ending = None
        events = checker.check(targets, lambda: len(probes) >= stop_after)
        async for event in events:
            if isinstance(event, Ending):
                ending = event
            else:
                assert not probes.keys() & {p.key for p in event}, "no link twice"
                probes |= {p.key: p for p in event}
        return probes, ending

    return asyncio.run(work())


def options(**more: object) -> Options:
    return Options(**{"gap": 0.0, "allow_private": True, "clock": SimClock(), **more})  # type: ignore[arg-type]


def test_it_claims_web_pages() -> None:
    assert http.claims("https://example.com/")
    assert http.claims("HTTP://example.com/")
    assert not http.claims("mailto:a@example.com")
    assert not http.claims("ftp://example.com/")


def test_a_host_gets_two_requests_at_once_and_all_get_64() -> None:
    web = Web(delay=0.01)
    with web.serve() as server:
        run(Http(options(), tls=TLS), [Target(i, f"{server.url}/ok/{i}") for i in range(40)])
        assert web.busiest == 2
        web.busiest = 0
        run(Http(options(per_host=100, at_once=16), tls=TLS), [Target(i, f"{server.url}/ok/{i}") for i in range(100)])
        assert 8 < web.busiest <= 16


def test_half_a_second_between_two_links_of_a_host() -> None:
    web = Web()
    clock = SimClock()
    with web.serve() as server:
        run(
            Http(options(gap=0.5, per_host=1, clock=clock), tls=TLS), [Target(i, server.url + "/ok") for i in range(10)]
        )
    assert clock.elapsed == pytest.approx(4.5)


def test_connections_are_kept() -> None:
    web = Web()
    with web.serve() as server:
        run(Http(options(), tls=TLS), [Target(i, f"{server.url}/ok/{i}") for i in range(20)])
        assert server.accepted <= 2


@pytest.mark.parametrize(
    ("answers", "status", "slept"),
    [
        ([(429, "7")], Status.OK, 7),
        ([(503, "7"), (503, "5")], Status.OK, 12),
        ([(429, ""), (429, "")], Status.OK, 15),
        ([(429, ""), (500, "")], Status.OK, 4),
        ([(500, "")], Status.OK, 1),
        ([(500, "")] * 9, Status.SERVER_ERROR, 1),
        ([(429, "61")], Status.BLOCKED, 0),
        ([(503, "3600")] * 9, Status.SERVER_ERROR, 0),
        ([(503, "1")] * 9, Status.SERVER_ERROR, 2),
        ([(429, "1")] * 9, Status.BLOCKED, 2),
        ([(429, "Mon, 23 Nov 2026 03:00:30 GMT")], Status.OK, 30),
        ([(429, "nonsense")], Status.OK, 3),
    ],
)
def test_two_retries_when_the_server_says_so(answers: list[tuple[int, str]], status: Status, slept: float) -> None:
    clock = SimClock()
    # A HEAD that gets a 5xx is followed by a GET, which gets the same.
    script = [pair for pair in answers for _ in range(1 if pair[0] == 429 else 2)]
    web = Web(script={"/x": deque((code, {"Retry-After": after} if after else {}) for code, after in script)})
    web.script["/x"].extend([(200, {})] * (20 if status is Status.OK else 0))
    with web.serve() as server:
        probe = run(Http(options(clock=clock), tls=TLS), [Target(0, server.url + "/x")])[0][0]
    assert probe.status is status
    assert clock.elapsed == pytest.approx(slept, abs=0.5)


def test_a_timeout_is_tried_once_more_at_the_very_end() -> None:
    web = Web()
    with web.serve() as server:
        look(Target("slow", server.url + "/hang"), *[Target(i, f"{server.url}/ok/{i}") for i in range(5)])
    paths = [path for _, path in web.log]
    assert paths.count("/hang") == 2
    assert paths[-1] == "/hang"


def test_a_broken_page_does_not_hold_up_its_host() -> None:
    web, clock = Web(), SimClock()
    with web.serve() as server:
        broken = [Target(f"broken {i}", f"{server.url}/status/500?{i}") for i in range(6)]
        probes, _ = run(
            Http(options(clock=clock), tls=TLS), [*broken, *[Target(i, f"{server.url}/ok/{i}") for i in range(6)]]
        )
    assert [probes[t.key].status for t in broken] == [Status.SERVER_ERROR] * 6
    paths = [path for _, path in web.log]
    assert all("500" in path for path in paths[-6:]), "all else was looked at before the second chances"
    assert clock.elapsed <= 6 * 3


def test_a_body_is_read_to_64_kb_and_no_further() -> None:
    started = time.monotonic()
    with Web().serve() as server:
        assert look(Target(0, server.url + "/endless", inspect=True))[0].status is Status.OK
    assert time.monotonic() - started < 2


def test_one_random_neighbour_serves_for_a_whole_folder() -> None:
    web = Web()
    with web.serve() as server:
        probes = look(*[Target(i, f"{server.url}/soft/folder/{i}", inspect=True) for i in range(10)])
    assert {p.status for p in probes.values()} == {Status.SOFT_404}
    assert len(web.log) == 11


def test_a_move_to_another_sites_front_page_is_a_move_unless_everything_goes_there() -> None:
    other = Web()
    with other.serve(host="127.0.0.2") as there:
        web = Web(elsewhere=there.url + "/")
        with web.serve() as server:
            probe = look(Target(0, server.url + "/to-elsewhere"))[0]
            assert (probe.status, probe.location) == (Status.MOVED, there.url + "/")
            assert look(Target(0, server.url + "/all-to-elsewhere/page"))[0].status is Status.SOFT_404


def test_names_and_paths_in_any_script() -> None:
    network = Network()
    names = ssrf.names(**{"xn--fsqu00a.xn--fiqs8s": [[ssrf.PUBLIC]], "public.example": [[ssrf.PUBLIC]]})
    urls = [
        "https://例子.中国/文档/说明?词=大模型#节",
        "http://public.example/文档/说明.html",
        "http://public.example/%E6%96%87",
    ]
    probes = {p.key: p for p in ssrf.look(network, names, *urls)}
    assert [probes[url].status for url in urls[1:]] == [Status.OK, Status.OK]
    assert names.asked["xn--fsqu00a.xn--fiqs8s"] == 1, "looked up by its ASCII form"
    assert set(network.called) == {ssrf.PUBLIC}
    web = Web()
    with web.serve() as server:
        assert look(Target(0, server.url + "/ok/文档?词=大模型"))[0].status is Status.OK
    assert web.log == [("HEAD", "/ok/%E6%96%87%E6%A1%A3?%E8%AF%8D=%E5%A4%A7%E6%A8%A1%E5%9E%8B")]


def test_the_evidence_tells_the_way() -> None:
    with Web().serve() as server:
        probe = look(Target(0, server.url + "/to/301/hops/2"))[0]
        assert probe.evidence == {"via": "head", "http": 200, "hops": 3, "final": server.url + "/hops/0"}


def test_a_stop_finishes_what_is_in_flight_and_says_what_is_left() -> None:
    web = Web(delay=0.05)
    with web.serve() as server:
        probes, ending = run(
            Http(options(), tls=TLS), [Target(i, f"{server.url}/ok/{i}") for i in range(200)], stop_after=1
        )
    assert 0 < len(probes) < 200
    assert ending is not None
    assert ending.kind == "partial"
    assert ending.reason == f"stopped with {200 - len(probes)} links to go"
    assert len({path for _, path in web.log}) == len(probes), "what was asked was told"


def test_a_stop_does_not_wait_for_a_host_that_wants_a_minute() -> None:
    web = Web(script={"/busy": deque([(429, {"Retry-After": "50"})] * 3)})
    started = time.monotonic()
    with web.serve() as server:
        slow = Http(Options(gap=0, allow_private=True), tls=TLS, total=0.3)
        probes, ending = run(slow, [Target("busy", server.url + "/busy"), Target(1, server.url + "/ok")], stop_after=1)
    assert list(probes) == [1]
    assert ending is not None
    assert ending.reason == "stopped with 1 links to go"
    assert time.monotonic() - started < 5


def test_canaries_decide_whether_it_can_work() -> None:
    with Web().serve() as server:
        good, bad = server.url + "/ok", server.url + "/status/404"

        def ready(*canaries: str) -> Ending | None:
            return asyncio.run(Http(options(canaries=canaries), tls=TLS).ready(lambda: False))

        assert ready(good) is None
        assert ready() is None
        ending = ready(good, bad)
        assert ending is not None
        assert (ending.kind, ending.limit) == ("void", False)
    assert ready(good) is not None, "the network is off"


def test_addresses_nobody_can_read_are_values_not_crashes() -> None:
    urls = [
        "http://",
        "http://[::1",
        "http://a b/",
        "http://\udcff/",
        "http://x:99999/",
        "https://" + "a" * 70 + ".com",
        "x",
    ]
    probes, ending = run(Http(options(), resolve=ssrf.names(), tls=TLS), [Target(u, u) for u in urls])
    assert len(probes) == len(urls)
    assert Status.OK not in {p.status for p in probes.values()}
    assert ending is None
