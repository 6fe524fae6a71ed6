from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.studio.layouts import LAYOUTS
from core.studio.shares import Scene, Seen, shares_of

PARTS = st.lists(st.builds(Seen, area=st.floats(0.01, 0.25), is_own=st.booleans()), max_size=4)
SCENES = st.lists(
    st.builds(Scene, seconds=st.floats(0.01, 1000), parts=PARTS.map(tuple)), max_size=6
)


def near(one: float, other: float) -> bool:
    return abs(one - other) < 1e-6


@given(SCENES)
def test_what_is_own_of_the_picture_is_never_more_than_all_that_is_seen(
    scenes: list[Scene],
) -> None:
    found = shares_of(scenes)
    assert 0 <= found.picture <= 1
    assert 0 <= found.time <= 1


@given(SCENES)
def test_own_and_foreign_make_up_the_whole_picture(scenes: list[Scene]) -> None:
    assume(any(scene.parts for scene in scenes))
    turned = [
        replace(scene, parts=tuple(replace(p, is_own=not p.is_own) for p in scene.parts))
        for scene in scenes
    ]
    assert near(shares_of(scenes).picture + shares_of(turned).picture, 1)


@given(SCENES, st.data())
def test_one_more_own_part_never_makes_less_own(scenes: list[Scene], data: st.DataObject) -> None:
    assume(any(scene.parts for scene in scenes))
    at = data.draw(st.sampled_from([n for n, scene in enumerate(scenes) if scene.parts]))
    chosen = data.draw(st.integers(0, len(scenes[at].parts) - 1))
    parts = list(scenes[at].parts)
    parts[chosen] = replace(parts[chosen], is_own=True)
    better = [*scenes]
    better[at] = replace(scenes[at], parts=tuple(parts))
    before, after = shares_of(scenes), shares_of(better)
    assert after.time >= before.time
    assert after.picture >= before.picture - 1e-9


@given(SCENES, st.floats(0.1, 10))
def test_playing_slower_changes_no_share(scenes: list[Scene], times: float) -> None:
    slower = [replace(scene, seconds=scene.seconds * times) for scene in scenes]
    one, other = shares_of(scenes), shares_of(slower)
    assert near(one.time, other.time)
    assert near(one.picture, other.picture)


@pytest.mark.parametrize("name", LAYOUTS)
def test_the_cells_of_a_layout_fill_the_picture(name: str) -> None:
    assert near(sum(LAYOUTS[name].shares), 1)


def test_two_thirds_are_own_where_the_own_part_takes_them() -> None:
    own, foreign = Seen(area=2 / 3, is_own=True), Seen(area=1 / 3, is_own=False)
    found = shares_of([Scene(seconds=30, parts=(own, foreign))])
    assert (found.time, round(found.picture, 3)) == (1.0, 0.667)


def test_nothing_is_nobodys() -> None:
    assert shares_of([]) == shares_of([Scene(seconds=5, parts=())])
    assert shares_of([]).picture == 0
