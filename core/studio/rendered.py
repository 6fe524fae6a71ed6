"""What a render gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.posts.models import MediaFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """One mashup that lies on the disk, whole and looked at."""

    path: Path
    facts: MediaFacts
    size_bytes: int
    sha256: str
    wall_seconds: float
    thumbnails: Mapping[str, Path]
    """By size, such as ``1080x1920``; JPEG."""
    sheet: Mapping[str, Any]
    """What the JSON beside it holds: inputs, settings, measures, versions of the tools."""
