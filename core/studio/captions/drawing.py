"""Where words stand in the picture: captions, the attribution, a watermark of text."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from core.studio.captions import ass
from core.studio.captions.ass import Style
from core.studio.captions.fonts import Face, Fonts
from core.studio.captions.layers import LINE, SPARE, Layer, layer
from core.studio.captions.letters import clean
from core.studio.captions.reading import read
from core.studio.captions.timing import Cue, Group, Shown, groups, paged, stacked
from core.studio.captions.wrapping import Glyph, Line, dress, width_of, wrap
from core.studio.mashup import Captions, Watermark
from core.studio.profiles import SafeZone

FONTS_NAME = "fonts"
LEAST_PIXELS = 6.0
"""Smaller letters are not drawn."""
CREDIT_SHARE = 0.018
"""Height of a line of the attribution, as a share of the picture's."""
CREDIT_OPACITY = 0.88
CREDIT_ROOM = 0.25
"""Share of the safe zone that the attribution may take: a longer one is set smaller."""
MARK_SHARE = 0.05
"""Greatest height of a watermark, as a share of the picture's."""
RIM = 0.07
"""Outline, as a share of the height of a line."""
BOX_RIM = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What is drawn: files below the folder in which ffmpeg works, their names made here."""

    folder: Path
    layers: tuple[Layer, ...]
    fonts: str = FONTS_NAME
    left_out: str = ""
    """Emoji that no font has; the words are drawn without them."""
    used_fonts: tuple[str, ...] = ()
    """Families, such as ``DejaVu Sans``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Room:
    """The part of the picture that words may use, in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def centre(self) -> int:
        return round((self.left + self.right) / 2)


def write(
    captions: Captions | None,
    *,
    attribution: str = "",
    watermark: Watermark | None = None,
    size: tuple[int, int],
    safe: SafeZone,
    seconds: float,
    folder: Path,
    fonts: Sequence[Path] = (),
) -> Written | None:
    """Write the file of all words over the picture, and link the fonts they use.

    Args:
        captions: the words, or None.
        attribution: the small line at the foot; captions stand above it.
        watermark: drawn here only if it is a text.
        size: width and height of the picture.
        safe: margins that stay clear.
        seconds: length of the video; what is later is cut.
        folder: where ffmpeg works.
        fonts: folders of fonts that are asked first.

    Returns:
        What `burn` draws; None when there is nothing to draw.

    Raises:
        StudioError: ``no_glyph`` when no font has a character, ``unknown_font``, and those of a
            file of captions, see `core.studio.captions.reading.read`.
    """
    if captions is None and not attribution and (watermark is None or not watermark.text):
        return None
    room = _room(size, safe)
    plain = Fonts(fonts)
    chosen = Fonts(fonts, captions.font) if captions and captions.font else plain
    drawn: list[tuple[Style, list[Shown]]] = []
    if credit := _credit(clean(attribution), room, size, plain, seconds):
        drawn.append(credit)
        room = replace(room, bottom=room.bottom - _height(credit))
    if watermark and (mark := _mark(watermark, room, size, plain, seconds)):
        drawn.append(mark)
        room = _beside(room, watermark.corner, _height(mark))
    if captions is not None:
        drawn.append(_captions(captions, room, size, chosen, seconds))
    for asked in (plain, chosen):
        asked.require_all()
    left_out = "".join(dict.fromkeys(plain.left_out + chosen.left_out))
    return _written(drawn, size, seconds, folder, left_out)


def burn(stream: Any, written: Written | None) -> Any:  # noqa: ANN401 - ffmpeg-python is untyped
    """Draw what was written; ffmpeg has to run in ``written.folder``."""
    for one in written.layers if written is not None else ():
        stream = one.over(stream, FONTS_NAME)
    return stream


def _written(
    drawn: Sequence[tuple[Style, list[Shown]]],
    size: tuple[int, int],
    seconds: float,
    folder: Path,
    left_out: str,
) -> Written | None:
    faces = {face for _, shown in drawn for face in ass.faces_of(shown)}
    if not faces:
        return None
    families = tuple(sorted({face.family for face in faces}))
    _link(faces, folder / FONTS_NAME)
    layers = []
    for style, shown in drawn:
        if shown:
            found, text = layer(style, shown, size, seconds, families[0])
            (folder / found.name).write_text(text, "utf-8")
            layers.append(found)
    return Written(folder=folder, layers=tuple(layers), left_out=left_out, used_fonts=families)


def _link(faces: Iterable[Face], folder: Path) -> None:
    """Make a folder of just these fonts; they are large, so they are copied only if they must."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for number, path in enumerate(sorted({face.path for face in faces})):
        target = folder / f"{number}{path.suffix.lower()}"
        try:
            target.symlink_to(path)
        except OSError:
            _copy(path, target)


def _copy(path: Path, target: Path) -> None:
    try:
        os.link(path, target)
    except OSError:
        shutil.copyfile(path, target)


def _room(size: tuple[int, int], safe: SafeZone) -> _Room:
    width, height = size
    return _Room(
        left=width * safe.left,
        top=height * safe.top,
        right=width * (1 - safe.right),
        bottom=height * (1 - safe.bottom),
    )


def _beside(room: _Room, corner: str, taken: float) -> _Room:
    if corner.startswith("top"):
        return replace(room, top=room.top + taken)
    return replace(room, bottom=room.bottom - taken)


def _height(drawn: tuple[Style, list[Shown]]) -> float:
    style, shown = drawn
    return len(shown[0].lines) * style.size * LINE + 3 * style.rim if shown else 0.0


def _lines(text: str, fonts: Fonts, width: float) -> tuple[Line, ...]:
    """Return a clean text as lines of at most that width, a share of their height."""
    parts = (wrap(dress(line, fonts), width) for line in text.split("\n"))
    return tuple(line for part in parts for line in part)


def _credit(
    text: str, room: _Room, size: tuple[int, int], fonts: Fonts, seconds: float
) -> tuple[Style, list[Shown]] | None:
    high = max(LEAST_PIXELS, size[1] * CREDIT_SHARE)
    lines = _lines(text, fonts, room.width * SPARE / high)
    while len(lines) * high > room.height * CREDIT_ROOM and high > LEAST_PIXELS:
        high *= 0.85
        lines = _lines(text, fonts, room.width * SPARE / high)
    if not lines:
        return None
    place = (room.centre, round(room.bottom - high * RIM))
    style = Style(
        name="credit",
        size=high,
        colour="#ffffff",
        back="#000000",
        rim=high * RIM,
        opacity=CREDIT_OPACITY,
        anchor=2,
        place=place,
    )
    return style, [Shown(start=0, end=seconds, lines=lines)]


def _mark(
    watermark: Watermark, room: _Room, size: tuple[int, int], fonts: Fonts, seconds: float
) -> tuple[Style, list[Shown]] | None:
    line = tuple(dress(clean(watermark.text).replace("\n", " "), fonts))
    if not line or watermark.opacity == 0:
        return None
    wanted = min(watermark.width * size[0], room.width) * SPARE / max(width_of(line), 0.1)
    high = max(min(wanted, size[1] * MARK_SHARE), min(LEAST_PIXELS, wanted))
    rim = high * RIM
    is_top, is_left = watermark.corner.startswith("top"), watermark.corner.endswith("left")
    place = (
        round(room.left + rim if is_left else room.right - rim),
        round(room.top + rim if is_top else room.bottom - rim),
    )
    style = Style(
        name="mark",
        size=high,
        colour="#ffffff",
        back="#000000",
        rim=rim,
        opacity=watermark.opacity,
        anchor=(7 if is_top else 1) + (0 if is_left else 2),
        place=place,
    )
    return style, [Shown(start=0, end=seconds, lines=(line,))]


def _captions(
    captions: Captions, room: _Room, size: tuple[int, int], fonts: Fonts, seconds: float
) -> tuple[Style, list[Shown]]:
    high = max(LEAST_PIXELS, min(captions.size * size[1], room.height / 2, room.width / 3))
    is_box = captions.look == "box"
    rim = high * (BOX_RIM if is_box else RIM)
    inner = _Room(
        left=room.left + rim, top=room.top + rim, right=room.right - rim, bottom=room.bottom - rim
    )
    style = Style(
        name="words",
        size=high,
        colour=captions.colour,
        spoken=captions.spoken,
        back=captions.back,
        is_box=is_box,
        rim=rim,
        anchor={"top": 8, "middle": 5, "bottom": 2}[captions.place],
        place=(inner.centre, round(_stand(captions.place, inner))),
    )
    most_lines = max(1, int(inner.height / (high * LINE)))
    width = inner.width * SPARE / high
    return style, _shown(captions, fonts, width, most_lines, seconds)


def _stand(place: str, room: _Room) -> float:
    if place == "middle":
        return (room.top + room.bottom) / 2
    return room.top if place == "top" else room.bottom


def _shown(
    captions: Captions, fonts: Fonts, width: float, most_lines: int, seconds: float
) -> list[Shown]:
    if captions.words:
        found = [
            one
            for group in groups(captions.words)
            for one in _spoken(group, fonts, width, most_lines)
        ]
        return [_cut(one, seconds) for one in found if one.start < seconds]
    cues = [Cue(start=0, end=seconds, text=captions.text)]
    if captions.file is not None:
        cues = [cue for cue in read(Path(captions.file.path)) if cue.start < seconds]
    pages: list[Shown] = []
    for cue in cues:
        lines = _lines(clean(cue.text), fonts, width)
        pages += paged(Shown(start=max(0.0, cue.start), end=cue.end, lines=lines), most_lines)
    return list(
        stacked([_cut(page, seconds) for page in pages if page.start < seconds], most_lines)
    )


def _cut(shown: Shown, seconds: float) -> Shown:
    return replace(shown, end=min(shown.end, seconds))


def _spoken(group: Group, fonts: Fonts, width: float, most_lines: int) -> list[Shown]:
    """Return a group of words once for each word that is spoken."""
    glyphs: list[Glyph] = []
    for number, (joint, word) in enumerate(zip(group.joints, group.words, strict=True)):
        glyphs += dress(joint, fonts) if glyphs else []
        glyphs += dress(word, fonts, number)
    pages = paged(Shown(start=0, end=1, lines=tuple(wrap(glyphs, width))), most_lines)
    page_of = {
        glyph.word: page.lines for page in reversed(pages) for line in page.lines for glyph in line
    }
    ends = (*group.starts[1:], group.end)
    return [
        Shown(start=start, end=end, lines=page_of[number], spoken=number)
        for number, (start, end) in enumerate(zip(group.starts, ends, strict=True))
        if number in page_of
    ]
