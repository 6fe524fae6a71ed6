"""Videos in RSS and Atom feeds: enclosures and media:content."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import feedparser

from core.sources.pages.addresses import absolute, is_stream, is_video, one_line
from core.sources.pages.jsonld import seconds
from core.sources.pages.links import Link, LinkKind, Reading


def read_feed(text: str, url: str) -> Reading:
    """Return what a feed says. The text has no entities of its own, see ``documents.py``."""
    parsed: Any = feedparser.parse(
        text.encode(),
        response_headers={
            "content-type": "application/xml; charset=utf-8",
            "content-location": url,
        },
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    feed = parsed.feed
    links = [link for entry in parsed.entries for link in _entry(entry, url)]
    onward = [
        absolute(url, str(link.get("href", "")))
        for link in feed.get("links", [])
        if link.get("rel") == "next"
    ]
    return Reading(
        links=links,
        following=[address for address in onward if address],
        title=one_line(str(feed.get("title", ""))),
    )


def _entry(entry: Mapping[str, Any], url: str) -> Iterator[Link]:
    title = one_line(str(entry.get("title", "")))
    whole = seconds(_number(entry.get("itunes_duration")))
    for item in _media(entry):
        address = absolute(url, str(item.get("url") or item.get("href") or ""))
        kind = str(item.get("type", ""))
        if not address:
            continue
        stream = is_stream(address, kind)
        if not stream and not is_video(address, kind) and item.get("medium") != "video":
            continue
        yield Link(
            url=address,
            kind=LinkKind.STREAM if stream else LinkKind.VIDEO,
            title=title,
            duration_seconds=seconds(_number(item.get("duration"))) or whole,
            page=url,
        )


def _media(entry: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield what is attached to an entry; a link to the entry itself may be a video too."""
    yield from entry.get("media_content", [])
    yield from entry.get("enclosures", [])
    yield from (link for link in entry.get("links", []) if link.get("rel") == "alternate")


def _number(value: object) -> float | None:
    """Read seconds, ``MM:SS`` or ``HH:MM:SS``."""
    parts = str(value or "").strip().split(":")[:3]
    total = 0.0
    for part in parts:
        try:
            total = total * 60 + float(part)
        except ValueError:
            return None
    return total or None
