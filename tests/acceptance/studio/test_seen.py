"""What is seen of a mashup, measured: where the parts are, how they fill, fade and last."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from core.studio.layouts import LAYOUTS
from core.studio.mashup import Mashup, Transition
from core.studio.profiles import SIZES
from tests.seen_kit import (
    SMALL,
    brightness,
    clip,
    colour_at,
    made,
    make_small,
    part,
    picture,
    plain,
    report,
    shape,
)

pytestmark = pytest.mark.timeout(90)
EDGE = 4
"""Pixels beside an edge that may have something of both."""


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    make_small(monkeypatch)


@pytest.mark.parametrize("aspect", SIZES)
@pytest.mark.parametrize("name", [n for n, one in LAYOUTS.items() if not one.is_sequence])
def test_every_part_is_seen_in_its_cell_up_to_its_edges(
    name: str, aspect: str, tmp_path: Path
) -> None:
    layout, colours = LAYOUTS[name], ("red", "blue")
    parts = tuple(part(plain(colour)) for colour in colours[: len(layout.cells)])
    mashup = Mashup.model_validate(
        {"layout": name, "aspect": aspect, "parts": parts, "seconds": 0.2, "thumbnail": None}
    )
    result = made(mashup, tmp_path / "out.mp4", preview=False)
    seen = picture(result.path, 0.1)
    wide, high = (round(side / SMALL / 2) * 2 for side in SIZES[aspect])
    assert shape(result.path) == (wide, high)
    for box, colour in zip(layout.boxes((wide, high)), colours, strict=False):
        inside = [box.left + EDGE, box.left + box.width - EDGE - 1]
        for y in (box.top + EDGE, box.top + box.height - EDGE - 1):
            assert {colour_at(seen, x, y) for x in inside} == {colour}
    last = layout.boxes((wide, high))[-1]
    if len(parts) > 1:
        around = [(last.left - EDGE, last.top + EDGE), (last.left + EDGE, last.top - EDGE)]
        inner = [(x, y) for x, y in around if x >= 0 and y >= 0]
        assert {colour_at(seen, x, y) for x, y in inner} == {"red"}


WIDE = "color=lime:@,drawbox=w=iw/5:t=fill:c=red,drawbox=x=iw*4/5:w=iw/5:t=fill:c=red"


@pytest.mark.parametrize(
    ("fit", "middle", "edge", "above"),
    [
        ("cover", "lime", "lime", "lime"),
        ("contain", "lime", "red", "black"),
        ("blur", "lime", "red", None),
    ],
)
def test_a_wide_part_fills_a_high_cell_as_it_is_told(
    fit: str, middle: str, edge: str, above: str | None, tmp_path: Path
) -> None:
    source = clip("wide", WIDE, size="320x180", seconds=0.2)
    mashup = Mashup(layout="full", parts=(part(source, fit=fit),), thumbnail=None)
    seen = picture(made(mashup, tmp_path / "out.mp4").path, 0.1)
    assert colour_at(seen, 90, 160) == middle
    assert colour_at(seen, 5, 160) == edge
    if above is not None:
        assert colour_at(seen, 90, 20) == above
    else:
        # Of its own colours, and without the sharp edge between them.
        row = seen[20].astype(int)
        assert row.max() > 100
        assert abs(row[1:] - row[:-1]).max() < 40


def ramp(seconds: float) -> Path:
    """A picture that gets brighter evenly, from black to white."""
    return clip("ramp", f"color=white:@,fade=d={seconds}", seconds=seconds)


@pytest.mark.parametrize(("when_short", "length"), [("loop", 2.5), ("freeze", 2.5), ("stop", 1.0)])
def test_a_short_part_lasts_as_it_is_told(when_short: str, length: float, tmp_path: Path) -> None:
    parts = (part(plain("white", seconds=3)), part(ramp(1), when_short=when_short))
    mashup = Mashup(layout="side", parts=parts, seconds=2.5, thumbnail=None)
    result = made(mashup, tmp_path / "out.mp4").path
    seen = brightness(result, crop="40:40:130:100")
    assert len(seen) == round(length * 30)
    assert seen[15] == pytest.approx(126, abs=12)
    if when_short == "loop":
        assert seen[45] == pytest.approx(seen[15], abs=6)
        assert seen[31] < 40
    elif when_short == "freeze":
        assert min(seen[32:]) > 215


def test_the_whole_comes_out_of_black_and_goes_into_it(tmp_path: Path) -> None:
    parts = (part(plain("white", seconds=2)),)
    mashup = Mashup(layout="full", parts=parts, fade_in=0.5, fade_out=1.0, thumbnail=None)
    seen = brightness(made(mashup, tmp_path / "out.mp4").path)
    assert seen[0] == pytest.approx(16, abs=3)
    assert seen[25] == pytest.approx(235, abs=3)
    assert seen[7] == pytest.approx(125, abs=25)
    assert seen[45] == pytest.approx(125, abs=25)
    assert seen[-1] < 32
    assert all(later <= earlier + 1 for earlier, later in pairwise(seen[30:]))


def test_a_sequence_goes_through_its_parts_and_ends(tmp_path: Path) -> None:
    colours = ("red", "lime", "blue")
    mashup = Mashup(
        layout="sequence",
        parts=tuple(part(plain(colour, sound="sine=440")) for colour in colours),
        intro=part(plain("white"), seconds=0.5),
        outro=part(plain("black"), seconds=0.5),
        transition=Transition(kind="fade", seconds=0.2),
        thumbnail=None,
    )
    result = made(mashup, tmp_path / "out.mp4").path
    times = {"white": 0.15, "red": 0.8, "lime": 1.6, "blue": 2.4, "black": 3.1}
    assert {name: colour_at(picture(result, at), 90, 160) for name, at in times.items()} == {
        name: name for name in times
    }
    lengths = [float(stream["duration"]) for stream in report(result)["streams"]]
    assert lengths == [pytest.approx(3.2, abs=0.05)] * 2
