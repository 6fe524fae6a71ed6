"""Lines that fit: where a text is broken, by the widths of its characters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from core.studio.captions.fonts import Face, Fonts
from core.studio.captions.letters import clusters, is_mark, is_wide, needed

BALANCED_LINES = 4
"""So few lines are made about equally long; of more nobody sees it."""
_NOT_FIRST = frozenset(
    "、。，．：；！？）］｝」』】》〉〕…‥ー々ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ・,.!?:;)]}%"
)
"""Characters that do not begin a line. Source: JIS X 4051, 2004, the usual ones."""
_NOT_LAST = frozenset("（［｛「『【《〈〔([{")


@dataclass(frozen=True, slots=True, kw_only=True)
class Glyph:
    """What is drawn together, in one font."""

    text: str
    face: Face
    width: float
    """As a share of the height of a line."""
    word: int = -1
    """Which word of a transcript it belongs to."""


Line = tuple[Glyph, ...]


def dress(text: str, fonts: Fonts, word: int = -1) -> list[Glyph]:
    """Return one line of a clean text with the font of each character."""
    glyphs: list[Glyph] = []
    face: Face | None = None
    for cluster in clusters(text):
        dressed = fonts.dress(cluster, face)
        if dressed is None:
            continue
        shown, face = dressed
        if shown == " " and glyphs and glyphs[-1].text == " ":
            continue
        glyphs.append(Glyph(text=shown, face=face, width=_width(shown, face), word=word))
    return glyphs


def _width(shown: str, face: Face) -> float:
    # Marks stand over their letter.
    widths, bearing = face.widths, [char for char in needed(shown) if not is_mark(char)]
    return sum(widths[ord(char)] for char in bearing or needed(shown))


def width_of(line: Sequence[Glyph]) -> float:
    """Return how wide a line is."""
    return sum(glyph.width for glyph in line)


def wrap(glyphs: Sequence[Glyph], most: float) -> list[Line]:
    """Return lines no wider than that; a few are made about equally long."""
    lines = _greedy(glyphs, most)
    if not 1 < len(lines) <= BALANCED_LINES:
        return lines
    low, high = width_of(glyphs) / len(lines), most
    for _ in range(6):
        middle = (low + high) / 2
        tried = _greedy(glyphs, middle)
        if len(tried) > len(lines) or any(width_of(line) > middle for line in tried):
            low = middle
        else:
            lines, high = tried, middle
    return lines


def _greedy(glyphs: Sequence[Glyph], most: float) -> list[Line]:
    lines: list[Line] = []
    begin = 0
    while begin < len(glyphs):
        end = _end(glyphs, begin, most)
        lines.append(_trimmed(glyphs[begin:end]))
        begin = end
    return [line for line in lines if line]


def _end(glyphs: Sequence[Glyph], begin: int, most: float) -> int:
    """Return where the line that begins there ends: at the last place for it, or anywhere."""
    width, chance = 0.0, 0
    for index in range(begin, len(glyphs)):
        if index > begin and _may_break(glyphs[index - 1].text, glyphs[index].text):
            chance = index
        width += glyphs[index].width
        if width > most and index > begin and glyphs[index].text != " ":
            return chance or index
    return len(glyphs)


def _may_break(before: str, after: str) -> bool:
    if before == " ":
        return True
    if after == " " or after[0] in _NOT_FIRST or before[-1] in _NOT_LAST:
        return False
    return is_wide(before[0]) or is_wide(after[0])


def _trimmed(glyphs: Sequence[Glyph]) -> Line:
    begin, end = 0, len(glyphs)
    while begin < end and glyphs[begin].text == " ":
        begin += 1
    while end > begin and glyphs[end - 1].text == " ":
        end -= 1
    return tuple(glyphs[begin:end])


def runs(line: Line) -> Iterator[tuple[Face, int, str]]:
    """Yield stretches of one font and one word: font, word, text."""
    begin = 0
    for index, (one, other) in enumerate(pairwise(line), start=1):
        if (one.face, one.word) != (other.face, other.word):
            yield one.face, one.word, "".join(glyph.text for glyph in line[begin:index])
            begin = index
    if line:
        yield line[begin].face, line[begin].word, "".join(glyph.text for glyph in line[begin:])
