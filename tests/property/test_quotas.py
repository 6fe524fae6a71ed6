"""Quotas against a simple model: ten thousand days of random publishing in simulated time."""

from __future__ import annotations

import asyncio
import random
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.accounts.quotas import Quotas
from core.accounts.rules import RuleBook
from core.platforms.base import QuotaRule
from core.posts.models import Upload, UploadState, WaitReason
from core.store.sqlite import SqliteStore
from tests.clocks import ManualClock
from tests.factories import Desk, make_account, make_desk, make_incoming
from tests.quota_model import Books, Limit
from tests.quota_world import Channel, Video, World, make_book, utc
from workers.engine.embedded import EmbeddedEngine
from workers.engine.lock import FileLock

pytestmark = pytest.mark.timeout(120)

DAYS = 250
EXAMPLES = 40

WINDOWS = ("pacific_day", "rolling_day", "rolling_hour", "rolling_minute")


@st.composite
def rules(draw: st.DrawFn, name: str) -> QuotaRule:
    units = draw(st.sampled_from((1, 1, 1, 3)))
    window = draw(st.sampled_from(WINDOWS))
    lasting = window.endswith("day")
    return QuotaRule(
        name=name,
        limit=units * draw(st.integers(1, 4)) + draw(st.integers(0, units - 1)),
        window=window,
        scope=draw(st.sampled_from(("account", "project"))),
        source="a test",
        costs={"publish": units},
        # A unit that is held for hours fills a short window all the time: that is true but slow.
        spent_at=draw(st.sampled_from(("begin", "commit"))) if lasting else "begin",
    )


@st.composite
def worlds(draw: st.DrawFn) -> World:
    platforms = {
        name: [draw(rules(f"{name} {number}")) for number in range(draw(st.integers(0, 2)))]
        for name in ("one", "two")
    }
    channels = [
        Channel(
            id=number,
            platform=draw(st.sampled_from(tuple(platforms))),
            project=draw(st.sampled_from(("", "a"))),
        )
        for number in range(1, draw(st.integers(1, 4)) + 1)
    ]
    start = draw(st.sampled_from((utc(2026, 1, 1), utc(2026, 3, 1), utc(2026, 10, 20))))
    return World(
        book=make_book(platforms, per_channel=draw(st.integers(2, 5))),
        channels=channels,
        rng=random.Random(draw(st.integers(0, 2**32))),
        start=start,
        crashes=draw(st.sampled_from((0.0, 0.1))),
    )


def plan_arrivals(world: World, days: int) -> None:
    """Let people come at random: quiet days, and now and then a crowd at once."""
    rng = world.rng

    def come(second: float) -> None:
        at = world.start + timedelta(microseconds=round(second * 1e6))
        channel = rng.choice(world.channels)
        wish = {"priority": rng.choice((0, 0, 0, 5)), "seconds": rng.choice((0, 40, 4000, 40_000))}

        async def arrive() -> None:
            video = await world.arrive(channel, **wish)
            if rng.random() < 0.15:
                leave = world.clock.at + timedelta(seconds=rng.uniform(1, 200_000))
                world.at(leave, lambda: world.cancel(video), (0, 0))

        world.at(at, arrive)

    for day in range(days):
        crowd = rng.random() < 0.05
        base = day * 86_400 + rng.uniform(0, 86_000)
        for _ in range(rng.randrange(12) if crowd else rng.choice((0, 1, 2, 3))):
            come(base + rng.uniform(0, 60) if crowd else day * 86_400 + rng.uniform(0, 86_400))


quiet = settings(deadline=None, suppress_health_check=list(HealthCheck), database=None)


@settings(quiet, max_examples=EXAMPLES)
@given(world=worlds())
def test_no_quota_is_exceeded_and_no_unit_left_unused(world: World) -> None:
    plan_arrivals(world, DAYS)
    asyncio.run(world.run())
    assert all(not video.waits for video in world.videos.values())


# The forecast


async def spend_some_days(world: World) -> None:
    plan_arrivals(world, 5)
    await world.run(world.start + timedelta(days=5))
    for video in list(world.waiting.values()):
        await world.cancel(video)
    await world.run(world.start + timedelta(days=8))


async def forecast_and_live(world: World, count: int) -> None:
    """Queue some videos at once, ask what becomes of them, and see."""
    await spend_some_days(world)
    world.crashes = 0.0
    world.fails = False
    videos = [
        world.post(world.rng.choice(world.channels), priority=world.rng.choice((0, 0, 5)))
        for _ in range(count)
    ]
    before = await world.quotas.report(UTC, size=10)
    for video in sorted(videos, key=lambda one: one.order):
        await world.begin(video)
    told = {video.id: video.upload.until_at for video in videos if video.waits}
    after = await world.quotas.report(UTC, size=10)
    await world.run()
    for video in videos:
        # Who asks later and can go earlier may use up what is shared: then it is put off again.
        first = told.get(video.id) or world.asked_at[video.id]
        assert video.started_at is not None
        assert video.started_at >= first
    for account in before.accounts:
        mine = [one for one in videos if one.upload.account_id == account.account_id]
        assert account.forecast.queued == len(mine)
        assert [(one.day, one.count) for one in account.forecast.days] == days_of(mine)
        starts = [one.started_at for one in mine if one.started_at is not None]
        assert account.forecast.done_at == (max(starts) if starts else None)
    for account in after.accounts:
        late = [
            one.started_at
            for one in videos
            if one.id in told and one.upload.account_id == account.account_id
        ]
        assert account.forecast.queued == len(late)
        assert account.forecast.done_at == max(filter(None, late), default=None)


def days_of(videos: list[Video]) -> list[tuple[object, int]]:
    days: dict[object, int] = {}
    for video in sorted(
        videos, key=lambda one: one.started_at or datetime.max.replace(tzinfo=UTC)
    ):
        assert video.started_at is not None
        day = video.started_at.date()
        days[day] = days.get(day, 0) + 1
    return list(days.items())


@settings(quiet, max_examples=60)
@given(world=worlds(), count=st.integers(1, 40))
def test_the_forecast_is_what_then_happens(world: World, count: int) -> None:
    asyncio.run(forecast_and_live(world, count))


# The store that is used, with everything that a post does


class Office:
    """Attempts on the real store; people, time and the death of the process between commits."""

    def __init__(self, desk: Desk, clock: ManualClock, rng: random.Random, own: int) -> None:
        self.desk = desk
        self.clock = clock
        self.rng = rng
        self.own = own
        self.books = Books()
        self.attempts = 0

    def limits(self, upload: Upload) -> list[Limit]:
        owner = str(upload.account_id)
        limits = [Limit(owner, "own", self.own, "rolling_day", 1, "commit")]
        if upload.platform == "youtube":
            app = f"youtube/{upload.project}"
            limits.append(Limit(app, "inserts", 3, "pacific_day", 1, "begin"))
        if upload.platform == "tiktok":
            limits.append(Limit(owner, "inits", 6, "rolling_minute", 1, "begin"))
            limits.append(Limit(owner, "posts", 2, "rolling_day", 1, "commit"))
        return limits

    async def post(self, number: int) -> None:
        name = self.rng.choice(("a", "b", "c", "d"))
        incoming = make_incoming(
            update_id=number, fingerprint=f"telegram:{number}", caption=f"A clip\nto: {name}"
        )
        assert (await self.desk.intake.receive(incoming)).status == "accepted"

    async def attempt(self, upload_id: int) -> None:
        """What an attempt does; the process may die after each commit."""
        posts = self.desk.posts
        self.attempts += 1
        upload = await posts.start(upload_id)
        taken, lack = await posts.reserve(upload)
        if lack is not None:
            self.books.take_back(self.limits(upload), upload_id)
            return
        limits, now = self.limits(upload), self.clock.now()
        assert self.books.has_room(limits, now, upload_id)
        self.books.promise(limits, upload_id)
        self.books.spend(limits, now, upload_id, "begin")
        if self.rng.random() < 0.2:
            return
        taken, duplicate = await posts.intend(taken, sha256=str(upload_id))
        assert duplicate is None
        self.books.spend(limits, now, upload_id, "commit")
        live = self.rng.random() < 0.8
        state = UploadState.LIVE if live else UploadState.PROCESSING
        taken = await posts.save(taken, state, intent_at=None)
        if not live:
            await posts.save(taken, UploadState.FAILED)

    async def uploads(self) -> list[Upload]:
        return await self.desk.posts.open_uploads()

    async def work(self) -> None:
        """Take up what is due until nothing is, in the order of the engine."""
        while due := [one for one in await self.uploads() if self.is_due(one)]:
            await self.attempt(due[0].id)

    def is_due(self, upload: Upload) -> bool:
        return upload.until_at is None or upload.until_at <= self.clock.now()

    async def look(self) -> None:
        """Nobody waits who could go."""
        for upload in await self.uploads():
            assert upload.reason is WaitReason.QUOTA
            assert not self.books.has_room(self.limits(upload), self.clock.now(), upload.id)

    async def next_alarm(self) -> datetime | None:
        times = [one.until_at for one in await self.uploads() if one.until_at is not None]
        return min(times, default=None)


async def run_office(seed: int) -> None:
    rng = random.Random(seed)
    clock = ManualClock(datetime(2026, 3, 6, 18, tzinfo=UTC))
    with tempfile.TemporaryDirectory() as folder:
        async with await SqliteStore.open(Path(folder) / "karvon.db", clock=clock) as store:
            engine = EmbeddedEngine(store, clock, lock=FileLock.beside(store.path))
            desk = await make_desk(
                store,
                clock,
                engine,
                make_account("youtube", "a", client_id="one"),
                make_account("youtube", "b", client_id="one"),
                make_account("youtube", "c", client_id="two"),
                make_account("tiktok", "d"),
            )
            limits = {"youtube.video_uploads": 3, "tiktok.posts": 2}
            own = rng.choice((2, 4))
            desk.posts.quotas = Quotas(store, clock, RuleBook(per_channel=own, limits=limits))
            office = Office(desk, clock, rng, own)
            await live_on(office, days=12)
            assert office.attempts > 50


async def live_on(office: Office, days: int) -> None:
    clock, rng = office.clock, office.rng
    end = clock.now() + timedelta(days=days)
    for number in steps(rng):
        await office.post(number)
        await office.work()
        await office.look()
        if rng.random() < 0.1 and (waiting := await office.uploads()):
            await office.desk.posts.cancel_upload(rng.choice(waiting).id, by="person")
            await office.work()
        pause = clock.now() + timedelta(seconds=rng.choice((0, 60, 7000, 40_000)))
        while (at := await office.next_alarm()) is not None and at <= pause:
            await clock.advance((at - clock.now()).total_seconds())
            await office.work()
            await office.look()
        await clock.advance((pause - clock.now()).total_seconds())
        if clock.now() > end:
            return


def steps(rng: random.Random) -> Iterator[int]:
    """Number the posts that people send."""
    number = 0
    while True:
        number += 1 + int(rng.random() < 0.01)
        yield number


@pytest.mark.parametrize("seed", range(4))
async def test_the_real_store_keeps_the_same_promises(seed: int) -> None:
    await run_office(seed)
