"""A bot and a person without a library, for tests against the stand-in for Telegram."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import aiohttp

from tests.telegram_schema import check_answer, check_request
from utils.sandbox.telegram.state import TOKEN

JSON = dict[str, Any]
T = TypeVar("T")
VIDEO = b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 400
BUTTON = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}


@dataclass
class Client:
    """A bot and a person without a library; calls and answers are checked by the description."""

    http: aiohttp.ClientSession
    base: str

    async def raw(self, method: str, *, token: str = TOKEN, **params: Any) -> tuple[int, JSON]:
        async with self.http.post(f"{self.base}/bot{token}/{method}", json=params) as response:
            body: JSON = await response.json()
            assert response.status == body.get("error_code", 200)
            if "parameters" in body:
                assert response.headers["Retry-After"] == str(body["parameters"]["retry_after"])
            return response.status, body

    async def call(self, method: str, **params: Any) -> Any:  # noqa: ANN401 - any JSON
        check_request(method, params)
        status, body = await self.raw(method, **params)
        assert status == 200, body
        check_answer(method, body["result"])
        return body["result"]

    async def refusal(self, method: str, **params: Any) -> str:
        status, body = await self.raw(method, **params)
        assert body["ok"] is False
        assert status >= 400
        return str(body["description"])

    async def form(self, method: str, form: aiohttp.FormData) -> tuple[int, Any]:
        async with self.http.post(f"{self.base}/bot{TOKEN}/{method}", data=form) as response:
            is_json = response.content_type == "application/json"
            return response.status, await (response.json() if is_json else response.text())

    async def phone(self, path: str, /, **body: Any) -> JSON:
        async with self.http.post(f"{self.base}/_phone/{path}", json=body) as response:
            answer: JSON = await response.json()
            assert response.status == 200, answer
            return answer

    async def film(self, *bodies: bytes, **fields: str) -> JSON:
        form = aiohttp.FormData()
        for name, value in fields.items():
            form.add_field(name, value)
        for number, data in enumerate(bodies):
            form.add_field("file", data, filename=f"v{number}.mp4", content_type="video/mp4")
        async with self.http.post(f"{self.base}/_phone/send", data=form) as response:
            answer: JSON = await response.json()
            assert response.status == 200, answer
            return answer

    async def journal(self, step: str) -> list[JSON]:
        query = {"service": "telegram", "step": step}
        async with self.http.get(f"{self.base}/_sandbox/journal", params=query) as response:
            rows: list[JSON] = await response.json()
            return rows

    async def seen(self, path: str = "messages", **query: Any) -> JSON:
        async with self.http.get(f"{self.base}/_phone/{path}", params=query) as response:
            answer: JSON = await response.json()
            return answer


async def until(ask: Callable[[], Awaitable[T]], is_there: Callable[[T], bool]) -> T:
    """Ask again and again until the answer is the expected one, 10 s at most."""
    async with asyncio.timeout(10):
        while not is_there(answer := await ask()):  # noqa: ASYNC110 - it happens behind HTTP
            await asyncio.sleep(0.02)
    return answer


async def wait_for_message(client: Client, message_id: int) -> JSON:
    def found(answer: JSON) -> list[JSON]:
        return [item for item in answer["messages"] if item["message_id"] == message_id]

    return found(await until(client.seen, lambda answer: bool(found(answer))))[0]


def video_form(
    chat_id: int, data: bytes = VIDEO, name: str = "v.mp4", **more: str
) -> aiohttp.FormData:
    form = aiohttp.FormData({"chat_id": str(chat_id), **more})
    form.add_field("video", data, filename=name)
    return form
