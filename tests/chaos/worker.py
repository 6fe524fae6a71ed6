"""One Karvon of a run: ``python -m tests.chaos.worker FILE [--chat] [--die MOMENT]``.

The file holds its settings as JSON; a moment is what ``mortality.py`` takes.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock

from bot import app
from bot.commands.run import serve
from bot.control import Answer, Command
from bot.parts import Parts
from bot.posting import post_commands
from core.accounts import patience
from core.accounts.windows import SECOND, WINDOWS, Rolling
from core.platforms.registry import platform_names, require_platform
from core.settings import load_settings
from tests.chaos.mortality import arm
from utils.log import set_up_log


def people_commands(parts: Parts) -> dict[str, Command]:
    """Take over the control socket, too, what people otherwise say in the chat."""

    async def edit(request: dict[str, Any]) -> AsyncGenerator[Answer]:
        post = await parts.posts.require(int(request["post_id"]))
        outcome = await parts.aftercare.edit(post, str(request["text"]), chat_id=0)
        yield {"ok": True, "asked": len(outcome.asked)}

    async def delete(request: dict[str, Any]) -> AsyncGenerator[Answer]:
        post = await parts.posts.require(int(request["post_id"]))
        outcome = await parts.aftercare.delete(post, chat_id=0)
        yield {"ok": True, "asked": len(outcome.asked)}

    async def together(request: dict[str, Any]) -> AsyncGenerator[Answer]:
        go = bool(request["go"])
        await parts.posts.decide_together(int(request["post_id"]), go=go)
        yield {"ok": True}

    spoken = {"chaos_edit": edit, "chaos_delete": delete, "chaos_together": together}
    return {**post_commands(parts), **spoken}


def lift_quotas() -> None:
    """Allow more posts in minutes than platforms allow in days."""
    for name in platform_names():
        kind = type(require_platform(name))
        kind.capabilities = replace(kind.capabilities, quotas=())


def hurry(window_seconds: float) -> None:
    """Shorten the minute of quotas, and the pause after a token server failed."""
    WINDOWS["rolling_minute"] = Rolling(round(window_seconds * SECOND))
    patience.FIRST_PAUSE = timedelta(seconds=1)
    patience.LONGEST_PAUSE = timedelta(seconds=4)


def main(path: Path, *, chat: bool) -> None:
    config: dict[str, Any] = json.loads(path.read_text())
    settings = load_settings(overrides=config["settings"])
    if config["lift_quotas"]:
        lift_quotas()
    window = config.get("window_seconds")
    if window:
        hurry(window)
    set_up_log(settings.data_dir / "logs", debug=settings.debug, console=False)
    with mock.patch.object(app, "post_commands", people_commands):
        asyncio.run(serve(settings, chat=chat))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.worker")
    parser.add_argument("file", type=Path)
    parser.add_argument("--chat", action="store_true")
    parser.add_argument("--die", metavar="MOMENT", default="")
    given = parser.parse_args()
    if given.die:
        arm(given.die)
    main(given.file, chat=given.chat)
