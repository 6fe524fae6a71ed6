"""/doctor: what is wrong, with buttons that do something about it, and a report to share."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from aiogram import Bot, Router
from aiogram.exceptions import AiogramError
from aiogram.filters import Command
from aiogram.filters.callback_data import CallbackData
from aiogram.types import BufferedInputFile, CallbackQuery, Message, User

from bot.chat.actions import retry_failed
from bot.chat.deps import ChatDeps
from bot.chat.keyboards import Button, Rows, button
from bot.chat.routers.connect import connect_again
from bot.chat.routers.owned import LARGEST_ID
from bot.chat.texts import Markup, human, say
from bot.chat.voice import Voice
from bot.diagnosis.doctor import Doctor
from bot.diagnosis.findings import Action, Finding, State
from bot.diagnosis.report import write_report
from core.errors import RefusedError
from core.store.errors import StoreError
from utils.http import redact

logger = logging.getLogger(__name__)

MOST_ROOM = 3800
"""Signs of one answer, below the 4096 that a message may have.

Source: core.telegram.org/bots/api, sendMessage, 2026-06-18.
"""
MOST_BUTTONS = 8
ORDER = {State.BROKEN: 0, State.WARNING: 1, State.OK: 2}


class Ward(CallbackData, prefix="d1"):
    """A button of the doctor: an `Action`, ``again`` or ``report``; the target is an account."""

    what: str
    target: int = 0


def build_router() -> Router:
    router = Router(name="doctor")
    router.message.register(doctor, Command("doctor"))
    router.callback_query.register(treat, Ward.filter())
    return router


async def doctor(message: Message, deps: ChatDeps, voice: Voice, is_admin: bool) -> None:
    del message
    if not is_admin:
        raise RefusedError("admins_only")
    findings = await _require(deps).examine()
    await voice.tell(*show(findings))


async def treat(
    query: CallbackQuery,
    callback_data: Ward,
    deps: ChatDeps,
    voice: Voice,
    bot: Bot,
    user: User,
    is_admin: bool,
) -> None:
    await voice.acknowledge()
    if not is_admin:
        raise RefusedError("admins_only")
    if callback_data.what == "again":
        await voice.show(*show(await _require(deps).examine()))
    elif callback_data.what == Action.CONNECT.value:
        await _connect(query, callback_data.target, deps, voice, user)
    elif callback_data.what == "report":
        await _send_report(query, _require(deps), voice, bot)
    else:
        await voice.tell(await _treatment(callback_data, deps, bot, user)())
        logger.info("doctor_acted", extra={"what": callback_data.what, "user": user.id})


def _treatment(
    wanted: Ward, deps: ChatDeps, bot: Bot, user: User
) -> Callable[[], Awaitable[Markup]]:
    """Return what a button does.

    Raises:
        RefusedError: ``old_button``, for a button of another version.
    """
    patient = _require(deps)

    async def resume() -> Markup:
        return say("doctor_resumed", account=await patient.resume(wanted.target))

    async def retry() -> Markup:
        return await retry_failed(deps, user)

    async def drop_webhook() -> Markup:
        await bot.delete_webhook()
        return say("doctor_webhook_dropped")

    async def back_up() -> Markup:
        try:
            made = await patient.back_up()
        except (StoreError, OSError) as error:
            return say("doctor_backup_failed", why=redact(str(error)))
        return say("doctor_backed_up", path=made.path, size=human.size(made.size_bytes))

    treatments = {
        Action.RESUME: resume,
        Action.RETRY: retry,
        Action.DROP_WEBHOOK: drop_webhook,
        Action.BACKUP: back_up,
    }
    if wanted.what not in treatments:
        raise RefusedError("old_button")
    return treatments[Action(wanted.what)]


async def _connect(
    query: CallbackQuery, account_id: int, deps: ChatDeps, voice: Voice, user: User
) -> None:
    """Begin to connect an account again; the report stays as it is."""
    if not voice.is_private:
        await voice.say("connect_in_private")
        return
    account = await deps.book.get(account_id) if 0 < account_id < LARGEST_ID else None
    if account is None or account.state == "removed":
        raise RefusedError("connect_unknown_account")
    await connect_again(query, account, deps, voice, user, beside=True)


async def _send_report(query: CallbackQuery, patient: Doctor, voice: Voice, bot: Bot) -> None:
    """Send the report as a document; it goes past the outbox, which keeps only words."""
    if not isinstance(query.message, Message):
        raise RefusedError("old_button")
    content = write_report(await patient.report())
    try:
        await bot.send_document(
            query.message.chat.id,
            BufferedInputFile(content, filename="karvon-report.json"),
            caption=say("doctor_report"),
        )
    except AiogramError as error:
        await voice.say("doctor_report_failed", why=type(error).__name__)


def show(findings: list[Finding]) -> tuple[Markup, Rows]:
    """Return the examination in words, the worst first, with buttons for what can be done."""
    ordered = sorted(findings, key=lambda finding: ORDER[finding.state])
    worst = ordered[0].state if ordered else State.OK
    lines = [say(f"doctor_head_{worst}"), Markup("")]
    room = MOST_ROOM
    for number, finding in enumerate(ordered):
        line = say(f"doctor_line_{finding.state}", text=finding.text, remedy=finding.remedy)
        room -= len(line) + 1
        if room < 0:
            lines.append(say("doctor_more", count=len(ordered) - number))
            break
        lines.append(line)
    return Markup("\n".join(lines)), _rows(ordered)


def _rows(findings: list[Finding]) -> Rows:
    """Return a row for each thing that can be done, once, and those that are always there."""
    rows = []
    seen = set()
    for finding in findings:
        if finding.action is not None and (finding.action, finding.target) not in seen:
            seen.add((finding.action, finding.target))
            rows.append([_button(finding.action, finding)])
    always = [
        button("doctor_again", Ward(what="again")),
        button("doctor_report", Ward(what="report")),
    ]
    return [*rows[:MOST_BUTTONS], always]


def _button(action: Action, finding: Finding) -> Button:
    key = f"doctor_{action}"
    return button(key, Ward(what=action.value, target=finding.target), **finding.facts)


def _require(deps: ChatDeps) -> Doctor:
    if deps.doctor is None:
        raise RefusedError("old_button")
    return deps.doctor
