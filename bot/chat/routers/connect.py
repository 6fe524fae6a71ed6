"""Connecting accounts: /connect, its links, pasted addresses, and choices among several."""

from __future__ import annotations

import logging
from datetime import timedelta

from aiogram import F, Router
from aiogram.exceptions import AiogramError
from aiogram.filters import Command
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, LinkPreviewOptions, Message, User

from bot.chat.connecting import login_title
from bot.chat.deps import ChatDeps
from bot.chat.keyboards import Button, Rows, button, link_button, markup
from bot.chat.refusals import refusal_text
from bot.chat.routers.owned import LARGEST_ID
from bot.chat.texts import Markup, say
from bot.chat.voice import Voice
from core.accounts.connector import is_pasted
from core.accounts.outcomes import Begun, Choose
from core.accounts.sign_in import SignIn
from core.errors import RefusedError
from core.posts.models import Account

logger = logging.getLogger(__name__)

TELEGRAM = "telegram"
WISH = "connect_channel:{}"
"""Fact: until when a forwarded post of a channel connects it, by user."""


class ConnectLogin(CallbackData, prefix="cn1"):
    """Make a link for a login; ``account_id`` is 0 for a new account."""

    login: str
    account_id: int


class ConnectChoice(CallbackData, prefix="cn2"):
    """Connect one of several candidates."""

    sign_in_id: int
    key: str


def build_router() -> Router:
    router = Router(name="connect")
    router.message.register(connect, Command("connect"))
    router.message.register(pasted, F.text.func(is_pasted))
    router.callback_query.register(login_pressed, ConnectLogin.filter())
    router.callback_query.register(choice_pressed, ConnectChoice.filter())
    return router


async def connect(message: Message, deps: ChatDeps, voice: Voice) -> None:
    del message
    if not voice.is_private:
        await voice.say("connect_in_private")
        return
    found = deps.connector.logins()
    rows = [[_login_button(sign_in.login)] for sign_in, obstacle in found if obstacle is None]
    lines = [_missing(sign_in, obstacle) for sign_in, obstacle in found if obstacle is not None]
    parts = [say("connect_ask" if rows else "connect_ask_none")]
    if lines:
        told = Markup("\n".join(lines))
        parts.append(say("connect_missing_apps", lines=told) if rows else told)
    if not deps.connector.reach().is_open:
        parts.append(say("connect_server_off"))
    await voice.tell(Markup("\n\n".join(parts)), [*rows, [_login_button(TELEGRAM)]])


async def login_pressed(
    query: CallbackQuery, callback_data: ConnectLogin, deps: ChatDeps, voice: Voice, user: User
) -> None:
    await voice.acknowledge()
    if not voice.is_private:
        await voice.say("connect_in_private")
        return
    if callback_data.login == TELEGRAM:
        await ask_for_channel(deps, voice, user)
        return
    if not 0 <= callback_data.account_id < LARGEST_ID:
        raise RefusedError("old_button")
    account_id = callback_data.account_id or None
    await _begin(query, callback_data.login, account_id, deps, voice, user)


async def connect_again(
    query: CallbackQuery,
    account: Account,
    deps: ChatDeps,
    voice: Voice,
    user: User,
    *,
    beside: bool = False,
) -> None:
    """Begin to connect a known account again: at once where there is one way, else ask which.

    ``beside`` leaves the pressed message as it is.
    """
    if account.platform == TELEGRAM:
        await ask_for_channel(deps, voice, user)
        return
    found = deps.connector.logins(account.platform)
    usable = [sign_in for sign_in, obstacle in found if obstacle is None]
    if len(usable) > 1:
        rows = [[_login_button(sign_in.login, account.id)] for sign_in in usable]
        await voice.tell(say("connect_link_again", name=account.name), rows)
        return
    if not usable and found and found[0][1] is not None:
        raise found[0][1]
    for sign_in in usable:
        await _begin(query, sign_in.login, account.id, deps, voice, user, beside=beside)


async def ask_for_channel(deps: ChatDeps, voice: Voice, user: User) -> None:
    """Say how a channel is connected; a forwarded post of one is taken for it for a while."""
    life = timedelta(seconds=deps.connector.link_seconds)
    until = deps.clock.now() + life
    await deps.posts.set_fact(WISH.format(user.id), str(until.timestamp()))
    await voice.say("connect_telegram", minutes=deps.connector.link_seconds // 60)


async def pasted(message: Message, deps: ChatDeps, voice: Voice, user: User) -> None:
    """Take the address of a page that did not open; the news of it come with its commit."""
    text = message.text or ""
    try:
        await deps.connector.paste(text, user_id=user.id)
    except RefusedError as refusal:
        login, account_id = await deps.connector.pasted_for(text, user_id=user.id)
        data = ConnectLogin(login=login, account_id=account_id)
        rows = [[button("connect_again", data)]] if login else []
        await voice.tell(refusal_text(refusal.key, refusal.facts), rows)


async def choice_pressed(
    query: CallbackQuery, callback_data: ConnectChoice, deps: ChatDeps, voice: Voice, user: User
) -> None:
    await voice.acknowledge()
    sign_in_id, key = callback_data.sign_in_id, callback_data.key
    if not 0 < sign_in_id < LARGEST_ID:
        raise RefusedError("old_button")
    outcome = await deps.connector.choose(sign_in_id, key, user_id=user.id)
    if isinstance(outcome, Choose):
        return
    rows = _rows_without(query, callback_data.pack())
    more = outcome.left and rows
    await voice.show(say("connect_choose_more" if more else "connect_chosen_all"), rows)


async def _begin(
    query: CallbackQuery,
    login: str,
    account_id: int | None,
    deps: ChatDeps,
    voice: Voice,
    user: User,
    *,
    beside: bool = False,
) -> None:
    begun = await deps.connector.begin(
        login, user_id=user.id, chat_id=user.id, account_id=account_id
    )
    text, rows = link_message(begun, deps.view().moment(begun.expires_at))
    if begun.again:
        text = Markup(f"{text}\n\n{say('connect_link_again', name=begun.again)}")
    again = ConnectLogin(login=login, account_id=account_id or 0)
    await _show_link(query, text, rows, voice, again, beside=beside)


def link_message(begun: Begun, until: str) -> tuple[Markup, Rows]:
    """Return what is said with the links of a sign-in, by how a person comes back from it."""
    facts = {"login": login_title(begun.login), "until": until}
    if not begun.paste_link:
        return say("connect_link", **facts), [[link_button("sign_in", begun.link)]]
    if not begun.link:
        return say("connect_link_paste", **facts), [[link_button("sign_in", begun.paste_link)]]
    # Its address stands in the text: Telegram may refuse a button that leads to this computer,
    # and the whole message with it.
    rows = [[link_button("sign_in_elsewhere", begun.paste_link)]]
    return say("connect_link_both", url=begun.link, **facts), rows


async def _show_link(
    query: CallbackQuery,
    html: Markup,
    rows: Rows,
    voice: Voice,
    again: ConnectLogin,
    *,
    beside: bool,
) -> None:
    """Show it in place of the pressed message, or at once as a new one below it.

    Links never lie in the outbox, nor anywhere.
    """
    if isinstance(query.message, Message):
        show = query.message.answer if beside else query.message.edit_text
        try:
            await show(
                html,
                reply_markup=markup(rows),
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        except AiogramError as error:
            logger.info("link_not_shown", extra={"why": type(error).__name__})
        else:
            return
    await voice.say("connect_link_failed", [[button("connect_again", again)]])


def _login_button(login: str, account_id: int = 0) -> Button:
    data = ConnectLogin(login=login, account_id=account_id)
    return button("login", data, login=login_title(login))


def _missing(sign_in: SignIn, obstacle: RefusedError) -> Markup:
    """Return what is to be set before a login can be used."""
    key = (
        "connect_app_needs_https" if obstacle.key == "connect_needs_https" else "connect_app_unset"
    )
    why = say(key, app=sign_in.app)
    return say("connect_missing_app", login=login_title(sign_in.login), why=why)


def _rows_without(query: CallbackQuery, data: str) -> Rows:
    """Return the keyboard of the pressed message without one button."""
    keyboard = query.message.reply_markup if isinstance(query.message, Message) else None
    kept = [one for row in (keyboard.inline_keyboard if keyboard else []) for one in row]
    return [
        [Button(text=one.text, data=one.callback_data or "")]
        for one in kept
        if one.callback_data != data
    ]
