"""Tests of the loudness that a mix is brought to."""

from __future__ import annotations

from pathlib import Path

import ffmpeg
import pytest

from core.studio.loudness import SILENT, Measured, given_way, measure, read_measured
from core.studio.sound import PEAK, Gain, Heard, MusicIn, Stream, mix
from tests.sound_kit import SPEECH, heard, level, loudness_of, music, noise, samples, sound, tone
from utils.ffmpeg import FfmpegError

WANTED = -14.0
CASES: dict[str, tuple[list[Stream], MusicIn | None]] = {
    "speech": ([sound(SPEECH)], None),
    "quiet speech": ([sound(f"0.1*({SPEECH})")], None),
    "music": ([], music(noise(9), 9, volume=0.5, fade_in=1.0, fade_out=2.0)),
    "both": ([sound(SPEECH, rate=44_100)], music(noise(9), 9, volume=0.5)),
    "loud": ([noise(5, 1.0), tone(200, 0.9), tone(3000, 0.9)], None),
    "peaks": ([sound("0.9*exp(-9*mod(t,0.5))*sin(5655*t)+0.05*sin(1885*t)")], None),
    "surround": ([tone(440, 0.02, layout="5.1")], None),
}


def parts(streams: list[Stream]) -> list[Heard]:
    return [heard(stream) for stream in streams]


@pytest.mark.parametrize("name", CASES)
async def test_five_seconds_reach_the_loudness_to_one_unit(name: str) -> None:
    streams, under = CASES[name]
    gain = await measure(parts(streams), under, seconds=5, loudness=WANTED)
    found, peak = loudness_of(mix(parts(streams), under, seconds=5, loudness=WANTED, gain=gain))
    assert found == pytest.approx(WANTED, abs=1)
    assert peak <= PEAK


async def test_dynamics_stay_what_they_were() -> None:
    steps = sound("0.1*(1+4*gt(t,2.5))*sin(2764.6*t)")
    gain = await measure([heard(steps)], None, seconds=5, loudness=WANTED)
    found = samples(mix([heard(steps)], None, seconds=5, loudness=WANTED, gain=gain))
    assert level(found, 3, 5) - level(found, 0.5, 2) == pytest.approx(13.98, abs=0.1)


async def test_who_speaks_quietly_is_clearly_above_loud_music() -> None:
    voice, under = sound(f"0.1*({SPEECH})"), music(tone(9000, 0.5, 9), 9)
    gain = await measure([heard(voice)], under, seconds=5, loudness=WANTED)
    found = samples(mix([heard(voice)], under, seconds=5, loudness=WANTED, gain=gain))
    spoken = level(found, 0.2, 0.65, 180)
    assert spoken - level(found, 0.2, 0.65, 9000) > 10


async def test_silence_stays_silent() -> None:
    gain = await measure([heard(sound("0"))], None, seconds=5, loudness=WANTED)
    assert gain.decibels == 0
    assert await measure([], None, seconds=5, loudness=WANTED) == Gain()


async def test_noise_is_not_turned_up_without_end() -> None:
    gain = await measure([heard(noise(5, 0.01))], None, seconds=5, loudness=WANTED)
    assert gain.decibels == 30


async def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    broken = tmp_path / "-x'; [a].mp3"
    broken.write_bytes(b"nothing" * 99)
    stream = ffmpeg.input(f"file:{broken}")["a:0"]
    for under in (None, music(stream)):
        with pytest.raises(FfmpegError):
            await measure([heard(stream)], under, seconds=5, loudness=WANTED)


@pytest.mark.parametrize(
    ("spoken", "played", "gain"),
    [
        (-20.0, -20.0, Gain(key=8, depth=14)),
        (-20.0, -40.0, Gain(key=8, depth=6)),
        (-30.0, -15.0, Gain(music=-15, key=18, depth=14)),
        (-60.0, -15.0, Gain(key=0)),
        (-20.0, SILENT, Gain(key=0)),
    ],
)
def test_music_gives_way_by_how_loud_both_are(spoken: float, played: float, gain: Gain) -> None:
    assert given_way(spoken, played) == gain


def test_reads_the_last_of_what_is_told() -> None:
    told = (
        "frame:0 pts:0\nlavfi.r128.I=-30.1\nlavfi.r128.true_peaks_ch0=0.1\n"
        "frame:1 pts:1\nlavfi.r128.I=-20.5\nlavfi.r128.true_peaks_ch0=0.5\n"
        "lavfi.r128.true_peaks_ch1=1.0\n"
    )
    assert read_measured(told) == Measured(loudness=-20.5, peak=0)


@pytest.mark.parametrize("told", ["", "frame:0\nlavfi.r128.I=nan\n", "lavfi.r128.I=-inf\n"])
def test_what_cannot_be_told_is_silence(told: str) -> None:
    assert read_measured(told).loudness == SILENT
