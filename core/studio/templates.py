"""Prepared templates: the frames of a part as they fit their cell, kept for the next mashup.

They are kept without any loss, so a mashup has the same bytes with and without them.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import ffmpeg

from core.studio.picture import Feed, one_round
from core.studio.process import Limits, run

FORM = 1
"""Changes whenever what is prepared would look otherwise."""
MOST_BYTES = 4 * 1024**3
RAW_SHARE = 4
"""So much larger are frames than what is prepared, at least."""
ENDING = ".mp4"
NOTE = ".once"
"""Ending of the note that a template was used: the second time it is prepared."""
NOTE_DAYS = 30
FREE_SHARE = 10
"""What is kept takes at most such a part of what is free: the disk never gets full of it."""
PART = ".part"
PART_DAYS = 1
_DAY = 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Templates:
    """A bounded folder of prepared templates; what was not used for longest goes first.

    Beside each lies a note: that it was used once, or the digest of what is kept. Several
    processes may use the folder, and anything in it may be deleted at any time.
    """

    folder: Path
    most_bytes: int = MOST_BYTES

    def path(self, feed: Feed) -> Path:
        """Return where the frames of a slot would lie."""
        return self.folder / f"{key_of(feed)}{ENDING}"

    def find(self, feed: Feed, holder: Path) -> Path | None:
        """Return the prepared frames, held under a name of the holder's own.

        What is damaged is thrown away.
        """
        path = self.path(feed)
        held, note = holder / path.name, path.with_suffix(NOTE)
        try:
            os.utime(path)
            _hold(path, held)
            is_whole = note.is_file() and note.read_text("ascii", "replace") == _digest(held)
        except OSError:
            return None
        if is_whole:
            return held
        self._drop(path)
        return None

    def is_known(self, feed: Feed) -> bool:
        """Note that a template is used; return whether it was before."""
        note = self.path(feed).with_suffix(NOTE)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            note.open("x").close()
            self._forget(note.stat().st_mtime)
        except FileExistsError:
            return True
        except OSError:
            return False
        return False

    def keep(self, feed: Feed, made: Path) -> None:
        """Take a copy of what was prepared; make room for it."""
        size, path = made.stat().st_size, self.path(feed)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            if size > min(self.most_bytes, shutil.disk_usage(self.folder).free // FREE_SHARE):
                return
            self._make_room(size)
            with self._part(path) as part:
                shutil.copyfile(made, part)
                note = path.with_suffix(NOTE)
                note.write_text(_digest(made), "ascii")
                part.replace(path)
        except OSError:
            # Without it the next one takes a little longer, nothing else.
            self._drop(path)

    @contextmanager
    def _part(self, path: Path) -> Iterator[Path]:
        part = path.with_suffix(f".{os.getpid()}{PART}")
        try:
            yield part
        finally:
            part.unlink(missing_ok=True)

    def _make_room(self, size: int) -> None:
        kept = []
        for path in self.folder.glob(f"*{ENDING}"):
            with suppress(FileNotFoundError):
                found = path.stat()
                kept.append((found.st_mtime, found.st_size, path))
        left = self.most_bytes - size - sum(taken for _, taken, _ in kept)
        for _, taken, path in sorted(kept):
            if left >= 0:
                return
            left += taken
            self._drop(path)

    def _drop(self, path: Path) -> None:
        with suppress(OSError):
            path.unlink(missing_ok=True)
            path.with_suffix(NOTE).unlink(missing_ok=True)

    def _forget(self, now: float) -> None:
        """Delete notes of what was used once, long ago, and what killed processes left."""
        for path in self.folder.iterdir():
            days = {NOTE: NOTE_DAYS, PART: PART_DAYS}.get(path.suffix)
            with suppress(FileNotFoundError):
                is_old = days is not None and now - path.stat().st_mtime > days * _DAY
                if is_old and not path.with_suffix(ENDING).exists():
                    path.unlink()


def _hold(path: Path, held: Path) -> None:
    held.unlink(missing_ok=True)
    try:
        os.link(path, held)
    except OSError:
        # On another disk it is copied: that is quicker than to prepare it again.
        shutil.copyfile(path, held)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def is_small(feed: Feed) -> bool:
    """Tell whether what is prepared could be kept at all."""
    return feed.raw_bytes <= MOST_BYTES * RAW_SHARE


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
    output = ffmpeg.output(
        one_round(feed),
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
