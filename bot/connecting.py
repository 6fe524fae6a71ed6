"""Connecting accounts from a terminal: commands of the control socket, and the parts they need."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import asdict
from typing import Any

from bot.control import Answer, Command
from core.accounts.connector import Connector
from core.accounts.exchanging import CodeKeptError
from core.accounts.outcomes import Choose, Finished, Outcome
from core.errors import RefusedError
from utils.clock import Clock

TERMINAL = 0
"""User id of who sits at the terminal; the socket is only for the owner of the data folder."""


def connect_commands(connector: Connector, clock: Clock) -> dict[str, Command]:
    """Return the commands by name.

    ``account_connect`` first answers ``{"stage": "link", "sign_in", "link", "paste_link", …}``,
    then ``again`` (the platform is down, the link still works) or ``choose``, at last
    ``connected``; ``account_paste`` and ``account_choose`` bring what the person types meanwhile.
    """

    async def begin(request: dict[str, Any]) -> AsyncGenerator[Answer]:
        begun = await connector.begin(str(request["login"]), user_id=TERMINAL, chat_id=0)
        with connector.watching(begun.id) as news:
            yield {
                "ok": True,
                "stage": "link",
                "sign_in": begun.id,
                "login": begun.login,
                "link": begun.link,
                "paste_link": begun.paste_link,
                "expires_at": begun.expires_at.isoformat(),
            }
            while True:
                left = begun.expires_at - clock.now()
                answer = _answer(await _next(news, left.total_seconds(), begun.login))
                yield answer
                if answer["stage"] == "connected":
                    return

    async def paste(request: dict[str, Any]) -> AsyncGenerator[Answer]:
        _ = await connector.paste(str(request["text"]), user_id=TERMINAL)
        yield {"ok": True}

    async def choose(request: dict[str, Any]) -> AsyncGenerator[Answer]:
        sign_in, key = int(request["sign_in"]), str(request["key"])
        _ = await connector.choose(sign_in, key, user_id=TERMINAL)
        yield {"ok": True}

    return {"account_connect": begin, "account_paste": paste, "account_choose": choose}


async def _next(news: asyncio.Queue[Outcome], seconds: float, login: str) -> Outcome:
    """Wait for what comes of a sign-in, as long as its link lives.

    Raises:
        RefusedError: it ended without an account.
    """
    try:
        async with asyncio.timeout(max(seconds, 0)):
            outcome = await news.get()
    except TimeoutError:
        raise RefusedError("connect_expired", login=login) from None
    if isinstance(outcome, RefusedError) and not isinstance(outcome, CodeKeptError):
        raise outcome
    return outcome


def _answer(outcome: Outcome) -> Answer:
    if isinstance(outcome, Finished):
        return {"ok": True, "stage": "connected", **asdict(outcome)}
    if isinstance(outcome, Choose):
        return {"ok": True, "stage": "choose", **asdict(outcome)}
    return {"ok": True, "stage": "again", "key": outcome.key, "facts": outcome.facts}
