"""How loud a mix is, found by listening to its sound alone, and what brings it to a loudness."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import ffmpeg

from core.studio.sound import CEILING, Gain, Heard, MusicIn, Stream, buses, mix
from utils.ffmpeg import NICENESS
from utils.ffmpeg import ffmpeg as run_ffmpeg

MOST_GAIN = 30.0
"""In dB: what is quieter than that is noise and not turned up further."""
SILENT = -69.0
"""In LUFS; below, nothing was heard. Source: EBU Tech 3341, 2023: the gate stands at -70."""
SPEAKING = -50.0
"""In LUFS; parts that are quieter do not speak: the music stays as it is."""
KEY = -12.0
"""In LUFS: so loud the compressor hears who speaks."""
CLEAR = 14.0
"""In LU: so far those who speak are above the music."""
LEAST_DEPTH = 6.0
"""In dB: so far the music gives way to them in any case."""
NEAR = 0.3
"""In LU: nearer to the wanted loudness is not corrected again."""
ROUNDS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """How loud a sound is."""

    loudness: float
    """Integrated, in LUFS."""
    peak: float
    """In dBTP."""


async def measure(
    heard: Sequence[Heard],
    music: MusicIn | None,
    *,
    seconds: float,
    loudness: float | None,
    timeout_seconds: float = 600.0,
) -> Gain:
    """Find what gives `core.studio.sound.mix` its loudness, by decoding the sound alone.

    Where music gives way to parts that speak, their loudness says how far. Where the limiter
    takes loudness away, it is tried again with more gain.

    Args:
        heard: as for the mix.
        music: as for the mix.
        seconds: as for the mix.
        loudness: wanted, in LUFS; None: only how far the music gives way is found.
        timeout_seconds: of each of the few runs.

    Raises:
        FfmpegError: the sound cannot be read.
    """
    gain = await _given_way(heard, music, seconds, timeout_seconds)
    if loudness is None or (not heard and music is None):
        return gain
    mixed = mix(heard, music, seconds=seconds, loudness=None, gain=gain)
    found = await _measured(mixed, seconds, timeout_seconds)
    if found.loudness <= SILENT:
        return gain
    gain = _raised(gain, loudness - found.loudness, found.peak)
    for _ in range(ROUNDS - 1):
        if not gain.is_limited or gain.decibels >= MOST_GAIN:
            break
        tried = mix(heard, music, seconds=seconds, loudness=loudness, gain=gain)
        missing = loudness - (await _measured(tried, seconds, timeout_seconds)).loudness
        if abs(missing) < NEAR:
            break
        gain = _raised(gain, gain.decibels + missing, found.peak)
    return gain


def _raised(gain: Gain, decibels: float, peak: float) -> Gain:
    kept = min(decibels, MOST_GAIN)
    return replace(gain, decibels=round(kept, 2), is_limited=peak + kept > CEILING)


async def _given_way(
    heard: Sequence[Heard], music: MusicIn | None, seconds: float, timeout_seconds: float
) -> Gain:
    if music is None or not music.music.duck:
        return Gain()
    voices, under = buses(heard, music, seconds)
    if voices is None or under is None:
        return Gain()
    try:
        async with asyncio.TaskGroup() as group:
            spoken = group.create_task(_measured(voices, seconds, timeout_seconds))
            played = group.create_task(_measured(under, seconds, timeout_seconds))
    except ExceptionGroup as errors:
        raise errors.exceptions[0] from errors
    return given_way(spoken.result().loudness, played.result().loudness)


def given_way(spoken: float, played: float) -> Gain:
    """Return how the music gives way to parts, by the loudness of both in LUFS."""
    if spoken < SPEAKING or played <= SILENT:
        return Gain(key=0.0)
    lowered = min(0.0, spoken - played)
    depth = max(LEAST_DEPTH, CLEAR - (spoken - played - lowered))
    return Gain(music=round(lowered, 2), key=round(KEY - spoken, 2), depth=round(depth, 2))


async def _measured(stream: Stream, seconds: float, timeout_seconds: float) -> Measured:
    output = await run_ffmpeg(
        measure_arguments(stream, seconds), timeout_seconds=timeout_seconds, niceness=NICENESS
    )
    return read_measured(output.decode("ascii", "replace"))


def measure_arguments(stream: Stream, seconds: float) -> list[str]:
    """Return the arguments that print how loud a stream is; only its end is told."""
    # Its end may come before that of the mix: silence after it does not count.
    padded = stream.filter("apad", whole_dur=f"{seconds:.3f}").filter(
        "atrim", end=f"{seconds:.3f}"
    )
    told = padded.filter("ebur128", metadata=1, peak="true", framelog="quiet")
    told = told.filter("aselect", f"gte(t,{max(0.0, seconds - 1):.3f})")
    told = told.filter("ametadata", mode="print", file="-")
    arguments: list[str] = ffmpeg.output(told, "-", format="null").get_args()
    return arguments


def read_measured(told: str) -> Measured:
    """Read what the last frame was told to be; what is too short to tell counts as silence."""
    values: dict[str, float] = {}
    for line in told.splitlines():
        name, is_value, value = line.partition("=")
        if is_value and name.startswith("lavfi.r128."):
            values[name.removeprefix("lavfi.r128.")] = float(value)
    peaks = [value for name, value in values.items() if name.startswith("true_peaks_ch")]
    loudness = values.get("I", SILENT)
    return Measured(
        loudness=loudness if math.isfinite(loudness) else SILENT,
        peak=_decibels(max(peaks, default=0.0)),
    )


def _decibels(amplitude: float) -> float:
    return 20 * math.log10(amplitude) if amplitude > 0 else -math.inf
