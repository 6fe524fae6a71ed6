"""``karvon scrape URL``: find the videos that a page, a feed or a sitemap leads to.

With ``--json`` it ends with one object: ``{"url", "title", "pages", "links": [{"number", "url",
"kind": "video" | "stream", "title", "size_bytes", "duration_seconds", "seen", "trouble", "page"}],
"findings": [{"key", "url", "facts", "message"}]}``. What a page does not tell is null or empty;
``seen`` says that it was published or pulled before, ``trouble`` why it is not offered.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Iterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

from tqdm import tqdm

from bot.commands.run import require_alone
from bot.commands.send import explain_refusal
from bot.control import Answer, ask_running
from core.errors import KarvonError
from core.settings import Settings, load_settings
from utils.log import set_up_log


def run(args: argparse.Namespace) -> int:
    settings = load_settings(config=Path(args.config) if args.config else None)
    return asyncio.run(_scrape(settings, args.url, as_json=args.json))


async def _scrape(settings: Settings, url: str, *, as_json: bool) -> int:
    heard = Heard(hidden=as_json or not sys.stderr.isatty())
    request = {"command": "scrape", "url": url}
    try:
        if await ask_running(settings, request, heard.take) is None:
            require_alone(settings)
            set_up_log(settings.data_dir / "logs", debug=settings.debug, console=False)
            await _alone(settings, request, heard)
    finally:
        heard.close()
    document = heard.document()
    if as_json:
        sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")
    else:
        for line in tell(document):
            sys.stdout.write(f"{line}\n")
    return 0


async def _alone(settings: Settings, request: dict[str, Any], heard: Heard) -> None:
    """No Karvon runs: look from here; nothing that waits is begun by it."""
    from bot.app import App
    from bot.pulling import scrape

    async with (
        App(settings, chat=False) as app,
        aclosing(scrape(app.parts, request)) as answers,
    ):
        async for answer in answers:
            await heard.take(answer)


class Heard:
    """What was answered so far, with a bar that counts pages."""

    def __init__(self, *, hidden: bool) -> None:
        self._bar = None if hidden else page_bar()
        self._links: list[dict[str, Any]] = []
        self._last: Answer = {}

    async def take(self, answer: Answer) -> None:
        self._links += answer.get("found", [])
        self._last = answer
        if self._bar is not None and "pages" in answer:
            show_pages(self._bar, answer)

    def document(self) -> dict[str, Any]:
        """Return what was found.

        Raises:
            KarvonError: the page cannot be read.
        """
        if "look" not in self._last:
            raise KarvonError(explain_refusal(self._last))
        look: dict[str, Any] = dict(self._last["look"])
        findings = look.pop("findings")
        return {**look, "links": self._links, "findings": findings}

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()


def page_bar() -> tqdm[Any]:
    return tqdm(desc="pages", unit="page", leave=False)


def show_pages(bar: tqdm[Any], answer: Answer) -> None:
    bar.n = answer["pages"]
    bar.set_postfix_str(f"{answer['links']} links")


def tell(document: dict[str, Any]) -> Iterator[str]:
    """Yield what was found, a line for each link."""
    offered = [one for one in document["links"] if not one["trouble"] and one["kind"] == "video"]
    new = sum(not one["seen"] for one in offered)
    yield f"{document['url']}: {len(offered)} videos, {new} new, {document['pages']} pages read"
    for one in document["links"]:
        marks = [_size(one["size_bytes"]), *(["taken before"] if one["seen"] else [])]
        marks += ["stream, left out"] if one["kind"] == "stream" else []
        marks += [one["trouble"].replace("_", " ")] if one["trouble"] else []
        yield f"{one['number']:5}  {one['title']}  ({', '.join(marks)})  {one['url']}"
    for finding in document["findings"]:
        yield f"note: {finding['message']}"


def _size(count: int | None) -> str:
    from bot.chat.texts import human

    return human.size(count) if count is not None else "size unknown"
