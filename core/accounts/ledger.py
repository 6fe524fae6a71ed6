"""The meters of accounts, built from what the store holds of quotas at one moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, Protocol

from core.accounts.forecast import Costs, Line, Meter, Order
from core.accounts.rules import PUBLISH, Cost, RuleBook
from core.accounts.windows import DAY, HOUR, SECOND, Rolling, read_ticks
from core.platforms.base import QuotaRule
from core.store.base import Row

LOOK_BACK = DAY + 2 * HOUR
"""Longer than any window: a day has up to 25 hours in autumn."""


class Reads(Protocol):
    """A store, or a transaction on one."""

    async def all(self, name: str, /, **params: Any) -> list[Row]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Whose quotas: an account, and the application that it was connected with."""

    platform: str
    account_id: int
    project: str = ""
    """Digest of the application's id; accounts without a known one count as one project."""

    @property
    def account_scope(self) -> str:
        return f"account:{self.account_id}"

    @property
    def project_scope(self) -> str:
        return f"project:{self.platform}" + (f":{self.project}" if self.project else "")

    def scope(self, rule: QuotaRule) -> str:
        return self.project_scope if rule.scope == "project" else self.account_scope


def place_of(row: Row) -> Place:
    """Return the place of a row of `accounts`."""
    return Place(platform=row["platform"], account_id=row["id"], project=row["project"])


def order_of(row: Row) -> Order:
    """Return the place in the order of a row with ``priority``, ``post_id`` and ``id``."""
    return -row["priority"], row["post_id"], row["id"]


Key = tuple[str, str]
"""Scope and name of a quota."""


@dataclass(slots=True)
class _Gathered:
    """What one quota has spent."""

    spent: list[tuple[int, int]] = field(default_factory=list)
    held: int = 0


class Ledger:
    """What was spent, reserved and told of some accounts, as it stands ``now``.

    Its meters are used up by whoever takes from them: it is asked for one plan only.
    """

    def __init__(self, book: RuleBook, now: int, *, post_gap: int = 0) -> None:
        self._book = book
        self._post_gap = post_gap
        self.now = now
        self._gathered: dict[Key, _Gathered] = {}
        self._live: dict[str, dict[str, Row]] = {}
        self._rests: dict[int, Row] = {}
        self._meters: dict[Key, Meter] = {}
        self._gaps: dict[int, Meter] = {}

    def fresh(self) -> Ledger:
        """Return it with unused meters, for another plan."""
        again = Ledger(self._book, self.now, post_gap=self._post_gap)
        again._gathered, again._live, again._rests = self._gathered, self._live, self._rests
        return again

    def add_events(self, rows: Iterable[Row]) -> None:
        gathered = self._gathered
        for row in rows:
            key = (row["scope"], row["name"])
            quota = gathered.get(key)
            if quota is None:
                quota = gathered[key] = _Gathered()
            if row["held"]:
                quota.held += row["units"]
            else:
                quota.spent.append((read_ticks(row["at"]), row["units"]))

    def add_live(self, rows: Iterable[Row]) -> None:
        for row in rows:
            self._live.setdefault(row["scope"], {})[row["name"]] = row

    def add_rests(self, rows: Iterable[Row]) -> None:
        self._rests.update({row["id"]: row for row in rows})

    def live(self, scope: str) -> Mapping[str, Row]:
        """Return what the platform told of a scope, by name."""
        return self._live.get(scope, {})

    def costs(self, place: Place, action: str = PUBLISH, *, paced: bool = True) -> Costs:
        """Return what an action takes of which meters; with the pause between videos."""
        costs = [
            (self.meter(place, cost), cost.units)
            for cost in self._book.costs(place.platform, action)
        ]
        if paced and self._post_gap:
            costs.append((self._gap(place), 1))
        return costs

    def meter(self, place: Place, cost: Cost) -> Meter:
        key = (place.scope(cost.rule), cost.rule.name)
        found = self._meters.get(key)
        if found is None:
            found = self._meters[key] = self._build(key, cost)
        return found

    def held_until(self, place: Place) -> int:
        """Return until when the platform allows nothing at all; 0 when it does."""
        names = {rule.name for rule in self._book.rules(place.platform)}
        ends = [
            read_ticks(row["until_at"])
            for scope in (place.account_scope, place.project_scope)
            for name, row in self.live(scope).items()
            if name not in names and row["until_at"] is not None
        ]
        return max(ends, default=0)

    def ready_at(self, place: Place) -> int:
        """Return until when an account rests or nothing is allowed; 0 for neither."""
        rest = self._rests.get(place.account_id)
        until = rest["until_at"] if rest is not None else None
        return max(self.held_until(place), read_ticks(until) if until is not None else 0)

    def has_others(self, place: Place, cost: Cost) -> bool:
        """Return whether units count that the platform told of and that are not ours."""
        row = self.live(place.scope(cost.rule)).get(cost.rule.name)
        return row is not None and (row["others"] > 0 or row["allowed"] is not None)

    def _build(self, key: Key, cost: Cost) -> Meter:
        quota = self._gathered.get(key) or _Gathered()
        row = self.live(key[0]).get(key[1])
        limit, spent, floor = cost.rule.limit, quota.spent, 0
        if row is not None:
            told_at = read_ticks(row["at"])
            floor = read_ticks(row["until_at"]) if row["until_at"] is not None else 0
            if cost.window.frees_at(told_at) > self.now:
                limit, floor = _told_limit(cost, row, floor, told_at)
                spent = [*spent, (told_at, row["others"])] if row["others"] else spent
        return Meter(cost.window, limit, spent, now=self.now, held=quota.held, floor=floor)

    def _gap(self, place: Place) -> Meter:
        if place.account_id not in self._gaps:
            rest = self._rests.get(place.account_id)
            last = rest["live_at"] if rest is not None else None
            spent = [(read_ticks(last), 1)] if last is not None else []
            self._gaps[place.account_id] = Meter(Rolling(self._post_gap), 1, spent, now=self.now)
        return self._gaps[place.account_id]


def _told_limit(cost: Cost, row: Row, floor: int, told_at: int) -> tuple[int, int]:
    """Return the limit and the time before which nothing is allowed, by the platform's word.

    Its number replaces one that we only read about; one that a person set is not raised by it.
    """
    limit, allowed = cost.rule.limit, row["allowed"]
    if allowed is None:
        return limit, floor
    if allowed < cost.units:
        return limit, max(floor, cost.window.frees_at(told_at))
    return (min(limit, allowed) if cost.is_chosen else allowed), floor


class Waiting(NamedTuple):
    """An upload that wants units; a tuple, since thousands are made for one forecast."""

    order: Order
    account_id: int
    action: str = PUBLISH


def waiting_of(row: Row) -> Waiting:
    return Waiting(order_of(row), row["account_id"], row["action"])


def build_lines(ledger: Ledger, place: Place, waiting: Iterable[Waiting]) -> list[Line]:
    """Return a line for each account and action that has something waiting, in its order."""
    lines: dict[tuple[int, str], Line] = {}
    for one in sorted(waiting, key=lambda one: one.order):
        line = lines.get((one.account_id, one.action))
        if line is None:
            where = replace(place, account_id=one.account_id)
            line = Line(ledger.costs(where, one.action), [], ledger.ready_at(where))
            lines[one.account_id, one.action] = line
        line.orders.append(one.order)
    return list(lines.values())


class Loader:
    """Reads ledgers."""

    def __init__(self, book: RuleBook, *, post_gap: float = 0.0) -> None:
        self._book = book
        self._post_gap = round(post_gap * SECOND)

    async def of_accounts(
        self, reads: Reads, places: Sequence[Place], now: int, *, upload_id: int = 0
    ) -> Ledger:
        """Return the ledger of these accounts and their applications.

        What ``upload_id`` has reserved itself does not count.
        """
        ledger = Ledger(self._book, now, post_gap=self._post_gap)
        scopes = {scope for one in places for scope in (one.account_scope, one.project_scope)}
        for scope in sorted(scopes):
            await self._scope(reads, ledger, scope, upload_id)
        for account_id in sorted({one.account_id for one in places}):
            ledger.add_rests(await reads.all("quotas.rests", account_id=account_id))
        return ledger

    async def of_project(
        self, reads: Reads, place: Place, now: int, *, upload_id: int = 0
    ) -> Ledger:
        """Return the ledger of all accounts of an application."""
        ledger = Ledger(self._book, now, post_gap=self._post_gap)
        await self._scope(reads, ledger, place.project_scope, upload_id)
        project = {"platform": place.platform, "project": place.project}
        since = (now - LOOK_BACK) / SECOND
        ledger.add_events(
            await reads.all(
                "quotas.events_of_project", since=since, upload_id=upload_id, **project
            )
        )
        ledger.add_live(await reads.all("quotas.live_of_project", **project))
        ledger.add_rests(await reads.all("quotas.rests_of_project", **project))
        return ledger

    async def of(self, reads: Reads, place: Place, now: int, *, upload_id: int = 0) -> Ledger:
        """Return the ledger of all that share a quota with an account."""
        if self._book.is_shared(place.platform):
            return await self.of_project(reads, place, now, upload_id=upload_id)
        return await self.of_accounts(reads, [place], now, upload_id=upload_id)

    async def _scope(self, reads: Reads, ledger: Ledger, scope: str, upload_id: int) -> None:
        since = (ledger.now - LOOK_BACK) / SECOND
        ledger.add_events(
            await reads.all("quotas.events", scope=scope, since=since, upload_id=upload_id)
        )
        ledger.add_live(await reads.all("quotas.live", scope=scope))


__all__ = [
    "Ledger",
    "Loader",
    "Place",
    "Reads",
    "Waiting",
    "build_lines",
    "order_of",
    "place_of",
    "waiting_of",
]
