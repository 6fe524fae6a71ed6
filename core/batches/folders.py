"""Where the videos of a batch may lie: real paths inside of allowed folders, and nowhere else."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.batches.entries import Clip

LONGEST_PATH = 4096
"""Source: limits.h of Linux, PATH_MAX."""


class PlaceError(Exception):
    """A path cannot be used; ``key`` names the finding."""

    def __init__(self, key: str, path: str = "") -> None:
        super().__init__(key)
        self.key = key
        self.path = path
        """Where it would lie, if it lay inside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A video that lies where it may."""

    path: str
    """Real: without symbolic links."""
    size_bytes: int
    modified_ns: int
    device: int
    number: int
    """Of the inode: the same for hard links."""

    @property
    def fingerprint(self) -> str:
        return f"file:{self.path}:{self.size_bytes}:{self.modified_ns}"


class Folders:
    """The folders that one batch may take from."""

    def __init__(self, allowed: Sequence[Path], base: Path | None = None) -> None:
        """Allow folders, and that of the file itself where there is one.

        Args:
            allowed: by the settings.
            base: folder of the file, when a person at this machine named it.
        """
        folders = [base, *allowed] if base is not None else list(allowed)
        self._folders = [os.path.realpath(one.expanduser()) for one in folders]

    @property
    def is_empty(self) -> bool:
        return not self._folders

    def find(self, clip: Clip) -> File:
        """Return the file that a clip means: its path, else its name in one of the folders.

        Raises:
            PlaceError: ``no_path``, ``bad_path``, ``path_outside``, ``missing_file``,
                ``no_file``, ``file_forbidden`` or ``empty_file``.
        """
        if not clip.path and not clip.filename:
            raise PlaceError("no_path")
        places = self._places(clip.path) if clip.path else []
        if clip.path and not places:
            raise PlaceError("path_outside")
        places += self._places(clip.filename) if clip.filename else []
        found = next((place for place in places if os.path.lexists(place)), None)
        if found is None:
            raise PlaceError("missing_file", places[0]) if places else PlaceError("path_outside")
        return _look(found)

    def holds(self, path: str) -> bool:
        """Return whether a path still leads to the same place, inside of the folders."""
        real = os.path.realpath(path)
        return real == path and any(_is_inside(real, folder) for folder in self._folders)

    def _places(self, text: str) -> list[str]:
        """Return where in the folders a path may lead, without what leads out of them."""
        try:
            is_bad = "\x00" in text or len(os.fsencode(text)) > LONGEST_PATH
        except UnicodeEncodeError:
            is_bad = True
        if is_bad:
            raise PlaceError("bad_path")
        text = os.path.expanduser(text)  # noqa: PTH111 - thousands of times
        real = (os.path.realpath(os.path.join(one, text)) for one in self._folders)  # noqa: PTH118
        return [path for path in real if any(_is_inside(path, one) for one in self._folders)]


def _is_inside(path: str, folder: str) -> bool:
    return path.startswith(folder.rstrip("/") + "/")


def _look(path: str) -> File:
    try:
        facts = Path(path).stat()
        readable = os.access(path, os.R_OK)
    except OSError as error:
        raise PlaceError("missing_file", path) from error
    if not stat.S_ISREG(facts.st_mode):
        raise PlaceError("no_file")
    if not readable:
        raise PlaceError("file_forbidden")
    if not facts.st_size:
        raise PlaceError("empty_file")
    return File(
        path=path,
        size_bytes=facts.st_size,
        modified_ns=facts.st_mtime_ns,
        device=facts.st_dev,
        number=facts.st_ino,
    )
