"""Groups of accounts that are named as one target, such as ``brand A``."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.errors import RefusedError
from core.platforms.registry import platform_names
from core.store.base import Row, Store
from utils.clock import Clock

LONGEST_NAME = 40
RESERVED = frozenset({",", ":", "\n"})
"""What a name cannot hold, since captions list targets with it."""


class GroupRule(StrEnum):
    """Which of its accounts a video goes to."""

    ALL = "all"
    """To each of them."""
    ROUND_ROBIN = "round_robin"
    """To one on each platform, in turn."""
    LEAST_USED = "least_used"
    """To the one on each platform that has had the least to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Some accounts under one name."""

    id: int
    name: str
    rule: GroupRule
    gap_seconds: float
    """Pause between the accounts of one video; 0 for that of the settings."""
    turn: int
    """How many choices were made."""
    members: tuple[int, ...]
    """Ids of accounts."""


class Groups:
    """Reads and writes groups."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def all(self) -> list[Group]:
        members: dict[int, list[int]] = {}
        for row in await self._store.all("groups.members"):
            members.setdefault(row["group_id"], []).append(row["account_id"])
        return [
            _read(row, members.get(row["id"], [])) for row in await self._store.all("groups.all")
        ]

    async def find(self, name: str) -> Group | None:
        """Return the group of that name; capitals do not matter."""
        word = name.casefold()
        return next((g for g in await self.all() if g.name.casefold() == word), None)

    async def require(self, group_id: int) -> Group:
        for group in await self.all():
            if group.id == group_id:
                return group
        raise RefusedError("group_unknown", given=group_id)

    async def create(self, name: str, rule: GroupRule = GroupRule.ALL) -> Group:
        """Make an empty group.

        Raises:
            RefusedError: ``group_bad_name``, ``group_there`` or ``group_name_taken``.
        """
        name = " ".join(name.split())
        if not name or len(name) > LONGEST_NAME or any(sign in name for sign in RESERVED):
            raise RefusedError("group_bad_name", given=name[:LONGEST_NAME], limit=LONGEST_NAME)
        if await self.find(name) is not None:
            raise RefusedError("group_there", name=name)
        if name.casefold() in await self._taken():
            raise RefusedError("group_name_taken", name=name)
        async with self._store.transaction() as tx:
            row = await tx.one(
                "groups.create", name=name, rule=rule.value, at=self._clock.now().timestamp()
            )
        if row is None:
            raise RefusedError("group_there", name=name)
        return await self.require(row["id"])

    async def _taken(self) -> set[str]:
        """Return what a target can be called already: platforms and accounts."""
        names = {row["name"].casefold() for row in await self._store.all("accounts.all")}
        return names | set(platform_names())

    async def set_rule(self, group_id: int, rule: GroupRule) -> None:
        await self._run("groups.set_rule", id=group_id, rule=rule.value)

    async def set_gap(self, group_id: int, seconds: float) -> None:
        await self._run("groups.set_gap", id=group_id, gap_seconds=seconds)

    async def add(self, group_id: int, account_id: int) -> None:
        await self._run("groups.add_member", group_id=group_id, account_id=account_id)

    async def remove(self, group_id: int, account_id: int) -> None:
        await self._run("groups.remove_member", group_id=group_id, account_id=account_id)

    async def delete(self, group_id: int) -> None:
        """Forget a group; its accounts stay connected."""
        async with self._store.transaction() as tx:
            await tx.run("groups.empty", group_id=group_id)
            await tx.run("groups.delete", id=group_id)

    async def _run(self, statement: str, **params: object) -> None:
        async with self._store.transaction() as tx:
            await tx.run(statement, **params)


def _read(row: Row, members: list[int]) -> Group:
    return Group(
        id=row["id"],
        name=row["name"],
        rule=GroupRule(row["rule"]),
        gap_seconds=row["gap_seconds"],
        turn=row["turn"],
        members=tuple(members),
    )
