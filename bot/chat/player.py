"""Sends files of the library and their pictures, beside the queue of messages.

An upload may take minutes, so it does not go through the outbox, where everybody else's messages
would wait for it. What is waiting here is lost with the process: the button is still there.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from aiogram import Bot
from aiogram.exceptions import (
    AiogramError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramRetryAfter,
)
from aiogram.types import BufferedInputFile, FSInputFile, Message, ReplyParameters

from bot.chat.library_text import cut, isolated
from bot.chat.texts import Markup, escape, human, say, speaking
from core.errors import RefusedError
from core.posts.repository import Posts
from core.sources.names import clean_name
from core.studio.assets import Asset
from core.studio.contact import contact_sheet
from core.studio.errors import StudioError
from core.studio.library import Library
from utils.clock import Clock
from utils.ffmpeg import FfmpegError

logger = logging.getLogger(__name__)

AT_ONCE = 2
MOST_WAITING = 20
CLOUD_BYTES = 50 * 1024 * 1024
LOCAL_BYTES = 2000 * 1024 * 1024
"""Largest file that a bot may send, through the cloud and through a server of its own.

Source: core.telegram.org/bots/api, Sending Files and Using a Local Bot API Server, 2026-06-18.
"""
PHOTO_BYTES = 10 * 1024 * 1024
"""Source: core.telegram.org/bots/api, sendPhoto, 2026-06-18."""
CAPTION_LIMIT = 1024
"""Source: core.telegram.org/bots/api, 2026-06-18."""
SLOWEST = 128 * 1024
"""Bytes a second of the slowest line that is waited for."""
CALL_SECONDS = 60
TRIES = 3
PLAYED = frozenset({".mp3", ".m4a"})
"""Endings of sounds that Telegram plays.

Source: core.telegram.org/bots/api, sendAudio, 2026-06-18.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wants to see or hear."""

    chat_id: int
    reply_to: int
    asset_ids: Sequence[int]
    """One that is sent itself, or several whose pictures are."""
    language: str
    as_pictures: bool = False


class Player:
    """Takes wishes at any time; they are served while `run` runs."""

    def __init__(
        self, library: Library, posts: Posts, clock: Clock, *, most_bytes: int = CLOUD_BYTES
    ) -> None:
        self._library = library
        self._posts = posts
        self._clock = clock
        self._most_bytes = most_bytes
        self._wishes: asyncio.Queue[Wish] = asyncio.Queue(MOST_WAITING)

    def ask(self, wish: Wish) -> None:
        """Send something as soon as it is its turn.

        Raises:
            RefusedError: ``library_play_many``.
        """
        try:
            self._wishes.put_nowait(wish)
        except asyncio.QueueFull as error:
            raise RefusedError("library_play_many") from error

    async def run(self, bot: Bot) -> None:
        """Serve wishes; never returns."""
        async with asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(self._serve(bot))

    async def _serve(self, bot: Bot) -> None:
        while True:
            wish = await self._wishes.get()
            with speaking(wish.language):
                try:
                    await self._send(bot, wish)
                except Exception:
                    logger.exception("not_played", extra={"assets": wish.asset_ids})
                    await self._fail(wish, str(wish.asset_ids[0]))

    async def _send(self, bot: Bot, wish: Wish) -> None:
        assets = [await self._library.get(one) for one in wish.asset_ids]
        there = [one for one in assets if one is not None]
        if not there:
            return await self._say(wish, "library_gone")
        for attempt in range(TRIES):
            try:
                return await self._try(bot, wish, there)
            except TelegramRetryAfter as error:
                until = self._clock.now() + timedelta(seconds=error.retry_after)
                await self._posts.pause_chat(wish.chat_id, until)
                if attempt < TRIES - 1:
                    await self._clock.sleep(error.retry_after)
            except TelegramForbiddenError as error:
                logger.info("not_played", extra={"chat": wish.chat_id, "why": error.message})
                return None
            except (AiogramError, StudioError, FfmpegError, OSError) as error:
                logger.warning("not_played", extra={"why": type(error).__name__})
                break
        return await self._fail(wish, there[0].name)

    async def _try(self, bot: Bot, wish: Wish, assets: Sequence[Asset]) -> None:
        if wish.as_pictures:
            await self._pictures(bot, wish, assets)
        elif assets[0].size_bytes > self._most_bytes:
            await self._too_large(bot, wish, assets[0])
        else:
            async with self._library.file(assets[0]) as path:
                await _Sending(bot, wish, assets[0], self._library.thumbnail(assets[0])).send(path)

    async def _pictures(self, bot: Bot, wish: Wish, assets: Sequence[Asset]) -> None:
        """Send one picture of all, numbered as in the list."""
        numbers = {asset_id: number for number, asset_id in enumerate(wish.asset_ids, start=1)}
        found = {numbers[one.id]: self._library.thumbnail(one) for one in assets}
        pictures = {number: path for number, path in found.items() if path is not None}
        if not pictures:
            await self._say(wish, "library_no_pictures")
            return
        rows = [
            say("library_picture_row", number=numbers[one.id], name=isolated(one.name))
            for one in assets
        ]
        sheet = BufferedInputFile(await contact_sheet(pictures), "library.jpg")
        await bot.send_photo(
            wish.chat_id,
            sheet,
            caption=_caption(rows),
            reply_parameters=_reply(wish),
            request_timeout=CALL_SECONDS,
        )

    async def _too_large(self, bot: Bot, wish: Wish, asset: Asset) -> None:
        facts = {
            "name": isolated(asset.name),
            "size": human.size(asset.size_bytes),
            "limit": human.size(self._most_bytes),
        }
        picture = self._library.thumbnail(asset)
        if picture is None:
            await self._say(wish, "library_play_large_only", **facts)
            return
        await bot.send_photo(
            wish.chat_id,
            FSInputFile(picture, "picture.jpg"),
            caption=say("library_play_large", **facts),
            reply_parameters=_reply(wish),
            request_timeout=CALL_SECONDS,
        )

    async def _fail(self, wish: Wish, name: str) -> None:
        await self._say(wish, "library_play_failed", name=isolated(name))

    async def _say(self, wish: Wish, key: str, **facts: str) -> None:
        await self._posts.say(wish.chat_id, key, facts=facts, reply_to=wish.reply_to)
        self._posts.changed()


class _Sending:
    """One file on its way, as what Telegram can show of it."""

    def __init__(self, bot: Bot, wish: Wish, asset: Asset, picture: Path | None) -> None:
        self._bot = bot
        self._wish = wish
        self._asset = asset
        self._picture = picture
        self._caption = _caption([escape(isolated(asset.name))])
        self._seconds = CALL_SECONDS + asset.size_bytes // SLOWEST

    async def send(self, path: Path) -> None:
        asset = self._asset
        file = FSInputFile(path, f"{clean_name(asset.name) or asset.kind.value}{asset.shelf}")
        try:
            await self._as_media(file)
        except TelegramBadRequest as error:
            # Telegram cannot show it, or a picture has sides that it does not take.
            logger.info("played_as_file", extra={"asset": asset.id, "why": error.message})
            await self._as_document(file)

    async def _as_media(self, file: FSInputFile) -> Message:
        asset = self._asset
        if asset.media == "video" and asset.shelf == ".mp4":
            return await self._as_video(file)
        if asset.media == "audio" and asset.shelf in PLAYED:
            return await self._bot.send_audio(
                self._wish.chat_id,
                file,
                title=cut(asset.name),
                duration=round(asset.seconds),
                reply_parameters=_reply(self._wish),
                request_timeout=self._seconds,
            )
        if asset.media == "image" and asset.size_bytes <= PHOTO_BYTES:
            return await self._bot.send_photo(
                self._wish.chat_id,
                file,
                caption=self._caption,
                reply_parameters=_reply(self._wish),
                request_timeout=self._seconds,
            )
        return await self._as_document(file)

    async def _as_video(self, file: FSInputFile) -> Message:
        facts = self._asset.facts
        return await self._bot.send_video(
            self._wish.chat_id,
            file,
            width=facts.width,
            height=facts.height,
            duration=round(self._asset.seconds),
            thumbnail=FSInputFile(self._picture) if self._picture else None,
            supports_streaming=True,
            caption=self._caption,
            reply_parameters=_reply(self._wish),
            request_timeout=self._seconds,
        )

    async def _as_document(self, file: FSInputFile) -> Message:
        return await self._bot.send_document(
            self._wish.chat_id,
            file,
            caption=self._caption,
            reply_parameters=_reply(self._wish),
            request_timeout=self._seconds,
        )


def _caption(rows: Sequence[Markup]) -> Markup:
    """Join rows, as many as one caption takes."""
    kept = list(rows)
    while kept and human.visible_length("\n".join(kept)) > CAPTION_LIMIT:
        kept.pop()
    return Markup("\n".join(kept))


def _reply(wish: Wish) -> ReplyParameters | None:
    if not wish.reply_to:
        return None
    return ReplyParameters(message_id=wish.reply_to, allow_sending_without_reply=True)
