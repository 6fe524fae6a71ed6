"""What operations on live videos have in common, whatever the platform."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from core.errors import RemoteError
from core.platforms.base import FittedText, TextLimits, Work
from core.platforms.faults import refuse
from core.platforms.fitting import fit_text
from core.posts.models import PostText

GONE = "gone"
MISSING_SCOPE = "missing_scope"
NOT_OFFERED = "not_offered"
WORDS = frozenset({"title", "description", "tags"})
FIGURES = ("views", "likes", "comments", "shares")
ABSENT: Mapping[str, Any] = {"there": False, "visibility": "", "blocked": ""}
"""Facts of a look at what is not there any more."""


def finish(work: Work, facts: Mapping[str, Any] | None = None) -> Work:
    """Return a work that is done."""
    return replace(work, done=True, stage="", facts=dict(facts or {}))


def gone(title: str, status: int | None = None) -> RemoteError:
    """Return the error for a video that was taken away by somebody else."""
    error = refuse(f"the video is not at {title} any more", code=GONE)
    error.status = status
    return error


def missing_scope(title: str, message: str) -> RemoteError:
    """Return the error for an account that may publish but not do this.

    It is no reason to call the account broken, as a revoked token is.
    """
    return refuse(f"{title} did not grant this right: {message}", code=MISSING_SCOPE)


def subject(work: Work) -> str:
    """Return the id of the one video that a work is about."""
    return work.media_ids[0] if work.media_ids else work.media_id


def new_words(work: Work, title: str, limits: TextLimits, old: str) -> FittedText:
    """Return the words of an edit as the platform takes them.

    Args:
        work: an edit; what its changes do not name stays.
        title: the platform as people write it.
        limits: what the platform takes.
        old: what stands under the video now, as far as we know.

    Raises:
        RemoteError: ``REJECTED`` with code ``not_offered``, when no words change.
    """
    changes = work.changes
    if not WORDS & changes.keys():
        raise refuse(f"{title} can change only the words of a live video", code=NOT_OFFERED)
    tags = changes.get("tags")
    written = PostText(
        title=str(changes.get("title", "")),
        description=str(changes.get("description", old)),
        tags=tuple(str(tag) for tag in tags) if isinstance(tags, list | tuple) else (),
    )
    return fit_text(written, limits)


def figures(values: Mapping[str, int | None]) -> dict[str, int | None]:
    """Return the four figures, None for each that is not told."""
    return {name: values.get(name) for name in FIGURES}
