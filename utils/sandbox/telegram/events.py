"""What the chat page is told at once: a stream of server-sent events for each open page."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from aiohttp import web

QUEUE_SIZE = 1000
PING_SECONDS = 10.0


class Hub:
    """Hands each event to every open page; a page that does not read is let go."""

    def __init__(self) -> None:
        self._queues: set[asyncio.Queue[tuple[str, Any] | None]] = set()

    def emit(self, kind: str, data: object) -> None:
        for queue in list(self._queues):
            if queue.full():
                self._queues.discard(queue)
                queue.get_nowait()
                queue.put_nowait(None)
            else:
                queue.put_nowait((kind, data))

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """Write events until the page goes away."""
        response = web.StreamResponse(headers={"Cache-Control": "no-store"})
        response.content_type = "text/event-stream"
        queue: asyncio.Queue[tuple[str, Any] | None] = asyncio.Queue(QUEUE_SIZE)
        self._queues.add(queue)
        try:
            await response.prepare(request)
            await response.write(b"retry: 500\n\n")
            while (event := await _next(queue)) is not None:
                await response.write(_line(*event))
        finally:
            self._queues.discard(queue)
        return response


async def _next(queue: asyncio.Queue[tuple[str, Any] | None]) -> tuple[str, Any] | None:
    """Return the next event, or a ping so that a closed connection is noticed."""
    try:
        async with asyncio.timeout(PING_SECONDS):
            return await queue.get()
    except TimeoutError:
        return ("ping", {})


def _line(kind: str, data: object) -> bytes:
    return f"event: {kind}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()
