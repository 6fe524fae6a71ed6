from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.posts.models import MediaFacts
from core.studio.errors import StudioError
from core.studio.layouts import LAYOUTS, layout
from core.studio.looking import Looked
from core.studio.mashup import File, Mashup, Part, Transition
from core.studio.profiles import require_profile
from core.studio.shares import Scene, Seen, scenes_of, shares_of
from core.studio.timeline import plan_timeline

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


LENGTHS = st.one_of(st.none(), st.integers(1, 15).map(float))
STOPS: st.SearchStrategy[Literal["loop", "freeze", "stop"]] = st.sampled_from(
    ["loop", "freeze", "stop"]
)
FILES = st.lists(st.tuples(st.integers(0, 12).map(float), LENGTHS, STOPS), min_size=1, max_size=4)


@given(files=FILES, ends=st.integers(0, 3), together=st.booleans(), seconds=LENGTHS)
def test_parts_count_as_long_as_the_timeline_shows_them(
    files: list[tuple[float, float | None, Literal["loop", "freeze", "stop"]]],
    ends: int,
    together: bool,
    seconds: float | None,
) -> None:
    files = files[:2] * 2 if together else files
    lengths = {str(number): length for number, (length, *_) in enumerate(files)}
    parts = [
        Part(file=File(path=str(number)), seconds=wanted, when_short=stop)
        for number, (_, wanted, stop) in enumerate(files)
    ]
    looked = {
        path: Looked(
            path=Path(path),
            kind="video" if length else "image",
            options={},
            facts=MediaFacts(),
            seconds=length,
        )
        for path, length in lengths.items()
    }

    def has(part: Part) -> float:
        whole = lengths[part.file.path]
        return whole if part.seconds is None else min(whole, part.seconds)

    mashup = Mashup(
        layout="side" if together else "sequence",
        parts=tuple(parts[:2] if together else parts),
        intro=parts[0] if ends & 1 else None,
        outro=parts[-1] if ends & 2 else None,
        seconds=None if seconds is None else seconds * 3,
        transition=Transition(kind="none"),
    )
    try:
        line = plan_timeline(mashup, layout(mashup.layout), looked, require_profile("general"))
    except StudioError:
        return
    shown = [scene.frames / line.rate for scene in line.scenes]
    counted = [scene.seconds for scene in scenes_of(mashup, has, lambda _: True)]
    assert [one for one in counted if one] == pytest.approx(shown, abs=0.05)
