"""Tests of the canvases that words are drawn on."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.studio.captions.ass import Style
from core.studio.captions.fonts import Fonts
from core.studio.captions.layers import LAST_SECONDS, layer
from core.studio.captions.timing import Shown
from core.studio.captions.wrapping import dress

LINE = tuple(dress("words", Fonts(())))
SIZE = (160, 284)


def style(anchor: int = 2, place: tuple[int, int] = (80, 200)) -> Style:
    return Style(
        name="words", size=20, colour="#ffffff", back="#000000", rim=2, anchor=anchor, place=place
    )


def shown(start: float, end: float) -> Shown:
    return Shown(start=start, end=end, lines=(LINE,))


def times(*cues: tuple[float, float], seconds: float = 10) -> tuple[float, ...]:
    found, _ = layer(style(), [shown(*cue) for cue in cues], SIZE, seconds, "DejaVu Sans")
    return found.times


@pytest.mark.parametrize(
    ("cues", "expected"),
    [
        ([(0, 10)], (0,)),
        ([(1, 2)], (0, 1, 2)),
        ([(0, 2), (2, 4)], (0, 2, 4)),
        ([(0, 2), (2.001, 99)], (0, 2.001)),
        ([(3, 4), (1, 2)], (0, 1, 2, 3, 4)),
        ([(9.95, 10)], (0,)),
        ([(0.002, 10)], (0, 0.002)),
    ],
)
def test_a_canvas_changes_only_when_the_words_do(
    cues: list[tuple[float, float]], expected: tuple[float, ...]
) -> None:
    assert times(*cues) == expected


@given(st.lists(st.tuples(st.floats(0, 20), st.floats(0, 5)), max_size=9), st.floats(0.5, 15))
def test_changes_follow_one_another_within_the_video(
    cues: list[tuple[float, float]], seconds: float
) -> None:
    found = times(*((start, start + length) for start, length in cues), (0, 1), seconds=seconds)
    assert found[0] == 0
    assert all(one < other for one, other in pairwise(found))
    assert found[-1] <= max(0, seconds - LAST_SECONDS) + 1e-9


@pytest.mark.parametrize("anchor", range(1, 10))
def test_a_canvas_lies_within_the_picture_on_even_pixels(anchor: int) -> None:
    for place in ((80, 142), (3, 5), (158, 281)):
        found, _ = layer(style(anchor, place), [shown(0, 1)], SIZE, 9, "DejaVu Sans")
        sides = (found.left, found.top, found.width, found.height)
        assert all(side % 2 == 0 and side >= 0 for side in sides)
        assert found.left + found.width <= SIZE[0]
        assert found.top + found.height <= SIZE[1]
