"""The chat as a whole: bot, dispatcher, updates in, cards out."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from zoneinfo import ZoneInfo

from aiogram import Bot, Dispatcher
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import AiogramError
from aiogram.methods import Response
from aiogram.types import Message
from aiogram.utils.token import TokenValidationError

from bot.chat.commands import register_commands
from bot.chat.delivery import Delivery
from bot.chat.deps import ChatDeps
from bot.chat.dispatcher import build_dispatcher
from bot.chat.documents import Documents
from bot.chat.mashup_keeper import MashupKeeper
from bot.chat.outbox import OutboxSender
from bot.chat.player import CLOUD_BYTES, LOCAL_BYTES, Player
from bot.chat.poller import FIRST_PAUSE, LONGEST_PAUSE, UPDATES, Poller
from bot.chat.shows import Shows
from bot.chat.webhook import PATH, Webhook
from bot.diagnosis.doctor import Doctor
from bot.web.connect import ConnectPages
from core.errors import SettingsError
from core.posts.languages import Languages
from core.studio.drafts import Drafts
from core.studio.views import Views
from workers.supervisor import Supervisor

if TYPE_CHECKING:
    from bot.parts import Parts

logger = logging.getLogger(__name__)

LEAVE_SECONDS = 1.0
_ANSWERS = (
    Response[bool],
    Response[Message],
    Response[Message | bool],
    Response[list[dict[str, Any]]],
)
"""Only kept: pydantic forgets a generic class that nobody holds, and aiogram asks for it in each
call; to build it takes milliseconds in which nothing else runs."""
CONNECTIONS = 40


class ChatFront:
    """Runs while it is entered; on the way out it says what is due and confirms what came in."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._supervisor = Supervisor(parts.clock)
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        try:
            await self._start()
        except BaseException:
            await self._stack.aclose()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._stack.aclose()

    async def _start(self) -> None:
        parts, settings = self._parts, self._parts.settings
        deps = build_deps(parts)
        bot = build_bot(settings.telegram.token.get_secret_value(), settings.telegram.api_base)
        self._stack.push_async_callback(bot.session.close)
        # Its own loops end before the session is closed: whoever still asks would open it anew.
        await self._stack.enter_async_context(self._supervisor)
        dispatcher = build_dispatcher(deps)
        self._insist("commands", lambda: register_commands(bot, deps.admins, deps.languages))
        delivery = Delivery(
            bot,
            parts.posts,
            parts.progress,
            parts.clock,
            deps.zone,
            deps.presence,
            deps.languages,
            Documents(parts.batches.book, parts.posts, parts.clock, settings.timezone),
            Shows(parts.studio.renders, parts.clock, deps.zone),
        )
        self._start_outbox(OutboxSender(parts.posts, parts.progress, parts.clock, delivery))
        self._supervisor.loop("player", lambda: deps.player.run(bot))
        self._supervisor.loop("mashups", MashupKeeper(deps).run)
        secret = settings.telegram.webhook_secret.get_secret_value()
        if secret and settings.web.public_url:
            await self._start_webhook(bot, dispatcher, secret)
        else:
            # Without it links of sign-ins are copied by hand; everything else goes on.
            await self._open_web(required=False)
            self._start_polling(bot, Poller(bot, dispatcher, parts.clock))

    def _insist(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Do something once Telegram answers; that it does not is said once."""
        clock = self._parts.clock

        async def insist() -> None:
            pause = FIRST_PAUSE
            while True:
                try:
                    return await work()
                except AiogramError as error:
                    if pause == FIRST_PAUSE:
                        why = {"what": name, "why": type(error).__name__}
                        logger.warning("telegram_does_not_answer", extra=why)
                await clock.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

        self._supervisor.loop(name, insist)

    def _start_outbox(self, sender: OutboxSender) -> None:
        self._supervisor.loop("outbox", sender.run)
        self._stack.push_async_callback(sender.leave, LEAVE_SECONDS)

    def _start_polling(self, bot: Bot, poller: Poller) -> None:
        async def poll() -> None:
            await _drop_webhook(bot)
            await poller.run()

        self._supervisor.loop("poller", poll)
        self._stack.push_async_callback(poller.leave, LEAVE_SECONDS)

    async def _open_web(self, *, required: bool) -> None:
        parts = self._parts
        parts.web.mount(ConnectPages(parts.connector).routes())
        self._stack.push_async_callback(parts.web.stop)
        _ = await parts.web.start(required=required)

    async def _start_webhook(self, bot: Bot, dispatcher: Dispatcher, secret: str) -> None:
        self._parts.web.mount(Webhook(bot, dispatcher, secret).routes())
        await self._open_web(required=True)
        address = self._parts.settings.web.public_url.rstrip("/") + PATH

        async def announce() -> None:
            await bot.set_webhook(
                address,
                secret_token=secret,
                allowed_updates=UPDATES,
                max_connections=CONNECTIONS,
            )
            logger.info("webhook_set")

        self._insist("webhook", announce)


def build_deps(parts: Parts) -> ChatDeps:
    """Return what handlers work with, from the parts of the running application."""
    settings = parts.settings
    return ChatDeps(
        store=parts.store,
        posts=parts.posts,
        intake=parts.intake,
        groups=parts.groups,
        book=parts.book,
        rotation=parts.rotation,
        connector=parts.connector,
        channels=parts.channels,
        aftercare=parts.aftercare,
        languages=Languages(parts.store, settings.language),
        letters=parts.letters,
        questions=parts.questions,
        batches=parts.batches,
        looks=parts.looks,
        library=parts.studio.library,
        files=parts.studio.files,
        additions=parts.additions,
        views=Views(parts.store, parts.clock),
        player=Player(
            parts.studio.library,
            parts.posts,
            parts.clock,
            most_bytes=LOCAL_BYTES if settings.telegram.local_files else CLOUD_BYTES,
        ),
        mashups=Drafts(
            parts.store,
            parts.clock,
            folder=settings.data_dir / "mashups",
            expire=timedelta(hours=settings.asking.expire_hours) or None,
            rules=settings.policy,
            loudness=settings.studio.loudness,
        ),
        renders=parts.studio.renders,
        policy=parts.studio.policy,
        figures=parts.figures,
        progress=parts.progress,
        clock=parts.clock,
        zone=ZoneInfo(settings.timezone),
        log_folder=settings.data_dir / "logs",
        admins=frozenset(settings.telegram.admins),
        users=frozenset(settings.telegram.users),
        guard=parts.links.guard,
        doctor=Doctor(parts),
    )


def build_bot(token: str, api_base: str) -> Bot:
    """Return a bot that speaks to the given Bot API server.

    Raises:
        SettingsError: the token has not the form of one.
    """
    session = AiohttpSession(api=TelegramAPIServer.from_base(api_base))
    try:
        return Bot(token, session=session, default=DefaultBotProperties(parse_mode="HTML"))
    except TokenValidationError as error:
        raise SettingsError(
            "telegram.token is no bot token; it looks like 123456:ABC… and comes from @BotFather"
        ) from error


async def _drop_webhook(bot: Bot) -> None:
    """Take back a webhook of before; polling is refused while there is one."""
    try:
        await bot.delete_webhook()
    except AiogramError as error:
        logger.warning("webhook_not_dropped", extra={"why": type(error).__name__})
