"""One message to Telegram: rendered, sent, and its outcome written down."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta, tzinfo
from enum import StrEnum

from aiogram import Bot
from aiogram.exceptions import (
    AiogramError,
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.types import (
    BufferedInputFile,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    ReplyParameters,
)

from bot.chat.batch_messages import BATCH_TEXTS, BatchScene, render_batch
from bot.chat.boards import draw_board
from bot.chat.card import Scene, render_card
from bot.chat.deps import Presence
from bot.chat.documents import Documents, Made
from bot.chat.keyboards import from_stored, markup
from bot.chat.messages import outbox_text
from bot.chat.shows import Medium, Shows
from bot.chat.texts import speaking
from core.posts.languages import Languages
from core.posts.notices import Card, OutboxMessage
from core.posts.repository import Posts
from core.progress import Progress
from core.store.errors import StoreError
from utils.clock import Clock

logger = logging.getLogger(__name__)

SEND_SECONDS = 20
DOCUMENT_SECONDS = 120
UNNAMED_PAUSE = timedelta(seconds=5)
"""For a 429 that does not say how long."""
REFUSED_PAUSE = timedelta(minutes=10)
"""Before a card that Telegram refuses is tried again; by then it may read differently."""
NOT_MODIFIED = "message is not modified"
LOST = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "message identifier is not specified",
)
CHAT_LOST = ("chat not found", "user is deactivated", "peer_id_invalid", "chat_write_forbidden")


class Fate(StrEnum):
    """What became of one message."""

    DONE = "done"
    """It is settled: sent, or dropped for a reason that was written down."""
    CHAT_WAITS = "chat_waits"
    """This chat takes nothing now."""
    DOWN = "down"
    """Telegram does not answer."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A fate and why."""

    fate: Fate
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """What is to be sent, rendered."""

    of: Card | OutboxMessage
    text: str
    keyboard: InlineKeyboardMarkup | None
    digest: str = ""
    document: Made | None = None
    """A file that comes with it."""
    medium: Medium | None = None
    """What is seen above it."""


class Delivery:
    """Renders, sends and records; each refusal of Telegram has one consequence here."""

    def __init__(
        self,
        bot: Bot,
        posts: Posts,
        progress: Progress,
        clock: Clock,
        zone: tzinfo,
        presence: Presence,
        languages: Languages,
        documents: Documents,
        shows: Shows,
    ) -> None:
        self._bot = bot
        self._posts = posts
        self._progress = progress
        self._clock = clock
        self._zone = zone
        self._presence = presence
        self._languages = languages
        self._documents = documents
        self._shows = shows

    async def prepare(self, item: Card | OutboxMessage) -> Ready | None:
        """Render; None when nothing is to be sent, which is then noted.

        That is so when the chat shows exactly that already, and when it cannot be rendered: one
        broken message must not hold up the others.
        """
        try:
            ready = await self._rendered(item)
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - the edge of one message
            await self._broken(item, error)
            return None
        if isinstance(item, Card) and item.message_id and ready.digest == item.digest:
            await self._record(ready, item.message_id)
            return None
        return ready

    async def _rendered(self, item: Card | OutboxMessage) -> Ready:
        language = await self._languages.of_chat(item.chat_id)
        if isinstance(item, OutboxMessage):
            with speaking(language):
                keyboard = markup(from_stored(item.buttons))
                text, made = self._text(item), None
                if (spec := item.facts.get("document")) is not None:
                    made = await self._documents.make(spec)
                show = item.facts.get("media")
                medium = await self._shows.make(show) if show is not None else None
                return Ready(of=item, text=text, keyboard=keyboard, document=made, medium=medium)
        if item.board:
            return await self._board(item, language)
        scene = await (self._batch(item) if item.batch_id else self._scene(item))
        with speaking(language):
            card = render_batch(scene) if isinstance(scene, BatchScene) else render_card(scene)
        return Ready(of=item, text=card.text, keyboard=markup(card.rows), digest=card.digest)

    async def _board(self, card: Card, language: str) -> Ready:
        board = await self._posts.board(card.board)
        if board is None:
            raise AssertionError(f"{card.board} is due, so it is there")
        with speaking(language):
            drawn = draw_board(await self._shows.live(board))
        return Ready(of=card, text=drawn.text, keyboard=markup(drawn.rows), digest=drawn.digest)

    def _text(self, item: OutboxMessage) -> str:
        made = BATCH_TEXTS.get(item.sentence)
        if made is not None:
            return made(item.facts, self._clock.now(), self._zone)
        return outbox_text(item)

    async def _batch(self, card: Card) -> BatchScene:
        book = self._documents.book
        counts = await book.counts(card.batch_id)
        examples = [(one, await self._posts.upload(one.upload_id)) for one in counts.causes]
        batch = await book.require(card.batch_id)
        return BatchScene(batch=batch, counts=counts, examples=examples)

    async def _broken(self, item: Card | OutboxMessage, error: Exception) -> None:
        """Put aside what we cannot render ourselves; the log says why."""
        if isinstance(item, OutboxMessage):
            facts = {"outbox": item.id, "key": item.sentence}
            logger.error("message_broken", exc_info=error, extra=facts)
            await self._posts.message_dropped(item.id, "cannot be rendered")
            return
        facts = {"post": item.post_id, "batch": item.batch_id, "board": item.board}
        logger.error("card_broken", exc_info=error, extra=facts)
        await self._posts.card_later(item, self._clock.now() + REFUSED_PAUSE)

    async def send(self, ready: Ready) -> Verdict:
        """Send, and write down what follows from Telegram's answer."""
        item = ready.of
        try:
            message_id = await self._call(ready)
        except TelegramRetryAfter as error:
            await self._pause(item.chat_id, timedelta(seconds=error.retry_after))
            return Verdict(Fate.CHAT_WAITS, "429")
        except TelegramMigrateToChat as error:
            await self._posts.move_chat(item.chat_id, error.migrate_to_chat_id)
            return Verdict(Fate.CHAT_WAITS, "moved")
        except TelegramForbiddenError as error:
            return await self._gone(item.chat_id, error.message)
        except TelegramBadRequest as error:
            return await self._refused(ready, error.message)
        except (TelegramNetworkError, TelegramServerError, ClientDecodeError) as error:
            return Verdict(Fate.DOWN, type(error).__name__)
        except TelegramUnauthorizedError:
            return Verdict(Fate.DOWN, "telegram.token is not accepted")
        except TelegramAPIError as error:
            # 429 without a time is no class of its own.
            logger.warning("telegram_refuses", extra={"chat": item.chat_id, "why": error.message})
            await self._pause(item.chat_id, UNNAMED_PAUSE)
            return Verdict(Fate.CHAT_WAITS, "refused")
        except AiogramError as error:
            return Verdict(Fate.DOWN, type(error).__name__)
        await self._record(ready, message_id)
        return Verdict(Fate.DONE)

    async def _scene(self, card: Card) -> Scene:
        post = await self._posts.require(card.post_id)
        return Scene(
            post=post,
            uploads=await self._posts.uploads(card.post_id),
            progress=self._progress,
            now=self._clock.now(),
            zone=self._zone,
            first=card.shown == 0,
        )

    async def _call(self, ready: Ready) -> int:
        """Send or edit; return the id of the message."""
        item = ready.of
        no_preview = LinkPreviewOptions(is_disabled=True)
        if isinstance(item, Card) and item.message_id is not None:
            await self._bot.edit_message_text(
                ready.text,
                chat_id=item.chat_id,
                message_id=item.message_id,
                reply_markup=ready.keyboard,
                link_preview_options=no_preview,
                request_timeout=SEND_SECONDS,
            )
            return item.message_id
        if ready.medium is not None:
            shown = await self._show(ready, ready.medium)
            if shown is not None:
                return shown
        if ready.document is not None:
            sent = await self._bot.send_document(
                item.chat_id,
                BufferedInputFile(ready.document.content, ready.document.name),
                caption=ready.text,
                reply_markup=ready.keyboard,
                reply_parameters=_reply_to(item.reply_to),
                request_timeout=DOCUMENT_SECONDS,
            )
            return sent.message_id
        sent = await self._bot.send_message(
            item.chat_id,
            ready.text,
            reply_markup=ready.keyboard,
            reply_parameters=_reply_to(item.reply_to),
            link_preview_options=no_preview,
            request_timeout=SEND_SECONDS,
        )
        return sent.message_id

    async def _show(self, ready: Ready, medium: Medium) -> int | None:
        """Send a picture or a video with its words; None when Telegram cannot show it."""
        item, file = ready.of, BufferedInputFile(medium.content, medium.name)
        try:
            if medium.kind == "photo":
                sent = await self._bot.send_photo(
                    item.chat_id,
                    file,
                    caption=ready.text,
                    reply_markup=ready.keyboard,
                    reply_parameters=_reply_to(item.reply_to),
                    request_timeout=DOCUMENT_SECONDS,
                )
                return sent.message_id
            sent = await self._bot.send_video(
                item.chat_id,
                file,
                caption=ready.text,
                width=medium.width,
                height=medium.height,
                duration=medium.seconds,
                supports_streaming=True,
                reply_markup=ready.keyboard,
                reply_parameters=_reply_to(item.reply_to),
                request_timeout=DOCUMENT_SECONDS,
            )
        except TelegramBadRequest as error:
            if any(words in error.message.lower() for words in CHAT_LOST):
                raise
            logger.warning("medium_refused", extra={"chat": item.chat_id, "why": error.message})
            return None
        return sent.message_id

    async def _record(self, ready: Ready, message_id: int) -> None:
        item = ready.of
        if isinstance(item, OutboxMessage):
            await self._posts.message_sent(item.id, message_id)
        elif item.board:
            await self._posts.board_sent(item, message_id, ready.digest)
        elif item.batch_id:
            await self._posts.batch_card_sent(item, message_id, ready.digest)
        else:
            edited = item.message_id is None or ready.digest != item.digest
            await self._posts.card_sent(
                item.post_id, message_id, item.wanted, ready.digest, edited=edited
            )

    async def _refused(self, ready: Ready, said: str) -> Verdict:
        """Telegram understood and will never take this very message."""
        item, reason = ready.of, said.lower()
        if any(words in reason for words in CHAT_LOST):
            return await self._gone(item.chat_id, said)
        if isinstance(item, OutboxMessage):
            logger.error("message_refused", extra={"outbox": item.id, "why": said})
            await self._posts.message_dropped(item.id, said)
            return Verdict(Fate.DONE, said)
        if NOT_MODIFIED in reason and item.message_id is not None:
            await self._record(ready, item.message_id)
        elif any(words in reason for words in LOST):
            whose = {"post": item.post_id, "batch": item.batch_id, "board": item.board}
            logger.info("card_lost", extra=whose)
            await self._posts.card_lost(item)
        else:
            logger.error("card_refused", extra={"post": item.post_id, "why": said})
            await self._posts.card_later(item, self._clock.now() + REFUSED_PAUSE)
        return Verdict(Fate.DONE, said)

    async def _gone(self, chat_id: int, said: str) -> Verdict:
        logger.info("chat_gone", extra={"chat": chat_id, "why": said})
        self._presence.left(chat_id)
        await self._posts.chat_gone(chat_id, said)
        return Verdict(Fate.CHAT_WAITS, said)

    async def _pause(self, chat_id: int, time: timedelta) -> None:
        await self._posts.pause_chat(chat_id, self._clock.now() + time)


def _reply_to(message_id: int) -> ReplyParameters | None:
    if not message_id:
        return None
    return ReplyParameters(message_id=message_id, allow_sending_without_reply=True)
