from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from core.accounts.book import AccountBook
from core.accounts.leases import POLL_SECONDS
from core.accounts.renewal import INTERRUPTED
from core.errors import TOKEN_SERVER, ErrorKind, RemoteError
from core.ports import LostAnswerError, NotSentError
from core.store.sqlite import SqliteStore
from tests.clocks import START, ManualClock
from tests.token_kit import (
    HOUR,
    REFUSED,
    TokenServer,
    answer,
    connected,
    drive,
    make_book,
    messages,
    rotating,
    tokens,
)
from utils.http import Response

LATE = 3600 - 9 * 60
"""Nine minutes before the end: TikTok's tokens are due ten minutes before it."""


async def token_of(book: AccountBook, account_id: int = 1) -> str:
    return (await book.access(account_id)).access_token


async def refusal(book: AccountBook) -> RemoteError:
    with pytest.raises(RemoteError) as caught:
        await book.access(1)
    return caught.value


async def test_a_token_that_ends_soon_is_renewed_before_it_is_used(
    store: SqliteStore, clock: ManualClock
) -> None:
    server = TokenServer(rotating())
    book = make_book(store, clock, server)
    await book.connect(connected())
    assert await token_of(book) == "access-0"
    await clock.advance(LATE)
    assert await token_of(book) == "access-1"
    assert server.sent_tokens == ["refresh-0"]


async def test_what_a_renewal_brings_is_told_in_the_clear(
    store: SqliteStore, clock: ManualClock
) -> None:
    book = make_book(store, clock, TokenServer(rotating()))
    await book.connect(connected())
    await clock.advance(LATE)
    assert await book.renew(1)
    account = await book.get(1)
    assert account is not None
    assert account.renewed_at == clock.now()
    assert account.expires_at == clock.now() + 2 * HOUR
    assert account.sign_in_expires_at == clock.now() + timedelta(days=180)
    assert account.scopes == ("user.info.basic", "video.publish")


async def test_google_tells_the_end_of_a_sign_in_under_another_name(
    store: SqliteStore, clock: ManualClock
) -> None:
    week = answer(access_token="a", expires_in=3599, refresh_token_expires_in=604799)
    book = make_book(store, clock, TokenServer(week))
    await book.connect(connected("youtube"))
    assert await book.refresh(1, "access-0")
    account = await book.get(1)
    assert account is not None
    assert account.sign_in_expires_at == START + timedelta(seconds=604799)


async def test_a_hundred_that_ask_at_once_make_one_renewal(
    store: SqliteStore, clock: ManualClock
) -> None:
    server = TokenServer(rotating(), REFUSED)
    book = make_book(store, clock, server)
    await book.connect(connected())
    await clock.advance(LATE)
    asked = [book.access(1) for _ in range(60)]
    refused = [book.refresh(1, "access-0") for _ in range(40)]
    results = await asyncio.gather(asyncio.gather(*asked), asyncio.gather(*refused))
    assert {access.access_token for access in results[0]} == {"access-1"}
    assert results[1] == [True] * 40
    assert len(server.requests) == 1


async def test_two_books_on_one_database_make_one_renewal(
    store: SqliteStore, clock: ManualClock
) -> None:
    server = TokenServer(rotating(), REFUSED)
    server.may_answer.clear()
    async with await SqliteStore.open(store.path, clock=clock) as second:
        books = [make_book(store, clock, server), make_book(second, clock, server)]
        await books[0].connect(connected())
        await clock.advance(LATE)
        async with asyncio.TaskGroup() as group:
            asking = [group.create_task(token_of(book)) for book in books for _ in range(10)]
            await server.asked.wait()
            await clock.sleepers()
            server.may_answer.set()
            await drive(clock, *asking)
        assert {task.result() for task in asking} == {"access-1"}
        assert len(server.requests) == 1


async def test_a_renewal_is_noted_before_it_is_asked_for(
    store: SqliteStore, clock: ManualClock
) -> None:
    server = TokenServer(rotating())
    server.may_answer.clear()
    book = make_book(store, clock, server)
    await book.connect(connected())
    async with asyncio.TaskGroup() as group:
        group.create_task(book.refresh(1, "access-0"))
        await server.asked.wait()
        row = await store.one("accounts.get", id=1)
        assert row is not None
        assert row["renewing_at"] == clock.now().timestamp()
        server.may_answer.set()
    row = await store.one("accounts.get", id=1)
    assert row is not None
    assert row["renewing_at"] is None


async def test_the_new_pair_is_on_disk_before_anybody_uses_it(
    store: SqliteStore, clock: ManualClock
) -> None:
    book = make_book(store, clock, TokenServer(rotating()))
    await book.connect(connected())
    await clock.advance(LATE)
    used = await token_of(book)
    async with await SqliteStore.open(store.path, clock=clock) as other:
        assert await token_of(make_book(other, clock, TokenServer(REFUSED))) == used


@pytest.mark.parametrize("lost", [LostAnswerError("cut off"), None])
async def test_after_a_lost_answer_the_old_pair_is_tried_once_more(
    store: SqliteStore, clock: ManualClock, lost: Exception | None
) -> None:
    """None: the process was killed instead; nothing but the note is left of the renewal."""
    first = lost or rotating()
    server = TokenServer(first, rotating(2))
    book = make_book(store, clock, server)
    await book.connect(connected())
    if lost is None:
        async with store.transaction() as tx:
            await tx.run("accounts.set_renewing", id=1, renewing_at=clock.now().timestamp())
    else:
        with pytest.raises(RemoteError):
            await book.refresh(1, "access-0")
        await clock.advance(3600)
    later = make_book(store, clock, TokenServer(rotating(2)))
    assert await later.refresh(1, "access-0")
    assert await token_of(later) == "access-2"


async def test_a_refusal_after_a_lost_answer_tells_why(
    store: SqliteStore, clock: ManualClock
) -> None:
    server = TokenServer(LostAnswerError("cut off"), REFUSED)
    book = make_book(store, clock, server)
    await book.connect(connected())
    with pytest.raises(RemoteError) as caught:
        await book.refresh(1, "access-0")
    assert caught.value.kind is ErrorKind.TRANSIENT
    await clock.advance(60)
    with pytest.raises(RemoteError) as caught:
        await book.refresh(1, "access-0")
    assert caught.value.kind is ErrorKind.AUTH_REVOKED
    account = await book.get(1)
    assert account is not None
    assert account.trouble.startswith(INTERRUPTED)
    assert server.sent_tokens == ["refresh-0", "refresh-0"]


@pytest.mark.parametrize(
    "failure", [answer(503), answer(429), answer(500, error="server_error"), NotSentError("no")]
)
async def test_a_refusal_after_another_failure_does_not_speak_of_a_lost_answer(
    store: SqliteStore, clock: ManualClock, failure: Response | Exception
) -> None:
    book = make_book(store, clock, TokenServer(failure, REFUSED))
    await book.connect(connected())
    with pytest.raises(RemoteError):
        await book.refresh(1, "access-0")
    await clock.advance(60)
    with pytest.raises(RemoteError):
        await book.refresh(1, "access-0")
    account = await book.get(1)
    assert account is not None
    assert account.trouble == "Token has been revoked."


async def test_a_failing_token_server_is_left_alone_for_longer_and_longer(
    store: SqliteStore, clock: ManualClock
) -> None:
    server = TokenServer(answer(503))
    book = make_book(store, clock, server)
    await book.connect(connected())
    await clock.advance(3600)
    waits = []
    for _ in range(9):
        error = await refusal(book)
        assert (error.kind, error.code) == (ErrorKind.TRANSIENT, TOKEN_SERVER)
        assert error.retry_after is not None
        waits.append(error.retry_after.total_seconds() / 60)
        assert await book.due() == []
        assert (await refusal(book)).retry_after == error.retry_after
        await clock.advance(error.retry_after.total_seconds())
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert len(server.requests) == 9
    account = await book.get(1)
    assert account is not None
    assert account.state == "ok"


async def test_a_hundred_do_not_ask_a_token_server_that_has_just_failed(
    store: SqliteStore, clock: ManualClock
) -> None:
    server = TokenServer(answer(503))
    book = make_book(store, clock, server)
    await book.connect(connected())
    await clock.advance(3600)
    failed = await asyncio.gather(*(book.access(1) for _ in range(100)), return_exceptions=True)
    assert all(isinstance(error, RemoteError) for error in failed)
    assert len(server.requests) == 1


async def test_the_remote_s_own_wait_is_kept(store: SqliteStore, clock: ManualClock) -> None:
    busy = Response(status=429, headers={"retry-after": "7200"}, body=b"{}")
    book = make_book(store, clock, TokenServer(busy))
    await book.connect(connected())
    await clock.advance(3600)
    assert (await refusal(book)).retry_after == 2 * HOUR


async def test_while_the_old_token_lives_a_failing_token_server_stops_nobody(
    store: SqliteStore, clock: ManualClock
) -> None:
    book = make_book(store, clock, TokenServer(answer(503)))
    await book.connect(connected())
    await clock.advance(LATE)
    assert await token_of(book) == "access-0"
    await clock.advance(600)
    assert (await refusal(book)).code == TOKEN_SERVER


async def test_a_refused_renewal_ahead_of_the_end_is_no_secret(
    store: SqliteStore, clock: ManualClock
) -> None:
    server = TokenServer(REFUSED)
    book = make_book(store, clock, server)
    await book.connect(connected())
    await clock.advance(LATE)
    assert (await refusal(book)).kind is ErrorKind.AUTH_REVOKED
    assert (await refusal(book)).kind is ErrorKind.AUTH_REVOKED
    assert len(server.requests) == 1
    assert await messages(store, clock) == [(1001, "account_needs_sign_in")]


async def test_who_is_cancelled_during_a_renewal_does_not_lose_the_new_pair(
    store: SqliteStore, clock: ManualClock
) -> None:
    server = TokenServer(rotating())
    server.may_answer.clear()
    book = make_book(store, clock, server)
    await book.connect(connected())
    async with asyncio.TaskGroup() as group:
        asking = group.create_task(book.refresh(1, "access-0"))
        await server.asked.wait()
        asking.cancel()
        server.may_answer.set()
    assert asking.cancelled()
    assert await token_of(book) == "access-1"


async def test_a_late_answer_does_not_undo_that_the_account_was_connected_anew(
    store: SqliteStore, clock: ManualClock
) -> None:
    server = TokenServer(rotating())
    server.may_answer.clear()
    book = make_book(store, clock, server)
    await book.connect(connected())
    async with asyncio.TaskGroup() as group:
        group.create_task(book.refresh(1, "access-0"))
        await server.asked.wait()
        fresh = tokens(access_token="access-new", refresh_token="refresh-new")
        await book.connect(connected(tokens=fresh))
        server.may_answer.set()
    assert await token_of(book) == "access-new"


async def leave_lease(store: SqliteStore, clock: ManualClock) -> None:
    now = clock.now().timestamp()
    async with store.transaction() as tx:
        await tx.run("leases.take", name="renew:1", holder="killed", now=now, until_at=now + 90)


async def test_the_lease_of_a_killed_process_ends_by_itself_or_at_the_next_start(
    store: SqliteStore, clock: ManualClock
) -> None:
    server = TokenServer(rotating(1), rotating(2))
    book = make_book(store, clock, server)
    await book.connect(connected())
    await leave_lease(store, clock)
    async with asyncio.TaskGroup() as group:
        asking = group.create_task(book.refresh(1, "access-0"))
        await clock.sleeps(POLL_SECONDS)
        await clock.advance(89)
        assert server.requests == []
        await drive(clock, asking)
    await leave_lease(store, clock)
    await book.leases.free_all()
    assert await book.refresh(1, "access-1")
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("platform", "minutes_left", "is_due"),
    [("youtube", 6, False), ("youtube", 5, True), ("tiktok", 11, False), ("tiktok", 10, True)],
)
async def test_each_platform_has_its_own_distance_to_the_end(
    store: SqliteStore, clock: ManualClock, platform: str, minutes_left: int, is_due: bool
) -> None:
    book = make_book(store, clock, TokenServer(rotating()))
    await book.connect(connected(platform))
    await clock.advance(3600 - minutes_left * 60)
    assert await book.due() == ([1] if is_due else [])


async def test_instagram_is_renewed_halfway_and_only_with_its_own_login(
    store: SqliteStore, clock: ManualClock
) -> None:
    server = TokenServer(answer(access_token="longer", expires_in=5183944))
    book = make_book(store, clock, server)
    end = START + timedelta(days=60)
    mine = tokens(end, refresh_token="")
    await book.connect(connected("instagram", tokens=mine, options={"login": "instagram"}))
    other = connected("instagram", tokens=mine, options={"login": "facebook"}, remote_id="r2")
    await book.connect(other)
    await clock.advance(30 * 86400)
    assert await token_of(book, 1) == "longer"
    assert await token_of(book, 2) == "access-0"
    assert "ig_refresh_token" in server.requests[0].url


async def test_a_paused_account_is_kept_alive_too(store: SqliteStore, clock: ManualClock) -> None:
    book = make_book(store, clock, TokenServer(rotating()))
    await book.connect(connected())
    await book.pause(1)
    await clock.advance(LATE)
    assert await book.due() == [1]
    assert await token_of(book) == "access-1"
