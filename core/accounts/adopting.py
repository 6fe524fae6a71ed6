"""How accounts come in: from the settings, by hand, or by a finished sign-in."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from core.accounts.sealed import Holding, marks_of, seal_holding, tokens_of
from core.accounts.shelf import Shelf
from core.accounts.tokens import Tokens, can_refresh
from core.accounts.vault import VaultError
from core.errors import ErrorKind, RemoteError
from core.platforms.base import Access, Platform, check_job
from core.posts.records import dump, from_time, to_time
from core.settings import AccountSettings
from core.store.base import Row, Tx

logger = logging.getLogger(__name__)

REFUSING = frozenset({ErrorKind.AUTH_EXPIRED, ErrorKind.AUTH_REVOKED, ErrorKind.REJECTED})
"""Kinds of an answer that says: this account cannot be published to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Connected:
    """What a finished sign-in brings."""

    platform: str
    name: str
    remote_id: str
    """Channel id, open id, Instagram user id, page id or chat id."""
    tokens: Tokens
    options: Mapping[str, str] = field(default_factory=dict)
    """Account options, such as ``login`` of Instagram; laid over those it had."""
    owner_id: int = 0
    """Who signed in; an account that has an owner keeps it."""
    chat_id: int = 0
    """Where news of it are told; 0: to all admins."""
    scopes: tuple[str, ...] = ()
    """What was granted; empty: what the tokens say."""
    sign_in_expires_at: datetime | None = None
    """When its owner has to sign in again at the latest; None: when the refresh token ends."""


class Adopting(Shelf):
    """Writes accounts that come in."""

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

    async def connect(self, connected: Connected, tx: Tx | None = None) -> int:
        """Insert an account, or give a known one its new tokens: it is well then.

        What people chose stays: a name given by hand, defaults, whether it is a target, groups,
        its owner. It joins the caller's transaction when one is given. The caller wakes what
        waited for it (``posts.wake_accounts``).
        """
        if tx is not None:
            return await self._connect(tx, connected)
        async with self._store.transaction() as own:
            return await self._connect(own, connected)

    async def _connect(self, tx: Tx, connected: Connected) -> int:
        row = await tx.one(
            "accounts.by_key", platform=connected.platform, remote_id=connected.remote_id
        )
        known = row if row is not None and row["state"] != "removed" else None
        had = self._readable(row) if row is not None else None
        tokens = replace(connected.tokens, scopes=connected.scopes or connected.tokens.scopes)
        options = {**(had.options if had else {}), **connected.options}
        holding = Holding(tokens=tokens, options=options, marks=had.marks if had else {})
        account_id = await self._write(
            tx,
            connected.platform,
            connected.remote_id,
            holding,
            name=_kept_name(known) or connected.name,
            origin="person",
            defaults=row["defaults"] if row is not None else "{}",
            owner_id=(known and known["owner_id"]) or connected.owner_id,
            chat_id=(known and known["chat_id"]) or connected.chat_id,
            sign_in_expires_at=connected.sign_in_expires_at
            or _sign_in_end(connected.platform, tokens, options),
        )
        logger.info(
            "account connected", extra={"account": account_id, "platform": connected.platform}
        )
        return account_id

    async def check(self, account: AccountSettings, platform: Platform) -> str:
        """Try one harmless call; returns why it could not be tried now, or nothing.

        Raises:
            RemoteError: the platform refuses these tokens or does not know the account.
        """
        tokens = tokens_of(account)
        access = Access(
            remote_id=account.remote_id,
            access_token=tokens.access_token,
            options=account.options,
        )
        try:
            await self.try_call(access, platform)
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

    async def try_call(self, access: Access, platform: Platform) -> None:
        """Make the one harmless call of a platform.

        Raises:
            RemoteError: it was refused, or could not be made now.
        """
        job = check_job(access, self._endpoints, platform.capabilities)
        response = await self._ask(platform.build_check(job), "the platform did not answer")
        platform.read_check(job, response)

    async def _adopt(self, tx: Tx, account: AccountSettings, *, origin: str) -> int:
        tokens, options = tokens_of(account), dict(account.options)
        mine = marks_of(tokens, options, account.defaults)
        row = await tx.one(
            "accounts.by_key", platform=account.platform, remote_id=account.remote_id
        )
        had = self._readable(row) if row is not None else None
        known = had.marks.get(origin, {}) if had is not None else {}
        same = {part for part in mine if known.get(part) == mine[part]}
        if had is not None and "tokens" in same:
            tokens = had.tokens
        if had is not None and "options" in same:
            options = dict(had.options)
        marks = {**(had.marks if had is not None else {}), origin: mine}
        return await self._write(
            tx,
            account.platform,
            account.remote_id,
            Holding(tokens=tokens, options=options, marks=marks),
            name=row["name"] if row is not None and row["named"] else account.name,
            origin=origin,
            defaults=_defaults(row, account, same=same, known=known),
            owner_id=row["owner_id"] if row is not None else 0,
            chat_id=row["chat_id"] if row is not None else 0,
            sign_in_expires_at=to_time(row["sign_in_expires_at"])
            if row is not None and "tokens" in same
            else tokens.refresh_expires_at,
            # Who connects by hand wants another try, also with the same tokens.
            keep_state={"tokens", "options"} <= same and origin != "person",
        )

    async def _write(
        self,
        tx: Tx,
        platform: str,
        remote_id: str,
        holding: Holding,
        *,
        sign_in_expires_at: datetime | None,
        keep_state: bool = False,
        **columns: Any,
    ) -> int:
        """Write a row with its tokens sealed, and their times and scopes in the clear."""
        found = await tx.one(
            "accounts.upsert",
            platform=platform,
            remote_id=remote_id,
            tokens=seal_holding(self._vault, f"{platform}:{remote_id}", holding),
            scopes=dump(holding.tokens.scopes),
            expires_at=from_time(holding.tokens.expires_at),
            sign_in_expires_at=from_time(sign_in_expires_at),
            project=project_of(holding.tokens.client_id),
            keep_state=int(keep_state),
            now=self._clock.now().timestamp(),
            **columns,
        )
        if found is None:
            raise AssertionError("an upsert returns its id")
        return int(found["id"])

    def _readable(self, row: Row) -> Holding | None:
        """Return what is sealed, or None when its key is lost: then new tokens replace it."""
        if not row["tokens"]:
            return None
        try:
            return self._open(row)
        except VaultError as error:
            logger.warning(
                "sealed tokens are replaced", extra={"account": row["id"], "why": str(error)}
            )
            return None


def project_of(client_id: str) -> str:
    """Return what tells applications apart: their accounts share quotas, see ``quotas.py``."""
    return hashlib.sha256(client_id.encode()).hexdigest()[:16] if client_id else ""


def _sign_in_end(platform: str, tokens: Tokens, options: Mapping[str, str]) -> datetime | None:
    """Return when the owner must sign in at the latest; what is not renewed ends by itself."""
    if can_refresh(platform, tokens, options):
        return tokens.refresh_expires_at
    return tokens.refresh_expires_at or tokens.expires_at


def _defaults(
    row: Row | None, account: AccountSettings, *, same: Collection[str], known: Mapping[str, str]
) -> str:
    """Return the settings' defaults, or what people made of them since they last changed."""
    untouched = "defaults" in same or ("defaults" not in known and not account.defaults)
    return str(row["defaults"]) if row is not None and untouched else dump(account.defaults)


def _kept_name(row: Row | None) -> str:
    """Return the name that a person or the settings gave, empty when there is none."""
    if row is None or not (row["named"] or row["origin"] == "settings"):
        return ""
    return str(row["name"])
