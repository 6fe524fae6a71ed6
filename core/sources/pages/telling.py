"""What the chat is told of a look, as facts; the words are the chat's.

``scrape_reading``: ``{look_id, host, pages, links}``; ``scrape_failed``: ``{look_id, host,
finding}``; ``scrape_list``: see `list_facts`; ``pull_card``: see `pull_facts`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from core.sources.pages.addresses import host_of
from core.sources.pages.links import LinkKind, PageFinding
from core.sources.pages.look import FoundLink, Look, Tally, offered

READING = "scrape_reading"
LIST = "scrape_list"
FAILED = "scrape_failed"
LEFT = "scrape_left"
PULL = "pull_card"

A_PAGE = 8
MIB = 1024 * 1024
STEPS = (10 * MIB, 50 * MIB, 200 * MIB, 1024 * MIB)
"""Sizes that are offered as a limit."""
FINDINGS_SHOWN = 4
REFUSALS_SHOWN = 3


def reading_facts(look: Look, pages: int, links: int) -> dict[str, Any]:
    return {"look_id": look.id, "host": host_of(look.url), "pages": pages, "links": links}


def failed_facts(look: Look, finding: PageFinding) -> dict[str, Any]:
    return {"look_id": look.id, "host": host_of(look.url), "finding": asdict(finding)}


def list_facts(look: Look, links: Sequence[FoundLink]) -> dict[str, Any]:
    """Return one page of a list and what is picked.

    ``{look_id, host, title, pages, total, new, streams, broken, picked, picked_bytes,
    picked_unknown, page, page_count, rows: [{number, title, size_bytes, duration_seconds, is_seen,
    is_picked}], sizes: [{limit_bytes, count}], mode, menu, findings: [{key, facts, count}]}``
    """
    shown = offered(links)
    picked = [one for one in shown if one.is_picked]
    page_count = max(1, -(-len(shown) // A_PAGE))
    page = min(max(look.shown_page, 0), page_count - 1)
    return {
        "look_id": look.id,
        "host": host_of(look.url),
        "title": look.title,
        "pages": look.pages,
        "total": len(shown),
        "new": sum(not one.is_seen for one in shown),
        "streams": sum(one.link.kind is LinkKind.STREAM for one in links),
        "broken": sum(bool(one.link.trouble) for one in links),
        "picked": len(picked),
        "picked_bytes": sum(one.link.size_bytes or 0 for one in picked),
        "picked_unknown": sum(one.link.size_bytes is None for one in picked),
        "page": page,
        "page_count": page_count,
        "rows": [_row(one) for one in shown[page * A_PAGE : (page + 1) * A_PAGE]],
        "sizes": _steps(shown),
        "mode": look.mode.value,
        "menu": look.menu,
        "findings": _findings(look.findings),
    }


def pull_facts(look: Look, tally: Tally, refused: Sequence[FoundLink] = ()) -> dict[str, Any]:
    """Return how a pull stands: all of `Tally`, its sums, and what was refused.

    Besides them ``{look_id, host, mode, state, note, note_facts, refusals: [{title, note}]}``.
    """
    return {
        **asdict(tally),
        "links": tally.links,
        "ended": tally.ended,
        "look_id": look.id,
        "host": host_of(look.url),
        "mode": look.mode.value,
        "state": look.state.value,
        "note": look.note,
        "note_facts": dict(look.note_facts),
        "refusals": [
            {"title": one.link.title, "note": one.note} for one in refused[:REFUSALS_SHOWN]
        ],
    }


def _row(found: FoundLink) -> dict[str, Any]:
    return {
        "number": found.number,
        "title": found.link.title,
        "size_bytes": found.link.size_bytes,
        "duration_seconds": found.link.duration_seconds,
        "is_seen": found.is_seen,
        "is_picked": found.is_picked,
    }


def _steps(shown: Sequence[FoundLink]) -> list[dict[str, int]]:
    """Return the limits that make a difference, each with how many new videos are below it."""
    sizes = [one.link.size_bytes for one in shown if not one.is_seen]
    known = [size for size in sizes if size is not None]
    counts = {limit: sum(size <= limit for size in known) for limit in STEPS}
    steps: list[dict[str, int]] = []
    for limit, count in counts.items():
        if count and count != (steps[-1]["count"] if steps else 0):
            steps.append({"limit_bytes": limit, "count": count})
    return steps


def _findings(findings: Sequence[PageFinding]) -> list[dict[str, Any]]:
    counts = Counter(one.key for one in findings)
    firsts = {one.key: one for one in reversed(findings)}
    return [
        {"key": key, "facts": {"url": firsts[key].url, **firsts[key].facts}, "count": count}
        for key, count in counts.most_common(FINDINGS_SHOWN)
    ]
