"""What quotas cost: reserving for an upload, and `/limits` with much queued."""

from __future__ import annotations

import asyncio
import sqlite3
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from itertools import count
from pathlib import Path

from core.posts.models import Account, Upload
from core.store.sqlite import SqliteStore
from tests.bench.results import Result, at_most, median_ratio, reference
from tests.chat_kit import Chat, make_chat_on, make_command, make_press
from tests.clocks import START, ManualClock
from tests.factories import Desk, make_account, make_desk
from tests.quota_world import Channel, make_upload
from workers.engine.embedded import EmbeddedEngine
from workers.engine.lock import FileLock

PLATFORMS = ("youtube", "tiktok", "instagram", "facebook", "telegram")
UPLOADS = 1000
WARM_UP = 50
LIMIT = 2
SMALL, LARGE = (2, 10), (200, 10_000)
"""Accounts and waiting uploads."""
ROUNDS = 40
PAGES_LIMIT = 10
DAY_SECONDS = 86_400.0


def run() -> list[Result]:
    return [*asyncio.run(_vault_and_quota()), *asyncio.run(_limits())]


async def _vault_and_quota() -> list[Result]:
    plain, ours, opened = list[float](), list[float](), list[float]()
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        async with _desk(Path(name), accounts=LARGE[0]) as desk:
            accounts = await desk.book.all()
            for number in range(1, UPLOADS + WARM_UP + 1):
                account = accounts[number % len(accounts)]
                upload = _upload(account, number)
                plain.append(await _timed(_write(desk, number)))
                opened.append(await _timed(_open(desk, account)))
                ours.append(opened[-1] + await _timed(_reserve(desk, upload)))
                await _give_back(desk, number)
    how = f"medians of {UPLOADS}, in turn, in the same database, with {LARGE[0]} accounts"
    return [
        at_most(
            "limits.vault_quota",
            median_ratio(ours[WARM_UP:], plain[WARM_UP:]),
            LIMIT,
            method=(
                "opening the vault for an account and reserving all its quotas for an upload, "
                f"durably, ÷ one row written durably in a transaction of its own; {how}"
            ),
        ),
        reference(
            "limits.vault",
            statistics.median(opened[WARM_UP:]) * 1000,
            unit="ms",
            method="opening the vault alone",
        ),
        reference(
            "limits.write",
            statistics.median(plain[WARM_UP:]) * 1000,
            unit="ms",
            method="the plain durable write alone",
        ),
    ]


async def _timed(work: Awaitable[object]) -> float:
    started = time.perf_counter()
    await work
    return time.perf_counter() - started


async def _write(desk: Desk, number: int) -> None:
    async with desk.store.transaction() as tx:
        await tx.run("chat.set_fact", name=f"fact {number}", value=str(number))


async def _open(desk: Desk, account: Account) -> None:
    access = await desk.book.access(account.id)
    assert access.access_token


async def _reserve(desk: Desk, upload: Upload) -> None:
    async with desk.store.transaction() as tx:
        lack = await desk.posts.quotas.reserve(tx, upload)
    assert lack is None


def _upload(account: Account, number: int) -> Upload:
    channel = Channel(id=account.id, platform=account.platform, project=account.project)
    return make_upload(number, channel)


async def _give_back(desk: Desk, number: int) -> None:
    async with desk.store.transaction() as tx:
        assert await desk.posts.quotas.release(tx, number)


async def _limits() -> list[Result]:
    seconds = {}
    for size in (SMALL, LARGE):
        with tempfile.TemporaryDirectory(prefix="bench-") as name:
            folder = Path(name)
            async with _desk(folder, accounts=size[0]) as desk:
                _queue(folder, uploads=size[1], accounts=size[0])
                seconds[size] = await _ask(make_chat_on(desk, folder))
    first = {size: statistics.median(times["first"]) for size, times in seconds.items()}
    slowest = max(statistics.median(times) for times in seconds[LARGE].values())
    how = (
        f"with {LARGE[0]} accounts and {LARGE[1]} waiting uploads ÷ with {SMALL[0]} and "
        f"{SMALL[1]}; one application for each platform; medians of {ROUNDS}"
    )
    return [
        at_most(
            "limits.command",
            first[LARGE] / first[SMALL],
            PAGES_LIMIT,
            method=f"from the update with `/limits` to its answer queued, {how}",
        ),
        at_most(
            "limits.pages",
            slowest / first[SMALL],
            PAGES_LIMIT,
            method="the same for the slowest of the pages, with channels that share a quota",
        ),
        reference(
            "limits.small",
            first[SMALL] * 1000,
            unit="ms",
            method=f"`/limits` with {SMALL[0]} accounts and {SMALL[1]} waiting uploads",
        ),
    ]


async def _ask(chat: Chat) -> dict[str, list[float]]:
    """Return how long the answer took, for the command and for the page of each platform."""
    found: dict[str, list[float]] = {"first": []}
    for _ in range(ROUNDS):
        found["first"].append(await _answered(chat, lambda: chat.hear(make_command("/limits"))))
    pages = (await chat.deps.posts.quotas.report(chat.deps.zone)).pages
    for page in sorted({pages * step // len(PLATFORMS) for step in range(len(PLATFORMS))}):
        found[f"page {page}"] = [await _turned(chat, page) for _ in range(ROUNDS // 4)]
    return found


async def _turned(chat: Chat, page: int) -> float:
    return await _answered(chat, lambda: chat.hear(make_press(f"lm1:{page}")))


async def _answered(chat: Chat, ask: Callable[[], Awaitable[None]]) -> float:
    seconds = await _timed(ask())
    await chat.speak()
    await chat.clock.advance(0.001)
    return seconds


@asynccontextmanager
async def _desk(folder: Path, *, accounts: int) -> AsyncIterator[Desk]:
    clock = ManualClock()
    async with await SqliteStore.open(folder / "karvon.db", clock=clock) as store:
        engine = EmbeddedEngine(store, clock, lock=FileLock.beside(store.path))
        names = (PLATFORMS[number % len(PLATFORMS)] for number in range(accounts))
        made = [
            make_account(platform, f"{platform} {number}", client_id=f"{platform} application")
            for number, platform in enumerate(names)
        ]
        yield await make_desk(store, clock, engine, *made)


def _queue(folder: Path, *, accounts: int, uploads: int) -> None:
    """Use up today's quotas and let uploads wait, as they do after a day's work."""
    now = START.timestamp()
    numbers = count(1)
    with closing(sqlite3.connect(folder / "karvon.db", isolation_level=None)) as raw:
        raw.execute("BEGIN")
        rows = raw.execute("SELECT id, platform, project FROM accounts").fetchall()
        for account, platform, project in rows:
            _spend(raw, account, platform, project, now)
            for _ in range(uploads // accounts):
                number = next(numbers)
                raw.execute(
                    "INSERT INTO posts (id, state, chat_id, user_id, message_id, source, wish,"
                    " facts, fingerprint, priority, created_at)"
                    " VALUES (?, 'publishing', 1, 1, 1, '{}', '{}', '{}', ?, 0, ?)",
                    (number, str(number), now),
                )
                raw.execute(
                    "INSERT INTO uploads (post_id, account_id, platform, state, reason, until_at)"
                    " VALUES (?, ?, ?, 'waiting', 'quota', ?)",
                    (number, account, platform, now + DAY_SECONDS),
                )
        raw.execute("COMMIT")


def _spend(raw: sqlite3.Connection, account: int, platform: str, project: str, now: float) -> None:
    """Fill our own cap, as each platform's own limit allows."""
    spread = {"youtube": 2, "tiktok": 15, "instagram": 50, "facebook": 30, "telegram": 50}
    shared = f"project:{platform}:{project}"
    names = {"youtube": (shared, "video_uploads"), "facebook": (f"account:{account}", "reels")}
    own = (f"account:{account}", "per_channel_a_day")
    posts = names.get(platform, (f"account:{account}", "posts"))
    for number in range(spread[platform]):
        at = now - number * 1000.0
        for scope, name in (own, posts):
            raw.execute(
                "INSERT INTO spending (scope, name, action, units, state, at)"
                " VALUES (?, ?, 'publish', 1, 'spent', ?)",
                (scope, name, at),
            )
