"""The person's side: what they send, press and see, over HTTP and on the chat page."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import uuid4

from aiohttp import web

from utils.sandbox.probe import MediaFacts, probe
from utils.sandbox.telegram.body import Arguments, BodyReader, Received
from utils.sandbox.telegram.call import Call, caption_fields, format_text
from utils.sandbox.telegram.errors import TelegramError, bad_request
from utils.sandbox.telegram.forwards import Forwarded, forward_origin, forwarded_content
from utils.sandbox.telegram.media import KINDS, guess_mime_type, media_fields, new_file
from utils.sandbox.telegram.membership import block, change_chat
from utils.sandbox.telegram.posting import without_reply
from utils.sandbox.telegram.state import (
    BOT,
    BOT_ID,
    PERSON_ID,
    STRANGER_ID,
    public_chat,
    public_user,
)
from utils.sandbox.telegram.view import message_view
from utils.sandbox.telegram.webapp import init_data

if TYPE_CHECKING:
    from utils.sandbox.telegram.service import Telegram

JSON = dict[str, Any]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

PAGE = Path(__file__).parent / "page"
PAGE_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
POLICY = (
    "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
FILE_LIMIT_BYTES = 2000 * 1024 * 1024
TEXT_LIMIT = 4096
INLINE_TYPES = ("video/", "image/", "audio/")
CHAT_INSTANCE = 4_000_000_000_000_000_000


class Phone:
    """The routes under ``/_phone/`` and the page; it acts as one of the people."""

    def __init__(self, service: Telegram) -> None:
        self._service = service

    def routes(self) -> list[web.RouteDef]:
        def get(path: str, handler: Handler) -> web.RouteDef:
            return web.get(path, _guarded(handler))

        def post(path: str, handler: Handler) -> web.RouteDef:
            return web.post(path, _guarded(handler))

        return [
            get("/", self.page),
            get("/chat", self.page),
            get("/_phone/page/{name}", self.asset),
            get("/_phone/state", self.state),
            get("/_phone/messages", self.messages),
            get("/_phone/events", self._service.hub.stream),
            get("/_phone/video/{unique_id}", self.video),
            get("/_phone/query/{query_id}", self.query),
            get("/_phone/init_data", self.init_data),
            post("/_phone/send", self.send),
            post("/_phone/press", self.press),
            post("/_phone/block", self.block),
            post("/_phone/channel", self.channel),
        ]

    async def page(self, _: web.Request) -> web.StreamResponse:
        return _asset("index.html")

    async def asset(self, request: web.Request) -> web.StreamResponse:
        return _asset(request.match_info["name"])

    async def state(self, _: web.Request) -> web.StreamResponse:
        """Answer ``{bot, people, chats, commands, menu, drafts}``."""
        state = self._service.state
        chats = [chat for chat in state.all_chats() if chat["id"] != STRANGER_ID]
        return web.json_response(
            {
                "bot": BOT,
                "people": [user for _, user in state.users.items()],
                "chats": [
                    {**public_chat(chat), "is_admin": chat.get("is_admin")} for chat in chats
                ],
                "commands": self.commands(),
                "menu": self._menu(),
                "drafts": self._service.drafts(),
            }
        )

    def commands(self) -> list[JSON]:
        """Return the commands that the first person is offered: the narrowest scope wins."""
        found = dict(self._service.state.settings.items())
        scopes = (
            f'{{"chat_id": {PERSON_ID}, "type": "chat"}}',
            '{"type": "all_private_chats"}',
            '{"type": "default"}',
        )
        keys = (f"commands {scope} {language}" for scope in scopes for language in ("en", ""))
        return next((found[key]["commands"] for key in keys if key in found), [])

    def _menu(self) -> JSON:
        settings = self._service.state.settings
        return settings.get(f"menu {PERSON_ID}") or settings.get("menu ") or {"type": "default"}

    async def messages(self, request: web.Request) -> web.StreamResponse:
        """Answer ``{messages, change, drafts}``; ``after`` is the change number seen last."""
        after = int(request.query.get("after") or 0)
        wanted = request.query.get("chat_id")
        chat_id = int(wanted) if wanted else None
        found = self._service.state.messages_since(after, chat_id)
        return web.json_response(
            {
                "messages": [message_view(document) for document in found],
                "change": max((document["change"] for document in found), default=after),
                "drafts": self._service.drafts(),
            }
        )

    async def video(self, request: web.Request) -> web.StreamResponse:
        file = self._service.state.file_by_unique_id(request.match_info["unique_id"])
        if file is None or file["path"] is None:
            raise TelegramError(404, "Not Found")
        is_inline = str(file["mime_type"]).startswith(INLINE_TYPES)
        headers = {
            "Content-Type": file["mime_type"] if is_inline else "application/octet-stream",
            "Content-Disposition": "inline" if is_inline else "attachment",
            "X-Content-Type-Options": "nosniff",
        }
        return web.FileResponse(file["path"], headers=headers)

    async def query(self, request: web.Request) -> web.StreamResponse:
        """Answer ``{is_answered, answer}`` for a press."""
        query = self._service.state.queries.get(request.match_info["query_id"])
        if query is None:
            raise TelegramError(404, "Not Found")
        return web.json_response(query)

    async def init_data(self, request: web.Request) -> web.StreamResponse:
        """Answer the launch data of a mini app; ``mode`` makes it wrong on purpose."""
        user = self._require_user(request.query.get("user_id"))
        now = int(self._service.sandbox.clock.now())
        token = next(token for token, _ in self._service.state.bots.items())
        text = init_data(token, public_user(user), now, request.query.get("mode", ""))
        return web.json_response({"init_data": text})

    async def send(self, request: web.Request) -> web.StreamResponse:
        """Send text or files; answer ``{messages, message_ids, update_ids}``."""
        reader = BodyReader(self._service.sandbox, file_limit=FILE_LIMIT_BYTES)
        arguments = await reader.read(request, _pieces(request))
        try:
            self._service.sandbox.note_body(request, arguments.note())
            return web.json_response(await self._send(arguments))
        finally:
            arguments.discard()

    async def _send(self, arguments: Arguments) -> JSON:
        call = self._as_call(arguments)
        user = self._require_user(call.text("user_id"))
        chat = self._require_chat(user, call.text("chat_id"))
        self._start(user)
        files = [await self._file(call, received) for received in arguments.files.get("file", [])]
        files += [await self._named_file(call, path) for path in _paths(call)]
        forwarded = forwarded_content(self._service, call) if not files else None
        if forwarded is not None:
            files = [file for file in [forwarded.file] if file]
        contents = [self._media(file) for file in files] or [_text(call, forwarded)]
        if files:
            contents[0].update(forwarded.caption if forwarded else _caption(call))
        if len(files) > 1:
            group = str(uuid4().int % 10**17)
            contents = [{**content, "media_group_id": group} for content in contents]
        frame = self._frame(call, user, chat)
        pairs = zip(contents, [*files, *([None] * (len(contents) - len(files)))], strict=True)
        return _summary([self._put(chat, {**frame, **content}, file) for content, file in pairs])

    def _as_call(self, arguments: Arguments) -> Call:
        """Borrow the way in which methods read their arguments."""
        return Call(service=self._service, token="", bot=BOT, method="send", arguments=arguments)

    def _start(self, user: JSON) -> None:
        """Whoever writes to the bot has started it."""
        if not user["has_started"]:
            self._service.state.put_user({**user, "has_started": True})

    def _media(self, file: JSON) -> JSON:
        omit = self._service.switch("omit_file_size", default=False)
        return media_fields(file, with_size=not omit)

    def _frame(self, call: Call, user: JSON, chat: JSON) -> JSON:
        """Return the fields that all messages of one sending have."""
        frame: JSON = {"date": int(call.now), "chat": public_chat(chat)}
        if chat["type"] == "channel":
            frame["sender_chat"] = public_chat(chat)
        else:
            frame["from"] = public_user(user)
        frame.update(forward_origin(self._service, call))
        replied = call.integer("reply_to_message_id")
        if replied:
            document = self._service.state.message(chat["id"], replied)
            if document is None:
                raise bad_request("message to be replied not found")
            frame["reply_to_message"] = without_reply(document["message"])
        return frame

    def _put(self, chat: JSON, fields: JSON, file: JSON | None) -> JSON:
        state = self._service.state
        message = {"message_id": state.messages.next_id(), **fields}
        self._service.save(
            {
                "chat_id": chat["id"],
                "message_id": message["message_id"],
                "is_deleted": False,
                "is_from_bot": False,
                "file": file,
                "message": message,
            }
        )
        kind = "channel_post" if chat["type"] == "channel" else "message"
        facts = {key: file[key] for key in ("file_id", "file_unique_id", "sha256")} if file else {}
        update_id = self._service.updates.add(kind, message)
        return {"message_id": message["message_id"], "update_id": update_id, **facts}

    async def _file(self, call: Call, received: Received) -> JSON:
        """Keep an uploaded file."""
        if received.blob.size == 0:
            raise bad_request("file must be non-empty")
        if received.blob.path is None:
            raise bad_request("the stand-in keeps no bytes: name the file's path instead")
        received.is_kept = True
        sha256 = received.blob.sha256()
        return await self._new_file(call, received.blob.path, received.filename, sha256)

    async def _named_file(self, call: Call, path: Path) -> JSON:
        """Use a file on this machine's disk where it stands."""
        if not path.is_file():  # noqa: ASYNC240 - a local file, no wait
            raise bad_request(f"there is no file {path}")
        return await self._new_file(call, path, path.name, await asyncio.to_thread(_digest, path))

    async def _new_file(self, call: Call, path: Path, name: str, sha256: str) -> JSON:
        kind = call.text("kind") or "video"
        if kind not in KINDS:
            raise bad_request(f"kind is one of {', '.join(KINDS)}")
        facts = await probe(path) or MediaFacts()
        file = new_file(
            bot_id=BOT_ID,
            kind=kind,
            path=path,
            size=path.stat().st_size,  # noqa: ASYNC240 - a local file, no wait
            sha256=sha256,
            name=name,
            mime_type=guess_mime_type(name),
            width=facts.width,
            height=facts.height,
            duration=round(facts.duration_seconds),
            has_facts=True,
        )
        self._service.state.files.put(file["file_id"], file)
        return file

    async def press(self, request: web.Request) -> web.StreamResponse:
        """Press a button; ``stale`` allows data that the keyboard no longer has."""
        call = self._as_call(Arguments(values=await _object(request)))
        user = self._require_user(call.text("user_id"))
        chat = self._require_chat(user, call.text("chat_id"))
        document = self._service.state.message(chat["id"], call.integer("message_id"))
        data = call.text("data")
        if document is None:
            raise bad_request("message not found")
        if data not in _data_of(document) and not call.boolean("stale"):
            raise bad_request("the message has no button with this data")
        query_id = str(uuid4().int % 10**18)
        self._service.state.queries.put(
            query_id, {"at": call.now, "chat_id": chat["id"], "is_answered": False}
        )
        query = {
            "id": query_id,
            "from": public_user(user),
            "message": document["message"],
            "chat_instance": str(CHAT_INSTANCE + abs(chat["id"])),
            "data": data,
        }
        update_id = self._service.updates.add("callback_query", query)
        return web.json_response({"query_id": query_id, "update_id": update_id})

    async def block(self, request: web.Request) -> web.StreamResponse:
        """Block the bot, or with ``blocked: false`` let it write again."""
        call = self._as_call(Arguments(values=await _object(request)))
        user = self._require_user(call.text("user_id"))
        has_blocked = call.boolean("blocked", default=True)
        return web.json_response(block(self._service, user, has_blocked=has_blocked))

    async def channel(self, request: web.Request) -> web.StreamResponse:
        """Create a channel or group, or change the one of ``chat_id``; answers the chat.

        Fields: ``title``, ``type``, ``username``; ``bot_is_admin``, ``bot_is_member``,
        ``bot_is_kicked`` and ``rights`` (like ``{"can_post_messages": false}``) of the bot;
        ``user_id`` is who does it; ``owner_id`` and ``admin_ids`` are people.
        """
        call = self._as_call(Arguments(values=await _object(request)))
        user = self._require_user(call.text("user_id"))
        return web.json_response(change_chat(self._service, call, user))

    def _require_user(self, reference: str | None) -> JSON:
        user = self._service.state.user(int(reference or PERSON_ID))
        if user is None:
            raise bad_request("user not found")
        return user

    def _require_chat(self, user: JSON, reference: str) -> JSON:
        chat = self._service.state.require_chat(reference or str(user["id"]))
        if chat["type"] == "private" and chat["id"] != user["id"]:
            raise bad_request("this private chat belongs to somebody else")
        return chat


def _guarded(handler: Handler) -> Handler:
    """Answer refusals as JSON, and let only pages of this very server in."""

    async def answer(request: web.Request) -> web.StreamResponse:
        origin = request.headers.get("Origin")
        foreign = origin is not None and urlsplit(origin).netloc != request.host
        if foreign or (request.url.host or "") not in LOOPBACK:
            return web.json_response({"error": "only for this machine"}, status=403)
        try:
            return await handler(request)
        except TelegramError as error:
            return web.json_response({"error": error.description}, status=error.code)
        except ValueError as error:
            return web.json_response({"error": str(error)}, status=400)

    return answer


def _asset(name: str) -> web.StreamResponse:
    path = PAGE / name
    if path.parent != PAGE or path.suffix not in PAGE_TYPES or not path.is_file():
        raise TelegramError(404, "Not Found")
    return web.Response(
        body=path.read_bytes(),
        content_type=PAGE_TYPES[path.suffix],
        charset="utf-8",
        headers={"Content-Security-Policy": POLICY, "Cache-Control": "no-cache"},
    )


async def _pieces(request: web.Request) -> AsyncIterator[bytes]:
    """Yield the body; a person's upload does not share the bot's link."""
    if not request.content_type.startswith("multipart/"):
        yield await request.read()
        return
    async for piece in request.content.iter_any():
        yield piece


async def _object(request: web.Request) -> JSON:
    body = json.loads(await request.read() or b"{}")
    if not isinstance(body, dict):
        raise bad_request("a JSON object is needed")
    return body


def _paths(call: Call) -> list[Path]:
    """Return the files that the field ``path`` names: one, or a JSON array."""
    value = call.arguments.values.get("path")
    if isinstance(value, str) and value.startswith("["):
        value = call.sequence("path")
    names = value if isinstance(value, list) else [value] if value else []
    return [Path(str(name)) for name in names]


def _text(call: Call, forwarded: Forwarded | None) -> JSON:
    if forwarded is not None and forwarded.text:
        return forwarded.text
    text, entities = format_text(call.text("text"), parse_mode="", entities=None, limit=TEXT_LIMIT)
    if not text:
        raise bad_request("there is neither a text nor a file")
    return {"text": text, "entities": entities} if entities else {"text": text}


def _caption(call: Call) -> JSON:
    source = call.text("caption") or call.text("text")
    text, entities = format_text(source, parse_mode="", entities=None, limit=TEXT_LIMIT)
    return caption_fields(text, entities)


def _summary(rows: list[JSON]) -> JSON:
    return {
        "messages": rows,
        "message_ids": [row["message_id"] for row in rows],
        "update_ids": [row["update_id"] for row in rows if row["update_id"] is not None],
    }


def _data_of(document: JSON) -> set[str]:
    rows = document["message"].get("reply_markup", {}).get("inline_keyboard", [])
    return {button["callback_data"] for row in rows for button in row if "callback_data" in button}


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
