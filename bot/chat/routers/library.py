"""The library: /library, its pages and filters, and words in reply to them."""

from __future__ import annotations

from typing import Any

from aiogram import F, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message, User

from bot.chat.boards import draw_board
from bot.chat.deps import ChatDeps
from bot.chat.library_facts import LIST, Viewer
from bot.chat.library_text import LibraryAction
from bot.chat.player import Wish
from bot.chat.routers import asset as one_asset
from bot.chat.routers.owned import LARGEST_ID
from bot.chat.texts import Markup, plain, say, spoken
from bot.chat.voice import Voice
from core.errors import RefusedError
from core.posts.boards import Board
from core.studio.add_line import read_add
from core.studio.mashup import AssetKind
from core.studio.telling import VIEW
from core.studio.views import Filters, LibraryView

LONGEST_SEARCH = 100
MENUS = frozenset({"kind", "mood", "platform", "tag", "stats"})


def build_router() -> Router:
    router = Router(name="library")
    router.message.register(library, Command("library"))
    router.message.register(reply, F.text & F.reply_to_message, answers_view)
    router.callback_query.register(press, LibraryAction.filter())
    return router


async def library(
    message: Message,
    command: CommandObject,
    deps: ChatDeps,
    voice: Voice,
    user: User,
    is_admin: bool,
) -> None:
    """Show the library, all of it or what is looked for."""
    filters = read_filters(command.args or "")
    await open_view(deps, voice, message, Viewer(deps, user, is_admin=is_admin), filters)


def read_filters(text: str) -> Filters:
    """Return what a person looks for: a kind, a tag, a mood, a platform, a category, and words."""
    line = read_add(text)
    return Filters(
        kind=line.kind,
        platform=line.platform,
        mood=line.mood,
        category=line.category,
        tag=min(line.tags, default=""),
        text=line.name[:LONGEST_SEARCH],
    )


async def open_view(
    deps: ChatDeps,
    voice: Voice,
    message: Message,
    viewer: Viewer,
    filters: Filters,
    asset_id: int | None = None,
) -> None:
    """Show the library, or one file of it, in a message of its own."""
    draft = LibraryView(
        chat_id=message.chat.id,
        user_id=viewer.user_id,
        message_id=message.message_id,
        filters=filters,
        menu=LIST if asset_id is None else "asset",
        asset_id=asset_id,
    )
    facts = await viewer.facts(draft)
    async with deps.store.transaction() as tx:
        if await deps.posts.see_update(tx, voice.update_id):
            view = await deps.views.create(tx, draft)
            await deps.posts.put_board(
                view.board,
                VIEW,
                {**facts, "view_id": view.id},
                chat_id=view.chat_id,
                reply_to=view.message_id,
                tx=tx,
            )
            tx.after_commit(deps.posts.changed)
    voice.has_spoken = True


async def press(
    query: CallbackQuery,
    callback_data: LibraryAction,
    deps: ChatDeps,
    voice: Voice,
    user: User,
    is_admin: bool,
) -> None:
    """Do what a button says and draw the message again."""
    view = await _owned(deps, voice, callback_data.view_id, user, is_admin=is_admin)
    viewer = Viewer(deps, user, is_admin=is_admin)
    pressed = callback_data
    if pressed.action in one_asset.SENT:
        await _send(query, deps, voice, view, pressed)
        return
    await voice.acknowledge()
    if pressed.action in one_asset.ACTIONS:
        facts = await one_asset.act(deps, viewer, view, pressed)
    else:
        facts = await viewer.facts(await _turned(deps, viewer, view, pressed))
    await show(deps, voice, view, facts)


async def show(deps: ChatDeps, voice: Voice, view: LibraryView, facts: dict[str, Any]) -> None:
    """Change the message whose button was pressed."""
    drawn = draw_board(Board(name=view.board, sentence=VIEW, facts=facts))
    await deps.posts.show_board(view.board, VIEW, facts, drawn.digest)
    await voice.show(Markup(drawn.text), drawn.rows)


async def _turned(
    deps: ChatDeps, viewer: Viewer, view: LibraryView, pressed: LibraryAction
) -> LibraryView:
    """Return what is shown after a button about the list."""
    match pressed.action:
        case "list":
            return await deps.views.save(view, menu=LIST)
        case "page":
            return await deps.views.save(view, menu=LIST, page=max(1, pressed.value))
        case "clear":
            return await deps.views.save(view, menu=LIST, page=1, filters=Filters())
        case menu if menu in MENUS:
            return await deps.views.save(view, menu=menu)
        case _:
            return await _filtered(deps, viewer, view, pressed)


async def _filtered(
    deps: ChatDeps, viewer: Viewer, view: LibraryView, pressed: LibraryAction
) -> LibraryView:
    """Return what is shown after something was chosen to look for."""
    verb, _, name = pressed.action.partition("_")
    if verb not in {"pick", "any"} or name != view.menu or name not in Filters.model_fields:
        raise RefusedError("old_button")
    chosen: object = None if name == "kind" else ""
    if verb == "pick":
        is_kind = name == "kind"
        chosen = _kind(pressed.value) if is_kind else await viewer.word(view, pressed.value)
    filters = view.filters.model_copy(update={name: chosen})
    return await deps.views.save(view, menu=LIST, page=1, filters=filters)


def _kind(value: int) -> AssetKind:
    kinds = list(AssetKind)
    if not 0 <= value < len(kinds):
        raise RefusedError("old_button")
    return kinds[value]


async def _send(
    query: CallbackQuery, deps: ChatDeps, voice: Voice, view: LibraryView, pressed: LibraryAction
) -> None:
    """Send a file itself, or the pictures of a page."""
    ids = [pressed.value]
    if pressed.action == "pictures":
        board = await deps.posts.board(view.board)
        ids = [int(one["id"]) for one in (board.facts.get("rows", []) if board else [])]
    elif not 0 < pressed.value < LARGEST_ID:
        ids = []
    if not ids or not isinstance(query.message, Message):
        raise RefusedError("old_button")
    wish = Wish(
        chat_id=query.message.chat.id,
        reply_to=query.message.message_id,
        asset_ids=ids,
        language=spoken(),
        as_pictures=pressed.action == "pictures",
    )
    deps.player.ask(wish)
    await voice.acknowledge(plain(say("library_play_asked")))


async def answers_view(message: Message, deps: ChatDeps) -> dict[str, Any] | bool:
    """Tell whether a message is a reply to what somebody sees of the library, and to which."""
    about = message.reply_to_message
    if about is None or (message.text or "").startswith("/"):
        return False
    view = await deps.views.by_message(message.chat.id, about.message_id)
    return {"view": view} if view is not None else False


async def reply(
    message: Message, view: LibraryView, deps: ChatDeps, voice: Voice, user: User, is_admin: bool
) -> None:
    """Take words as what is looked for, or as what is said of the file that is shown.

    The answer is a message of its own: the one that is replied to may stand far above.
    """
    viewer, words = Viewer(deps, user, is_admin=is_admin), (message.text or "").strip()
    if view.user_id != user.id and not is_admin:
        raise RefusedError("library_other_list")
    if view.asset_id is not None and view.menu not in {LIST, *MENUS}:
        await one_asset.say_of(deps, viewer, view, words)
        await open_view(deps, voice, message, viewer, view.filters, view.asset_id)
        return
    filters = view.filters.model_copy(update={"text": words[:LONGEST_SEARCH]})
    await open_view(deps, voice, message, viewer, filters)


async def _owned(
    deps: ChatDeps, voice: Voice, view_id: int, user: User, *, is_admin: bool
) -> LibraryView:
    """Return a view that this person may change.

    Raises:
        RefusedError: ``library_closed`` or ``library_other_list``.
    """
    view = await deps.views.get(view_id) if 0 < view_id < LARGEST_ID else None
    if view is None or (view.user_id != user.id and not is_admin):
        await voice.acknowledge()
        raise RefusedError("library_closed" if view is None else "library_other_list")
    return view
