"""What tests of sign-ins share: a token server that the test writes, and accounts with tokens."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any

from core.accounts.book import AccountBook, Connected
from core.accounts.tokens import Tokens
from core.accounts.vault import Vault
from core.posts.repository import Posts
from core.store.base import Store
from tests.clocks import START, ManualClock
from tests.factories import KEY
from tests.platform_cases import ENDPOINTS
from utils.clock import Clock
from utils.http import Request, Response

Answers = Callable[[Request], Response]
HOUR = timedelta(hours=1)


def answer(status: int = 200, **body: Any) -> Response:
    return Response(status=status, body=json.dumps(body).encode())


class TokenServer:
    """Answers what the test wrote, in order and then the last again; remembers what was asked."""

    def __init__(self, *answers: Response | Exception) -> None:
        self._answers = list(answers)
        self.requests: list[Request] = []
        self.asked = asyncio.Event()
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def send(self, request: Request, body: object = None) -> Response:
        assert body is None
        self.requests.append(request)
        self.asked.set()
        await self.may_answer.wait()
        said = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(said, Exception):
            raise said
        return said

    async def was_asked(self, times: int) -> None:
        """Wait until that many questions have come."""
        async with asyncio.timeout(10):
            while len(self.requests) < times:
                self.asked.clear()
                await self.asked.wait()

    @property
    def sent_tokens(self) -> list[str]:
        return [str((request.form or {}).get("refresh_token")) for request in self.requests]


def rotating(number: int = 1, **more: Any) -> Response:
    """Return an answer of TikTok that brings a new pair."""
    return answer(
        access_token=f"access-{number}",
        refresh_token=f"refresh-{number}",
        expires_in=7200,
        refresh_expires_in=180 * 86400,
        scope="user.info.basic,video.publish",
        **more,
    )


REFUSED = answer(400, error="invalid_grant", error_description="Token has been revoked.")


def tokens(ends_at: datetime | None = START + HOUR, **changes: Any) -> Tokens:
    values: dict[str, Any] = {
        "access_token": "access-0",
        "refresh_token": "refresh-0",
        "client_id": "key",
        "client_secret": "app-secret",
        "expires_at": ends_at,
        **changes,
    }
    return Tokens(**values)


def connected(platform: str = "tiktok", **changes: Any) -> Connected:
    values: dict[str, Any] = {
        "platform": platform,
        "name": "Ann's channel",
        "remote_id": "remote-1",
        "tokens": tokens(),
        "owner_id": 1001,
        "chat_id": 1001,
        **changes,
    }
    return Connected(**values)


def make_book(
    store: Store,
    clock: Clock,
    server: TokenServer,
    *,
    posts: Posts | None = None,
    admins: Collection[int] = (1, 2),
) -> AccountBook:
    vault = Vault({"k1": KEY}, "k1")
    return AccountBook(store, vault, server, clock, ENDPOINTS, admins=admins, posts=posts)


async def drive(clock: ManualClock, *tasks: asyncio.Task[Any], step: float = 0.2) -> None:
    """Let time pass for who sleeps, until all these have ended."""
    async with asyncio.timeout(10):
        while not all(task.done() for task in tasks):
            await asyncio.sleep(0)
            if clock.is_awaited():
                await clock.advance(step)


async def messages(store: Store, clock: ManualClock) -> list[tuple[int, str]]:
    """Return chat and sentence of what waits in the outbox."""
    rows = await store.all("chat.due_messages", now=clock.now().timestamp(), limit=100)
    return [(row["chat_id"], row["sentence"]) for row in rows]
