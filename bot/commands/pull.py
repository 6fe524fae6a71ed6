"""``karvon pull URL --to …``: publish the videos that a page, a feed or a sitemap leads to.

Interrupted, the same command goes on where it was; run again later, it takes only what is new.

With ``--json`` it ends with one object: ``{"url", "look_id", "state", "mode", "links", "live",
"partly", "there", "failed", "refused", "cancelled", "left", "waiting", "running", "asking",
"size_bytes", "fetched_bytes", "upload_bytes", "sent_bytes", "wall_seconds", "items": [{"number",
"url", "title", "outcome", "note", "post_id", "state", "uploads"}]}``; uploads are those of
``karvon send --json``.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Iterator
from contextlib import aclosing
from datetime import datetime
from pathlib import Path
from typing import Any

from tqdm import tqdm

from bot.commands.run import require_alone
from bot.commands.scrape import page_bar, show_pages
from bot.commands.send import explain_refusal
from bot.commands.summary import end_summary, run_start
from bot.control import Answer, ask_running
from core.errors import KarvonError
from core.settings import Settings, load_settings
from utils.log import set_up_log

COUNTS = ("live", "partly", "there", "running", "waiting", "failed", "refused", "cancelled")


def run(args: argparse.Namespace) -> int:
    settings = load_settings(config=Path(args.config) if args.config else None)
    lines = [args.caption, f"to: {args.to}" if args.to else ""]
    request = {
        "command": "pull",
        "url": args.url,
        "caption": "\n".join(line for line in lines if line),
        "all": args.all,
        "match": args.match,
        "max_size": args.max_size,
        "limit": args.limit,
        "mode": args.mode,
    }
    return asyncio.run(_pull(settings, request, as_json=args.json))


async def _pull(settings: Settings, request: dict[str, Any], *, as_json: bool) -> int:
    heard = Heard(hidden=as_json or not sys.stderr.isatty())
    since = run_start()
    told: list[str] = []
    try:
        if await ask_running(settings, request, heard.take) is None:
            require_alone(settings)
            set_up_log(settings.data_dir / "logs", debug=settings.debug, console=False)
            told = await _alone(settings, request, heard, since)
        elif heard.has_pulled and not as_json:
            told = await end_summary(settings, since)
    finally:
        heard.close()
    document = heard.document()
    if as_json:
        sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")
    else:
        for line in [*tell(document), *told]:
            sys.stdout.write(f"{line}\n")
    is_good = document["live"] + document["there"] == document["links"]
    return 0 if is_good else 1


async def _alone(
    settings: Settings, request: dict[str, Any], heard: Heard, since: datetime
) -> list[str]:
    """No Karvon runs: take the lock and do the work here; returns the summary of the run."""
    from bot.app import App
    from bot.pulling import pull

    stop = asyncio.Event()
    async with App(settings, chat=False) as app, asyncio.TaskGroup() as group:
        work = group.create_task(app.work(stop))
        try:
            async with aclosing(pull(app.parts, request)) as answers:
                async for answer in answers:
                    await heard.take(answer)
            return await end_summary(settings, since, parts=app.parts) if heard.has_pulled else []
        finally:
            stop.set()
            await asyncio.wait([work])


class Heard:
    """What was answered so far, with bars that show positions and so are right after a resume."""

    def __init__(self, *, hidden: bool) -> None:
        self._hidden = hidden
        self._bars: dict[str, tqdm[Any]] = {}
        self._items: list[dict[str, Any]] = []
        self._last: Answer = {}
        self.has_pulled = False

    async def take(self, answer: Answer) -> None:
        self._items += answer.get("items", [])
        self.has_pulled |= "pull" in answer
        self._last = answer
        if not self._hidden:
            self.show(answer)

    def show(self, answer: Answer) -> None:
        """Set the bars to where things stand."""
        if "pages" in answer:
            bar = self._bars.get("pages") or page_bar()
            self._bars["pages"] = bar
            show_pages(bar, answer)
        if "pull" in answer:
            self._drop("pages")
            facts = answer["pull"]
            self._bar("videos", facts["ended"], facts["links"], "video").set_postfix_str(
                ", ".join(f"{facts[name]} {name}" for name in COUNTS if facts[name])
            )
            fetched = facts["fetched_bytes"]
            self._bar("fetched", fetched, max(fetched, facts["size_bytes"]), "B")
            sent = facts["sent_bytes"]
            self._bar("sent", sent, max(sent, facts["upload_bytes"]), "B")

    def _bar(self, name: str, done: int, total: int, unit: str) -> tqdm[Any]:
        bar = self._bars.get(name)
        if bar is None:
            # What was done in an earlier run is no speed of this one.
            bar = tqdm(
                desc=name,
                unit=unit,
                unit_scale=unit == "B",
                initial=done,
                total=total,
                position=len(self._bars),
            )
            self._bars[name] = bar
        bar.total = total
        bar.n = done
        bar.refresh()
        return bar

    def _drop(self, name: str) -> None:
        bar = self._bars.pop(name, None)
        if bar is not None:
            bar.close()

    def document(self) -> dict[str, Any]:
        """Return how it ended.

        Raises:
            KarvonError: it was refused.
        """
        if "end" not in self._last:
            raise KarvonError(explain_refusal(self._last))
        end: dict[str, Any] = dict(self._last["end"])
        if end["note"]:
            end["message"] = explain_refusal({"key": end["note"], "facts": end["note_facts"]})
        return {**end, "items": self._items}

    def close(self) -> None:
        for bar in self._bars.values():
            bar.close()


def tell(document: dict[str, Any]) -> Iterator[str]:
    """Yield what became of each video, and the counts."""
    for item in document["items"]:
        urls = " ".join(one["url"] for one in item["uploads"] if one["url"])
        state = item["state"] or item["note"] or item["outcome"]
        yield f"{item['title']}: {state} {urls}".rstrip()
    counts = ", ".join(f"{document[name]} {name}" for name in COUNTS if document[name])
    yield f"{document['links']} videos: {counts or 'nothing to take'}"
    if document.get("message"):
        yield f"stopped: {document['message']}"
