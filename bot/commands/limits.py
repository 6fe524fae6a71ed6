"""``karvon limits``: what is used, left and expected of every quota."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import AsyncGenerator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bot.control import Answer, Command, ask_running, require_ok
from core.settings import Settings, load_settings

if TYPE_CHECKING:
    from bot.parts import Parts

AT_ONCE = 100
"""Accounts of one answer: a line of the control socket has room for many more."""


def run(args: argparse.Namespace) -> int:
    settings = load_settings(config=Path(args.config) if args.config else None)
    return asyncio.run(tell(settings, as_json=args.json))


async def tell(settings: Settings, *, as_json: bool) -> int:
    request = {"command": "limits"}
    answers = await ask_running(settings, request)
    if answers is None:
        from bot.app import App

        async with App(settings, chat=False) as app:
            answers = [answer async for answer in limits_commands(app.parts)["limits"](request)]
    _ = require_ok(answers)
    accounts = [account for answer in answers for account in answer["accounts"]]
    if as_json:
        sys.stdout.write(json.dumps({"accounts": accounts}) + "\n")
    else:
        texts = [text for answer in answers for text in answer["texts"]]
        sys.stdout.write("\n\n".join(texts) + "\n")
    return 0


def limits_commands(parts: Parts) -> dict[str, Command]:
    """Return the commands of the control socket by name."""

    async def limits(request: dict[str, Any]) -> AsyncGenerator[Answer]:
        del request
        from bot.chat.limits_text import LimitsText
        from bot.chat.texts import plain

        zone = ZoneInfo(parts.settings.timezone)
        text = LimitsText(parts.clock.now(), zone)
        page, pages = 0, 1
        while page < pages:
            report = await parts.posts.quotas.report(zone, page, AT_ONCE)
            accounts = [_plain(asdict(one)) for one in report.accounts]
            texts = [plain(text.account(one)) for one in report.accounts]
            if not report.total:
                texts = [plain(one) for one in text.report(report)]
            yield {"ok": True, "accounts": accounts, "texts": texts}
            page, pages = page + 1, report.pages

    return {"limits": limits}


def _plain(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Return a document with its times as text."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return (
        value.isoformat() if isinstance(value, datetime) or hasattr(value, "toordinal") else value
    )
