"""Sign-ins that were begun: what is kept of them, and who may go on with one.

State, ticket and browser are kept as digests only; the verifier, and what a person may choose
from, is sealed. The state follows from the ticket, so that neither has to be kept.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from core.accounts.vault import Vault
from core.errors import RefusedError
from core.posts.records import dump, require_time
from core.store.base import Row, Store, Tx
from utils.clock import Clock

KEPT = timedelta(days=1)
"""So long an ended sign-in is known as such, for the sentence that says so."""
SECRET_BYTES = 32
VERIFIER_BYTES = 48
STATE = b"karvon sign-in state "
SEALED_FIELD = "sealed"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInRow:
    """One row of ``sign_ins``."""

    id: int
    login: str
    user_id: int
    """Who began it; 0 for the terminal."""
    chat_id: int
    """Where it is told how it ended; 0 for nowhere."""
    account_id: int | None
    """The account that is connected again."""
    stage: str
    """``new``, ``exchange``, ``choose``, ``done`` or ``failed``."""
    browser: str
    """Digest of the browser's nonce; empty while none has opened the link."""
    state: str
    """Digest."""
    sealed: str = field(repr=False)
    expires_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """What a new sign-in is opened with; said once, to the person, and never kept."""

    ticket: str = field(repr=False)
    state: str = field(repr=False)
    verifier: str = field(repr=False)


def new_ticket() -> Ticket:
    ticket = secrets.token_urlsafe(SECRET_BYTES)
    return Ticket(
        ticket=ticket, state=state_of(ticket), verifier=secrets.token_urlsafe(VERIFIER_BYTES)
    )


def state_of(ticket: str) -> str:
    """Return the state that goes with a ticket: 256 bits that nobody without it can tell."""
    digest_bytes = hashlib.sha256(STATE + ticket.encode()).digest()
    return base64.urlsafe_b64encode(digest_bytes).rstrip(b"=").decode()


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


class SignIns:
    """Reads and moves the rows; each move is a compare-and-set."""

    def __init__(self, store: Store, vault: Vault, clock: Clock) -> None:
        self._store = store
        self._vault = vault
        self._clock = clock

    def _now(self) -> float:
        return self._clock.now().timestamp()

    async def add(
        self,
        ticket: Ticket,
        *,
        login: str,
        user_id: int,
        chat_id: int,
        account_id: int | None,
        redirect_uri: str,
        life: timedelta,
    ) -> SignInRow:
        """Keep a new one, and forget those that ended long ago."""
        await self.sweep()
        state = digest(ticket.state)
        content = {"verifier": ticket.verifier, "redirect_uri": redirect_uri}
        async with self._store.transaction() as tx:
            row = await tx.one(
                "sign_ins.add",
                state=state,
                ticket=digest(ticket.ticket),
                login=login,
                user_id=user_id,
                chat_id=chat_id,
                account_id=account_id,
                sealed=self.seal(state, content),
                now=self._now(),
                expires_at=self._now() + life.total_seconds(),
            )
        if row is None:
            raise AssertionError("an insert returns its row")
        return _read(row)

    async def get(self, sign_in_id: int) -> SignInRow | None:
        row = await self._store.one("sign_ins.get", id=sign_in_id)
        return _read(row) if row else None

    async def by_state(self, state: str) -> SignInRow:
        """Return the sign-in of a callback.

        Raises:
            RefusedError: ``connect_bad_link``.
        """
        return _found(await self._store.one("sign_ins.by_state", state=digest(state)))

    async def by_ticket(self, ticket: str) -> SignInRow:
        """Return the sign-in of a link.

        Raises:
            RefusedError: ``connect_bad_link``.
        """
        return _found(await self._store.one("sign_ins.by_ticket", ticket=digest(ticket)))

    async def take_browser(self, row: SignInRow, browsers: Collection[str]) -> str:
        """Bind a link to the first browser that opens it; return that browser's nonce.

        Raises:
            RefusedError: ``connect_used`` for any other browser, ``connect_expired``.
        """
        self.require_usable(row)
        for nonce in browsers:
            if row.browser and secrets.compare_digest(digest(nonce), row.browser):
                return nonce
        nonce = secrets.token_urlsafe(SECRET_BYTES)
        async with self._store.transaction() as tx:
            opened = await tx.run(
                "sign_ins.open", id=row.id, browser=digest(nonce), known="", now=self._now()
            )
        if not opened:
            raise RefusedError("connect_used", login=row.login)
        return nonce

    def require_usable(self, row: SignInRow) -> None:
        """Refuse what was used or has expired.

        Raises:
            RefusedError: ``connect_used`` or ``connect_expired``.
        """
        if row.stage != "new":
            raise RefusedError("connect_used", login=row.login)
        if row.expires_at <= self._clock.now():
            raise RefusedError("connect_expired", login=row.login)

    async def claim(self, row: SignInRow) -> None:
        """Use it, once.

        Raises:
            RefusedError: ``connect_used`` or ``connect_expired``.
        """
        self.require_usable(row)
        async with self._store.transaction() as tx:
            claimed = await tx.run("sign_ins.claim", id=row.id, now=self._now())
        if not claimed:
            raise RefusedError("connect_used", login=row.login)

    async def release(self, row: SignInRow) -> None:
        """The code was not used: the link may be."""
        async with self._store.transaction() as tx:
            _ = await tx.run("sign_ins.release", id=row.id)

    async def interrupted(self) -> list[SignInRow]:
        return [_read(row) for row in await self._store.all("sign_ins.interrupted")]

    async def sweep(self) -> None:
        """Forget what is sealed in expired ones at once, and the rest of them later."""
        now = self._now()
        async with self._store.transaction() as tx:
            _ = await tx.run("sign_ins.wipe", now=now)
            _ = await tx.run("sign_ins.forget", before=now - KEPT.total_seconds())

    # Within the transaction of what ends or changes it

    async def offer(
        self, tx: Tx, row: SignInRow, content: dict[str, Any], life: timedelta
    ) -> None:
        """Keep what a person chooses from."""
        kept = await tx.run(
            "sign_ins.offer",
            id=row.id,
            sealed=self.seal(row.state, content),
            expires_at=self._now() + life.total_seconds(),
        )
        _require_moved(kept, row)

    async def keep(self, tx: Tx, row: SignInRow, content: dict[str, Any]) -> None:
        """Keep what is left to choose from; the caller sees to it that one chooses at a time."""
        sealed = self.seal(row.state, content)
        _require_moved(await tx.run("sign_ins.keep", id=row.id, sealed=sealed), row)

    async def finish(self, tx: Tx, row: SignInRow, stage: str) -> None:
        """End it; nothing secret of it is kept."""
        _require_moved(await tx.run("sign_ins.finish", id=row.id, stage=stage), row)

    def seal(self, state: str, content: dict[str, Any]) -> str:
        return self._vault.seal(dump(content), context=_context(state), field=SEALED_FIELD)

    def unseal(self, row: SignInRow) -> dict[str, Any]:
        """Return what is sealed.

        Raises:
            VaultError: its key is lost.
        """
        text = self._vault.open(row.sealed, context=_context(row.state), field=SEALED_FIELD)
        content: dict[str, Any] = json.loads(text)
        return content


def _context(state: str) -> str:
    return f"sign_in:{state}"


def _require_moved(count: int, row: SignInRow) -> None:
    if not count:
        raise RefusedError("connect_used", login=row.login)


def _found(row: Row | None) -> SignInRow:
    if row is None:
        raise RefusedError("connect_bad_link")
    return _read(row)


def _read(row: Row) -> SignInRow:
    used = row["used_at"]
    return SignInRow(
        id=row["id"],
        login=row["login"],
        user_id=row["user_id"],
        chat_id=row["chat_id"],
        account_id=row["account_id"],
        stage=row["stage"],
        browser=row["browser"],
        state=row["state"],
        sealed=row["sealed"],
        expires_at=require_time(row["expires_at"]),
        used_at=None if used is None else require_time(used),
    )
