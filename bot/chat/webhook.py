"""The webhook: answers 200 only after the update's handler has committed."""

from __future__ import annotations

import hmac
import json
import logging
from collections.abc import Iterable

from aiogram import Bot, Dispatcher
from aiohttp import web

from bot.chat.poller import StoreTroubleError, feed_update, read_update

logger = logging.getLogger(__name__)

PATH = "/telegram/webhook"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
COME_BACK_SECONDS = "5"


class Webhook:
    """Takes updates that Telegram sends; Telegram repeats what was not answered with 200."""

    def __init__(self, bot: Bot, dispatcher: Dispatcher, secret: str) -> None:
        if not secret:
            raise ValueError("a webhook without a secret takes updates from anybody")
        self._bot = bot
        self._dispatcher = dispatcher
        self._secret = secret.encode()
        self._store_is_down = False

    def routes(self) -> Iterable[web.AbstractRouteDef]:
        return (web.post(PATH, self.take),)

    async def take(self, request: web.Request) -> web.Response:
        if not self._is_telegram(request):
            return web.Response(status=401, text="Unauthorized")
        try:
            raw = json.loads(await request.read())
        except ValueError:
            return web.Response(status=400, text="not JSON")
        if not isinstance(raw, dict) or not isinstance(raw.get("update_id"), int):
            return web.Response(status=400, text="not an update")
        update = read_update(self._bot, raw)
        if update is None:
            # Sent again it would read the same: taken, so that others are not held up.
            return web.Response()
        try:
            await feed_update(self._bot, self._dispatcher, update)
        except StoreTroubleError as error:
            self._note_store(str(error))
            return web.Response(status=503, headers={"Retry-After": COME_BACK_SECONDS})
        self._note_store("")
        return web.Response()

    def _is_telegram(self, request: web.Request) -> bool:
        given = request.headers.get(SECRET_HEADER, "")
        return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), self._secret)

    def _note_store(self, why: str) -> None:
        if why and not self._store_is_down:
            logger.warning("updates_kept_store_down", extra={"why": why})
        if not why and self._store_is_down:
            logger.info("store_back")
        self._store_is_down = bool(why)
