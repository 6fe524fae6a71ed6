"""/connect in the chat: links, pasted addresses, choices, and channels, against the stand-ins."""

from __future__ import annotations

import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from tests.live_chat import JSON, LiveChat, until
from tests.sign_in_kit import Browser
from utils.sandbox import meta_seeds
from utils.sandbox.telegram.state import PERSON_ID, STRANGER_ID


@asynccontextmanager
async def new_browser(live: LiveChat, *, is_elsewhere: bool = False) -> AsyncIterator[Browser]:
    port = live.parts.web.reach().port
    closed = [f"http://{host}:{port}" for host in ("127.0.0.1", "localhost")]
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
        yield Browser(http, closed=closed if is_elsewhere else ())


async def ask_link(live: LiveChat, login: str) -> tuple[str, str]:
    """Press through /connect; return the link of this computer and that of other devices."""
    asked = await live.ask("/connect", "Which account")
    await live.press_data(asked, f"cn1:{login}:0")
    return await shown_link(live, asked)


async def shown_link(live: LiveChat, asked: JSON) -> tuple[str, str]:
    def links() -> JSON | None:
        shown = [view for view in live.seen() if view["message_id"] == asked["message_id"]]
        return shown[0] if shown and "Sign in to" in shown[0]["text"] else None

    view = await until(links, lambda: "no link is shown")
    here = re.search(r"http://(?:127\.0\.0\.1|localhost):\d+/connect/\S+", view["text"])
    buttons = [b["url"] for row in view["keyboard"] for b in row if b.get("url")]
    return here[0].rstrip(".") if here else "", buttons[0] if buttons else ""


def buttons_of(message: JSON) -> list[str]:
    return [b["text"] for row in message["keyboard"] for b in row]


async def test_a_link_of_the_chat_connects_a_channel(live: LiveChat) -> None:
    async with live.running(accounts=[]):
        link, direct = await ask_link(live, "google")
        assert direct.startswith(live.sandbox.address("google_oauth"))
        async with new_browser(live) as browser:
            page = await browser.sign_in(link)
        assert "Connected" in page.text
        await live.says("Connected: Demo channel (YouTube)")
        (account,) = await live.parts.book.all()
        assert (account.owner_id, account.chat_id) == (PERSON_ID, PERSON_ID)


async def test_what_waited_for_the_account_goes_on(live: LiveChat) -> None:
    async with live.running(accounts=live.only("youtube")):
        await live.parts.book.mark(1, "reconnect")
        await live.send("A day at the sea\nto: youtube")
        await live.says("must be connected again")
        link, _ = await ask_link(live, "google")
        async with new_browser(live) as browser:
            await browser.sign_in(link)
        await live.says("Live everywhere")


async def test_an_address_copied_from_a_phone_connects(live: LiveChat) -> None:
    async with live.running(accounts=[]):
        _, direct = await ask_link(live, "tiktok")
        async with new_browser(live, is_elsewhere=True) as browser:
            stuck = await browser.sign_in(direct)
        assert stuck.status == 0
        await live.write(stuck.url)
        await live.says("Connected: ")
        cut, _, _ = stuck.url.partition("?")
        told = await live.ask(cut, "A part of that address is missing")
        assert buttons_of(told) == ["🔗 New link"]
        told = await live.ask(stuck.url, "was used already")
        assert buttons_of(told) == ["🔗 New link"]
        assert len(await live.parts.book.all()) == 1


async def test_an_address_of_somebody_elses_sign_in(live: LiveChat) -> None:
    users = {"users": [PERSON_ID, STRANGER_ID]}
    async with live.running(accounts=[], telegram=users):
        _, direct = await ask_link(live, "tiktok")
        async with new_browser(live, is_elsewhere=True) as browser:
            stuck = await browser.sign_in(direct)
        await live.write(stuck.url, user_id=STRANGER_ID)
        await live.says("Somebody else began this sign-in", chat_id=STRANGER_ID)
        assert await live.parts.book.all() == []


async def test_a_denial_is_told_with_a_button_for_a_new_link(live: LiveChat) -> None:
    async with live.running(accounts=[]):
        link, _ = await ask_link(live, "google")
        async with new_browser(live) as browser:
            await browser.sign_in(link, "deny")
            told = await live.says("was not allowed")
            assert buttons_of(told) == ["🔗 New link"]
            await live.press(told, "New link")
            again, _ = await shown_link(live, told)
            assert again != link
            await browser.sign_in(again)
        await live.says("Connected: Demo channel")


async def test_pages_are_chosen_with_buttons_one_after_the_other(live: LiveChat) -> None:
    async with live.running(accounts=[]):
        link, _ = await ask_link(live, "facebook")
        async with new_browser(live) as browser:
            await browser.sign_in(link, account=meta_seeds.THREE_PAGES_USER_ID)
        asked = await live.says("offers 2 accounts")
        assert buttons_of(asked) == ["Tess Cooks", "Tess Travels"]
        await live.press(asked, "Tess Travels")
        await live.says("Connected: Tess Travels")
        left = await live.says("Press another one")
        assert buttons_of(left) == ["Tess Cooks"]
        await live.press(left, "Tess Cooks")
        await live.says("Connected: Tess Cooks")
        await live.says("All of them are connected")


async def test_what_cannot_be_used_says_what_to_set(live: LiveChat) -> None:
    none: JSON = {}
    async with live.running(oauth=none, accounts=[]):
        asked = await live.ask("/connect", "only Telegram channels")
        assert "oauth.google.client_id" in asked["text"]
        assert buttons_of(asked) == ["Telegram channel"]


async def test_with_the_port_taken_the_chat_says_so_and_pasting_works(live: LiveChat) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        web = {"listen": f"127.0.0.1:{listener.getsockname()[1]}"}
        async with live.running(accounts=[], web=web):
            await live.ask("/connect", "web server does not listen")
            link, direct = await ask_link(live, "google")
            assert link == ""
            async with new_browser(live, is_elsewhere=True) as browser:
                stuck = await browser.sign_in(direct)
            await live.write(f"this page: {stuck.url}")
            await live.says("Connected: Demo channel")


async def test_links_are_for_private_chats_and_never_lie_in_the_outbox(live: LiveChat) -> None:
    async with live.running(accounts=[]):
        link, direct = await ask_link(live, "google")
        rows = [
            dict(row)
            for row in await live.parts.store.all("chat.due_messages", now=9e12, limit=99)
        ]
        state = direct.partition("state=")[2].partition("&")[0]
        database = (live.folder / "data" / "karvon.db").read_bytes()
        wal = (live.folder / "data" / "karvon.db-wal").read_bytes()
        for secret in (link.rpartition("/")[2], state):
            assert secret
            assert secret not in repr(rows)
            assert secret.encode() not in database + wal
        group = await live.phone("channel", type="supergroup", title="Friends", bot_is_member=True)
        await live.phone("send", chat_id=group["id"], text="/connect")
        await live.says("in our private chat", chat_id=group["id"])


# Channels


async def make_channel(live: LiveChat, **facts: Any) -> int:
    made = await live.phone("channel", title="Ann's kitchen", owner_id=PERSON_ID, **facts)
    return int(made["id"])


async def channels_of(live: LiveChat) -> list[tuple[str, str, int]]:
    return [(a.name, a.state, a.owner_id) for a in await live.parts.book.all()]


async def test_a_channel_is_connected_when_the_bot_becomes_an_admin(live: LiveChat) -> None:
    async with live.running(accounts=[]):
        await make_channel(live, bot_is_admin=True)
        await live.says("Connected: Ann's kitchen (Telegram)")
        assert await channels_of(live) == [("Ann's kitchen", "ok", PERSON_ID)]


async def test_an_admin_without_the_right_to_post_is_told_so(live: LiveChat) -> None:
    async with live.running(accounts=[]):
        channel = await make_channel(live, bot_is_admin=True, rights={"can_post_messages": False})
        await live.says("without the right to post")
        assert await channels_of(live) == []
        await live.phone("channel", chat_id=channel, rights={})
        await live.says("Connected: Ann's kitchen")


async def test_a_bot_that_is_removed_waits_and_comes_back(live: LiveChat) -> None:
    async with live.running(accounts=[]):
        channel = await make_channel(live, bot_is_admin=True)
        await live.says("Connected: Ann's kitchen")
        await live.phone("channel", chat_id=channel, bot_is_admin=False, bot_is_member=False)
        await live.says("removed from the channel")
        assert await channels_of(live) == [("Ann's kitchen", "reconnect", PERSON_ID)]
        before = live.seen()[-1]["message_id"]
        await live.phone("channel", chat_id=channel, bot_is_admin=True)
        await live.says("Connected: Ann's kitchen", after=before)
        assert await channels_of(live) == [("Ann's kitchen", "ok", PERSON_ID)]


async def test_a_stranger_cannot_connect_a_channel_but_an_admin_may(live: LiveChat) -> None:
    async with live.running(accounts=[]):
        channel = await make_channel(live, bot_is_admin=True, user_id=STRANGER_ID)
        asked = await live.says("Connect that channel?")
        assert await channels_of(live) == []
        assert live.seen(STRANGER_ID) == []
        await live.press(asked, "Connect it")
        await live.says("Connected: Ann's kitchen")
        shown = [view for view in live.seen() if view["message_id"] == asked["message_id"]]
        assert shown[0]["keyboard"] == []
        assert await channels_of(live) == [("Ann's kitchen", "ok", PERSON_ID)]
        assert channel


async def test_a_forwarded_post_connects_its_channel(live: LiveChat) -> None:
    live.telegram.state.put_chat(
        {"id": -1009, "type": "channel", "title": "Old one", "is_member": True, "is_admin": True}
    )
    async with live.running(accounts=[]):
        await live.write("some post", forward_from_chat_id=-1009)
        await live.says("Connected: Old one (Telegram)")


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"is_member": False, "is_admin": False}, "I cannot see the channel"),
        ({"is_member": True, "is_admin": False}, "I am no admin of"),
        (
            {"is_member": True, "is_admin": True, "rights": {"can_post_messages": False}},
            "without the right to post",
        ),
        (
            {"is_member": True, "is_admin": True, "owner_id": STRANGER_ID},
            "You are no admin of",
        ),
    ],
    ids=["bot is away", "bot is none", "no right", "person is none"],
)
async def test_a_forwarded_post_says_what_is_missing(
    live: LiveChat, facts: JSON, words: str
) -> None:
    live.telegram.state.put_chat({"id": -1009, "type": "channel", "title": "Old one", **facts})
    async with live.running(accounts=[]):
        sent = await live.write("some post", forward_from_chat_id=-1009)
        await live.says(words, after=sent)
        assert await channels_of(live) == []


async def test_a_forwarded_video_is_published_unless_a_channel_was_asked_for(
    live: LiveChat,
) -> None:
    live.telegram.state.put_chat(
        {"id": -1009, "type": "channel", "title": "Old one", "is_member": True, "is_admin": True}
    )
    async with live.running(accounts=live.only("youtube")):
        await live.send("A day at the sea", forward_from_chat_id=-1009)
        await live.says("Live everywhere")
        asked = await live.ask("/connect", "Which account")
        await live.press(asked, "Telegram channel")
        await live.says("forward me any post")
        await live.send("Another day", forward_from_chat_id=-1009)
        await live.says("Connected: Old one")
        assert len(await live.parts.posts.recent(limit=9)) == 1


async def test_a_channel_of_the_settings_stays_one_account(live: LiveChat) -> None:
    named = [{**account, "remote_id": "@karvon_demo"} for account in live.only("telegram")]
    async with live.running(accounts=named):
        seeded = int(live.only("telegram")[0]["remote_id"])
        await live.phone("channel", chat_id=seeded, bot_is_admin=False, bot_is_member=False)
        await live.says("removed from the channel")
        await live.phone("channel", chat_id=seeded, bot_is_admin=True)
        await live.says("Connected: Karvon demo channel")
        assert [state for _, state, _ in await channels_of(live)] == ["ok"]
