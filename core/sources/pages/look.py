"""A look at a page, its links, and how its pull stands: values, and how rows become them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from core.sources.pages.links import Link, LinkKind, PageFinding
from core.store.base import Row


class LookState(StrEnum):
    """Where a look stands."""

    READING = "reading"
    OPEN = "open"
    """It waits for a person to choose."""
    PULLING = "pulling"
    CANCELLING = "cancelling"
    DONE = "done"
    CANCELLED = "cancelled"
    LEFT = "left"
    """A person wants nothing of it."""
    FAILED = "failed"


WORKING = frozenset({LookState.READING, LookState.PULLING, LookState.CANCELLING})
"""States in which a task moves it on."""


class PullMode(StrEnum):
    """How the videos of a pull follow each other."""

    PARALLEL = "parallel"
    SEQUENTIAL = "sequential"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look at a page."""

    id: int
    chat_id: int
    """0 when it was not asked for in a chat."""
    user_id: int
    message_id: int
    url: str
    caption: str
    """What the videos get besides their titles, with the lines that a caption has."""
    state: LookState
    mode: PullMode
    smallest_first: bool
    title: str
    pages: int
    findings: tuple[PageFinding, ...]
    note: str
    """Why it ended early, as the key of a sentence."""
    note_facts: Mapping[str, Any]
    shown_page: int
    menu: str
    """Which buttons are shown: empty for the usual ones, ``size`` or ``match``."""
    generation: int
    created_at: float
    started_at: float | None
    finished_at: float | None

    @property
    def board(self) -> str:
        return f"look:{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of a link already."""

    identity: str
    is_seen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundLink:
    """One link of a look."""

    number: int
    link: Link
    identity: str
    """What the ledger knows it by."""
    is_seen: bool
    """It was taken earlier."""
    is_picked: bool = False
    outcome: str = ""
    """Empty, ``accepted``, ``taken`` (it is there already), ``refused`` or ``left``."""
    note: str = ""
    post_id: int | None = None

    @property
    def is_offered(self) -> bool:
        return self.link.kind is LinkKind.VIDEO and not self.link.trouble


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How a pull stands; each link is counted in one of them."""

    waiting: int = 0
    """Not given to the intake yet."""
    running: int = 0
    live: int = 0
    partly: int = 0
    there: int = 0
    """Published already, by address or by content."""
    failed: int = 0
    cancelled: int = 0
    refused: int = 0
    left: int = 0
    asking: int = 0
    """Uploads that wait for a person; their links are counted above."""
    size_bytes: int = 0
    """Of what is picked, as far as it is known."""
    fetched_bytes: int = 0
    upload_bytes: int = 0
    """Of all uploads, as far as it is known."""
    sent_bytes: int = 0

    @property
    def links(self) -> int:
        return self.waiting + self.running + self.ended

    @property
    def ended(self) -> int:
        done = self.live + self.partly + self.there
        return done + self.failed + self.cancelled + self.refused + self.left


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody wants looked at."""

    url: str
    caption: str
    mode: PullMode
    smallest_first: bool
    chat_id: int = 0
    user_id: int = 0
    message_id: int = 0


def offered(links: Iterable[FoundLink]) -> list[FoundLink]:
    return [one for one in links if one.is_offered]


def read_link(row: Row) -> FoundLink:
    return FoundLink(
        number=row["number"],
        link=Link(
            url=row["url"],
            kind=LinkKind(row["kind"]),
            title=row["title"],
            size_bytes=row["size_bytes"],
            duration_seconds=row["duration_seconds"],
            version=row["version"],
            trouble=row["trouble"],
            page=row["page"],
        ),
        identity=row["identity"],
        is_seen=bool(row["is_seen"]),
        is_picked=bool(row["is_picked"]),
        outcome=row["outcome"],
        note=row["note"],
        post_id=row["post_id"],
    )


def read_look(row: Row) -> Look:
    return Look(
        id=row["id"],
        chat_id=row["chat_id"],
        user_id=row["user_id"],
        message_id=row["message_id"],
        url=row["url"],
        caption=row["caption"],
        state=LookState(row["state"]),
        mode=PullMode(row["mode"]),
        smallest_first=bool(row["smallest_first"]),
        title=row["title"],
        pages=row["pages"],
        findings=tuple(PageFinding(**one) for one in json.loads(row["findings"])),
        note=row["note"],
        note_facts=json.loads(row["note_facts"]),
        shown_page=row["shown_page"],
        menu=row["menu"],
        generation=row["generation"],
        created_at=row["created_at"],
        started_at=row["started_at"],
        finished_at=row["finished_at"],
    )
