"""Accounts that are connected: /accounts, /account, and the buttons of their pages."""

from __future__ import annotations

import logging
from typing import Any

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message, User

from bot.chat.account_page import (
    OURS,
    AccountAction,
    choices,
    cycled,
    draw_account,
    draw_list,
    draw_question,
)
from bot.chat.deps import ChatDeps
from bot.chat.keyboards import Rows
from bot.chat.refusals import platform_title
from bot.chat.routers.connect import connect_again
from bot.chat.routers.owned import LARGEST_ID
from bot.chat.texts import Markup, counted, say
from bot.chat.voice import Voice
from core.accounts.book import Disconnected
from core.errors import RefusedError
from core.platforms.base import Capabilities
from core.platforms.registry import require_platform
from core.posts.models import Account
from core.posts.options import read_option, rule_of

logger = logging.getLogger(__name__)

NOTHING = frozenset({"-", "–", "none"})
"""Values that take a default away."""
ON, OFF = frozenset({"on", "yes"}), frozenset({"off", "no"})
MOST_TAGS = 60
MOST_TAG_SIGNS = 500
"""Source: developers.google.com/youtube/v3/docs/videos, snippet.tags[], 2026: the most of all."""


def build_router() -> Router:
    router = Router(name="accounts")
    router.message.register(accounts, Command("accounts"))
    router.message.register(account, Command("account"))
    router.callback_query.register(press, AccountAction.filter())
    return router


async def accounts(message: Message, deps: ChatDeps, voice: Voice) -> None:
    del message
    await voice.tell(*await draw_list(deps, 0))


async def account(
    message: Message,
    command: CommandObject,
    deps: ChatDeps,
    voice: Voice,
    user: User,
    is_admin: bool,
) -> None:
    """Show an account, or change it: ``/account 3 privacy private``."""
    del message
    whole = (command.args or "").strip()
    word, _, order = whole.partition(" ")
    if not word:
        raise RefusedError("account_usage")
    found = await deps.book.find(word)
    if found is None and (found := await deps.book.find(whole)) is not None:
        # A name of several words.
        order = ""
    if found is None:
        raise RefusedError("account_unknown", given=word[:40])
    may_change = is_admin or found.owner_id == user.id
    if not order.strip():
        await voice.tell(*await draw_account(deps, found, may_change=may_change))
        return
    _require(may_change)
    key, _, value = order.strip().partition(" ")
    await voice.tell(*await _ordered(deps, found, key.casefold(), value.strip()))


async def press(
    query: CallbackQuery,
    callback_data: AccountAction,
    deps: ChatDeps,
    voice: Voice,
    user: User,
    is_admin: bool,
) -> None:
    """Do what a button says and draw the page again."""
    await voice.acknowledge()
    if callback_data.action == "list":
        await voice.show(*await draw_list(deps, _number(callback_data.value)))
        return
    found = await _account(deps, callback_data.account_id)
    may_change = is_admin or found.owner_id == user.id
    if callback_data.action == "open":
        await voice.show(*await draw_account(deps, found, may_change=may_change))
        return
    _require(may_change)
    if callback_data.action == "again" and not voice.is_private:
        await voice.say("connect_in_private")
        return
    if callback_data.action == "again":
        await connect_again(query, found, deps, voice, user)
        return
    await voice.show(*await _pressed(deps, found, callback_data))


async def _pressed(deps: ChatDeps, found: Account, wanted: AccountAction) -> tuple[Markup, Rows]:
    """Carry out a button; returns what is shown then."""
    match wanted.action:
        case "default":
            await _cycle(deps, found, wanted.value)
        case "target":
            await deps.book.set_target(found.id, not found.is_target)
        case "rename" | "tags":
            how = say(f"account_{wanted.action}_how", account_id=found.id)
            return await _page(deps, found.id, how)
        case "leave":
            return _farewell(found, await deps.book.disconnect(found.id)), []
        case "pause" | "resume" | "check" | "disconnect":
            return await _ordered(deps, found, wanted.action, "")
        case _:
            raise RefusedError("old_button")
    return await _page(deps, found.id)


async def _ordered(deps: ChatDeps, found: Account, key: str, value: str) -> tuple[Markup, Rows]:
    """Carry out what was written; returns what is shown then."""
    note: Markup | None = None
    match key:
        case "pause":
            await deps.book.pause(found.id)
            note = say("account_pause_note")
        case "resume":
            await deps.book.resume(found.id)
        case "check":
            note = await _check(deps, found)
        case "disconnect":
            return draw_question(found, await deps.book.count_waiting(found.id))
        case "name" | "rename":
            await deps.book.rename(found.id, value)
        case "target":
            await deps.book.set_target(found.id, _read_switch(value))
        case _:
            await deps.book.set_default(found.id, key, _read_default(found, key, value))
    return await _page(deps, found.id, note)


async def _check(deps: ChatDeps, found: Account) -> Markup:
    why = await deps.book.check_now(found.id, require_platform(found.platform))
    return say("account_check_failed", why=why.rstrip(".")) if why else say("account_checked")


async def _cycle(deps: ChatDeps, found: Account, key: str) -> None:
    """Give a default its next value; after the last one it has none again."""
    capabilities = require_platform(found.platform).capabilities
    if key not in cycled(capabilities):
        raise RefusedError("old_button")
    values: list[str | None] = [None, *choices(capabilities, key)]
    now = found.defaults.get(key)
    following = values.index(now) + 1 if now in values else 0
    await deps.book.set_default(found.id, key, values[following % len(values)])


def _read_default(found: Account, key: str, value: str) -> Any:  # noqa: ANN401 - text or a list
    """Return the canonical value of a default; None takes it away.

    Raises:
        RefusedError: the platform has no such default, or this is no value of it.
    """
    capabilities = require_platform(found.platform).capabilities
    known = ["privacy", "tags", *OURS, *capabilities.options]
    if key not in known:
        title = platform_title(found.platform)
        raise RefusedError("account_no_option", platform=title, word=key[:40], known=known)
    if value.casefold() in NOTHING:
        return None
    if not value:
        raise RefusedError("account_no_value", word=key, known=_values(capabilities, key))
    if key == "tags":
        return _read_tags(value)
    if key != "privacy":
        return _read_option(capabilities, key, value)
    allowed = choices(capabilities, key)
    if value.casefold() not in allowed:
        raise RefusedError("account_bad_value", word=key, given=value[:40], known=list(allowed))
    return value.casefold()


def _read_option(capabilities: Capabilities, key: str, value: str) -> str:
    """Return the canonical value; what the refusal of a caption says does not help here."""
    try:
        return read_option(key, value)
    except RefusedError as error:
        known = _values(capabilities, key)
        raise RefusedError("account_bad_value", word=key, given=value[:40], known=known) from error


def _values(capabilities: Capabilities, key: str) -> list[str]:
    """Return the values that a default takes, as people write them, or examples of them."""
    if key == "tags":
        return ["one", "two"]
    if key == "privacy":
        return list(choices(capabilities, key))
    rule = rule_of(key)
    return list(rule.choices) if rule else []


def _read_tags(value: str) -> list[str]:
    tags = [tag.strip().lstrip("#") for tag in value.split(",")]
    kept = [tag for tag in dict.fromkeys(tags) if tag][:MOST_TAGS]
    if not kept or sum(map(len, kept)) > MOST_TAG_SIGNS:
        known = f"one, two, up to {MOST_TAG_SIGNS} signs in all"
        raise RefusedError("account_bad_value", word="tags", given=value[:40], known=known)
    return kept


def _read_switch(value: str) -> bool:
    if value.casefold() not in ON | OFF:
        raise RefusedError("account_bad_value", word="target", given=value[:40], known="on, off")
    return value.casefold() in ON


def _farewell(found: Account, outcome: Disconnected) -> Markup:
    title = platform_title(found.platform)
    lines = [say("account_gone", name=found.name, platform=title)]
    if not outcome.revoked:
        why = outcome.why.rstrip(".")
        lines.append(say("account_gone_by_hand", why=why, remove_at=outcome.remove_at))
    if outcome.failed:
        lines.append(say("account_gone_uploads", failed=counted("uploads", outcome.failed)))
    if outcome.returns:
        lines.append(say("account_gone_returns"))
    return Markup("\n".join(lines))


async def _page(
    deps: ChatDeps, account_id: int, note: Markup | None = None
) -> tuple[Markup, Rows]:
    fresh = await _account(deps, account_id)
    return await draw_account(deps, fresh, may_change=True, note=note)


async def _account(deps: ChatDeps, account_id: int) -> Account:
    found = await deps.book.get(account_id) if 0 < account_id < LARGEST_ID else None
    if found is None or found.state == "removed":
        raise RefusedError("account_unknown", given=account_id)
    return found


def _require(may_change: bool) -> None:
    if not may_change:
        raise RefusedError("account_not_yours")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
