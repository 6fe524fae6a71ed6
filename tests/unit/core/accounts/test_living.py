from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
from pydantic import SecretStr

from core.accounts.book import AccountBook
from core.accounts.living import GONE
from core.errors import RefusedError, RemoteError
from core.platforms.registry import require_platform
from core.ports import LostAnswerError
from core.posts.models import UploadState, WaitReason
from core.store.sqlite import SqliteStore
from tests.clocks import ManualClock
from tests.factories import Desk, make_account, make_incoming
from tests.token_kit import (
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


async def books(
    store: SqliteStore, clock: ManualClock, *answers: Any
) -> tuple[AccountBook, TokenServer]:
    server = TokenServer(*(answers or (answer(),)))
    return make_book(store, clock, server), server


async def test_it_is_found_by_number_name_or_platform_and_name(
    store: SqliteStore, clock: ManualClock
) -> None:
    book, _ = await books(store, clock)
    await book.connect(connected(name="Twins"))
    await book.connect(connected("youtube", name="Twins"))
    await book.connect(connected("youtube", name="Solo", remote_id="r2"))
    found = [await book.find(word) for word in ("2", "solo", "TikTok:twins", "nobody", "9")]
    assert [each.id if each else None for each in found] == [2, 3, 1, None, None]
    with pytest.raises(RefusedError) as caught:
        await book.find("twins")
    assert caught.value.key == "account_ambiguous"


async def test_pausing_and_resuming_are_refused_where_they_change_nothing(
    store: SqliteStore, clock: ManualClock
) -> None:
    book, _ = await books(store, clock)
    await book.connect(connected())
    with pytest.raises(RefusedError, match="account_not_paused"):
        await book.resume(1)
    await book.pause(1)
    with pytest.raises(RefusedError, match="account_not_pausable"):
        await book.pause(1)
    assert (await book.access(1)).access_token == "access-0"
    await book.resume(1)
    assert [account.state for account in await book.all()] == ["ok"]


async def test_a_given_name_stays_whatever_the_settings_and_sign_ins_say(
    store: SqliteStore, clock: ManualClock
) -> None:
    book, _ = await books(store, clock)
    settings = [make_account("tiktok", remote_id="remote-1", name="from settings")]
    await book.adopt(settings)
    await book.rename(1, "  My   name ")
    await book.adopt(settings)
    await book.connect(connected(name="from the platform"))
    assert [account.name for account in await book.all()] == ["My name"]


async def test_a_sign_in_keeps_the_name_of_the_settings(
    store: SqliteStore, clock: ManualClock
) -> None:
    book, _ = await books(store, clock)
    await book.adopt([make_account("tiktok", remote_id="remote-1", name="from settings")])
    await book.connect(connected(name="from the platform"))
    assert [account.name for account in await book.all()] == ["from settings"]


@pytest.mark.parametrize(
    ("name", "refusal"),
    [
        ("", "account_bad_name"),
        ("17", "account_bad_name"),
        ("x" * 61, "account_bad_name"),
        ("OTHER", "account_name_taken"),
    ],
)
async def test_a_name_that_could_not_be_told_apart_is_refused(
    store: SqliteStore, clock: ManualClock, name: str, refusal: str
) -> None:
    book, _ = await books(store, clock)
    await book.connect(connected())
    await book.connect(connected(name="other", remote_id="r2"))
    with pytest.raises(RefusedError, match=refusal):
        await book.rename(1, name)


async def test_defaults_set_in_chat_stay_until_the_settings_change(
    store: SqliteStore, clock: ManualClock
) -> None:
    book, _ = await books(store, clock)
    settings = make_account("tiktok", remote_id="remote-1", defaults={"privacy": "public"})
    await book.adopt([settings])
    await book.set_default(1, "privacy", "private")
    await book.set_default(1, "tags", ["a", "b"])
    await book.adopt([settings])
    (account,) = await book.all()
    assert account.defaults == {"privacy": "private", "tags": ["a", "b"]}
    await book.set_default(1, "tags", None)
    await book.adopt([settings.model_copy(update={"defaults": {"privacy": "unlisted"}})])
    (account,) = await book.all()
    assert account.defaults == {"privacy": "unlisted"}


async def test_a_sign_in_keeps_what_people_chose(store: SqliteStore, clock: ManualClock) -> None:
    book, _ = await books(store, clock)
    await book.connect(connected())
    await book.set_default(1, "ai", "yes")
    await book.set_target(1, is_target=False)
    assert await book.need_reconnect(1, "refused")
    fresh = tokens(access_token="fresh")
    changes: Mapping[str, Any] = {"owner_id": 5, "chat_id": 5, "tokens": fresh}
    assert await book.connect(connected(**changes)) == 1
    (account,) = await book.all()
    assert (account.defaults, account.is_target) == ({"ai": "yes"}, False)
    assert (account.owner_id, account.chat_id) == (1001, 1001)
    assert (account.state, account.trouble) == ("ok", "")
    assert (await book.access(1)).access_token == "fresh"


async def test_a_paused_account_does_not_say_that_it_must_be_connected(
    store: SqliteStore, clock: ManualClock
) -> None:
    book, _ = await books(store, clock)
    await book.connect(connected())
    await book.pause(1)
    assert await messages(store, clock) == []


REVOCATIONS = {
    "youtube": ("POST", "http://oauth.test/revoke", {"token": "refresh-0"}),
    "tiktok": (
        "POST",
        "http://tiktok.test/v2/oauth/revoke/",
        {"client_key": "key", "client_secret": "app-secret", "token": "access-0"},
    ),
    "facebook": ("DELETE", "http://graph.test/v26.0/77/permissions", None),
}


@pytest.mark.parametrize("platform", REVOCATIONS)
async def test_a_disconnection_takes_the_access_back_and_forgets_the_tokens(
    store: SqliteStore, clock: ManualClock, platform: str
) -> None:
    book, server = await books(store, clock)
    await book.connect(connected(platform, options={"user_id": "77"}))
    outcome = await book.disconnect(1)
    assert (outcome.revoked, outcome.why, outcome.remove_at) == (True, "", "")
    (request,) = server.requests
    assert (request.method, request.url, request.form) == REVOCATIONS[platform]
    row = await store.one("accounts.get", id=1)
    assert row is not None
    assert (row["state"], row["tokens"], row["scopes"]) == ("removed", "", "[]")
    assert await book.all() == []


@pytest.mark.parametrize(
    ("platform", "failure"),
    [
        ("youtube", answer(503)),
        ("tiktok", LostAnswerError("cut off")),
        ("instagram", answer()),
        ("telegram", answer()),
    ],
)
async def test_tokens_are_forgotten_also_when_the_platform_cannot_be_told(
    store: SqliteStore, clock: ManualClock, platform: str, failure: Response | Exception
) -> None:
    book, _ = await books(store, clock, failure)
    await book.connect(connected(platform))
    outcome = await book.disconnect(1)
    assert not outcome.revoked
    assert outcome.why
    assert outcome.remove_at
    row = await store.one("accounts.get", id=1)
    assert row is not None
    assert row["tokens"] == ""


@pytest.mark.parametrize(
    ("platform", "said"),
    [
        ("youtube", answer(400, error="invalid_token")),
        ("tiktok", answer(200, error="invalid_grant", error_description="unknown")),
        ("facebook", answer(400, error={"code": 190, "message": "expired"})),
    ],
)
async def test_a_token_that_is_dead_already_counts_as_taken_back(
    store: SqliteStore, clock: ManualClock, platform: str, said: Response
) -> None:
    book, _ = await books(store, clock, said)
    await book.connect(connected(platform, options={"user_id": "77"}))
    assert (await book.disconnect(1)).revoked


async def test_an_account_of_the_settings_comes_back_and_says_so(
    store: SqliteStore, clock: ManualClock
) -> None:
    book, _ = await books(store, clock)
    settings = make_account("tiktok", remote_id="remote-1", access_token=SecretStr("mine"))
    await book.adopt([settings])
    assert (await book.disconnect(1)).returns
    await book.adopt([settings])
    assert (await book.access(1)).access_token == "mine"


async def test_waiting_uploads_of_a_disconnected_account_end_with_that_reason(
    desk: Desk, store: SqliteStore, clock: ManualClock
) -> None:
    book = make_book(store, clock, TokenServer(answer()), posts=desk.posts)
    await desk.intake.receive(make_incoming(caption="to: youtube, telegram\nA day"))
    outcome = await book.disconnect(1)
    assert outcome.failed == 1
    uploads = {upload.platform: upload for upload in await desk.posts.uploads(1)}
    assert uploads["youtube"].state is UploadState.FAILED
    assert uploads["youtube"].error_text == GONE
    assert uploads["telegram"].state is UploadState.WAITING


async def test_resuming_wakes_what_waited(
    desk: Desk, store: SqliteStore, clock: ManualClock
) -> None:
    book = make_book(store, clock, TokenServer(answer()), posts=desk.posts)
    await desk.intake.receive(make_incoming(caption="to: youtube\nA day"))
    await book.pause(1)
    upload = await desk.posts.start(1)
    await desk.posts.save(upload, UploadState.WAITING, reason=WaitReason.ACCOUNT)
    await book.resume(1)
    assert (await desk.posts.require_upload(1)).reason is WaitReason.TURN


async def test_the_last_outcome_is_the_upload_that_ended_last(
    desk: Desk, store: SqliteStore, clock: ManualClock
) -> None:
    assert await desk.book.last_outcome(1) is None
    await desk.intake.receive(make_incoming(caption="to: youtube\nA day"))
    upload = await desk.posts.start(1)
    await desk.posts.save(upload, UploadState.FAILED, error_kind="rejected", error_text="no")
    last = await desk.book.last_outcome(1)
    assert last is not None
    assert (last.post_id, last.state, last.why) == (1, UploadState.FAILED, "no")


async def test_a_disconnection_waits_for_a_renewal_and_takes_the_new_token_back(
    store: SqliteStore, clock: ManualClock
) -> None:
    book, server = await books(store, clock, rotating(), answer())
    await book.connect(connected())
    server.may_answer.clear()
    async with asyncio.TaskGroup() as group:
        group.create_task(book.refresh(1, "access-0"))
        await server.asked.wait()
        leaving = group.create_task(book.disconnect(1))
        await clock.sleepers()
        server.may_answer.set()
        await drive(clock, leaving)
    assert (server.requests[1].form or {})["token"] == "access-1"
    assert leaving.result().revoked


CHANNEL = answer(items=[{"id": "remote-1"}])
EXPIRED = answer(401, error={"message": "Invalid Credentials"})


async def test_a_check_renews_what_has_expired_and_asks_once_more(
    store: SqliteStore, clock: ManualClock
) -> None:
    book, server = await books(store, clock, EXPIRED, rotating(), CHANNEL)
    await book.connect(connected("youtube", tokens=tokens(None)))
    assert await book.check_now(1, require_platform("youtube")) == ""
    assert len(server.requests) == 3
    assert [account.state for account in await book.all()] == ["ok"]


async def test_a_check_that_is_refused_with_a_fresh_token_needs_the_owner(
    store: SqliteStore, clock: ManualClock
) -> None:
    book, server = await books(store, clock, EXPIRED, rotating(), EXPIRED)
    await book.connect(connected("youtube", tokens=tokens(None)))
    assert "Invalid Credentials" in await book.check_now(1, require_platform("youtube"))
    assert len(server.requests) == 3
    assert [account.state for account in await book.all()] == ["reconnect"]


async def test_a_check_that_fails_for_now_changes_nothing(
    store: SqliteStore, clock: ManualClock
) -> None:
    book, _ = await books(store, clock, answer(503))
    await book.connect(connected("youtube", tokens=tokens(None)))
    assert await book.check_now(1, require_platform("youtube"))
    assert [account.state for account in await book.all()] == ["ok"]


async def test_a_person_need_not_wait_for_the_pause_of_a_token_server(
    store: SqliteStore, clock: ManualClock
) -> None:
    book, server = await books(store, clock, answer(503), rotating(), CHANNEL)
    await book.connect(connected("youtube"))
    await clock.advance(3600)
    with pytest.raises(RemoteError):
        await book.access(1)
    assert await book.check_now(1, require_platform("youtube")) == ""
    assert len(server.requests) == 3
