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
from core.accounts.vault import Vault
from core.errors import ErrorKind, RemoteError
from core.platforms.base import Access
from core.ports import LostAnswerError, NotSentError, Transport
from core.posts.models import Account
from core.posts.records import dump, from_time, read_account
from core.settings import AccountSettings
from core.store.base import Row, Store, Tx
from utils.clock import Clock

logger = logging.getLogger(__name__)


class AccountBook:
    """Reads and writes accounts; the only place where tokens are open."""

    def __init__(
        self,
        store: Store,
        vault: Vault,
        transport: Transport,
        clock: Clock,
        endpoints: Mapping[str, str],
    ) -> None:
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
        tokens, options = self._open(row)
        return Access(
            remote_id=row["remote_id"], access_token=tokens.access_token, options=options
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
        mark = json.loads(self._vault.open(row["tokens"], context=_context(row)))["mark"]
        async with self._store.transaction() as tx:
            await tx.run(
                "accounts.set_tokens",
                id=account_id,
                tokens=self._seal(_context(row), tokens, options, mark),
            )

    async def _adopt(self, tx: Tx, account: AccountSettings, *, origin: str) -> int:
        tokens = Tokens(
            access_token=account.access_token.get_secret_value(),
            refresh_token=account.refresh_token.get_secret_value(),
            client_id=account.client_id,
            client_secret=account.client_secret.get_secret_value(),
        )
        mark = _mark(tokens)
        context = f"{account.platform}:{account.remote_id}"
        keep = False
        for row in await tx.all("accounts.everything"):
            if (row["platform"], row["remote_id"]) == (account.platform, account.remote_id):
                known = json.loads(self._vault.open(row["tokens"], context=context))
                keep = known["mark"] == mark and known["options"] == account.options
        found = await tx.one(
            "accounts.upsert",
            platform=account.platform,
            name=account.name,
            remote_id=account.remote_id,
            origin=origin,
            tokens=self._seal(context, tokens, account.options, mark),
            defaults=dump(account.defaults),
            created_at=self._clock.now().timestamp(),
            keep_tokens=int(keep),
        )
        if found is None:
            raise AssertionError("an upsert returns its id")
        return int(found["id"])

    def _seal(self, context: str, tokens: Tokens, options: Mapping[str, str], mark: str) -> str:
        value: dict[str, Any] = {"tokens": asdict(tokens), "options": dict(options), "mark": mark}
        return self._vault.seal(dump(value), context=context)

    def _open(self, row: Row) -> tuple[Tokens, dict[str, str]]:
        value = json.loads(self._vault.open(row["tokens"], context=_context(row)))
        stored = value["tokens"]
        expires = stored.get("expires_at")
        tokens = Tokens(
            **{
                **stored,
                "scopes": tuple(stored.get("scopes", ())),
                "expires_at": datetime.fromisoformat(expires) if expires else None,
            }
        )
        return tokens, value["options"]


def _context(row: Row) -> str:
    return f"{row['platform']}:{row['remote_id']}"


def _mark(tokens: Tokens) -> str:
    """Return a digest of the tokens as set, to see whether a person changed them."""
    text = f"{tokens.access_token}\n{tokens.refresh_token}\n{tokens.client_id}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]
