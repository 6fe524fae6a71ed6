"""What failed, by cause: /failed with its buttons, and /retry of more than one post."""

from __future__ import annotations

import re

from aiogram import Router
from aiogram.filters import Command
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, Message, User

from bot.chat.deps import ChatDeps
from bot.chat.keyboards import Button, Rows, UploadAction, button
from bot.chat.letters_text import act_text, members_text, page_text
from bot.chat.refusals import platform_title
from bot.chat.routers.owned import LARGEST_ID
from bot.chat.texts import Markup, counted, say
from bot.chat.voice import Voice
from core.errors import RefusedError
from core.platforms.registry import platform_names
from core.posts.causes import Cure
from core.posts.letters import Letters, Scope

PAGE = 5
MEMBERS = 10
_CAUSE = re.compile(r"c(?:ause)?\s*#?(\d{1,18})")
_BATCH = re.compile(r"batch\s*#?(\d{1,18})")


class LetterAction(CallbackData, prefix="dl1"):
    """A button about failed uploads: replay, drop, show, list or undo.

    ``ref`` is a cause; of ``undo`` it is the drop, of ``list`` the page.
    """

    action: str
    ref: int


class ReplayAccount(CallbackData, prefix="dl2"):
    """Try again what failed for want of an account that is connected again."""

    account_id: int


def build_router() -> Router:
    router = Router(name="letters")
    router.message.register(failed, Command("failed"))
    router.callback_query.register(press, LetterAction.filter())
    router.callback_query.register(replay_account, ReplayAccount.filter())
    return router


async def failed(
    message: Message, deps: ChatDeps, voice: Voice, user: User, is_admin: bool
) -> None:
    """Show what failed, the largest group first."""
    del message
    await voice.tell(*await _page(deps, _mine(user, is_admin=is_admin), 0))


async def press(
    query: CallbackQuery,
    callback_data: LetterAction,
    deps: ChatDeps,
    voice: Voice,
    user: User,
    is_admin: bool,
) -> None:
    """Do what a button says; the list under which it stands is drawn again."""
    del query
    await voice.acknowledge()
    if not 0 <= callback_data.ref < LARGEST_ID:
        raise RefusedError("old_button")
    mine = _mine(user, is_admin=is_admin)
    match callback_data.action:
        case "list":
            await voice.show(*await _page(deps, mine, callback_data.ref))
        case "show":
            await voice.show(*await _group(deps, mine, callback_data.ref))
        case "undo":
            await _undo(deps, voice, mine, callback_data.ref)
        case "replay":
            scope = await _group_scope(deps, mine, callback_data.ref)
            await replay(deps, voice, scope, user)
            await voice.show(*await _page(deps, mine, 0))
        case "drop":
            scope = await _group_scope(deps, mine, callback_data.ref)
            await _drop(deps, voice, scope, user)
        case _:
            raise RefusedError("old_button")


async def replay_account(
    query: CallbackQuery,
    callback_data: ReplayAccount,
    deps: ChatDeps,
    voice: Voice,
    user: User,
    is_admin: bool,
) -> None:
    """Try again what an account left behind while it was not connected."""
    del query
    await voice.acknowledge()
    if not 0 < callback_data.account_id < LARGEST_ID:
        raise RefusedError("old_button")
    mine = _mine(user, is_admin=is_admin)
    scope = Scope(blamed=callback_data.account_id, user_id=mine.user_id)
    await voice.drop_buttons()
    await replay(deps, voice, scope, user)


async def replay(deps: ChatDeps, voice: Voice, scope: Scope, user: User) -> None:
    """Try a scope again and say what came of it."""
    chat_id = voice.message.chat.id if voice.message else 0
    progress = await deps.letters.replay(scope, user_id=user.id, chat_id=chat_id)
    await voice.tell(act_text(progress))


async def retry_scope(deps: ChatDeps, words: str, user: User, *, is_admin: bool) -> Scope | None:
    """Return what /retry means with these words; None where they name a post.

    Raises:
        RefusedError: ``unknown_retry``; they name nothing that can be tried again.
    """
    given = " ".join(words.split())
    word, owner = given.casefold(), _mine(user, is_admin=is_admin).user_id
    if not word or word.lstrip("#").isdecimal():
        return None
    if word in {"failed", "all"}:
        return Scope(user_id=owner)
    if word in platform_names():
        return Scope(user_id=owner, platform=word)
    if found := _BATCH.fullmatch(word):
        return Scope(user_id=owner, batch_id=int(found[1]))
    if found := _CAUSE.fullmatch(word):
        scope = Scope(user_id=owner, cause_id=int(found[1]))
        _ = await deps.letters.require(scope)
        return scope
    for account in await deps.posts.accounts():
        if word in {account.name.casefold(), f"{account.platform}:{account.name}".casefold()}:
            return Scope(user_id=owner, account_id=account.id)
    raise RefusedError("unknown_retry", given=given[:40])


async def _drop(deps: ChatDeps, voice: Voice, scope: Scope, user: User) -> None:
    """Put a group aside; the message lets one take it back."""
    chat_id = voice.message.chat.id if voice.message else 0
    progress = await deps.letters.drop(scope, user_id=user.id, chat_id=chat_id)
    rows = [[button("letters_undo", LetterAction(action="undo", ref=progress.id))]]
    await voice.show(act_text(progress), rows if progress.total else [])


async def _undo(deps: ChatDeps, voice: Voice, mine: Scope, act_id: int) -> None:
    listed = await deps.letters.undo(act_id, user_id=mine.user_id)
    if not listed:
        await voice.show(say("letters_nothing_undone"))
        return
    await voice.show(
        say("letters_undone", uploads=counted("uploads", listed)),
        [[button("letters_list", LetterAction(action="list", ref=0))]],
    )


async def _group_scope(deps: ChatDeps, mine: Scope, cause_id: int) -> Scope:
    scope = Scope(user_id=mine.user_id, cause_id=cause_id)
    _ = await deps.letters.require(scope)
    return scope


async def _page(deps: ChatDeps, mine: Scope, number: int) -> tuple[Markup, Rows]:
    page = await deps.letters.page(mine, number, PAGE)
    rows = [_buttons(group) for group in page.groups]
    return page_text(page, deps.view().moment), [*rows, _turns(page.number, page.pages)]


async def _group(deps: ChatDeps, mine: Scope, cause_id: int) -> tuple[Markup, Rows]:
    """Return one group with its latest uploads; where a person must look, with the question."""
    scope = await _group_scope(deps, mine, cause_id)
    group = await deps.letters.require(scope)
    uploads = await deps.letters.members(scope, MEMBERS)
    members = [(upload, await deps.posts.get(upload.post_id)) for upload in uploads]
    asked = uploads if group.cure is Cure.DECIDE else []
    questions = [
        [
            Button(text=f"{upload.post_id} {one.text}", data=one.data)
            for one in (
                button(
                    word,
                    UploadAction(action=word, upload_id=upload.id),
                    platform=platform_title(upload.platform),
                )
                for word in ("live", "resend")
            )
        ]
        for upload in asked
    ]
    back = [button("letters_list", LetterAction(action="list", ref=0))]
    buttons = [one for one in _buttons(group) if ":show:" not in one.data]
    return members_text(group, members, deps.view().moment), [*questions, buttons, back]


def _buttons(group: Letters) -> list[Button]:
    actions = ["replay", "drop", "show"] if group.can_replay else ["drop", "show"]
    return [
        button(f"letters_{action}", LetterAction(action=action, ref=group.id), cause=group.id)
        for action in actions
    ]


def _turns(page: int, pages: int) -> list[Button]:
    turns = []
    if page > 0:
        turns.append(button("back", LetterAction(action="list", ref=page - 1)))
    if page < pages - 1:
        turns.append(button("next", LetterAction(action="list", ref=page + 1)))
    return turns


def _mine(user: User, *, is_admin: bool) -> Scope:
    """Return what a person may see: admins everything, others their own posts."""
    return Scope(user_id=0 if is_admin else user.id)
