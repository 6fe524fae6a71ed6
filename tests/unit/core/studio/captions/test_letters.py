"""Tests of text as it can be shown."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.studio.captions.letters import MOST_MARKS, clean, clusters, is_emoji


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\ufeffone\ttwo   three ", "one two three"),
        ("a\r\nb\rc\vd\u2028e", "a\nb\nc\nd\ne"),
        ("e\u0301", "é"),
        ("a\x00b\x1b[31m\x07", "ab[31m"),
        ("soft\u00adware\u200b\u2060\u202e", "software"),
        ("❤\ufe0f", "❤"),
        ("\u3000中\u3000文", "中 文"),
        ("10\u00a0km", "10\u00a0km"),
        ("\ud800x", "?x"),
        ("\n\n \n", ""),
    ],
)
def test_cleans(text: str, shown: str) -> None:
    assert clean(text) == shown


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("ab", ["a", "b"]),
        ("a\u0328\u0301b", ["a\u0328\u0301", "b"]),
        ("👩\u200d💻x", ["👩\u200d💻", "x"]),
        ("👍🏽👍", ["👍🏽", "👍"]),
        ("🇺🇿🇻🇳", ["🇺🇿", "🇻🇳"]),
        ("1\u20e32", ["1\u20e3", "2"]),
        ("می\u200cخ", ["م", "ی\u200c", "خ"]),
    ],
)
def test_keeps_together_what_is_one(text: str, parts: list[str]) -> None:
    assert list(clusters(text)) == parts


def test_no_tower_of_marks() -> None:
    assert list(clusters("x" + "\u0301" * 500)) == ["x" + "\u0301" * MOST_MARKS]


@given(st.text(max_size=200))
def test_clean_text_has_no_controls_and_stays_clean(text: str) -> None:
    shown = clean(text)
    assert clean(shown) == shown
    assert all(char == "\n" or char.isprintable() or ord(char) > 0x9F for char in shown)


@given(st.text(max_size=100))
def test_clusters_lose_nothing_but_marks(text: str) -> None:
    shown = clean(text)
    parts = list(clusters(shown))
    kept = "".join(parts)
    assert all(parts)
    assert len(kept) == len(shown) or "M" in {unicodedata.category(char)[0] for char in shown}


def test_tells_emoji_from_letters() -> None:
    assert [is_emoji(one) for one in ("🎵", "👩\u200d💻", "☺", "a", "中", "é", "5")] == [
        True,
        True,
        True,
        False,
        False,
        False,
        False,
    ]
