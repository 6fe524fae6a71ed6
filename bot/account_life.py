"""Commands of the control socket that change an account: pause, resume, rename, disconnect."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import asdict
from typing import Any

from bot.control import Answer, Command
from core.accounts.book import AccountBook
from core.errors import RefusedError


def life_commands(book: AccountBook) -> dict[str, Command]:
    """Return ``account_change``: ``{"action", "account", "name"?}``, answered with its state.

    The action ``look`` changes nothing.
    """

    async def change(request: dict[str, Any]) -> AsyncGenerator[Answer]:
        word = str(request["account"])
        account = await book.find(word)
        if account is None:
            raise RefusedError("account_unknown", given=word[:40])
        answer: Answer = {"ok": True, "platform": account.platform, "name": account.name}
        match str(request["action"]):
            case "look":
                pass
            case "pause":
                await book.pause(account.id)
            case "resume":
                await book.resume(account.id)
            case "rename":
                await book.rename(account.id, str(request["name"]))
            case "disconnect":
                answer |= asdict(await book.disconnect(account.id))
            case action:
                raise ValueError(action)
        fresh = await book.get(account.id)
        if fresh is not None:
            answer |= {"state": fresh.state, "name": fresh.name}
        yield answer

    return {"account_change": change}
