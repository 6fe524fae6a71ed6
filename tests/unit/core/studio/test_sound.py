"""Tests of the mix, by measuring what comes out of it."""

from __future__ import annotations

import ffmpeg
import numpy as np
import pytest

from core.studio.sound import RATE, Gain, Heard, MusicIn, mix
from tests.media_kit import encode
from tests.sound_kit import Samples, heard, level, music, noise, samples, sound, tone


def mixed(
    parts: list[Heard],
    under: MusicIn | None = None,
    seconds: float = 3.0,
    gain: Gain | None = None,
) -> Samples:
    return samples(mix(parts, under, seconds=seconds, loudness=None, gain=gain))


@pytest.mark.parametrize(
    ("parts", "under"),
    [
        ([], None),
        ([heard(tone(440, seconds=1))], None),
        ([heard(tone(440, seconds=9))], None),
        ([heard(tone(440, seconds=1, rate=22_050)), heard(tone(99, layout="5.1"))], None),
        ([], music(noise(2), 2)),
        ([heard(tone(440, seconds=1), starts=2.5)], music(noise(9), 9)),
        ([heard(tone(440), starts=50)], None),
        ([heard(tone(440), volume=0)], music(noise(9), 9, volume=0)),
    ],
)
@pytest.mark.parametrize("seconds", [3.0, 2.3456])
def test_is_exactly_as_long_as_asked(
    parts: list[Heard], under: MusicIn | None, seconds: float
) -> None:
    assert mixed(parts, under, seconds).shape == (round(seconds * RATE), 2)


@pytest.mark.parametrize("gain", [None, Gain(decibels=20, is_limited=True)])
def test_a_loudness_keeps_the_length(gain: Gain | None) -> None:
    stream = mix([heard(tone(440))], None, seconds=2.3456, loudness=-14, gain=gain)
    assert samples(stream).shape == (round(2.3456 * RATE), 2)


def test_what_is_not_heard_is_not_decoded() -> None:
    unheard = ffmpeg.input("unheard.mp4")["a:0"]
    seen = mix(
        [heard(unheard, volume=0), heard(unheard, starts=3), heard(tone(440))],
        music(ffmpeg.input("unheard.mp3")["a:0"], volume=0),
        seconds=3,
        loudness=None,
    )
    replaced = mix([heard(unheard)], music(noise(), replace=True), seconds=3, loudness=None)
    for stream in (seen, replaced):
        assert "unheard" not in " ".join(ffmpeg.output(stream, "-").get_args())


@pytest.mark.parametrize("layout", ["mono", "stereo", "5.1"])
@pytest.mark.parametrize("rate", [8000, 44_100])
def test_any_layout_and_rate_is_heard_on_both_sides(layout: str, rate: int) -> None:
    found = mixed([heard(tone(440, 0.1, rate=rate, layout=layout))], seconds=1)
    left, right = (float(np.abs(found[:, side]).max()) for side in (0, 1))
    assert left == pytest.approx(right, rel=0.01)
    assert left > 0.05


def test_parts_begin_and_end_when_they_should() -> None:
    found = mixed([heard(tone(440), starts=1.25, seconds=0.5)])
    there = np.flatnonzero(np.abs(found[:, 0]) > 1e-4)
    assert there[0] == pytest.approx(1.25 * RATE, abs=4)
    assert there[-1] == pytest.approx(1.75 * RATE, abs=60)


def test_volumes_are_factors() -> None:
    loud, soft = (
        level(mixed([heard(tone(440), volume=volume)], seconds=1), 0.2, 0.8)
        for volume in (1.0, 0.25)
    )
    assert loud - soft == pytest.approx(12.04, abs=0.05)


def test_several_are_heard_at_once_as_loud_as_alone() -> None:
    found = mixed([heard(tone(440, 0.1)), heard(tone(1000, 0.2)), heard(tone(3000, 0.1))])
    alone = mixed([heard(tone(1000, 0.2))])
    assert level(found, 1, 2, 1000) == pytest.approx(level(alone, 1, 2, 1000), abs=0.05)


def test_music_fades_at_both_ends() -> None:
    found = mixed([], music(tone(440, seconds=9), 9, fade_in=1, fade_out=1))
    middle = level(found, 1.2, 1.8)
    assert level(found, 0, 0.05) < middle - 20
    assert level(found, 2.95, 3) < middle - 20
    assert level(found, 0.45, 0.55) == pytest.approx(middle - 3, abs=0.5)
    assert level(found, 2.45, 2.55) == pytest.approx(middle - 3, abs=0.5)


def test_fades_that_are_longer_than_the_music_share_its_length() -> None:
    found = mixed([], music(tone(440), fade_in=30, fade_out=60, when_short="stop"))
    assert level(found, 0.9, 1.1) > level(found, 0, 0.1) + 15
    assert level(found, 0.9, 1.1) > level(found, 2.9, 3) + 15


def test_transitions_cross_without_a_hole() -> None:
    found = mixed(
        [
            heard(tone(440), seconds=2, fade_out=1),
            heard(tone(1000), starts=1, fade_in=1),
        ]
    )
    levels = [level(found, start, start + 0.1) for start in np.arange(0.5, 2.5, 0.1)]
    assert max(levels) - min(levels) < 0.5
    assert level(found, 2.1, 2.9, 440) < -70


def test_music_starts_where_it_is_told() -> None:
    stepped = sound("0.2*sin(6283.1853*(1+floor(t))*t)", 9)
    found = mixed([], music(stepped, 9, start=4.0), seconds=1)
    assert level(found, 0.1, 0.9, 5000) == pytest.approx(level(found, 0.1, 0.9), abs=0.1)


def test_music_is_looped_on_its_beats_without_losing_one() -> None:
    clicks = sound("lt(mod(t+0.25,0.5),0.01)*sin(6283*t)", 4.1)
    beats = tuple(0.25 + 0.5 * number for number in range(8))
    found = mixed([], music(clicks, 4.1, beats=beats), seconds=11)
    loud = np.flatnonzero(np.abs(found[:, 0]) > 0.3)
    begins = loud[np.flatnonzero(np.diff(loud, prepend=-RATE) > RATE // 10)] / RATE
    assert begins == pytest.approx(np.arange(0.25, 10.75, 0.5), abs=0.002)


def test_music_that_may_not_be_looped_ends() -> None:
    found = mixed([], music(noise(1), 1, when_short="stop"))
    assert level(found, 0, 0.9) > -40
    assert level(found, 1.05, 3) < -100


def test_holes_in_the_time_of_a_part_are_filled() -> None:
    path = encode(
        "holes.mkv",
        *("-f", "lavfi", "-i", "sine=f=1000:r=44100:d=4"),
        *("-af", "aselect='not(between(t,1,2))'", "-c:a", "pcm_s16le"),
    )
    found = mixed([heard(ffmpeg.input(str(path))["a:0"])], seconds=4)
    assert level(found, 1.2, 1.8) < -80
    assert level(found, 2.2, 3.9) > -30


@pytest.mark.parametrize("amplitude", [0.3, 0.02])
def test_music_gives_way_while_somebody_speaks(amplitude: float) -> None:
    voice = sound(f"{amplitude}*between(t,1,2)*sin(3141.5927*t)", 4)
    key = -20 * float(np.log10(amplitude)) - 8
    found = mixed(
        [heard(voice)], music(tone(6000, 0.1, 9), 9), seconds=4, gain=Gain(key=key, depth=14)
    )
    before, under, after = (
        level(found, start, end, 6000) for start, end in ((0.2, 0.9), (1.2, 1.9), (3.5, 4))
    )
    assert under == pytest.approx(before - 14, abs=1.5)
    assert after == pytest.approx(before, abs=1)
    assert level(found, 1.2, 1.9, 500) == pytest.approx(
        level(mixed([heard(voice)], seconds=4), 1.2, 1.9, 500), abs=0.1
    )


def test_music_that_does_not_give_way_stays() -> None:
    voice = sound("0.3*between(t,1,2)*sin(3141.5927*t)", 3)
    found = mixed([heard(voice)], music(tone(6000, 0.1), duck=False))
    assert level(found, 1.2, 1.9, 6000) == pytest.approx(level(found, 0.2, 0.9, 6000), abs=0.1)
