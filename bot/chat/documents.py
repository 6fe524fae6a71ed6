"""Documents that the chat sends: made when they are sent, of what the store holds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.batch_words import finding_report, result_report
from core.batches.book import BatchBook
from core.batches.findings import read_finding
from core.batches.results import results
from core.batches.telling import findings_fact
from core.posts.repository import Posts
from utils.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """One file to be sent."""

    name: str
    content: bytes


class Documents:
    """Makes documents of batches."""

    def __init__(self, book: BatchBook, posts: Posts, clock: Clock, zone: str) -> None:
        self._book = book
        self._posts = posts
        self._clock = clock
        self._zone = zone

    @property
    def book(self) -> BatchBook:
        return self._book

    async def make(self, spec: Mapping[str, Any]) -> Made:
        """Return a document: ``{"kind": "findings"|"result", "batch_id"}``."""
        batch_id = int(spec["batch_id"])
        if spec["kind"] == "findings":
            return Made(
                name=f"batch-{batch_id}-findings.json", content=await self._found(batch_id)
            )
        rows = [result_report(row) async for row in results(self._book, batch_id)]
        return Made(name=f"batch-{batch_id}-results.json", content=_json(rows))

    async def _found(self, batch_id: int) -> bytes:
        text = await self._posts.fact(findings_fact(batch_id))
        now = self._clock.now()
        found = [read_finding(one) for one in json.loads(text or "[]")]
        return _json([finding_report(one, now, self._zone) for one in found])


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()
