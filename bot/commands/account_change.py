"""``karvon account pause|resume|rename|disconnect``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from typing import Any

from bot.commands.send import explain_refusal
from bot.control import Answer, ask_running
from core.errors import KarvonError
from core.settings import Settings

CHANGES = ("pause", "resume", "rename", "disconnect")


async def change(settings: Settings, args: argparse.Namespace) -> int:
    """Ask the running process, or do it here when none runs; tell what came of it."""
    request = {
        "command": "account_change",
        "action": args.action,
        "account": args.account,
        "name": getattr(args, "name", ""),
    }
    if args.action == "disconnect" and not args.yes:
        found = await _ask(settings, {**request, "action": "look"})
        if not _agrees(f"{found['name']} ({found['platform']})"):
            sys.stdout.write("nothing was changed\n")
            return 1
    last = await _ask(settings, request)
    sys.stdout.writelines(f"{line}\n" for line in tell(args.action, last))
    return 0


async def _ask(settings: Settings, request: dict[str, Any]) -> Answer:
    """Return what the running process answers, or this one where none runs.

    Raises:
        KarvonError: it was refused.
    """
    answers = await ask_running(settings, request)
    last = (answers if answers is not None else await _alone(settings, request))[-1]
    if not last.get("ok"):
        raise KarvonError(explain_refusal(last))
    return last


async def _alone(settings: Settings, request: dict[str, Any]) -> list[Answer]:
    from bot.account_life import life_commands
    from bot.app import App

    async with App(settings, chat=False) as app:
        commands = life_commands(app.parts.book)
        return [answer async for answer in commands["account_change"](request)]


def _agrees(account: str) -> bool:
    if not sys.stdin.isatty():
        raise KarvonError("say --yes: Karvon forgets the sign-in, and what waits for it fails")
    sys.stdout.write(f"Disconnect {account}? What waits for it fails. Type yes: ")
    sys.stdout.flush()
    return sys.stdin.readline().strip().casefold() == "yes"


def tell(action: str, answer: Answer) -> Iterator[str]:
    """Yield what is said about a change that was made."""
    account = f"{answer['name']} ({answer['platform']})"
    if action != "disconnect":
        words = {"ok": "ready", "reconnect": "must be connected again"}
        yield f"{account}: {words.get(answer['state'], answer['state'])}"
        return
    yield f"disconnected: {account}; its sign-in is forgotten"
    if not answer["revoked"]:
        yield f"the access could not be given back: {answer['why'].rstrip('.')}"
        yield f"take it away yourself: {answer['remove_at']}"
    if answer["failed"]:
        yield f"waiting uploads that failed with it: {answer['failed']}"
    if answer["returns"]:
        yield "it stands in config.py and comes back at the next start; remove it there too"
