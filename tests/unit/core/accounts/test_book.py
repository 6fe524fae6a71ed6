from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from pydantic import SecretStr

from core.accounts.book import AccountBook
from core.accounts.vault import Vault
from core.errors import ErrorKind, RemoteError
from core.platforms.registry import platform_names, require_platform
from core.ports import LostAnswerError, NotSentError
from core.settings import AccountSettings
from core.store.sqlite import SqliteStore
from tests.clocks import ManualClock
from tests.factories import KEY, NoTransport, make_account
from utils.http import Request, Response

ENDPOINTS = {
    "youtube": "https://youtube.test",
    "google_oauth": "https://oauth.test",
    "tiktok": "https://tiktok.test",
    "graph": "https://graph.test",
    "graph_upload": "https://rupload.test",
    "instagram": "https://instagram.test",
    "telegram": "https://telegram.test",
}
Answers = Callable[[Request], Response]


class Remote:
    """Answers requests with what the test wrote, and remembers them."""

    def __init__(self, answer: Answers) -> None:
        self._answer = answer
        self.requests: list[Request] = []

    async def send(self, request: Request, body: object = None) -> Response:
        assert body is None
        self.requests.append(request)
        await asyncio.sleep(0)
        return self._answer(request)


def answer(status: int, **body: Any) -> Response:
    return Response(status=status, body=json.dumps(body).encode())


def always(response: Response) -> Remote:
    return Remote(lambda _: response)


def renewing(token: str = "fresh") -> Remote:
    return always(answer(200, access_token=token, expires_in=3600))


def make_book(
    store: SqliteStore,
    clock: ManualClock,
    remote: Remote | NoTransport | None = None,
    keys: Mapping[str, bytes] | None = None,
) -> AccountBook:
    keys = keys or {"k1": KEY}
    return AccountBook(
        store, Vault(keys, next(iter(keys))), remote or NoTransport(), clock, ENDPOINTS
    )


def youtube(**changes: Any) -> AccountSettings:
    secrets = {"access_token": SecretStr("old"), "refresh_token": SecretStr("refresh")}
    return make_account("youtube", remote_id="UC1", client_id="id", **{**secrets, **changes})


async def token_of(book: AccountBook, account_id: int = 1) -> str:
    return (await book.access(account_id)).access_token


async def test_tokens_are_sealed_in_the_database(store: SqliteStore, clock: ManualClock) -> None:
    await make_book(store, clock).adopt([youtube(access_token=SecretStr("very-secret"))])
    (row,) = await store.all("accounts.everything")
    assert "very-secret" not in str(dict(row))


async def test_access_holds_what_requests_need_and_hides_it(
    store: SqliteStore, clock: ManualClock
) -> None:
    book = make_book(store, clock)
    await book.adopt([youtube(options={"category": "27"})])
    access = await book.access(1)
    assert (access.remote_id, access.access_token) == ("UC1", "old")
    assert access.options == {"category": "27"}
    assert "old" not in repr(access)


async def test_an_account_that_left_the_settings_is_gone_and_comes_back(
    store: SqliteStore, clock: ManualClock
) -> None:
    book = make_book(store, clock)
    await book.adopt([youtube()])
    await book.adopt([])
    assert await book.all() == []
    with pytest.raises(RemoteError, match="no longer connected"):
        await book.access(1)
    await book.adopt([youtube()])
    assert [account.id for account in await book.all()] == [1]


async def test_an_account_added_by_hand_stays_without_being_in_the_settings(
    store: SqliteStore, clock: ManualClock
) -> None:
    book = make_book(store, clock)
    await book.add(youtube())
    await book.adopt([])
    assert [account.state for account in await book.all()] == ["ok"]


async def test_a_renewed_token_survives_the_next_start(
    store: SqliteStore, clock: ManualClock
) -> None:
    book = make_book(store, clock, renewing())
    await book.adopt([youtube()])
    assert await book.refresh(1, "old")
    await book.adopt([youtube()])
    assert await token_of(book) == "fresh"


async def test_new_tokens_in_the_settings_replace_renewed_ones(
    store: SqliteStore, clock: ManualClock
) -> None:
    book = make_book(store, clock, renewing())
    await book.adopt([youtube()])
    assert await book.refresh(1, "old")
    await book.adopt([youtube(refresh_token=SecretStr("another"))])
    assert await token_of(book) == "old"


async def test_a_changed_option_does_not_bring_old_tokens_back(
    store: SqliteStore, clock: ManualClock
) -> None:
    book = make_book(store, clock, renewing())
    await book.adopt([youtube()])
    assert await book.refresh(1, "old")
    await book.adopt([youtube(options={"category": "27"})])
    access = await book.access(1)
    assert (access.access_token, access.options) == ("fresh", {"category": "27"})


async def test_what_a_person_connected_again_is_not_undone_by_the_settings(
    store: SqliteStore, clock: ManualClock
) -> None:
    book = make_book(store, clock)
    await book.adopt([youtube()])
    _ = await book.mark(1, "reconnect")
    await book.add(youtube(access_token=SecretStr("by hand")))
    await book.adopt([youtube()])
    assert await token_of(book) == "by hand"


async def test_connecting_again_with_the_same_tokens_is_another_try(
    store: SqliteStore, clock: ManualClock
) -> None:
    book = make_book(store, clock)
    await book.add(youtube())
    assert await book.mark(1, "reconnect")
    await book.add(youtube())
    assert await token_of(book) == "old"


async def test_an_account_that_waits_for_its_owner_gives_no_access(
    store: SqliteStore, clock: ManualClock
) -> None:
    book = make_book(store, clock)
    await book.adopt([youtube()])
    assert await book.mark(1, "reconnect")
    assert not await book.mark(1, "reconnect")
    with pytest.raises(RemoteError) as caught:
        await book.access(1)
    assert caught.value.kind is ErrorKind.AUTH_REVOKED


async def test_that_it_waits_is_not_forgotten_at_the_next_start(
    store: SqliteStore, clock: ManualClock
) -> None:
    book = make_book(store, clock)
    await book.adopt([youtube()])
    assert await book.mark(1, "reconnect")
    await book.adopt([youtube()])
    assert [account.state for account in await book.all()] == ["reconnect"]


async def test_ten_that_ask_at_once_renew_once(store: SqliteStore, clock: ManualClock) -> None:
    remote = renewing()
    book = make_book(store, clock, remote)
    await book.adopt([youtube()])
    assert await asyncio.gather(*(book.refresh(1, "old") for _ in range(10))) == [True] * 10
    assert len(remote.requests) == 1
    assert await token_of(book) == "fresh"


async def test_an_account_without_a_refresh_token_is_not_renewed(
    store: SqliteStore, clock: ManualClock
) -> None:
    book = make_book(store, clock)
    await book.adopt([youtube(refresh_token=SecretStr(""))])
    assert not await book.refresh(1, "old")


async def test_a_refused_renewal_needs_the_owner(store: SqliteStore, clock: ManualClock) -> None:
    book = make_book(store, clock, always(answer(400, error="invalid_grant")))
    await book.adopt([youtube()])
    with pytest.raises(RemoteError) as caught:
        await book.refresh(1, "old")
    assert caught.value.kind is ErrorKind.AUTH_REVOKED
    assert [account.state for account in await book.all()] == ["reconnect"]


@pytest.mark.parametrize("error", [NotSentError("no"), LostAnswerError("no")])
async def test_a_silent_token_server_is_asked_again_later(
    store: SqliteStore, clock: ManualClock, error: Exception
) -> None:
    def fail(_: Request) -> Response:
        raise error

    book = make_book(store, clock, Remote(fail))
    await book.adopt([youtube()])
    with pytest.raises(RemoteError) as caught:
        await book.refresh(1, "old")
    assert caught.value.kind is ErrorKind.TRANSIENT


async def test_tokens_whose_key_is_lost_need_the_owner(
    store: SqliteStore, clock: ManualClock
) -> None:
    await make_book(store, clock).add(youtube())
    book = make_book(store, clock, keys={"k2": bytes(32)})
    with pytest.raises(RemoteError) as caught:
        await book.access(1)
    assert caught.value.kind is ErrorKind.AUTH_REVOKED


async def test_tokens_whose_key_is_lost_are_replaced_by_those_of_the_settings(
    store: SqliteStore, clock: ManualClock
) -> None:
    await make_book(store, clock).adopt([youtube()])
    book = make_book(store, clock, keys={"k2": bytes(32)})
    await book.adopt([youtube()])
    assert await token_of(book) == "old"


@pytest.mark.parametrize("platform", platform_names())
async def test_a_call_that_tries_an_account_changes_nothing_and_hides_the_token(
    store: SqliteStore, clock: ManualClock, platform: str
) -> None:
    remote = always(answer(401))
    book = make_book(store, clock, remote)
    account = make_account(platform, access_token=SecretStr("a-token-of-it"))
    with pytest.raises(RemoteError):
        await book.check(account, require_platform(platform))
    (request,) = remote.requests
    assert request.span is None
    assert await store.all("accounts.everything") == []
    assert "a-token-of-it" not in repr(request) or platform == "telegram"


@pytest.mark.parametrize(
    ("response", "told"),
    [
        (answer(200, items=[{"id": "UC1"}]), ""),
        (answer(503), "HTTP 503"),
        (answer(403, error={"errors": [{"reason": "insufficientPermissions"}]}), ""),
    ],
)
async def test_an_account_is_let_in_unless_it_is_refused(
    store: SqliteStore, clock: ManualClock, response: Response, told: str
) -> None:
    book = make_book(store, clock, always(response))
    said = await book.check(youtube(refresh_token=SecretStr("")), require_platform("youtube"))
    assert bool(said) == bool(told)


@pytest.mark.parametrize(
    "response",
    [
        answer(401, error={"message": "Invalid Credentials"}),
        answer(200, items=[{"id": "UC2"}]),
        answer(200),
    ],
)
async def test_tokens_that_do_not_do_are_refused(
    store: SqliteStore, clock: ManualClock, response: Response
) -> None:
    book = make_book(store, clock, always(response))
    with pytest.raises(RemoteError):
        await book.check(youtube(refresh_token=SecretStr("")), require_platform("youtube"))


async def test_an_expired_token_that_can_be_renewed_is_let_in(
    store: SqliteStore, clock: ManualClock
) -> None:
    book = make_book(store, clock, always(answer(401)))
    assert "expired" in await book.check(youtube(), require_platform("youtube"))


async def test_a_silent_platform_is_told(store: SqliteStore, clock: ManualClock) -> None:
    def fail(_: Request) -> Response:
        raise NotSentError("no")

    book = make_book(store, clock, Remote(fail))
    assert "did not answer" in await book.check(youtube(), require_platform("youtube"))
