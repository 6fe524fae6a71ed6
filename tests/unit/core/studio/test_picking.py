"""Random picks: the least used first, none twice within the window, the same for a seed."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.store.sqlite import SqliteStore
from core.studio.errors import StudioError
from core.studio.library import Library
from core.studio.mashup import AssetKind
from core.studio.picking import Candidate, choose, resting
from tests.clocks import START, ManualClock
from tests.library_kit import FolderShelf, make_library, plant

WEEK = timedelta(days=7)
CANDIDATES = st.lists(
    st.builds(
        Candidate,
        id=st.integers(1, 10_000),
        sha256=st.integers(0, 10_000).map(str),
        uses=st.integers(0, 5),
        touched_at=st.none() | st.integers(-20, 2).map(lambda days: START + timedelta(days=days)),
    ),
    max_size=30,
    unique_by=lambda one: one.id,
)


def make(number: int, uses: int = 0) -> Candidate:
    return Candidate(id=number, sha256=f"{number:064x}", uses=uses, touched_at=None)


def pick(candidates: list[Candidate], seed: int, count: int = 1) -> list[int]:
    return choose(candidates, seed=seed, count=count, now=START, window=WEEK)


@given(CANDIDATES, st.integers(), st.integers(1, 10))
@settings(max_examples=60)
def test_a_pick_is_least_used_rested_distinct_and_the_same_for_its_seed(
    candidates: list[Candidate], seed: int, count: int
) -> None:
    chosen = pick(candidates, seed, count)
    free = [one for one in candidates if not one.touched_at or START - one.touched_at >= WEEK]
    uses = {one.id: one.uses for one in free}
    assert len(chosen) == len(set(chosen)) == min(count, len(free))
    assert sorted(uses[one] for one in chosen) == sorted(uses.values())[: len(chosen)]
    assert chosen == pick(candidates[::-1], seed, count)
    assert resting(candidates, now=START, window=WEEK).resting == len(candidates) - len(free)


def test_seeds_spread_over_what_was_used_equally_often() -> None:
    candidates = [make(number) for number in range(5)] + [make(9, uses=1)]
    counts = Counter(pick(candidates, seed)[0] for seed in range(500))
    assert set(counts) == {0, 1, 2, 3, 4}
    assert min(counts.values()) > 50


def test_what_is_not_wanted_is_left_out() -> None:
    candidates = [make(number) for number in range(3)]
    assert choose(candidates, seed=1, count=5, now=START, window=WEEK, avoid={0, 2}) == [1]


@pytest.fixture
def library(store: SqliteStore, clock: ManualClock, tmp_path: Path) -> Library:
    return make_library(store, clock, tmp_path / "library", FolderShelf(tmp_path / "shelf"))


async def test_picks_without_a_seed_never_repeat_within_the_window(
    store: SqliteStore, library: Library, clock: ManualClock
) -> None:
    await plant(store, 4)
    picked = [(await library.pick(AssetKind.TEMPLATE))[0].id for _ in range(4)]
    assert sorted(picked) == [1, 2, 3, 4]
    with pytest.raises(StudioError, match="nothing_to_pick") as refused:
        await library.pick(AssetKind.TEMPLATE)
    facts = refused.value.facts
    assert (facts["fitting"], facts["resting"]) == (4, 4)
    assert facts["back_at"] == (clock.now() + WEEK).isoformat()
    await clock.advance(WEEK.total_seconds())
    assert await library.pick(AssetKind.TEMPLATE)


async def test_two_picks_at_once_never_give_the_same(store: SqliteStore, library: Library) -> None:
    await plant(store, 4)
    async with asyncio.TaskGroup() as group:
        picks = [group.create_task(library.pick(AssetKind.TEMPLATE)) for _ in range(4)]
    assert sorted(one.result()[0].id for one in picks) == [1, 2, 3, 4]


async def test_a_seed_picks_the_same_until_something_is_used(
    store: SqliteStore, library: Library
) -> None:
    await plant(store, 10)
    first = [one.id for one in await library.pick(AssetKind.TEMPLATE, seed=3, count=3)]
    again = [one.id for one in await library.pick(AssetKind.TEMPLATE, seed=3, count=3)]
    assert first == again
    await library.use(first, "render:1")
    after = [one.id for one in await library.pick(AssetKind.TEMPLATE, seed=3, count=7)]
    assert not set(first) & set(after)


async def test_a_pick_is_of_a_mood_and_for_a_platform_or_any(
    store: SqliteStore, library: Library
) -> None:
    await plant(store, 6)
    await library.set(2, platform="tiktok")
    await library.set(4, platform="youtube")
    kind, mood = AssetKind.TEMPLATE, "Upbeat"
    found = await library.pick(kind, mood=mood, platform="tiktok", seed=1, count=9)
    assert {one.id for one in found} == {2, 6}
    with pytest.raises(StudioError, match="nothing_to_pick"):
        await library.pick(kind, mood="sad", seed=1)
