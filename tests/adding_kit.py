"""What people add, for tests: files that come in pieces, and who fetches them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.errors import SourceError
from core.ports import Task
from core.studio.additions import add_task
from tests.chat_kit import Chat
from workers.adder import Adder, AdderDeps

PIECE = 64 * 1024


@dataclass(slots=True)
class ScriptedSource:
    """A file in pieces; each error is raised once, after one more piece was given."""

    content: bytes = b""
    errors: list[SourceError] = field(default_factory=list)
    local_path: str = ""
    filename: str = ""
    told_size: int | None = None
    asked: list[int] = field(default_factory=list)
    given: asyncio.Event = field(default_factory=asyncio.Event)
    go_on: asyncio.Event | None = None
    """After the first piece it is waited for."""

    fingerprint = "scripted"

    async def open(self, offset: int, *, version: str = "") -> ScriptedStream:
        del version
        self.asked.append(offset)
        return ScriptedStream(self, offset)


class ScriptedStream:
    """An opened one."""

    version = "v1"

    def __init__(self, source: ScriptedSource, start: int) -> None:
        self._source = source
        self.start = start
        self.size = len(source.content) if source.told_size is None else source.told_size
        self.local_path = source.local_path

    async def chunks(self) -> AsyncIterator[bytes]:
        source = self._source
        for at in range(self.start, len(source.content), PIECE):
            yield source.content[at : at + PIECE]
            source.given.set()
            if source.go_on is not None:
                await source.go_on.wait()
            if source.errors:
                raise source.errors.pop(0)

    async def close(self) -> None:
        return None


@dataclass(slots=True)
class FakeRun:
    """The run of an addition's task."""

    number: int = 1
    is_stopping: bool = False

    @property
    def task(self) -> Task:
        return add_task(self.number, 1)

    def stopping(self) -> bool:
        return self.is_stopping

    def progress(self) -> None:
        return None


def make_adder(
    chat: Chat, folder: Path, source: ScriptedSource, *, min_free_bytes: int = 0
) -> Adder:
    def open_source(spec: Mapping[str, Any]) -> ScriptedSource:
        assert spec["kind"] in {"telegram", "http"}
        return source

    return Adder(
        AdderDeps(
            additions=chat.deps.additions,
            library=chat.deps.library,
            clock=chat.clock,
            open_source=open_source,
            folder=folder,
            min_free_bytes=min_free_bytes,
        )
    )
