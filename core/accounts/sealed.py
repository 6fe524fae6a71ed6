"""What is sealed of an account: its tokens, its options, and where they came from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from core.accounts.tokens import Tokens
from core.accounts.vault import Vault
from core.posts.records import dump
from core.settings import AccountSettings
from core.store.base import Row

Marks = Mapping[str, Mapping[str, str]]
"""By origin, digests of what it once brought: ``tokens``, ``options``, ``defaults``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """The opened content of ``accounts.tokens``."""

    tokens: Tokens
    options: Mapping[str, str] = field(default_factory=dict)
    marks: Marks = field(default_factory=dict)


def seal_holding(vault: Vault, context: str, holding: Holding) -> str:
    value: dict[str, Any] = {
        "tokens": asdict(holding.tokens),
        "options": dict(holding.options),
        "marks": {origin: dict(mark) for origin, mark in holding.marks.items()},
    }
    return vault.seal(dump(value), context=context)


def open_holding(vault: Vault, row: Row) -> Holding:
    """Open what a row of ``accounts`` keeps.

    Raises:
        VaultError: its key is lost, or nothing is kept.
    """
    value: dict[str, Any] = json.loads(vault.open(row["tokens"], context=context_of(row)))
    return Holding(
        tokens=_read_tokens(value["tokens"]),
        options=dict(value["options"]),
        marks=value.get("marks", {}),
    )


def context_of(row: Row) -> str:
    """Return what binds the sealed value to its account."""
    return f"{row['platform']}:{row['remote_id']}"


def tokens_of(account: AccountSettings) -> Tokens:
    """Return the tokens that stand in the settings."""
    return Tokens(
        access_token=account.access_token.get_secret_value(),
        refresh_token=account.refresh_token.get_secret_value(),
        client_id=account.client_id,
        client_secret=account.client_secret.get_secret_value(),
    )


def marks_of(
    tokens: Tokens, options: Mapping[str, str], defaults: Mapping[str, Any]
) -> dict[str, str]:
    """Return digests of what somebody brings, to see later whether they brought something else."""
    parts = (tokens.access_token, tokens.refresh_token, tokens.client_id, tokens.client_secret)
    return {
        "tokens": _digest("\n".join(parts)),
        "options": _digest(dump(options)),
        "defaults": _digest(dump(defaults)),
    }


def _read_tokens(stored: Mapping[str, Any]) -> Tokens:
    times = {name: _time(stored.get(name)) for name in ("expires_at", "refresh_expires_at")}
    return Tokens(**{**stored, "scopes": tuple(stored.get("scopes", ())), **times})


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
