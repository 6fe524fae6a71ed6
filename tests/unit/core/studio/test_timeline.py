from __future__ import annotations

from pathlib import Path

import pytest

from core.studio.errors import StudioError
from core.studio.layouts import layout
from core.studio.mashup import Mashup, Transition
from core.studio.profiles import PROFILES
from core.studio.timeline import Timeline, plan_timeline
from tests.mashup_kit import looked, mashup, music, part

A, B, STILL, SONG = Path("/m/a.mp4"), Path("/m/b.mp4"), Path("/m/c.png"), Path("/m/d.mp3")
SEEN = {
    str(A): looked(str(A), seconds=10.0),
    str(B): looked(str(B), seconds=4.0),
    str(STILL): looked(str(STILL), kind="image", seconds=0.0, sound_seconds=0.0),
    str(SONG): looked(str(SONG), kind="audio", seconds=0.0, sound_seconds=20.0),
}
CUT = Transition(kind="none")
HALF = Transition(kind="fade", seconds=0.5)


def line(wanted: Mashup, most_seconds: float | None = None) -> Timeline:
    profile = PROFILES[wanted.profile]
    return plan_timeline(wanted, layout(wanted.layout), SEEN, profile, most_seconds=most_seconds)


def test_lasts_as_long_as_its_first_part() -> None:
    planned = line(mashup(part(A), part(B)))
    assert planned.seconds == 10
    assert [slot.loops for slot in planned.scenes[0].slots] == [False, True]


def test_a_part_that_stops_ends_it() -> None:
    assert line(mashup(part(A), part(B, when_short="stop"))).seconds == 4


def test_a_part_may_start_later_and_be_shorter() -> None:
    slots = line(mashup(part(A, start=7), part(B, seconds=1))).scenes[0].slots
    assert [(slot.frames, slot.has) for slot in slots] == [(90, 90), (90, 30)]


def test_asked_length_counts_everything() -> None:
    wanted = mashup(part(A), intro=part(B), outro=part(STILL), transition=HALF, seconds=12)
    planned = line(wanted)
    assert planned.seconds == 12
    assert [(scene.starts, scene.frames, scene.lead) for scene in planned.scenes] == [
        (0, 120, 0),
        (105, 180, 15),
        (270, 90, 15),
    ]


def test_an_intro_that_stops_is_no_longer_than_it_is() -> None:
    wanted = mashup(part(A), intro=part(B, seconds=9, when_short="stop"), transition=CUT)
    assert [scene.frames for scene in line(wanted).scenes] == [120, 300]


def test_the_shortest_is_one_frame() -> None:
    assert line(mashup(part(A), seconds=0.001)).frames == 1


def test_sequence_lasts_as_all_its_parts_less_the_crossings() -> None:
    wanted = mashup(part(A), part(B), part(STILL), layout="sequence", transition=HALF)
    assert line(wanted).seconds == 10 + 4 + 3 - 2 * 0.5


def test_sequence_is_cut_or_its_last_part_goes_on() -> None:
    wanted = mashup(part(A), part(B), layout="sequence", transition=CUT)
    assert line(wanted.model_copy(update={"seconds": 12.0})).seconds == 12
    assert line(wanted.model_copy(update={"seconds": 6.0})).seconds == 6
    assert line(wanted.model_copy(update={"seconds": 20.0})).scenes[-1].frames == 300


def test_crossings_are_at_most_half_of_a_scene() -> None:
    wanted = mashup(
        part(A), part(B, seconds=0.4), layout="sequence", transition=Transition(seconds=5)
    )
    assert line(wanted).scenes[1].lead == 6


def test_still_pictures_last_as_the_music() -> None:
    assert line(mashup(part(STILL), music=music(SONG))).seconds == 20
    assert line(mashup(part(STILL))).seconds == 5


def test_preview_is_the_beginning() -> None:
    wanted = mashup(part(A), part(B), layout="sequence", intro=part(B))
    planned = line(wanted, most_seconds=3)
    assert (planned.seconds, len(planned.scenes)) == (3, 1)


@pytest.mark.parametrize(
    ("wanted", "key"),
    [
        (mashup(part(A), layout="side"), "parts_missing"),
        (mashup(part(A), part(B), layout="full"), "parts_many"),
        (mashup(part(SONG)), "no_picture"),
        (mashup(part(A, start=10.5)), "start_late"),
        (mashup(part(A), seconds=95, profile="facebook"), "too_long"),
        (mashup(part(A), intro=part(A), seconds=2), "no_time_left"),
    ],
)
def test_says_what_cannot_be(wanted: Mashup, key: str) -> None:
    with pytest.raises(StudioError) as refused:
        line(wanted)
    assert refused.value.key == key
