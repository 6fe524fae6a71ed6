"""Valid things; a test names only what matters to it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import SecretStr

from core.accounts.book import AccountBook
from core.accounts.groups import Groups
from core.accounts.rotation import RestRule, Rotation
from core.accounts.vault import Vault
from core.platforms.registry import platform_names, require_platform
from core.posts.intake import Incoming, Intake, IntakeRules
from core.posts.models import MediaFacts, Upload
from core.posts.repository import Posts
from core.settings import AccountSettings
from core.store.base import Store
from tests.clocks import ManualClock
from utils.http import Request, Response
from workers.engine.embedded import EmbeddedEngine

KEY = bytes(range(32))
MIB = 1024 * 1024


class NoTransport:
    """A transport for tests in which nothing may be sent."""

    async def send(self, request: Request, body: object = None) -> Response:
        raise AssertionError(f"{request!r} was sent")


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The domain on a fresh database, without workers."""

    store: Store
    clock: ManualClock
    engine: EmbeddedEngine
    posts: Posts
    intake: Intake
    groups: Groups
    rotation: Rotation
    book: AccountBook

    async def start(self, upload_id: int = 1) -> Upload:
        return await self.posts.start(upload_id)


async def enough_disk(size: int) -> None:
    del size


def make_account(platform: str = "youtube", name: str = "", **changes: Any) -> AccountSettings:
    values = {
        "platform": platform,
        "name": name or f"my {platform}",
        "remote_id": f"{platform}-{name or 1}",
        "access_token": SecretStr("token"),
        **changes,
    }
    return AccountSettings(**values)


def make_rules(need_disk: Callable[[int], Awaitable[None]] = enough_disk) -> IntakeRules:
    return IntakeRules(
        timezone="UTC",
        cloud=True,
        sort_by_size=False,
        require_platform=require_platform,
        platform_names=platform_names(),
        need_disk=need_disk,
    )


async def all_free(accounts: Sequence[int]) -> dict[int, datetime | None]:
    return dict.fromkeys(accounts)


async def make_desk(
    store: Store, clock: ManualClock, engine: EmbeddedEngine, *accounts: AccountSettings
) -> Desk:
    posts = Posts(store, clock, engine)
    vault = Vault({"k1": KEY}, "k1")
    book = AccountBook(store, vault, NoTransport(), clock, {}, admins=(1,), posts=posts)
    await book.adopt(accounts or [make_account("youtube"), make_account("telegram")])
    groups = Groups(store, clock)
    rest = RestRule(failures=3, rest=timedelta(minutes=15), post_gap=timedelta(0))
    rotation = Rotation(store, clock, rest, all_free)
    intake = Intake(store, posts, engine, clock, make_rules(), groups, rotation)
    return Desk(
        store=store,
        clock=clock,
        engine=engine,
        posts=posts,
        intake=intake,
        groups=groups,
        rotation=rotation,
        book=book,
    )


def make_incoming(**changes: Any) -> Incoming:
    values: dict[str, Any] = {
        "source": {"kind": "telegram", "file_id": "f", "file_unique_id": "u"},
        "caption": "A day at the sea #sea",
        "facts": MediaFacts(size_bytes=3 * MIB, duration_seconds=12.0, width=720, height=1280),
        "fingerprint": "telegram:u",
        "filename": "sea.mp4",
        "chat_id": 1001,
        "user_id": 1001,
        "message_id": 7,
        "update_id": 1,
        **changes,
    }
    return Incoming(**values)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)
