"""``karvon diagnostics [today|7d|30d|POST]``: how it went, in figures, and what would help."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from pathlib import Path

from bot.control import Answer, ask_running, require_ok
from bot.figures import figures_commands, schema
from core.errors import RefusedError
from core.settings import Settings, load_settings


def run(args: argparse.Namespace) -> int:
    if args.schema:
        sys.stdout.write(json.dumps(schema(), indent=2) + "\n")
        return 0
    settings = load_settings(config=Path(args.config) if args.config else None)
    answers = asyncio.run(ask(settings, args.period))
    if args.json:
        document = "".join(str(answer["piece"]) for answer in answers[1:])
        sys.stdout.write(f"{document}\n")
    else:
        sys.stdout.write(f"{answers[0]['text']}\n")
    return 0


async def ask(settings: Settings, period: str) -> list[Answer]:
    """Ask the running process, or read by ourselves; the text first, then the document.

    Raises:
        RefusedError: there is no such time or post.
        KarvonError: the running process refused otherwise.
    """
    request = {"command": "diagnostics", "period": period}
    answers = await ask_running(settings, request)
    if answers is None:
        from bot.app import App

        async with App(settings, chat=False) as app:
            command = figures_commands(app.parts)["diagnostics"]
            answers = [answer async for answer in command(request)]
    last = answers[-1] if answers else {}
    if "key" in last:
        raise RefusedError(str(last["key"]), **last["facts"])
    _ = require_ok(answers)
    return answers
