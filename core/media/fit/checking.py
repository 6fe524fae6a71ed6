"""Whether a file that was made is whole: its streams and how long each of them lasts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from core.media.fit.errors import FitError, explain
from core.media.fit.graph import result_seconds
from core.media.fit.recipe import Recipe
from core.media.probe import NotAVideoError, examine
from core.posts.models import MediaFacts
from utils.ffmpeg import FfmpegError

SLACK_SECONDS = 0.3
"""Containers round, and a result ends with a whole frame and a whole packet of sound."""
SLACK_SHARE = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Lengths:
    """How long the first picture and the first sound of a file last; 0 where it is not told."""

    video: float = 0.0
    audio: float = 0.0


async def lengths_of(path: Path) -> Lengths:
    """Return them; a file that can not be looked at tells nothing."""
    try:
        _, seconds = await examine(path)
    except (NotAVideoError, FfmpegError):
        return Lengths()
    return _lengths(seconds)


async def require_whole(
    path: Path, source: MediaFacts, lengths: Lengths, recipe: Recipe
) -> MediaFacts:
    """Return the facts of a result.

    ffmpeg can end without an error although it left out a part, so both streams are measured.

    Raises:
        FitError: ``damaged``, when a stream is missing or does not last as long as it should.
    """
    try:
        facts, seconds = await examine(path)
    except NotAVideoError as error:
        raise FitError("damaged", text=str(error)) from error
    except FfmpegError as error:
        raise explain(error) from error
    made, wanted = _lengths(seconds), result_seconds(source, recipe)
    slack = SLACK_SECONDS + SLACK_SHARE * wanted + 2 / max(facts.frame_rate or 25.0, 0.1)
    _require_near(facts.duration_seconds or 0.0, wanted, slack)
    _require_least("video", made.video, _share(lengths.video, recipe, wanted) - slack)
    if _is_heard(source, recipe):
        _require_least("audio", made.audio, _share(lengths.audio, recipe, wanted) - slack)
    return facts


def _lengths(seconds: Mapping[str, float]) -> Lengths:
    return Lengths(video=seconds.get("video", 0.0), audio=seconds.get("audio", 0.0))


def _share(seconds: float, recipe: Recipe, wanted: float) -> float:
    """Return how much of a stream should be in the result."""
    return min(seconds / recipe.speed, wanted)


def _require_near(seconds: float, wanted: float, slack: float) -> None:
    if abs(seconds - wanted) > slack:
        raise FitError("damaged", text=f"{seconds:.2f} s instead of {wanted:.2f} s")


def _require_least(kind: str, seconds: float, least: float) -> None:
    if seconds <= 0 or seconds < least:
        raise FitError("damaged", text=f"{kind} of {seconds:.2f} s instead of {least:.2f} s")


def _is_heard(source: MediaFacts, recipe: Recipe) -> bool:
    return recipe.audio == "silence" or bool(source.has_audio)
