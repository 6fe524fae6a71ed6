"""Which font shows which character: the folders of the settings first, then the bundled ones.

The fonts of the system are never asked. Only fonts with outlines count: pictures in a font are
not drawn.
"""

from __future__ import annotations

import importlib.util
import re
import struct
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from fontTools.ttLib import (  # type: ignore[import-untyped]  # it comes without types
    TTCollection,
    TTFont,
    TTLibError,
)

from core.studio.captions.letters import is_emoji, is_neutral, needed
from core.studio.errors import StudioError

BUNDLED = (
    ("matplotlib", "mpl-data/fonts/ttf/DejaVuSans.ttf"),
    ("mplfonts", "fonts/NotoSansCJKsc-Regular.otf"),
)
"""Latin, Cyrillic, Arabic, Vietnamese and some emoji; Chinese, Japanese and Korean."""
SUFFIXES = frozenset({".ttf", ".otf", ".ttc", ".otc"})
MOST_FILES = 2000
MOST_TOLD = 20
REGULAR = 400
_UNSAFE = re.compile(r"[\\{}(),@&;\x00-\x1f\x7f]|^\d*$")
"""What would mean something else where a font is named."""
_BROKEN = (TTLibError, OSError, struct.error, ValueError, LookupError, AssertionError, TypeError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """One font in a file."""

    path: Path
    number: int
    """In a file of several."""
    family: str
    weight: int
    is_italic: bool
    stamp: tuple[int, int]
    """Size and time of change of the file."""

    @property
    def widths(self) -> Mapping[int, float]:
        """Return how wide each character it has is, as a share of the height of a line."""
        return _widths(self.path, self.number, self.stamp)

    def has(self, characters: str) -> bool:
        """Tell whether it has all of these."""
        widths = self.widths
        return all(ord(char) in widths for char in characters)


class Fonts:
    """The fonts that may be used, in the order in which they are asked."""

    def __init__(self, folders: Sequence[Path], family: str = "") -> None:
        """Look what is there.

        Raises:
            StudioError: ``unknown_font``, when no font is of the wanted family.
        """
        found = [face for folder in folders for face in _in_folder(folder)] + _bundled()
        if family:
            wanted = [face for face in found if face.family.casefold() == family.casefold()]
            if not wanted:
                raise StudioError("unknown_font", {"font": family, "known": _names(found)})
            found = wanted + [face for face in found if face not in wanted]
        self._faces: Sequence[Face] = found
        self._missing: dict[str, None] = {}
        self._left_out: dict[str, None] = {}
        self._chosen: dict[str, tuple[str, Face] | None] = {}

    @property
    def left_out(self) -> str:
        """Return the emoji that no font had."""
        return "".join(self._left_out)

    def dress(self, cluster: str, before: Face | None) -> tuple[str, Face] | None:
        """Return what of a cluster is shown, and in which font; None when it is left out.

        Args:
            cluster: of `letters.clusters`.
            before: the font of what stands before it: punctuation keeps to it.
        """
        if before is not None and is_neutral(cluster) and before.has(needed(cluster)):
            return cluster, before
        if cluster not in self._chosen:
            self._chosen[cluster] = self._choose(cluster)
        return self._chosen[cluster]

    def require_all(self) -> None:
        """Refuse a text in which characters were missing.

        Raises:
            StudioError: ``no_glyph``.
        """
        if self._missing:
            characters = list(self._missing)[:MOST_TOLD]
            raise StudioError("no_glyph", {"characters": " ".join(characters)})

    def _choose(self, cluster: str) -> tuple[str, Face] | None:
        face = self._with(needed(cluster))
        if face is not None:
            return cluster, face
        if is_emoji(cluster):
            # Of an emoji of several, such as a hand and its colour, the first.
            first = needed(cluster)[:1]
            face = self._with(first)
            if face is not None:
                return first, face
            self._left_out[cluster] = None
        else:
            lacking = [char for char in needed(cluster) if self._with(char) is None]
            self._missing |= dict.fromkeys(lacking or cluster)
        return None

    def _with(self, characters: str) -> Face | None:
        return next((face for face in self._faces if face.has(characters)), None)


def _names(faces: Sequence[Face]) -> str:
    return ", ".join(sorted({face.family for face in faces})[:MOST_TOLD])


def _bundled() -> list[Face]:
    """Return the fonts of other packages, found without importing them."""
    faces: list[Face] = []
    for package, name in BUNDLED:
        spec = importlib.util.find_spec(package)
        for folder in (spec and spec.submodule_search_locations) or ():
            faces += _in_file(Path(folder, name))
    return faces


def _in_folder(folder: Path) -> list[Face]:
    """Return the fonts below a folder, those of a plain cut first."""
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)
    faces = [face for path in paths[:MOST_FILES] for face in _in_file(path)]
    return sorted(faces, key=lambda face: (face.is_italic, abs(face.weight - REGULAR)))


def _in_file(path: Path) -> list[Face]:
    try:
        status = path.stat()
        return list(_read(path.absolute(), (status.st_size, status.st_mtime_ns)))
    except OSError:
        return []


@lru_cache(maxsize=4096)
def _read(path: Path, stamp: tuple[int, int]) -> tuple[Face, ...]:
    try:
        with _open(path) as fonts:
            found = [_face(path, number, font, stamp) for number, font in enumerate(fonts)]
    except _BROKEN:
        return ()
    return tuple(face for face in found if face is not None)


@contextmanager
def _open(path: Path) -> Iterator[list[Any]]:
    """Give the fonts of a file, read as far as they are asked for."""
    with path.open("rb") as file:
        is_several = file.read(4) == b"ttcf"
        file.seek(0)
        yield (
            list(TTCollection(file, lazy=True).fonts) if is_several else [TTFont(file, lazy=True)]
        )


def _face(path: Path, number: int, font: Any, stamp: tuple[int, int]) -> Face | None:  # noqa: ANN401 - untyped
    family = str(font["name"].getDebugName(1) or "").strip()
    if not family or _UNSAFE.search(family) or not ({"glyf", "CFF ", "CFF2"} & set(font.keys())):
        return None
    metrics = font["OS/2"]
    return Face(
        path=path,
        number=number,
        family=family,
        weight=metrics.usWeightClass or REGULAR,
        is_italic=bool(metrics.fsSelection & 1),
        stamp=stamp,
    )


@lru_cache(maxsize=64)
def _widths(path: Path, number: int, _stamp: tuple[int, int]) -> Mapping[int, float]:
    try:
        with _open(path) as fonts:
            return dict(_measured(fonts[number]))
    except _BROKEN:
        return {}


def _measured(font: Any) -> Iterator[tuple[int, float]]:  # noqa: ANN401 - as above
    """Yield each character that has an outline, or is a space, and how wide it is."""
    advances = font["hmtx"].metrics
    unit = _unit(font)
    is_coloured = bool({"COLR", "CBDT", "sbix", "SVG "} & set(font.keys()))
    outlines = font["glyf"] if is_coloured and "glyf" in font else None
    for char, name in (font.getBestCmap() or {}).items():
        if outlines is None or outlines[name].numberOfContours or chr(char).isspace():
            yield char, advances[name][0] * unit


def _unit(font: Any) -> float:  # noqa: ANN401 - as above
    """Return what one unit of the font is, as a share of the size that is asked for.

    Source: libass 0.17, ass_font.c: the size is the height that OS/2 tells for Windows.
    """
    header, metrics = font["hhea"], font["OS/2"]
    height = header.ascent - header.descent
    windows = metrics.usWinAscent + metrics.usWinDescent
    real = height
    if metrics.fsSelection & 128:
        real = metrics.sTypoAscender - metrics.sTypoDescender
    scale = height / windows if height and windows else 1.0
    return float(scale / (real or height or font["head"].unitsPerEm))
