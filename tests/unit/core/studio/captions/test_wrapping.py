"""Tests of lines that fit."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.studio.captions.fonts import Fonts
from core.studio.captions.wrapping import Line, dress, runs, width_of, wrap

FONTS = Fonts(())


def texts(lines: list[Line]) -> list[str]:
    return ["".join(glyph.text for glyph in line) for line in lines]


def test_breaks_at_spaces_into_lines_about_equally_long() -> None:
    glyphs = dress("one two three four five six", FONTS)
    assert texts(wrap(glyphs, width_of(glyphs) * 0.9)) == ["one two three", "four five six"]


def test_a_word_that_is_too_long_is_cut() -> None:
    glyphs = dress("m" * 10, FONTS)
    assert texts(wrap(glyphs, width_of(glyphs) / 2 + 0.01)) == ["m" * 5, "m" * 5]


def test_breaks_between_characters_of_east_asia_but_not_before_a_full_stop() -> None:
    glyphs = dress("中文中文。", FONTS)
    lines = texts(wrap(glyphs, width_of(glyphs[:4])))
    assert "".join(lines) == "中文中文。"
    assert len(lines) == 2
    assert not lines[1].startswith("。")


def test_runs_are_of_one_font_and_word() -> None:
    line = tuple(dress("ab", FONTS, 0) + dress("中c", FONTS, 1))
    assert [(face.family[:4], word, text) for face, word, text in runs(line)] == [
        ("Deja", 0, "ab"),
        ("Noto", 1, "中"),
        ("Deja", 1, "c"),
    ]


@given(st.text("abc wi中文。م,", max_size=80), st.floats(1, 8))
def test_no_line_is_too_wide_and_nothing_gets_lost(text: str, most: float) -> None:
    glyphs = dress(" ".join(text.split()), FONTS)
    lines = wrap(glyphs, most)
    assert all(width_of(line) <= most + 1e-9 for line in lines)
    assert "".join(texts(lines)).replace(" ", "") == text.replace(" ", "")
