"""What people send while they put a mashup together: words, subtitles, and their own video."""

from __future__ import annotations

import asyncio
import re
from pathlib import PurePath
from typing import Any

from aiogram import F, Router
from aiogram.enums import ChatType
from aiogram.types import Document, Message, User

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
from core.studio.captions import reading
from core.studio.drafts import Draft, DraftState
from core.studio.mashup import AssetKind
from core.studio.wizard import (
    FIELDS,
    LONGEST_CAPTION,
    LONGEST_POST,
    LONGEST_SEARCH,
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
    moving = F.video | F.video_note | F.animation | F.document.func(is_video)
    router.message.register(video, moving, wants_video)
    router.message.register(subtitles, F.document, wants_subtitles)
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
    return {"draft": draft} if takes else False


async def wants_video(message: Message, deps: ChatDeps) -> dict[str, Any] | bool:
    """Tell whether a video is the source of a draft; one with a caption is to be published."""
    draft = await _draft_of(message, deps)
    if draft is None or draft.is_many or draft.step is not Step.SOURCE:
        return False
    is_reply = message.reply_to_message is not None
    is_bare = not message.caption and not message.media_group_id
    return {"draft": draft} if is_reply or is_bare else False


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


def is_video(file: Document | None) -> bool:
    if file is None:
        return False
    name = (file.file_name or "").lower()
    return (file.mime_type or "").startswith("video/") or name.endswith(ENDINGS)


def _suffix(file: Document | None) -> str:
    return PurePath(file.file_name or "").suffix.casefold() if file else ""


# Taking it


async def words(message: Message, draft: Draft, deps: ChatDeps, voice: Voice, user: User) -> None:
    """Take words for what the step asks."""
    _require_own(draft, user)
    text = (message.text or "").strip()
    if draft.is_many or draft.step is Step.TARGETS:
        choices = await _with_post(deps, draft.choices, text)
        await _keep(deps, voice, draft, choices, Looking(note="mashup_note_post"))
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
    if wish.targets:
        found = [one for one in await places(deps) if _is_named(one, wish.targets)]
        update["accounts"] = tuple(one.id for one in found if one.action == "account")
        update["groups"] = tuple(one.id for one in found if one.action == "group")
    return choices.model_copy(update=update)


def _is_named(place: Place, targets: tuple[str, ...]) -> bool:
    names = {place.word.casefold(), place.name.casefold(), place.platform}
    return any(word.casefold() in names for word in targets)


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


async def video(message: Message, draft: Draft, deps: ChatDeps, voice: Voice, user: User) -> None:
    """Add a video to the library; the draft takes it when it is there."""
    _require_own(draft, user)
    brought = await brought_by(message, deps, user)
    if brought is None or await deps.posts.seen(voice.update_id):
        return
    if draft.addition_id is not None:
        raise RefusedError("mashup_not_yet")
    async with deps.store.transaction() as tx:
        if await deps.posts.see_update(tx, voice.update_id):
            await put_draft(deps, await take(deps, draft, brought, tx=tx), tx=tx)
    voice.has_spoken = True


async def brought_by(message: Message | None, deps: ChatDeps, user: User) -> Brought | None:
    """Return the video of a message as something for the library; None without one.

    Raises:
        RefusedError: it is too large, or too much is being added.
    """
    if message is None:
        return None
    file = message.video or message.video_note or message.animation or message.document
    if file is None or (file is message.document and not is_video(message.document)):
        return None
    mime = getattr(file, "mime_type", None) or "video/mp4"
    brought = Brought(
        source={**_source(file.file_id, file.file_unique_id), "mime_type": mime},
        filename=getattr(file, "file_name", None) or f"video-{message.message_id}.mp4",
        answers=Answers(kind=AssetKind.SOURCE, name=(message.caption or "").strip()[:100]),
        chat_id=message.chat.id,
        user_id=user.id,
        message_id=message.message_id,
        size_bytes=file.file_size,
    )
    deps.additions.require_size(brought)
    await deps.additions.require_room(user.id)
    return brought


async def take(deps: ChatDeps, draft: Draft, brought: Brought, *, tx: Tx) -> Draft:
    """Add a video to the library; its rights are asked for, then the draft takes it."""
    addition = await deps.additions.create(tx, brought)
    looking = Looking(note="mashup_note_fetching")
    return await deps.mashups.save(draft, looking=looking, addition_id=addition.id, tx=tx)


def _source(file_id: str, unique_id: str) -> dict[str, Any]:
    return {"kind": "telegram", "file_id": file_id, "file_unique_id": unique_id}


def _require_own(draft: Draft, user: User) -> None:
    if draft.user_id != user.id:
        raise RefusedError("mashup_not_yours")
