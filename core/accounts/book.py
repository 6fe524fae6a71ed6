"""The accounts that are connected: their tokens, sealed at rest and renewed once for all."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from core.accounts.tokens import Tokens, build_refresh, can_refresh, read_refresh
from core.accounts.vault import Vault, VaultError
from core.errors import ErrorKind, RemoteError
from core.platforms.base import Access, Platform, check_job
from core.ports import LostAnswerError, NotSentError, Transport
from core.posts.models import Account
from core.posts.records import dump, from_time, read_account
from core.settings import AccountSettings
from core.store.base import Row, Store, Tx
from utils.clock import Clock

logger = logging.getLogger(__name__)

REFUSING = frozenset({ErrorKind.AUTH_EXPIRED, ErrorKind.AUTH_REVOKED, ErrorKind.REJECTED})
"""Kinds of an answer that says: this account cannot be published to."""


class AccountBook:
    """Reads and writes accounts; the only place where tokens are open.

    ``common`` are options by platform that all its accounts have unless they have their own.
    """

    def __init__(
        self,
        store: Store,
        vault: Vault,
        transport: Transport,
        clock: Clock,
        endpoints: Mapping[str, str],
        common: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:
        self._common = common or {}
        self._store = store
        self._vault = vault
        self._transport = transport
        self._clock = clock
        self._endpoints = endpoints
        self._locks: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def adopt(self, accounts: Sequence[AccountSettings]) -> None:
        """Make the settings' accounts known; a token renewed since then is kept.

        An account that left the settings is no longer published to.
        """
        async with self._store.transaction() as tx:
            wanted = {(account.platform, account.remote_id) for account in accounts}
            for account in accounts:
                await self._adopt(tx, account, origin="settings")
            for row in await tx.all("accounts.all"):
                if (
                    row["origin"] == "settings"
                    and (row["platform"], row["remote_id"]) not in wanted
                ):
                    await tx.run("accounts.mark_removed", id=row["id"])

    async def add(self, account: AccountSettings) -> int:
        """Connect an account by hand."""
        async with self._store.transaction() as tx:
            return await self._adopt(tx, account, origin="person")

    async def check(self, account: AccountSettings, platform: Platform) -> str:
        """Try one harmless call; returns why it could not be tried now, or nothing.

        Raises:
            RemoteError: the platform refuses these tokens or does not know the account.
        """
        tokens = _tokens(account)
        try:
            await self._try_call(account, tokens, platform)
        except RemoteError as error:
            if error.kind is ErrorKind.AUTH_EXPIRED and can_refresh(
                account.platform, tokens, account.options
            ):
                # It is renewed at the first upload; a renewal now might use the token up.
                return "the access token has expired; it is renewed when it is needed"
            if error.kind in REFUSING:
                raise
            return error.message
        return ""

    async def _try_call(
        self, account: AccountSettings, tokens: Tokens, platform: Platform
    ) -> None:
        access = Access(
            remote_id=account.remote_id,
            access_token=tokens.access_token,
            options=account.options,
        )
        job = check_job(access, self._endpoints, platform.capabilities)
        request = platform.build_check(job)
        try:
            response = await self._transport.send(request)
        except (NotSentError, LostAnswerError) as error:
            raise RemoteError(
                kind=ErrorKind.TRANSIENT, message="the platform did not answer"
            ) from error
        platform.read_check(job, response)

    async def all(self) -> list[Account]:
        return [read_account(row) for row in await self._store.all("accounts.all")]

    async def get(self, account_id: int) -> Account | None:
        row = await self._store.one("accounts.get", id=account_id)
        return read_account(row) if row else None

    async def access(self, account_id: int) -> Access:
        """Return what requests of this account need.

        Raises:
            RemoteError: ``AUTH_REVOKED`` while the account waits for its owner.
        """
        row = await self._require(account_id)
        if row["state"] == "reconnect":
            raise RemoteError(
                kind=ErrorKind.AUTH_REVOKED, message="the account must be connected again"
            )
        try:
            tokens, options = self._open(row)
        except VaultError as error:
            raise RemoteError(kind=ErrorKind.AUTH_REVOKED, message=str(error)) from error
        return Access(
            remote_id=row["remote_id"],
            access_token=tokens.access_token,
            options={**self._common.get(row["platform"], {}), **options},
        )

    async def refresh(self, account_id: int, refused_token: str) -> bool:
        """Renew the access token that was refused, once however many ask; False if none can be.

        Raises:
            RemoteError: the renewal was refused (``AUTH_REVOKED``) or failed for now.
        """
        async with self._locks[account_id]:
            row = await self._require(account_id)
            tokens, options = self._open(row)
            if tokens.access_token != refused_token:
                return True
            if not can_refresh(row["platform"], tokens, options):
                return False
            fresh = await self._renew(row["platform"], tokens)
            await self._save(account_id, fresh, options)
            logger.info(
                "token renewed", extra={"account": account_id, "platform": row["platform"]}
            )
            return True

    async def mark(self, account_id: int, state: str, until_at: datetime | None = None) -> bool:
        """Set the state; False when it was so already."""
        row = await self._require(account_id)
        if row["state"] == state and until_at is None:
            return False
        async with self._store.transaction() as tx:
            await tx.run(
                "accounts.set_state", id=account_id, state=state, until_at=from_time(until_at)
            )
        return True

    async def _renew(self, platform: str, tokens: Tokens) -> Tokens:
        request = build_refresh(platform, tokens, self._endpoints)
        try:
            response = await self._transport.send(request)
        except (NotSentError, LostAnswerError) as error:
            raise RemoteError(
                kind=ErrorKind.TRANSIENT, message="the token server did not answer"
            ) from error
        return read_refresh(platform, tokens, response, self._clock.now())

    async def _require(self, account_id: int) -> Row:
        row = await self._store.one("accounts.get", id=account_id)
        if row is None or row["state"] == "removed":
            raise RemoteError(
                kind=ErrorKind.REJECTED, message="the account is no longer connected"
            )
        return row

    async def _save(self, account_id: int, tokens: Tokens, options: Mapping[str, str]) -> None:
        row = await self._require(account_id)
        marks = self._read(row)["marks"]
        async with self._store.transaction() as tx:
            await tx.run(
                "accounts.set_tokens",
                id=account_id,
                tokens=self._seal(_context(row), tokens, options, marks),
            )

    async def _adopt(self, tx: Tx, account: AccountSettings, *, origin: str) -> int:
        tokens, options, marks = _tokens(account), account.options, {}
        mine = {"tokens": _token_mark(tokens), "options": _digest(dump(options))}
        known: dict[str, str] = {}
        row = await self._find(tx, account)
        if row is not None and (value := self._readable(row)) is not None:
            marks = value["marks"]
            known = marks.get(origin, {})
            stored, had = _opened(value)
            tokens = stored if known.get("tokens") == mine["tokens"] else tokens
            options = had if known.get("options") == mine["options"] else options
        found = await tx.one(
            "accounts.upsert",
            platform=account.platform,
            name=account.name,
            remote_id=account.remote_id,
            origin=origin,
            tokens=self._seal(_key(account), tokens, options, {**marks, origin: mine}),
            defaults=dump(account.defaults),
            created_at=self._clock.now().timestamp(),
            # Who connects by hand wants another try, also with the same tokens.
            keep_tokens=int(known == mine and origin != "person"),
        )
        if found is None:
            raise AssertionError("an upsert returns its id")
        return int(found["id"])

    async def _find(self, tx: Tx, account: AccountSettings) -> Row | None:
        for row in await tx.all("accounts.everything"):
            if _context(row) == _key(account):
                return row
        return None

    def _readable(self, row: Row) -> dict[str, Any] | None:
        """Return what is sealed, or None when its key is lost: then new tokens replace it."""
        try:
            return self._read(row)
        except VaultError as error:
            logger.warning(
                "sealed tokens are replaced", extra={"account": row["id"], "why": str(error)}
            )
            return None

    def _read(self, row: Row) -> dict[str, Any]:
        """Return ``{"tokens", "options", "marks": {origin: {"tokens", "options"}}}``."""
        value: dict[str, Any] = json.loads(self._vault.open(row["tokens"], context=_context(row)))
        if "marks" not in value:
            value["marks"] = {}
        return value

    def _seal(
        self,
        context: str,
        tokens: Tokens,
        options: Mapping[str, str],
        marks: Mapping[str, Mapping[str, str]],
    ) -> str:
        value: dict[str, Any] = {
            "tokens": asdict(tokens),
            "options": dict(options),
            "marks": dict(marks),
        }
        return self._vault.seal(dump(value), context=context)

    def _open(self, row: Row) -> tuple[Tokens, dict[str, str]]:
        return _opened(self._read(row))


def _opened(value: Mapping[str, Any]) -> tuple[Tokens, dict[str, str]]:
    stored = value["tokens"]
    expires = stored.get("expires_at")
    tokens = Tokens(
        **{
            **stored,
            "scopes": tuple(stored.get("scopes", ())),
            "expires_at": datetime.fromisoformat(expires) if expires else None,
        }
    )
    return tokens, dict(value["options"])


def _tokens(account: AccountSettings) -> Tokens:
    return Tokens(
        access_token=account.access_token.get_secret_value(),
        refresh_token=account.refresh_token.get_secret_value(),
        client_id=account.client_id,
        client_secret=account.client_secret.get_secret_value(),
    )


def _context(row: Row) -> str:
    return f"{row['platform']}:{row['remote_id']}"


def _key(account: AccountSettings) -> str:
    return f"{account.platform}:{account.remote_id}"


def _token_mark(tokens: Tokens) -> str:
    """Return a digest of the tokens as set, to see whether a person changed them."""
    parts = (tokens.access_token, tokens.refresh_token, tokens.client_id, tokens.client_secret)
    return _digest("\n".join(parts))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
