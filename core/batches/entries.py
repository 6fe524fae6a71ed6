"""One clip of a batch as it was written, with its place, and as it is meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from core.batches.findings import Finding, Severity, short

KNOWN = (
    "video_id",
    "clip_id",
    "filename",
    "path",
    "duration",
    "score",
    "aspect_ratio",
    "priority",
    "title",
    "description",
    "tags",
    "privacy",
    "platforms",
)
"""Keys with a meaning; any other one is kept for the templates."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What stands in the file."""

    number: int
    """From 1, in the order of the file."""
    line: int
    values: Mapping[str, Any]
    """Every key, those of the whole file too."""
    lines: Mapping[str, int] = field(default_factory=dict)
    """Lines of keys, where they differ from that of the entry."""

    def line_of(self, name: str) -> int:
        return self.lines.get(name, self.line)

    def finding(self, severity: Severity, key: str, name: str = "", /, **facts: Any) -> Finding:
        """Return a finding about this entry and its field ``name``."""
        return Finding(
            severity=severity,
            key=key,
            field=name,
            entry=self.number,
            line=self.line_of(name),
            facts=facts,
        )


def _none_if_blank(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


def _split(value: object) -> object:
    """Return a cell of a table that lists words as a list."""
    if isinstance(value, str):
        return [word for part in value.replace(";", ",").split(",") if (word := part.strip())]
    return [] if value is None else value


_Finite = Annotated[float, Field(allow_inf_nan=False)]
_Positive = Annotated[float, Field(allow_inf_nan=False, ge=0)]
Number = Annotated[_Finite | None, BeforeValidator(_none_if_blank)]
Length = Annotated[_Positive | None, BeforeValidator(_none_if_blank)]
Text = Annotated[str | None, BeforeValidator(_none_if_blank)]
Words = Annotated[list[str], BeforeValidator(_split), Field(max_length=500)]


class Clip(BaseModel):
    """An entry as it is meant; what else stands there is kept."""

    model_config = ConfigDict(extra="allow", frozen=True, coerce_numbers_to_str=True)

    filename: Text = None
    path: Text = None
    duration: Length = None
    score: Number = None
    priority: Number = None
    title: Text = None
    description: Text = None
    privacy: Text = None
    tags: Words = []
    platforms: Words = []


CLIP_FIELDS = frozenset(Clip.model_fields)


def read_clip(entry: Entry) -> tuple[Clip | None, list[Finding]]:
    """Return what an entry means, or what is wrong with its values."""
    meant = {key: value for key, value in entry.values.items() if key in CLIP_FIELDS}
    try:
        return Clip.model_validate(meant), []
    except ValidationError as error:
        return None, list(_bad_values(entry, error))


def _bad_values(entry: Entry, error: ValidationError) -> Iterator[Finding]:
    for item in error.errors(include_url=False, include_context=False):
        name = str(item["loc"][0]) if item["loc"] else ""
        given = short(entry.values.get(name))
        yield entry.finding(Severity.BLOCK, "bad_value", name, given=given, why=item["msg"])
