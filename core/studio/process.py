"""Running the one process of a render: within its time and its memory, ended at once on demand."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from core.studio.errors import StudioError
from core.studio.trouble import explain
from utils.ffmpeg import NICENESS, PID_NAME, FfmpegError, transcode

STALL_SECONDS = 120.0
"""A slow machine may take long for one frame, but not so long."""
LOOK_SECONDS = 0.25
"""How often its memory is looked at."""
MIB = 1024**2


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a render may take."""

    threads: int = 0
    """Of each encoder, decoder and graph; 0: as many as the machine has."""
    seconds: float = 3600.0
    memory_bytes: int = 4 * 1024**3
    fonts: tuple[Path, ...] = ()
    """Folders of fonts that are asked before the bundled ones."""


@asynccontextmanager
async def over_time(limits: Limits) -> AsyncIterator[None]:
    """End what takes longer than it may.

    Raises:
        StudioError: ``over_time``.
    """
    time = asyncio.timeout(limits.seconds)
    try:
        async with time:
            yield
    except TimeoutError as error:
        if not time.expired():
            raise
        minutes = round(limits.seconds / 60, 1)
        raise StudioError("over_time", {"minutes": minutes}, retry=True) from error


async def run(
    arguments: Sequence[str],
    *,
    folder: Path,
    limits: Limits,
    on_time: Callable[[float], None],
    niceness: int = NICENESS,
) -> None:
    """Run ffmpeg to its end in a folder; it is gone, with all it started, when this returns.

    Raises:
        StudioError: it failed, stood still, or took more memory than it may.
    """
    try:
        async with asyncio.TaskGroup() as group:
            watch = group.create_task(_watch(folder / PID_NAME, limits.memory_bytes))
            await transcode(
                arguments,
                folder=folder,
                on_time=on_time,
                stall_seconds=min(STALL_SECONDS, limits.seconds),
                niceness=niceness,
            )
            watch.cancel()
    except ExceptionGroup as failed:
        raise _told(failed.exceptions[0]) from failed


def _told(error: Exception) -> Exception:
    return explain(error) if isinstance(error, FfmpegError) else error


async def _watch(note: Path, most_bytes: int) -> None:
    """See that the process does not take more memory than it may."""
    while True:
        if memory_of(note) > most_bytes:
            raise StudioError("over_memory", {"limit": most_bytes // MIB})
        await asyncio.sleep(LOOK_SECONDS)


def memory_of(note: Path) -> int:
    """Return how many bytes of memory the noted process has now; 0 where that is not told."""
    try:
        pid = int(note.read_text())
        pages = Path(f"/proc/{pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0
