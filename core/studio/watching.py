"""Watched folders: which files lie there, what their folders say of them, which were looked at.

Only what lies in the folder itself is seen: no symbolic link is followed, and a file is opened
folder by folder, so that nothing can be put in its way meanwhile.
"""

from __future__ import annotations

import fcntl
import os
import signal
import stat
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any, BinaryIO

from core.posts.records import dump
from core.store.base import Store, Tx
from core.studio.assets import NewAsset, clean_name, clean_tags, clean_word
from core.studio.errors import StudioError
from core.studio.incoming import file_of
from core.studio.mashup import AssetKind
from utils.clock import Clock

DEEPEST = 8
"""Folders below a watched one that are looked into."""
MOST_FILES = 100_000
"""Files of one look; the rest waits until there are fewer."""

KIND_FOLDERS: Mapping[str, AssetKind] = {
    **{kind.value: kind for kind in AssetKind},
    **{f"{kind.value}s": kind for kind in AssetKind},
    **dict.fromkeys(("music", "sounds", "songs"), AssetKind.AUDIO),
    **dict.fromkeys(("hot videos", "hot_videos", "hot-videos", "trending"), AssetKind.HOT),
    **dict.fromkeys(("clips", "videos", "own"), AssetKind.SOURCE),
}
"""Names of folders that say what the files in them are for."""
_UNFINISHED = (
    *(".part", ".partial", ".crdownload", ".download", ".tmp", ".temp", ".opdownload"),
    *(".filepart", ".aria2", ".ytdl", ".!ut", ".unfinished", ".swp", ".bak"),
)
_OF_SYSTEMS = frozenset({"thumbs.db", "desktop.ini", "icon\r"})
_SOUND_ENDINGS = frozenset(
    {".mp3", ".wav", ".flac", ".ogg", ".oga", ".opus", ".m4a", ".aac", ".aif", ".aiff", ".wma"}
)
_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC

Mark = tuple[int, int]
"""Size and time of the last change, in nanoseconds: another one means that a file changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lying:
    """A file that lies in a watched folder."""

    folder: Path
    relative: PurePath
    mark: Mark

    @property
    def key(self) -> str:
        """Return what the file is remembered by; also for names that are no text."""
        return path_key(self.folder / self.relative)


def scan(folder: Path, *, apart: Collection[Path] = ()) -> list[Lying]:
    """Return the files of a folder and of those in it, in the order of their names.

    Args:
        folder: the watched one.
        apart: folders that are never looked into, such as our own.

    Raises:
        OSError: the folder itself cannot be read.
    """
    barred = {(one.st_dev, one.st_ino) for one in map(_facts, apart) if one is not None}
    found: list[Lying] = []
    for lying in _walk(folder, PurePath(), barred):
        found.append(lying)
        if len(found) >= MOST_FILES:
            break
    return sorted(found, key=lambda one: one.key)


def _walk(folder: Path, below: PurePath, barred: Collection[tuple[int, int]]) -> Iterator[Lying]:
    deeper: list[PurePath] = []
    with os.scandir(folder / below) as entries:
        for entry in entries:
            if entry.name.startswith("."):
                continue
            try:
                facts = entry.stat(follow_symlinks=False)
            except OSError:  # it has gone since
                continue
            if stat.S_ISDIR(facts.st_mode):
                if (facts.st_dev, facts.st_ino) not in barred:
                    deeper.append(below / entry.name)
            elif stat.S_ISREG(facts.st_mode) and facts.st_size and is_finished(entry.name):
                mark = (facts.st_size, facts.st_mtime_ns)
                yield Lying(folder=folder, relative=below / entry.name, mark=mark)
    if len(below.parts) >= DEEPEST:
        return
    for place in deeper:
        try:
            yield from _walk(folder, place, barred)
        except OSError:  # it has gone since, or is not for us
            continue


def is_finished(name: str) -> bool:
    """Tell whether a file is called like one that nobody writes any more."""
    low = name.lower()
    return not (low.endswith((*_UNFINISHED, "~")) or low.startswith("~") or low in _OF_SYSTEMS)


def wanted_of(relative: PurePath, origin: str = "") -> NewAsset:
    """Return what the folders of a file say: first its kind, then its mood, then tags.

    Without a folder for a kind a sound is audio and everything else a source.
    """
    folders = list(relative.parts[:-1])
    kind = AssetKind.AUDIO if relative.suffix.lower() in _SOUND_ENDINGS else AssetKind.SOURCE
    if folders and (named := KIND_FOLDERS.get(folders[0].strip().casefold())) is not None:
        kind = named
        folders.pop(0)
    words = [word for name in folders if (word := _word(name))]
    return NewAsset(
        kind=kind,
        name=clean_name(relative.stem),
        mood=words[0] if words else "",
        tags=clean_tags(words[1:]),
        origin=origin,
    )


def open_inside(folder: Path, relative: PurePath) -> BinaryIO:
    """Open a file that lies in a folder, through no symbolic link.

    Raises:
        OSError: it is not there, or a link.
        StudioError: it is no file.
    """
    place = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for name in relative.parts[:-1]:
            deeper = os.open(name, _FLAGS | os.O_DIRECTORY, dir_fd=place)
            os.close(place)
            place = deeper
        return file_of(os.open(relative.name, _FLAGS, dir_fd=place))
    finally:
        os.close(place)


def lies(lying: Lying) -> bool:
    """Tell whether there is still something where a file lay."""
    return os.path.lexists(lying.folder / lying.relative)


def is_written(lying: Lying) -> bool:
    """Tell whether some process has a file open for writing, where the system says so.

    A lease for reading is granted only where nobody writes. Source: fcntl(2), Leases.
    """
    try:
        with open_inside(lying.folder, lying.relative) as file:
            # Whoever opens it at this moment sends us a signal; this one is ignored.
            fcntl.fcntl(file, fcntl.F_SETSIG, signal.SIGURG)
            fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK)
            fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except BlockingIOError:
        return True
    except (OSError, StudioError):
        # A file of somebody else, a disk that knows no leases, or a file that has gone since.
        return False
    return False


class WatchedFiles:
    """What is remembered of files in watched folders, so that a restart adds nothing twice."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def known(self, folder: Path) -> dict[str, Mark]:
        """Return the files of a folder that were looked at, as they were then."""
        first = path_key(folder).rstrip("/") + "/"
        # The sign after the slash ends the names that begin with it.
        rows = await self._store.all("library.watched", first=first, last=first[:-1] + "0")
        return {row["path"]: (row["size_bytes"], row["modified_ns"]) for row in rows}

    async def added(self, lying: Lying, asset_id: int) -> None:
        """Remember what became of a file."""
        async with self._store.transaction() as tx:
            await self._see(tx, lying, asset_id=asset_id)

    async def refused(self, tx: Tx, lying: Lying, error: StudioError) -> None:
        """Remember why a file could not be added."""
        await self._see(tx, lying, note=error.key, facts=dump(error.facts))

    async def forget(self, keys: Collection[str]) -> None:
        """Forget files that have gone from their folder."""
        async with self._store.transaction() as tx:
            await tx.many("library.forget_watched", rows=[{"path": key} for key in keys])

    async def _see(self, tx: Tx, lying: Lying, **values: Any) -> None:
        size, modified = lying.mark
        row = {"asset_id": None, "note": "", "facts": "{}", **values}
        await tx.run(
            "library.see_watched",
            path=lying.key,
            size_bytes=size,
            modified_ns=modified,
            now=self._clock.now().timestamp(),
            **row,
        )


def path_key(path: PurePath) -> str:
    """Return a path as text that can be kept, whatever bytes are in it."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _word(name: str) -> str:
    try:
        return clean_word(name.strip().lstrip("#"))
    except StudioError:  # such a long name is no word
        return ""


def _facts(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:
        return None
