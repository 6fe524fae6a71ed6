from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from core.posts.models import MediaFacts
from core.studio import picture
from core.studio.copying import copy_arguments, is_copy
from core.studio.graph import Plan, arguments
from core.studio.layouts import layout
from core.studio.looking import Looked
from core.studio.mashup import File, Mashup, Transition, Watermark
from core.studio.picture import Feed, covering, within
from core.studio.profiles import PROFILES, size_of
from core.studio.timeline import plan_timeline
from tests.mashup_kit import looked, mashup, music, part

A, B, SONG, MARK = Path("/m/a.mp4"), Path("/m/b.mp4"), Path("/m/s.mp3"), Path("/m/w.png")
SEEN = {
    str(A): looked(str(A)),
    str(B): looked(str(B), seconds=4.0),
    str(SONG): looked(str(SONG), kind="audio", seconds=0.0),
    str(MARK): looked(str(MARK), kind="image", options={"f": "png_pipe"}),
}


def planned(wanted: Mashup, seen: Mapping[str, Looked] = SEEN, **more: Any) -> Plan:
    arranged, profile = layout(wanted.layout), PROFILES[wanted.profile]
    return Plan(
        mashup=wanted,
        layout=arranged,
        line=plan_timeline(wanted, arranged, seen, profile),
        profile=profile,
        size=size_of(wanted.aspect, profile),
        looked=seen,
        **more,
    )


def graph(plan: Plan) -> str:
    said = arguments(plan)
    return said[said.index("-filter_complex") + 1]


def test_each_file_is_opened_once() -> None:
    said = arguments(planned(mashup(part(A), part(B), music=music(SONG)), stills=(1, 9)))
    opened = [said[number + 1] for number, word in enumerate(said) if word == "-i"]
    assert [name for name in opened if name.startswith("file:")] == [
        "file:/m/a.mp4",
        "file:/m/b.mp4",
        "file:/m/s.mp3",
    ]
    assert said.count("-filter_complex") == 1


def test_every_input_is_of_a_known_kind() -> None:
    said = arguments(planned(mashup(part(A), watermark=Watermark(file=File(path=str(MARK))))))
    assert said.count("-i") == said.count("-format_whitelist") + said.count("-f") - 1


def test_cells_that_tile_are_stacked() -> None:
    assert "hstack" in graph(planned(mashup(part(A), part(B))))
    assert "vstack" in graph(planned(mashup(part(A), part(B), layout="stack")))
    assert "overlay" in graph(planned(mashup(part(A), part(B), layout="corner")))


def test_nothing_of_a_name_gets_into_the_graph() -> None:
    odd = "/m/-a':[x],b=c;%d\n.mp4"
    seen = {odd: looked(odd), str(B): SEEN[str(B)]}
    plan = planned(mashup(part(Path(odd)), part(B)), seen)
    assert f"file:{odd}" in arguments(plan)
    assert "/m/" not in graph(plan)


def test_crossing_scenes_begin_where_they_should() -> None:
    wanted = mashup(
        part(A), part(B), layout="sequence", transition=Transition(kind="wipe", seconds=0.5)
    )
    assert "xfade=duration=0.500000:offset=9.500000:transition=wipeleft" in graph(planned(wanted))


@pytest.mark.parametrize(
    ("size", "cell", "wanted"),
    [
        ((1080, 1920), (720, 1920), (720, 1920)),
        ((1080, 1920), (360, 1920), (360, 1920)),
        ((1920, 1080), (1080, 1920), (606, 1080)),
        ((1080, 1920), (1920, 1080), (1080, 606)),
        ((17, 999), (1080, 1080), (16, 16)),
    ],
)
def test_only_what_is_seen_is_cut_out(
    size: tuple[int, int], cell: tuple[int, int], wanted: tuple[int, int]
) -> None:
    assert covering(sized(*size), cell) == wanted


@pytest.mark.parametrize(
    ("size", "wanted"),
    [((1080, 1920), (1080, 1920)), ((1920, 1080), (1080, 606)), ((100, 100), (1080, 1080))],
)
def test_a_whole_picture_is_as_large_as_it_can_be(
    size: tuple[int, int], wanted: tuple[int, int]
) -> None:
    assert within(sized(*size), (1080, 1920)) == wanted


def sized(width: int, height: int) -> Looked:
    return looked(facts=MediaFacts(width=width, height=height))


def feed(frames: int, has: int, **more: Any) -> Feed:
    wanted = mashup(part(B, seconds=has / 30, **more), layout="full", seconds=frames / 30)
    return planned(wanted, {str(B): looked(str(B), seconds=400.0)}).feeds[0]


def test_short_loops_stay_in_memory_and_long_ones_are_read_in_rounds() -> None:
    short, long, many = feed(600, 60), feed(9000, 4000), feed(5000, 1000)
    assert (short.is_kept, short.rounds, short.needs_preparing) == (True, 1, False)
    assert (long.is_kept, long.rounds, long.needs_preparing) == (False, 3, False)
    assert (many.rounds, many.is_in_rounds, many.needs_preparing) == (5, False, True)


def test_what_is_prepared_is_read_in_its_place(tmp_path: Path) -> None:
    plan = planned(mashup(part(A), part(B)), prepared={(0, 1): tmp_path / "b.mp4"})
    said = arguments(plan)
    assert f"file:{tmp_path / 'b.mp4'}" in said


def copied(**more: Any) -> Plan:
    return planned(mashup(part(A), music=music(SONG, replace=True), **more))


def test_a_picture_that_stays_as_it_is_is_copied() -> None:
    plan = copied()
    assert is_copy(plan)
    said = copy_arguments(plan)
    assert said[said.index("-vcodec") + 1] == "copy"


@pytest.mark.parametrize(
    "more",
    [
        {"fade_in": 1.0},
        {"aspect": "1:1"},
        {"seconds": 12.0},
        {"intro": part(B)},
        {"watermark": Watermark(file=File(path=str(MARK)))},
    ],
)
def test_any_change_of_the_picture_is_encoded(more: dict[str, Any]) -> None:
    assert not is_copy(copied(**more))


def test_key_frames_come_at_even_distances() -> None:
    said = arguments(planned(mashup(part(A))))
    assert said[said.index("-g") + 1] == "60"
    assert "+cgop" in said[said.index("-flags:v") + 1]


def test_large_loops_are_no_larger_than_the_memory() -> None:
    wide, high = 1080, 1920
    most = picture.LOOP_BYTES // (wide * high * 3 // 2)
    assert feed(most * 3, most).is_kept
    assert not feed(most * 3, most + 1).is_kept


@pytest.mark.parametrize("fit", ["cover", "contain", "blur"])
def test_the_same_file_may_be_seen_in_two_cells(fit: str) -> None:
    said = arguments(planned(mashup(part(B, fit=fit), part(B, fit=fit), seconds=9)))
    assert said.count(f"file:{B}") == 2


def test_what_does_not_begin_at_once_is_not_copied() -> None:
    seen = {**SEEN, str(A): looked(str(A), begins=False)}
    assert not is_copy(planned(mashup(part(A)), seen))
    assert not is_copy(planned(mashup(part(A)), is_encoded=True))
    assert is_copy(planned(mashup(part(A))))
