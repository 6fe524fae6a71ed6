"""People publish at random in simulated time, over our quotas and a simple model at once."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from types import SimpleNamespace
from typing import Any

from core.accounts.quotas import Quotas, Wake, upload_place
from core.accounts.rules import RuleBook
from core.platforms.base import QuotaRule
from core.posts.models import AccountId, PostId, Upload, UploadId, UploadState, WaitReason
from core.store.base import Tx
from tests.quick_store import CrashError, QuickStore
from tests.quota_model import Books, Limit, returns_at

ORDER = tuple[int, int]


class WorldClock:
    """The time of a world."""

    def __init__(self, start: datetime) -> None:
        self.at = start

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()

    async def sleep(self, seconds: float) -> None:
        raise AssertionError(f"nobody sleeps {seconds} s in a simulation")


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """An account of the world."""

    id: int
    platform: str
    project: str


@dataclass(slots=True)
class Video:
    """One upload, as the world sees it."""

    upload: Upload
    priority: int
    limits: list[Limit]
    alarm: int = 0
    started_at: datetime | None = None
    seconds: float = 0.0
    """From its begin to its commit."""

    @property
    def id(self) -> int:
        return int(self.upload.id)

    @property
    def order(self) -> ORDER:
        return -self.priority, self.id

    @property
    def waits(self) -> bool:
        return self.upload.state is UploadState.WAITING


def make_book(rules: Mapping[str, Sequence[QuotaRule]], *, per_channel: int) -> RuleBook:
    """Return rules for made-up platforms."""
    known: Any = {name: SimpleNamespace(quotas=tuple(some)) for name, some in rules.items()}
    return RuleBook(per_channel=per_channel, names=tuple(known), capabilities=known.__getitem__)


@dataclass
class World:
    """Runs events in the order of their times; checks the model after each moment."""

    book: RuleBook
    channels: Sequence[Channel]
    rng: random.Random
    start: datetime
    crashes: float = 0.0
    videos: dict[int, Video] = field(default_factory=dict)
    waiting: dict[int, Video] = field(default_factory=dict)
    books: Books = field(default_factory=Books)
    asked_at: dict[int, datetime] = field(default_factory=dict)
    """When each video first wanted to begin."""
    fails: bool = True
    """Whether uploads fail and intents come to nothing now and then."""
    starts: int = 0
    longest_queue: int = 0

    def __post_init__(self) -> None:
        self.store = QuickStore()
        self.clock = WorldClock(self.start)
        self.quotas = Quotas(self.store, self.clock, self.book)
        self._events: list[tuple[datetime, ORDER, int, Callable[[], Awaitable[None]]]] = []
        self._numbers = count()
        for one in self.channels:
            self.store.raw.execute(
                "INSERT INTO accounts (id, platform, name, remote_id, created_at, project)"
                " VALUES (?, ?, ?, ?, 0, ?)",
                (one.id, one.platform, f"channel {one.id}", str(one.id), one.project),
            )

    # Events

    def at(
        self, moment: datetime, fn: Callable[[], Awaitable[None]], order: ORDER = (1, 0)
    ) -> None:
        heappush(self._events, (moment, order, next(self._numbers), fn))

    async def run(self, until: datetime | None = None) -> None:
        """Let everything happen up to a time, or until nothing is left to happen."""
        while self._events and (until is None or self._events[0][0] <= until):
            self.clock.at = self._events[0][0]
            while self._events and self._events[0][0] == self.clock.at:
                _, _, _, fn = heappop(self._events)
                await fn()
            self.audit()

    def audit(self) -> None:
        """Nobody waits who could go; called when all that belongs to a moment has happened."""
        self.longest_queue = max(self.longest_queue, len(self.waiting))
        for video in self.waiting.values():
            assert not self.books.has_room(video.limits, self.clock.at, video.id), (
                f"{video.upload.until_at} is too late for {video.id} at {self.clock.at}"
            )

    # What people do

    def post(self, channel: Channel, *, priority: int = 0, seconds: float = 0.0) -> Video:
        number = len(self.videos) + 1
        execute = self.store.raw.execute
        execute(
            "INSERT INTO posts (id, state, chat_id, user_id, message_id, source, wish, facts,"
            " fingerprint, priority, created_at)"
            " VALUES (?, 'publishing', 0, 0, 0, '{}', '{}', '{}', '', ?, 0)",
            (number, priority),
        )
        execute(
            "INSERT INTO uploads (id, post_id, account_id, platform, state, reason)"
            " VALUES (?, ?, ?, ?, 'waiting', 'turn')",
            (number, number, channel.id, channel.platform),
        )
        limits = [self._limit(channel, rule) for rule in self.book.rules(channel.platform)]
        video = Video(make_upload(number, channel), priority, limits, seconds=seconds)
        self.videos[number] = video
        return video

    def _limit(self, channel: Channel, rule: QuotaRule) -> Limit:
        shared = rule.scope == "project"
        owner = f"{channel.platform}/{channel.project}" if shared else str(channel.id)
        return Limit(
            owner, rule.name, rule.limit, rule.window, rule.costs["publish"], rule.spent_at
        )

    async def arrive(self, channel: Channel, **wish: Any) -> Video:
        video = self.post(channel, **wish)
        await self.begin(video)
        return video

    async def cancel(self, video: Video) -> None:
        if video.waits:
            await self._commit(lambda tx: self._end(tx, video, UploadState.CANCELLED))

    # What an upload does, each step one commit

    async def begin(self, video: Video) -> None:
        """Try to begin."""
        self.asked_at.setdefault(video.id, self.clock.at)
        await self._commit(lambda tx: self._begin(tx, video))
        if video.waits:
            return
        if self.rng.random() < self.crashes / 4:
            # The process died before the answer: it begins anew, and that counts anew.
            self.at(self.clock.at + timedelta(seconds=3), lambda: self._redo(video), video.order)
            return
        end = self.clock.at + timedelta(seconds=video.seconds)
        if video.seconds:
            self.at(end, lambda: self.finish(video), (0, 0))
        else:
            await self.finish(video)

    async def _redo(self, video: Video) -> None:
        if video.upload.state is UploadState.UPLOADING:
            await self.begin(video)

    async def _begin(self, tx: Tx, video: Video) -> Callable[[], None]:
        before = video.upload
        shortage = await self.quotas.reserve(tx, before)
        if shortage is not None:
            after = replace(
                before,
                state=UploadState.WAITING,
                reason=WaitReason.QUOTA,
                until_at=shortage.until_at,
            )
        else:
            await self.quotas.spend(tx, video.id, "begin")
            after = replace(before, state=UploadState.UPLOADING, reason=None, until_at=None)
        self._write(after)
        wakes: list[Wake] = []
        if shortage is not None or before.reason is WaitReason.QUOTA:
            wakes = [
                one
                for one in await self.quotas.wake(tx, upload_place(before))
                if one.upload_id != video.id
            ]

        def follow() -> None:
            self._know(video, after)
            if shortage is None:
                self._started(video)
            else:
                self.books.take_back(video.limits, video.id)
                self._set_alarm(video)
            self._woken(wakes)

        self._save_wakes(wakes)
        return follow

    def _started(self, video: Video) -> None:
        now = self.clock.at
        assert self.books.has_room(video.limits, now, video.id), f"{video.id} is over a quota"
        for other in self.waiting.values():
            first = other.order < video.order
            assert not (first and self.books.has_room(other.limits, now, other.id)), (
                f"{video.id} overtook {other.id}"
            )
        self.books.promise(video.limits, video.id)
        self._spend(video, "begin")
        video.started_at = now
        self.starts += 1

    def _spend(self, video: Video, when: str) -> None:
        self.books.spend(video.limits, self.clock.at, video.id, when)
        for limit in video.limits:
            if limit.when == when:
                self.at(returns_at(limit, self.clock.at), _nothing)

    async def finish(self, video: Video) -> None:
        """The intent, and what comes of it."""
        if video.upload.state is not UploadState.UPLOADING:
            return
        if self.fails and self.rng.random() < 0.15:
            await self._commit(lambda tx: self._end(tx, video, UploadState.FAILED))
            return
        await self._commit(lambda tx: self._intend(tx, video))
        if self.fails and self.rng.random() < 0.1:
            await self._commit(lambda tx: self._withdraw(tx, video))
            retry = self.clock.at + timedelta(seconds=self.rng.choice((30, 7200, 90_000)))
            self.at(retry, lambda: self.finish(video), (0, 0))
            return
        await self._commit(lambda tx: self._end(tx, video, UploadState.LIVE))

    async def _intend(self, tx: Tx, video: Video) -> Callable[[], None]:
        after = replace(video.upload, state=UploadState.COMMITTING, intent_at=self.clock.at)
        await self.quotas.spend(tx, video.id, "commit", again=video.upload.intent_at)
        self._write(after)

        def follow() -> None:
            self._know(video, after)
            self._spend(video, "commit")

        return follow

    async def _withdraw(self, tx: Tx, video: Video) -> Callable[[], None]:
        """The platform says that nothing was published: it is tried again later."""
        after = replace(video.upload, state=UploadState.UPLOADING, intent_at=None)
        await self.quotas.follow(tx, video.upload, after)
        self._write(after)
        spent_at = video.upload.intent_at

        def follow() -> None:
            self._know(video, after)
            for limit in video.limits:
                if limit.when == "commit":
                    key = (limit.owner, limit.name)
                    self.books.spent[key].remove((spent_at, limit.units))  # type: ignore[arg-type]
                    self.books.promised[key][video.id] = limit.units

        return follow

    async def _end(self, tx: Tx, video: Video, state: UploadState) -> Callable[[], None]:
        before = video.upload
        after = replace(
            before,
            state=state,
            reason=None,
            until_at=None,
            intent_at=None,
            finished_at=self.clock.at,
        )
        self._write(after)
        back = await self.quotas.follow(tx, before, after)
        wakes: list[Wake] = []
        if back or before.reason is WaitReason.QUOTA:
            wakes = await self.quotas.wake(tx, upload_place(before))
        self._save_wakes(wakes)

        def follow() -> None:
            self._know(video, after)
            self.books.take_back(video.limits, video.id)
            self._woken(wakes)

        return follow

    # Commits, alarms

    async def _commit(self, step: Callable[[Tx], Awaitable[Callable[[], None]]]) -> None:
        """Do a step in one transaction; a crash in it is followed by the same step again."""
        if self.rng.random() < self.crashes:
            self.store.crash_after = self.rng.randrange(12)
        try:
            async with self.store.transaction() as tx:
                follow = await step(tx)
        except CrashError:
            async with self.store.transaction() as tx:
                follow = await step(tx)
        self.store.crash_after = None
        follow()

    def _save_wakes(self, wakes: Sequence[Wake]) -> None:
        for one in wakes:
            self.store.raw.execute(
                "UPDATE uploads SET until_at = ? WHERE id = ?",
                (one.until_at.timestamp(), one.upload_id),
            )

    def _woken(self, wakes: Sequence[Wake]) -> None:
        for one in wakes:
            video = self.videos[one.upload_id]
            self._know(video, replace(video.upload, until_at=one.until_at))
            self._set_alarm(video)

    def _know(self, video: Video, upload: Upload) -> None:
        video.upload = upload
        if upload.reason is WaitReason.QUOTA:
            self.waiting[video.id] = video
        else:
            self.waiting.pop(video.id, None)

    def _set_alarm(self, video: Video) -> None:
        video.alarm += 1
        alarm, at = video.alarm, video.upload.until_at
        assert at is not None

        async def ring() -> None:
            if video.waits and video.alarm == alarm:
                await self.begin(video)

        self.at(max(at, self.clock.at), ring, video.order)

    def _write(self, upload: Upload) -> None:
        self.store.raw.execute(
            "UPDATE uploads SET state = ?, reason = ?, until_at = ?, intent_at = ?,"
            " finished_at = ? WHERE id = ?",
            (
                upload.state.value,
                upload.reason.value if upload.reason else None,
                upload.until_at.timestamp() if upload.until_at else None,
                upload.intent_at.timestamp() if upload.intent_at else None,
                upload.finished_at.timestamp() if upload.finished_at else None,
                upload.id,
            ),
        )


async def _nothing() -> None:
    """Only the look at the model afterwards."""


def make_upload(number: int, channel: Channel) -> Upload:
    return Upload(
        id=UploadId(number),
        post_id=PostId(number),
        account_id=AccountId(channel.id),
        platform=channel.platform,
        account_name=f"channel {channel.id}",
        project=channel.project,
        state=UploadState.WAITING,
        reason=WaitReason.TURN,
        until_at=None,
        fence=1,
        generation=1,
        copy=0,
        session={},
        size_bytes=None,
        confirmed_bytes=0,
        resumed_from=0,
        attempts=0,
        intent_at=None,
        remote_id="",
        url="",
        visibility="",
        error_kind="",
        error_text="",
        error_code="",
        bytes_sent=0,
        stop_wanted=False,
        started_at=None,
        finished_at=None,
    )


def utc(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=UTC)
