"""What people send while they put a mashup together: words, subtitles, and their own files."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

from aiogram import F, Router
from aiogram.enums import ChatType
from aiogram.types import Document, Message, User

from bot.chat.brought import Carried, carried
from bot.chat.deps import ChatDeps
from bot.chat.mashup_page import Place, places
from bot.chat.mashup_show import put_draft
from bot.chat.refusals import source_text
from bot.chat.routers.videos import ENDINGS
from bot.chat.texts import human, plain
from bot.chat.voice import Voice
from core.errors import RefusedError, SourceError
from core.posts.linking import is_link
from core.store.base import Tx
from core.studio.addition import Answers, Brought
from core.studio.announced import announced
from core.studio.assets import LONGEST_TEXT, MEDIA_OF, clean_field
from core.studio.captions import reading
from core.studio.drafts import Draft, DraftState
from core.studio.mashup import AssetKind
from core.studio.wizard import (
    FIELDS,
    LONGEST_CAPTION,
    LONGEST_POST,
    LONGEST_SEARCH,
    SENT_AS,
    Choices,
    Looking,
    Step,
    with_words,
)

SUBTITLES = (".srt", ".ass", ".ssa")

_TO_LINE = re.compile(r"^\s*to\s*:.*$\n?", re.IGNORECASE | re.MULTILINE)


def build_router() -> Router:
    router = Router(name="mashup_words")
    router.message.register(words, F.text & ~F.text.startswith("/"), about_draft)
    router.message.register(subtitles, F.document, wants_subtitles)
    router.message.register(media, ~F.text, wants_media)
    router.message.register(anything, answers_draft)
    return router


# Is it meant for a draft?


async def about_draft(message: Message, deps: ChatDeps) -> dict[str, Any] | bool:
    """Tell whether words are for a draft: a reply to it, or right after its last button."""
    draft = await _draft_of(message, deps)
    if draft is None:
        return False
    if message.reply_to_message is None and draft.step in FIELDS and is_link(message.text or ""):
        # A link alone is a video to publish, as ever.
        return False
    takes = draft.is_many or draft.step in {*FIELDS, Step.WORDS, Step.TARGETS}
    if draft.step is Step.REVIEW and not draft.is_many:
        is_reply = message.reply_to_message is not None
        takes = is_reply or (draft.choices.is_published and not draft.choices.post)
    return {"draft": draft} if takes else False


async def wants_media(message: Message, deps: ChatDeps) -> dict[str, Any] | bool:
    """Tell whether a file is meant for the step; a video with a caption is to be published."""
    draft = await _draft_of(message, deps)
    if draft is None or draft.is_many or not _fits(message, draft.step):
        return False
    if (message.caption or "").startswith("/"):
        return False
    if message.reply_to_message is not None:
        return {"draft": draft}
    is_bare = not message.caption and not message.media_group_id
    return {"draft": draft} if is_bare and not await _is_added(message, draft, deps) else False


async def _is_added(message: Message, draft: Draft, deps: ChatDeps) -> bool:
    """Return whether `/add` was said since the last button: then a file is meant for that."""
    user_id = message.from_user.id if message.from_user else 0
    said = await announced(deps.store, message.chat.id, user_id)
    if said is None or said.at < draft.touched_at:
        return False
    is_forwarded = message.forward_origin is not None
    return said.covers(message.date.timestamp(), is_forwarded=is_forwarded, has_words=False)


def _fits(message: Message, step: Step) -> bool:
    """Return whether a message brings a file of the media that the step takes."""
    file, kind = carried(message), SENT_AS.get(step)
    if file is None or kind is None:
        return False
    # A video has sound, too, but who sends one here has it published, or replies with it.
    is_other = kind is AssetKind.AUDIO and message.reply_to_message is None
    return _media(file) in (MEDIA_OF[kind] - {"video"} if is_other else MEDIA_OF[kind])


def _media(file: Carried) -> str:
    """Return what a file is by its type, or by its name where that says nothing."""
    is_video = file.filename.lower().endswith(ENDINGS)
    return file.media or ("video" if is_video else "")


async def answers_draft(message: Message, deps: ChatDeps) -> dict[str, Any] | bool:
    """Tell whether something replies to a draft that has no use for it."""
    reply = message.reply_to_message
    if reply is None or (message.text or message.caption or "").startswith("/"):
        return False
    draft = await deps.mashups.by_message(message.chat.id, reply.message_id)
    return {"draft": draft} if draft is not None else False


async def wants_subtitles(message: Message, deps: ChatDeps) -> dict[str, Any] | bool:
    """Tell whether a file is for the words of a draft."""
    draft = await _draft_of(message, deps)
    if draft is None or draft.step is not Step.WORDS:
        return False
    is_reply = message.reply_to_message is not None
    return {"draft": draft} if is_reply or _suffix(message.document) in SUBTITLES else False


async def _draft_of(message: Message, deps: ChatDeps) -> Draft | None:
    reply = message.reply_to_message
    if reply is not None:
        draft = await deps.mashups.by_message(message.chat.id, reply.message_id)
        return draft if draft and draft.state is DraftState.OPEN else None
    if message.chat.type != ChatType.PRIVATE or message.from_user is None:
        return None
    draft = await deps.mashups.open(message.chat.id, message.from_user.id)
    return draft if draft is not None and deps.mashups.is_fresh(draft) else None


def _suffix(file: Document | None) -> str:
    return PurePath(file.file_name or "").suffix.casefold() if file else ""


# Taking it


async def words(message: Message, draft: Draft, deps: ChatDeps, voice: Voice, user: User) -> None:
    """Take words for what the step asks."""
    _require_own(draft, user)
    text = (message.text or "").strip()
    if draft.step in {Step.TARGETS, Step.REVIEW}:
        choices = await _with_post(deps, draft.choices, text)
        note = "mashup_note_post" if choices.post != draft.choices.post else ""
        # Of many the plan stays the one that was shown.
        looking = draft.looking.model_copy(update={"note": note, "note_facts": {}})
        await _keep(deps, voice, draft, choices, looking)
    elif draft.step is Step.WORDS:
        if len(text) > LONGEST_CAPTION:
            raise RefusedError("mashup_caption_long", limit=LONGEST_CAPTION)
        choices = with_words(draft.choices, text)
        await _keep(deps, voice, draft, choices, Looking(note="mashup_note_words"))
    else:
        search = " ".join(text.split())[:LONGEST_SEARCH]
        looking = Looking(
            kind=draft.looking.kind,
            search=search,
            note="mashup_note_searched",
            note_facts={"search": search},
        )
        await _keep(deps, voice, draft, draft.choices, looking)


async def _with_post(deps: ChatDeps, choices: Choices, text: str) -> Choices:
    """Return the choices with the caption of what is published; ``to:`` presses the buttons.

    Raises:
        RefusedError: it is too long, or a line of it cannot be read.
    """
    if len(text) > LONGEST_POST:
        raise RefusedError("mashup_caption_long", limit=LONGEST_POST)
    wish = await deps.intake.require_words(text)
    update: dict[str, object] = {"post": _TO_LINE.sub("", text).strip()}
    if _TO_LINE.search(text):
        found = _named(await places(deps), wish.targets)
        update["accounts"] = tuple(one.id for one in found if one.action == "account")
        update["groups"] = tuple(one.id for one in found if one.action == "group")
    return choices.model_copy(update=update)


def _named(known: Sequence[Place], targets: Sequence[str]) -> list[Place]:
    """Return the places that the line ``to:`` names; for ``to: all`` those that are usual.

    Raises:
        RefusedError: one of them cannot be named alone.
    """
    if not targets:
        return [one for one in known if one.is_usual]
    found: list[Place] = []
    for target in targets:
        word = target.casefold()
        groups = [one for one in known if one.action == "group" and one.word.casefold() == word]
        named = groups or [one for one in known if word in {one.name.casefold(), one.platform}]
        if not named:
            raise RefusedError("mashup_unclear_place", place=target)
        found += named
    return found


async def subtitles(
    message: Message, draft: Draft, deps: ChatDeps, voice: Voice, user: User
) -> None:
    """Take a file of subtitles."""
    _require_own(draft, user)
    file, suffix = message.document, _suffix(message.document)
    if file is None or suffix not in SUBTITLES:
        raise RefusedError("mashup_not_captions")
    if await deps.posts.seen(voice.update_id):
        return
    if (file.file_size or 0) > reading.MOST_BYTES:
        most = human.size(reading.MOST_BYTES)
        raise RefusedError("mashup_captions_big", size=human.size(file.file_size or 0), limit=most)
    try:
        content = await deps.batches.read_source(_source(file.file_id, file.file_unique_id))
    except SourceError as error:
        raise RefusedError("mashup_not_fetched", why=plain(source_text(error.key))) from error
    name = await asyncio.to_thread(deps.mashups.keep_captions, content, suffix)
    _ = await asyncio.to_thread(reading.read, deps.mashups.captions_path(name))
    shown = " ".join((file.file_name or "").split())[-100:]
    update = {"caption": "", "caption_file": name, "caption_name": shown}
    looking = Looking(note="mashup_note_captions", note_facts={"name": shown})
    await _keep(deps, voice, draft, draft.choices.model_copy(update=update), looking)


async def _keep(
    deps: ChatDeps, voice: Voice, draft: Draft, choices: Choices, looking: Looking
) -> None:
    """Change a draft once for this update, and draw its message again."""
    changed = {*_changed(draft.choices, choices)}
    drawn = tuple(name for name in choices.drawn if name not in changed)
    choices = choices.model_copy(update={"drawn": drawn})
    async with deps.store.transaction() as tx:
        if await deps.posts.see_update(tx, voice.update_id):
            saved = await deps.mashups.save(draft, choices=choices, looking=looking, tx=tx)
            await put_draft(deps, saved, tx=tx)
    voice.has_spoken = True


def _changed(one: Choices, other: Choices) -> list[str]:
    return [name for name in Choices.model_fields if getattr(one, name) != getattr(other, name)]


async def media(message: Message, draft: Draft, deps: ChatDeps, voice: Voice, user: User) -> None:
    """Add a file to the library; the draft takes it when it is there."""
    _require_own(draft, user)
    brought = await brought_by(message, draft.step, deps, user)
    if brought is None or await deps.posts.seen(voice.update_id):
        return
    if draft.addition_id is not None:
        raise RefusedError("mashup_not_yet")
    async with deps.store.transaction() as tx:
        if await deps.posts.see_update(tx, voice.update_id):
            await put_draft(deps, await take(deps, draft, brought, tx=tx), tx=tx)
    voice.has_spoken = True


async def anything(message: Message, draft: Draft, user: User) -> None:
    """Say why a reply changes nothing.

    Raises:
        RefusedError: always, with what to do instead.
    """
    del message
    _require_own(draft, user)
    if draft.state is not DraftState.OPEN:
        raise RefusedError("mashup_closed")
    raise RefusedError("mashup_not_here" if draft.step in SENT_AS else "mashup_press")


async def brought_by(
    message: Message | None, step: Step, deps: ChatDeps, user: User
) -> Brought | None:
    """Return the file of a message as something for the library; None without one.

    Raises:
        RefusedError: it is too large, or too much is being added.
    """
    file, kind = carried(message) if message else None, SENT_AS[step]
    if message is None or file is None or _media(file) not in MEDIA_OF[kind]:
        return None
    brought = Brought(
        source=file.source,
        filename=file.filename,
        answers=Answers(
            kind=kind,
            name=(message.caption or "").strip()[:100],
            origin=clean_field("origin", file.origin[:LONGEST_TEXT]),
        ),
        chat_id=message.chat.id,
        user_id=user.id,
        message_id=message.message_id,
        size_bytes=file.size_bytes,
    )
    deps.additions.require_size(brought)
    await deps.additions.require_room(user.id)
    return brought


async def take(deps: ChatDeps, draft: Draft, brought: Brought, *, tx: Tx) -> Draft:
    """Add a file to the library; its rights are asked for, then the draft takes it."""
    addition = await deps.additions.create(tx, brought)
    looking = Looking(note="mashup_note_fetching")
    return await deps.mashups.save(draft, looking=looking, addition_id=addition.id, tx=tx)


def _source(file_id: str, unique_id: str) -> dict[str, Any]:
    return {"kind": "telegram", "file_id": file_id, "file_unique_id": unique_id}


def _require_own(draft: Draft, user: User) -> None:
    if draft.user_id != user.id:
        raise RefusedError("mashup_not_yours")
