"""Moving the library to another storage, on the control socket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from bot.chat.studio_text import studio_text
from bot.chat.texts import plain, say
from bot.control import Answer
from core.settings import StorageSettings
from core.studio.errors import StudioError
from core.studio.moving import Moved, Mover, Moving

if TYPE_CHECKING:
    from bot.parts import Parts

TELL_BYTES = 4 * 1024 * 1024
"""A client is told of about so many more bytes at a time."""
FIELDS = ("url", "endpoint", "region", "key_id", "public_url")


async def move(parts: Parts, request: dict[str, Any]) -> AsyncGenerator[Answer]:
    """Move everything: how far it is meanwhile, and last what came of it.

    It ends when its client goes away; the same request goes on where it was.
    """
    mover = Mover(parts.studio.shelves, parts.clock)
    place = await mover.resolve(read_place(request))
    news = _News()

    async def work() -> None:
        news.outcome = await mover.move(place, news.take)

    try:
        async with asyncio.TaskGroup() as group:
            task = group.create_task(work())
            task.add_done_callback(lambda _: news.end())
            while (now := await news.next()) is not None:
                yield _told(now)
    except* StudioError as errors:
        raise errors.exceptions[0] from None
    if news.outcome is not None:
        yield report(news.outcome)


def read_place(request: dict[str, Any]) -> StorageSettings:
    """Return the place that a request names, with its secret, if it brings one."""
    given = {name: str(request[name]) for name in FIELDS if request.get(name)}
    return StorageSettings(**given, secret=SecretStr(str(request.get("secret") or "")))


def report(moved: Moved) -> Answer:
    """Return what a move did, as other programs are told of it."""
    return {
        "ok": True,
        "storage": moved.storage,
        "files": moved.files,
        "bytes": moved.bytes,
        "faults": [
            {"sha256": sha256, "key": key, "message": _words(key, sha256)}
            for sha256, key in moved.faults
        ],
        "waiting": moved.waiting,
        "is_configured": moved.is_configured,
        "advice": "" if moved.is_configured else _advice(moved.storage),
    }


class _News:
    """The newest state of a move, for somebody who looks at it at his own pace."""

    def __init__(self) -> None:
        self.outcome: Moved | None = None
        self._newest = Moving()
        self._told: Moving | None = None
        self._is_over = False
        self._changed = asyncio.Event()

    def take(self, now: Moving) -> None:
        self._newest = now
        told = self._told
        if told is None or now.files != told.files or now.bytes - told.bytes >= TELL_BYTES:
            self._changed.set()

    def end(self) -> None:
        self._is_over = True
        self._changed.set()

    async def next(self) -> Moving | None:
        """Return how far it is as soon as that is worth telling, None at the end."""
        await self._changed.wait()
        self._changed.clear()
        self._told = self._newest
        return None if self._is_over else self._newest


def _told(now: Moving) -> Answer:
    return {
        "ok": True,
        "done": False,
        "moved": {"files": now.files, "bytes": now.bytes},
        "total": {"files": now.files_total, "bytes": now.bytes_total},
    }


def _words(key: str, sha256: str) -> str:
    return " ".join(plain(studio_text(key, {"key": sha256[:12], "sha256": sha256[:12]})).split())


def _advice(storage: str) -> str:
    url = storage.partition("?")[0]
    return " ".join(plain(say("studio_storage_change_setting", storage=url)).split())
