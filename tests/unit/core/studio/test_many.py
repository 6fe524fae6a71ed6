from __future__ import annotations

from collections import Counter

import pytest

from core.studio.choosing import Wish
from core.studio.errors import StudioError
from core.studio.likeness import digest_of
from core.studio.many import combination, plan_many
from core.studio.mashup import AssetKind, Mashup
from tests.choice_kit import Shelf, make_asset
from tests.clocks import START

SOURCE, TEMPLATE, AUDIO = AssetKind.SOURCE, AssetKind.TEMPLATE, AssetKind.AUDIO


def shelf_of(sources: int, templates: int, tunes: int = 0) -> Shelf:
    return Shelf(
        *(make_asset(n, SOURCE) for n in range(100, 100 + sources)),
        *(make_asset(n, TEMPLATE) for n in range(2000, 2000 + templates)),
        *(make_asset(n, AUDIO, mood="upbeat") for n in range(3000, 3000 + tunes)),
    )


def pair(mashup: Mashup) -> tuple[int | None, ...]:
    return tuple(part.file.asset_id for part in mashup.parts)


async def test_no_pair_comes_again_before_all_were_there() -> None:
    plan = await plan_many(shelf_of(4, 6, 3), Wish(mood="upbeat"), 48, seed=1)
    assert len({pair(mashup) for mashup in plan[:24]}) == 24
    assert {pair(mashup) for mashup in plan[24:]} == {pair(mashup) for mashup in plan[:24]}


async def test_no_mashup_comes_twice() -> None:
    plan = await plan_many(shelf_of(2, 2, 3), Wish(layout="side"), 12, seed=1)
    assert len({digest_of(mashup) for mashup in plan}) == 12


async def test_all_sources_come_as_often_as_each_other() -> None:
    plan = await plan_many(shelf_of(5, 4, 2), Wish(), 13, seed=3)
    counts = Counter(pair(mashup)[0] for mashup in plan)
    assert set(counts.values()) == {2, 3}


async def test_the_least_used_come_first() -> None:
    used, fresh = make_asset(1, uses=3), make_asset(2)
    plan = await plan_many(Shelf(used, fresh), Wish(kinds=(SOURCE,)), 1, seed=5)
    assert pair(plan[0]) == (2,)


async def test_the_same_number_plans_the_same() -> None:
    shelf = shelf_of(4, 4, 4)
    first = await plan_many(shelf, Wish(), 20, seed=1)
    assert first == await plan_many(shelf, Wish(), 20, seed=1)
    assert first != await plan_many(shelf, Wish(), 20, seed=2)


async def test_only_named_sources_are_taken() -> None:
    wish = Wish(source_ids=(101, 103))
    plan = await plan_many(shelf_of(5, 5, 1), wish, 8, seed=1)
    assert {pair(mashup)[0] for mashup in plan} == {101, 103}


async def test_only_named_templates_and_music_are_taken() -> None:
    wish = Wish(template_ids=(2001,), music_ids=(3002, 3000))
    plan = await plan_many(shelf_of(5, 5, 5), wish, 8, seed=1)
    assert {pair(mashup)[1] for mashup in plan} == {2001}
    assert {one.music.file.asset_id for one in plan if one.music} == {3000, 3002}


async def test_a_mood_narrows_the_named_music() -> None:
    calm = make_asset(9, AUDIO, mood="calm")
    shelf = Shelf(*shelf_of(2, 2, 2).assets.values(), calm)
    plan = await plan_many(shelf, Wish(mood="Calm", music_ids=(9, 3000)), 4, seed=1)
    assert {one.music.file.asset_id for one in plan if one.music} == {9}
    with pytest.raises(StudioError, match="missing_parts"):
        await plan_many(shelf, Wish(mood="upbeat", music_ids=(9,)), 1, seed=1)


async def test_what_was_named_and_is_gone_is_not_taken_nor_is_all_the_rest() -> None:
    shelf = shelf_of(5, 5, 1)
    shelf.assets[103] = make_asset(103, deleted_at=START)
    plan = await plan_many(shelf, Wish(source_ids=(101, 103, 999)), 4, seed=1)
    assert {pair(mashup)[0] for mashup in plan} == {101}
    with pytest.raises(StudioError, match="missing_parts") as raised:
        await plan_many(shelf, Wish(source_ids=(103, 999)), 1, seed=1)
    assert raised.value.facts["kinds"] == ["source"]


async def test_more_than_a_page_of_the_library_is_seen() -> None:
    plan = await plan_many(shelf_of(250, 1), Wish(layout="side"), 250, seed=1)
    assert len({pair(mashup) for mashup in plan}) == 250


@pytest.mark.parametrize(
    ("shelf", "mood", "missing"),
    [
        (shelf_of(0, 0), "", ["source", "template"]),
        (shelf_of(3, 0), "", ["template"]),
        (shelf_of(3, 3), "upbeat", ["audio"]),
    ],
)
async def test_what_is_not_there_at_all_is_told(
    shelf: Shelf, mood: str, missing: list[str]
) -> None:
    with pytest.raises(StudioError, match="missing_parts") as raised:
        await plan_many(shelf, Wish(mood=mood), 3, seed=1)
    assert raised.value.facts["kinds"] == missing


async def test_how_much_is_missing_is_told() -> None:
    with pytest.raises(StudioError, match="too_few_parts") as raised:
        await plan_many(shelf_of(2, 2, 2), Wish(layout="side"), 20, seed=1)
    assert raised.value.facts == {
        "count": 20,
        "room": 8,
        "kinds": ["source: 2", "template: 2", "audio: 2"],
        "kind": "source",
        "more": 3,
    }


async def test_what_was_missing_is_enough() -> None:
    assert len(await plan_many(shelf_of(5, 2, 2), Wish(layout="side"), 20, seed=1)) == 20


async def test_no_clip_follows_itself() -> None:
    wish = Wish(kinds=(SOURCE, SOURCE), layout="sequence")
    plan = await plan_many(shelf_of(4, 0), wish, 12, seed=1)
    assert len({pair(mashup) for mashup in plan}) == 12
    assert all(first != second for first, second in map(pair, plan))


@pytest.mark.parametrize("count", [0, -1, 1001])
async def test_a_number_that_cannot_be_is_told(count: int) -> None:
    with pytest.raises(StudioError, match="bad_count"):
        await plan_many(shelf_of(1, 1), Wish(), count, seed=1)


@pytest.mark.parametrize("sizes", [(1,), (4, 6), (5, 5), (1, 2, 3), (6, 4, 2), (3, 3, 3, 3)])
def test_every_combination_comes_once(sizes: tuple[int, ...]) -> None:
    whole = 1
    for size in sizes:
        whole *= size
    assert len({combination(sizes, number) for number in range(whole)}) == whole
    assert combination(sizes, whole) == combination(sizes, 0)
