"""TikTok's rules about posts, chunks and media, as functions without state."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from utils.sandbox.probe import MediaFacts

PUBLIC_OPTIONS = ("PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY")
PRIVATE_OPTIONS = ("FOLLOWER_OF_CREATOR", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY")
MEDIA_TYPES = frozenset({"video/mp4", "video/quicktime", "video/webm"})
VIDEO_CODECS = frozenset({"h264", "hevc", "vp8", "vp9"})
TITLE_UNITS = 2200
MAX_SECONDS = 600.0
MAX_FILE_BYTES = 4 * 1024**3
MAX_CHUNKS = 1000
SCOPES = frozenset(
    {
        "user.info.basic",
        "user.info.profile",
        "user.info.stats",
        "video.list",
        "video.upload",
        "video.publish",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Megabytes:
    """One reading of the guide's "MB"."""

    least: int
    """Smallest chunk of a file that has more than one."""
    most: int
    """Largest chunk, and largest file in one chunk."""


READINGS = {
    "strict": Megabytes(least=5_242_880, most=64_000_000),
    "decimal": Megabytes(least=5_000_000, most=64_000_000),
    "binary": Megabytes(least=5_242_880, most=67_108_864),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How a file is cut: all chunks alike, the rest with the last."""

    size: int
    chunk: int
    count: int

    def fault(self, unit: Megabytes) -> str | None:
        """Return which rule the plan breaks, or None."""
        whole = self.chunk == self.size
        rules = (
            (self.size > MAX_FILE_BYTES, "video_size is above 4 GB"),
            (self.count != self.size // self.chunk, "total_chunk_count is not the floor"),
            (self.count > MAX_CHUNKS, "more than 1000 chunks"),
            (self.size < unit.least and not whole, "a small file is one chunk of its size"),
            (self.chunk < unit.least and not whole, "chunk_size is below 5 MB"),
            (self.chunk > unit.most, "chunk_size is above 64 MB"),
            (self.size > unit.most and self.count == 1, "a file above 64 MB needs more chunks"),
            (self.last > 2 * unit.most, "the last chunk is above 128 MB"),
        )
        return next((message for broken, message in rules if broken), None)

    @property
    def last(self) -> int:
        return self.size - self.chunk * (self.count - 1)

    def length_at(self, received: int) -> int:
        """Return how many bytes the chunk at this place has."""
        index = received // self.chunk
        return self.last if index >= self.count - 1 else self.chunk


def read_plan(source: dict[str, Any]) -> Plan | None:
    """Return the plan of a source_info, or None when a number is missing or not above 0."""
    numbers = [source.get(name) for name in ("video_size", "chunk_size", "total_chunk_count")]
    if not all(isinstance(n, int) and not isinstance(n, bool) and n > 0 for n in numbers):
        return None
    size, chunk, count = (int(n) for n in numbers if n is not None)
    return Plan(size=size, chunk=chunk, count=count)


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """A Content-Range as it is written, with both ends included."""

    first: int
    last: int
    total: int

    @property
    def length(self) -> int:
        return self.last - self.first + 1


_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")


def read_range(header: str) -> Range | None:
    """Return the range of a Content-Range header, or None when it is malformed."""
    match = _RANGE.fullmatch(header.strip())
    if match is None:
        return None
    first, last, total = map(int, match.groups())
    return Range(first=first, last=last, total=total) if first <= last < total else None


def utf16_units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def is_pullable(url: str, prefixes: list[str]) -> bool:
    """Tell whether an address lies under a verified prefix, as the real check demands.

    A prefix that itself is loopback http counts, since a sandbox has no domain to verify.
    """
    under = any(url.startswith(prefix) for prefix in prefixes)
    parts = urlsplit(url)
    loopback = parts.hostname in {"127.0.0.1", "localhost"}
    return under and (parts.scheme == "https" or loopback)


def media_fault(facts: MediaFacts | None, longest_seconds: float) -> str | None:
    """Return the fail_reason of a received file, or None when it may be posted."""
    if facts is None:
        return None
    readable = facts.is_readable and (facts.is_mp4_family or facts.is_webm)
    sides = (facts.width, facts.height)
    rules = (
        (not readable or facts.video_codec not in VIDEO_CODECS, "file_format_check_failed"),
        (facts.duration_seconds > min(MAX_SECONDS, longest_seconds), "duration_check_failed"),
        (not 23 <= facts.fps <= 60, "frame_rate_check_failed"),
        (min(sides) < 360 or max(sides) > 4096, "picture_size_check_failed"),
    )
    return next((reason for broken, reason in rules if broken), None)
