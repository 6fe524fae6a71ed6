"""The seams between the rooms: the engine, the transport, sources and the spool's reader."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

from core.store.base import Tx
from utils.http import LostAnswerError as LostAnswerError
from utils.http import NotSentError as NotSentError
from utils.http import Request, Response


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What the engine schedules."""

    kind: str
    """Which handler runs it: ``ingest``, ``deliver``, ``album``, …"""
    key: str
    """Unique for ever; carries a generation, e.g. ``upload:17#3``."""
    args: Mapping[str, Any] = field(default_factory=dict)
    priority: int = 0
    """Higher runs first."""
    run_at: datetime | None = None
    """None: as soon as possible."""
    lock: str = ""
    """Tasks with the same lock never run at once; empty: no lock."""
    queue: str = "default"


class Cancelled(StrEnum):
    """What became of a request to cancel a task."""

    GONE = "gone"
    """It had not started and never will."""
    ASKED = "asked"
    """It runs and was asked to stop."""
    ABSENT = "absent"


class TaskState(StrEnum):
    """Where a task stands; a finished task is forgotten."""

    READY = "ready"
    LATER = "later"
    RUNNING = "running"
    ABSENT = "absent"


class Defer(Exception):  # noqa: N818 - names of the seam, see the design
    """A handler wants to be called again at ``until``; costs no attempt, frees the lock."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until.isoformat())
        self.until = until


class Transient(Exception):  # noqa: N818
    """A handler failed for now; the engine calls it again ``after`` that time."""

    def __init__(self, after: timedelta, message: str = "") -> None:
        super().__init__(message)
        self.after = after


class Permanent(Exception):  # noqa: N818
    """A handler failed for good; the task ends."""


class Run(Protocol):
    """What a handler is given: the task and its lease."""

    @property
    def task(self) -> Task: ...

    def stopping(self) -> bool:
        """Whether the engine (or a person) wants this run to leave at the next good moment."""
        ...

    def progress(self) -> None:
        """Tell that the task moves; a run without progress loses its lease."""
        ...


Handler = Callable[[Run], Awaitable[None]]


class Engine(Protocol):
    """When and where handlers run; the truth stays in our tables."""

    def handler(self, kind: str, fn: Handler) -> None: ...

    async def submit(self, task: Task, tx: Tx) -> bool:
        """Add a task inside the caller's transaction; False when the key is known already."""
        ...

    async def cancel(self, key: str) -> Cancelled: ...

    async def state(self, key: str) -> TaskState: ...

    async def run(self) -> None:
        """Work until `stop`."""
        ...

    async def stop(self, grace: timedelta) -> None:
        """Stop taking; ask running handlers to leave; cancel what is left after ``grace``."""
        ...


class Transport(Protocol):
    """Sends requests; the only thing that touches the network for a platform."""

    async def send(
        self, request: Request, body: AsyncIterator[bytes | memoryview] | None = None
    ) -> Response:
        """Send and read the answer.

        ``body`` yields exactly ``request.span.size`` bytes when the request has a span.

        Raises:
            NotSentError: the connection could not be made: nothing reached the remote.
            LostAnswerError: the request (or a part of it) went out and no whole answer came.
        """
        ...


@runtime_checkable
class Named(Protocol):
    """A source that learns what its file is called when it is opened."""

    @property
    def filename(self) -> str:
        """Name without folders, empty as long as nobody told one."""
        ...


class SourceStream(Protocol):
    """An opened source."""

    @property
    def size(self) -> int | None:
        """Total bytes of the whole file, None when the source does not tell."""
        ...

    @property
    def start(self) -> int:
        """Offset of the first byte of `chunks`: the one asked for, or 0 when it cannot seek."""
        ...

    @property
    def version(self) -> str:
        """What identifies this state of the file (ETag, modification time), or empty."""
        ...

    @property
    def local_path(self) -> str:
        """Path when the whole file already lies on this disk and is used in place; else empty."""
        ...

    def chunks(self) -> AsyncIterator[bytes]:
        """Yield the bytes from `start` on."""
        ...

    async def close(self) -> None: ...


class Source(Protocol):
    """Where a video comes from."""

    @property
    def fingerprint(self) -> str: ...

    async def open(self, offset: int, *, version: str = "") -> SourceStream:
        """Open at ``offset``.

        Raises:
            SourceError: it cannot be read; says whether a retry makes sense.
        """
        ...
