"""Several videos in one breath: a batch, or a page of links, asked for until it is taken in."""

from __future__ import annotations

import asyncio
import json
from contextlib import aclosing
from pathlib import Path
from typing import Any, ClassVar

from tests.chaos.links import Links
from tests.chaos.plan import PlannedPost
from tests.chaos.process import AwayError, Karvon

PLATFORMS = ("youtube", "tiktok", "instagram", "facebook", "telegram")
LOOK_SECONDS = 0.1


class Lists:
    """Writes what names the videos, and insists until Karvon has taken it over."""

    doors: ClassVar[tuple[str, ...]] = ("batch", "page")

    def __init__(self, folder: Path, links: Links, karvon: Karvon) -> None:
        self._folder = folder
        self._links = links
        self._karvon = karvon

    async def send(self, door: str, posts: list[PlannedPost]) -> None:
        """Ask again after each death of the process, and once more when it is taken."""
        request = self._batch(posts) if door == "batch" else self._page(posts)
        for _ in range(2):
            await self._insist(request)

    def _batch(self, posts: list[PlannedPost]) -> dict[str, Any]:
        clips = [
            {"clip_id": post.number, "filename": post.name, "path": post.name} for post in posts
        ]
        listed, config = self._folder / "clips_metadata.json", self._folder / "publisher.json"
        listed.write_text(json.dumps({"video_id": "chaos", "clips": clips}))
        title = {"title_template": "Clip number {clip_id} of many #chaos"}
        config.write_text(json.dumps({"platforms": PLATFORMS, "metadata": title}))
        return {"command": "batch", "file": str(listed), "config": str(config)}

    def _page(self, posts: list[PlannedPost]) -> dict[str, Any]:
        links = "\n".join(f'<a href="{post.name}">Clip {post.number:04d}</a>' for post in posts)
        (self._folder / "page.html").write_text(f"<html><body>{links}</body></html>")
        url = f"{self._links.base}/page.html"
        return {"command": "pull", "url": url, "caption": "Clips of a page #chaos"}

    async def _insist(self, request: dict[str, Any]) -> None:
        while True:
            try:
                async with aclosing(self._karvon.answers(request)) as answers:  # type: ignore[type-var]
                    async for answer in answers:
                        if _is_refused(answer):
                            raise AssertionError(f"{request} was refused: {answer}")
                        if _is_taken(answer):
                            return
            except AwayError:
                pass
            await asyncio.sleep(LOOK_SECONDS)


def _is_taken(answer: dict[str, Any]) -> bool:
    done = "report" in answer and answer["report"]["ok"] and answer["report"]["planned"] == 0
    return "batch_id" in answer or "pull" in answer or "end" in answer or done


def _is_refused(answer: dict[str, Any]) -> bool:
    blocks = [one for one in answer.get("findings", []) if one["severity"] == "block"]
    return answer.get("ok") is False or bool(blocks)
