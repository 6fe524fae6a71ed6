"""How a mashup is encoded for a platform, from what the platform takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.platforms.base import NO_LIMIT, MediaLimits
from core.platforms.registry import platform_names, require_platform
from core.studio.errors import StudioError
from core.studio.layouts import Size

GENERAL = "general"
SIZES: Mapping[str, Size] = {
    "9:16": (1080, 1920),
    "1:1": (1080, 1080),
    "16:9": (1920, 1080),
    "4:5": (1080, 1350),
}
FRAME_RATE = 30.0
"""Source: instagram.md, "Safe encoder target", 2026-09-11: 30 a second, constant."""
MOST_BITS = 10_000_000
"""Bits a second of the picture. Source: as above."""
KEY_SECONDS = 2.0
"""Source: as above; Facebook guides/reels-publishing, 2026-07-30: closed groups of 2 to 5 s."""
SOUND_BITS = 128_000
"""Source: Instagram reference/ig-user/media, 2026-09-11, and Facebook guides/reels-publishing,
2026-07-30: AAC, 128 kbit/s, 48 kHz, stereo."""
SOUND_RATE = 48_000
QUALITY = 21
"""Constant rate factor of x264; below 23, its default, loss is hard to see."""
LEAST_BITS = 300_000
_SPARE = 0.94
"""Share of an allowed size that is aimed at: sound and container take theirs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SafeZone:
    """Margins that stay clear of words: apps lay buttons and the description over them.

    In shares of the height (top, bottom) and of the width (left, right).
    """

    top: float = 0.05
    right: float = 0.05
    bottom: float = 0.08
    left: float = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Everything about the encoding that depends on where a mashup goes."""

    name: str
    max_seconds: float | None
    max_bytes: int
    frame_rate: float
    most_bit_rate: int
    """Bits a second of the picture."""
    crf: int
    key_seconds: float
    audio_bit_rate: int
    audio_rate: int
    safe: SafeZone

    def bit_rate(self, seconds: float) -> int:
        """Return the most bits a second with which a video of that length is not too large."""
        if self.max_bytes >= NO_LIMIT:
            return self.most_bit_rate
        whole = self.max_bytes * 8 * _SPARE / max(seconds, 0.1) - self.audio_bit_rate
        return int(max(LEAST_BITS, min(self.most_bit_rate, whole)))


_REELS = SafeZone(top=0.14, right=0.06, bottom=0.35, left=0.06)
"""Source: Meta's guide to advertisements in reels, 2026-03: 14 % at the top, 35 % at the bottom
and 6 % at the sides stay clear of words."""
SAFE_ZONES: Mapping[str, SafeZone] = {
    # No platform but Meta publishes figures; those of people who measured the apps agree on
    # about these (guides of 2026): the lower quarter at YouTube, the lower fifth at TikTok, and
    # at both the column of buttons on the right.
    "youtube": SafeZone(top=0.10, right=0.11, bottom=0.25, left=0.05),
    "tiktok": SafeZone(top=0.10, right=0.11, bottom=0.20, left=0.05),
    "instagram": _REELS,
    "facebook": _REELS,
}


def _profile(name: str, limits: MediaLimits) -> Profile:
    rate = min(max(FRAME_RATE, limits.min_frame_rate or 0), limits.max_frame_rate or FRAME_RATE)
    return Profile(
        name=name,
        max_seconds=limits.max_seconds,
        max_bytes=limits.max_bytes,
        frame_rate=rate,
        most_bit_rate=min(MOST_BITS, limits.max_bit_rate or MOST_BITS),
        crf=QUALITY,
        key_seconds=KEY_SECONDS,
        audio_bit_rate=SOUND_BITS,
        audio_rate=min(SOUND_RATE, limits.max_audio_rate or SOUND_RATE),
        safe=SAFE_ZONES.get(name, SafeZone()),
    )


PROFILES: Mapping[str, Profile] = {
    GENERAL: _profile(GENERAL, MediaLimits(max_bytes=NO_LIMIT)),
    **{
        name: _profile(name, require_platform(name).capabilities.media)
        for name in platform_names()
    },
}


def require_profile(name: str) -> Profile:
    """Return the profile of that name.

    Raises:
        StudioError: ``unknown_profile``.
    """
    found = PROFILES.get(name)
    if found is None:
        raise StudioError("unknown_profile", {"profile": name, "known": ", ".join(PROFILES)})
    return found


def size_of(aspect: str, profile: Profile, scale: float = 1.0) -> Size:
    """Return the even width and height of a shape, as large as the profile's platform takes it.

    Raises:
        StudioError: ``unknown_aspect``.
    """
    del profile
    if aspect not in SIZES:
        raise StudioError("unknown_aspect", {"aspect": aspect, "known": ", ".join(SIZES)})
    wide, high = SIZES[aspect]
    return round(wide * scale / 2) * 2, round(high * scale / 2) * 2
