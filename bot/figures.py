"""Diagnostics of a running Karvon for other programs: on the control socket and as a file."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.control import Answer, Command
from core.diagnostics.figures import EVERYBODY, Scope
from core.diagnostics.file import write_diagnostics
from core.diagnostics.model import Diagnostics, PeriodFigures
from core.diagnostics.of_post import post_figures
from core.diagnostics.periods import PERIODS, Period, period_of, run_period
from core.errors import RefusedError
from core.store.errors import StoreError

if TYPE_CHECKING:
    from bot.parts import Parts

logger = logging.getLogger(__name__)

TERMINAL = Scope(chat_id=0)
"""Posts that came from no chat."""
PIECE = 100_000
"""Signs of the document in one line of the socket; thousands of accounts make it long."""
EVERY_SECONDS = 300.0


def figures_commands(parts: Parts) -> dict[str, Command]:
    """Return the commands of the control socket by name."""

    async def diagnostics(request: dict[str, Any]) -> AsyncGenerator[Answer]:
        asked = str(request["period"])
        found = await ask(parts, asked)
        yield {"ok": True, "text": tell(found, parts)}
        document = found.model_dump_json()
        for start in range(0, len(document), PIECE):
            yield {"ok": True, "piece": document[start : start + PIECE]}

    async def summary(request: dict[str, Any]) -> AsyncGenerator[Answer]:
        since = datetime.fromisoformat(str(request["since"]))
        yield {"ok": True, **await summarize(parts, since)}

    return {"diagnostics": diagnostics, "summary": summary}


async def ask(parts: Parts, asked: str) -> Diagnostics:
    """Return what is asked for: a time, or a post by its number.

    Raises:
        RefusedError: ``figures_bad_period`` or ``unknown_post``.
    """
    await parts.posts.write_measures()
    figures = parts.figures
    period = period_of(asked, figures.now(), figures.zone)
    if period is not None:
        return advised(await figures.diagnostics([period]))
    number = post_number(asked)
    post = await parts.posts.require(number)
    return await figures.diagnostics([], post=await post_figures(parts.store, parts.posts, post))


def post_number(asked: str) -> int:
    """Return the number of a post that stands where a time could stand as well.

    Raises:
        RefusedError: ``figures_bad_period``.
    """
    word = asked.strip().removeprefix("#")
    if not (word.isascii() and word.isdigit()) or len(word) > 18:
        raise RefusedError("figures_bad_period", given=asked[:40])
    return int(word)


async def summarize(parts: Parts, since: datetime) -> dict[str, Any]:
    """Return ``{"lines", "report"}`` about what came from terminals since then."""
    await parts.posts.write_measures()
    figures = parts.figures
    period = run_period(since, figures.now())
    found = advised(await figures.diagnostics([period], TERMINAL))
    report = found.periods[period.name]
    return {"lines": _lines(report), "report": report.model_dump(mode="json")}


def advised(found: Diagnostics) -> Diagnostics:
    """Return it with the sentence of each recommendation, and of why mashups failed."""
    periods = {name: _advised(report) for name, report in found.periods.items()}
    return found.model_copy(update={"periods": periods})


def _advised(report: PeriodFigures) -> PeriodFigures:
    from bot.chat.figures_text import advice_text, cause_text
    from bot.chat.texts import plain

    advice = [
        one.model_copy(update={"text": plain(advice_text(one))}) for one in report.recommendations
    ]
    update: dict[str, Any] = {"recommendations": advice}
    if (cause := report.renders.cause) is not None:
        told = cause.model_copy(update={"text": plain(cause_text(cause))})
        update["renders"] = report.renders.model_copy(update={"cause": told})
    return report.model_copy(update=update)


def _lines(report: PeriodFigures) -> list[str]:
    from bot.chat.figures_text import summary_lines
    from bot.chat.texts import plain

    return [plain(line) for line in summary_lines(report)]


def tell(found: Diagnostics, parts: Parts) -> str:
    """Return it as people read it in a terminal."""
    from bot.chat.figures_text import period_blocks
    from bot.chat.post_figures_text import post_blocks
    from bot.chat.texts import plain
    from bot.chat.view import View

    view = View(now=found.made_at, zone=parts.figures.zone)
    blocks = [b for report in found.periods.values() for b in period_blocks(found, report)]
    if found.post is not None:
        blocks += post_blocks(found.post, view)
    return "\n\n".join(plain(block) for block in blocks)


def all_periods(now: datetime, parts: Parts) -> list[Period]:
    found = (period_of(name, now, parts.figures.zone) for name in PERIODS)
    return [period for period in found if period is not None]


class DiagnosticsFile:
    """Keeps ``diagnostics.json`` in ``data_dir`` up to date."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._lock = asyncio.Lock()

    async def write(self) -> None:
        """Write what is measured and the file; that a disk is full stops nothing else."""
        parts = self._parts
        async with self._lock:
            try:
                await parts.posts.write_measures()
                periods = all_periods(parts.figures.now(), parts)
                found = advised(await parts.figures.diagnostics(periods, EVERYBODY))
                await asyncio.to_thread(write_diagnostics, parts.settings.data_dir, found)
            except (OSError, StoreError) as error:
                logger.warning("diagnostics_not_written", extra={"why": str(error)})

    async def keep(self) -> None:
        """Write it now and then, and delete measures that no period reaches back to."""
        while True:
            await self._parts.clock.sleep(EVERY_SECONDS)
            await self.write()
            gone = await self._parts.posts.forget_measures()
            if gone:
                logger.info("measures_forgotten", extra={"rows": gone})


def schema() -> Mapping[str, Any]:
    """Return the JSON schema of the document."""
    return Diagnostics.model_json_schema()
