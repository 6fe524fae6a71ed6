"""Tests of when which words are seen."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from core.studio.captions.fonts import Fonts
from core.studio.captions.timing import Shown, groups, paged, stacked
from core.studio.captions.wrapping import dress
from core.studio.mashup import Word

FONTS = Fonts(())


def shown(start: float, end: float, *lines: str) -> Shown:
    return Shown(start=start, end=end, lines=tuple(tuple(dress(line, FONTS)) for line in lines))


def told(found: list[Shown]) -> list[tuple[float, float, str]]:
    return [
        (one.start, one.end, "/".join("".join(glyph.text for glyph in line) for line in one.lines))
        for one in found
    ]


def said(*words: tuple[str, float, float]) -> tuple[Word, ...]:
    return tuple(Word(text=text, start=start, end=end) for text, start, end in words)


def test_overlapping_cues_stack_the_later_below() -> None:
    cues = [shown(0, 3, "a"), shown(1, 2, "b"), shown(4, 5, "c")]
    assert told(list(stacked(cues, 5))) == [
        (0, 1, "a"),
        (1, 2, "a/b"),
        (2, 3, "a"),
        (4, 5, "c"),
    ]


def test_the_oldest_give_way_where_there_is_no_room() -> None:
    cues = [shown(0, 9, "a"), shown(1, 9, "b"), shown(2, 9, "c", "d")]
    assert told(list(stacked(cues, 3)))[-1] == (2, 9, "b/c/d")


def test_thousands_that_overlap_take_no_time() -> None:
    cues = [shown(index / 100, 1000 - index / 100, "x") for index in range(4000)]
    assert len(list(stacked(cues, 3))) == 7999


def test_what_has_too_many_lines_is_paged_by_length() -> None:
    pages = paged(shown(0, 12, "aa", "aa", "aaaa", "aaaa"), 2)
    assert told(pages) == [(0, 4, "aa/aa"), (4, 12, "aaaa/aaaa")]


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 20)), max_size=12), st.integers(1, 4))
def test_at_each_time_one_picture_of_no_more_lines_than_fit(
    times: list[tuple[int, int]], most: int
) -> None:
    cues = [shown(start, start + length, "x") for start, length in times]
    found = list(stacked(cues, most))
    assert all(one.end <= other.start for one, other in pairwise(found))
    for one in found:
        active = sum(cue.start <= one.start < cue.end for cue in cues)
        assert len(one.lines) == min(active, most)


def test_words_are_grouped_until_a_pause_or_the_end_of_a_sentence() -> None:
    words = said(
        ("so", 0, 0.2), ("it", 0.2, 0.4), ("is.", 0.4, 0.6), ("and", 0.7, 1), ("then", 2, 2.2)
    )
    assert [group.words for group in groups(words)] == [("so", "it", "is."), ("and",), ("then",)]


def test_a_group_ends_when_the_next_begins() -> None:
    found = groups(said(("a.", 0, 0.5), ("b", 0.6, 1)))
    assert [group.end for group in found] == [0.6, 1.3]


def test_words_come_in_the_order_of_time_and_empty_ones_are_left_out() -> None:
    found = groups(said((" later", 1, 1.2), ("\ufeff ", 0.5, 0.6), (" first\n", 0.8, 0.9)))
    assert [group.words for group in found] == [("first", "later")]


def test_no_space_between_words_of_east_asia() -> None:
    assert groups(said(("你好", 0, 0.2), ("世界", 0.3, 0.5), ("ok", 0.6, 0.7)))[0].joints == (
        "",
        "",
        " ",
    )
