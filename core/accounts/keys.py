"""The keys of the vault in use: what each seals, their rotation, and keys that are lost."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.accounts.keyfile import KeyFile
from core.accounts.sealed_values import SealedValue, read_values
from core.accounts.vault import (
    Keyring,
    LostKeyError,
    Vault,
    VaultError,
    key_of,
    next_id,
)
from core.errors import KarvonError
from core.posts.records import dump
from core.store.base import Store, Tx
from utils.clock import Clock

logger = logging.getLogger(__name__)

BATCH = 20
"""Values sealed anew in one transaction: nobody else can write meanwhile."""
PASSES = 5
"""So often values are looked for that others sealed with an older key meanwhile."""
LOST = "the key that sealed its tokens is lost"
"""How the trouble of an account begins whose tokens cannot be opened for want of their key."""
TOLD = "keys:lost"
"""Fact: which loss the admins were told of."""

Told = Callable[[int, int], None]
"""Takes how many values are done and how many there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyUse:
    """One key and what it seals."""

    id: str
    state: str
    """``current``, ``old`` (opens, does not seal), ``retired`` or ``lost``."""
    values: int
    made_at: datetime | None = None
    retired_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyReport:
    """All keys, and the accounts whose tokens cannot be opened."""

    keys: tuple[KeyUse, ...]
    lost: Mapping[str, tuple[str, ...]]
    """Accounts (``platform:name``) by the id of the lost key that sealed their tokens."""
    damaged: tuple[str, ...]
    """Accounts whose sealed tokens were changed."""
    from_environment: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyChange:
    """What a rotation did."""

    current: str
    is_new: bool
    """False when one that was begun before was finished."""
    resealed: int
    retired: tuple[str, ...]
    """Keys that nothing uses any more, put aside for older backups."""
    removable: tuple[str, ...]
    """The same, but they stand in the environment, where only a person can remove them."""
    unreadable: tuple[str, ...]
    """Accounts whose tokens could not be opened; they stay as they are."""


class Keys:
    """Counts, rotates and misses keys; the store's owner has one of them.

    Every step of a rotation is whole on disk before the next one begins: the new key, then each
    batch of values, then the old key aside. Killed anywhere, `finish` goes on from there.
    """

    def __init__(self, store: Store, vault: Vault, file: KeyFile, clock: Clock) -> None:
        self._store = store
        self._vault = vault
        self._file = file
        self._clock = clock
        self._turn = asyncio.Lock()
        self._is_rotating = False

    async def report(self) -> KeyReport:
        ring, values = self._file.read(), await read_values(self._store)
        lost, damaged = self._unreadable(values)
        return KeyReport(
            keys=tuple(_uses(ring, Counter(key_of(value.sealed) for value in values))),
            lost=lost,
            damaged=damaged,
            from_environment=self._file.from_environment,
        )

    async def rotate(self, told: Told | None = None) -> KeyChange:
        """Make a new key, seal everything with it and put the old one aside.

        A rotation that was begun before is finished instead: no second key is made.

        Raises:
            KarvonError: one is running, or the keys come from the environment and no new one is
                there.
            VaultError: the file of keys cannot be written; nothing was changed.
        """
        if self._is_rotating:
            raise KarvonError("the keys are being rotated already; wait for its end")
        self._is_rotating = True
        try:
            async with self._turn:
                is_new = not await self._is_begun()
                if is_new:
                    await self._begin()
                return await self._finish(is_new=is_new, told=told)
        finally:
            self._is_rotating = False

    async def finish(self) -> KeyChange | None:
        """Go on with a rotation that was interrupted; None when there is nothing to do."""
        async with self._turn:
            if not await self._is_begun() and not await self._stale():
                return None
            return await self._finish(is_new=False, told=None)

    async def take_back(self, text: str) -> KeyChange:
        """Take the keys of an older file into use, and seal what they open with the current one.

        Raises:
            VaultError: the text holds no keys, or they contradict those that are here.
        """
        if self._file.from_environment:
            raise VaultError(
                'the keys come from KARVON_KEYS; add the old key to its "keys" and start again'
            )
        async with self._turn:
            ring = await asyncio.to_thread(self._file.take_back, self._file.read(), text)
            self._vault.use(ring)
            await self.welcome()
            return await self._finish(is_new=False, told=None)

    async def _is_begun(self) -> bool:
        """Tell whether something is left to do of a rotation before."""
        if any(key_of(value.sealed) != self._vault.current for value in await self._stale()):
            return True
        return bool(self._free(await read_values(self._store)))

    async def _begin(self) -> None:
        ring = self._file.read()
        used = [key_of(value.sealed) for value in await read_values(self._store)]
        if self._file.from_environment:
            raise KarvonError(environment_remedy(ring, used))
        new = await asyncio.to_thread(self._file.add, ring, used)
        self._vault.use(new)
        logger.info("key made", extra={"key": new.current})

    async def _finish(self, *, is_new: bool, told: Told | None) -> KeyChange:
        """Seal what is not sealed with the current key, then put aside what nothing uses."""
        resealed = 0
        for _ in range(PASSES):
            stale = await self._stale()
            if not stale:
                break
            resealed += await self._reseal(stale, told)
        values = await read_values(self._store)
        lost, damaged = self._unreadable(values)
        free = self._free(values)
        retired = () if self._file.from_environment else free
        if retired:
            ring = await asyncio.to_thread(self._file.retire, self._file.read(), retired)
            self._vault.use(ring)
        done = KeyChange(
            current=self._vault.current,
            is_new=is_new,
            resealed=resealed,
            retired=retired,
            removable=free if self._file.from_environment else (),
            unreadable=tuple(
                sorted({*damaged, *(name for some in lost.values() for name in some)})
            ),
        )
        facts = {"key": done.current, "values": resealed, "retired": list(retired)}
        logger.info("keys rotated", extra=facts)
        return done

    async def _stale(self) -> list[SealedValue]:
        """Return what can be opened and is not sealed with the current key, bound to its field."""
        return [
            value for value in await read_values(self._store) if self._renewed(value) is not None
        ]

    async def _reseal(self, values: Sequence[SealedValue], told: Told | None) -> int:
        done = 0
        for start in range(0, len(values), BATCH):
            async with self._store.transaction() as tx:
                for value in values[start : start + BATCH]:
                    done += await self._reseal_one(tx, value)
            if told is not None:
                told(min(start + BATCH, len(values)), len(values))
        return done

    async def _reseal_one(self, tx: Tx, value: SealedValue) -> int:
        """Seal one value anew, unless it was changed meanwhile: a renewed token stays."""
        sealed = self._renewed(value)
        if sealed is None:
            return 0
        text = value.text.replace(value.sealed, sealed)
        name = f"keys.reseal_{value.table}"
        return await tx.run(name, id=value.id, sealed=text, was=value.text)

    def _renewed(self, value: SealedValue) -> str | None:
        try:
            return self._vault.reseal(value.sealed, context=value.context, field=value.field)
        except VaultError:
            return None

    def _trouble(self, value: SealedValue) -> VaultError | None:
        try:
            _ = self._vault.open(value.sealed, context=value.context, field=value.field)
        except VaultError as error:
            return error
        return None

    def _free(self, values: Sequence[SealedValue]) -> tuple[str, ...]:
        """Return the keys in use, but for the current one, that seal nothing."""
        used = {key_of(value.sealed) for value in values}
        ring = self._file.read()
        return tuple(name for name in ring.in_use if name not in {*used, ring.current})

    def _unreadable(
        self, values: Sequence[SealedValue]
    ) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...]]:
        lost: dict[str, list[str]] = {}
        damaged: list[str] = []
        for value in values:
            if value.table != "account" or value.state == "removed":
                continue
            error = self._trouble(value)
            if isinstance(error, LostKeyError):
                lost.setdefault(error.key, []).append(value.name)
            elif error is not None:
                damaged.append(value.name)
        return {key: tuple(names) for key, names in lost.items()}, tuple(damaged)

    # Keys that are lost

    async def miss(self, admins: Sequence[int]) -> Mapping[str, tuple[str, ...]]:
        """Look for lost keys; tell the log each time, and the admins once for each loss.

        The accounts whose tokens cannot be opened wait for their owners, everything else goes on.
        """
        await self.welcome()
        values = await read_values(self._store)
        lost, _ = self._unreadable(values)
        for key, names in lost.items():
            logger.error(lost_sentence(key, names), extra={"key": key, "accounts": len(names)})
        async with self._store.transaction() as tx:
            for value in values:
                if value.table == "account" and isinstance(
                    error := self._trouble(value), LostKeyError
                ):
                    await tx.run("keys.lost", id=value.id, trouble=f"{LOST} ({error.key})")
            await self._tell(tx, lost, admins)
        return lost

    async def welcome(self) -> None:
        """Let accounts go on whose key was lost and is here again."""
        values = [
            value for value in await read_values(self._store) if value.trouble.startswith(LOST)
        ]
        found = [value for value in values if self._trouble(value) is None]
        if not found:
            return
        async with self._store.transaction() as tx:
            for value in found:
                await tx.run("keys.found", id=value.id, trouble=value.trouble)
        logger.info("key found again", extra={"accounts": len(found)})

    async def _tell(
        self, tx: Tx, lost: Mapping[str, tuple[str, ...]], admins: Sequence[int]
    ) -> None:
        loss = dump({key: sorted(names) for key, names in sorted(lost.items())})
        told = await tx.one("chat.fact", name=TOLD)
        if loss == (told["value"] if told else "{}"):
            return
        await tx.run("chat.set_fact", name=TOLD, value=loss)
        for admin in admins:
            for key, names in lost.items():
                await tx.one(
                    "chat.say",
                    chat_id=admin,
                    reply_to=0,
                    sentence="key_lost",
                    facts=dump({"key": key, "accounts": list(names)}),
                    buttons="[]",
                    post_id=None,
                    due_at=self._clock.now().timestamp(),
                )


def lost_sentence(key: str, names: Sequence[str]) -> str:
    """Say which accounts a lost key concerns and what to do."""
    return (
        f"the key {key!r} is lost: the tokens of {', '.join(names)} cannot be opened. Take it "
        "back with `karvon keys restore FILE` (an older keys.json), or connect the accounts again"
    )


def environment_remedy(ring: Keyring, used: Sequence[str]) -> str:
    """Say what a person does whose keys stand in the environment."""
    new = next_id({*ring.keys, *used})
    return (
        "the keys come from KARVON_KEYS, which only you can change: make 32 random bytes as "
        f'base64 (openssl rand -base64 32), add them as "{new}" to "keys", leave '
        f'"{ring.current}" there, write "{new}" as "current", start again; then '
        "`karvon keys rotate` seals everything with it and says when the old key can go"
    )


def _uses(ring: Keyring, counts: Mapping[str, int]) -> Iterator[KeyUse]:
    for name, key in ring.keys.items():
        state = "retired" if key.retired_at else "current" if name == ring.current else "old"
        yield KeyUse(
            id=name,
            state=state,
            values=counts.get(name, 0),
            made_at=key.made_at,
            retired_at=key.retired_at,
        )
    for name, count in counts.items():
        if name not in ring.keys:
            yield KeyUse(id=name or "?", state="lost", values=count)
