"""Prepared templates: the frames of a part as they fit their cell, kept for the next mashup.

They are kept without any loss, so a mashup has the same bytes with and without them.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import ffmpeg

from core.studio.picture import Feed, fitted
from core.studio.process import Limits, run

FORM = 1
"""Changes whenever what is prepared would look otherwise."""
MOST_BYTES = 4 * 1024**3
ENDING = ".mp4"
NOTE = ".once"
"""Ending of the note that a template was used once: the second time it is prepared."""
NOTE_DAYS = 30
_DAY = 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Templates:
    """A bounded folder of prepared templates; what was not used for longest goes first."""

    folder: Path
    most_bytes: int = MOST_BYTES

    def path(self, feed: Feed) -> Path:
        """Return where the frames of a slot would lie."""
        return self.folder / f"{key_of(feed)}{ENDING}"

    def find(self, feed: Feed, holder: Path) -> Path | None:
        """Return the prepared frames, held under a name of the holder's own."""
        path = self.path(feed)
        held = holder / path.name
        try:
            os.utime(path)
            held.unlink(missing_ok=True)
            os.link(path, held)
        except OSError:
            return None
        return held

    def is_known(self, feed: Feed) -> bool:
        """Note that a template is used; return whether it was before."""
        note = self.path(feed).with_suffix(NOTE)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            note.open("x").close()
        except FileExistsError:
            return True
        except OSError:
            return False
        return False

    def keep(self, feed: Feed, made: Path) -> None:
        """Take a copy of what was prepared; make room for it."""
        size = made.stat().st_size
        if size > self.most_bytes:
            return
        self._make_room(size)
        path = self.path(feed)
        part = path.with_suffix(f".{os.getpid()}.part")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(made, part)
            part.replace(path)
        except OSError:
            # Without it the next one takes a little longer, nothing else.
            part.unlink(missing_ok=True)

    def _make_room(self, size: int) -> None:
        used = sorted(self.folder.glob(f"*{ENDING}"), key=lambda path: path.stat().st_mtime)
        left = self.most_bytes - size - sum(path.stat().st_size for path in used)
        while used and left < 0:
            oldest = used.pop(0)
            left += oldest.stat().st_size
            oldest.unlink(missing_ok=True)
            with suppress(OSError):
                oldest.with_suffix(NOTE).unlink(missing_ok=True)


def key_of(feed: Feed) -> str:
    """Return the same name for the same frames in the same size."""
    slot = feed.slot
    told = [
        FORM,
        slot.looked.sha256,
        slot.part.fit,
        round(slot.part.start, 6),
        slot.has,
        *feed.size,
        feed.rate,
    ]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:32]


async def prepare(
    feed: Feed, target: Path, *, limits: Limits, on_time: Callable[[float], None]
) -> Path:
    """Write the frames of a slot as they fit its cell.

    Raises:
        StudioError: they could not be made.
    """
    await run(
        arguments(feed, target.name, limits.threads),
        folder=target.parent,
        limits=limits,
        on_time=on_time,
    )
    await asyncio.to_thread(_require_there, target)
    return target


def arguments(feed: Feed, name: str, threads: int) -> list[str]:
    """Return the arguments that write only these frames, exactly as they come."""
    stream = fitted(feed).filter("tpad", stop=-1, stop_mode="clone")
    stream = stream.filter("trim", end_frame=feed.slot.has)
    output = ffmpeg.output(
        stream,
        name,
        format="mp4",
        vcodec="libx264",
        preset="ultrafast",
        tune="fastdecode",
        qp=0,
        threads=threads,
        **{"flags:v": "+bitexact", "fflags": "+bitexact"},
    )
    found: list[str] = output.get_args()
    return found


def _require_there(path: Path) -> None:
    _ = path.stat()
