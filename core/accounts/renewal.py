"""Tokens that live: renewed ahead of their end, or when one was refused, once for all who ask."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any, TypeVar

from core.accounts.news import News
from core.accounts.sealed import Holding
from core.accounts.tokens import (
    RENEWALS,
    Tokens,
    build_refresh,
    can_refresh,
    is_due,
    read_refresh,
)
from core.accounts.vault import VaultError
from core.errors import ErrorKind, RemoteError
from core.platforms.base import Access
from core.ports import LostAnswerError, NotSentError
from core.posts.records import dump, from_time
from core.store.base import Row
from core.store.errors import StoreFullError, StoreLockedError

logger = logging.getLogger(__name__)

INTERRUPTED = "the sign-in was being renewed when Karvon stopped or lost the answer"

SAVE_TRIES = 10
SAVE_AGAIN_SECONDS = 3.0
"""All of it ends well before the lease of a renewal."""

Result = TypeVar("Result")


class Renewing(News):
    """Hands out access tokens that live."""

    async def access(self, account_id: int) -> Access:
        """Return what requests of this account need; a token that ends soon is renewed first.

        Raises:
            RemoteError: ``AUTH_REVOKED`` while the account waits for its owner; ``TRANSIENT``
                when the token has ended and the token server cannot be asked now.
        """
        row, holding = await self._opened(account_id)
        if self._is_due(row, holding):
            await self._renew_ahead(account_id, holding.tokens)
            row, holding = await self._opened(account_id)
        return Access(
            remote_id=row["remote_id"],
            access_token=holding.tokens.access_token,
            options=self._options(row, holding),
        )

    async def refresh(self, account_id: int, refused_token: str) -> bool:
        """Renew the access token that was refused, once however many ask; False if none can be.

        Raises:
            RemoteError: the renewal was refused (``AUTH_REVOKED``) or failed for now.
        """
        return await self._renew_once(
            account_id, lambda _, holding: holding.tokens.access_token == refused_token
        )

    async def due(self, limit: int = 1000) -> list[int]:
        """Return the accounts whose token should be renewed now, the most urgent first."""
        now = self._clock.now()
        found: list[int] = []
        for platform, renewal in RENEWALS.items():
            before = (now + renewal.early).timestamp()
            rows = await self._store.all(
                "accounts.due", platform=platform, before=before, limit=limit
            )
            found += [row["id"] for row in rows]
        return [each for each in found if not self._patience.is_paused(each)]

    async def renew(self, account_id: int) -> bool:
        """Renew a token ahead of its end, unless somebody did; False if none can be renewed.

        Raises:
            RemoteError: as `refresh`.
        """
        return await self._renew_once(account_id, self._is_due)

    async def _opened(self, account_id: int) -> tuple[Row, Holding]:
        row = await self._require(account_id)
        if row["state"] == "reconnect":
            raise RemoteError(
                kind=ErrorKind.AUTH_REVOKED, message="the account must be connected again"
            )
        try:
            return row, self._open(row)
        except VaultError as error:
            raise RemoteError(kind=ErrorKind.AUTH_REVOKED, message=str(error)) from error

    def _is_due(self, row: Row, holding: Holding) -> bool:
        return can_refresh(row["platform"], holding.tokens, holding.options) and is_due(
            row["platform"], holding.tokens, self._clock.now()
        )

    async def _renew_ahead(self, account_id: int, tokens: Tokens) -> None:
        """Renew; while the old token lives, a failing token server stops nobody."""
        try:
            await self.renew(account_id)
        except RemoteError as error:
            lives = tokens.expires_at is None or self._clock.now() < tokens.expires_at
            if error.kind is ErrorKind.AUTH_REVOKED or not lives:
                raise

    async def _renew_once(
        self, account_id: int, is_wanted: Callable[[Row, Holding], bool]
    ) -> bool:
        """Renew alone; whoever comes meanwhile finds that it is not wanted any more."""
        async with self._patience.turns[account_id]:
            row, holding = await self._opened(account_id)
            if not is_wanted(row, holding):
                return True
            if not can_refresh(row["platform"], holding.tokens, holding.options):
                return False
            self._patience.require_none(account_id)
            return await finish(self._renew_leased(account_id, is_wanted))

    async def _renew_leased(
        self, account_id: int, is_wanted: Callable[[Row, Holding], bool]
    ) -> bool:
        async with self.leases.for_tokens(account_id):
            row, holding = await self._opened(account_id)
            if not is_wanted(row, holding):
                return True
            try:
                await self._renew(row, holding)
            except RemoteError as error:
                raise self._patience.failed(account_id, error) from error
            self._patience.forget(account_id)
            return True

    async def _renew(self, row: Row, holding: Holding) -> None:
        """Ask for new tokens and save them before anybody uses them.

        That it was begun is committed first: when the answer is lost, a refresh token that rotates
        is probably dead. The old one is then tried once more, and a refusal tells why.
        """
        account_id, platform, old = row["id"], row["platform"], holding.tokens
        await self._note_renewing(account_id, self._clock.now())
        try:
            response = await self._transport.send(build_refresh(platform, old, self._endpoints))
        except NotSentError as error:
            await self._note_renewing(account_id, row["renewing_at"])
            raise _silent() from error
        except LostAnswerError as error:
            raise _silent() from error
        try:
            fresh = read_refresh(platform, old, response, self._clock.now())
        except RemoteError as error:
            await self._refused(row, old, error)
            raise
        await self._save_surely(account_id, old, fresh)
        logger.info("token renewed", extra={"account": account_id, "platform": platform})

    async def _refused(self, row: Row, old: Tokens, error: RemoteError) -> None:
        if error.kind is not ErrorKind.AUTH_REVOKED:
            await self._note_renewing(row["id"], row["renewing_at"])
            return
        why = f"{INTERRUPTED} ({error.message})" if row["renewing_at"] else error.message
        error.message = why
        await self.need_reconnect(row["id"], why, token=old.access_token)

    async def _note_renewing(self, account_id: int, at: datetime | float | None) -> None:
        seconds = from_time(at) if isinstance(at, datetime) else at
        async with self._store.transaction() as tx:
            await tx.run("accounts.set_renewing", id=account_id, renewing_at=seconds)

    async def _save_surely(self, account_id: int, old: Tokens, fresh: Tokens) -> None:
        """Save the answer, also when the disk is full for a moment: there is no other copy."""
        for _ in range(SAVE_TRIES - 1):
            try:
                await self._save(account_id, old, fresh)
            except (StoreFullError, StoreLockedError) as error:
                facts = {"account": account_id, "why": str(error)}
                logger.warning("new tokens not saved yet", extra=facts)
                await self._clock.sleep(SAVE_AGAIN_SECONDS)
            else:
                return
        await self._save(account_id, old, fresh)

    async def _save(self, account_id: int, old: Tokens, fresh: Tokens) -> None:
        """Save the answer, unless the account was connected anew meanwhile."""
        async with self._store.transaction() as tx:
            row = await tx.one("accounts.get", id=account_id)
            if row is None or row["state"] == "removed":
                return
            holding = self._open(row)
            if _pair(holding.tokens) != _pair(old):
                return
            renewed = Holding(tokens=fresh, options=holding.options, marks=holding.marks)
            await tx.run(
                "accounts.set_renewed",
                id=account_id,
                tokens=self._seal(row, renewed),
                scopes=dump(fresh.scopes),
                expires_at=from_time(fresh.expires_at),
                sign_in_expires_at=from_time(fresh.refresh_expires_at),
                now=self._clock.now().timestamp(),
            )


async def finish(work: Coroutine[Any, Any, Result]) -> Result:
    """Do something to its end, also when the caller is cancelled meanwhile.

    A renewal that is left halfway may have used up the refresh token.
    """
    ended = asyncio.Event()

    async def run() -> Result:
        try:
            return await work
        finally:
            ended.set()

    try:
        return await asyncio.shield(run())
    except asyncio.CancelledError:
        await ended.wait()
        raise


def _silent() -> RemoteError:
    return RemoteError(kind=ErrorKind.TRANSIENT, message="the token server did not answer")


def _pair(tokens: Tokens) -> tuple[str, str]:
    return tokens.access_token, tokens.refresh_token
