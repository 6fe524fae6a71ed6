"""The webhook: answers 200 only after the update's handler has committed."""

from __future__ import annotations

import hmac
import logging

from aiogram import Bot, Dispatcher
from aiogram.types import Update
from aiohttp import web
from pydantic import ValidationError

from core.store.errors import StoreError

logger = logging.getLogger(__name__)

PATH = "/telegram/webhook"
BODY_LIMIT = 4 * 1024 * 1024
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header


class Webhook:
    """Takes updates that Telegram sends; Telegram repeats what was not answered with 200."""

    def __init__(self, bot: Bot, dispatcher: Dispatcher, secret: str) -> None:
        self._bot = bot
        self._dispatcher = dispatcher
        self._secret = secret.encode()

    def application(self) -> web.Application:
        application = web.Application(client_max_size=BODY_LIMIT)
        application.router.add_post(PATH, self.take)
        application.router.add_get("/healthz", _healthy)
        return application

    async def take(self, request: web.Request) -> web.Response:
        given = request.headers.get(SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, self._secret):
            return web.Response(status=401, text="Unauthorized")
        try:
            update = Update.model_validate_json(await request.read(), context={"bot": self._bot})
        except ValidationError as error:
            # Asking for it again would bring the same; it is lost on purpose, and told.
            logger.warning("update not understood", extra={"faults": error.error_count()})
            return web.Response(status=200)
        try:
            await self._dispatcher.feed_update(self._bot, update)
        except StoreError as error:
            logger.warning("update kept by telegram", extra={"why": str(error)})
            return web.Response(status=503, headers={"Retry-After": "5"})
        return web.Response(status=200)


async def _healthy(request: web.Request) -> web.Response:
    del request
    return web.json_response({"ok": True})
