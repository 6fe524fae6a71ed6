"""What is made of a video so that a platform takes it, as a value that can be kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """One fitted file; the same video and the same recipe give the same content."""

    copy: bool = False
    """The picture is not encoded: its packets are written into a new container, index first."""
    seconds: float | None = None
    """Keep so much from the start; None: all."""
    speed: float = 1.0
    width: int | None = None
    height: int | None = None
    fill: str = ""
    """``pad`` (black), ``blur`` or ``crop`` where the shape changes; empty: only scaled."""
    frame_rate: float | None = None
    """Frames a second, at even distances; None: as they come."""
    to_sdr: bool = False
    most_bytes: int | None = None
    """Encoded in two passes to stay below."""
    most_bit_rate: int | None = None
    """Bits a second of the picture."""
    audio: str = "keep"
    """``keep`` (as it is, or none), ``aac`` (encoded) or ``silence`` (added)."""
    audio_rate: int | None = None
    audio_channels: int | None = None
    loudness: float | None = None
    """Integrated loudness in LUFS; None: as it is."""

    @property
    def is_lossless(self) -> bool:
        """Whether everything that is in the video stays as it is."""
        return self.copy and self.seconds is None and self.audio != "aac"

    @property
    def key(self) -> str:
        """Return the one way in which this recipe is written."""
        return json.dumps(self.to_dict(), sort_keys=True, separators=(",", ":"))

    def to_dict(self) -> dict[str, Any]:
        """Return only what differs from a recipe that does nothing."""
        mine = asdict(self)
        return {one.name: mine[one.name] for one in fields(self) if mine[one.name] != one.default}

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> Self:
        return cls(**value)
