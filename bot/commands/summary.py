"""A few lines at the end of a run in a terminal: what became of it, and what would help."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from bot.control import ask_running, require_ok
from core.settings import Settings
from utils.clock import SystemClock

if TYPE_CHECKING:
    from bot.parts import Parts


def run_start() -> datetime:
    """Return the moment to be given to `end_summary`."""
    return SystemClock().now()


async def end_summary(
    settings: Settings, since: datetime, *, parts: Parts | None = None
) -> list[str]:
    """Return the lines to be printed about what terminals asked for since then.

    With ``parts`` they are read there (the command works by itself and `App` is still open), else
    the running process is asked; without one there is nothing to tell.
    """
    if parts is not None:
        from bot.figures import summarize

        return list((await summarize(parts, since))["lines"])
    answers = await ask_running(settings, {"command": "summary", "since": since.isoformat()})
    return [] if answers is None else list(require_ok(answers)["lines"])
