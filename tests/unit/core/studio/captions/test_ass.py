"""Tests of the file that libass reads: a text stays a text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.studio.captions.ass import Style, escaped, event, file_text
from core.studio.captions.fonts import Fonts
from core.studio.captions.letters import clean
from core.studio.captions.timing import Shown
from core.studio.captions.wrapping import dress

STYLE = Style(
    name="words",
    size=20,
    colour="#102030",
    back="#000000",
    spoken="#ff8000",
    rim=2,
    anchor=2,
    place=(80, 200),
)
FONTS = Fonts(())


def shown(text: str, start: float = 0, end: float = 1) -> Shown:
    return Shown(
        start=start,
        end=end,
        lines=tuple(tuple(dress(line, FONTS)) for line in clean(text).split("\n")),
    )


def codes(line: str) -> list[str]:
    """Return what a reader of ASS takes for codes."""
    return re.findall(r"(?<!\\)\{[^}]*\}|\\[Nnh]", line)


@given(st.text(r"\{}Nnhp1c&H(),;:'[]= ", max_size=60))
def test_no_text_becomes_a_code(text: str) -> None:
    assert codes(escaped(text)) == []


@pytest.mark.parametrize(
    "text",
    [
        r"{\p1}m 0 0 l 9 9",
        "a\r\nDialogue: 0,0:00:00.00,9:00:00.00,words,,0,0,0,,evil",
        "[Events]\u2028[Fonts]",
        r"x',drawtext=textfile=/etc/passwd:y='",
    ],
)
def test_an_event_is_one_line_with_our_codes_only(text: str) -> None:
    line = event(STYLE, shown(text))
    assert line.count("\n") == 1
    found = {code[:5] for code in codes(line.split(",", 9)[9])}
    assert found <= {r"{\pos", r"{\fnD", r"\N"}
    assert line.startswith("Dialogue: 0,0:00:00.00,0:00:01.00,words,")


def test_times_are_hundredths_and_what_is_shorter_is_left_out() -> None:
    assert "0,0:00:01.23,1:01:01.00," in event(STYLE, shown("x", 1.234, 3661))
    assert event(STYLE, shown("x", 1.001, 1.004)) == ""


def test_the_spoken_word_has_its_colour() -> None:
    line = tuple(dress("one", FONTS, 0) + dress(" ", FONTS) + dress("two", FONTS, 1))
    told = event(STYLE, Shown(start=0, end=1, lines=(line,), spoken=1))
    assert re.findall(r"\\1c(&H\w+&)}([^{]*)", told) == [
        ("&H302010&", "one "),
        ("&H0080FF&", "two\n"),
    ]


def test_a_style_has_as_many_values_as_names() -> None:
    told = file_text((160, 284), [STYLE], [], "DejaVu Sans")
    names, values = re.search(r"Format: (Name.*)\nStyle: (.*)\n", told).groups()  # type: ignore[union-attr]  # it is there, or the test fails
    assert len(names.split(",")) == len(values.split(","))
