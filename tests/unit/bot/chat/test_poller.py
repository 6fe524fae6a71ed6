from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiogram import BaseMiddleware
from aiogram.types import TelegramObject, Update

from bot.chat.poller import UPDATES, Poller
from core.store.errors import StoreFullError
from tests.chat_kit import ADMIN, STRANGER, Chat, make_command, make_message, make_video

JSON = dict[str, Any]
Handler = Callable[..., Awaitable[Any]]


@pytest.fixture
def poller(chat: Chat) -> Poller:
    return Poller(chat.bot, chat.dispatcher, chat.clock)


def offsets(chat: Chat) -> list[str | None]:
    return [call.params.get("offset") for call in chat.session.of("getUpdates")]


class Gate(BaseMiddleware):
    """Lets a test see handlers arrive and decide when they go on."""

    def __init__(self) -> None:
        self.inside: list[int] = []
        self.arrived = asyncio.Event()
        self.opened = asyncio.Event()

    async def __call__(self, handler: Handler, event: TelegramObject, data: JSON) -> object:
        assert isinstance(event, Update)
        self.inside.append(event.update_id)
        self.arrived.set()
        await self.opened.wait()
        return await handler(event, data)


@asynccontextmanager
async def running(work: Awaitable[None]) -> AsyncIterator[asyncio.Task[None]]:
    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        yield group.create_task(_run(work))


async def _run(work: Awaitable[None]) -> None:
    await work


async def test_updates_are_confirmed_after_their_commit_only(chat: Chat, poller: Poller) -> None:
    gate = Gate()
    chat.dispatcher.update.outer_middleware(gate)
    update = make_video()
    chat.session.batches.put_nowait([update])
    async with running(poller.step()):
        await gate.arrived.wait()
        assert offsets(chat) == [None]
        gate.opened.set()
    assert await chat.desk.posts.count_open() == 1
    chat.session.batches.put_nowait([])
    await poller.step()
    assert offsets(chat) == [None, str(update["update_id"] + 1)]


async def test_the_wanted_updates_are_told_in_every_call(chat: Chat, poller: Poller) -> None:
    chat.session.batches.put_nowait([])
    await poller.step()
    (call,) = chat.session.of("getUpdates")
    assert json.loads(call.params["allowed_updates"]) == UPDATES
    assert int(call.params["timeout"]) <= 50


async def test_chats_are_handled_side_by_side_and_each_in_order(
    chat: Chat, poller: Poller
) -> None:
    gate = Gate()
    chat.dispatcher.update.outer_middleware(gate)
    mine, hers = [make_message(), make_message()], [make_message(ADMIN)]
    chat.session.batches.put_nowait([*mine, *hers])
    async with running(poller.step()):
        while len(gate.inside) < 2:
            await gate.arrived.wait()
            gate.arrived.clear()
        assert set(gate.inside) == {mine[0]["update_id"], hers[0]["update_id"]}
        gate.opened.set()
    assert gate.inside[-1] == mine[1]["update_id"]


async def test_a_batch_without_a_database_is_asked_for_again(
    chat: Chat, poller: Poller, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    batch = [make_command("/help"), make_video(user_id=ADMIN)]

    async def full(update_id: int) -> bool:
        raise StoreFullError("no space left")

    with monkeypatch.context() as patched:
        patched.setattr(chat.desk.posts, "seen", full)
        for _ in range(2):
            chat.session.batches.put_nowait(batch)
            async with running(poller.step()):
                await chat.clock.sleepers()
                await chat.clock.advance(2)
    chat.session.batches.put_nowait(batch)
    await poller.step()
    assert offsets(chat) == [None, None, None]
    assert await chat.desk.posts.count_open() == 1
    events = [m for m in caplog.messages if m in {"updates_kept_store_down", "telegram_back"}]
    assert events == ["updates_kept_store_down", "telegram_back"]


async def test_what_breaks_outside_of_a_handler_counts_as_handled(
    chat: Chat, poller: Poller, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*args: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(chat.desk.posts, "fact", broken)
    update = make_message(STRANGER)
    chat.session.batches.put_nowait([update])
    await poller.step()
    assert poller._offset == update["update_id"] + 1
    assert "update_broke" in caplog.messages


@pytest.mark.parametrize(
    "odd",
    [
        {"message": {"message_id": "none"}},
        {"never_heard_of": {"x": 1}},
        {"message_reaction": 5},
    ],
)
async def test_an_update_that_nobody_can_read_does_not_stop_the_rest(
    chat: Chat, poller: Poller, odd: JSON
) -> None:
    video = make_video()
    chat.session.answers_as_described = False
    chat.session.batches.put_nowait([{"update_id": 1, **odd}, video])
    await poller.step()
    assert await chat.desk.posts.count_open() == 1
    assert poller._offset == video["update_id"] + 1


@pytest.mark.parametrize(
    ("code", "description", "event"),
    [
        (409, "Conflict: terminated by other getUpdates request", "telegram_conflict"),
        (401, "Unauthorized", "telegram_token_refused"),
        (404, "Not Found", "telegram_token_refused"),
        (502, "Bad Gateway", "telegram_down"),
    ],
)
async def test_trouble_is_told_once_and_asked_ever_more_slowly(
    chat: Chat,
    poller: Poller,
    caplog: pytest.LogCaptureFixture,
    code: int,
    description: str,
    event: str,
) -> None:
    caplog.set_level("INFO")
    for _ in range(3):
        chat.session.fail("getUpdates", code, description)
    for pause in (1, 2, 4):
        async with running(poller.step()) as step:
            await chat.clock.sleepers()
            await chat.clock.advance(pause - 0.1)
            assert not step.done()
            await chat.clock.advance(0.1)
    chat.session.batches.put_nowait([])
    await poller.step()
    assert [m for m in caplog.messages if m.startswith("telegram_")] == [event, "telegram_back"]


async def test_a_busy_telegram_is_given_its_time(chat: Chat, poller: Poller) -> None:
    chat.session.fail("getUpdates", 429, "Too Many Requests", retry_after=30)
    async with running(poller.step()) as step:
        await chat.clock.sleepers()
        await chat.clock.advance(29.9)
        assert not step.done()
        await chat.clock.advance(0.1)


async def test_leaving_ends_a_long_poll_and_confirms(chat: Chat, poller: Poller) -> None:
    update = make_video()
    chat.session.batches.put_nowait([update])
    async with running(poller.run()):
        while len(chat.session.of("getUpdates")) < 2:
            chat.session.arrived.clear()
            await chat.session.arrived.wait()
        await poller.leave(5)
    assert offsets(chat)[-1] == str(update["update_id"] + 1)
    assert chat.session.of("getUpdates")[-1].params["timeout"] == "0"
