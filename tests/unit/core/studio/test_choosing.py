from __future__ import annotations

import pytest

from core.studio.choosing import Wish, layouts_for, surprise
from core.studio.errors import StudioError
from core.studio.layouts import LAYOUTS
from core.studio.mashup import AssetKind
from tests.choice_kit import Shelf, make_asset

SOURCE, TEMPLATE, AUDIO = AssetKind.SOURCE, AssetKind.TEMPLATE, AssetKind.AUDIO


def full_shelf() -> Shelf:
    sources = [make_asset(n, SOURCE, uses=n % 2) for n in range(1, 7)]
    templates = [make_asset(n, TEMPLATE, rights="licensed") for n in range(11, 17)]
    tunes = [make_asset(21, AUDIO, mood="upbeat"), make_asset(22, AUDIO, mood="sad")]
    return Shelf(*sources, *templates, *tunes)


async def test_the_same_number_chooses_the_same_and_another_one_something_else() -> None:
    shelf = full_shelf()
    assert await surprise(shelf, Wish(), 7) == await surprise(shelf, Wish(), 7)
    assert len({(await surprise(shelf, Wish(), seed)).model_dump_json() for seed in range(9)}) > 3


async def test_parts_are_chosen_among_the_least_used_and_music_by_its_mood() -> None:
    shelf = full_shelf()
    for seed in range(10):
        mashup = await surprise(shelf, Wish(mood="upbeat"), seed)
        assert shelf.assets[mashup.parts[0].file.asset_id or 0].uses == 0
        assert mashup.music is not None
        assert mashup.music.file.asset_id == 21


async def test_a_template_is_not_own_and_not_heard_beside_the_source() -> None:
    mashup = await surprise(full_shelf(), Wish(layout="side"), 1)
    source, template = mashup.parts
    assert (source.is_own, source.volume) == (True, 1.0)
    assert (template.is_own, template.volume) == (False, 0.0)


async def test_all_layouts_come_up_unless_one_is_wanted() -> None:
    shelf = full_shelf()
    seen = {(await surprise(shelf, Wish(), seed)).layout for seed in range(40)}
    assert seen == {"side", "stack", "corner", "sequence"}
    assert (await surprise(shelf, Wish(layout="stack"), 3)).layout == "stack"


async def test_without_templates_and_music_the_source_stands_alone() -> None:
    mashup = await surprise(Shelf(make_asset(1)), Wish(layout="side"), 1)
    assert (mashup.layout, len(mashup.parts), mashup.music) == ("full", 1, None)


async def test_a_mood_that_is_not_there_is_told() -> None:
    with pytest.raises(StudioError, match="nothing_to_pick"):
        await surprise(full_shelf(), Wish(mood="angry"), 1)


async def test_templates_that_all_rest_are_told_and_not_left_out() -> None:
    shelf = Shelf(make_asset(1), make_asset(2, TEMPLATE, platform="tiktok"))
    with pytest.raises(StudioError, match="nothing_to_pick"):
        await surprise(shelf, Wish(platform="youtube"), 1)


@pytest.mark.parametrize(
    ("name", "words"),
    [("Sunrise over the city", "Sunrise over the city"), ("IMG_2034", ""), ("clip 7", "clip 7")],
)
async def test_the_name_of_the_source_stands_over_it_where_it_has_words(
    name: str, words: str
) -> None:
    captions = (await surprise(Shelf(make_asset(1, name=name)), Wish(), 1)).captions
    assert (captions.text if captions else "") == words


async def test_wanted_words_are_one_of_those_that_were_given() -> None:
    wish = Wish(captions=("one", "two"))
    seen = set()
    for seed in range(20):
        captions = (await surprise(full_shelf(), wish, seed)).captions
        assert captions is not None
        seen.add(captions.text)
    assert seen == {"one", "two"}


@pytest.mark.parametrize(
    ("seconds", "wanted", "platform", "told"),
    [(10, None, "", None), (500, None, "", 60.0), (10, 20.0, "", 20.0), (10, 1e4, "tiktok", 600)],
)
async def test_a_surprise_is_as_long_as_its_source_within_limits(
    seconds: float, wanted: float | None, platform: str, told: float | None
) -> None:
    asset = make_asset(1)
    asset = make_asset(1, facts=asset.facts.__class__(duration_seconds=seconds))
    mashup = await surprise(Shelf(asset), Wish(seconds=wanted, platform=platform), 1)
    assert mashup.seconds == told


async def test_those_who_want_to_be_named_are_named() -> None:
    shelf = Shelf(
        make_asset(1),
        make_asset(2, TEMPLATE, rights="", licence="CC BY 4.0", attribution="Film by Ann"),
        make_asset(3, AUDIO, rights="", licence="CC BY 4.0", attribution="Tune by Bo"),
    )
    assert (await surprise(shelf, Wish(), 1)).attribution == "Film by Ann · Tune by Bo"


async def test_sources_may_be_named() -> None:
    shelf = full_shelf()
    for seed in range(8):
        mashup = await surprise(shelf, Wish(source_ids=(2, 4)), seed)
        assert mashup.parts[0].file.asset_id in {2, 4}


async def test_no_clip_stands_beside_itself() -> None:
    mashup = await surprise(full_shelf(), Wish(kinds=(SOURCE, SOURCE)), 1)
    assert mashup.parts[0].file != mashup.parts[1].file


def test_a_layout_has_room_for_its_parts() -> None:
    assert layouts_for(1) == ("full",)
    assert layouts_for(3) == ("sequence",)
    assert layouts_for(2, "corner") == ("corner",)
    assert set(layouts_for(2)) | {"full"} == set(LAYOUTS)
    with pytest.raises(StudioError, match="unknown_layout"):
        layouts_for(2, "nowhere")
