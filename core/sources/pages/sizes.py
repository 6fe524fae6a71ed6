"""How large the videos behind links are: asked from their servers, within the pace and a time."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from core.sources.pages.addresses import bare_type, is_stream
from core.sources.pages.fetching import Answer, Fetcher
from core.sources.pages.links import Link, LinkKind, PageError
from utils.clock import Clock

AT_ONCE = 16
_TOTAL = re.compile(r"bytes (?:\d+-\d+|\*)/(\d{1,18})")
_TROUBLES = {401: "link_forbidden", 403: "link_forbidden", 404: "link_gone", 410: "link_gone"}
_REFUSED = frozenset({"page_private", "page_bad_url", "page_redirects", "page_gone"})
"""Findings after which a link is not offered; what is only slow or busy now stays."""


async def measure(
    links: Sequence[Link], fetcher: Fetcher, clock: Clock, *, seconds: float
) -> list[Link]:
    """Return the links with size and version where the server tells; the first come first.

    What is not known after that many seconds stays so.
    """
    deadline = clock.monotonic() + seconds
    known = list(links)

    wanted = iter([number for number, link in enumerate(links) if is_open(link)])

    async def ask() -> None:
        while clock.monotonic() < deadline and (number := next(wanted, None)) is not None:
            known[number] = await _ask(known[number], fetcher)

    async with asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            _ = group.create_task(ask())
    return known


def is_open(link: Link) -> bool:
    """Return whether a link is a file of which the size is not known yet."""
    return link.kind is LinkKind.VIDEO and not link.trouble and link.size_bytes is None


async def _ask(link: Link, fetcher: Fetcher) -> Link:
    try:
        answer = await fetcher.head(link.url)
    except PageError as error:
        key = error.finding.key
        return replace(link, trouble=key) if key in _REFUSED else link
    return learned(link, answer)


def learned(link: Link, answer: Answer) -> Link:
    """Return a link with what the head of its answer tells."""
    if answer.status >= 400:
        return replace(link, trouble=_TROUBLES.get(answer.status, ""))
    kind = bare_type(answer.headers.get("content-type", ""))
    if is_stream("", kind):
        return replace(link, kind=LinkKind.STREAM)
    if kind.startswith(("text/html", "application/xhtml")):
        return replace(link, trouble="link_page")
    size = _size(answer.status, answer.headers)
    return replace(
        link,
        size_bytes=size,
        version=(answer.headers.get("etag") or answer.headers.get("last-modified") or "")[:200],
        trouble="link_empty" if size == 0 else "",
    )


def _size(status: int, headers: Mapping[str, str]) -> int | None:
    if status == 206:
        total = _TOTAL.fullmatch(headers.get("content-range", "").strip())
        return int(total[1]) if total else None
    length = headers.get("content-length", "")
    return int(length[:18]) if length.isascii() and length.isdigit() else None
