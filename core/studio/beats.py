"""Where music is cut: how it is looped or shortened, on its beats where they are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.studio.errors import StudioError
from core.studio.mashup import Music

LEAST_LOOP_SECONDS = 0.5
"""A shorter piece, looped, is a buzz: then the cut is made without the beats, or not at all."""
LEAST_COVER = 0.5
"""Where less of the music has beats, they are not all of them: it is looped without them."""
END_SECONDS = 4.0
"""So much earlier it ends for a beat; about two bars."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cuts:
    """Which piece of the music is heard, and how often.

    It plays from ``start`` to ``loop_to``, then ``times`` times from ``loop_from`` to
    ``loop_to``; all of it is cut after ``seconds``.
    """

    start: float
    """In the music, in seconds, as are the next two."""
    loop_from: float
    loop_to: float
    times: int
    """How often it starts again; 0: it is only trimmed."""
    seconds: float
    """How long it is heard."""

    def at(self, seconds: float) -> float:
        """Return which place of the music sounds so long after it began."""
        place = self.start + seconds
        if place < self.loop_to or not self.times:
            return place
        return self.loop_from + (place - self.loop_to) % (self.loop_to - self.loop_from)


def cut(music: Music, length_seconds: float, wanted_seconds: float) -> Cuts:
    """Choose the cuts that fill the wanted time.

    With beats, what is looped begins and ends on a beat, and the music ends on the last beat
    that fits; the place where it begins is the one that was asked for.

    Args:
        music: where it starts, its beats, and whether it may be looped.
        length_seconds: of the whole file.
        wanted_seconds: how long it should be heard.

    Raises:
        StudioError: ``music_start``, when it is to start where it is already over.
    """
    if music.start >= length_seconds:
        raise StudioError(
            "music_start", {"start": round(music.start, 1), "length": round(length_seconds, 1)}
        )
    beats = sorted({beat for beat in music.beats if music.start <= beat <= length_seconds})
    rest = length_seconds - music.start
    if rest >= wanted_seconds or music.when_short == "stop":
        return _trimmed(music.start, beats, min(rest, wanted_seconds))
    return _looped(music.start, beats, length_seconds, wanted_seconds)


def _trimmed(start: float, beats: Sequence[float], seconds: float) -> Cuts:
    heard = [beat - start for beat in beats if 0 < beat - start <= seconds]
    kept = heard[-1] if heard and seconds - heard[-1] <= END_SECONDS else seconds
    return Cuts(start=start, loop_from=start, loop_to=start + kept, times=0, seconds=kept)


def _looped(start: float, beats: Sequence[float], length: float, wanted: float) -> Cuts:
    covered = beats[-1] - beats[0] if beats else 0.0
    if covered < max(LEAST_LOOP_SECONDS, LEAST_COVER * (length - start)):
        beats = (start, length)
        if length - start < LEAST_LOOP_SECONDS:
            return _trimmed(start, (), length - start)
        seconds = wanted
    else:
        seconds = _last_beat(start, beats, wanted)
    first, last = beats[0], beats[-1]
    times = _rounds(wanted - (last - start), last - first)
    return Cuts(start=start, loop_from=first, loop_to=last, times=times, seconds=seconds)


def _rounds(missing: float, period: float) -> int:
    """Return how many rounds cover what is missing."""
    return int(-(-missing // period))


def _last_beat(start: float, beats: Sequence[float], wanted: float) -> float:
    """Return the time of the last beat that fits, where the looped piece is too short once."""
    first, last = beats[0], beats[-1]
    lead, period = last - start, last - first
    rounds, left = divmod(wanted - lead, period)
    inside = max(beat - first for beat in beats if beat - first <= left)
    return lead + rounds * period + inside
