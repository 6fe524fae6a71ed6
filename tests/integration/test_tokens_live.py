"""Sign-ins against the stand-ins: renewed once, lost with a process, refused, given back."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.accounts.book import AccountBook, Connected
from core.accounts.renewal import INTERRUPTED
from core.accounts.tokens import Tokens
from core.accounts.vault import Vault
from core.errors import ErrorKind, RemoteError
from core.platforms.registry import require_platform
from core.posts.models import UploadState, WaitReason
from core.store.base import Store
from core.store.sqlite import SqliteStore
from tests.acceptance.system import (
    BEGIN_STEP,
    MIB,
    System,
    World,
    make_video,
    open_world,
    whole,
)
from tests.factories import KEY
from utils.clock import SystemClock
from utils.sandbox.meta_seeds import USER_ID, USER_TOKEN
from utils.transport import HttpTransport

ROOT = Path(__file__).parents[2]
TOKENS = {
    "tiktok": ("tiktok.tokens", "tiktok.refresh_tokens"),
    "youtube": ("google.tokens",),
    "facebook": ("meta.tokens",),
}
OPTIONS = {"facebook": {"user_id": USER_ID}}
Snapshot = dict[str, dict[str, dict[str, Any]]]


def granted(world: World, platform: str, **changes: Any) -> Connected:
    """Return what a sign-in to the seeded account of a platform brings."""
    rows = world.raw_settings()["accounts"]
    seeded = next(row for row in rows if row["platform"] == platform)
    tokens = Tokens(
        access_token=seeded["access_token"],
        refresh_token=seeded.get("refresh_token", USER_TOKEN if platform == "facebook" else ""),
        client_id=seeded.get("client_id", ""),
        client_secret=seeded.get("client_secret", ""),
        expires_at=changes.pop("expires_at", None),
    )
    values = {
        "platform": platform,
        "name": seeded["name"],
        "remote_id": seeded["remote_id"],
        "options": OPTIONS.get(platform, {}),
        "tokens": tokens,
        "chat_id": 1001,
        **changes,
    }
    return Connected(**values)


def snapshot(world: World, platform: str) -> Snapshot:
    """Remember which tokens live."""
    names = TOKENS[platform]
    return {name: dict(world.sandbox.collection(name).items()) for name in names}


def revive(world: World, taken: Snapshot) -> None:
    """Let the tokens of before live again, as after a new sign-in."""
    for name, rows in taken.items():
        for key, row in rows.items():
            world.sandbox.collection(name).put(key, row)


def refreshes(world: World, service: str = "tiktok") -> int:
    rows = world.rows("token")
    return len([row for row in rows if row["service"] == service])


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The stand-ins, and a way to open books on one database."""

    world: World
    database: Path
    transport: HttpTransport

    @property
    def clock(self) -> SystemClock:
        return SystemClock()

    async def open(self) -> SqliteStore:
        return await SqliteStore.open(self.database, clock=self.clock)

    def book(self, store: Store) -> AccountBook:
        endpoints = self.world.settings(self.database.parent).endpoint_map()
        vault = Vault({"k1": KEY}, "k1")
        return AccountBook(store, vault, self.transport, self.clock, endpoints)


@asynccontextmanager
async def open_place(folder: Path) -> AsyncIterator[Place]:
    async with open_world(folder) as world, HttpTransport() as transport:
        yield Place(world=world, database=folder / "data" / "karvon.db", transport=transport)


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    async with open_place(tmp_path) as opened:
        yield opened


# Once for all


async def test_a_hundred_with_an_ended_rotating_token_make_one_renewal_over_two_books(
    place: Place,
) -> None:
    async with await place.open() as first, await place.open() as second:
        books = [place.book(first), place.book(second)]
        ended = place.clock.now() - timedelta(seconds=1)
        await books[0].connect(granted(place.world, "tiktok", expires_at=ended))
        old = granted(place.world, "tiktok").tokens.access_token
        asked = [books[number % 2].access(1) for number in range(60)]
        refused = [books[number % 2].refresh(1, old) for number in range(40)]
        accesses, renewed = await asyncio.gather(asyncio.gather(*asked), asyncio.gather(*refused))
        assert refreshes(place.world) == 1
        assert len({access.access_token for access in accesses} | {old}) == 2
        assert all(renewed)
        assert await books[1].check_now(1, require_platform("tiktok")) == ""


async def test_uploads_that_find_the_token_ended_make_one_renewal(tmp_path: Path) -> None:
    async with whole(tmp_path) as system:
        system.world.sandbox.set_option("tiktok", "rate_limits", False)
        system.world.fail(BEGIN_STEP["tiktok"], "expire_token")
        posts = [
            await system.send(make_video(tmp_path, f"clip{number}", size=MIB), "tiktok")
            for number in range(4)
        ]
        for post_id in posts:
            await system.wait_live(post_id)
        assert refreshes(system.world) == 1


async def test_a_token_is_renewed_before_an_upload_meets_its_end(tmp_path: Path) -> None:
    async with whole(tmp_path) as system:
        soon = system.parts.clock.now() + timedelta(minutes=5)
        await system.parts.book.connect(granted(system.world, "tiktok", expires_at=soon))
        await system.wait_live(await system.send(make_video(tmp_path, size=MIB), "tiktok"))
        statuses = [row["status"] for row in system.world.rows("creator_info", "init")]
        assert refreshes(system.world) == 1
        assert 401 not in statuses


# Killed, and answers that are lost


async def kill_at(place: Place, moment: str) -> None:
    address = place.world.settings(place.database.parent).endpoints.tiktok
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.mortal_renewal",
        str(place.database),
        address,
        moment,
        cwd=ROOT,
    )
    assert await process.wait() == -signal.SIGKILL


@pytest.mark.parametrize(
    ("moment", "rotates", "asked_again", "state"),
    [
        ("asked", True, 1, "ok"),
        ("answered", False, 1, "ok"),
        ("answered", True, 1, "reconnect"),
        ("saved", True, 0, "ok"),
    ],
)
async def test_a_process_killed_during_a_renewal_loses_only_what_the_platform_took(
    place: Place, moment: str, rotates: bool, asked_again: int, state: str
) -> None:
    place.world.sandbox.set_option("tiktok", "rotate", rotates)
    async with await place.open() as store:
        ended = place.clock.now() - timedelta(seconds=1)
        await place.book(store).connect(granted(place.world, "tiktok", expires_at=ended))
    await kill_at(place, moment)
    before = refreshes(place.world)
    async with await place.open() as store:
        book = place.book(store)
        await book.leases.free_all()
        works = await book.check_now(1, require_platform("tiktok")) == ""
        account = await book.get(1)
        assert account is not None
        assert works is (state == "ok")
        assert account.state == state
        assert account.trouble.startswith(INTERRUPTED) is (state == "reconnect")
        assert refreshes(place.world) - before == asked_again


async def test_a_lost_answer_of_a_rotating_server_ends_in_a_reconnection_that_goes_on(
    tmp_path: Path,
) -> None:
    async with whole(tmp_path) as system:
        signed_in = snapshot(system.world, "tiktok")
        system.world.fail(BEGIN_STEP["tiktok"], "expire_token")
        system.world.fail(("tiktok", "token"), "drop_answer")
        video = make_video(tmp_path, size=MIB)
        post_id = await system.send(video, "tiktok")
        upload = await system.wait_for(post_id, "tiktok", WaitReason.ACCOUNT)
        assert upload.state is UploadState.WAITING
        assert upload.attempts == 0
        account = await system.parts.book.get(upload.account_id)
        assert account is not None
        assert account.trouble.startswith(INTERRUPTED)
        assert refreshes(system.world) == 2
        revive(system.world, signed_in)
        await system.parts.book.connect(granted(system.world, "tiktok"))
        assert await system.parts.posts.wake_accounts() == 1
        await system.wait_live(post_id)
        assert await system.world.live(video) == ["tiktok"]


async def test_an_outcome_that_is_not_known_is_still_asked_for_after_a_reconnection(
    tmp_path: Path,
) -> None:
    async with whole(tmp_path) as system:
        signed_in = snapshot(system.world, "youtube")
        system.world.fail(("youtube", "commit"), "drop_answer")
        system.world.fail(("youtube", "recover"), "expire_token")
        system.world.fail(("google_oauth", "token"), "revoke_token")
        video = make_video(tmp_path, size=MIB)
        post_id = await system.send(video, "youtube")
        upload = await system.wait_for(post_id, "youtube", WaitReason.ACCOUNT)
        assert upload.state is UploadState.UNKNOWN
        assert upload.intent_at is not None
        revive(system.world, signed_in)
        await system.parts.book.connect(granted(system.world, "youtube"))
        assert await system.parts.posts.wake_accounts() == 1
        await system.wait_live(post_id)
        assert await system.world.live(video) == ["youtube"]


# Failing and refusing token servers


async def test_uploads_wait_while_the_token_server_fails_and_the_account_stays_well(
    tmp_path: Path,
) -> None:
    async with whole(tmp_path) as system:
        system.world.fail(BEGIN_STEP["youtube"], "expire_token")
        system.world.fail(("google_oauth", "token"), "status", status=503, times=2)
        post_id = await system.send(make_video(tmp_path, size=MIB), "youtube")
        upload = await system.wait_for(post_id, "youtube", WaitReason.RETRY)
        assert upload.attempts == 0
        account = await system.parts.book.get(upload.account_id)
        assert account is not None
        assert account.state == "ok"
        await system.wait_live(post_id)
        assert refreshes(system.world, "google_oauth") == 3


async def test_a_refused_renewal_holds_every_upload_and_speaks_once(tmp_path: Path) -> None:
    async with whole(tmp_path, telegram={"admins": [7]}) as system:
        system.world.fail(BEGIN_STEP["youtube"], "expire_token")
        system.world.fail(("google_oauth", "token"), "revoke_token")
        posts = [
            await system.send(make_video(tmp_path, f"clip{number}", size=MIB), "youtube")
            for number in range(3)
        ]
        for post_id in posts:
            upload = await system.wait_for(post_id, "youtube", WaitReason.ACCOUNT)
            assert upload.state is UploadState.WAITING
        said = await system.parts.posts.due_messages()
        assert [(message.chat_id, message.sentence) for message in said] == [
            (7, "account_needs_sign_in")
        ]
        assert refreshes(system.world, "google_oauth") == 1


# What people decide


async def test_uploads_of_a_paused_account_wait_and_go_on_when_it_is_resumed(
    tmp_path: Path,
) -> None:
    async with whole(tmp_path) as system:
        account = await named(system, "youtube")
        system.world.fail(BEGIN_STEP["youtube"], "status", status=503)
        post_id = await system.send(make_video(tmp_path, size=MIB), "youtube", "telegram")
        await system.wait_for(post_id, "youtube", WaitReason.RETRY)
        await system.parts.book.pause(account)
        upload = await system.wait_for(post_id, "youtube", WaitReason.ACCOUNT)
        assert upload.error_code == "paused"
        await system.wait(post_id, lambda ups: ups["telegram"].state == "live")
        await system.parts.book.resume(account)
        await system.wait_live(post_id)


async def named(system: System, platform: str) -> int:
    accounts = await system.parts.book.all()
    return next(account.id for account in accounts if account.platform == platform)


@pytest.mark.parametrize("platform", sorted(TOKENS))
async def test_a_disconnection_ends_the_access_at_the_platform(
    place: Place, platform: str
) -> None:
    async with await place.open() as store:
        book = place.book(store)
        await book.connect(granted(place.world, platform))
        platform_ = require_platform(platform)
        assert await book.check_now(1, platform_) == ""
        outcome = await book.disconnect(1)
        assert (outcome.revoked, outcome.why) == (True, "")
        await book.connect(granted(place.world, platform))
        assert await book.check_now(1, platform_) != ""


async def test_a_disconnected_account_cannot_be_used(place: Place) -> None:
    async with await place.open() as store:
        book = place.book(store)
        await book.connect(granted(place.world, "tiktok"))
        await book.disconnect(1)
        with pytest.raises(RemoteError) as caught:
            await book.access(1)
        assert caught.value.kind is ErrorKind.REJECTED
