"""The publisher configuration: where clips go, with which words, and how stubbornly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from core.batches.cursor import Cursor, JsonError, read_tree
from core.batches.findings import Finding, Severity, short
from core.batches.listing import UnreadableError, decode
from core.posts.models import Privacy, Wish

PRIVACY_WORDS = {
    "public_to_everyone": Privacy.PUBLIC,
    "everyone": Privacy.PUBLIC,
    "follower_of_creator": Privacy.FOLLOWERS,
    "mutual_follow_friends": Privacy.FRIENDS,
    "self_only": Privacy.PRIVATE,
}
"""TikTok's own words, which other programs write. Source: direct-post reference, 2026-08-24."""
MARKS = frozenset({"platforms", "metadata", "upload_options"})
"""A document with one of these and without clips is a publisher configuration."""


def read_privacy(word: str) -> Privacy | None:
    """Return what a word means; None when it means nothing."""
    folded = word.strip().casefold()
    if folded in PRIVACY_WORDS:
        return PRIVACY_WORDS[folded]
    return Privacy(folded) if folded in set(Privacy) else None


class Part(BaseModel):
    """A part of the configuration; keys without a meaning are kept."""

    model_config = ConfigDict(extra="allow", frozen=True)


class Metadata(Part):
    """The words; templates take every field of a clip."""

    title_template: str | None = None
    description_template: str | None = None
    privacy: str | None = None
    tags: list[str] = Field(default=[], max_length=500)

    @field_validator("privacy")
    @classmethod
    def _known(cls, value: str | None) -> str | None:
        if value and read_privacy(value) is None:
            raise ValueError(f"is none of {', '.join(Privacy)}")
        return value


class UploadOptions(Part):
    """How an upload is sent."""

    auto_retry: bool = True
    max_retries: int | None = Field(None, ge=0, le=100)
    chunk_size: int | None = Field(None, ge=1, le=10**12)

    def wishes(self) -> dict[str, str]:
        """Return the options of a wish that carry this to the workers."""
        wishes = {}
        retries = self.max_retries if self.auto_retry else 0
        if retries is not None:
            wishes["max_retries"] = str(retries)
        if self.chunk_size is not None:
            wishes["part_bytes"] = str(self.chunk_size)
        return wishes


class Publisher(Part):
    """All of it; everything may be missing."""

    platforms: list[str] = Field(default=[], max_length=200)
    metadata: Metadata = Metadata()
    upload_options: UploadOptions = UploadOptions()
    options: dict[str, str] = {}
    """Options of ``core/posts/options.py``, from caption lines."""

    def extras(self) -> dict[str, Any]:
        """Return the keys without a meaning, which templates may use too."""
        return {**(self.model_extra or {}), **(self.metadata.model_extra or {})}


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """A configuration, where its fields stand, and what is wrong in it."""

    publisher: Publisher = field(default_factory=Publisher)
    lines: Mapping[str, int] = field(default_factory=dict)
    found: tuple[Finding, ...] = ()

    def finding(
        self, key: str, name: str, severity: Severity = Severity.BLOCK, /, **facts: Any
    ) -> Finding:
        """Return a finding about a field of the configuration."""
        return Finding(
            severity=severity, key=key, field=name, line=self.lines.get(name), facts=facts
        )


def is_publisher(data: bytes) -> bool:
    """Return whether a JSON document is a configuration and no list of clips."""
    try:
        keys = set(_document(data)[0])
    except (UnreadableError, JsonError):
        return False
    return "clips" not in keys and bool(keys & MARKS)


def read_publisher(data: bytes) -> Config:
    """Return the configuration of a JSON document, with all that is wrong in it."""
    try:
        values, lines = _document(data)
    except UnreadableError as error:
        return Config(found=(error.finding,))
    except JsonError as error:
        facts = {"why": error.why, "column": error.column}
        bad = Finding(severity=Severity.BLOCK, key="bad_config", line=error.line, facts=facts)
        return Config(found=(bad,))
    values.pop("options", None)
    try:
        return Config(publisher=Publisher.model_validate(values, strict=True), lines=lines)
    except ValidationError as error:
        return Config(lines=lines, found=tuple(_bad_values(error, lines)))


def _document(data: bytes) -> tuple[dict[str, Any], dict[str, int]]:
    cursor = Cursor(decode(data))
    values, lines = read_tree(cursor)
    cursor.end()
    return values, lines


def _bad_values(error: ValidationError, lines: Mapping[str, int]) -> Iterator[Finding]:
    for item in error.errors(include_url=False, include_context=False):
        place = [str(part) for part in item["loc"]]
        line = next(
            (lines[name] for end in (2, 1) if (name := ".".join(place[:end])) in lines), None
        )
        yield Finding(
            severity=Severity.BLOCK,
            key="bad_value",
            field=".".join(place),
            line=line,
            facts={
                "given": short(item["input"]),
                "why": item["msg"].removeprefix("Value error, "),
            },
        )


def from_wish(wish: Wish) -> Config:
    """Return the configuration that the lines of a caption stand for."""
    return Config(
        publisher=Publisher(
            platforms=list(wish.targets),
            metadata=Metadata(
                title_template=wish.title or None,
                description_template=wish.prompt or None,
                privacy=wish.privacy.value if wish.privacy else None,
                tags=list(wish.tags),
            ),
            options=dict(wish.options),
        )
    )
