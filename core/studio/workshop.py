"""Where renders are made and what is shown of them lies: folders, their room, and their sweep."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from core.media.spool import DiskFullError
from utils.ffmpeg import end_orphan

logger = logging.getLogger(__name__)

STILL = "1080x1920"
"""Which picture of a result is shown on its card."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What is kept of a render to be shown."""

    thumbnails: Mapping[str, Path]
    """By size, such as ``1080x1920``."""
    sheet: Path | None
    """The JSON that stood beside the result."""
    video: Path | None
    """Of a preview; what else was made is an asset."""

    @property
    def thumbnail(self) -> Path | None:
        return self.thumbnails.get(STILL) or next(iter(self.thumbnails.values()), None)


class Workshop:
    """Lends each render a folder while it is made, and keeps what is to be shown.

    Nothing in a working folder outlives its maker: it is cleared when the render is made again,
    or by the next sweep, and what still runs in it is ended.
    """

    def __init__(self, folder: Path, *, min_free_bytes: int = 0) -> None:
        self._working = folder / "work"
        self._kept = folder / "shown"
        self._min_free_bytes = min_free_bytes
        self._open: dict[str, int] = {}

    @contextmanager
    def use(self, render_id: int, size: int) -> Iterator[Path]:
        """Set room aside for a result of about that many bytes, and lend an empty folder.

        Raises:
            DiskFullError: there is not enough room.
        """
        folder = self.folder(render_id)
        while folder.name in self._open:
            # Who was given up and has not left yet is not to clear away what his heir makes.
            folder = folder.with_name(f"{folder.name}+")
        _clear(folder)
        folder.mkdir(parents=True, mode=0o700)
        self._open[folder.name] = size
        try:
            self.require_room()
            yield folder
        finally:
            del self._open[folder.name]
            _clear(folder)

    def folder(self, render_id: int) -> Path:
        return self._working / str(render_id)

    def require_room(self) -> None:
        """Look whether what is being made still has its room.

        Raises:
            DiskFullError: it has not.
        """
        left = sum(max(0, size - _size(self._working / name)) for name, size in self._open.items())
        free = shutil.disk_usage(self._working).free - self._min_free_bytes
        if left > free:
            raise DiskFullError(needed_bytes=left, free_bytes=max(0, free))

    def show(
        self,
        render_id: int,
        *,
        thumbnails: Mapping[str, Path],
        sheet: Path | None,
        video: Path | None = None,
    ) -> Shown:
        """Keep what is to be shown of a result, in place of what an earlier one left."""
        folder = self._kept / str(render_id)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True, mode=0o700)
        for size, path in thumbnails.items():
            shutil.copyfile(path, folder / f"{size}.jpg")
        if sheet is not None and sheet.is_file():
            shutil.copyfile(sheet, folder / "sheet.json")
        if video is not None:
            video.replace(folder / "preview.mp4")
        return self.shown(render_id)

    def shown(self, render_id: int) -> Shown:
        """Return what is kept of a render."""
        folder = self._kept / str(render_id)
        sheet, video = folder / "sheet.json", folder / "preview.mp4"
        return Shown(
            thumbnails={path.stem: path for path in sorted(folder.glob("*.jpg"))},
            sheet=sheet if sheet.is_file() else None,
            video=video if video.is_file() else None,
        )

    def sweep(self, wanted: Collection[int]) -> None:
        """Clear what makers left that are gone, and what is shown of renders nobody knows."""
        for folder in self._working.glob("*/"):
            if folder.name not in self._open:
                logger.info("left work cleared", extra={"folder": folder.name})
                _clear(folder)
        names = set(map(str, wanted))
        for folder in self._kept.glob("*/"):
            if folder.name not in names:
                shutil.rmtree(folder, ignore_errors=True)

    def used_bytes(self) -> int:
        """Return what is being made takes on disk."""
        return _size(self._working)


def _clear(folder: Path) -> None:
    """Delete a working folder, and end what outlived its process there."""
    if not folder.exists():
        return
    for place in (folder, *folder.glob("**/")):
        end_orphan(place)
    shutil.rmtree(folder, ignore_errors=True)


def _size(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size if path.is_file() else 0
        except FileNotFoundError:
            continue
    return total
