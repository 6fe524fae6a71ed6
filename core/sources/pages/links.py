"""What is found on pages: links to videos, and what was in the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from core.errors import KarvonError


class LinkKind(StrEnum):
    """What a link leads to."""

    VIDEO = "video"
    """A file that can be fetched."""
    STREAM = "stream"
    """A manifest of HLS or DASH: noted, never fetched, as it is no file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One video as a page tells of it; empty and None mean that it does not tell."""

    url: str
    """Absolute, without a fragment."""
    kind: LinkKind = LinkKind.VIDEO
    title: str = ""
    """One line."""
    size_bytes: int | None = None
    duration_seconds: float | None = None
    version: str = ""
    """ETag or time of change, as the server of the file tells."""
    trouble: str = ""
    """Why it is not offered, as the key of a finding; empty for none."""
    page: str = ""
    """Where it was found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFinding:
    """Something that was in the way; ``key`` names its sentence in ``scrape_finding_KEY``."""

    key: str
    url: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


class PageError(KarvonError):
    """A page cannot be read; says why as a finding."""

    def __init__(self, key: str, url: str = "", **facts: Any) -> None:
        super().__init__(f"{key}: {facts}" if facts else key)
        self.finding = PageFinding(key=key, url=url, facts=facts)


@dataclass(slots=True)
class Reading:
    """What one document says: its links, where it goes on, and what was wrong with it."""

    links: list[Link] = field(default_factory=list)
    following: list[str] = field(default_factory=list)
    """Further pages in order, absolute; whether they are followed is decided by the reader."""
    title: str = ""
    findings: list[PageFinding] = field(default_factory=list)
