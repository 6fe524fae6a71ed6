"""Whether a rendered file is whole: its size, its shape, and how long each stream lasts."""

from __future__ import annotations

from pathlib import Path

from core.media.probe import NotAVideoError, examine
from core.posts.models import MediaFacts
from core.studio.errors import StudioError
from core.studio.layouts import Size
from core.studio.trouble import explain
from utils.ffmpeg import FfmpegError

SLACK_SECONDS = 0.06
"""A result ends with a whole frame and a whole packet of sound."""
COPY_SLACK_SECONDS = 0.2
"""Packets that are copied end where the last one ends that is needed for what is shown."""


async def require_whole(
    path: Path, *, size: Size, seconds: float, slack: float = SLACK_SECONDS
) -> MediaFacts:
    """Return the facts of a result.

    ffmpeg can end without an error although it left out a part of the sound, so both streams
    are measured.

    Args:
        path: the result.
        size: width and height that it should have.
        seconds: how long it should last.
        slack: by how much each stream may be off.

    Raises:
        StudioError: ``damaged``.
    """
    try:
        facts, lengths = await examine(path)
    except NotAVideoError as error:
        raise StudioError("damaged", {"text": str(error)}) from error
    except FfmpegError as error:
        raise explain(error) from error
    if (facts.width, facts.height) != size:
        raise StudioError("damaged", {"text": f"{facts.width}x{facts.height}"})
    whole = facts.duration_seconds or 0.0
    for kind in ("video", "audio"):
        # A file in fragments tells one length for all.
        made = lengths.get(kind, whole if kind == "video" or facts.has_audio else 0.0)
        if abs(made - seconds) > slack:
            text = f"{kind}: {made:.2f} s, not {seconds:.2f} s"
            raise StudioError("damaged", {"text": text})
    return facts
