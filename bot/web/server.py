"""The one web server: callbacks of sign-ins, Telegram's webhook, and what else is mounted."""

from __future__ import annotations

import errno
import logging
from collections.abc import Iterable

from aiohttp import web

from core.accounts.logins import Reach
from core.errors import SettingsError
from core.settings import WebSettings

logger = logging.getLogger(__name__)

BODY_LIMIT = 4 * 1024 * 1024
LEAVE_SECONDS = 1.0
LOOPBACK = "127.0.0.1"
ANY_PORT = 8080
"""Stands in addresses that are copied while nothing listens and no port is set."""
EVERYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104 - only compared with


class WebServer:
    """Serves what is mounted, from `start` to `stop`; an address in use is no end of the rest."""

    def __init__(self, settings: WebSettings) -> None:
        self._public_url = settings.public_url
        self._host, self._port = read_listen(settings.listen)
        self._routes: list[web.AbstractRouteDef] = [web.get("/healthz", _healthy)]
        self._runner: web.AppRunner | None = None

    @property
    def address(self) -> str:
        """Host and port, the real one once it listens."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"{host}:{self._port}"

    def mount(self, routes: Iterable[web.AbstractRouteDef]) -> None:
        """Add routes; only before `start`."""
        self._routes.extend(routes)

    def reach(self) -> Reach:
        """Return where browsers reach this server now."""
        return Reach(
            public_url=self._public_url,
            port=self._port or ANY_PORT,
            is_open=self._runner is not None,
            on_loopback=_is_loopback(self._host),
        )

    async def start(self, *, required: bool = False) -> bool:
        """Listen; False when the address is taken, which is told in the log.

        Raises:
            OSError: it is taken and ``required``.
        """
        application = web.Application(client_max_size=BODY_LIMIT)
        application.add_routes(self._routes)
        # No access log: addresses of callbacks hold codes.
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=LEAVE_SECONDS)
        await runner.setup()
        try:
            await web.TCPSite(runner, self._host, self._port).start()
        except OSError as error:
            await runner.cleanup()
            if required:
                raise
            taken = error.errno == errno.EADDRINUSE
            why = "another program listens there" if taken else str(error.strerror or error)
            logger.warning(
                "web_server_off: links of /connect open only by copying; change web.listen",
                extra={"listen": self.address, "why": why},
            )
            return False
        self._runner = runner
        self._port = int(runner.addresses[0][1])
        logger.info("web_server_listens", extra={"address": self.address})
        return True

    async def stop(self) -> None:
        if self._runner is not None:
            runner, self._runner = self._runner, None
            await runner.cleanup()


def read_listen(text: str) -> tuple[str, int]:
    """Read ``host:port``; a port of 0 takes a free one.

    Raises:
        SettingsError: it has another form.
    """
    host, _, port = text.rpartition(":")
    if not (port.isascii() and port.isdigit() and int(port) < 1 << 16):
        raise SettingsError(f"web.listen: {text!r} is no address; write 127.0.0.1:8080")
    return host.strip("[]") or LOOPBACK, int(port)


def _is_loopback(host: str) -> bool:
    """Return whether a browser on this computer reaches it as 127.0.0.1."""
    return host in {"localhost", LOOPBACK, *EVERYWHERE}


async def _healthy(request: web.Request) -> web.Response:
    del request
    return web.json_response({"ok": True})
