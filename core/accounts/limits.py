"""How quotas stand and what becomes of what is queued, for people and for choices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, tzinfo

from core.accounts.forecast import Line, Order, forecast
from core.accounts.ledger import Ledger, Loader, Place, Waiting, build_lines, place_of, waiting_of
from core.accounts.rules import PUBLISH, Cost, RuleBook
from core.accounts.windows import moment, read_ticks, ticks
from core.posts.records import require_time
from core.store.base import Row, Store
from utils.clock import Clock

PAGE = 5
LAST = 1 << 62
"""Priority of what comes after everything that waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a platform itself said."""

    name: str
    allowed: int | None
    used: int | None
    held_until: datetime | None
    """Nothing is allowed before."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaState:
    """How one quota of an account stands."""

    name: str
    window: str
    shared: bool
    """Whether all accounts of the application share it."""
    limit: int
    """By the platform's own word where that holds."""
    used: int
    """Spent and reserved, by others too where the platform told."""
    left: int
    back_at: datetime | None
    """When the next units come back; None while none is used."""
    told: Told | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayPlan:
    """How many videos start on one day of the person who asks."""

    day: date
    count: int
    first_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Spill:
    """Another account of a group that would be done earlier with what is not for today."""

    account: str
    count: int
    done_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What becomes of what is queued for an account."""

    queued: int
    days: tuple[DayPlan, ...]
    done_at: datetime | None
    """Start of the last one; None when nothing is queued or not all can ever start."""
    never: int = 0
    """How many no window ever allows."""
    spill: Spill | None = None
    ready: int = 0
    """How many are at their last step and wait for others or their time."""
    ready_at: datetime | None = None
    """When the first of those goes live; None as soon as the others of its post are ready."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLimits:
    """Quotas and forecast of one account."""

    account_id: int
    platform: str
    name: str
    state: str
    held_until: datetime | None
    """It rests, or the platform allows nothing, until then."""
    quotas: tuple[QuotaState, ...]
    told: tuple[Told, ...]
    """Figures of the platform that are none of our quotas."""
    forecast: Forecast


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitsReport:
    """One page of accounts."""

    page: int
    """From 0."""
    pages: int
    total: int
    accounts: tuple[AccountLimits, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class More:
    """What would become of more videos for an account."""

    count: int
    soon: int
    """How many would start by the time that was asked for."""
    last_at: datetime | None
    """Start of the last one; None when not all can ever start."""


@dataclass(slots=True)
class _Scene:
    """Who shares quotas, and what is queued there."""

    ledger: Ledger
    queued: list[tuple[Waiting, int]]
    """With the time before which each does not start."""
    _by_account: dict[int, list[tuple[Waiting, int]]] = field(default_factory=dict)

    def of(self, account_id: int) -> list[tuple[Waiting, int]]:
        if not self._by_account:
            for pair in self.queued:
                self._by_account.setdefault(pair[0].account_id, []).append(pair)
        return self._by_account.get(account_id, [])

    def lines(self, place: Place, queued: Sequence[tuple[Waiting, int]]) -> list[Line]:
        """Return lines; what is not ready yet stands in a line of its own."""
        now = self.ledger.now
        lines = build_lines(self.ledger, place, (one for one, at in queued if at <= now))
        for one, at in queued:
            if at > now:
                (line,) = build_lines(self.ledger, place, [one])
                line.ready_at = max(line.ready_at, at)
                lines.append(line)
        return lines

    def starts(self, place: Place) -> dict[int, int]:
        return forecast(self.lines(place, self.queued), self.ledger.now)

    def fresh(self) -> _Scene:
        return _Scene(self.ledger.fresh(), self.queued)


class Limits:
    """Reads quotas; what it returns is of one moment."""

    def __init__(self, store: Store, clock: Clock, book: RuleBook, loader: Loader) -> None:
        self.book = book
        self.loader = loader
        self._store = store
        self._clock = clock

    def _now(self) -> int:
        return ticks(self._clock.now())

    async def report(self, zone: tzinfo, page: int = 0, size: int = PAGE) -> LimitsReport:
        """Return a page of accounts; the nearest one that there is."""
        row = await self._store.one("quotas.count_accounts")
        total = int(row["n"]) if row is not None else 0
        pages = max(1, -(-total // size))
        page = min(max(page, 0), pages - 1)
        rows = await self._store.all("quotas.page", limit=size, offset=page * size)
        return LimitsReport(
            page=page, pages=pages, total=total, accounts=await self._accounts(rows, zone)
        )

    async def _accounts(self, rows: Iterable[Row], zone: tzinfo) -> tuple[AccountLimits, ...]:
        scenes: dict[str, _Scene] = {}
        starts: dict[str, dict[int, int]] = {}
        found = []
        for row in rows:
            place = place_of(row)
            key = self._shared_key(place)
            if key not in scenes:
                scenes[key] = await self._scene(place)
                starts[key] = scenes[key].fresh().starts(place)
            if row["state"] == "ok":
                plan = await self._forecast(place, scenes[key], starts[key], zone)
            else:
                plan = await self._held(place)
            plan = await self._with_ready(place, plan)
            found.append(self._account(row, place, scenes[key].ledger, plan))
        return tuple(found)

    def _shared_key(self, place: Place) -> str:
        shared = self.book.is_shared(place.platform)
        return place.project_scope if shared else place.account_scope

    def _account(self, row: Row, place: Place, ledger: Ledger, plan: Forecast) -> AccountLimits:
        rules = self.book.rules(place.platform)
        names = {rule.name for rule in rules}
        told = {**ledger.live(place.project_scope), **ledger.live(place.account_scope)}
        held = ledger.ready_at(place)
        return AccountLimits(
            account_id=row["id"],
            platform=row["platform"],
            name=row["name"],
            state=row["state"],
            held_until=moment(held) if held > ledger.now else None,
            quotas=self._states(place, ledger),
            told=tuple(_told(one) for name, one in told.items() if name not in names),
            forecast=plan,
        )

    def _states(self, place: Place, ledger: Ledger) -> tuple[QuotaState, ...]:
        actions = {name for rule in self.book.rules(place.platform) for name in rule.costs}
        costs: dict[str, Cost] = {}
        for action in (PUBLISH, *sorted(actions - {PUBLISH})):
            for cost in self.book.costs(place.platform, action):
                costs.setdefault(cost.rule.name, cost)
        order = [rule.name for rule in self.book.rules(place.platform)]
        return tuple(_state(place, ledger, costs[name]) for name in order if name in costs)

    async def _scene(self, place: Place) -> _Scene:
        now = self._now()
        ledger = await self.loader.of(self._store, place, now)
        if self.book.is_shared(place.platform):
            rows = await self._store.all(
                "quotas.queued_of_project", platform=place.platform, project=place.project
            )
        else:
            rows = await self._store.all("quotas.queued_of_account", account_id=place.account_id)
        return _Scene(ledger, [(waiting_of(row), _ready_at(row)) for row in rows])

    # The forecast in days

    async def _forecast(
        self, place: Place, scene: _Scene, starts: Mapping[int, int], zone: tzinfo
    ) -> Forecast:
        mine = scene.of(place.account_id)
        times = sorted(starts[one.order[2]] for one, _ in mine if one.order[2] in starts)
        plan = Forecast(
            queued=len(mine),
            days=_days(times, zone),
            done_at=moment(times[-1]) if times and len(times) == len(mine) else None,
            never=len(mine) - len(times),
        )
        if not times or _day(times[-1], zone) == _day(scene.ledger.now, zone):
            return plan
        return replace(plan, spill=await self._spill(place, scene, starts, zone))

    async def _held(self, place: Place) -> Forecast:
        """Return how much is queued for an account that nothing starts on."""
        rows = await self._store.all("quotas.queued_of_account", account_id=place.account_id)
        return Forecast(queued=len(rows), days=(), done_at=None)

    async def _with_ready(self, place: Place, plan: Forecast) -> Forecast:
        row = await self._store.one("quotas.staged_of_account", account_id=place.account_id)
        if row is None or not row["n"]:
            return plan
        at = row["at"]
        return replace(plan, ready=row["n"], ready_at=require_time(at) if at is not None else None)

    async def _spill(
        self, place: Place, scene: _Scene, starts: Mapping[int, int], zone: tzinfo
    ) -> Spill | None:
        """Return the account of a group that is done with the rest on an earlier day, if any."""
        today = _day(scene.ledger.now, zone)
        rest = [
            (one, at)
            for one, at in scene.of(place.account_id)
            if one.order[2] not in starts or _day(starts[one.order[2]], zone) > today
        ]
        ends = [starts.get(one.order[2]) for one, _ in rest]
        latest = None if None in ends else max(at for at in ends if at is not None)
        best: Spill | None = None
        for row in await self._store.all("quotas.rivals", account_id=place.account_id):
            done = await self._done_by(place_of(row), rest)
            if done is None or (latest is not None and _day(done, zone) >= _day(latest, zone)):
                continue
            if best is None or moment(done) < best.done_at:
                best = Spill(account=row["name"], count=len(rest), done_at=moment(done))
        return best

    async def _done_by(self, rival: Place, rest: Sequence[tuple[Waiting, int]]) -> int | None:
        """Return when another account would start the last of some uploads; None for never."""
        scene = await self._scene(rival)
        ids = {one.order[2] for one, _ in rest}
        queued = [pair for pair in scene.queued if pair[0].order[2] not in ids]
        moved = [(one._replace(account_id=rival.account_id), at) for one, at in rest]
        starts = forecast(scene.lines(rival, [*queued, *moved]), scene.ledger.now)
        return max(starts[one] for one in ids) if ids <= starts.keys() else None

    # For choices and lists

    async def earliest(self, account_ids: Sequence[int]) -> dict[int, datetime | None]:
        """Return when each account could start one more video; None for at once."""
        places: dict[str, list[Place]] = {}
        for account_id in account_ids:
            row = await self._store.one("quotas.account", id=account_id)
            if row is not None:
                place = place_of(row)
                places.setdefault(self._shared_key(place), []).append(place)
        found: dict[int, datetime | None] = {}
        for some in places.values():
            scene = await self._scene(some[0])
            lines = scene.lines(some[0], scene.queued)
            for place in some:
                asked: Order = (LAST, 0, -place.account_id)
                lines.append(
                    Line(
                        scene.ledger.costs(place, paced=False),
                        [asked],
                        scene.ledger.held_until(place),
                    )
                )
            starts = forecast(lines, scene.ledger.now)
            for place in some:
                at = starts.get(-place.account_id, LAST)
                free = at <= scene.ledger.now
                found[place.account_id] = None if free else _far(at)
        return found

    async def more(self, counts: Mapping[int, int], soon: datetime) -> dict[int, More]:
        """Return what would become of so many more videos by account, after all that waits."""
        places: dict[str, list[Place]] = {}
        for account_id in counts:
            row = await self._store.one("quotas.account", id=account_id)
            if row is not None:
                place = place_of(row)
                places.setdefault(self._shared_key(place), []).append(place)
        found: dict[int, More] = {}
        for some in places.values():
            found.update(await self._more(some, counts, ticks(soon)))
        return found

    async def _more(
        self, places: Sequence[Place], counts: Mapping[int, int], soon: int
    ) -> dict[int, More]:
        """Return the same for accounts that share a quota: they take turns."""
        scene = await self._scene(places[0])
        lines = scene.lines(places[0], scene.queued)
        ids: dict[int, range] = {}
        for place in places:
            first = LAST + (len(ids) << 32)
            ids[place.account_id] = range(first, first + counts[place.account_id])
            more = (
                Waiting((LAST, turn, one), place.account_id)
                for turn, one in enumerate(ids[place.account_id])
            )
            lines += build_lines(scene.ledger, place, more)
        starts = forecast(lines, scene.ledger.now)
        return {
            account_id: _more_of([starts[one] for one in mine if one in starts], len(mine), soon)
            for account_id, mine in ids.items()
        }

    async def line(self, account_id: int) -> QuotaState | None:
        """Return how the scarcest quota of an account stands; None for an unknown account."""
        row = await self._store.one("quotas.account", id=account_id)
        if row is None:
            return None
        place = place_of(row)
        ledger = await self.loader.of_accounts(self._store, [place], self._now())
        lasting = [
            _state(place, ledger, cost)
            for cost in self.book.costs(place.platform, PUBLISH)
            if cost.window.lasting
        ]
        return min(lasting, key=lambda one: one.left, default=None)


def _state(place: Place, ledger: Ledger, cost: Cost) -> QuotaState:
    meter = ledger.meter(place, cost)
    row = ledger.live(place.scope(cost.rule)).get(cost.rule.name)
    back = max(meter.next_at(ledger.now) or 0, meter.floor)
    return QuotaState(
        name=cost.rule.name,
        window=cost.rule.window,
        shared=cost.rule.scope == "project",
        limit=meter.limit,
        used=meter.used,
        left=meter.left(ledger.now),
        back_at=moment(back) if back > ledger.now else None,
        told=_told(row) if row is not None else None,
    )


def _ready_at(row: Row) -> int:
    return read_ticks(row["ready_at"]) if row["ready_at"] is not None else 0


def _told(row: Row) -> Told:
    until = row["until_at"]
    return Told(
        name=row["name"],
        allowed=row["allowed"],
        used=row["used"],
        held_until=require_time(until) if until is not None else None,
        at=require_time(row["at"]),
    )


def _more_of(times: Sequence[int], count: int, soon: int) -> More:
    return More(
        count=count,
        soon=sum(at <= soon for at in times),
        last_at=moment(max(times)) if times and len(times) == count else None,
    )


def _far(at: int) -> datetime:
    return datetime.max.replace(tzinfo=moment(0).tzinfo) if at >= LAST else moment(at)


def _day(at: int, zone: tzinfo) -> date:
    return moment(at).astimezone(zone).date()


def _days(times: Sequence[int], zone: tzinfo) -> tuple[DayPlan, ...]:
    """Return how many of some ordered times lie on each day."""
    days: dict[date, list[int]] = {}
    for at in times:
        days.setdefault(_day(at, zone), []).append(at)
    return tuple(
        DayPlan(day=day, count=len(some), first_at=moment(some[0])) for day, some in days.items()
    )


__all__ = [
    "AccountLimits",
    "DayPlan",
    "Forecast",
    "Limits",
    "LimitsReport",
    "More",
    "QuotaState",
    "Spill",
    "Told",
]
