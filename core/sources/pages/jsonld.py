"""Videos in JSON-LD. Source: schema.org/VideoObject, 2026-11-21."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from core.sources.pages.addresses import absolute, is_stream, one_line
from core.sources.pages.links import Link, LinkKind

MOST_NODES = 100_000
_DURATION = re.compile(
    r"P(?:(\d{1,4})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,8})M)?(?:(\d{1,9}(?:[.,]\d{1,6})?)S)?)?",
    re.IGNORECASE,
)


def read_links(text: str, base: str, page: str) -> list[Link]:
    """Return the videos that a script of JSON-LD describes; what cannot be read has none."""
    try:
        document = json.loads(text.strip())
    except (ValueError, RecursionError):
        return []
    return [link for node in _nodes(document) if (link := _link(node, base, page))]


def seconds(duration: object) -> float | None:
    """Return an ISO 8601 duration, or a plain number of seconds, in seconds."""
    if isinstance(duration, (int, float)) and not isinstance(duration, bool):
        return float(duration) if 0 < duration < 1e7 else None
    if not isinstance(duration, str) or len(duration) > 40:
        return None
    found = _DURATION.fullmatch(duration.strip())
    if found is None:
        return None
    days, hours, minutes, rest = (
        float((part or "0").replace(",", ".")) for part in found.groups()
    )
    total = ((days * 24 + hours) * 60 + minutes) * 60 + rest
    return total if 0 < total < 1e7 else None


def _nodes(document: object) -> Iterator[dict[str, Any]]:
    """Yield every video in the tree, without recursion and not for ever."""
    waiting: list[object] = [document]
    for _ in range(MOST_NODES):
        if not waiting:
            return
        node = waiting.pop()
        if isinstance(node, dict):
            if _is_video(node.get("@type")):
                yield node
            waiting.extend(reversed(list(node.values())))
        elif isinstance(node, list):
            waiting.extend(reversed(node))


def _is_video(kind: object) -> bool:
    kinds = kind if isinstance(kind, list) else [kind]
    return any(isinstance(one, str) and one.rpartition("/")[2] == "VideoObject" for one in kinds)


def _link(node: dict[str, Any], base: str, page: str) -> Link | None:
    url = _address(node.get("contentUrl") or node.get("contentURL"), base)
    if not url:
        return None
    media_type = node.get("encodingFormat")
    stream = is_stream(url, media_type if isinstance(media_type, str) else "")
    name = node.get("name") or node.get("headline")
    return Link(
        url=url,
        kind=LinkKind.STREAM if stream else LinkKind.VIDEO,
        title=one_line(name) if isinstance(name, str) else "",
        duration_seconds=seconds(node.get("duration")),
        page=page,
    )


def _address(value: object, base: str) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    return absolute(base, value) if isinstance(value, str) and value.strip() else ""
