"""How it went: /diagnostics, by time or by post, with a picture where it says it better."""

from __future__ import annotations

import asyncio
import logging

from aiogram import Router
from aiogram.exceptions import AiogramError
from aiogram.filters import Command, CommandObject
from aiogram.filters.callback_data import CallbackData
from aiogram.types import BufferedInputFile, CallbackQuery, Message, User

from bot.chat.deps import ChatDeps
from bot.chat.figures_text import period_blocks, step_label
from bot.chat.keyboards import Rows, button
from bot.chat.messages import join_whole
from bot.chat.post_figures_text import post_blocks
from bot.chat.routers.owned import owned_post, seen_chat
from bot.chat.texts import Markup, plain, say
from bot.chat.voice import Voice
from bot.figures import post_number
from core.diagnostics.figures import Scope
from core.diagnostics.model import PeriodFigures
from core.diagnostics.of_post import post_figures
from core.diagnostics.periods import PERIODS, Period, period_of
from core.diagnostics.picture import Words, draw, is_worth_drawing

logger = logging.getLogger(__name__)


class FiguresPeriod(CallbackData, prefix="fg1"):
    """Show the figures of another time."""

    period: str


def build_router() -> Router:
    router = Router(name="figures")
    router.message.register(diagnostics, Command("diagnostics"))
    router.callback_query.register(other_period, FiguresPeriod.filter())
    return router


async def diagnostics(
    message: Message,
    command: CommandObject,
    deps: ChatDeps,
    voice: Voice,
    user: User,
    is_admin: bool,
) -> None:
    word = (command.args or "today").strip().lower()
    await deps.posts.write_measures()
    period = period_of(word, deps.clock.now(), deps.zone)
    if period is None:
        post = await owned_post(deps, post_number(word), user, is_admin=is_admin)
        figures = await post_figures(deps.store, deps.posts, post)
        text, _ = join_whole(post_blocks(figures, deps.view()))
        await voice.tell(Markup(text))
        return
    text, report = await _period(deps, period, seen_chat(message, is_admin=is_admin))
    await voice.tell(text, _buttons(period.name))
    await _show_picture(message, report, deps)


async def other_period(
    query: CallbackQuery,
    callback_data: FiguresPeriod,
    deps: ChatDeps,
    voice: Voice,
    is_admin: bool,
) -> None:
    await voice.acknowledge()
    period = period_of(callback_data.period, deps.clock.now(), deps.zone)
    message = query.message
    if period is None or not isinstance(message, Message):
        return
    await deps.posts.write_measures()
    text, report = await _period(deps, period, seen_chat(message, is_admin=is_admin))
    await voice.show(text, _buttons(period.name))
    await _show_picture(message, report, deps)


async def _period(
    deps: ChatDeps, period: Period, chat_id: int | None
) -> tuple[Markup, PeriodFigures]:
    found = await deps.figures.diagnostics([period], Scope(chat_id=chat_id))
    report = found.periods[period.name]
    text, _ = join_whole(period_blocks(found, report))
    return Markup(text), report


def _buttons(shown: str) -> Rows:
    others = [name for name in PERIODS if name != shown]
    return [[button(f"figures_{name}", FiguresPeriod(period=name)) for name in others]]


async def _show_picture(message: Message, report: PeriodFigures, deps: ChatDeps) -> None:
    """Send a picture where there is something to see; without it the text says it all."""
    if not is_worth_drawing(report.course):
        return
    caption = plain(say("figures_caption", period=say(f"figures_{report.period}")))
    words = Words(
        title=caption,
        uploads=plain(say("figures_axis_uploads")),
        live=plain(say("figures_axis_live")),
        failed=plain(say("figures_axis_failed")),
        seconds=plain(say("figures_axis_seconds")),
    )
    labels = [step_label(point.at, report.period, deps.view()) for point in report.course]
    try:
        picture = await asyncio.to_thread(draw, report.course, labels, words)
        await message.answer_photo(BufferedInputFile(picture, "diagnostics.png"), caption=caption)
    except (ImportError, AiogramError) as error:
        logger.info("no_picture", extra={"why": type(error).__name__})
