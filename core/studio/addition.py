"""Something that a person adds to the library, from `/add` until it is an asset, as a value."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict

from core.sources.registry import RIGHTS_MINE
from core.store.base import Row
from core.studio.assets import NewAsset, Rights
from core.studio.credits import wants_credit
from core.studio.mashup import AssetKind


class AdditionState(StrEnum):
    """Where an addition stands."""

    ASKING = "asking"
    FETCHING = "fetching"
    """A task fetches its file and puts it into the library."""
    ADDED = "added"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Question(StrEnum):
    """What is asked before a file is taken."""

    KIND = "kind"
    RIGHTS = "rights"
    LICENCE = "licence"
    ATTRIBUTION = "attribution"


class Answers(BaseModel):
    """What was said of a file so far."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    kind: AssetKind | None = None
    name: str = ""
    tags: tuple[str, ...] = ()
    mood: str = ""
    platform: str = ""
    category: str = ""
    licence: str = ""
    origin: str = ""
    attribution: str = ""
    rights: Rights = ""
    is_unnamed: bool = False
    """A person said that nobody has to be named."""

    @property
    def question(self) -> Question | None:
        """Return what has to be asked next, None when all is said."""
        if self.kind is None:
            return Question.KIND
        if not self.rights:
            return Question.RIGHTS
        if self.rights == "mine":
            return None
        if not self.licence:
            return Question.LICENCE
        if self.attribution or self.is_unnamed or not wants_credit(self.licence):
            return None
        return Question.ATTRIBUTION

    def wanted(self) -> NewAsset:
        """Return what the library is told.

        Raises:
            AssertionError: the kind was not asked yet.
        """
        if self.kind is None:
            raise AssertionError("nothing is fetched before its kind is known")
        return NewAsset(
            kind=self.kind,
            name=self.name,
            tags=frozenset(self.tags),
            platform=self.platform,
            mood=self.mood,
            category=self.category,
            licence=self.licence,
            origin=self.origin,
            attribution=self.attribution,
            rights=self.rights,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """A file that somebody wants in the library, and what they said of it."""

    source: Mapping[str, Any]
    """As ``Post.source``, see ``core/sources/base.py``."""
    filename: str
    """Without folders; its ending says what it is."""
    answers: Answers
    chat_id: int
    user_id: int
    message_id: int
    size_bytes: int | None = None
    album: str = ""
    """The album that it came in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """One addition."""

    id: int
    brought: Brought
    state: AdditionState
    tries: int
    """Failures in a row that may pass."""
    asset_id: int | None
    is_new: bool
    note: str
    """Why it waits or failed: ``source_<key>``, ``studio_<key>`` or a key of its own."""
    note_facts: Mapping[str, Any] = field(default_factory=dict)
    generation: int
    created_at: float
    stored_answers: str

    @property
    def answers(self) -> Answers:
        return self.brought.answers

    @property
    def board(self) -> str:
        return f"addition:{self.id}"

    @property
    def source(self) -> dict[str, Any]:
        """Return where the file is fetched from, with what was said of its rights.

        Who has stated them may also have the file read that a page plays.
        """
        source = dict(self.brought.source)
        if source.get("kind") == "http" and self.answers.rights:
            source["rights"] = RIGHTS_MINE
        return source


def read_addition(row: Row) -> Addition:
    brought = Brought(
        source=json.loads(row["source"]),
        filename=row["filename"],
        answers=Answers.model_validate_json(row["answers"]),
        chat_id=row["chat_id"],
        user_id=row["user_id"],
        message_id=row["message_id"],
        size_bytes=row["size_bytes"],
        album=row["album"],
    )
    return Addition(
        id=row["id"],
        brought=brought,
        state=AdditionState(row["state"]),
        tries=row["tries"],
        asset_id=row["asset_id"],
        is_new=bool(row["is_new"]),
        note=row["note"],
        note_facts=json.loads(row["note_facts"]),
        generation=row["generation"],
        created_at=row["created_at"],
        stored_answers=row["answers"],
    )
