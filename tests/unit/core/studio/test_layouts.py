from __future__ import annotations

import pytest

from core.studio.errors import StudioError
from core.studio.layouts import LAYOUTS, Box, layout
from core.studio.profiles import PROFILES, SIZES, require_profile, size_of

SCALES = (1.0, 1 / 3, 0.171)


@pytest.mark.parametrize("name", ["side", "stack", "full", "sequence"])
@pytest.mark.parametrize("aspect", SIZES)
@pytest.mark.parametrize("scale", SCALES)
def test_cells_tile_the_whole_picture(name: str, aspect: str, scale: float) -> None:
    size = size_of(aspect, PROFILES["general"], scale)

    boxes = layout(name).boxes(size)

    assert sum(box.width * box.height for box in boxes) == size[0] * size[1]
    assert all(side % 2 == 0 for box in boxes for side in (box.left, box.top, *box.size))


def test_two_thirds_and_one_third() -> None:
    assert layout("side").boxes((1080, 1920)) == (
        Box(left=0, top=0, width=720, height=1920),
        Box(left=720, top=0, width=360, height=1920),
    )
    assert layout("stack").boxes((1080, 1350)) == (
        Box(left=0, top=0, width=1080, height=900),
        Box(left=0, top=900, width=1080, height=450),
    )


@pytest.mark.parametrize("aspect", SIZES)
def test_small_picture_lies_inside(aspect: str) -> None:
    size = size_of(aspect, PROFILES["general"])
    box = layout("corner").boxes(size)[1]
    assert 0 < box.left < box.left + box.width < size[0]
    assert 0 < box.top < box.top + box.height < size[1]


@pytest.mark.parametrize("name", LAYOUTS)
def test_shares_of_the_picture_make_a_whole(name: str) -> None:
    assert sum(layout(name).shares) == pytest.approx(1)


def test_unknown_names_are_refused() -> None:
    with pytest.raises(StudioError, match="unknown_layout"):
        layout("mosaic")
    with pytest.raises(StudioError, match="unknown_profile"):
        require_profile("myspace")
    with pytest.raises(StudioError, match="unknown_aspect"):
        size_of("2:1", PROFILES["general"])


def test_profiles_keep_what_platforms_take() -> None:
    assert PROFILES["facebook"].max_seconds == 90
    assert PROFILES["general"].max_seconds is None
    assert all(profile.audio_rate == 48_000 for profile in PROFILES.values())


@pytest.mark.parametrize("seconds", [10, 60, 600])
def test_bits_keep_a_video_below_its_size(seconds: int) -> None:
    profile = PROFILES["telegram"]
    bits = profile.bit_rate(seconds) + profile.audio_bit_rate
    assert bits * seconds / 8 <= profile.max_bytes
    assert profile.bit_rate(1) == profile.most_bit_rate
