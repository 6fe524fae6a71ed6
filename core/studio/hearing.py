"""What is heard of a mashup: the sounds of its parts, each when it is seen, and the music."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ffmpeg

from core.studio.looking import Looked
from core.studio.mashup import Mashup
from core.studio.picture import Feed
from core.studio.sound import RATE, Heard, MusicIn
from core.studio.timeline import Timeline

Stream = Any
"""A stream of ffmpeg-python, which is untyped."""


def heard_of(mashup: Mashup, line: Timeline, feeds: Sequence[Feed]) -> list[Heard]:
    """Return the sounds of the parts; where scenes cross, so do they."""
    if mashup.music is not None and mashup.music.replace:
        return []
    found = []
    for feed in feeds:
        scene = line.scenes[feed.number]
        after = line.scenes[feed.number + 1 :][:1]
        if not feed.slot.looked.has_sound or feed.slot.part.volume == 0:
            continue
        found.append(
            Heard(
                stream=_sound(feed),
                volume=feed.slot.part.volume,
                starts=scene.starts / line.rate,
                seconds=scene.frames / line.rate,
                fade_in=scene.lead / line.rate,
                fade_out=after[0].lead / line.rate if after else 0.0,
            )
        )
    return found


def music_of(mashup: Mashup, looked: Looked | None) -> MusicIn | None:
    """Return the music as an input."""
    if mashup.music is None or looked is None:
        return None
    stream = ffmpeg.input(looked.source, **looked.options)["a:0"]
    return MusicIn(stream=stream, music=mashup.music, length_seconds=looked.sound_seconds)


def _sound(feed: Feed) -> Stream:
    """Return the sound of a slot; it starts again together with the picture."""
    if not feed.slot.loops:
        return feed.original()["a:0"]
    if feed.is_in_rounds:
        rounds = (_one_round(feed, again) for again in range(feed.rounds))
        return ffmpeg.concat(*rounds, v=0, a=1)
    return _one_round(feed).filter("aloop", loop=-1, size=_samples(feed))


def _one_round(feed: Feed, again: int = 0) -> Stream:
    stream = feed.original(again)["a:0"]
    stream = stream.filter("aresample", RATE, **{"async": 1, "first_pts": 0})
    stream = stream.filter("aformat", sample_fmts="fltp", channel_layouts="stereo")
    stream = stream.filter("apad", whole_len=_samples(feed))
    return stream.filter("atrim", end_sample=_samples(feed))


def _samples(feed: Feed) -> int:
    return round(feed.slot.has / feed.rate * RATE)
