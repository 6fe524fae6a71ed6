"""The bot in channels: made an admin, removed, and what an admin does by hand."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.telegram_client import JSON, VIDEO, Client, video_form
from utils.sandbox.server import Sandbox
from utils.sandbox.telegram import Telegram
from utils.sandbox.telegram.state import BOT_ID, CHANNEL_ID, PERSON_ID, STRANGER_ID

DAY = 86_400
FRAME = b"\xff\xc0\x00\x11\x08" + (90).to_bytes(2) + (120).to_bytes(2)
PICTURE = b"\xff\xd8\xff\xe0\x00\x10" + bytes(14) + FRAME + bytes(14)
"""A JPEG's head: 120 pixels wide and 90 high."""


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(services=(Telegram,)) as running:
        running.set_option("telegram", "budgets", value=False)
        yield running


@pytest.fixture
async def client(sandbox: Sandbox) -> AsyncIterator[Client]:
    async with aiohttp.ClientSession() as http:
        yield Client(http, sandbox.address("telegram"))


async def updates(client: Client, kind: str) -> list[JSON]:
    rows = await client.call("getUpdates", timeout=0)
    return [row[kind] for row in rows if kind in row]


async def publish(client: Client, chat_id: int = CHANNEL_ID, caption: str = "") -> int:
    form = video_form(chat_id, caption=caption)
    status, answer = await client.form("sendVideo", form)
    assert status == 200, answer
    number: int = answer["result"]["message_id"]
    return number


async def alter(sandbox: Sandbox, message_id: int, **changes: Any) -> None:
    await sandbox.services["telegram"].alter(str(message_id), changes)


# Membership


async def test_a_person_makes_the_bot_an_admin_of_a_new_channel(client: Client) -> None:
    made = await client.phone("channel", title="News", bot_is_admin=True, user_id=PERSON_ID)
    (update,) = await updates(client, "my_chat_member")
    assert (update["chat"]["id"], update["from"]["id"]) == (made["id"], PERSON_ID)
    assert update["old_chat_member"]["status"] == "left"
    new = update["new_chat_member"]
    assert (new["status"], new["can_post_messages"]) == ("administrator", True)
    chat = await client.call("getChat", chat_id=made["id"])
    assert (chat["title"], chat["type"]) == ("News", "channel")
    member = await client.call("getChatMember", chat_id=made["id"], user_id=BOT_ID)
    assert member["status"] == "administrator"


async def test_an_admin_may_lack_the_right_to_post(client: Client) -> None:
    rights = {"can_post_messages": False}
    made = await client.phone("channel", title="News", bot_is_admin=True, rights=rights)
    (update,) = await updates(client, "my_chat_member")
    assert update["new_chat_member"]["can_post_messages"] is False
    refused = await client.refusal("sendMessage", chat_id=made["id"], text="x")
    assert "need administrator rights" in refused
    await client.phone("channel", chat_id=made["id"], rights={})
    rows = await updates(client, "my_chat_member")
    assert rows[-1]["old_chat_member"]["can_post_messages"] is False
    assert await publish(client, made["id"])


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        ({"bot_is_admin": False}, "left", "not a member"),
        ({"bot_is_kicked": True}, "kicked", "kicked"),
        ({"bot_is_admin": False, "bot_is_member": True}, "member", "administrator rights"),
    ],
    ids=["left", "kicked", "member"],
)
async def test_the_bot_is_removed(client: Client, change: JSON, status: str, words: str) -> None:
    made = await client.phone("channel", title="News", bot_is_admin=True)
    await client.phone("channel", chat_id=made["id"], user_id=STRANGER_ID, **change)
    update = (await updates(client, "my_chat_member"))[-1]
    assert update["old_chat_member"]["status"] == "administrator"
    assert (update["new_chat_member"]["status"], update["from"]["id"]) == (status, STRANGER_ID)
    assert words in await client.refusal("sendMessage", chat_id=made["id"], text="x")


async def test_a_private_channel_is_closed_to_a_bot_outside(client: Client) -> None:
    made = await client.phone("channel", title="Closed")
    for method in ("getChat", "getChatAdministrators"):
        assert "not a member" in await client.refusal(method, chat_id=made["id"])
    await client.phone("channel", chat_id=made["id"], username="open_news")
    assert (await client.call("getChat", chat_id="@open_news"))["id"] == made["id"]


async def test_people_own_and_run_channels(client: Client) -> None:
    made = await client.phone(
        "channel",
        title="Shared",
        bot_is_admin=True,
        owner_id=STRANGER_ID,
        admin_ids=[PERSON_ID],
    )
    found = {
        user_id: (await client.call("getChatMember", chat_id=made["id"], user_id=user_id))[
            "status"
        ]
        for user_id in (STRANGER_ID, PERSON_ID)
    }
    assert found == {STRANGER_ID: "creator", PERSON_ID: "administrator"}
    admins = await client.call("getChatAdministrators", chat_id=made["id"])
    assert {row["user"]["id"] for row in admins} == {BOT_ID, STRANGER_ID, PERSON_ID}


async def test_a_right_that_does_not_exist_is_refused(client: Client) -> None:
    address = f"{client.base}/_phone/channel"
    async with client.http.post(address, json={"rights": {"can_fly": True}}) as answer:
        assert (answer.status, "can_fly" in (await answer.json())["error"]) == (400, True)


# Forwards


async def test_a_post_of_a_channel_is_forwarded_to_the_bot(client: Client) -> None:
    number = await publish(client, caption="A clip")
    await client.phone("send", forward_from_chat_id=CHANNEL_ID, forward_from_message_id=number)
    (message,) = await updates(client, "message")
    origin = message["forward_origin"]
    assert (origin["type"], origin["chat"]["id"]) == ("channel", CHANNEL_ID)
    assert origin["message_id"] == number
    assert (message["caption"], message["chat"]["id"]) == ("A clip", PERSON_ID)
    assert message["video"]["file_size"] == len(VIDEO)


async def test_a_text_of_a_foreign_channel_is_forwarded(client: Client) -> None:
    foreign = await client.phone("channel", title="Foreign")
    await client.phone("send", forward_from_chat_id=foreign["id"], text="Hello")
    (message,) = await updates(client, "message")
    assert message["forward_origin"]["chat"]["title"] == "Foreign"
    assert message["text"] == "Hello"


async def test_a_post_that_is_not_there_cannot_be_forwarded(client: Client) -> None:
    body = {"forward_from_chat_id": CHANNEL_ID, "forward_from_message_id": 99}
    async with client.http.post(f"{client.base}/_phone/send", json=body) as answer:
        assert answer.status == 400


# Editing and deleting


async def test_rights_decide_about_posts_of_others(client: Client) -> None:
    post = await client.phone("send", chat_id=CHANNEL_ID, text="By hand")
    (number,) = post["message_ids"]
    own = await publish(client, caption="Mine")
    rights = {"can_edit_messages": False, "can_delete_messages": False}
    await client.phone("channel", chat_id=CHANNEL_ID, rights=rights)
    place = {"chat_id": CHANNEL_ID, "message_id": number}
    edit = await client.refusal("editMessageText", **place, text="Other")
    assert "can't be edited" in edit
    assert "can't be deleted" in await client.refusal("deleteMessage", **place)
    mine = {"chat_id": CHANNEL_ID, "message_id": own}
    assert (await client.call("editMessageCaption", **mine, caption="New"))["caption"] == "New"
    assert await client.call("deleteMessage", **mine)
    await client.phone("channel", chat_id=CHANNEL_ID, rights={})
    assert (await client.call("editMessageText", **place, text="Other"))["text"] == "Other"
    assert await client.call("deleteMessage", **place)


async def test_an_edit_and_a_deletion_are_seen(client: Client, sandbox: Sandbox) -> None:
    number = await publish(client, caption="Old")
    place = {"chat_id": CHANNEL_ID, "message_id": number}
    await client.call("editMessageCaption", **place, caption="<b>New</b>", parse_mode="HTML")
    (row,) = sandbox.published()
    assert (row["text"]["caption"], row["text"]["html"]) == ("New", "<b>New</b>")
    await client.call("deleteMessage", **place)
    assert sandbox.published() == []
    (row,) = sandbox.published(deleted=True)
    assert (row["remote_id"], row["deleted"]) == (str(number), True)
    assert "not found" in await client.refusal("editMessageCaption", **place, caption="x")


async def test_after_two_days_a_post_stays(client: Client, sandbox: Sandbox) -> None:
    number = await publish(client)
    sandbox.advance(2 * DAY + 1)
    place = {"chat_id": CHANNEL_ID, "message_id": number}
    assert "can't be deleted" in await client.refusal("deleteMessage", **place)
    assert (await client.call("editMessageCaption", **place, caption="Late"))["caption"] == "Late"


async def test_an_admin_deletes_and_rewrites_by_hand(client: Client, sandbox: Sandbox) -> None:
    number = await publish(client, caption="Mine")
    await alter(sandbox, number, text={"caption": "Theirs"})
    (post,) = await updates(client, "edited_channel_post")
    (row,) = sandbox.published()
    assert (post["caption"], row["text"]["caption"]) == ("Theirs", "Theirs")
    await alter(sandbox, number, gone=True)
    place = {"chat_id": CHANNEL_ID, "message_id": number}
    assert "not found" in await client.refusal("editMessageCaption", **place, caption="x")
    assert sandbox.published() == []
    with pytest.raises(ValueError, match="cannot alter"):
        await alter(sandbox, number, gone=True)


# What was chosen


async def test_flags_and_thumbnail_are_seen(client: Client, sandbox: Sandbox) -> None:
    form = video_form(CHANNEL_ID, supports_streaming="true", has_spoiler="true")
    form.add_field("thumbnail", PICTURE, filename="t.jpg", content_type="image/jpeg")
    status, _ = await client.form("sendVideo", form)
    (row,) = sandbox.published()
    assert (status, row["options"]) == (200, {"supports_streaming": True, "has_spoiler": True})
    assert row["thumbnail_sha256"] == hashlib.sha256(PICTURE).hexdigest()


async def test_a_report_reaches_the_person_as_a_file(client: Client, sandbox: Sandbox) -> None:
    form = aiohttp.FormData({"chat_id": str(PERSON_ID), "caption": "Report"})
    form.add_field("document", b'{"ok": true}', filename="report.json")
    status, answer = await client.form("sendDocument", form)
    assert status == 200
    document = answer["result"]["document"]
    assert (document["file_name"], document["file_size"]) == ("report.json", 12)
    assert sandbox.published() == []
