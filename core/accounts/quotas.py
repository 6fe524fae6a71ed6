"""Quotas: units are reserved before an upload begins and spent when the platform counts them.

Each step belongs to the caller's transaction and can be repeated after a crash. Reserved units
count in every window until their outcome is known. Who has to wait gets the time at which the
forecast starts it; who may start earlier than its time, since a unit came back, is woken.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.accounts.forecast import Costs, Line, forecast, free_at, take
from core.accounts.ledger import Ledger, Loader, Place, Reads, Waiting, build_lines, waiting_of
from core.accounts.limits import Limits
from core.accounts.rules import PUBLISH, Cost, RuleBook
from core.accounts.warning import QuotaWarnings
from core.accounts.windows import DAY, HOUR, SECOND, moment, read_ticks
from core.platforms.base import LiveLimit, QuotaRule
from core.posts.models import UPLOAD_FINAL, Account, Upload, UploadState
from core.posts.notices import Notices
from core.store.base import Row, Store, Tx
from utils.clock import Clock

CLAIM = HOUR
"""So long a unit is kept for who was woken and has not been taken up."""
LOOK_AGAIN = HOUR
"""Pause between questions to a platform whose own figures hold an account back."""
KEPT = 3 * DAY
NEVER = 30 * DAY
"""When to look again at what no window allows, since its limit is below its cost."""
FEW = 4
"""More accounts than that are read all at once."""
REMOTE = "remote"
"""Name of a hold of which the platform did not say which quota it is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortage:
    """Why an action has to wait."""

    rule: QuotaRule
    until_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Wake:
    """An upload that may start at a time, which is earlier than the one it waits for."""

    upload_id: int
    until_at: datetime


class Quotas(Limits):
    """Reserves, spends and gives back units; knows who may start when."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        book: RuleBook | None = None,
        *,
        admins: Collection[int] = (),
        post_gap: float = 0.0,
    ) -> None:
        rules = book or RuleBook()
        super().__init__(store, clock, rules, Loader(rules, post_gap=post_gap))
        self._warnings = QuotaWarnings(Notices(store, clock), rules, admins)

    def rules(self, account: Account) -> tuple[QuotaRule, ...]:
        return self.book.rules(account.platform)

    # Reserving

    async def reserve(self, tx: Tx, upload: Upload, action: str = PUBLISH) -> Shortage | None:
        """Reserve what an upload takes of every quota, or nothing and say until when.

        What it has reserved already is kept, for another action replaced; who has to wait keeps
        nothing.
        """
        now, place = self._now(), upload_place(upload)
        costs = self.book.costs(place.platform, action)
        rows = [_unit(place, cost, action, upload.id, now) for cost in costs]
        if await self._take_quickly(tx, place, costs, rows, now):
            return None
        shortage, ledger = await self._look(tx, place, upload.id, action, now)
        if shortage is not None:
            await tx.run("quotas.release", upload_id=upload.id)
            return shortage
        await tx.many("quotas.reserve", rows=rows)
        await self._warnings.look(tx, place, ledger, costs)
        return None

    async def _take_quickly(
        self, tx: Tx, place: Place, costs: Sequence[Cost], rows: Sequence[Row], now: int
    ) -> bool:
        """Reserve in one go where there is plenty, nobody is to be warned and nobody waits."""
        asked = [
            {
                **row,
                "enough": min(cost.rule.limit, cost.warn_from - 1),
                "since": cost.window.since(now) / SECOND,
                "account": place.account_scope,
                "project": place.project_scope,
            }
            for cost, row in zip(costs, rows, strict=True)
        ]
        return all(await tx.each("quotas.take", rows=asked))

    async def _look(
        self, tx: Tx, place: Place, upload_id: int, action: str, now: int
    ) -> tuple[Shortage | None, Ledger]:
        """Decide exactly: those before it that could go now have their units first."""
        if await tx.run("quotas.set_action", id=upload_id, action=action):
            await tx.run("quotas.release", upload_id=upload_id)
        row = await _row(tx, "quotas.upload", upload_id)
        mine, ahead = waiting_of(row), await self._ahead(tx, place, row, now - CLAIM)
        ledger = await self._ledger(tx, place, ahead, now, upload_id)
        mine_alone = Line(
            ledger.costs(place, action, paced=False), [mine.order], ledger.held_until(place)
        )
        lines = [*build_lines(ledger, place, ahead), mine_alone]
        if forecast(lines, now, last=upload_id, by=now).get(upload_id) == now:
            return None, ledger
        binding = self._binding(ledger.fresh(), place, action, now)
        until, is_first = await self._planned(tx, place, mine, now)
        if is_first and ledger.has_others(place, binding):
            until = min(until, now + LOOK_AGAIN)
        return Shortage(rule=binding.rule, until_at=moment(until)), ledger

    async def _ahead(self, tx: Tx, place: Place, row: Row, since: int) -> list[Waiting]:
        """Return who is before an upload in the order and waits for a time later than ``since``.

        Who was woken long ago and did not come has no claim any more.
        """
        params = {
            "since": since / SECOND,
            "id": row["id"],
            "post_id": row["post_id"],
            "priority": row["priority"],
        }
        if self.book.is_shared(place.platform):
            rows = await tx.all(
                "quotas.ahead_of_project",
                platform=place.platform,
                project=place.project,
                **params,
            )
        else:
            rows = await tx.all("quotas.ahead_of_account", account_id=place.account_id, **params)
        return [waiting_of(row) for row in rows]

    async def _ledger(
        self, tx: Tx, place: Place, others: Iterable[Waiting], now: int, upload_id: int = 0
    ) -> Ledger:
        """Return the ledger of an account, and of those that others wait for."""
        accounts = {place.account_id, *(one.account_id for one in others)}
        if len(accounts) > FEW:
            return await self.loader.of_project(tx, place, now, upload_id=upload_id)
        places = [replace(place, account_id=account_id) for account_id in sorted(accounts)]
        return await self.loader.of_accounts(tx, places, now, upload_id=upload_id)

    async def _due(self, tx: Tx, place: Place, now: int, upload_id: int = 0) -> list[Waiting]:
        """Return who was woken and shares a quota, in order."""
        rows = await tx.all(
            "quotas.due",
            now=now / SECOND,
            since=(now - CLAIM) / SECOND,
            platform=place.platform,
            project=place.project,
            upload_id=upload_id,
        )
        return sorted(map(waiting_of, self._sharing(place, rows)), key=lambda one: one.order)

    def _sharing(self, place: Place, rows: Iterable[Row]) -> list[Row]:
        """Return those of an application's uploads that share a quota with an account."""
        shared = self.book.is_shared(place.platform)
        return [row for row in rows if shared or row["account_id"] == place.account_id]

    def _binding(self, ledger: Ledger, place: Place, action: str, now: int) -> Cost:
        """Return what keeps an account waiting the longest."""

        def free(cost: Cost) -> int:
            at = ledger.meter(place, cost).free_at(now, cost.units)
            return now + NEVER if at is None else at

        return max(self.book.costs(place.platform, action), key=free)

    async def _planned(self, tx: Tx, place: Place, mine: Waiting, now: int) -> tuple[int, bool]:
        """Return when the forecast starts an upload, and whether it is its account's first."""
        upload_id = mine.order[2]
        rows = await self._waiting(tx, place)
        waiting = [waiting_of(row) for row in rows if row["id"] != upload_id]
        is_first = not any(
            one.order < mine.order and one.account_id == mine.account_id for one in waiting
        )
        ledger = await self.loader.of(tx, place, now, upload_id=upload_id)
        starts = forecast(build_lines(ledger, place, [*waiting, mine]), now, last=upload_id)
        return max(starts.get(upload_id, now + NEVER), now + 1), is_first

    async def _waiting(self, reads: Reads, place: Place) -> list[Row]:
        if self.book.is_shared(place.platform):
            return await reads.all(
                "quotas.waiting_of_project", platform=place.platform, project=place.project
            )
        return await reads.all("quotas.waiting_of_account", account_id=place.account_id)

    # What follows

    async def spend(
        self, tx: Tx, upload_id: int, when: str, *, again: datetime | None = None
    ) -> None:
        """The platform is about to count what is reserved: ``begin`` or ``commit``.

        ``again`` is when the same intent was noted before: its units are spent now instead.
        """
        now = self._now() / SECOND
        since = again.timestamp() if again is not None else 2 * now
        await tx.run("quotas.spend", upload_id=upload_id, moment=when, at=now, again=since)

    async def withdraw(self, tx: Tx, upload_id: int, intent_at: datetime) -> None:
        """The intent came to nothing: its units are only reserved again."""
        await tx.run("quotas.withdraw", upload_id=upload_id, since=intent_at.timestamp())

    async def follow(self, tx: Tx, before: Upload, after: Upload) -> bool:
        """Settle units by what became of an upload; returns whether some came back."""
        if before.intent_at is not None and _came_to_nothing(before, after):
            await self.withdraw(tx, after.id, before.intent_at)
        if after.state is UploadState.LIVE:
            # Whatever is still reserved was spent.
            await tx.run("quotas.settle", upload_id=after.id, at=self._now() / SECOND)
            return False
        if after.state in UPLOAD_FINAL or after.account_id != before.account_id:
            return await self.release(tx, after.id)
        return False

    async def release(self, tx: Tx, upload_id: int) -> bool:
        """Give back what is reserved; what was spent stays spent. False when there was nothing."""
        return await tx.run("quotas.release", upload_id=upload_id) > 0

    async def wake(self, tx: Tx, place: Place) -> list[Wake]:
        """Return who may start earlier than its time: all that may now, and the next one.

        The one after that is looked for when the next one starts, so each change costs little.
        """
        now = self._now()
        if not await self._may_be_earlier(tx, place, now):
            return []
        stale = (now - CLAIM) / SECOND
        rows = [row for row in await self._waiting(tx, place) if (row["until_at"] or now) > stale]
        ledger = await self.loader.of(tx, place, now)
        starts = forecast(build_lines(ledger, place, map(waiting_of, rows)), now, by=now)
        times = {row["id"]: row["until_at"] for row in rows}
        return [
            Wake(upload_id=upload_id, until_at=moment(at))
            for upload_id, at in starts.items()
            if times[upload_id] is not None and read_ticks(times[upload_id]) > at
        ]

    async def _may_be_earlier(self, tx: Tx, place: Place, now: int) -> bool:
        """Return whether the next alarm may be late, or that of somebody else than the first."""
        alarm = await self._alarm(tx, place, now)
        if alarm is None:
            return False
        bound = await self._bound(tx, place, now)
        if alarm != bound:
            return alarm > bound
        first = await self._first_at(tx, place, alarm)
        return first is not None and bool(await self._ahead(tx, place, first, alarm))

    async def _first_at(self, tx: Tx, place: Place, alarm: int) -> Row | None:
        """Return who is first in order of those that wake at a time."""
        rows = await tx.all(
            "quotas.waking", at=alarm / SECOND, platform=place.platform, project=place.project
        )
        return min(self._sharing(place, rows), key=lambda row: waiting_of(row).order, default=None)

    async def _alarm(self, tx: Tx, place: Place, now: int) -> int | None:
        """Return the next time at which somebody wakes by itself; None when nobody does."""
        if self.book.is_shared(place.platform):
            row = await tx.one(
                "quotas.next_of_project",
                platform=place.platform,
                project=place.project,
                now=now / SECOND,
            )
        else:
            row = await tx.one(
                "quotas.next_of_account", account_id=place.account_id, now=now / SECOND
            )
        return read_ticks(row["at"]) if row is not None and row["at"] is not None else None

    async def _bound(self, tx: Tx, place: Place, now: int) -> int:
        """Return a time before which nobody starts but who was woken already."""
        due = await self._due(tx, place, now)
        ledger = await self._ledger(tx, place, due, now)
        _give_way(ledger, place, due, now)
        if self.book.is_shared(place.platform):
            at = free_at(self._common(ledger, place), now)
            return now + NEVER if at is None else at
        rows = await tx.all("quotas.waiting_actions", account_id=place.account_id)
        begin = max(now, ledger.ready_at(place))
        times = [free_at(ledger.costs(place, row["action"]), begin) for row in rows]
        return min((at for at in times if at is not None), default=now + NEVER)

    def _common(self, ledger: Ledger, place: Place) -> Costs:
        """Return what a start takes whichever of the accounts it is on."""
        return [
            (ledger.meter(place, cost), cost.units)
            for cost in self.book.costs(place.platform, PUBLISH)
            if cost.rule.scope == "project"
        ]

    async def places(self) -> list[Place]:
        """Return where uploads wait for a quota, each shared one once."""
        found: dict[str, Place] = {}
        for row in await self._store.all("quotas.places"):
            place = Place(
                platform=row["platform"], account_id=row["account_id"], project=row["project"]
            )
            shared = self.book.is_shared(place.platform)
            found.setdefault(place.project_scope if shared else place.account_scope, place)
        return list(found.values())

    # Other actions

    async def note(
        self, tx: Tx, place: Place | Account, action: str, units: int | None = None
    ) -> None:
        """Count what an action took; ``units`` instead of what the rules say it takes."""
        now, place = self._now(), account_place(place)
        costs = self.book.costs(place.platform, action)
        for cost in costs:
            await self._add(tx, place, cost, action, units or cost.units, now)
        if any(cost.window.lasting for cost in costs):
            ledger = await self.loader.of_accounts(tx, [place], now)
            await self._warnings.look(tx, place, ledger, costs)

    async def charge(
        self, tx: Tx, place: Place | Account, action: str, units: int | None = None
    ) -> Shortage | None:
        """Count what an action takes if there is room for it, else say until when it waits."""
        now, place = self._now(), account_place(place)
        costs = self.book.costs(place.platform, action)
        if not costs:
            return None
        ledger = await self.loader.of_accounts(tx, [place], now)
        meters = [(ledger.meter(place, cost), units or cost.units) for cost in costs]
        at = free_at(meters, now)
        if at != now:
            until = now + NEVER if at is None else at
            binding = self._binding(ledger, place, action, now)
            return Shortage(rule=binding.rule, until_at=moment(until))
        take(meters, now)
        for cost in costs:
            await self._add(tx, place, cost, action, units or cost.units, now)
        await self._warnings.look(tx, place, ledger, costs)
        return None

    async def _add(
        self, tx: Tx, place: Place, cost: Cost, action: str, units: int, now: int
    ) -> None:
        """Add units; those of one hour of a calendar day are one row."""
        unit = {
            "scope": place.scope(cost.rule),
            "name": cost.rule.name,
            "action": action,
            "units": units,
        }
        hour = now - now % HOUR
        merges = cost.rule.window == "pacific_day"
        if merges and await tx.run("quotas.add_to", since=hour / SECOND, **unit):
            return
        await tx.run("quotas.add", at=now / SECOND, **unit)

    # What platforms say

    async def take_live(self, tx: Tx, place: Place | Account, limits: Iterable[LiveLimit]) -> None:
        """Keep what a platform says of quotas now, in place of what it said before."""
        now, place = self._now(), account_place(place)
        ledger: Ledger | None = None
        for limit in limits:
            cost = self.book.find(place.platform, limit.name)
            others = 0
            if limit.used is not None and cost is not None:
                if ledger is None:
                    ledger = await self.loader.of_accounts(tx, [place], now)
                others = max(0, limit.used - _ours(ledger, place, cost))
            await tx.run(
                "quotas.set_live",
                scope=place.project_scope if limit.scope == "project" else place.account_scope,
                name=limit.name,
                allowed=limit.allowed,
                used=limit.used,
                others=others,
                until_at=_after(now, limit.wait),
                at=now / SECOND,
            )

    async def exhaust(
        self, tx: Tx, place: Place | Account, code: str, wait: timedelta | None
    ) -> Shortage:
        """A platform refused for a quota: it is used up to the end of its window, or so long."""
        now, place = self._now(), account_place(place)
        rules = self.book.rules(place.platform)
        named = next((rule for rule in rules if code in rule.codes), None)
        until = now + (_length(wait) if wait else DAY)
        if not wait and named is not None:
            ledger = await self.loader.of_accounts(tx, [place], now)
            meter = ledger.meter(place, self.book.cost_of(place.platform, named))
            until = meter.next_at(now) or meter.window.frees_at(now)
        rule = named or rules[0]
        await tx.run(
            "quotas.hold",
            scope=place.scope(rule),
            name=named.name if named is not None else REMOTE,
            until_at=until / SECOND,
            at=now / SECOND,
        )
        return Shortage(rule=rule, until_at=moment(until))

    # Keeping house

    async def open(self) -> None:
        """Bring what was written before projects were told apart to where it belongs."""
        async with self._store.transaction() as tx:
            await tx.run("quotas.tell_projects")

    async def forget(self) -> None:
        """Drop what no window counts any more."""
        async with self._store.transaction() as tx:
            await tx.run("quotas.forget", before=(self._now() - KEPT) / SECOND)


def upload_place(upload: Upload) -> Place:
    return Place(platform=upload.platform, account_id=upload.account_id, project=upload.project)


def account_place(account: Place | Account) -> Place:
    if isinstance(account, Place):
        return account
    return Place(platform=account.platform, account_id=account.id, project=account.project)


def _give_way(ledger: Ledger, place: Place, ahead: Iterable[Waiting], now: int) -> None:
    """Let those who were woken take what they can have now."""
    for one in ahead:
        where = replace(place, account_id=one.account_id)
        costs = ledger.costs(where, one.action)
        if free_at(costs, max(now, ledger.ready_at(where))) == now:
            take(costs, now)


def _came_to_nothing(before: Upload, after: Upload) -> bool:
    """Return whether the irreversible step was surely not taken, so that nothing was counted."""
    if after.intent_at is not None:
        return False
    if after.state is UploadState.FAILED:
        return before.state is UploadState.COMMITTING
    return after.state in {UploadState.WAITING, UploadState.UPLOADING}


def _unit(place: Place, cost: Cost, action: str, upload_id: int, now: int) -> Row:
    return {
        "scope": place.scope(cost.rule),
        "name": cost.rule.name,
        "action": action,
        "units": cost.units,
        "moment": cost.rule.spent_at,
        "upload_id": upload_id,
        "at": now / SECOND,
    }


def _ours(ledger: Ledger, place: Place, cost: Cost) -> int:
    """Return what we ourselves spent and reserved in the window."""
    row = ledger.live(place.scope(cost.rule)).get(cost.rule.name)
    counted = row is not None and cost.window.frees_at(read_ticks(row["at"])) > ledger.now
    others = row["others"] if row is not None and counted else 0
    return ledger.meter(place, cost).used - int(others)


def _after(now: int, wait: timedelta | None) -> float | None:
    return None if wait is None else (now + _length(wait)) / SECOND


def _length(wait: timedelta) -> int:
    return wait // timedelta(microseconds=1)


async def _row(tx: Tx, name: str, row_id: int) -> Row:
    row = await tx.one(name, id=row_id)
    if row is None:
        raise AssertionError(f"{name}: {row_id} exists")
    return row


__all__ = ["Place", "Quotas", "Shortage", "Wake", "account_place", "upload_place"]
