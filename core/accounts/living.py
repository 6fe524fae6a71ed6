"""The life of an account: paused, renamed, given defaults, and at last disconnected."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from datetime import datetime

from core.accounts.shelf import Shelf
from core.accounts.tokens import REMOVE_AT, build_revocation, read_revocation
from core.accounts.vault import VaultError
from core.errors import ErrorKind, RefusedError, RemoteError
from core.posts.models import UploadState
from core.posts.records import dump, from_time, require_time
from core.store.base import Row

logger = logging.getLogger(__name__)

LONGEST_NAME = 60
GONE = "the account was disconnected"
NO_ACCOUNT = ErrorKind.AUTH_REVOKED.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Disconnected:
    """What came of a disconnection; the tokens are forgotten in any case."""

    revoked: bool
    why: str = ""
    """Why the platform was not told, or did not take it; empty when it did."""
    remove_at: str = ""
    """Where a person takes Karvon's access away by hand; empty when that is done."""
    failed: int = 0
    """How many waiting uploads ended with it."""
    returns: bool = False
    """It stands in the settings and comes back at the next start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How an upload of an account ended."""

    post_id: int
    state: UploadState
    at: datetime
    url: str = ""
    why: str = ""


class Living(Shelf):
    """Changes what people decide about an account."""

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

    async def pause(self, account_id: int) -> None:
        """Hold the uploads of an account until it is resumed.

        Raises:
            RefusedError: ``account_not_pausable``; it waits for its owner, or is paused.
        """
        await self._turn(account_id, "ok", "paused", "account_not_pausable")

    async def resume(self, account_id: int) -> None:
        """Let it publish again, and go on with what waited.

        Raises:
            RefusedError: ``account_not_paused``.
        """
        await self._turn(account_id, "paused", "ok", "account_not_paused")
        if self._posts is not None:
            await self._posts.wake_accounts()

    async def rename(self, account_id: int, name: str) -> None:
        """Give an account a name of one's own, which the settings do not change any more.

        Raises:
            RefusedError: ``account_bad_name`` or ``account_name_taken``.
        """
        row = await self._known(account_id)
        wanted = " ".join(name.split())
        if not 0 < len(wanted) <= LONGEST_NAME or wanted.isdecimal():
            raise RefusedError("account_bad_name", limit=LONGEST_NAME)
        for other in await self.all():
            same = other.name.casefold() == wanted.casefold()
            if same and other.platform == row["platform"] and other.id != account_id:
                raise RefusedError("account_name_taken", name=other.name, account_id=other.id)
        async with self._store.transaction() as tx:
            await tx.run("accounts.rename", id=account_id, name=wanted)

    async def set_default(self, account_id: int, key: str, value: object | None) -> None:
        """Set a default of an account, or take it away with None; the value is canonical."""
        await self._known(account_id)
        async with self._store.transaction() as tx:
            row = await tx.one("accounts.get", id=account_id)
            defaults = json.loads(row["defaults"]) if row is not None else {}
            defaults.pop(key, None)
            if value is not None:
                defaults[key] = value
            await tx.run("accounts.set_defaults", id=account_id, defaults=dump(defaults))

    async def set_target(self, account_id: int, is_target: bool) -> None:
        """Say whether a video without a ``to:`` line goes there."""
        await self._known(account_id)
        async with self._store.transaction() as tx:
            await tx.run("accounts.set_target", id=account_id, is_target=int(is_target))

    async def disconnect(self, account_id: int) -> Disconnected:
        """Take the access back at the platform, forget the tokens, end what waits for it.

        The tokens are forgotten also when the platform could not be told.
        """
        async with self.leases.for_tokens(account_id):
            # Tokens that come from a renewal under way would stay alive.
            row = await self._known(account_id)
            why = await self._revoke(row)
            async with self._store.transaction() as tx:
                await tx.run("accounts.forget", id=account_id)
                waiting = await tx.all("accounts.waiting_uploads", id=account_id)
        failed = 0
        if self._posts is not None:
            for upload in waiting:
                await self._posts.fail_upload(upload["id"], GONE, kind=NO_ACCOUNT)
                failed += 1
        logger.info(
            "account disconnected",
            extra={"account": account_id, "platform": row["platform"], "why": why},
        )
        return Disconnected(
            revoked=not why,
            why=why,
            remove_at=REMOVE_AT.get(row["platform"], "") if why else "",
            failed=failed,
            returns=row["origin"] == "settings",
        )

    async def last_outcome(self, account_id: int) -> Outcome | None:
        """Return how the upload ended that ended last."""
        row = await self._store.one("accounts.last_outcome", id=account_id)
        if row is None:
            return None
        return Outcome(
            post_id=row["post_id"],
            state=UploadState(row["state"]),
            at=require_time(row["finished_at"]),
            url=row["url"],
            why=row["error_text"] or row["error_code"],
        )

    async def count_waiting(self, account_id: int) -> int:
        """Return how many uploads would end with a disconnection."""
        return len(await self._store.all("accounts.waiting_uploads", id=account_id))

    async def _turn(self, account_id: int, expected: str, state: str, refusal: str) -> None:
        row = await self._known(account_id)
        async with self._store.transaction() as tx:
            moved = await tx.run(
                "accounts.move_state", id=account_id, expected=expected, state=state
            )
        if moved != 1:
            raise RefusedError(refusal, account=row["name"], state=row["state"])

    async def _revoke(self, row: Row) -> str:
        """Take the access back; returns why that was not done, empty when it was."""
        try:
            holding = self._open(row)
        except VaultError:
            return "its tokens cannot be opened"
        request = build_revocation(
            row["platform"], holding.tokens, holding.options, self._endpoints
        )
        if request is None:
            return "the platform has no way for Karvon to do it"
        try:
            response = await self._ask(request, "the platform did not answer")
            read_revocation(response)
        except RemoteError as error:
            return error.message
        return ""
