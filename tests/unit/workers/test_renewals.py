from __future__ import annotations

import asyncio
from datetime import timedelta

from core.store.sqlite import SqliteStore
from tests.clocks import START, ManualClock
from tests.token_kit import (
    REFUSED,
    TokenServer,
    answer,
    connected,
    make_book,
    messages,
    rotating,
    tokens,
)
from workers.renewals import AT_ONCE, Renewals


async def test_every_account_that_is_due_is_renewed_a_few_at_a_time(
    store: SqliteStore, clock: ManualClock
) -> None:
    server = TokenServer(rotating())
    server.may_answer.clear()
    book = make_book(store, clock, server)
    for number in range(AT_ONCE + 3):
        await book.connect(connected(remote_id=f"r{number}"))
    await book.connect(connected("telegram", tokens=tokens(None)))
    await clock.advance(3600 - 540)
    async with asyncio.TaskGroup() as group:
        looking = group.create_task(Renewals(book).look())
        await server.was_asked(AT_ONCE)
        server.may_answer.set()
    assert looking.result() == AT_ONCE + 3
    assert len(server.requests) == AT_ONCE + 3
    assert await Renewals(book).look() == 0


async def test_one_that_fails_does_not_keep_the_others_from_it(
    store: SqliteStore, clock: ManualClock
) -> None:
    server = TokenServer(REFUSED, answer(503), rotating())
    book = make_book(store, clock, server)
    for number in range(3):
        await book.connect(connected(remote_id=f"r{number}"))
    await clock.advance(3600 - 540)
    assert await Renewals(book).look() == 1
    states = sorted(account.state for account in await book.all())
    assert states == ["ok", "ok", "reconnect"]


async def test_a_failing_server_is_not_asked_every_minute_for_ever(
    store: SqliteStore, clock: ManualClock
) -> None:
    server = TokenServer(answer(503))
    book = make_book(store, clock, server)
    await book.connect(connected())
    await clock.advance(3600 - 540)
    renewals = Renewals(book)
    for _ in range(6 * 60):
        await renewals.look()
        await clock.advance(60)
    assert len(server.requests) < 13


async def test_it_warns_of_what_nobody_can_renew(store: SqliteStore, clock: ManualClock) -> None:
    book = make_book(store, clock, TokenServer(answer(503)))
    end = START + timedelta(days=60)
    page = tokens(None, refresh_token="")
    await book.connect(connected("facebook", tokens=page, sign_in_expires_at=end))
    await clock.advance(54 * 86400)
    await Renewals(book).look()
    assert await messages(store, clock) == [(1001, "account_sign_in_ends")]
