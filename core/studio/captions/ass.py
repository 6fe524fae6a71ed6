"""The file that libass reads: styles, and events in which a text is nothing but text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.studio.captions.fonts import Face
from core.studio.captions.timing import Shown
from core.studio.captions.wrapping import runs

WORD_JOINER = "\u2060"
"""Not seen; after a backslash it keeps the next letter from making a code with it."""
_HEAD = """[Script Info]
ScriptType: v4.00+
PlayResX: {width}
PlayResY: {height}
WrapStyle: 2
ScaledBorderAndShadow: yes
YCbCr Matrix: None

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, \
Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, \
Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
"""
_EVENTS = """
[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How words look and where they stand."""

    name: str
    size: float
    """Height of a line, in pixels of the picture."""
    colour: str
    """As ``#rrggbb``, as are the next two."""
    back: str
    spoken: str = "#ffffff"
    is_box: bool = False
    rim: float
    """Width of the outline, or what the box is larger than the words, in pixels."""
    opacity: float = 1.0
    anchor: int
    """Which corner or side stands at the place: 1 to 9 as on the keys of digits."""
    place: tuple[int, int]


def file_text(
    size: tuple[int, int], styles: Iterable[Style], events: Iterable[str], family: str
) -> str:
    """Return the whole file; the family is any that is used, events name their own."""
    head = _HEAD.format(width=size[0], height=size[1])
    told = "".join(_style(style, family) for style in styles)
    return head + told + _EVENTS + "".join(events)


def _style(style: Style, family: str) -> str:
    rim = f"{style.rim:.2f}"
    # Number 4 is one box around all lines, as much larger as the shadow is told to be; the last
    # number, -1, lets the words say whether they run from the right.
    border = f"4,0,{rim}" if style.is_box else f"1,{rim},0"
    front, back = _colour(style.colour), _colour(style.back)
    return (
        f"Style: {style.name},{family},{style.size:.2f},{front},{front},{back},{back},"
        f"0,0,0,0,100,100,0,0,{border},{style.anchor},0,0,0,-1\n"
    )


def _colour(rgb: str) -> str:
    return f"&H{rgb[5:7]}{rgb[3:5]}{rgb[1:3]}".upper()


def event(style: Style, shown: Shown) -> str:
    """Return one event; empty when it is too short to be told."""
    start, end = round(shown.start * 100), round(shown.end * 100)
    if end <= start:
        return ""
    place = f"{{\\pos({style.place[0]},{style.place[1]})}}"
    words = place + _words(style, shown)
    return f"Dialogue: 0,{_time(start)},{_time(end)},{style.name},,0,0,0,,{words}\n"


def _words(style: Style, shown: Shown) -> str:
    said, before = [], ""
    for number, line in enumerate(shown.lines):
        said.append("\\N" if number else "")
        for face, word, text in runs(line):
            is_spoken = 0 <= word == shown.spoken
            look = _look(face, style.spoken if is_spoken else style.colour)
            said += [look if look != before else "", escaped(text)]
            before = look
    return "".join(said)


def _look(face: Face, colour: str) -> str:
    return f"{{\\fn{face.family}\\b{face.weight}\\i{int(face.is_italic)}\\1c{_colour(colour)}&}}"


def escaped(text: str) -> str:
    """Return a text in which nothing is a code."""
    text = text.replace("\\", "\\" + WORD_JOINER)
    return text.replace("{", "\\{").replace("}", "\\}")


def _time(hundredths: int) -> str:
    seconds, rest = divmod(hundredths, 100)
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{rest:02d}"


def faces_of(shown: Sequence[Shown]) -> set[Face]:
    """Return the fonts that are used."""
    return {glyph.face for one in shown for line in one.lines for glyph in line}
