"""Every value of the database that the vault sealed, wherever it stands."""

from __future__ import annotations

from dataclasses import dataclass

from core.accounts.vault import TOKENS, key_of
from core.posts import sessions
from core.store.base import Row, Store


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedValue:
    """One value of the database that the vault sealed."""

    table: str
    """``account``, ``sign_in``, ``session`` (of an upload) or ``storage``."""
    id: int
    context: str
    field: str
    sealed: str
    text: str
    """The whole column, of which the sealed value may be a part."""
    name: str = ""
    """``platform:name`` of the account."""
    state: str = ""
    trouble: str = ""


async def used_keys(store: Store) -> set[str]:
    """Return the ids of all keys that sealed something, those that are lost among them."""
    return {key_of(value.sealed) for value in await read_values(store)} - {""}


async def read_values(store: Store) -> list[SealedValue]:
    accounts = await store.all("keys.account_values")
    sign_ins = await store.all("keys.sign_in_values")
    sessions = await store.all("keys.session_values")
    storages = await store.all("keys.storage_values")
    return [
        *map(_account_value, accounts),
        *map(_sign_in_value, sign_ins),
        *map(_session_value, sessions),
        *map(_storage_value, storages),
    ]


def _account_value(row: Row) -> SealedValue:
    return SealedValue(
        table="account",
        id=row["id"],
        context=f"{row['platform']}:{row['remote_id']}",
        field=TOKENS,
        sealed=row["sealed"],
        text=row["sealed"],
        name=f"{row['platform']}:{row['name']}",
        state=row["state"],
        trouble=row["trouble"],
    )


def _sign_in_value(row: Row) -> SealedValue:
    return SealedValue(
        table="sign_in",
        id=row["id"],
        context=f"sign_in:{row['state']}",
        field="sealed",
        sealed=row["sealed"],
        text=row["sealed"],
    )


def _session_value(row: Row) -> SealedValue:
    return SealedValue(
        table="session",
        id=row["id"],
        context=sessions.context_of(row["id"]),
        field=sessions.FIELD,
        sealed=sessions.sealed_address(row["text"]),
        text=row["text"],
    )


def _storage_value(row: Row) -> SealedValue:
    return SealedValue(
        table="storage",
        id=row["id"],
        context=f"storage:{row['name']}",
        field="secret",
        sealed=row["secret"],
        text=row["secret"],
    )
