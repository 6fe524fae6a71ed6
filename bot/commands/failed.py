"""``karvon failed``: what failed, by cause; tried again or put aside a group at a time."""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import sys
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bot.control import Answer, Command, ask_running, require_ok
from core.errors import KarvonError, RefusedError
from core.platforms.registry import platform_names
from core.posts.letters import Act, Progress, Scope, as_json
from core.settings import Settings, load_settings

if TYPE_CHECKING:
    from bot.parts import Parts

AT_ONCE = 100
"""Groups of one answer: a line of the control socket has room for many more."""
_CAUSE = re.compile(r"c?(\d{1,18})")
_BATCH = re.compile(r"batch[: ]\s*(\d{1,18})")


def run(args: argparse.Namespace) -> int:
    settings = load_settings(config=Path(args.config) if args.config else None)
    act = Act.REPLAY if args.replay else Act.DROP if args.drop else None
    request = {
        "command": "failed",
        "act": act.value if act else "",
        "group": args.replay or args.drop,
    }
    return asyncio.run(tell(settings, request, as_json=args.json))


async def tell(settings: Settings, request: dict[str, Any], *, as_json: bool) -> int:
    answers = await ask_running(settings, request)
    if answers is None:
        from bot.app import App

        async with App(settings, chat=False) as app:
            command = letter_commands(app.parts, alone=True)["failed"]
            answers = [answer async for answer in command(request)]
        if request["act"] == Act.REPLAY:
            sys.stderr.write("Nothing runs now; they go on with `karvon run`.\n")
    last = answers[-1] if answers else {}
    if last.get("key"):
        raise RefusedError(last["key"], **last["facts"])
    _ = require_ok(answers)
    if request["act"]:
        _say({"act": request["act"], **last["outcome"]}, last["text"], as_json=as_json)
        return 0
    groups = [group for answer in answers for group in answer["groups"]]
    failed = sum(group["failed"] for group in groups)
    texts = [text for answer in answers for text in answer["texts"]]
    _say({"failed": failed, "groups": groups}, "\n\n".join(texts), as_json=as_json)
    return 0


def _say(document: dict[str, Any], text: str, *, as_json: bool) -> None:
    sys.stdout.write((json.dumps(document) if as_json else text) + "\n")


def letter_commands(parts: Parts, *, alone: bool = False) -> dict[str, Command]:
    """Return the commands of the control socket by name; ``alone`` says that no engine runs."""

    async def failed(request: dict[str, Any]) -> AsyncGenerator[Answer]:
        if not request["act"]:
            async for answer in _listed(parts):
                yield answer
            return
        from bot.chat.letters_text import act_text
        from bot.chat.texts import plain

        act, scope = Act(request["act"]), await read_scope(parts, str(request["group"]))
        do = parts.letters.replay if act is Act.REPLAY else parts.letters.drop
        progress = await do(scope)
        if alone:
            progress = await parts.letters.finish(progress)
        yield {"ok": True, "outcome": _outcome(progress), "text": plain(act_text(progress))}

    return {"failed": failed}


async def _listed(parts: Parts) -> AsyncGenerator[Answer]:
    from bot.chat.letters_text import group_text, page_text
    from bot.chat.texts import plain
    from bot.chat.view import View

    view = View(now=parts.clock.now(), zone=ZoneInfo(parts.settings.timezone))
    number, pages = 0, 1
    while number < pages:
        page = await parts.letters.page(Scope(), number, AT_ONCE)
        texts = [plain(group_text(group, view.moment)) for group in page.groups]
        if not page.groups:
            texts = [plain(page_text(page, view.moment))]
        yield {"ok": True, "groups": [as_json(one) for one in page.groups], "texts": texts}
        number, pages = number + 1, page.pages


async def read_scope(parts: Parts, given: str) -> Scope:
    """Return what a word of the command line means.

    Raises:
        RefusedError: ``unknown_cause``.
        KarvonError: it names nothing that could have failed.
    """
    word = " ".join(given.split()).casefold()
    if word == "all":
        return Scope()
    if word in platform_names():
        return Scope(platform=word)
    if found := _BATCH.fullmatch(word):
        return Scope(batch_id=int(found[1]))
    for account in await parts.posts.accounts():
        if word in {account.name.casefold(), f"{account.platform}:{account.name}".casefold()}:
            return Scope(account_id=account.id)
    if found := _CAUSE.fullmatch(word):
        scope = Scope(cause_id=int(found[1]))
        _ = await parts.letters.require(scope)
        return scope
    raise KarvonError(
        f"{given!r} is no cause, platform, account or batch; `karvon failed` lists the causes"
    )


def _outcome(progress: Progress) -> dict[str, Any]:
    return {
        "total": progress.total,
        "counts": dict(progress.counts),
        "running": progress.is_running,
    }
