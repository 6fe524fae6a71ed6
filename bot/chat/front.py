"""The chat as a whole: bot, dispatcher, updates in, cards out."""

from __future__ import annotations

import logging
from contextlib import AsyncExitStack
from types import TracebackType
from typing import TYPE_CHECKING, Self
from zoneinfo import ZoneInfo

from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramAPIError
from aiogram.utils.token import TokenValidationError
from aiohttp import web

from bot.chat.commands import register_commands
from bot.chat.deps import ChatDeps
from bot.chat.dispatcher import build_dispatcher
from bot.chat.outbox import OutboxSender
from bot.chat.poller import UPDATES, Poller
from bot.chat.webhook import PATH, Webhook
from core.errors import SettingsError

if TYPE_CHECKING:
    from bot.app import Parts
    from workers.supervisor import Supervisor

logger = logging.getLogger(__name__)

FLUSH_SECONDS = 1.0


class ChatFront:
    """Runs while it is entered; on the way out it confirms what was handled."""

    def __init__(self, parts: Parts, supervisor: Supervisor) -> None:
        self._parts = parts
        self._supervisor = supervisor
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        parts = self._parts
        settings = parts.settings.telegram
        bot = build_bot(settings.token.get_secret_value(), settings.api_base)
        self._stack.push_async_callback(bot.session.close)
        zone = ZoneInfo(parts.settings.timezone)
        deps = ChatDeps(
            posts=parts.posts,
            intake=parts.intake,
            progress=parts.progress,
            clock=parts.clock,
            zone=zone,
            log_folder=parts.settings.data_dir / "logs",
        )
        admins = set(settings.admins)
        dispatcher = build_dispatcher(deps, admins=admins, users=set(settings.users))
        self._supervisor.loop("commands", lambda: register_commands(bot, admins))
        sender = OutboxSender(bot, parts.posts, parts.progress, parts.clock, zone)
        self._supervisor.loop("outbox", sender.run)
        if settings.webhook_secret.get_secret_value() and parts.settings.web.public_url:
            await self._start_webhook(bot, Webhook(bot, dispatcher, _secret(parts)))
        else:
            await self._start_polling(bot, Poller(bot, dispatcher, parts.clock))
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._stack.aclose()

    async def _start_polling(self, bot: Bot, poller: Poller) -> None:
        async def poll() -> None:
            try:
                await bot.delete_webhook()
            except TelegramAPIError as failure:
                logger.warning("telegram does not answer", extra={"why": str(failure)})
            await poller.run()

        self._supervisor.loop("poller", poll)

        self._stack.push_async_callback(poller.confirm)

    async def _start_webhook(self, bot: Bot, webhook: Webhook) -> None:
        parts = self._parts
        host, _, port = parts.settings.web.listen.rpartition(":")
        runner = web.AppRunner(webhook.application(), access_log=None)
        await runner.setup()
        self._stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, host or "127.0.0.1", int(port)).start()
        address = parts.settings.web.public_url.rstrip("/") + PATH

        async def announce() -> None:
            await bot.set_webhook(address, secret_token=_secret(parts), allowed_updates=UPDATES)

        self._supervisor.loop("webhook", announce)


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


def _secret(parts: Parts) -> str:
    return parts.settings.telegram.webhook_secret.get_secret_value()
