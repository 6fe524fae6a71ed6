"""The Bot API over HTTP: tokens, methods, downloads; and the parts that they work on."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any, ClassVar

from aiohttp import web

from utils.sandbox.server import Sandbox, Service
from utils.sandbox.telegram import (
    methods_chats,
    methods_files,
    methods_media,
    methods_messages,
    methods_updates,
)
from utils.sandbox.telegram.body import Arguments, BodyReader
from utils.sandbox.telegram.call import Answer, Call, Method
from utils.sandbox.telegram.errors import FrontError, TelegramError, too_large
from utils.sandbox.telegram.events import Hub
from utils.sandbox.telegram.html import Entity, render
from utils.sandbox.telegram.limits import Budgets
from utils.sandbox.telegram.phone import Phone
from utils.sandbox.telegram.posting import published_text
from utils.sandbox.telegram.state import CHANNEL_ID, PERSON_ID, TOKEN, State
from utils.sandbox.telegram.updates import Updates
from utils.sandbox.telegram.view import message_view
from utils.sandbox.telegram.webhook import Webhook

JSON = dict[str, Any]

UPLOAD_LIMIT_BYTES = 50 * 1024 * 1024
LOCAL_UPLOAD_LIMIT_BYTES = 2000 * 1024 * 1024
FORM_OVERHEAD_BYTES = 64 * 1024
TOKEN_LENGTH_LIMIT = 80
LARGEST_BOT_ID = 2**52
DRAFT_SECONDS = 30.0
LOGGED_OUT_SECONDS = 600.0
METHODS: dict[str, tuple[str, Method]] = {
    name.lower(): (name, method)
    for subject in (
        methods_chats,
        methods_files,
        methods_media,
        methods_messages,
        methods_updates,
    )
    for name, method in subject.METHODS.items()
}
NOT_IN_ANSWERS = frozenset({"setwebhook", "deletewebhook", "close", "logout"})
"""Methods that the answer to a webhook may not name; nor any that begins with ``get``."""

log = logging.getLogger(__name__)


class Telegram(Service):
    """One bot, two people and a channel.

    Switches beside those of the parts: ``local`` (the server's local mode), ``upload_limit``,
    ``download_limit`` (bytes), ``link_seconds``, ``ranges``, ``callback_seconds``,
    ``omit_file_size``, ``plain_web_apps``, ``plain_webhooks``, ``flood_mode``, ``budgets`` and
    its numbers (limits.py). Faults of its own: ``flood`` and ``html`` (``status`` 413, 502 ...
    with the web server's HTML body).
    """

    name: ClassVar[str] = "telegram"

    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__(sandbox)
        self.state = State(sandbox)
        self.hub = Hub()
        self.budgets = Budgets(sandbox, self.name)
        self.updates = Updates(sandbox, self.name, self.state)
        self.webhook = Webhook(sandbox, self.name, self.state, self.updates)
        self.webhook.execute = self._execute
        self.phone = Phone(self)
        self.started_at = sandbox.clock.now()
        self._drafts: dict[int, JSON] = {}

    def routes(self) -> list[web.RouteDef]:
        method, file = "/bot{token:[^/]+}/{method:[^/]*}", "/file/bot{token:[^/]+}/{path:.+}"
        return [
            web.get(method, self._handle),
            web.post(method, self._handle),
            web.get(file, self._download),
            *self.phone.routes(),
        ]

    def step(self, request: web.Request) -> str:
        path = request.path
        if path.startswith("/file/"):
            return "download"
        if path.startswith("/_phone/"):
            return f"phone.{path.split('/')[2]}"
        if path.startswith("/bot"):
            known = METHODS.get(path.rpartition("/")[2].lower())
            return known[0] if known else "unknown"
        return "page"

    def seed(self) -> None:
        self.state.seed()
        self.webhook.resume()

    def reset(self) -> None:
        self.budgets.reset()
        self.webhook.remove()
        self.updates.reset()
        self._drafts.clear()
        self.hub.emit("reset", {})

    async def close(self) -> None:
        """End the delivery to the webhook."""
        await self.webhook.close()

    def settings(self) -> JSON:
        channel = self.state.chat(CHANNEL_ID) or {}
        return {
            "telegram": {
                "api_base": self.sandbox.address(self.name),
                "token": TOKEN,
                "admins": [PERSON_ID],
                "users": [PERSON_ID],
            },
            "accounts": [
                {
                    "platform": "telegram",
                    "name": channel.get("title", ""),
                    "remote_id": str(CHANNEL_ID),
                    "access_token": TOKEN,
                }
            ],
        }

    def error(self, status: int, message: str) -> web.Response:
        known = {404: "Not Found", 500: f"Internal Server Error: {message}"}
        return TelegramError(status, known.get(status, message)).response()

    def switch(self, name: str, default: Any) -> Any:  # noqa: ANN401 - a switch holds any JSON
        return self.sandbox.options.switch(self.name, name, default)

    async def alter(self, remote_id: str, changes: JSON) -> None:
        """Let an admin delete or rewrite a post of a channel; of a deletion no bot is told."""
        rows = (document for _, document in self.state.messages.items())
        posts = (d for d in rows if d["chat_id"] < 0 and str(d["message_id"]) == remote_id)
        document = next((d for d in posts if not d["is_deleted"]), None)
        if document is None or set(changes) - {"gone", "text"}:
            raise ValueError(f"Telegram cannot alter {remote_id}: {sorted(changes)}")
        if "text" in changes:
            edited = {**document["message"], **changes["text"]}
            document["message"] = {**edited, "edit_date": int(self.sandbox.clock.now())}
            self.updates.add("edited_channel_post", document["message"])
            shown = published_text(document)
            self.sandbox.update_published(self.name, remote_id, text=shown)
        if changes.get("gone"):
            document["is_deleted"] = True
            self.sandbox.unpublish(self.name, remote_id)
        self.save(document)

    def save(self, document: JSON) -> None:
        """Save a message and show it to the open pages."""
        self.hub.emit("message", message_view(self.state.put_message(document)))

    def put_draft(self, chat_id: int, draft_id: int, text: str, entities: list[Entity]) -> None:
        """Show a preview that lives until the next message, half a minute at most."""
        draft = {
            "chat_id": chat_id,
            "draft_id": draft_id,
            "html": render(text, entities),
            "text": text,
            "expires_at": self.sandbox.clock.now() + DRAFT_SECONDS,
        }
        self._drafts[chat_id] = draft
        self.hub.emit("draft", draft)

    def drop_draft(self, chat_id: int) -> None:
        if self._drafts.pop(chat_id, None) is not None:
            self.hub.emit("draft", {"chat_id": chat_id, "draft_id": 0})

    def drafts(self) -> list[JSON]:
        """Return the previews that are still to be seen."""
        now = self.sandbox.clock.now()
        return [draft for draft in self._drafts.values() if draft["expires_at"] > now]

    def require_bot(self, token: str) -> JSON:
        """Return the bot of a token.

        Raises:
            TelegramError: with 401 when there is none.
        """
        if not is_well_formed(token):
            raise TelegramError(401, "Unauthorized: invalid token specified")
        bot = self.state.bots.get(token)
        if bot is None:
            raise TelegramError(401, "Unauthorized")
        return bot

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        try:
            return _answer(await self._call(request))
        except TelegramError as error:
            return error.response()

    async def _call(self, request: web.Request) -> object:
        token = request.match_info["token"]
        bot = self.require_bot(token)
        name, method = _known_method(request.match_info["method"])
        self._require_logged_in(bot)
        fault = self.sandbox.faults.take(self.name, name, "html")
        if fault is not None:
            status = int(fault.number("status", 502))
            raise FrontError(status, HTTPStatus(status).phrase)
        arguments = await self._read(request)
        try:
            self.sandbox.note_body(request, arguments.note())
            call = Call(service=self, token=token, bot=bot, method=name, arguments=arguments)
            return await method(call)
        finally:
            arguments.discard()

    async def _read(self, request: web.Request) -> Arguments:
        is_local = self.switch("local", default=False)
        usual = LOCAL_UPLOAD_LIMIT_BYTES if is_local else UPLOAD_LIMIT_BYTES
        limit = int(self.switch("upload_limit", usual))
        if (request.content_length or 0) > limit + FORM_OVERHEAD_BYTES:
            raise too_large()
        reader = BodyReader(self.sandbox, file_limit=limit)
        return await reader.read(request, self.sandbox.stream_body(request))

    def _require_logged_in(self, bot: JSON) -> None:
        left_at = float(bot.get("logged_out_at", "-inf"))
        if self.switch("local", default=False):
            return
        if self.sandbox.clock.now() - left_at < LOGGED_OUT_SECONDS:
            raise TelegramError(400, "Logged out")

    async def _download(self, request: web.Request) -> web.StreamResponse:
        try:
            return await methods_files.download(self, request)
        except TelegramError as error:
            return error.response()

    async def _execute(self, answer: JSON) -> None:
        """Run the method that an answer to the webhook names; its result is seen by nobody."""
        name = str(answer["method"]).lower()
        if name.startswith("get") or name in NOT_IN_ANSWERS:
            return
        values = {key: value for key, value in answer.items() if key != "method"}
        try:
            canonical, method = _known_method(name)
            await method(
                Call(
                    service=self,
                    token=TOKEN,
                    bot=self.require_bot(TOKEN),
                    method=canonical,
                    arguments=Arguments(values=values),
                )
            )
        except TelegramError as error:
            log.info("the method in a webhook's answer was refused: %s", error.description)


def is_well_formed(token: str) -> bool:
    """Tell whether a token has the form of one, known or not."""
    number, colon, secret = token.partition(":")
    return (
        bool(colon and secret)
        and len(token) <= TOKEN_LENGTH_LIMIT
        and not token.startswith("0")
        and "/" not in token
        and number.isascii()
        and number.isdigit()
        and int(number) < LARGEST_BOT_ID
    )


def _known_method(name: str) -> tuple[str, Method]:
    found = METHODS.get(name.lower())
    if found is None:
        raise TelegramError(404, "Not Found: method not found")
    return found


def _answer(result: object) -> web.Response:
    if isinstance(result, Answer):
        body = {"ok": True, "result": result.result, "description": result.description}
        return web.json_response(body)
    return web.json_response({"ok": True, "result": result})
