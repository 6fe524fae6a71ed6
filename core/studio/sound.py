"""What is heard: the parts and the music mixed, faded, ducked and brought to a loudness.

The loudness takes two steps. `core.studio.loudness.measure` listens to the mix alone, without
any picture, and finds how loud it is; `mix` then turns it up or down by one number and limits its
peaks. So its dynamics stay what they were, and a clip of a few seconds is as loud as it should be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import ffmpeg

from core.studio.beats import cut
from core.studio.mashup import Music

RATE = 48_000
PEAK = -1.0
"""In dBTP; louder peaks are cut by what players and encoders do. Source: EBU R 128, 2023."""
CEILING = -2.0
"""Where the limiter stands, in dBTP: the encoder adds up to about 1 dB to a peak."""
FRAME_SAMPLES = 1024
SEAM_SECONDS = 0.004
"""So long it falls to silence where it is looped: a jump would click."""
THRESHOLD = 0.03
"""Where parts begin to push the music down; they speak 18 dB above it."""
RATIO = 20
ATTACK, RELEASE = 15, 500
"""In milliseconds: before the second letter; not between two words."""
DEEPEST = 17.0
"""In dB: what the compressor can do with a voice that is 18 dB above its threshold."""

Stream = Any
"""A stream of ffmpeg-python, which is untyped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """The sound of one part."""

    stream: Stream
    volume: float = 1.0
    starts: float = 0.0
    """When it begins, in seconds of the result."""
    seconds: float | None = None
    """At most so long; None: to the end."""
    fade_in: float = 0.0
    fade_out: float = 0.0
    """Where one part follows another, both are as long as the transition: they cross."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MusicIn:
    """The music as a stream from its very start on, and how long the whole file is."""

    stream: Stream
    music: Music
    length_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Gain:
    """How much each is turned up, in dB; `core.studio.loudness.measure` finds it."""

    decibels: float = 0.0
    """All together, at the end."""
    is_limited: bool = False
    """Whether peaks would be too high without the limiter."""
    music: float = 0.0
    """The music, so that it is nowhere louder than those who speak."""
    key: float = 8.0
    """The parts, where they tell the compressor that somebody speaks."""
    depth: float = 14.0
    """How far the music goes down while they do."""


def mix(
    heard: Sequence[Heard],
    music: MusicIn | None,
    *,
    seconds: float,
    loudness: float | None,
    gain: Gain | None = None,
) -> Stream:
    """Return all that is heard as one stream: stereo, 48 kHz, exactly so long.

    Args:
        heard: the sounds of the parts; those of volume 0 are not even decoded.
        music: what sounds underneath, or instead of them.
        seconds: length of the result.
        loudness: wanted, in LUFS; None: as it comes.
        gain: what was measured; without it the loudness is followed while it plays, which
            is nearer to the mark the longer it is, and changes the dynamics.
    """
    voices, under = buses(heard, music, seconds)
    if voices is None and under is None:
        return _silence(seconds)
    set_by = gain or Gain()
    is_ducked = music is not None and music.music.duck
    mixed = _filled(_together(voices, under, set_by, is_ducked, seconds), seconds, 0)
    if loudness is None:
        return mixed
    if gain is None:
        return _exact(_followed(mixed, loudness), seconds)
    return _exact(_gained(mixed, gain), seconds)


def buses(
    heard: Sequence[Heard], music: MusicIn | None, seconds: float
) -> tuple[Stream | None, Stream | None]:
    """Return the sum of the parts and the music, each None where there is nothing."""
    parts = [one for one in heard if one.volume > 0 and one.starts < seconds]
    if music is not None and music.music.replace:
        parts = []
    voices = _summed([_part(one, seconds) for one in parts]) if parts else None
    under = _music(music, seconds) if music is not None and music.music.volume > 0 else None
    return voices, under


def _part(one: Heard, whole: float) -> Stream:
    left = whole - one.starts
    seconds = left if one.seconds is None else min(one.seconds, left)
    stream = _plain(one.stream).filter("atrim", end=_told(seconds))
    if one.volume != 1:
        stream = stream.filter("volume", f"{one.volume:g}", precision="float")
    stream = _faded(stream, one.fade_in, one.fade_out, seconds)
    if one.starts:
        stream = stream.filter("adelay", f"{_samples(one.starts)}S", all=1)
    return stream


def _plain(stream: Stream) -> Stream:
    """Bring a sound to one form; holes in its time are filled, what is too much is cut."""
    stream = stream.filter("aresample", RATE, **{"async": 1, "first_pts": 0})
    return stream.filter("aformat", sample_fmts="fltp", channel_layouts="stereo")


def _faded(stream: Stream, fade_in: float, fade_out: float, seconds: float) -> Stream:
    """Fade at both ends; fades that are longer than the sound share its length."""
    share = min(1.0, seconds / max(fade_in + fade_out, 1e-9))
    if fade_in > 0:
        stream = stream.filter("afade", type="in", duration=_told(fade_in * share), curve="qsin")
    if fade_out > 0:
        length = fade_out * share
        stream = stream.filter(
            "afade",
            type="out",
            start_time=_told(seconds - length),
            duration=_told(length),
            curve="qsin",
        )
    return stream


def _music(given: MusicIn, whole: float) -> Stream:
    music = given.music
    cuts = cut(music, given.length_seconds, whole)
    stream = _plain(given.stream).filter("atrim", start=_told(cuts.start), end=_told(cuts.loop_to))
    stream = stream.filter("asetpts", "PTS-STARTPTS")
    if cuts.times:
        seam = cuts.loop_to - cuts.start - SEAM_SECONDS
        stream = stream.filter("afade", type="out", start_time=_told(seam), duration=SEAM_SECONDS)
        stream = stream.filter(
            "aloop",
            loop=cuts.times,
            size=round((cuts.loop_to - cuts.loop_from) * RATE),
            start=round((cuts.loop_from - cuts.start) * RATE),
        )
    stream = stream.filter("atrim", end=_told(cuts.seconds))
    stream = stream.filter("volume", f"{music.volume:g}", precision="float")
    return _faded(stream, music.fade_in, music.fade_out, cuts.seconds)


def _together(
    voices: Stream | None, under: Stream | None, gain: Gain, is_ducked: bool, seconds: float
) -> Stream:
    if voices is None or under is None:
        return under if voices is None else voices
    under = _turned(under, gain.music)
    if not is_ducked:
        return _summed([voices, under])
    # The compressor ends with the shorter of its inputs: both are made equally long.
    sides = _filled(voices, seconds, 1).filter_multi_output("asplit", 2)
    # What the compressor does depends on how its frames are cut, and that on which input came
    # first: with frames of one size the same inputs give the same sound.
    ducked = ffmpeg.filter(
        [_even(_filled(under, seconds, 2)), _even(sides[1])],
        "sidechaincompress",
        threshold=THRESHOLD,
        ratio=RATIO,
        attack=ATTACK,
        release=RELEASE,
        level_sc=f"{min(64.0, max(0.016, amplitude(gain.key))):.4f}",
        mix=f"{_share(gain.depth):.4f}",
    )
    return _summed([sides[0], ducked])


def amplitude(decibels: float) -> float:
    """Return what to multiply with."""
    return float(10 ** (decibels / 20))


def _share(depth: float) -> float:
    """Return how much of the compressed music is taken, the rest being as it was."""
    return min(1.0, max(0.0, (1 - amplitude(-depth)) / (1 - amplitude(-DEEPEST))))


def _turned(stream: Stream, decibels: float) -> Stream:
    if not decibels:
        return stream
    return stream.filter("volume", f"{decibels:.2f}dB", precision="float")


def _summed(streams: Sequence[Stream]) -> Stream:
    if len(streams) == 1:
        return streams[0]
    return ffmpeg.filter(streams, "amix", inputs=len(streams), normalize=0, duration="longest")


def _even(stream: Stream) -> Stream:
    """Return the sound in frames of one size; only the last one may be shorter."""
    return stream.filter("asetnsamples", FRAME_SAMPLES, pad=0)


def _filled(stream: Stream, seconds: float, number: int) -> Stream:
    """Make a stream exactly so long: silence goes on where it ends, the rest is cut.

    The silence is mixed in: what is padded after the last input has ended is lost now and then
    (ffmpeg 9.0, where the picture has ended before).
    """
    silence = _silence(seconds, number)
    return ffmpeg.filter([silence, stream], "amix", inputs=2, normalize=0, duration="first")


def _exact(stream: Stream, seconds: float) -> Stream:
    """Make a stream that is a few samples too long or too short exactly so long."""
    stream = stream.filter("apad", whole_len=_samples(seconds))
    return stream.filter("atrim", end_sample=_samples(seconds))


def _silence(seconds: float, number: int = 0) -> Stream:
    """Return silence; another number makes another input, which is read by itself."""
    told = _told(seconds + 1 + number)
    source = ffmpeg.input(f"anullsrc=r={RATE}:cl=stereo", f="lavfi", t=told)["a:0"]
    plain = source.filter("aformat", sample_fmts="fltp", channel_layouts="stereo")
    return plain.filter("atrim", end_sample=_samples(seconds))


def _followed(stream: Stream, loudness: float) -> Stream:
    # It works at 192 kHz and stays there.
    return stream.filter("loudnorm", I=loudness, TP=CEILING, LRA=11).filter("aresample", RATE)


def _gained(stream: Stream, gain: Gain) -> Stream:
    stream = _turned(stream, gain.decibels)
    if not gain.is_limited:
        return stream
    # The limiter sees samples only: with four times as many, it sees the peaks between them.
    stream = stream.filter("aresample", RATE * 4)
    stream = stream.filter(
        "alimiter",
        limit=f"{amplitude(CEILING):.4f}",
        attack=5,
        release=80,
        level="false",
        latency="true",
    )
    return stream.filter("aresample", RATE)


def _samples(seconds: float) -> int:
    return round(seconds * RATE)


def _told(seconds: float) -> str:
    return f"{seconds:.6f}"
