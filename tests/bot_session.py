"""A Bot API without a network: answers as scripted, checks and keeps every call."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict, deque
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.base import BaseSession
from aiogram.exceptions import TelegramNetworkError
from aiogram.methods import TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import BufferedInputFile

from tests.telegram_schema import check_answer, check_request

JSON = dict[str, Any]
TOKEN = "123456:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of the bot."""

    method: str
    params: JSON
    at: float

    @property
    def text(self) -> str:
        return str(self.params.get("text", ""))

    @property
    def chat_id(self) -> int:
        return int(self.params["chat_id"])

    @property
    def buttons(self) -> list[JSON]:
        """The buttons of the keyboard, in order."""
        markup = json.loads(self.params.get("reply_markup", "{}"))
        return [button for row in markup.get("inline_keyboard", []) for button in row]

    @property
    def data(self) -> list[str]:
        return [button["callback_data"] for button in self.buttons]


class ScriptedSession(BaseSession):
    """Stands in for the connection; what the bot asks is checked by the published schema."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[Call] = []
        self.files: list[bytes] = []
        """What was sent as files, in order."""
        self.arrived = asyncio.Event()
        self.batches: asyncio.Queue[list[JSON]] = asyncio.Queue()
        self.commands: dict[str, list[JSON]] = {}
        self.answers_as_described = True
        self._failures: defaultdict[str, deque[tuple[int, JSON] | None]] = defaultdict(deque)
        self._message_id = 100
        self.monotonic = asyncio.get_running_loop().time

    def fail(self, method: str, code: int, description: str, /, **parameters: Any) -> None:
        """Answer the next call of a method with an error."""
        body: JSON = {"ok": False, "error_code": code, "description": description}
        if parameters:
            body["parameters"] = parameters
        self._failures[method].append((code, body))

    def drop(self, method: str) -> None:
        """Let the next call of a method find no network."""
        self._failures[method].append(None)

    def of(self, *methods: str) -> list[Call]:
        return [call for call in self.calls if call.method in methods]

    @property
    def shown(self) -> list[Call]:
        """What people saw: messages sent and changed."""
        return self.of("sendMessage", "editMessageText", "sendDocument")

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ASYNC109
    ) -> TelegramType:
        name = method.__api_method__
        files: dict[str, Any] = {}
        values = {
            key: self.prepare_value(value, bot=bot, files=files)
            for key, value in method.model_dump(warnings=False).items()
        }
        params = {key: value for key, value in values.items() if value}
        self.files += [file.data for file in files.values() if isinstance(file, BufferedInputFile)]
        check_request(name, params)
        self.calls.append(Call(method=name, params=params, at=self.monotonic()))
        self.arrived.set()
        if self._failures[name]:
            failure = self._failures[name].popleft()
            if failure is None:
                raise TelegramNetworkError(method=method, message="no route")
            status, body = failure
            return self._read(bot, method, status, body)
        result = await self._answer(name, params)
        if self.answers_as_described:
            check_answer(name, result)
        return self._read(bot, method, 200, {"ok": True, "result": result})

    def _read(
        self, bot: Bot, method: TelegramMethod[TelegramType], status: int, body: JSON
    ) -> TelegramType:
        result = self.check_response(bot, method, status, json.dumps(body)).result
        assert result is not None
        return result

    async def _answer(self, name: str, params: JSON) -> Any:  # noqa: ANN401 - any JSON
        match name:
            case "getUpdates":
                return await self.batches.get() if params["timeout"] != "0" else []
            case "sendMessage" | "sendPhoto" | "sendDocument":
                self._message_id += 1
                return self._message(params, self._message_id)
            case "editMessageText" | "editMessageReplyMarkup":
                return self._message(params, int(params["message_id"]))
            case "getMyCommands":
                return self.commands.get(_scope(params), [])
            case "setMyCommands":
                self.commands[_scope(params)] = json.loads(params["commands"])
        return True

    def _message(self, params: JSON, message_id: int) -> JSON:
        chat_id = int(params["chat_id"])
        kind = "private" if chat_id > 0 else "group"
        return {
            "message_id": message_id,
            "date": 1_700_000_000,
            "chat": {"id": chat_id, "type": kind},
            "text": params.get("text", "x"),
        }

    async def close(self) -> None:
        return None

    def stream_content(
        self,
        url: str,
        headers: JSON | None = None,
        timeout: int = 30,
        chunk_size: int = 65536,
        raise_for_status: bool = True,
    ) -> AsyncGenerator[bytes, None]:
        raise AssertionError(url)


def make_bot(session: ScriptedSession) -> Bot:
    return Bot(TOKEN, session=session, default=DefaultBotProperties(parse_mode="HTML"))


def _scope(params: JSON) -> str:
    """Return the scope of a list of commands, with its language when it has one."""
    return json.dumps({**json.loads(params["scope"]), "code": params.get("language_code", "")})
