"""What answers from outside: the Bot API, the token servers' clocks, our own public address."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx

from core.platforms.faults import http_date
from core.settings import Settings
from utils.clock import Clock

SECONDS = 5.0
"""A person waits for the answer."""
JSON = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One answer, or why there was none."""

    status: int = 0
    """0: there was no answer."""
    value: JSON | None = None
    """The body, where it is a JSON object."""
    skew_seconds: float | None = None
    """By how much our clock is ahead of that of the remote (negative: behind)."""
    why: str = ""


class Network:
    """Asks a remote once; no address, which may hold a token, leaves it."""

    def __init__(self, client: httpx.AsyncClient, clock: Clock) -> None:
        self._client = client
        self._clock = clock

    async def get(self, url: str) -> Reply:
        asked = self._clock.now()
        try:
            async with asyncio.timeout(SECONDS):
                answer = await self._client.get(url)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            return Reply(why=type(error).__name__)
        middle = asked + (self._clock.now() - asked) / 2
        return Reply(
            status=answer.status_code,
            value=_object(answer),
            skew_seconds=_skew(middle, answer.headers),
        )

    async def bot(self, settings: Settings, method: str) -> Reply:
        """Call a method of the Bot API that takes nothing."""
        token = settings.telegram.token.get_secret_value()
        return await self.get(f"{settings.telegram.api_base.rstrip('/')}/bot{token}/{method}")


@asynccontextmanager
async def open_network(clock: Clock) -> AsyncIterator[Network]:
    async with httpx.AsyncClient(timeout=SECONDS, trust_env=False) as client:
        yield Network(client, clock)


def _object(answer: httpx.Response) -> JSON | None:
    try:
        value = answer.json()
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _skew(now: datetime, headers: Mapping[str, str]) -> float | None:
    """Return how far ahead we are; a header tells whole seconds, on average half a second late."""
    told = http_date(headers.get("date", ""))
    return None if told is None else (now - told.astimezone(UTC)).total_seconds() - 0.5
