"""Where links may lead: the public internet, and the private hosts that an admin allowed.

An address is looked at when it is read, at each redirect, after each look-up of a name, and once
more when the socket is made, so what is checked is what is connected to.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterable
from urllib.parse import urlsplit

import aiohttp
from aiohttp import ClientHandlerType, ClientRequest, ClientResponse
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from core.errors import SourceError
from core.sources.addresses import is_public, read_literal
from core.sources.base import CHUNK_BYTES, USER_AGENT, keep_chunks_mapped

AddressInfo = tuple[int, int, int, str, tuple[str, int] | tuple[str, int, int, int]]

_ODD = re.compile(r"[\x00-\x20\x7f\\]")
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*", re.IGNORECASE)
"""A last label that resolvers may take for a part of an address: WHATWG URL, section 3.5."""
_PORTS = {"http": 80, "https": 443}


class Guard:
    """Decides which hosts and addresses may be asked.

    ``allowed_hosts`` may be asked although they are private: ``example.org``, ``10.0.0.7:8080``,
    ``*.example.org`` (not ``example.org`` itself), or ``*`` for every host.
    """

    def __init__(self, allowed_hosts: Iterable[str] = ()) -> None:
        self.allowed_hosts = frozenset(host.lower().rstrip(".") for host in allowed_hosts)
        self._vouched: set[tuple[str, int]] = set()
        """Private addresses and ports that allowed hosts led to."""

    def check(self, url: str) -> URL:
        """Return the address to be asked, in the spelling that is connected to.

        Raises:
            SourceError: ``bad_url`` or ``link_private``. A name is judged only when it is known
                where it leads.
        """
        parsed = read_url(url)
        host, port = host_of(parsed), parsed.port or _PORTS[parsed.scheme]
        literal = read_literal(host)
        if self.allows(host, port):
            if literal is not None:
                self._vouched.add((str(literal), port))
        elif is_local_name(host) or (literal is not None and not is_public(literal)):
            raise private(host)
        return parsed

    def allows(self, host: str, port: int) -> bool:
        """Tell whether an admin allowed a host wherever it leads."""
        host = host.lower().rstrip(".")
        names = {host, f"{host}:{port}", f"[{host}]", f"[{host}]:{port}", "*"}
        return bool(names & self.allowed_hosts) or any(
            host.endswith(pattern[1:])
            for pattern in self.allowed_hosts
            if pattern.startswith("*.")
        )

    def usable(self, host: str, port: int, addresses: Iterable[str]) -> list[str]:
        """Return those addresses of a name that may be connected to.

        Raises:
            SourceError: ``link_private``, when there is none.
        """
        found = list(addresses)
        if self.allows(host, port):
            self._vouched.update((address, port) for address in found)
            return found
        public = [address for address in found if _is_public(address)]
        if not public:
            raise private(host)
        return public

    def require_address(self, address: str, port: int) -> None:
        """Check the very address of a socket.

        Raises:
            SourceError: ``link_private``.
        """
        if "*" in self.allowed_hosts or (address, port) in self._vouched or _is_public(address):
            return
        raise private(address)


class GuardedResolver(AbstractResolver):
    """Looks names up and leaves out the addresses that must not be asked."""

    def __init__(self, guard: Guard, inner: AbstractResolver) -> None:
        self._guard = guard
        self._inner = inner

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = await self._inner.resolve(host, port, family)
        usable = set(self._guard.usable(host, port, [one["host"] for one in found]))
        return [one for one in found if one["host"] in usable]

    async def close(self) -> None:
        await self._inner.close()


class GuardedConnector(aiohttp.TCPConnector):
    """Connects only to what a guard lets pass; closes its resolver."""

    def __init__(self, guard: Guard, resolver: AbstractResolver | None = None) -> None:
        self._guarded = GuardedResolver(guard, resolver or aiohttp.DefaultResolver())
        self._guard = guard
        super().__init__(limit=0, resolver=self._guarded, socket_factory=self._make_socket)

    async def close(self, *, abort_ssl: bool = False) -> None:
        await super().close(abort_ssl=abort_ssl)
        await self._guarded.close()

    def _make_socket(self, info: AddressInfo) -> socket.socket:
        family, kind, protocol, _, address = info
        self._guard.require_address(address[0], address[1])
        return socket.socket(family, kind, protocol)


class GuardMiddleware:
    """Checks each request of a session, also those that follow a redirect."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard

    async def __call__(self, request: ClientRequest, send: ClientHandlerType) -> ClientResponse:
        _ = self._guard.check(str(request.url))
        return await send(request)


def read_url(text: str) -> URL:
    """Read a link; escapes stay as they are, because signatures may cover them.

    Raises:
        SourceError: ``bad_url``, for anything whose host could be understood in two ways.
    """
    if _ODD.search(text):
        raise bad_url()
    try:
        parts = urlsplit(text)
        is_web = parts.scheme in _PORTS and "@" not in parts.netloc and parts.port != 0
        if not is_web or "%" in parts.netloc or not parts.hostname:
            raise bad_url()
        base = URL.build(scheme=parts.scheme, host=parts.hostname, port=parts.port)
        _require_plain(host_of(base))
        rest = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return URL(f"{base.scheme}://{base.raw_authority}{rest}", encoded=rest.isascii())
    except ValueError as error:
        raise bad_url() from error


def host_of(url: URL) -> str:
    """Return the host as it is looked up, without the dot of the root."""
    return (url.raw_host or "").rstrip(".")


def is_local_name(host: str) -> bool:
    """Tell whether a name is kept for this machine: RFC 6761, section 6.3."""
    return host == "localhost" or host.endswith(".localhost")


def private(host: str) -> SourceError:
    """Return the refusal of a host on a private network."""
    return SourceError(key="link_private", retry=False, facts={"host": host})


def bad_url() -> SourceError:
    """Return the refusal of something that is no plain link."""
    return SourceError(key="bad_url", retry=False)


def link_session(
    guard: Guard,
    *,
    stall_seconds: float = 60.0,
    connect_seconds: float = 10.0,
    resolver: AbstractResolver | None = None,
) -> aiohttp.ClientSession:
    """Return a session for links of people; the caller closes it.

    There is no limit for a whole download, only for the connection and for silence. Cookies,
    sign-ins and proxies of the machine play no part.
    """
    keep_chunks_mapped()
    return aiohttp.ClientSession(
        connector=GuardedConnector(guard, resolver),
        middlewares=(GuardMiddleware(guard),),
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"user-agent": USER_AGENT, "accept-encoding": "identity"},
        timeout=aiohttp.ClientTimeout(
            total=None, sock_connect=connect_seconds, sock_read=stall_seconds
        ),
        auto_decompress=False,
        read_bufsize=CHUNK_BYTES // 2,
        trust_env=False,
    )


def _require_plain(host: str) -> None:
    """Refuse numbers that are an address only to some readers: ``2130706433``, ``0x7f.1``."""
    last = host.rpartition(".")[2]
    if ":" not in host and _NUMBER.fullmatch(last) and read_literal(host) is None:
        raise bad_url()


def _is_public(address: str) -> bool:
    literal = read_literal(address)
    return literal is not None and is_public(literal)
