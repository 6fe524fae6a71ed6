"""Where one mashup is made: a folder that is one maker's own, and how results get their names."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from core.studio.errors import StudioError
from utils.ffmpeg import end_orphan


class Workplace:
    """The working folder of one result, below another one.

    Its lock tells that its maker lives. What a maker left that was killed is cleared by the next
    one for the same result, its process ended.
    """

    def __init__(self, out: Path, folder: Path) -> None:
        self.out = out.absolute()
        name = hashlib.sha256(str(self.out).encode("utf-8", "surrogateescape")).hexdigest()[:16]
        self.path = folder.absolute() / f".mashup-{name}"
        self._handle: int | None = None

    def enter(self) -> None:
        """Take the folder and empty it.

        Raises:
            StudioError: ``busy``, when somebody else makes the same result.
        """
        while self._handle is None:
            self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._handle = self._locked()
        end_orphan(self.path)
        for left in self.path.iterdir():
            if left.is_dir() and not left.is_symlink():
                shutil.rmtree(left)
            else:
                left.unlink()

    def leave(self) -> None:
        """Delete the folder with all that is in it; nothing happens to that of somebody else."""
        if self._handle is None:
            return
        end_orphan(self.path)
        shutil.rmtree(self.path, ignore_errors=True)
        os.close(self._handle)
        self._handle = None

    def _locked(self) -> int | None:
        """Return the open folder with its lock; None when it was deleted just now."""
        try:
            handle = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY)
        except FileNotFoundError:
            return None
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(handle)
            raise StudioError("busy", {"name": self.out.name}, retry=True) from error
        except OSError:
            # A disk without locks: then nobody sees that it is in use.
            return handle
        if _is_there(self.path, handle):
            return handle
        os.close(handle)
        return None


def _is_there(path: Path, handle: int) -> bool:
    """Tell whether an open folder still has its name."""
    try:
        return os.path.samestat(path.stat(), os.fstat(handle))
    except FileNotFoundError:
        return False


def hand_out(moves: Sequence[tuple[Path, Path]], named: list[Path]) -> None:
    """Give files their names, all of them or none.

    First each is brought to the disk where its name is, which may take long or fail; then they
    are renamed, one right after the other.

    Args:
        moves: each file and its name.
        named: what has its name is added.
    """
    with _unnamed() as parts:
        for source, target in moves:
            part = target.with_name(_part_name(target))
            parts.append(part)
            try:
                source.replace(part)
            except OSError:
                shutil.copyfile(source, part)
        try:
            for part, (_, target) in zip(parts, moves, strict=True):
                part.replace(target)
                named.append(target)
        except OSError:
            take_back(named)
            raise


def take_back(named: Sequence[Path]) -> None:
    """Delete what nobody wants after all."""
    for path in named:
        path.unlink(missing_ok=True)


@contextmanager
def _unnamed() -> Iterator[list[Path]]:
    """Delete, in the end, what has got no name."""
    parts: list[Path] = []
    try:
        yield parts
    finally:
        take_back(parts)


def _part_name(target: Path) -> str:
    """Return a short name: a long one with an ending more may be too long."""
    digest = hashlib.sha256(target.name.encode("utf-8", "surrogateescape")).hexdigest()
    return f".{digest[:16]}.part"
