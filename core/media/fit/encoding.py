"""How the picture is encoded: size, shape, frame rate, colours and bits."""

from __future__ import annotations

from math import ceil, sqrt
from typing import Any

from core.media.fit.shape import Size, aspects, fitting_size
from core.media.specs import HDR_TRANSFERS
from core.platforms.base import MediaLimits
from core.posts.models import MediaFacts

SOUND_BITS = 128_000
"""Bits a second of the encoded sound. Source: Instagram reference/ig-user/media, 2026-09-11 and
Facebook guides/reels-publishing, 2026-07-30: 128 kbit/s."""
SPARE_SHARE = 0.96
"""Share of the allowed size that is aimed at: the container takes its own bytes."""
LEAST_BITS = 48_000
"""A picture with fewer bits a second shows nothing any more."""
GOOD_BITS = 0.05
"""Bits a pixel of a frame below which a smaller picture looks better than a coarser one."""
MOST_BITS = 25_000_000
LEAST_SHRINK = 0.2
STEADY_RATE = 30.0
HIGHEST_RATE = 60.0


def encoding_for(
    facts: MediaFacts, limits: MediaLimits, shape: str, seconds: float, keys: set[str]
) -> dict[str, Any] | None:
    """Return the fields of a `Recipe` about the picture; None where no size would do."""
    rate = frame_rate_for(facts, limits)
    frames = rate or facts.frame_rate or STEADY_RATE
    bits = bits_within(limits.max_bytes, seconds)
    if bits < LEAST_BITS:
        return None
    most_bits = min(bits, int((limits.max_bit_rate or MOST_BITS) * SPARE_SHARE), MOST_BITS)
    size = _size(facts, limits, shape, shrink=_shrink(facts, frames, most_bits))
    is_tight = "too_big" in keys or bits < 2 * _bit_rate(facts)
    return {
        **size,
        "frame_rate": rate,
        "to_sdr": facts.color_transfer in HDR_TRANSFERS,
        "most_bytes": int(limits.max_bytes * SPARE_SHARE) if is_tight else None,
        "most_bit_rate": most_bits,
    }


def bits_within(size_bytes: int, seconds: float) -> int:
    """Return the bits a second of a picture that stays with its sound within a size."""
    whole = size_bytes * 8 * SPARE_SHARE / max(seconds, 0.1)
    return int(min(whole - sound_bits(whole), 1e12))


def sound_bits(whole: float) -> int:
    """Return the bits a second of the sound within so many for both."""
    return int(min(SOUND_BITS, max(whole / 4, 24_000)))


def frame_rate_for(facts: MediaFacts, limits: MediaLimits) -> float | None:
    """Return the rate to make; None when frames stay as they come.

    A rate out of range is multiplied or divided by a whole number, so that frames are doubled
    or dropped evenly.
    """
    low, high = limits.min_frame_rate or 0.0, limits.max_frame_rate or HIGHEST_RATE
    rate = facts.frame_rate
    if rate is None or facts.variable_rate:
        near = STEADY_RATE if (rate or 0) <= STEADY_RATE else HIGHEST_RATE
        return min(max(near, low), high)
    if rate > high:
        return round(max(rate / ceil(rate / high), low), 3)
    if rate < low:
        return round(min(rate * ceil(low / rate), high), 3)
    return None


def _bit_rate(facts: MediaFacts) -> int:
    return facts.picture_bit_rate or facts.bit_rate or MOST_BITS


def _shrink(facts: MediaFacts, frames: float, bits: int) -> float:
    """Return how much smaller the sides must be to look good with so many bits."""
    pixels = (facts.width or 1) * (facts.height or 1) * frames
    share = sqrt(bits / (GOOD_BITS * pixels))
    return min(1.0, max(share, LEAST_SHRINK))


def _size(facts: MediaFacts, limits: MediaLimits, shape: str, *, shrink: float) -> dict[str, Any]:
    source = Size(width=facts.width or 0, height=facts.height or 0)
    low, high = aspects(limits)
    changes = not low * 0.998 <= source.aspect <= high * 1.002
    size = fitting_size(source, limits, crop=changes and shape == "crop", shrink=shrink)
    return {
        "width": size.width,
        "height": size.height,
        "fill": shape if changes else "",
    }
