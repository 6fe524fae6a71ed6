"""How long the fitted video is: all of it, its beginning, or all of it faster."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from core.media.fit.sounds import RATE
from core.platforms.base import MediaLimits
from core.posts.models import MediaFacts

SLACK_SECONDS = 0.05
"""Containers round durations."""
PACKET_SAMPLES = 1024
"""Of sound in a packet of AAC. Source: ISO/IEC 14496-3, section 4.5.2.1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LengthChoice:
    """What is done with a video that is too long."""

    speeds: bool
    most_speed: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Length:
    """What is kept and how fast it is played."""

    seconds: float | None
    """Kept of the source; None: all."""
    speed: float
    result: float
    """How long the result lasts."""


def length_for(facts: MediaFacts, limits: MediaLimits, choice: LengthChoice) -> Length:
    """Return what fits; where the fastest allowed speed does not do, the rest is cut off."""
    whole = facts.duration_seconds or 0.0
    if limits.max_seconds is None or whole <= limits.max_seconds + SLACK_SECONDS:
        return Length(seconds=None, speed=1.0, result=whole)
    most = limits.max_seconds - _margin(facts)
    speed = ceil(whole / most * 1000) / 1000
    if choice.speeds and speed <= choice.most_speed:
        return Length(seconds=None, speed=speed, result=whole / speed)
    return Length(seconds=round(most, 3), speed=1.0, result=most)


def _margin(facts: MediaFacts) -> float:
    """Return by how much a result may be longer than asked for.

    It begins with a packet of sound that only starts the decoder, and ends with a whole packet
    and a whole frame.
    """
    sound = 2 * PACKET_SAMPLES / (facts.audio_rate or RATE)
    return SLACK_SECONDS + sound + min(1.0, 1 / (facts.frame_rate or 25.0))
