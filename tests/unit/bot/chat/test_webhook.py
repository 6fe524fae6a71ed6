from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from io import BytesIO

import aiohttp
import pytest

from bot.chat.webhook import PATH, SECRET_HEADER, Webhook
from bot.web.server import BODY_LIMIT, WebServer
from core.settings import WebSettings
from core.store.errors import StoreFullError
from tests.chat_kit import Chat, make_command, make_video

SECRET = "a-secret_of-letters"
Post = Callable[..., Awaitable[int]]


@pytest.fixture
async def post(chat: Chat) -> AsyncIterator[Post]:
    server = WebServer(WebSettings(listen="127.0.0.1:0"))
    server.mount(Webhook(chat.bot, chat.dispatcher, SECRET).routes())
    await server.start(required=True)
    address = f"http://{server.address}"
    async with aiohttp.ClientSession() as http:

        async def send(body: object, secret: str | None = SECRET) -> int:
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            headers = {} if secret is None else {SECRET_HEADER: secret}
            async with http.post(address + PATH, data=BytesIO(data), headers=headers) as response:
                return response.status

        yield send
    await server.stop()


async def test_an_update_is_answered_after_its_commit(chat: Chat, post: Post) -> None:
    assert await post(make_video()) == 200
    assert await chat.desk.posts.count_open() == 1


async def test_a_repeated_delivery_is_one_post(chat: Chat, post: Post) -> None:
    update = make_video()
    assert [await post(update), await post(update)] == [200, 200]
    assert await chat.desk.posts.count_open() == 1


@pytest.mark.parametrize("secret", [None, "", "wrong", "пароль", SECRET + "x", SECRET[:-1]])
async def test_only_telegram_is_let_in(chat: Chat, post: Post, secret: str | None) -> None:
    assert await post(make_video(), secret) == 401
    assert await chat.desk.posts.count_open() == 0


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"5", b'{"update_id": "x"}', b"\xff"])
async def test_what_is_no_update_is_refused(post: Post, body: bytes) -> None:
    assert await post(body) == 400


async def test_an_update_that_nobody_can_read_is_taken(post: Post) -> None:
    assert await post({"update_id": 1, "message": {"message_id": "none"}}) == 200


async def test_a_body_that_is_too_large_is_refused(post: Post) -> None:
    assert await post({"update_id": 1, "padding": "x" * BODY_LIMIT}) == 413


async def test_without_a_database_telegram_keeps_the_update(
    chat: Chat, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    update = make_command("/help")

    async def full(update_id: int) -> bool:
        raise StoreFullError("no space left")

    with monkeypatch.context() as patched:
        patched.setattr(chat.desk.posts, "seen", full)
        assert await post(update) == 503
    assert await post(update) == 200
    assert len(await chat.speak()) == 1


async def test_a_webhook_needs_a_secret(chat: Chat) -> None:
    with pytest.raises(ValueError, match="secret"):
        Webhook(chat.bot, chat.dispatcher, "")
