"""What mashups must keep to, each rule ``off``, ``warn`` or ``block`` as set, each explained.

The rules are there for who posts, on channels of their own: enough that is theirs, everybody named
whose work it is, and no channel that repeats itself or another one.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

from pydantic import ValidationError

from core.errors import KarvonError
from core.media.probe import probe
from core.posts.models import AccountId
from core.settings import PolicySettings
from core.store.base import Row, Store
from core.studio.assets import Asset
from core.studio.likeness import digest_of
from core.studio.mashup import File, Mashup
from core.studio.profiles import GENERAL
from core.studio.rules import Breach, Known, Rule, Said, counted, judged, licences, own_content
from utils.clock import Clock
from utils.ffmpeg import FfmpegError

__all__ = ["Breach", "Policy", "Rule"]

WEEK = timedelta(days=7)
HOUR = timedelta(hours=1)


class Assets(Protocol):
    """What knows assets: the library."""

    async def get(self, asset_id: int) -> Asset | None: ...


@dataclass(slots=True)
class Planned:
    """What is wanted in the same order before: it counts as if it were made."""

    uses: Counter[tuple[int, AccountId]] = field(default_factory=Counter)
    """Of an asset for an account."""
    given: dict[str, list[AccountId]] = field(default_factory=dict)
    """Which accounts get the mashup of a digest."""

    def add(self, digest: str, assets: Iterable[Asset], targets: Iterable[AccountId]) -> None:
        accounts = list(dict.fromkeys(targets))
        self.uses.update((asset.id, account) for asset in assets for account in accounts)
        self.given.setdefault(digest, []).extend(accounts)


class Policy:
    """Looks whether mashups keep the rules; changes nothing."""

    def __init__(self, store: Store, clock: Clock, assets: Assets) -> None:
        self._store = store
        self._clock = clock
        self._assets = assets

    async def check(
        self,
        mashup: Mashup,
        targets: Sequence[AccountId],
        rules: PolicySettings,
        *,
        twins_wanted: bool = False,
        planned: Planned | None = None,
    ) -> list[Breach]:
        """Return every rule that is not kept, those that block first.

        Args:
            mashup: what is wanted.
            targets: the accounts it goes to; none when it is only made.
            rules: what is asked for.
            twins_wanted: whether a person asked for the same file at several accounts.
            planned: what is wanted before it in the same order; it is added there.
        """
        known = await self._look(mashup)
        planned = planned or Planned()
        found: list[Said] = []
        if targets or mashup.profile != GENERAL:
            found += own_content(mashup, known, rules.own_share)
        found += licences(mashup, known)
        found += await self._reuse(counted(mashup, known), planned, targets, rules.reuse_limit)
        digest = digest_of(mashup)
        if not twins_wanted:
            found += await self._twins(digest, "", targets, planned.given.get(digest, ()))
        planned.add(digest, counted(mashup, known), targets)
        return judged(found, rules)

    async def check_many(
        self,
        wanted: Sequence[tuple[Mashup, Sequence[AccountId]]],
        rules: PolicySettings,
        *,
        twins_wanted: bool = False,
    ) -> list[list[Breach]]:
        """Return what `check` finds of each, where all of them are made, in this order."""
        planned = Planned()
        return [
            await self.check(mashup, targets, rules, twins_wanted=twins_wanted, planned=planned)
            for mashup, targets in wanted
        ]

    async def check_result(
        self,
        sha256: str,
        targets: Sequence[AccountId],
        rules: PolicySettings,
        *,
        twins_wanted: bool = False,
    ) -> list[Breach]:
        """Return whether another account got these very bytes lately, however they were made."""
        if twins_wanted:
            return []
        return judged(await self._twins("", sha256, targets), rules)

    async def _look(self, mashup: Mashup) -> Known:
        ids = {file.asset_id for file in mashup.files if file.asset_id is not None}
        found = [await self._assets.get(asset_id) for asset_id in sorted(ids)]
        assets = {asset.id: asset for asset in found if asset}
        ends = [part for part in (mashup.intro, mashup.outro) if part]
        loose = [p.file for p in (*mashup.parts, *ends) if p.file.asset_id not in assets]
        return Known(assets=assets, seconds={f.path: await _seconds(f) for f in loose})

    async def _reuse(
        self, assets: Sequence[Asset], planned: Planned, targets: Sequence[AccountId], limit: int
    ) -> list[Said]:
        since = (self._clock.now() - WEEK).timestamp()
        found: list[Said] = []
        for asset in assets:
            for account in dict.fromkeys(targets):
                rows = await self._store.all(
                    "policy.uses", asset_id=asset.id, account=account, since=since
                )
                used = len(rows) + planned.uses[asset.id, account]
                if used < limit:
                    continue
                # So many uses have to be a week old; what is planned is used now.
                last = used - limit
                left = rows[last]["at"] - since if last < len(rows) else WEEK.total_seconds()
                facts: dict[str, Any] = {"name": asset.name, "used": used, "limit": limit}
                facts |= {"account": await self._called(account), "count": _days(left)}
                found.append((Rule.REUSE, "reuse", facts))
        return found

    async def _twins(
        self,
        digest: str,
        sha256: str,
        targets: Sequence[AccountId],
        planned: Sequence[AccountId] = (),
    ) -> list[Said]:
        """Return the accounts that get, or lately got, what another one of their platform gets.

        The same video on several platforms is what a person has Karvon for; the same one twice
        on one platform is what viewers and platforms take for copies.
        """
        found: list[Said] = []
        given = [(account, 0) for account in dict.fromkeys((*targets, *planned))]
        given += [(a, r) for a, r in await self._given(digest, sha256) if a not in targets]
        for number, account in enumerate(dict.fromkeys(targets)):
            for other, render_id in given[number + 1 :]:
                if other == account or not await self._is_same_place(account, other):
                    continue
                facts: dict[str, Any] = {"account": await self._called(account)}
                facts |= {"other": await self._called(other)}
                if render_id:
                    facts |= {"render_id": render_id}
                found.append((Rule.TWINS, "twins_lately" if render_id else "twins", facts))
        return found

    async def _given(self, digest: str, sha256: str) -> list[tuple[AccountId, int]]:
        """Return the accounts that got the same video within the hour, and by which render."""
        since = (self._clock.now() - HOUR).timestamp()
        found: dict[AccountId, int] = {}
        for row in await self._store.all("policy.recent", since=since):
            if (sha256 and row["sha256"] == sha256) or (digest and _digest_of(row) == digest):
                for account in await self._accounts(row):
                    found.setdefault(account, row["id"])
        return list(found.items())

    async def _accounts(self, row: Row) -> list[AccountId]:
        holder, post_id = f"render:{row['id']}", row["post_id"]
        rows = await self._store.all("policy.got", holder=holder, post_id=post_id)
        return [AccountId(one["account_id"]) for one in rows]

    async def _is_same_place(self, one: AccountId, other: AccountId) -> bool:
        rows = [await self._store.one("accounts.get", id=account) for account in (one, other)]
        return len({row["platform"] for row in rows if row}) == 1 and all(rows)

    async def _called(self, account: AccountId) -> str:
        row = await self._store.one("accounts.get", id=account)
        return str(row["name"]) if row else f"#{account}"


def _days(seconds: float) -> int:
    return max(1, math.ceil(seconds / 86400))


def _digest_of(row: Row) -> str:
    """Return the digest of the mashup of a render; empty for one of another version."""
    try:
        return digest_of(Mashup.model_validate_json(row["mashup"]))
    except ValidationError:
        return ""


async def _seconds(file: File) -> float:
    """Return how long a file lasts; 0 for what is no video."""
    try:
        return (await probe(Path(file.path))).duration_seconds or 0.0
    except (KarvonError, FfmpegError, OSError):
        return 0.0
