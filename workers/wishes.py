"""What people wish for a post that was accepted, as values: plans, refusals, outcomes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.errors import RefusedError
from core.platforms.base import Operation
from core.posts.models import UPLOAD_FINAL, Post, PostState, PostText, Upload, UploadState, Wish
from core.posts.operations import ABSENT
from core.posts.options import EVERYWHERE
from workers.operator import WORDS, words_of

PLAYLIST = "playlist"
EDITABLE = frozenset(
    {"category", "kids", "ai", "language", "license", "embed", "title", "text", PLAYLIST}
)
"""Options that can still be changed where they are there; the others hold for the upload only."""
CAPTION_FILES = (".srt", ".vtt")
# Source: RFC 5646, section 2.1: language, script, region.
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|\d{3}))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why something cannot be done at one place."""

    upload: Upload
    key: str
    """``edit``, ``visibility``, ``delete``, … or ``scope``: end of a sentence's key."""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What was planned, and what cannot be."""

    asked: Sequence[Upload] = ()
    """Live: it is being done."""
    later: Sequence[Upload] = ()
    """Under way: it is done as soon as they are live."""
    fresh: Sequence[Upload] = ()
    """Not begun: they are published that way."""
    cannot: Sequence[Refusal] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One operation to be planned."""

    upload: Upload
    kind: Operation
    changes: Mapping[str, Any] = field(default_factory=dict)


def captions_language(filename: str, note: str) -> str:
    """Return the language of subtitles: ``language: de`` beside them, or ``video.de.srt``.

    Raises:
        RefusedError: ``captions_language``.
    """
    key, _, value = note.strip().partition(":")
    if key.strip().casefold() == "language" and _LANGUAGE.fullmatch(value.strip()):
        return value.strip()
    parts = filename.rsplit(".", 2)
    if len(parts) == 3 and _LANGUAGE.fullmatch(parts[1]):
        return parts[1]
    raise RefusedError("captions_language")


def is_editable(option: str) -> bool:
    return option.partition(".")[0] in EDITABLE


def present(post: Post, uploads: Sequence[Upload]) -> list[Upload]:
    """Return the uploads that are live, or may become so."""
    ended = UPLOAD_FINAL - {UploadState.LIVE}
    if post.state is PostState.DRAFT:
        return []
    return [one for one in uploads if one.state not in ended and one.visibility not in ABSENT]


def named_words(wish: Wish) -> set[str]:
    given = {"title": wish.title, "description": wish.prompt, "tags": wish.tags}
    return {name for name, value in given.items() if value} & WORDS


def check_edit(wish: Wish, post: Post) -> None:
    for line, value in (
        ("to", wish.targets),
        ("at", wish.publish_at),
        ("channel", wish.channel),
        *((key, wish.options.get(key)) for key in sorted(EVERYWHERE)),
    ):
        if value:
            raise RefusedError("edit_line", line=line, post_id=post.id)
    if not named_words(wish) and not wish.options and wish.privacy is None:
        raise RefusedError("edit_empty", post_id=post.id)


def rewritten(post: Post, wish: Wish) -> PostText:
    old = words_of(post)
    return PostText(
        title=wish.title or old.title,
        description=wish.prompt or old.description,
        tags=wish.tags or old.tags,
    )


def sort_out(plans: Sequence[Plan], cannot: Sequence[Refusal]) -> Outcome:
    uploads = list({plan.upload.id: plan.upload for plan in plans}.values())
    return Outcome(
        asked=[one for one in uploads if one.state is UploadState.LIVE],
        later=[one for one in uploads if one.state is not UploadState.LIVE],
        cannot=cannot,
    )
