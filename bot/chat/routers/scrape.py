"""Pages of links: /scrape, the list that it leads to, and the pull that follows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from aiogram import F, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message, User

from bot.chat.boards import draw_board
from bot.chat.deps import ChatDeps
from bot.chat.routers.owned import LARGEST_ID
from bot.chat.scrape_text import LookAction
from bot.chat.texts import Markup
from bot.chat.voice import Voice
from bot.scrape_words import as_refusal
from core.errors import RefusedError, SourceError
from core.posts.boards import Board
from core.sources.pages import picking, telling
from core.sources.pages.addresses import host_of
from core.sources.pages.links import PageError, PageFinding
from core.sources.pages.look import FoundLink, Look, LookState, PullMode, Wanted, offered
from core.sources.pages.scraper import require_web
from core.sources.pages.wording import check_words

MOST_AT_ONCE = 5
"""Looks and pulls of one person that are worked on at the same time."""
CHOICES = frozenset({"all", "new", "none", "pick", "upto"})
"""Buttons that change what is chosen."""
VIEWS = frozenset({"list", "page", "size", "match", "mode"})
"""Buttons that change what is shown."""


def build_router() -> Router:
    router = Router(name="scrape")
    router.message.register(scrape, Command("scrape"))
    router.message.register(pattern, F.text & F.reply_to_message, answers_list)
    router.callback_query.register(press, LookAction.filter())
    return router


async def scrape(
    message: Message, command: CommandObject, deps: ChatDeps, voice: Voice, user: User
) -> None:
    """Take an address in; the list comes when the pages are read."""
    url, _, lines = (command.args or "").strip().partition("\n")
    if not url or " " in url:
        raise RefusedError("scrape_usage")
    await _begin(message, deps, voice, user, require_page(deps, url), lines.strip())


def require_page(deps: ChatDeps, url: str) -> str:
    """Return the address of a page that may be asked.

    Raises:
        RefusedError: it is no web address, or surely leads into a private network.
    """
    try:
        asked = require_web(url)
        _ = deps.guard.check(asked)
    except PageError as error:
        raise as_refusal(error.finding) from error
    except SourceError as error:
        key = "page_bad_url" if error.key == "bad_url" else "page_private"
        raise as_refusal(PageFinding(key=key, facts=error.facts)) from error
    return asked


async def _begin(
    message: Message, deps: ChatDeps, voice: Voice, user: User, url: str, caption: str
) -> None:
    check_words(caption)
    await deps.intake.require_words(caption)
    working = [look for look in await deps.looks.unfinished() if look.user_id == user.id]
    if len(working) >= MOST_AT_ONCE:
        raise RefusedError("scrape_many", most=MOST_AT_ONCE)
    wanted = Wanted(
        url=url,
        caption=caption,
        mode=deps.looks.mode,
        smallest_first=deps.looks.smallest_first,
        chat_id=message.chat.id,
        user_id=user.id,
        message_id=message.message_id,
    )
    async with deps.store.transaction() as tx:
        if await deps.posts.see_update(tx, voice.update_id):
            look_id = await deps.looks.create(tx, wanted, read=True)
            await deps.posts.put_board(
                f"look:{look_id}",
                telling.READING,
                {"look_id": look_id, "host": host_of(url), "pages": 0, "links": 0},
                chat_id=message.chat.id,
                reply_to=message.message_id,
                tx=tx,
            )
            tx.after_commit(deps.posts.changed)
    voice.has_spoken = True


async def press(
    query: CallbackQuery,
    callback_data: LookAction,
    deps: ChatDeps,
    voice: Voice,
    user: User,
    is_admin: bool,
) -> None:
    """Do what a button says and draw the message again."""
    await voice.acknowledge()
    look = await owned_look(deps, callback_data.look_id, user, is_admin=is_admin)
    action = callback_data.action
    if action == "cancel":
        await deps.looks.move(_require(look, LookState.PULLING), LookState.CANCELLING)
        await _show_pull(deps, voice, look)
    elif action == "again":
        if isinstance(query.message, Message):
            await _begin(query.message, deps, voice, user, look.url, look.caption)
    else:
        await _press_list(deps, voice, _require(look, LookState.OPEN), callback_data)


async def owned_look(deps: ChatDeps, look_id: int, user: User, *, is_admin: bool) -> Look:
    """Return a look that this person may see and change.

    Raises:
        RefusedError: ``scrape_unknown`` or ``not_allowed``.
    """
    if not 0 < look_id < LARGEST_ID:
        raise RefusedError("scrape_unknown")
    look = await deps.looks.require(look_id)
    if not is_admin and look.user_id != user.id:
        raise RefusedError("not_allowed")
    return look


def _require(look: Look, state: LookState) -> Look:
    if look.state is not state:
        raise RefusedError("scrape_closed")
    return look


async def _press_list(deps: ChatDeps, voice: Voice, look: Look, pressed: LookAction) -> None:
    match pressed.action:
        case action if action in CHOICES:
            await _choose(deps, look, pressed)
        case action if action in VIEWS:
            await _view(deps, look, pressed)
        case "go":
            await _go(deps, voice, look)
            return
        case "leave":
            await deps.looks.move(look, LookState.LEFT)
            facts = {"look_id": look.id, "host": host_of(look.url)}
            await _show(deps, voice, look, telling.LEFT, facts, final=True)
            return
        case _:
            raise RefusedError("old_button")
    await show_list(deps, voice, look.id)


async def _choose(deps: ChatDeps, look: Look, pressed: LookAction) -> None:
    links = offered(await deps.looks.links(look.id))
    if pressed.action == "pick":
        await deps.looks.pick(look.id, _toggled(links, pressed.value))
    else:
        chosen = _chosen(links, pressed)
        await deps.looks.pick(look.id, only(links, chosen))
    await deps.looks.view(look)


def _toggled(links: Iterable[FoundLink], number: int) -> dict[int, bool]:
    return {one.number: not one.is_picked for one in links if one.number == number}


def _chosen(links: list[FoundLink], pressed: LookAction) -> list[FoundLink]:
    match pressed.action:
        case "all":
            return links
        case "new":
            return picking.new(links)
        case "upto":
            return picking.up_to(picking.new(links), pressed.value)
        case _:
            return []


def only(links: Iterable[FoundLink], chosen: Iterable[FoundLink]) -> dict[int, bool]:
    """Return what makes exactly these the picked ones."""
    numbers = {one.number for one in chosen}
    return {
        one.number: one.number in numbers
        for one in links
        if one.is_picked != (one.number in numbers)
    }


async def _view(deps: ChatDeps, look: Look, pressed: LookAction) -> None:
    match pressed.action:
        case "page":
            await deps.looks.view(look, page=max(0, pressed.value))
        case "size" | "match":
            await deps.looks.view(look, menu=pressed.action)
        case "mode":
            modes = list(PullMode)
            following = modes[(modes.index(look.mode) + 1) % len(modes)]
            await deps.looks.view(look, mode=following)
        case _:
            await deps.looks.view(look)


async def _go(deps: ChatDeps, voice: Voice, look: Look) -> None:
    """Let the pull begin; from now on the message is its card."""
    links = offered(await deps.looks.links(look.id))
    if not any(one.is_picked for one in links):
        raise RefusedError("scrape_nothing_picked")
    await deps.intake.require_words(look.caption)
    await deps.looks.move(look, LookState.PULLING)
    await _show_pull(deps, voice, look)


async def _show_pull(deps: ChatDeps, voice: Voice, look: Look) -> None:
    fresh = await deps.looks.require(look.id)
    facts = telling.pull_facts(fresh, await deps.looks.tally(look.id))
    await _show(deps, voice, fresh, telling.PULL, facts)
    deps.posts.changed()


async def answers_list(message: Message, deps: ChatDeps) -> dict[str, Any] | bool:
    """Tell whether a message is a reply to a list, and to which."""
    if message.reply_to_message is None or (message.text or "").startswith("/"):
        return False
    look = await deps.looks.by_message(message.chat.id, message.reply_to_message.message_id)
    return {"look": look} if look is not None else False


async def pattern(
    message: Message, look: Look, deps: ChatDeps, voice: Voice, user: User, is_admin: bool
) -> None:
    """Choose those videos whose name matches."""
    if look.user_id != user.id and not is_admin:
        raise RefusedError("not_allowed")
    links = offered(await deps.looks.links(_require(look, LookState.OPEN).id))
    chosen = picking.matching(links, message.text or "")
    await deps.looks.pick(look.id, only(links, chosen))
    await deps.looks.view(look, page=_page_of(links, chosen), menu="" if chosen else "unmatched")
    await show_list(deps, voice, look.id)


def _page_of(links: list[FoundLink], chosen: list[FoundLink]) -> int:
    """Return the page that shows the first of those that were chosen."""
    return links.index(chosen[0]) // telling.A_PAGE if chosen else 0


async def show_list(deps: ChatDeps, voice: Voice, look_id: int) -> None:
    look = await deps.looks.require(look_id)
    facts = telling.list_facts(look, await deps.looks.links(look_id))
    await _show(deps, voice, look, telling.LIST, facts)


async def _show(
    deps: ChatDeps,
    voice: Voice,
    look: Look,
    sentence: str,
    facts: dict[str, Any],
    *,
    final: bool = False,
) -> None:
    """Change the message: at once where a button was pressed on it, else when its turn comes."""
    if not voice.is_press:
        await deps.posts.put_board(
            look.board, sentence, facts, chat_id=look.chat_id, reply_to=look.message_id
        )
        deps.posts.changed()
        return
    drawn = draw_board(Board(name=look.board, sentence=sentence, facts=facts))
    await deps.posts.show_board(look.board, sentence, facts, drawn.digest, final=final)
    await voice.show(Markup(drawn.text), drawn.rows)
