"""What a message brings besides its words: the picture of a render, or three seconds of it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any, Literal

from bot.chat.view import View
from core.posts.boards import Board
from core.studio.queueing import RenderState
from core.studio.render_facts import BOARD
from core.studio.renders import Renders
from utils.clock import Clock

MOST_BYTES = 9 * 1024 * 1024
"""A little below what Telegram takes for a picture (10 MB).

Source: core.telegram.org/bots/api, sendPhoto, 2026-06-18.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Medium:
    """One file to be shown with a message."""

    kind: Literal["photo", "video"]
    name: str
    content: bytes
    width: int | None = None
    height: int | None = None
    seconds: int | None = None


class Shows:
    """Reads what is shown of renders when it is sent: nothing of it is kept in the queue."""

    def __init__(self, renders: Renders, clock: Clock, zone: tzinfo) -> None:
        self._renders = renders
        self._clock = clock
        self._zone = zone

    async def make(self, spec: Mapping[str, Any]) -> Medium | None:
        """Return a file: ``{"show": "picture"|"preview", "render_id"}``; None when it is gone."""
        render_id = int(spec["render_id"])
        shown = self._renders.workshop.shown(render_id)
        if spec["show"] == "picture":
            content = await asyncio.to_thread(_read, shown.thumbnail)
            name = f"render-{render_id}.jpg"
            return Medium(kind="photo", name=name, content=content) if content else None
        content = await asyncio.to_thread(_read, shown.video)
        render = await self._renders.get(render_id)
        if not content or render is None:
            return None
        facts = render.facts
        return Medium(
            kind="video",
            name=f"preview-{render_id}.mp4",
            content=content,
            width=facts.width,
            height=facts.height,
            seconds=round(facts.duration_seconds or 0) or None,
        )

    async def live(self, board: Board) -> Board:
        """Return the card of a render with how far it is at this moment, told where it is read."""
        if board.sentence != BOARD:
            return board
        facts = dict(board.facts)
        if facts["until"]:
            view = View(now=self._clock.now(), zone=self._zone)
            facts["until_told"] = view.moment(datetime.fromisoformat(facts["until"]))
        if facts["batch_id"] is not None:
            facts |= await self._now(facts["batch_id"])
        if (moving := self._renders.moving(facts["render_id"])) is not None:
            facts["share"], facts["speed"] = moving.share, moving.speed
            facts["eta_seconds"] = moving.eta_seconds
        return replace(board, facts=facts)

    async def _now(self, batch_id: int) -> dict[str, Any]:
        """Return which of many is being made; their card has the facts of the last change."""
        for one in await self._renders.open():
            if one.batch_id == batch_id and one.state is RenderState.PROCESSING:
                now = {"render_id": one.id, "name": one.name, "stage": one.stage}
                return {**now, "state": one.state.value}
        return {"state": ""}


def _read(path: Path | None) -> bytes:
    """Return a small file; nothing where it is gone or too large to be sent."""
    try:
        if path is None or path.stat().st_size > MOST_BYTES:
            return b""
        return path.read_bytes()
    except FileNotFoundError:
        return b""
