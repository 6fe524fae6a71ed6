"""The process that asks yt-dlp about one page: `python -m core.sources.reading`.

It reads ``{"url", "allowed_hosts"}`` from standard input and writes ``{"url", "headers",
"filename"}`` or ``{"error", "reason"}``, where ``error`` is the key of a sentence.
"""

from __future__ import annotations

import json
import os
import re
import resource
import socket
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from core.errors import SourceError
from core.sources.guard import Guard

CPU_SECONDS = 60
MEMORY_BYTES = 2 * 1024**3
FORMAT = "b[protocol=https]/b[protocol=http]"
"""Picture and sound in one file that is fetched as it is."""
OPTIONS: dict[str, Any] = {
    "quiet": True,
    "no_warnings": True,
    "noprogress": True,
    "noplaylist": True,
    "playlist_items": "1",
    "skip_download": True,
    "format": FORMAT,
    "cachedir": False,
    "proxy": "",
    "socket_timeout": 15,
    "retries": 1,
    "extractor_retries": 1,
}
_PROGRAMS = ("subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork", "pty.")
_DATAGRAMS = frozenset({"socket.sendto", "socket.sendmsg", "socket.bind"})
# Source: yt_dlp.utils, 2026: how it says that no format of the wanted kind is there.
_NO_FORMAT = "requested format is not available"


_ADDRESS = re.compile(r"\w+://\S+")

Found = tuple[socket.AddressFamily, socket.SocketKind, int, str, tuple[Any, ...]]
"""One answer of `socket.getaddrinfo`."""


class BlockedError(OSError):
    """Something was tried that a reader of pages has no business to do."""


class Fence:
    """Keeps this process inside the guard: an audit hook cannot be taken off again."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._look_up = socket.getaddrinfo
        self.hosts: list[str] = []
        """Private hosts that were tried."""

    def close(self) -> None:
        """Put it up, for as long as the process lives."""
        vars(socket)["getaddrinfo"] = self._looked_up
        sys.addaudithook(self._watch)

    def _looked_up(
        self, host: bytes | str | None, port: bytes | str | int | None, *args: Any, **kwargs: Any
    ) -> Sequence[Found]:
        found = self._look_up(host, port, *args, **kwargs)
        try:
            _ = self._guard.usable(str(host), int(port or 0), [str(one[4][0]) for one in found])
        except SourceError as error:
            raise self._blocked(str(host)) from error
        return found

    def _watch(self, event: str, args: tuple[Any, ...]) -> None:
        if event == "socket.connect":
            self._connecting(args[1])
        elif event in _DATAGRAMS or event.startswith(_PROGRAMS):
            raise BlockedError(event)

    def _connecting(self, address: object) -> None:
        """Look at the very address that is connected to; a path is a socket of this machine."""
        if not isinstance(address, tuple):
            raise BlockedError("socket.connect")
        try:
            self._guard.require_address(str(address[0]), int(address[1]))
        except SourceError as error:
            raise self._blocked(str(address[0])) from error

    def _blocked(self, host: str) -> BlockedError:
        self.hosts.append(host)
        return BlockedError(host)


def set_limits() -> None:
    """Bound what a hostile page can make this process use."""
    for limit, most in (
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))


def find(url: str, allowed_hosts: Iterable[str]) -> dict[str, Any]:
    """Return what yt-dlp says about a page."""
    from yt_dlp import YoutubeDL
    from yt_dlp.utils import YoutubeDLError

    guard = Guard(allowed_hosts)
    fence = Fence(guard)
    fence.close()
    try:
        _ = guard.check(url)
        with YoutubeDL({**OPTIONS, "logger": _Silence()}) as reader:
            info = reader.extract_info(url, download=False)
            return _media(info)
    except SourceError as error:
        return {"error": error.key, "reason": ""}
    except (YoutubeDLError, OSError, ValueError, LookupError) as error:
        return _failure(error, fence)


def _media(info: object) -> dict[str, Any]:
    """Return the file of what was found; of several videos, the first."""
    while isinstance(info, dict) and info.get("entries"):
        info = next((entry for entry in info["entries"] if entry), None)
    if not isinstance(info, dict) or not info.get("url"):
        return {"error": "link_no_video", "reason": ""}
    if info.get("protocol", "https") not in {"http", "https"}:
        return {"error": "link_playlist", "reason": str(info["protocol"])}
    title = str(info.get("title") or info.get("id") or "video").replace("/", "_")
    return {
        "url": info["url"],
        "headers": dict(info.get("http_headers") or {}),
        "filename": f"{title}.{info.get('ext') or 'mp4'}",
    }


def _failure(error: Exception, fence: Fence) -> dict[str, Any]:
    if fence.hosts:
        return {"error": "link_private", "reason": fence.hosts[0]}
    reason = _ADDRESS.sub("…", str(error)).removeprefix("ERROR: ")
    is_stream = _NO_FORMAT in reason.lower()
    return {"error": "link_playlist" if is_stream else "link_no_video", "reason": reason}


class _Silence:
    """What yt-dlp would print; addresses in it may be secret."""

    def debug(self, message: str) -> None:
        """Say nothing."""

    def warning(self, message: str) -> None:
        """Say nothing."""

    def error(self, message: str) -> None:
        """Say nothing; the exception tells it."""


def main() -> int:
    order = json.load(sys.stdin)
    said = sys.stdout
    sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    set_limits()
    said.write(json.dumps(find(str(order["url"]), order["allowed_hosts"])))
    said.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
