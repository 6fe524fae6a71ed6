from __future__ import annotations

import json
from datetime import timedelta

import pytest

from core.accounts.book import AccountBook
from core.accounts.news import LOOP_REFUSALS
from core.errors import RemoteError
from core.store.sqlite import SqliteStore
from tests.clocks import START, ManualClock
from tests.token_kit import (
    REFUSED,
    TokenServer,
    connected,
    make_book,
    messages,
    rotating,
    tokens,
)

DAY = 86400.0


async def refuse(book: AccountBook) -> None:
    with pytest.raises(RemoteError):
        await book.refresh(1, "access-0")


async def test_a_refusal_is_one_commit_with_one_message_and_a_button(
    store: SqliteStore, clock: ManualClock
) -> None:
    book = make_book(store, clock, TokenServer(REFUSED))
    await book.connect(connected())
    await refuse(book)
    assert not await book.need_reconnect(1, "again")
    rows = await store.all("chat.due_messages", now=clock.now().timestamp(), limit=9)
    assert [(row["chat_id"], row["sentence"]) for row in rows] == [(1001, "account_needs_sign_in")]
    assert json.loads(rows[0]["facts"]) == {
        "platform": "TikTok",
        "account": "Ann's channel",
        "why": "Token has been revoked.",
    }
    (button,) = json.loads(rows[0]["buttons"])
    assert button == {"data": "ac1:again:1:", "text_key": "button_reconnect"}
    account = await book.get(1)
    assert account is not None
    assert (account.state, account.trouble) == ("reconnect", "Token has been revoked.")


async def test_news_of_an_account_of_the_settings_go_to_every_admin(
    store: SqliteStore, clock: ManualClock
) -> None:
    book = make_book(store, clock, TokenServer(REFUSED), admins=(7, 8))
    await book.connect(connected(owner_id=0, chat_id=0))
    await refuse(book)
    assert [chat for chat, _ in await messages(store, clock)] == [7, 8]


async def test_a_refusal_of_an_old_token_says_nothing_about_the_new_one(
    store: SqliteStore, clock: ManualClock
) -> None:
    book = make_book(store, clock, TokenServer(rotating()))
    await book.connect(connected())
    assert not await book.need_reconnect(1, "refused", token="access-older")
    assert await book.need_reconnect(1, "refused", token="access-0")


async def test_what_is_told_holds_no_secret(store: SqliteStore, clock: ManualClock) -> None:
    book = make_book(store, clock, TokenServer(REFUSED))
    await book.connect(connected())
    assert await book.need_reconnect(1, "bad act.9f8e7d6c5b4a!1.e1 with access_token=EAAbcdef1234")
    rows = await store.all("chat.due_messages", now=clock.now().timestamp(), limit=9)
    account = await book.get(1)
    assert account is not None
    assert "***" in account.trouble
    assert not {"act.9f8e", "EAAbcdef"} & set(f"{account.trouble} {rows[0]['facts']}".split())
    assert "act.9f8e" not in rows[0]["facts"]


async def test_a_login_loop_is_told_once_as_such(store: SqliteStore, clock: ManualClock) -> None:
    server = TokenServer(REFUSED)
    book = make_book(store, clock, server)
    for _ in range(LOOP_REFUSALS + 2):
        await book.connect(connected())
        await refuse(book)
        await clock.advance(60)
    assert [sentence for _, sentence in await messages(store, clock)] == [
        "account_needs_sign_in",
        "account_needs_sign_in",
        "account_login_loop",
    ]
    asked = len(server.requests)
    await clock.advance(2 * 3600)
    assert await book.due() == []
    with pytest.raises(RemoteError):
        await book.access(1)
    assert len(server.requests) == asked


async def test_refusals_far_apart_are_no_loop(store: SqliteStore, clock: ManualClock) -> None:
    book = make_book(store, clock, TokenServer(REFUSED))
    for _ in range(LOOP_REFUSALS + 1):
        await book.connect(connected())
        await refuse(book)
        await clock.advance(1900)
    sentences = {sentence for _, sentence in await messages(store, clock)}
    assert sentences == {"account_needs_sign_in"}


async def test_the_end_of_a_sign_in_is_told_a_week_and_a_day_before_once_each(
    store: SqliteStore, clock: ManualClock
) -> None:
    book = make_book(store, clock, TokenServer(REFUSED))
    page = tokens(None, refresh_token="")
    end = START + timedelta(days=60)
    await book.connect(connected("facebook", tokens=page, sign_in_expires_at=end))
    told = []
    for day in range(62):
        told += [day] * await book.warn_ends()
        told += [day] * await book.warn_ends()
        await clock.advance(DAY)
    assert told == [53, 59]
    rows = await store.all("chat.due_messages", now=clock.now().timestamp(), limit=9)
    assert [row["sentence"] for row in rows] == ["account_sign_in_ends"] * 2
    assert [json.loads(row["facts"])["count"] for row in rows] == [7, 1]


async def test_who_signs_in_again_is_warned_again_at_the_next_end(
    store: SqliteStore, clock: ManualClock
) -> None:
    book = make_book(store, clock, TokenServer(REFUSED))
    page = tokens(None, refresh_token="")
    for end in (60, 110):
        ends_at = START + timedelta(days=end)
        await book.connect(connected("facebook", tokens=page, sign_in_expires_at=ends_at))
        await clock.advance(54 * DAY)
        assert await book.warn_ends() == 1


async def test_a_sign_in_that_lives_a_week_is_not_warned_of_at_once(
    store: SqliteStore, clock: ManualClock
) -> None:
    book = make_book(store, clock, TokenServer(REFUSED))
    await book.connect(connected("youtube", sign_in_expires_at=START + timedelta(days=7)))
    warned = []
    for day in range(8):
        warned += [day] * await book.warn_ends()
        await clock.advance(DAY)
    assert warned == [6]


async def test_a_token_that_nobody_renews_ends_the_sign_in_with_it(
    store: SqliteStore, clock: ManualClock
) -> None:
    book = make_book(store, clock, TokenServer(REFUSED))
    end = START + timedelta(days=60)
    mine = tokens(end, refresh_token="")
    await book.connect(connected("instagram", tokens=mine, options={"login": "facebook"}))
    other = connected("instagram", tokens=mine, options={"login": "instagram"}, remote_id="r2")
    await book.connect(other)
    first, second = await book.all()
    assert (first.sign_in_expires_at, second.sign_in_expires_at) == (end, None)
