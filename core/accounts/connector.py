"""Connecting accounts: from a one-time link to a connected account, or a clear refusal.

::

    begin ── the link is said ── open (one browser, bound to it) ──┐
      └───── the direct link is said, for another device ──────────┴── the platform's page
                                                                            │
                     callback (that browser)  or  paste (that person) ──────┘
                                        │
    claim ── exchange ── scopes ── candidates ── check ── ONE commit: account, end, message
                                        │
                                        └── several: choose, each with its own commit

Nothing is written of an account before the last commit. A sign-in that a crash cut off after its
code was used is told as such at the next start (`Connector.recover`).
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Collection, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qsl
from weakref import WeakValueDictionary

from core.accounts.endings import ConnectorDeps, Endings, lost_operations
from core.accounts.exchanging import CodeKeptError, Exchanger, NotCheckedError
from core.accounts.logins import (
    CALLBACK,
    LOGINS,
    START,
    Reach,
    find_way,
    require_app,
    require_login,
)
from core.accounts.outcomes import Begun, Choose, Finished, Outcome, Redirect
from core.accounts.sign_in import Candidate, Grant, SignIn, Visit
from core.accounts.sign_ins import SignInRow, SignIns, digest, new_ticket, state_of
from core.accounts.vault import VaultError
from core.errors import RefusedError

__all__ = ["Connector", "ConnectorDeps", "is_pasted", "lost_operations", "read_pasted"]

logger = logging.getLogger(__name__)

TIDY_SECONDS = 300.0
ANSWERS = frozenset({"code", "error", "error_code"})
"""What an address brings back besides the state."""
_PASTED = re.compile(re.escape(CALLBACK) + r"/([a-z_]+)/?\?([^\s#]+)")
_LOGIN = re.compile(re.escape(CALLBACK) + r"/([a-z_]+)")
_HERE = re.compile(r"https?://(?:localhost|127\.0\.0\.1)(?::\d+)?(/[^\s?#]*)?$", re.IGNORECASE)
"""An address on the computer of its reader, without parameters: no video is fetched there."""


class Connector:
    """Begins sign-ins, takes what comes back, and connects accounts."""

    def __init__(self, deps: ConnectorDeps) -> None:
        self._deps = deps
        self._ins = SignIns(deps.store, deps.vault, deps.clock)
        self._exchanger = Exchanger(deps.transport, deps.book, deps.clock)
        self._life = timedelta(minutes=deps.apps.link_minutes)
        self._endings = Endings(deps, self._ins, self._life)
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    @property
    def link_seconds(self) -> int:
        """How long a link lives."""
        return int(self._life.total_seconds())

    # What can be connected

    def logins(self, platform: str = "") -> list[tuple[SignIn, RefusedError | None]]:
        """Return every login (of a platform), each with why it cannot be used now, or None."""
        return [
            (sign_in, self._obstacle(sign_in))
            for sign_in in LOGINS.values()
            if platform in {"", sign_in.platform}
        ]

    def reach(self) -> Reach:
        return self._deps.reach()

    def _obstacle(self, sign_in: SignIn) -> RefusedError | None:
        try:
            app = require_app(sign_in, self._deps.apps)
            _ = find_way(sign_in, app.kind, self._deps.reach())
        except RefusedError as refusal:
            return refusal
        return None

    # The way out

    async def begin(
        self, login: str, *, user_id: int, chat_id: int, account_id: int | None = None
    ) -> Begun:
        """Make a one-time link.

        ``account_id`` names the account that is connected again: no other one is taken then.

        Raises:
            RefusedError: the login cannot be used, with what to set.
        """
        sign_in = require_login(login)
        app = require_app(sign_in, self._deps.apps)
        again = await self._again(sign_in, account_id)
        way = find_way(sign_in, app.kind, self._deps.reach())
        ticket = new_ticket()
        row = await self._ins.add(
            ticket,
            login=login,
            user_id=user_id,
            chat_id=chat_id,
            account_id=account_id,
            redirect_uri=way.redirect_uri,
            life=self._life,
        )
        logger.info("sign-in begun", extra={"sign_in": row.id, "login": login, "user": user_id})
        direct = sign_in.build_authorise(self._visit(row, sign_in), ticket.state)
        return Begun(
            id=row.id,
            login=login,
            platform=sign_in.platform,
            link=f"{way.start}{START}/{ticket.ticket}" if way.start else "",
            paste_link=direct if way.is_pasted else "",
            expires_at=row.expires_at,
            again=again,
        )

    async def open(self, ticket: str, browsers: Collection[str]) -> Redirect:
        """Lead a browser that opened a link to the platform; it alone may come back.

        ``browsers`` are the nonces that the browser is known by: it may open the link again.

        Raises:
            RefusedError: ``connect_bad_link``, ``connect_used`` or ``connect_expired``.
        """
        row = await self._ins.by_ticket(ticket)
        nonce = await self._ins.take_browser(row, browsers)
        sign_in = require_login(row.login)
        visit = self._visit(row, sign_in)
        return Redirect(
            sign_in_id=row.id,
            url=sign_in.build_authorise(visit, state_of(ticket)),
            browser=nonce,
            expires_at=row.expires_at,
            is_secure=visit.redirect_uri.startswith("https:"),
        )

    # The way back

    async def callback(
        self, login: str, query: Mapping[str, str], browsers: Collection[str]
    ) -> Finished | Choose:
        """Take what a browser brings back from the platform; values are decoded once.

        Raises:
            RefusedError: with the sentence for the page; the chat is told too when it has ended.
        """
        row = await self._ins.by_state(query.get("state", ""))
        if row.login != login:
            raise RefusedError("connect_bad_link")
        self._ins.require_usable(row)
        if not _is_bound(row, browsers):
            raise RefusedError("connect_other_browser", login=login)
        return await self._complete(row, query, tell=True)

    async def paste(self, text: str, *, user_id: int) -> Finished | Choose:
        """Take the address of the page that did not open, from the person who began it.

        Raises:
            RefusedError: with the sentence for the answer; ``connect_incomplete`` costs nothing.
        """
        login, query = read_pasted(text)
        row = await self._ins.by_state(query.get("state", ""))
        if row.login != login:
            raise RefusedError("connect_bad_link")
        if row.user_id != user_id:
            raise RefusedError("connect_other_user")
        return await self._complete(row, query, tell=False)

    async def pasted_for(self, text: str, *, user_id: int) -> tuple[str, int]:
        """Return the login of a pasted address, and the account that was to be connected again.

        Empty where the address does not tell; 0 for a new account.
        """
        found = _LOGIN.search(text)
        if found is None or found[1] not in LOGINS:
            return "", 0
        try:
            _, query = read_pasted(text)
            row = await self._ins.by_state(query["state"])
        except RefusedError:
            return found[1], 0
        return found[1], (row.account_id or 0) if row.user_id == user_id else 0

    async def choose(self, sign_in_id: int, key: str, *, user_id: int) -> Finished | Choose:
        """Connect one of several candidates; the others may follow.

        Raises:
            RefusedError: with the sentence for the answer.
        """
        turn = self._turns.setdefault(sign_in_id, asyncio.Lock())
        async with turn:
            row = await self._ins.get(sign_in_id)
            if row is None or row.expires_at <= self._deps.clock.now():
                raise RefusedError("connect_choice_expired")
            if row.user_id != user_id:
                raise RefusedError("connect_other_user")
            if row.stage != "choose":
                raise RefusedError("connect_used", login=row.login)
            return await self._chosen(row, key)

    async def recover(self) -> int:
        """Tell of sign-ins that an end of the process cut off; returns how many."""
        await self._ins.sweep()
        cut = await self._ins.interrupted()
        for row in cut:
            refusal = RefusedError("connect_interrupted", login=row.login)
            await self._endings.fail(row, refusal, tell=True)
        return len(cut)

    async def tidy(self) -> None:
        """Forget what ended, for as long as the process lives."""
        while True:
            await self._deps.clock.sleep(TIDY_SECONDS)
            await self._ins.sweep()

    def watching(self, sign_in_id: int) -> AbstractContextManager[asyncio.Queue[Outcome]]:
        """Get to know in this process what comes of a sign-in, for who has no chat."""
        return self._endings.watching(sign_in_id)

    # Steps

    async def _complete(
        self, row: SignInRow, query: Mapping[str, str], *, tell: bool
    ) -> Finished | Choose:
        await self._ins.claim(row)
        try:
            outcome = await self._walk(row, query)
        except CodeKeptError as refusal:
            await self._ins.release(row)
            self._endings.told(row, refusal)
            raise
        except RefusedError as refusal:
            await self._endings.fail(row, refusal, tell=tell)
            raise
        self._endings.told(row, outcome)
        return outcome

    async def _walk(self, row: SignInRow, query: Mapping[str, str]) -> Finished | Choose:
        sign_in = require_login(row.login)
        code = _read_code(sign_in, query)
        grant = await self._exchanger.run(sign_in, self._visit(row, sign_in), code)
        if sign_in.login == "google" and not grant.refresh_token:
            raise RefusedError("connect_not_lasting", login=sign_in.login)
        found = await self._wanted(row, grant)
        if len(found) > 1:
            return await self._endings.offer(row, sign_in, replace(grant, candidates=found))
        try:
            await self._exchanger.check(sign_in, grant, found[0])
        except NotCheckedError:
            return await self._endings.offer(row, sign_in, replace(grant, candidates=found))
        return await self._endings.save(row, sign_in, grant, found[0], ())

    async def _chosen(self, row: SignInRow, key: str) -> Finished | Choose:
        sign_in = require_login(row.login)
        try:
            grant = Grant.load(self._ins.unseal(row)["grant"])
        except VaultError as error:
            raise RefusedError("connect_choice_expired") from error
        chosen = [one for one in grant.candidates if one.remote_id == key]
        if not chosen:
            raise RefusedError("connect_used", login=row.login)
        await self._exchanger.check(sign_in, grant, chosen[0])
        left = tuple(one for one in grant.candidates if one.remote_id != key)
        finished = await self._endings.save(row, sign_in, grant, chosen[0], left)
        self._endings.told(row, finished)
        return finished

    async def _wanted(self, row: SignInRow, grant: Grant) -> tuple[Candidate, ...]:
        """Return who may be connected; only the one account where one is connected again."""
        found = grant.candidates
        if not found:
            raise RefusedError("connect_nothing_found", login=row.login)
        if row.account_id is None:
            return found
        account = await self._deps.book.get(row.account_id)
        if account is None or account.state == "removed":
            return found
        same = tuple(one for one in found if one.remote_id == account.remote_id)
        if not same:
            raise RefusedError(
                "connect_wrong_account",
                login=row.login,
                wanted=account.name,
                found=[one.name for one in found[:5]],
            )
        return same

    def _visit(self, row: SignInRow, sign_in: SignIn) -> Visit:
        app = require_app(sign_in, self._deps.apps)
        try:
            content = self._ins.unseal(row)
        except VaultError as error:
            raise RefusedError("connect_expired", login=row.login) from error
        return Visit(
            client_id=app.client_id,
            client_secret=app.client_secret.get_secret_value(),
            kind=app.kind,
            redirect_uri=content["redirect_uri"],
            verifier=content["verifier"],
            endpoints=self._deps.endpoints,
        )

    async def _again(self, sign_in: SignIn, account_id: int | None) -> str:
        """Return the name of the account that is connected again."""
        if account_id is None:
            return ""
        account = await self._deps.book.get(account_id)
        if account is None or account.platform != sign_in.platform:
            raise RefusedError("connect_unknown_account")
        return account.name


def read_pasted(text: str) -> tuple[str, dict[str, str]]:
    """Return login and parameters of a callback's address within a text, decoded once.

    Raises:
        RefusedError: ``connect_incomplete``, when a part of it is missing, or
            ``connect_bad_link``; there is none.
    """
    found = _PASTED.search(text)
    if found is None:
        key = "connect_incomplete" if is_pasted(text) else "connect_bad_link"
        raise RefusedError(key)
    if found[1] not in LOGINS:
        raise RefusedError("connect_bad_link")
    query = dict(parse_qsl(found[2]))
    if not query.get("state") or not query.keys() & ANSWERS:
        raise RefusedError("connect_incomplete")
    return found[1], query


def is_pasted(text: str) -> bool:
    """Return whether a text holds the address of a callback, whole or cut short."""
    if CALLBACK in text:
        return True
    here = _HERE.match(text.strip())
    return here is not None and CALLBACK.startswith((here[1] or "").rstrip("/"))


def _is_bound(row: SignInRow, browsers: Collection[str]) -> bool:
    return bool(row.browser) and any(digest(nonce) == row.browser for nonce in browsers)


def _read_code(sign_in: SignIn, query: Mapping[str, str]) -> str:
    """Return the code of a callback.

    Raises:
        RefusedError: ``connect_denied``, or what else the platform says instead.
    """
    error = query.get("error", "") or query.get("error_code", "")
    if error in {"access_denied", "user_denied"}:
        raise RefusedError("connect_denied", login=sign_in.login)
    if error:
        why = query.get("error_description") or query.get("error_message") or error
        raise RefusedError("connect_page_refused", login=sign_in.login, why=why[:200])
    # Instagram's ends so, where a browser did not take it for a fragment.
    code = query.get("code", "").removesuffix("#_")
    if not code:
        raise RefusedError("connect_bad_link")
    return code
