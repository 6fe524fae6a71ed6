"""Files of the library on their way to a chat."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.chat.player import MOST_WAITING, Player, Wish
from core.errors import RefusedError
from core.studio.assets import NewAsset
from core.studio.mashup import AssetKind
from tests.bot_session import Call
from tests.chat_kit import PERSON, Chat, make_chat_on
from tests.factories import Desk
from tests.library_kit import clip, song, still

KINDS = {
    "sendVideo": (AssetKind.TEMPLATE, clip),
    "sendAudio": (AssetKind.AUDIO, song),
    "sendPhoto": (AssetKind.PRODUCT, still),
}


@pytest.fixture
async def chat(desk: Desk, tmp_path: Path) -> AsyncIterator[Chat]:
    chat = make_chat_on(desk, tmp_path / "logs")
    async with asyncio.TaskGroup() as group:
        running = group.create_task(chat.deps.player.run(chat.bot))
        yield chat
        running.cancel()


async def add(chat: Chat, method: str = "sendVideo", name: str = "Wave <1>") -> int:
    kind, make = KINDS[method]
    return (await chat.deps.library.add(make(), NewAsset(kind=kind, name=name))).asset.id


def wish(*asset_ids: int, as_pictures: bool = False) -> Wish:
    return Wish(
        chat_id=PERSON, reply_to=5, asset_ids=asset_ids, language="en", as_pictures=as_pictures
    )


async def sent(chat: Chat, *methods: str, count: int = 1) -> Call:
    """Wait until the bot has called a method so often; return the last call."""
    async with asyncio.timeout(10):
        while len(found := chat.session.of(*methods)) < count:
            chat.session.arrived.clear()
            await chat.session.arrived.wait()
    return found[-1]


async def said(chat: Chat) -> str:
    """Wait until something is in the outbox; return what is said."""
    async with asyncio.timeout(10):
        while not (due := await chat.desk.posts.due_messages()):
            await chat.desk.posts.next_change().wait()
    assert due
    return (await chat.speak())[0].text


@pytest.mark.parametrize("method", KINDS)
async def test_each_medium_is_sent_as_what_it_is(chat: Chat, method: str) -> None:
    chat.deps.player.ask(wish(await add(chat, method)))
    call = await sent(chat, method)
    told = call.params.get("caption") or call.params["title"]
    assert "Wave" in told
    assert json.loads(call.params["reply_parameters"])["message_id"] == 5


async def test_what_telegram_cannot_show_is_sent_as_a_file(chat: Chat) -> None:
    chat.session.fail("sendVideo", 400, "Bad Request: wrong type")
    chat.deps.player.ask(wish(await add(chat)))
    await sent(chat, "sendDocument")


async def test_a_flood_is_waited_out_and_told_to_everybody(chat: Chat) -> None:
    chat.session.fail("sendVideo", 429, "Too Many Requests", retry_after=7)
    chat.deps.player.ask(wish(await add(chat)))
    await chat.clock.sleeps(7)
    await chat.clock.advance(7)
    await sent(chat, "sendVideo", count=2)


async def test_what_cannot_be_sent_is_said(chat: Chat) -> None:
    chat.session.drop("sendVideo")
    chat.deps.player.ask(wish(await add(chat)))
    assert "Wave &lt;1&gt;\u2069” could not be sent now" in await said(chat)
    chat.deps.player.ask(wish(99))
    await chat.clock.advance(5)
    assert "not in the library any more" in await said(chat)


async def test_a_large_file_is_shown_by_its_picture(chat: Chat) -> None:
    player = Player(chat.deps.library, chat.desk.posts, chat.clock, most_bytes=100)
    player.ask(wish(await add(chat)))
    async with asyncio.TaskGroup() as group:
        running = group.create_task(player.run(chat.bot))
        call = await sent(chat, "sendPhoto")
        running.cancel()
    assert "bots may send at most 100 bytes" in call.params["caption"]


async def test_the_pictures_of_a_page_are_one_message(chat: Chat) -> None:
    ids = [await add(chat, method, method) for method in ("sendVideo", "sendAudio")]
    chat.deps.player.ask(wish(*ids, 99, as_pictures=True))
    call = await sent(chat, "sendPhoto")
    assert call.params["caption"].splitlines() == [
        "1. \u2068sendVideo\u2069",
        "2. \u2068sendAudio\u2069",
    ]
    assert chat.session.files[-1].startswith(b"\xff\xd8")


async def test_more_wishes_than_that_are_refused(desk: Desk, tmp_path: Path) -> None:
    player = make_chat_on(desk, tmp_path / "logs").deps.player
    for _ in range(MOST_WAITING):
        player.ask(wish(1))
    with pytest.raises(RefusedError):
        player.ask(wish(1))
