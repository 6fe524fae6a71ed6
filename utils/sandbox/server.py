"""The kernel of the stand-ins: ports, state, journal, failures on command, rates and control."""

from __future__ import annotations

import asyncio
import socket
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Iterable, Mapping
from pathlib import Path
from typing import Any, ClassVar

from aiohttp import web
from aiohttp.typedefs import Middleware

from utils.sandbox.control import PREFIX, Control
from utils.sandbox.exchange import (
    BODY_KEY,
    KEY,
    ClientDisconnected,
    Exchange,
    Handler,
    exchange_of,
)
from utils.sandbox.faults import Fault, Faults
from utils.sandbox.journal import Journal
from utils.sandbox.options import SandboxClock, SandboxOptions
from utils.sandbox.rates import Rates
from utils.sandbox.storage import Blob, BlobStore, Collection, open_database

__all__ = [
    "BODY_KEY",
    "Blob",
    "ClientDisconnected",
    "Collection",
    "Fault",
    "Faults",
    "Journal",
    "Rates",
    "Sandbox",
    "SandboxClock",
    "SandboxOptions",
    "Service",
]

HOST = "127.0.0.1"
CONTROL = "control"
PAGES = {
    "google_accounts": "google_oauth",
    "tiktok_web": "tiktok",
    "facebook_web": "graph",
    "instagram_web": "instagram",
    "instagram_oauth": "instagram",
}
"""Hosts of sign-in pages and the stand-in that also plays them."""
PORT_ORDER = (
    CONTROL,
    "telegram",
    "youtube",
    "google_oauth",
    "tiktok",
    "tiktok_upload",
    "graph",
    "graph_upload",
    "instagram",
    "groq",
    "cloudinary",
)
"""A fixed base port gives each of these its own port, in this order."""

RECEIVE_BUFFER = 128 * 1024
"""Small, so that a slowed reader is felt by the sender at once."""

READ_BUFFER = 64 * 1024
LARGEST_WHOLE_BODY = 128 * 1024 * 1024
SHUTDOWN_SECONDS = 0.2


class Service(ABC):
    """One remote: its paths, its rules and the shape of its errors."""

    name: ClassVar[str]
    plays: ClassVar[tuple[str, ...]] = ()
    """Other names of this remote for the control routes, like `google` or `facebook`."""
    aliases: ClassVar[Mapping[str, str]] = {}
    """Steps that a fault can also name otherwise: the name of the step to the other name."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox

    @abstractmethod
    def routes(self) -> list[web.RouteDef]:
        """Return the handlers under the paths that the real remote has."""

    @abstractmethod
    def step(self, request: web.Request) -> str:
        """Name the step of the protocol that a request is; the journal and faults use it."""

    @abstractmethod
    def error(self, status: int, message: str) -> web.Response:
        """Return a generic error in the shape of this remote."""

    def seed(self) -> None:  # noqa: B027 - services without accounts need none
        """Create demo accounts and tokens when there are none."""

    async def settle(self) -> None:  # noqa: B027 - what is not asynchronous is settled at once
        """Bring what is processed in the background to where it has to be by now."""

    def also(self, request: web.Request) -> tuple[str, ...]:
        """Return further names of a request's step, for faults and for the journal."""
        return ()

    def apps(self) -> list[dict[str, Any]]:
        """Return the applications that are registered here, each with its `client_id`."""
        return []

    def change_app(self, client_id: str, changes: dict[str, Any]) -> dict[str, Any]:
        """Register an application or change it; what it may redirect to is added.

        Raises:
            ValueError: when the remote's own form would not take it.
        """
        raise ValueError(f"{self.name} has no applications: {client_id} {sorted(changes)}")

    def list_accounts(self) -> list[dict[str, Any]]:
        """Return the accounts that can sign in or be published to."""
        return []

    def change_account(self, account: str, changes: dict[str, Any]) -> dict[str, Any]:
        """Change facts of an account, as its owner or the platform would.

        Raises:
            ValueError: when the account or a fact is unknown.
        """
        raise ValueError(f"{self.name} has no such account: {account} {sorted(changes)}")

    async def alter(self, remote_id: str, changes: dict[str, Any]) -> None:
        """Change what is published behind the application's back.

        Raises:
            ValueError: when there is no such post, or a change is unknown here.
        """
        raise ValueError(f"{self.name} cannot alter {remote_id}: {sorted(changes)}")

    def reset(self) -> None:  # noqa: B027 - most hold nothing in memory
        """Forget what is held in memory; the collections are already empty."""

    async def close(self) -> None:  # noqa: B027 - most have no work of their own
        """End what runs beside the requests."""

    def settings(self) -> dict[str, Any]:
        """Return what a caller needs in its settings to reach the seeded accounts."""
        return {}


class Sandbox:
    """All stand-ins in one process, each on its own port; whoever starts it stops it."""

    def __init__(
        self,
        options: SandboxOptions | None = None,
        services: Iterable[type[Service]] | None = None,
    ) -> None:
        self.options = options or SandboxOptions()
        self._database = open_database(self.options.data_dir)
        self._blobs = BlobStore(self.options.data_dir, keep_bytes=self.options.keep_bytes)
        self._state = self.collection("sandbox.state")
        self._published = self.collection("sandbox.published")
        self.clock = SandboxClock(self._remembered("clock").get("offset", 0.0))
        self._first_options = self.options.general()
        for name, value in self._remembered("general").items():
            self.options.assign(None, name, value)
        self.options.switches.update(self._remembered("switches"))
        self.rates = Rates()
        self.rates.assign(self._remembered("rates"))
        self.faults = Faults(self.collection("sandbox.faults"))
        self.journal = Journal(self._database)
        self.released = asyncio.Event()
        self.stopping = False
        self._runners: list[web.AppRunner] = []
        self._ports: dict[str, int] = {}
        self.services = {kind.name: kind(self) for kind in _kinds(services)}

    async def __aenter__(self) -> Sandbox:
        try:
            await self.start()
        except BaseException:
            await self.stop()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    def collection(self, name: str) -> Collection:
        """Open a persisted map, named like `youtube.sessions`."""
        return Collection(self._database, name)

    def blob(self, key: str) -> Blob:
        """Open the bytes of one upload, or begin with none; they survive a restart."""
        return self._blobs.get(key)

    def publish(
        self,
        *,
        service: str,
        account: str,
        remote_id: str,
        sha256: str,
        size: int,
        text: dict[str, Any],
        visibility: str,
        url: str,
        options: dict[str, Any] | None = None,
        thumbnail_sha256: str | None = None,
    ) -> None:
        """Show a post under the published ones; the same id replaces it.

        `options` are what was chosen beside text and visibility, in the remote's own names.
        """
        row = {
            "service": service,
            "account": account,
            "remote_id": remote_id,
            "sha256": sha256,
            "bytes": size,
            "text": text,
            "visibility": visibility,
            "url": url,
            "time": self.clock.now(),
            "options": options or {},
            "thumbnail_sha256": thumbnail_sha256,
            "captions": [],
            "blocked": None,
            "deleted": False,
        }
        self._published.put(f"{service}/{remote_id}", row)

    def unpublish(self, service: str, remote_id: str, *, forget: bool = False) -> None:
        """Take a post away; it stays among the deleted ones unless it never was live."""
        if forget:
            self._published.delete(f"{service}/{remote_id}")
            return
        self.update_published(
            service, remote_id, deleted=True, deleted_at=self.clock.now(), visibility="gone"
        )

    def update_published(self, service: str, remote_id: str, **changes: Any) -> None:
        """Change fields of what is published; what is not there stays away."""
        row = self._published.get(f"{service}/{remote_id}")
        if row is not None:
            self._published.put(f"{service}/{remote_id}", {**row, **changes})

    async def settle(self) -> None:
        """Bring every service to where it has to be by now."""
        for service in self.services.values():
            await service.settle()

    def published(self, *, deleted: bool = False) -> list[dict[str, Any]]:
        """Return what is live where, oldest first; on request also what was taken away."""
        return [row for _, row in self._published.items() if deleted or not row["deleted"]]

    def find_published(self, service: str, remote_id: str) -> dict[str, Any] | None:
        """Return what is or was live under an id."""
        return self._published.get(f"{service}/{remote_id}")

    def playing(self, name: str) -> Service:
        """Return the service of a name, its own one or one that it plays.

        Raises:
            ValueError: when there is none.
        """
        found = (one for one in self.services.values() if name == one.name or name in one.plays)
        service = next(found, None)
        if service is None:
            raise ValueError(f"no such service: {name}")
        return service

    async def read_body(
        self, request: web.Request, sink: Blob | bytearray, limit: int | None = None
    ) -> int:
        """Receive an upload at the speed of the link and return how many bytes came.

        Beyond `limit` bytes go uncounted into nothing: the sink holds at most `limit` more,
        and an answer above `limit` says that the body was too large.

        Raises:
            ClientDisconnected: when the client went away; what came is in the sink.
        """
        return await exchange_of(request).read_into(sink, limit)

    def stream_body(self, request: web.Request) -> AsyncIterator[bytes]:
        """Yield an upload piece by piece at the speed of the link, for parsers of their own."""
        return exchange_of(request).stream()

    async def send_file(
        self,
        request: web.Request,
        path: Path,
        *,
        content_type: str,
        start: int = 0,
        end: int | None = None,
        headers: dict[str, str] | None = None,
    ) -> web.StreamResponse:
        """Send the bytes `[start, end)` of a file at the speed of the link."""
        return await exchange_of(request).send_file(
            path, content_type=content_type, start=start, end=end, headers=headers
        )

    def disconnect(self, request: web.Request) -> None:
        """Reset the connection of a request that is still being handled."""
        exchange_of(request).cut()

    def note_body(self, request: web.Request, body: object) -> None:
        """Show `body` in the journal for a request whose body the handler has parsed."""
        exchange_of(request).row["body"] = body

    def address(self, service: str) -> str:
        """Return the base address of a service that was started, or of `control`."""
        return f"http://{HOST}:{self._ports[service]}"

    def addresses(self) -> dict[str, str]:
        return {name: self.address(name) for name in self._ports}

    def settings(self) -> dict[str, Any]:
        """Return settings that point an application at these stand-ins and their accounts."""
        settings: dict[str, Any] = {
            "endpoints": {
                name: self.address(name)
                for name in self.services
                if name not in {"telegram", "tiktok_upload"}
            },
            "accounts": [],
        }
        for page, home in PAGES.items():
            if home in self.services:
                settings["endpoints"][page] = self.address(home)
        for service in self.services.values():
            _merge(settings, service.settings())
        return settings

    async def start(self, *, base_port: int = 0) -> None:
        """Open all ports: from `base_port` on in fixed order, or free ones.

        Free ports are remembered in the data folder and taken again when they can be.
        """
        for service in self.services.values():
            service.seed()
        remembered = self._remembered("ports")
        for name in [CONTROL, *self.services]:
            wanted = base_port + _port_index(name) if base_port else remembered.get(name, 0)
            await self._open(name, wanted, exact=bool(base_port))
        self._state.put("ports", dict(self._ports))

    async def stop(self) -> None:
        """Close all ports, cut what is under way and let go of the state."""
        self.stopping = True
        self.released.set()
        for service in self.services.values():
            await service.close()
        for runner in self._runners:
            await runner.cleanup()
        self._runners.clear()
        self._blobs.close()
        self._database.close()

    async def reset(self) -> None:
        """Begin anew: no state, no journal, no failures, no rates.

        Ports stay, and counters go on, as no remote ever gives a number twice.
        """
        self.release()
        self.journal.clear()
        self._blobs.clear()
        self._database.execute("DELETE FROM documents")
        self._state.put("ports", dict(self._ports))
        self.rates.clear()
        self.options.switches.clear()
        for name, value in self._first_options.items():
            self.options.assign(None, name, value)
        self.clock.offset = 0.0
        for service in self.services.values():
            service.reset()
            service.seed()

    def release(self) -> None:
        """Call off all failures, also those that hold a request right now."""
        self.faults.clear()
        self.released.set()
        self.released = asyncio.Event()

    def set_rates(self, rates: dict[str, Any]) -> None:
        """Limit links; the shape is that of the control route."""
        self.rates.assign(rates)
        self._state.put("rates", self.rates.document())

    def set_option(self, service: str | None, name: str, value: object) -> None:
        """Change a switch of a service, or without a service a general option."""
        self.options.assign(service, name, value)
        self._state.put("switches", self.options.switches)
        self._state.put("general", self.options.general())

    def advance(self, seconds: float) -> None:
        """Move the clock of the stand-ins forward."""
        self.clock.advance(seconds)
        self._state.put("clock", {"offset": self.clock.offset})

    def _remembered(self, key: str) -> dict[str, Any]:
        return self._state.get(key) or {}

    async def _open(self, name: str, port: int, *, exact: bool) -> None:
        runner = web.AppRunner(
            self._application(name),
            access_log=None,
            read_bufsize=READ_BUFFER,
            shutdown_timeout=SHUTDOWN_SECONDS,
        )
        await runner.setup()
        self._runners.append(runner)
        listener = _listen(port, exact=exact)
        self._ports[name] = int(listener.getsockname()[1])
        await web.SockSite(runner, listener, backlog=512).start()

    def _application(self, name: str) -> web.Application:
        service = self.services.get(name)
        middlewares = [] if service is None else [self._middleware(service)]
        application = web.Application(middlewares=middlewares, client_max_size=LARGEST_WHOLE_BODY)
        application.add_routes(Control(self).routes())
        if service is not None:
            application.add_routes(service.routes())
        return application

    def _middleware(self, service: Service) -> Middleware:
        @web.middleware
        async def serve(request: web.Request, handler: Handler) -> web.StreamResponse:
            if request.path.startswith(PREFIX):
                return await handler(request)
            exchange = Exchange(self, service, request)
            request[KEY] = exchange
            return await exchange.run(handler)

        return serve


def _kinds(services: Iterable[type[Service]] | None) -> Iterable[type[Service]]:
    if services is not None:
        return services
    # Imported late: the service files import this module.
    from utils.sandbox.registry import SERVICES

    return SERVICES


def _port_index(name: str) -> int:
    return PORT_ORDER.index(name)


def _listen(port: int, *, exact: bool) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
    try:
        listener.bind((HOST, port))
    except OSError:
        if exact:
            listener.close()
            raise
        listener.bind((HOST, 0))
    return listener


def _merge(target: dict[str, Any], source: dict[str, Any]) -> None:
    for key, value in source.items():
        if isinstance(value, dict):
            _merge(target.setdefault(key, {}), value)
        elif isinstance(value, list):
            target.setdefault(key, []).extend(value)
        else:
            target[key] = value
