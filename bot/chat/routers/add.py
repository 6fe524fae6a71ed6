"""Files for the library: /add with, before or in reply to one, or with a link; its questions."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from aiogram import F, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message, User

from bot.chat.add_text import AddAction, licence_of
from bot.chat.boards import draw_board
from bot.chat.brought import MEDIA, Carried, carried
from bot.chat.deps import ChatDeps
from bot.chat.library_facts import Viewer
from bot.chat.routers.library import open_view
from bot.chat.routers.owned import LARGEST_ID
from bot.chat.texts import Markup, say
from bot.chat.voice import Voice
from core.errors import RefusedError, TransitionError
from core.posts.boards import Board
from core.posts.linking import LinkWish, is_link, require_link
from core.posts.models import PostState
from core.sources.names import name_from_url
from core.studio.add_line import AddLine, read_add, read_kind
from core.studio.addition import Addition, AdditionState, Answers, Brought, Question
from core.studio.announced import Announced, announce, announced
from core.studio.assets import LONGEST_TEXT, MEDIA_OF, SETTABLE, clean_field
from core.studio.errors import StudioError
from core.studio.mashup import AssetKind
from core.studio.telling import ADDITION, addition_facts
from core.studio.views import Filters
from utils.http import redact


def build_router() -> Router:
    router = Router(name="add")
    router.message.register(add, Command("add"))
    router.message.register(add_more, F.media_group_id & ~F.caption, of_added_album)
    router.message.register(add_announced, was_announced)
    router.message.register(reply, F.text & F.reply_to_message, answers_question)
    router.callback_query.register(press, AddAction.filter())
    return router


async def add(
    message: Message, command: CommandObject, deps: ChatDeps, voice: Voice, user: User
) -> None:
    """Take a file in; what is not said yet is asked."""
    line = read_add(command.args or "")
    if message.reply_to_message is None and _found(message, line) == (None, ""):
        await _announce(message, command.args or "", deps, voice, user)
        return
    brought = _brought(message, line, user)
    if brought.source["kind"] == "http":
        require_link(LinkWish(url=str(brought.source["url"])), deps.guard)
    await _accept(deps, voice, brought)
    if message.reply_to_message is not None:
        await _drop_draft(deps, message.chat.id, message.reply_to_message.message_id, user)


async def _announce(
    message: Message, words: str, deps: ChatDeps, voice: Voice, user: User
) -> None:
    """Wait for the file that was meant; who forwards one with a line sends the line first."""
    line = Announced(words=words, at=message.date.timestamp())
    async with deps.store.transaction() as tx:
        await announce(tx, message.chat.id, user.id, line)
    asked = say("add_next")
    await voice.tell(asked if words.strip() else Markup(f"{say('add_usage')}\n{asked}"))


async def was_announced(message: Message, deps: ChatDeps, user: User) -> dict[str, Any] | bool:
    """Tell whether a message brings a file that `/add` was said of before, and what was said."""
    file = carried(message)
    if file is None or not file.media or (message.caption or "").startswith("/"):
        return False
    said = await announced(deps.store, message.chat.id, user.id)
    is_meant = said is not None and said.covers(
        message.date.timestamp(),
        is_forwarded=message.forward_origin is not None,
        has_words=bool(message.caption),
    )
    return {"said": said} if is_meant else False


async def add_announced(
    message: Message, said: Announced, deps: ChatDeps, voice: Voice, user: User
) -> None:
    """Take in a file that a line was sent for; the name in it is that of the first one."""
    line = read_add(said.words)
    brought = _brought(message, replace(line, name="") if said.is_taken else line, user)
    await _accept(deps, voice, brought, said)


async def _drop_draft(deps: ChatDeps, chat_id: int, message_id: int, user: User) -> None:
    """Ask no more for a caption of what turned out to be meant for the library."""
    post = await deps.posts.find_by_message(chat_id, message_id)
    if post is None or post.user_id != user.id:
        return
    if post.state is PostState.DRAFT and post.question == "caption":
        await deps.intake.choose(post.id, "cancel")


async def of_added_album(message: Message, deps: ChatDeps) -> dict[str, Any] | bool:
    """Tell whether a message belongs to an album that is being added, and to which file's."""
    album = message.media_group_id or ""
    first = await deps.additions.of_album(message.chat.id, album)
    return {"first": first} if first is not None and carried(message) else False


async def add_more(
    message: Message, first: Addition, deps: ChatDeps, voice: Voice, user: User
) -> None:
    """Take one more file of an album in: the same is said of it, but for its name."""
    said = first.answers
    line = AddLine(
        kind=said.kind,
        tags=frozenset(said.tags),
        **{name: getattr(said, name) for name in SETTABLE},
    )
    await _accept(deps, voice, _brought(message, line, user))


async def _accept(
    deps: ChatDeps, voice: Voice, brought: Brought, said: Announced | None = None
) -> None:
    deps.additions.require_size(brought)
    await deps.additions.require_room(brought.user_id)
    async with deps.store.transaction() as tx:
        if await deps.posts.see_update(tx, voice.update_id):
            await deps.additions.create(tx, brought)
            if said is not None:
                await announce(tx, brought.chat_id, brought.user_id, said.taken())
    voice.has_spoken = True


def _brought(message: Message, line: AddLine, user: User) -> Brought:
    """Return what is brought: the file of the message, of the one it replies to, or a link.

    Raises:
        RefusedError: ``add_usage`` or ``add_not_media``.
        StudioError: ``wrong_media``.
    """
    file, link = _found(message, line)
    if file is None and not link:
        raise RefusedError("add_usage")
    if file is None:
        # What stands in a link may let others in.
        answers = _answers(line, line.kind, origin=redact(link.partition("#")[0]))
    else:
        answers = _answers(line, _kind_of(file, line), origin=file.origin)
    return Brought(
        source=file.source if file else {"kind": "http", "url": link},
        filename=file.filename if file else name_from_url(link),
        size_bytes=file.size_bytes if file else None,
        album=message.media_group_id or "",
        answers=answers,
        chat_id=message.chat.id,
        user_id=user.id,
        message_id=message.message_id,
    )


def _found(message: Message, line: AddLine) -> tuple[Carried | None, str]:
    """Return the file or the link that a message means."""
    own = carried(message)
    if own is not None or line.link:
        return own, line.link
    about = message.reply_to_message
    if about is None:
        return None, ""
    words = (about.text or about.caption or "").split()
    return carried(about), next(filter(is_link, words), "")


def _kind_of(file: Carried, line: AddLine) -> AssetKind | None:
    """Return the kind that was said, or the only one that such a file may have.

    Raises:
        RefusedError: ``add_not_media``.
        StudioError: ``wrong_media``.
    """
    if not file.media and not file.mime_type.endswith("octet-stream"):
        raise RefusedError("add_not_media", name=file.filename)
    if line.kind is None:
        return AssetKind.AUDIO if file.media == "audio" else None
    taken = MEDIA_OF[line.kind]
    if file.media and file.media not in taken:
        facts = {"media": file.media, "kind": line.kind.value, "taken": sorted(taken)}
        raise StudioError("wrong_media", facts)
    return line.kind


def _answers(line: AddLine, kind: AssetKind | None, *, origin: str) -> Answers:
    said = {name: getattr(line, name) for name in SETTABLE}
    said["origin"] = line.origin or clean_field("origin", origin[:LONGEST_TEXT])
    return Answers(kind=kind, name=line.name, tags=tuple(sorted(line.tags)), **said)


# Answers


async def press(
    query: CallbackQuery,
    callback_data: AddAction,
    deps: ChatDeps,
    voice: Voice,
    user: User,
    is_admin: bool,
) -> None:
    """Do what a button says."""
    await voice.acknowledge()
    addition = await _owned(deps, callback_data.addition_id, user, is_admin=is_admin)
    match callback_data.action:
        case "cancel":
            await deps.additions.cancel(addition)
        case "again":
            await deps.additions.again(addition)
        case "open":
            viewer = Viewer(deps, user, is_admin=is_admin)
            await _open(query, deps, voice, viewer, addition)
        case action:
            said = _pressed(_require_open(addition), action, callback_data.word)
            await _answer(deps, voice, addition, said)


def _pressed(addition: Addition, action: str, word: str) -> dict[str, Any]:
    """Return what a button says.

    Raises:
        RefusedError: it answers another question than the one that is asked.
    """
    said: dict[str, Any] = {}
    match action, addition.answers.question:
        case "kind", Question.KIND:
            said = {"kind": read_kind(word)}
        case "mine" | "licensed", Question.RIGHTS:
            said = {"rights": action}
        case "licence", Question.LICENCE:
            said = {"licence": licence_of(word)}
        case "unnamed", Question.ATTRIBUTION:
            said = {"is_unnamed": True}
    if not any(said.values()):
        raise RefusedError("add_closed")
    return said


async def _answer(
    deps: ChatDeps, voice: Voice, addition: Addition, said: Mapping[str, Any]
) -> None:
    """Keep an answer; the next question stands there at once, all else when its turn comes.

    What is said of one file of an album is said of all of them that are asked the same.
    """
    fresh = await deps.additions.answer(addition, addition.answers.model_copy(update=said))
    for other in await deps.additions.beside(addition):
        if other.answers.question is addition.answers.question and _suits(other, said):
            with suppress(TransitionError):
                await deps.additions.answer(other, other.answers.model_copy(update=said))
    if not voice.is_press or fresh.state is not AdditionState.ASKING:
        return
    facts = addition_facts(fresh)
    drawn = draw_board(Board(name=fresh.board, sentence=ADDITION, facts=facts))
    await deps.posts.show_board(fresh.board, ADDITION, facts, drawn.digest)
    await voice.show(Markup(drawn.text), drawn.rows)


def _suits(addition: Addition, said: Mapping[str, Any]) -> bool:
    """Tell whether an answer can be true of a file, as far as its kind goes."""
    media = str(addition.brought.source.get("mime_type", "")).partition("/")[0]
    return "kind" not in said or media not in MEDIA or media in MEDIA_OF[said["kind"]]


async def _open(
    query: CallbackQuery, deps: ChatDeps, voice: Voice, viewer: Viewer, addition: Addition
) -> None:
    """Show the file in the library, in a message of its own."""
    if addition.asset_id is None or not isinstance(query.message, Message):
        raise RefusedError("library_gone")
    await open_view(deps, voice, query.message, viewer, Filters(), addition.asset_id)


async def answers_question(message: Message, deps: ChatDeps) -> dict[str, Any] | bool:
    """Tell whether a message is a reply to an addition, and to which."""
    about = message.reply_to_message
    if about is None or (message.text or "").startswith("/"):
        return False
    addition = await deps.additions.by_message(message.chat.id, about.message_id)
    return {"addition": addition} if addition is not None else False


async def reply(
    message: Message, addition: Addition, deps: ChatDeps, voice: Voice, user: User, is_admin: bool
) -> None:
    """Take words as the answer to what is asked."""
    _ = await _owned(deps, addition.id, user, is_admin=is_admin)
    question, words = _require_open(addition).answers.question, message.text or ""
    said: dict[str, Any] = {}
    match question:
        case Question.KIND:
            said = {"kind": read_kind(words.strip())}
        case Question.LICENCE:
            said = {"licence": clean_field("licence", words)}
        case Question.ATTRIBUTION:
            said = {"attribution": clean_field("attribution", words)}
    if not any(said.values()):
        raise RefusedError("add_press")
    await _answer(deps, voice, addition, said)


async def _owned(deps: ChatDeps, addition_id: int, user: User, *, is_admin: bool) -> Addition:
    """Return an addition that this person may decide on.

    Raises:
        RefusedError: ``add_unknown`` or ``add_not_yours``.
    """
    if not 0 < addition_id < LARGEST_ID:
        raise RefusedError("add_unknown")
    addition = await deps.additions.require(addition_id)
    if not is_admin and addition.brought.user_id != user.id:
        raise RefusedError("add_not_yours")
    return addition


def _require_open(addition: Addition) -> Addition:
    if addition.state is not AdditionState.ASKING:
        raise RefusedError("add_closed")
    return addition
