"""What can be done about each way in which a file does not fit."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from core.media.specs import Finding


class Remedy(StrEnum):
    """One thing that is done; each has a sentence ``remedy_<value>``."""

    REMUX = "remux"
    """Only the container is written anew."""
    CUT = "cut"
    SPEED = "speed"
    SHAPE = "shape"
    """Another shape: filled up or cropped."""
    SCALE = "scale"
    SMALLER = "smaller"
    """Encoded to a size."""
    ENCODE = "encode"
    SOUND = "sound"
    """The sound is encoded anew."""
    SILENCE = "silence"
    """A silent sound track is added."""
    LOUDNESS = "loudness"
    SDR = "sdr"
    FRAME_RATE = "frame_rate"


REMEDIES: dict[str, Remedy] = {
    "container": Remedy.REMUX,
    "index_last": Remedy.REMUX,
    "edit_list": Remedy.REMUX,
    "too_long": Remedy.CUT,
    "too_big": Remedy.SMALLER,
    "bit_rate": Remedy.SMALLER,
    "aspect_wide": Remedy.SHAPE,
    "aspect_tall": Remedy.SHAPE,
    "too_wide": Remedy.SCALE,
    "too_narrow": Remedy.SCALE,
    "too_high": Remedy.SCALE,
    "too_low": Remedy.SCALE,
    "side_long": Remedy.SCALE,
    "side_short": Remedy.SCALE,
    "side_small": Remedy.SCALE,
    "video_codec": Remedy.ENCODE,
    "pixel_format": Remedy.ENCODE,
    "hdr": Remedy.SDR,
    "frame_rate_high": Remedy.FRAME_RATE,
    "frame_rate_low": Remedy.FRAME_RATE,
    "variable_rate": Remedy.FRAME_RATE,
    "audio_codec": Remedy.SOUND,
    "audio_rate": Remedy.SOUND,
    "audio_channels": Remedy.SOUND,
    "no_audio": Remedy.SILENCE,
}
"""By the key of the finding; what is not here (too short, empty) can not be mended."""


def remedy_for(finding: Finding) -> Remedy | None:
    """Return what is usually done about it; None when nothing can be."""
    return REMEDIES.get(finding.key)


def in_order(remedies: Iterable[Remedy]) -> tuple[Remedy, ...]:
    """Return each once, in the order of the enumeration."""
    wanted = set(remedies)
    return tuple(remedy for remedy in Remedy if remedy in wanted)
