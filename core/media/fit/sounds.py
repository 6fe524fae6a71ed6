"""What is done with the sound."""

from __future__ import annotations

from typing import Any

from core.platforms.base import MediaLimits
from core.posts.models import MediaFacts

RATE = 48_000
"""Source: Instagram reference/ig-user/media, 2026-09-11: AAC, at most 48 kHz, 1 or 2 channels;
Facebook guides/reels-publishing, 2026-07-30: AAC-LC, 48 kHz, stereo."""
CHANNELS = 2
MP4_SOUND = frozenset({"aac", "mp3"})
"""What players expect in an MP4."""


def sound_for(
    facts: MediaFacts, limits: MediaLimits, loudness: float | None, *, is_copy: bool
) -> dict[str, Any]:
    """Return the fields of a `Recipe` about sound.

    A picture that is encoded gets its sound encoded beside it, from the same decoded times;
    beside a copied picture the packets are kept where the platform takes them.
    """
    if facts.has_audio is False or not (facts.audio_codec or facts.has_audio):
        return {"audio": "silence", **_shape(limits)} if _wants(limits) else {}
    if is_copy and loudness is None and _is_taken(facts, limits):
        return {}
    return {"audio": "aac", **_shape(limits), "loudness": loudness}


def _wants(limits: MediaLimits) -> bool:
    return limits.needs_audio or (limits.advice is not None and limits.advice.needs_audio)


def _is_taken(facts: MediaFacts, limits: MediaLimits) -> bool:
    codecs = limits.audio_codecs or MP4_SOUND
    return (
        facts.audio_codec in codecs & MP4_SOUND
        and (facts.audio_rate or 0) <= (limits.max_audio_rate or RATE * 2)
        and (facts.audio_channels or 0) <= (limits.max_audio_channels or 8)
    )


def _shape(limits: MediaLimits) -> dict[str, int]:
    return {
        "audio_rate": min(RATE, limits.max_audio_rate or RATE),
        "audio_channels": min(CHANNELS, limits.max_audio_channels or CHANNELS),
    }
