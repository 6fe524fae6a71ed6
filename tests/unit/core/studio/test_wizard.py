from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from core.studio.building import build, drawn_choices, profile_for
from core.studio.layouts import LAYOUTS
from core.studio.mashup import AssetKind
from core.studio.wizard import (
    ORDER,
    Choices,
    Step,
    before,
    fitted,
    following,
    habits_of,
    layouts,
    left_to_draw,
    read_count,
    toggled,
    turned,
    with_asset,
    with_words,
)
from tests.choice_kit import make_asset

FULL = Choices(source_id=1, template_id=2, music_id=3, layout="corner", caption="Hello")
ASSETS = {
    1: make_asset(1, kind=AssetKind.SOURCE, rights="mine"),
    2: make_asset(2, kind=AssetKind.TEMPLATE, attribution="Slime by Ann", rights=""),
    3: make_asset(3, kind=AssetKind.AUDIO, attribution="Sunny by Bob"),
}


def test_steps_follow_each_other_and_end() -> None:
    assert all(following(one) is two and before(two) is one for one, two in pairwise(ORDER))
    assert (before(Step.SOURCE), following(Step.REVIEW)) == (Step.SOURCE, Step.REVIEW)


def test_a_layout_has_room_for_exactly_what_was_chosen() -> None:
    alone = with_asset(FULL, Step.TEMPLATE, None)
    assert alone.layout == "full"
    assert fitted(with_asset(alone, Step.TEMPLATE, 2)).layout == "side"
    assert set(layouts(FULL)) | set(layouts(alone)) == set(LAYOUTS)


def test_what_is_chosen_by_hand_is_not_drawn_any_more() -> None:
    drawn = FULL.model_copy(update={"drawn": ("template_id", "music_id")})
    assert with_asset(drawn, Step.MUSIC, 4).drawn == ("template_id",)


@pytest.mark.parametrize(
    ("text", "caption", "mark"),
    [
        ("Look\nhere", "Look\nhere", ""),
        ("watermark: @ann", "Hello", "@ann"),
        ("WaterMark :  a   b \nLook", "Look", "a b"),
        ("{\\an8}<b>Look</b>", "{\\an8}<b>Look</b>", ""),
        ("x" * 5000, "x" * 2000, ""),
    ],
)
def test_words_are_the_caption_and_a_line_is_the_mark(text: str, caption: str, mark: str) -> None:
    made = with_words(FULL, text)
    assert (made.caption, made.watermark) == (caption, mark)


def test_words_take_the_place_of_subtitles() -> None:
    filed = FULL.model_copy(update={"caption": "", "caption_file": "a.srt", "caption_name": "a"})
    assert with_words(filed, "watermark: x").caption_file == "a.srt"
    assert with_words(filed, "Look").caption_file == ""


@pytest.mark.parametrize(
    ("step", "choices", "free"),
    [
        (Step.SOURCE, Choices(), {"source_id", "template_id", "music_id", "layout", "caption"}),
        (Step.SOURCE, FULL, {"template_id", "music_id", "layout"}),
        (Step.MUSIC, FULL, {"music_id", "layout"}),
        (Step.WORDS, FULL.model_copy(update={"caption": ""}), {"caption"}),
        (Step.REVIEW, FULL, set()),
        (Step.REVIEW, FULL.model_copy(update={"drawn": ("music_id",)}), {"music_id"}),
    ],
)
def test_a_surprise_fills_what_is_left(step: Step, choices: Choices, free: set[str]) -> None:
    assert set(left_to_draw(step, choices)) - {"look", "place"} == free


def test_habits_are_all_but_what_is_of_one_mashup_alone() -> None:
    kept = habits_of(FULL.model_copy(update={"post": "A day", "accounts": (4,), "seed": 7}))
    assert (kept.source_id, kept.caption, kept.post, kept.seed) == (None, "", "", None)
    assert (kept.template_id, kept.layout, kept.accounts) == (2, "corner", (4,))


def test_options_turn_and_toggle() -> None:
    assert [turned(("a", "b"), one) for one in ("a", "b", "c")] == ["b", "a", "a"]
    assert toggled(toggled((), 1), 1) == ()


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("", (None, "")),
        ("20 upbeat", (20, "upbeat")),
        ("0", (0, "")),
        ("upbeat 20", (None, "upbeat 20")),
        ("0000000000020", (20, "")),
        ("99999999999", (999999999, "")),
        ("٣", (None, "٣")),
    ],
)
def test_how_many_are_asked_for(words: str, read: tuple[int | None, str]) -> None:
    assert read_count(words) == read


def test_choices_become_a_mashup() -> None:
    made = build(FULL.model_copy(update={"seconds": 15, "watermark": "@ann"}), ASSETS)
    assert [part.file.asset_id for part in made.parts] == [1, 2]
    assert [(part.is_own, part.volume) for part in made.parts] == [(True, 1.0), (False, 0.0)]
    assert (made.layout, made.seconds, made.attribution) == (
        "corner",
        15,
        "Slime by Ann · Sunny by Bob",
    )
    assert made.watermark is not None
    assert made.watermark.text == "@ann"


@pytest.mark.parametrize(
    ("credit", "foot"),
    [
        ("Film: Cleo", "Slime by Ann · Sunny by Bob · Film: Cleo"),
        ("sunny  BY bob", "Slime by Ann · Sunny by Bob"),
        ("x" * 500, "Slime by Ann · Sunny by Bob"),
    ],
)
def test_a_credit_stands_beside_those_of_the_assets(credit: str, foot: str) -> None:
    made = build(FULL.model_copy(update={"credit": credit}), ASSETS)
    assert made.attribution == foot
    assert habits_of(FULL.model_copy(update={"credit": credit})).credit == ""


def test_a_line_names_who_is_credited() -> None:
    made = with_words(FULL, "Credit: Jane   Doe\nwatermark: @ann\nLook")
    assert (made.credit, made.watermark, made.caption) == ("Jane Doe", "@ann", "Look")
    assert with_words(made, "credit:").credit == ""
    assert len(with_words(FULL, f"credit: {'x' * 999}").credit) == 200


def test_in_a_sequence_every_part_is_heard() -> None:
    made = build(FULL.model_copy(update={"layout": "sequence"}), ASSETS)
    assert [part.volume for part in made.parts] == [1.0, 1.0]


def test_subtitles_are_named_by_where_they_lie() -> None:
    filed = FULL.model_copy(update={"caption": "", "caption_file": "a.srt"})
    made = build(filed, ASSETS, captions=Path("/data/a.srt"))
    assert made.captions is not None
    assert made.captions.file is not None
    assert made.captions.file.path == "/data/a.srt"


def test_what_is_gone_is_left_out() -> None:
    made = build(with_asset(FULL, Step.TEMPLATE, None), {1: ASSETS[1]})
    assert (len(made.parts), made.music) == (1, None)


def test_one_platform_has_its_profile_and_several_the_general_one() -> None:
    assert [profile_for(one) for one in ({"tiktok"}, {"tiktok", "youtube"}, set(), {"x"})] == [
        "tiktok",
        "general",
        "general",
        "general",
    ]


def test_only_what_is_drawn_is_taken_from_a_surprise() -> None:
    made = build(FULL.model_copy(update={"layout": "stack"}), ASSETS)
    kept = drawn_choices(Choices(source_id=9), made, ("template_id", "layout"), 5)
    assert (kept.source_id, kept.template_id, kept.music_id) == (9, 2, None)
    assert (kept.layout, kept.seed, kept.drawn) == ("stack", 5, ("template_id", "layout"))
