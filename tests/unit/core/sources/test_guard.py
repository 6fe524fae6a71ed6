from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable

import aiohttp
import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from core.errors import SourceError
from core.sources import guard as guarding
from core.sources.addresses import Address, is_public
from core.sources.fetch import Fetch
from core.sources.guard import Guard, link_session
from tests.http_kit import serve


class Names(AbstractResolver):
    """A name server whose answers change from one question to the next."""

    def __init__(self, *answers: list[str]) -> None:
        self._answers = list(answers)
        self.asked: list[str] = []

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.asked.append(host)
        addresses = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        return [
            ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0)
            for address in addresses
        ]

    async def close(self) -> None:
        """Nothing is open."""


@pytest.fixture
def loopback_is_public(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take one address of this machine for one of the internet; all others stay what they are."""
    home = ipaddress.ip_address("127.0.0.1")

    def judge(address: Address) -> bool:
        return address == home or is_public(address)

    monkeypatch.setattr(guarding, "is_public", judge)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "100.100.100.200",
        "127.0.0.1",
        "127.255.255.254",
        "168.63.129.16",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.192",
        "192.168.0.1",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:a00:1::",
        "2606:4700::5efe:a00:1",
        "3fff::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%eth0",
        "2606:4700::1%eth0",
        "ff02::1",
    ],
)
def test_addresses_off_the_open_internet_are_refused(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))
    with pytest.raises(SourceError, match="link_private"):
        Guard().require_address(address, 80)


@pytest.mark.parametrize(
    "address",
    [
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "172.32.0.0",
        "192.0.1.0",
        "223.255.255.255",
        "2606:4700::1111",
        "::ffff:1.1.1.1",
        "64:ff9b::101:101",
        "2002:101:101::",
    ],
)
def test_addresses_of_the_open_internet_pass(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://2130706433/", "bad_url"),
        ("http://0x7f000001/", "bad_url"),
        ("http://0x7f.1/", "bad_url"),
        ("http://0177.0.0.1/", "bad_url"),
        ("http://127.1/", "bad_url"),
        ("http://127.0.0.1.:80/", "link_private"),
        ("http://１２７.0.0.1/", "link_private"),
        ("http://①②⑦.0.0.1/", "link_private"),
        ("http://[::ffff:127.0.0.1]/", "link_private"),
        ("http://[0:0:0:0:0:ffff:7f00:1]/", "link_private"),
        ("http://[fe80::1%25eth0]/", "bad_url"),
        ("http://%31%32%37.0.0.1/", "bad_url"),
        ("http://localhost/", "link_private"),
        ("http://LOCALHOST./", "link_private"),
        ("http://a.localhost/", "link_private"),
        ("http://example.org@127.0.0.1/", "bad_url"),
        ("http://example.org:80@127.0.0.1/", "bad_url"),
        ("http://@example.org/", "bad_url"),
        ("http://example.org\\@127.0.0.1/", "bad_url"),
        ("http://example.org\t/", "bad_url"),
        ("http://example.org /", "bad_url"),
        ("http://[bad/", "bad_url"),
        ("http://example.org:99999/", "bad_url"),
        ("http://example.org:0/", "bad_url"),
        ("http:///path", "bad_url"),
        ("ftp://example.org/", "bad_url"),
        ("file:///etc/passwd", "bad_url"),
        ("//example.org/", "bad_url"),
    ],
)
def test_odd_spellings_do_not_pass(url: str, key: str) -> None:
    with pytest.raises(SourceError) as caught:
        Guard().check(url)

    assert (caught.value.key, caught.value.retry) == (key, False)


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("https://EXAMPLE.org/a%2Fb?s=%2B&t=a+b#end", "https://example.org/a%2Fb?s=%2B&t=a+b"),
        ("http://example.org", "http://example.org/"),
        ("http://münchen.example/ü", "http://xn--mnchen-3ya.example/%C3%BC"),
        ("http://1.1.1.1:8080/v", "http://1.1.1.1:8080/v"),
        ("http://[2606:4700::1111]/v", "http://[2606:4700::1111]/v"),
    ],
)
def test_links_are_asked_as_they_are_written(url: str, asked: str) -> None:
    assert str(Guard().check(url)) == asked


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://10.0.0.7/", "10.0.0.7"),
        ("http://10.0.0.7:8080/", "10.0.0.7:8080"),
        ("https://10.0.0.7/", "10.0.0.7:443"),
        ("http://[::1]:81/", "[::1]:81"),
        ("http://localhost/", "LOCALHOST"),
        ("http://a.localhost./", "*.localhost"),
        ("http://127.0.0.1/", "*"),
    ],
)
def test_allowed_hosts_pass_although_they_are_private(url: str, host: str) -> None:
    assert Guard([host]).check(url)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://10.0.0.7:81/", "10.0.0.7:8080"),
        ("http://localhost/", "*.localhost"),
        ("http://a.evillocalhost.localhost/", "*.evil.localhost"),
        ("http://127.0.0.1/", "127.0.0.1.example.org"),
    ],
)
def test_other_private_hosts_stay_closed(url: str, host: str) -> None:
    with pytest.raises(SourceError, match="link_private"):
        Guard([host]).check(url)


async def answer(request: web.Request) -> web.Response:
    del request
    return web.Response(body=b"video", headers={"Connection": "close"})


async def open_by_name(session: aiohttp.ClientSession, guard: Guard, url: str) -> bytes:
    stream = await Fetch(session=session, check=guard.check).open(url, 0)
    try:
        return b"".join([chunk async for chunk in stream.chunks()])
    finally:
        await stream.close()


@pytest.mark.parametrize("address", ["127.0.0.1", "169.254.169.254", "::1", "10.0.0.1"])
async def test_names_of_private_addresses_are_refused_when_they_are_looked_up(
    address: str,
) -> None:
    guard, names = Guard(), Names([address])
    async with link_session(guard, resolver=names) as session:
        with pytest.raises(SourceError, match="link_private") as caught:
            await open_by_name(session, guard, "http://example.org/v.mp4")

    assert names.asked == ["example.org"]
    assert caught.value.facts == {"host": "example.org"}


async def test_names_of_allowed_hosts_may_be_private() -> None:
    async with serve(answer) as base:
        port = base.rpartition(":")[2]
        guard = Guard([f"files.example:{port}"])
        async with link_session(guard, resolver=Names(["127.0.0.1"])) as session:
            found = await open_by_name(session, guard, f"http://files.example:{port}/v")

            assert found == b"video"
            with pytest.raises(SourceError, match="link_private"):
                await open_by_name(session, guard, f"http://other.example:{port}/v")


@pytest.mark.usefixtures("loopback_is_public")
async def test_a_name_that_becomes_private_is_refused_then() -> None:
    names = Names(["127.0.0.1"], ["127.0.0.2"])
    guard = Guard()
    async with serve(answer) as base:
        url = f"http://rebind.example:{base.rpartition(':')[2]}/v"
        async with link_session(guard, resolver=names) as session:
            assert await open_by_name(session, guard, url) == b"video"
            connector = session.connector
            assert isinstance(connector, aiohttp.TCPConnector)
            connector.clear_dns_cache()
            with pytest.raises(SourceError, match="link_private"):
                await open_by_name(session, guard, url)

    assert len(names.asked) == 2


@pytest.mark.usefixtures("loopback_is_public")
async def test_of_mixed_addresses_only_the_public_ones_are_connected_to() -> None:
    guard = Guard()
    async with serve(answer) as base:
        port = int(base.rpartition(":")[2])
        assert guard.usable("a.example", port, ["127.0.0.2", "127.0.0.1"]) == ["127.0.0.1"]
        async with link_session(guard, resolver=Names(["10.0.0.1", "127.0.0.1"])) as session:
            url = f"http://mixed.example:{port}/v"

            assert await open_by_name(session, guard, url) == b"video"


async def test_the_socket_itself_is_checked() -> None:
    """What was not vouched for on the way is refused although nobody looked before."""

    class Blind(Guard):
        def usable(self, host: str, port: int, addresses: Iterable[str]) -> list[str]:
            del host, port, addresses
            return ["127.0.0.1"]

    guard = Blind()
    async with (
        serve(answer) as base,
        link_session(guard, resolver=Names(["127.0.0.1"])) as session,
    ):
        with pytest.raises(SourceError, match="link_private") as caught:
            await open_by_name(session, guard, f"http://a.example:{base.rpartition(':')[2]}/")

    assert caught.value.facts == {"host": "127.0.0.1"}


@pytest.mark.parametrize(
    ("target", "key"),
    [
        ("http://169.254.169.254/latest/meta-data/", "link_private"),
        ("http://[::1]/", "link_private"),
        ("//localhost/", "link_private"),
        ("http://2852039166/", "bad_url"),
        ("http://inner.example/", "link_private"),
        ("http://[bad", "bad_url"),
        ("gopher://1.1.1.1/", "bad_url"),
    ],
)
async def test_redirects_into_private_networks_are_refused(target: str, key: str) -> None:
    async def redirect(request: web.Request) -> web.Response:
        del request
        return web.Response(status=302, headers={"Location": target})

    async with serve(redirect) as base:
        guard = Guard([base.removeprefix("http://")])
        async with link_session(guard, resolver=Names(["192.168.1.1"])) as session:
            with pytest.raises(SourceError) as caught:
                await open_by_name(session, guard, base)

    assert (caught.value.key, caught.value.retry) == (key, False)


async def test_a_session_guards_itself_when_it_follows_redirects_alone() -> None:
    async def redirect(request: web.Request) -> web.Response:
        del request
        return web.Response(status=302, headers={"Location": "http://127.0.0.1:1/"})

    async with serve(redirect) as base:
        guard = Guard([base.removeprefix("http://")])
        async with link_session(guard) as session:
            with pytest.raises(SourceError, match="link_private"):
                await session.get(base)
