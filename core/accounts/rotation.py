"""Which account of a group a video goes to, and why; how well accounts do, and when they rest."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from core.accounts.groups import Group, GroupRule
from core.posts.models import Account
from core.posts.records import to_time
from core.store.base import Row, Store
from utils.clock import Clock

LOOKED_AT = 20
"""So many of the newest outcomes make the health of an account."""
WEIGHT = 0.8
"""Each older outcome counts that much of the one after it."""
DAY = timedelta(days=1)
UNUSABLE = {"paused": "choice_paused", "reconnect": "choice_reconnect"}

Earliest = Callable[[Sequence[int]], Awaitable[dict[int, datetime | None]]]
"""When accounts have their next free unit of every quota; None for now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How an account did lately."""

    score: int | None
    """0 to 100; None while nothing has ended."""
    failures: int
    """How many in a row since the last success."""
    last_outcome: str = ""
    """``live`` or ``failed``."""
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An account that could be chosen."""

    account: Account
    ready_at: datetime
    """When it may begin: now, or the end of what holds it."""
    held_by: str = ""
    """Key of the sentence that says what holds it."""
    used: int = 0
    """What it has to do and did within a day."""
    score: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One account that a video goes to."""

    account: Account
    group_id: int | None = None
    choice: dict[str, Any] = field(default_factory=dict)
    """``{"key", "facts"}`` of the sentence that says why this one; empty without a choice."""
    gap_seconds: float = 0.0
    starts_at: datetime | None = None
    """Not before; None for as soon as possible."""


def without_paused(accounts: Sequence[Account]) -> list[Target]:
    """Return those that are not paused as targets; the first one tells who is left out."""
    passed = [one.name for one in accounts if one.state == "paused"]
    targets = [Target(account=one) for one in accounts if one.state != "paused"]
    if passed and targets:
        choice = {"key": "choice_left_out", "facts": {"passed": passed}}
        targets[0] = replace(targets[0], choice=choice)
    return targets


def health(outcomes: Sequence[tuple[str, datetime | None]]) -> Health:
    """Return the health from outcomes, newest first; each is a state and when it was reached."""
    if not outcomes:
        return Health(score=None, failures=0)
    weights = [WEIGHT**age for age in range(len(outcomes))]
    good = sum(w for w, (state, _) in zip(weights, outcomes, strict=True) if state == "live")
    failures = next(
        (age for age, (state, _) in enumerate(outcomes) if state == "live"), len(outcomes)
    )
    return Health(
        score=round(100 * good / sum(weights)),
        failures=failures,
        last_outcome=outcomes[0][0],
        last_at=outcomes[0][1],
    )


def choose(
    candidates: Sequence[Candidate], rule: GroupRule, turn: int, now: datetime
) -> tuple[Candidate, dict[str, Any]]:
    """Return the one that is chosen and the sentence that says why.

    Who is ready comes before who is not, and of those that are not the earliest; among the ready
    the rule decides. The sentence tells of the account that the rule alone would have taken.
    """
    order = _by_rule(candidates, rule, turn)
    first = order[0]
    ready = [one for one in order if one.ready_at <= now and one.held_by not in UNUSABLE.values()]
    usable = [one for one in order if one.held_by not in UNUSABLE.values()] or order
    chosen = ready[0] if ready else min(usable, key=lambda one: one.ready_at)
    if chosen is first:
        return chosen, {"key": f"choice_{rule.value}", "facts": {"chosen": chosen.account.name}}
    facts: dict[str, Any] = {"chosen": chosen.account.name, "passed": first.account.name}
    if first.ready_at > now:
        facts["until"] = first.ready_at.isoformat()
    return chosen, {"key": first.held_by or f"choice_{rule.value}", "facts": facts}


def _by_rule(candidates: Sequence[Candidate], rule: GroupRule, turn: int) -> list[Candidate]:
    if rule is GroupRule.LEAST_USED:
        return sorted(candidates, key=lambda one: (one.used, -(one.score or 0), one.account.id))
    start = turn % len(candidates)
    return [*candidates[start:], *candidates[:start]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RestRule:
    """When an account rests."""

    failures: int
    """So many failures in a row make it rest."""
    rest: timedelta
    post_gap: timedelta
    """Least time between two videos of one account."""


class Rotation:
    """Chooses accounts and lets them rest."""

    def __init__(self, store: Store, clock: Clock, rule: RestRule, earliest: Earliest) -> None:
        self._store = store
        self._clock = clock
        self._rule = rule
        self._earliest = earliest

    async def health(self, account_id: int) -> Health:
        return health(_outcomes(await self._newest(account_id)))

    async def resting(self, account: Account) -> tuple[datetime, str] | None:
        """Return until when an account rests and the key that says why; None when it does not."""
        now = self._clock.now()
        if account.until_at is not None and account.until_at > now:
            return account.until_at, "choice_cooldown"
        if not self._rule.post_gap:
            return None
        row = await self._store.one("groups.last_live", account_id=account.id)
        last = to_time(row["at"]) if row else None
        if last is not None and last + self._rule.post_gap > now:
            return last + self._rule.post_gap, "choice_gap"
        return None

    async def pick(self, group: Group, members: Sequence[Account]) -> list[Target]:
        """Return the targets that a group stands for now: one on each platform, or all."""
        if group.rule is GroupRule.ALL:
            return [
                replace(target, gap_seconds=group.gap_seconds)
                for target in without_paused(members)
            ]
        targets = []
        for platform in dict.fromkeys(one.platform for one in members):
            rivals = await self.candidates([one for one in members if one.platform == platform])
            chosen, why = choose(rivals, group.rule, group.turn, self._clock.now())
            targets.append(
                Target(
                    account=chosen.account,
                    group_id=group.id,
                    choice=why if len(rivals) > 1 else {},
                    gap_seconds=group.gap_seconds,
                )
            )
        return targets

    async def candidates(self, accounts: Sequence[Account]) -> list[Candidate]:
        """Return accounts with when they may begin and what holds them until then."""
        now = self._clock.now()
        free = await self._earliest([one.id for one in accounts])
        return [await self._candidate(one, free.get(one.id), now) for one in accounts]

    async def _candidate(
        self, account: Account, unit_at: datetime | None, now: datetime
    ) -> Candidate:
        held, ready = UNUSABLE.get(account.state, ""), now
        if not held and (rest := await self.resting(account)) is not None:
            ready, held = rest
        if unit_at is not None and unit_at > ready:
            ready, held = unit_at, held if held in UNUSABLE.values() else "choice_quota"
        row = await self._store.one(
            "groups.load", account_id=account.id, since=(now - DAY).timestamp()
        )
        used = int(row["open"]) + int(row["live"]) if row else 0
        return Candidate(
            account=account,
            ready_at=ready,
            held_by=held,
            used=used,
            score=(await self.health(account.id)).score,
        )

    async def rest_after_failure(self, account_id: int) -> datetime | None:
        """An upload failed: let its account rest when that was one too many in a row."""
        rows = await self._store.all(
            "groups.outcomes", account_id=account_id, most=max(LOOKED_AT, self._rule.failures)
        )
        if health(_outcomes(rows)).failures < self._rule.failures:
            return None
        until = self._clock.now() + self._rule.rest
        await self.rest_until(account_id, until)
        return until

    async def rest_until(self, account_id: int, until: datetime) -> None:
        """A platform asked this account for a pause: all its uploads keep it."""
        async with self._store.transaction() as tx:
            await tx.run("groups.cool", id=account_id, until_at=until.timestamp())

    async def _newest(self, account_id: int) -> list[Row]:
        return await self._store.all("groups.outcomes", account_id=account_id, most=LOOKED_AT)


def _outcomes(rows: Sequence[Row]) -> list[tuple[str, datetime | None]]:
    return [(row["state"], to_time(row["finished_at"])) for row in rows]
