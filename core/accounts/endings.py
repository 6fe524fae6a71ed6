"""How a sign-in ends: with an account, a choice or a refusal, each written in one commit."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from core.accounts.book import AccountBook, Connected
from core.accounts.logins import LOGINS, Reach, require_app
from core.accounts.outcomes import Choice, Choose, Finished, Outcome
from core.accounts.sign_in import Candidate, Grant, SignIn
from core.accounts.sign_ins import SignInRow, SignIns
from core.accounts.tokens import Tokens
from core.accounts.vault import Vault
from core.errors import RefusedError
from core.platforms.registry import require_platform
from core.ports import Transport
from core.posts.repository import Posts
from core.settings import OAuthSettings
from core.store.base import Store, Tx
from utils.clock import Clock

logger = logging.getLogger(__name__)

AGAIN = "cn1:{}:{}"
"""Callback data of the button that makes a new link: login and account (0 for a new one)."""
CHOOSE = "cn2:{}:{}"
"""Callback data of a candidate: sign-in and key."""
LONGEST_NAME = 60
MOST_CHOICES = 90
"""A keyboard holds 100 buttons."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectorDeps:
    """What a `Connector` works with."""

    store: Store
    vault: Vault
    transport: Transport
    clock: Clock
    book: AccountBook
    posts: Posts
    apps: OAuthSettings
    endpoints: Mapping[str, str]
    reach: Callable[[], Reach]


class Endings:
    """Writes the end of sign-ins, tells the chat, and whoever watches one in this process."""

    def __init__(self, deps: ConnectorDeps, rows: SignIns, life: timedelta) -> None:
        self._deps = deps
        self._ins = rows
        self._life = life
        self._watchers: dict[int, asyncio.Queue[Outcome]] = {}

    @contextmanager
    def watching(self, sign_in_id: int) -> Iterator[asyncio.Queue[Outcome]]:
        """Get to know in this process what comes of a sign-in, for who has no chat."""
        queue: asyncio.Queue[Outcome] = asyncio.Queue()
        self._watchers[sign_in_id] = queue
        try:
            yield queue
        finally:
            del self._watchers[sign_in_id]

    async def offer(self, row: SignInRow, sign_in: SignIn, grant: Grant) -> Choose:
        """Keep the candidates sealed, and ask."""
        choices = tuple(
            Choice(key=one.remote_id, name=one.name[:LONGEST_NAME])
            for one in grant.candidates[:MOST_CHOICES]
        )
        is_later = len(choices) == 1
        buttons = [{"text": c.name, "data": CHOOSE.format(row.id, c.key)} for c in choices]
        sentence = "connect_not_checked" if is_later else "connect_choose"
        facts = {"login": sign_in.login, "count": len(choices)}
        async with self._deps.store.transaction() as tx:
            await self._ins.offer(tx, row, {"grant": grant.dump()}, self._life)
            await self._tell(tx, row, sentence, facts, buttons)
        return Choose(
            sign_in_id=row.id, platform=sign_in.platform, choices=choices, is_later=is_later
        )

    async def save(
        self,
        row: SignInRow,
        sign_in: SignIn,
        grant: Grant,
        candidate: Candidate,
        left: tuple[Candidate, ...],
    ) -> Finished:
        """Write the account, the end of the sign-in and the message in one commit."""
        connected = self._connected(row, sign_in, grant, candidate)
        cannot = lost_operations(sign_in.platform, grant.scopes)
        facts = {"platform": sign_in.platform, "name": connected.name, "cannot": cannot}
        sentence = "connected_partly" if cannot else "connected"
        async with self._deps.store.transaction() as tx:
            account_id = await self._deps.book.connect(connected, tx)
            if left:
                content = {"grant": replace(grant, candidates=left).dump()}
                await self._ins.keep(tx, row, content)
            else:
                await self._ins.finish(tx, row, "done")
            again = [_new_link(row.login, account_id)] if cannot else None
            await self._tell(tx, row, sentence, facts, again)
        await self._deps.posts.wake_accounts()
        return Finished(
            account_id=account_id,
            platform=sign_in.platform,
            name=connected.name,
            cannot=tuple(cannot),
            left=len(left),
        )

    def _connected(
        self, row: SignInRow, sign_in: SignIn, grant: Grant, candidate: Candidate
    ) -> Connected:
        app = require_app(sign_in, self._deps.apps)
        own = bool(candidate.access_token)
        scopes = grant.scopes or ()
        return Connected(
            platform=sign_in.platform,
            name=candidate.name[:LONGEST_NAME],
            remote_id=candidate.remote_id,
            tokens=Tokens(
                access_token=candidate.access_token or grant.access_token,
                # With the person's token the access of a page is taken back.
                refresh_token=grant.refresh_token or (grant.access_token if own else ""),
                # A page's token that was made from a long one has no end.
                expires_at=None if own else grant.expires_at,
                refresh_expires_at=grant.refresh_expires_at,
                client_id=app.client_id,
                client_secret=app.client_secret.get_secret_value(),
                scopes=scopes,
            ),
            options=sign_in.account_options(grant),
            owner_id=row.user_id,
            chat_id=row.chat_id,
            scopes=scopes,
            sign_in_expires_at=grant.refresh_expires_at,
        )

    async def fail(self, row: SignInRow, refusal: RefusedError, *, tell: bool) -> None:
        """End a sign-in; nothing of it is kept but that it ended."""
        button = _new_link(row.login, row.account_id or 0)
        async with self._deps.store.transaction() as tx:
            await self._ins.finish(tx, row, "failed")
            if tell:
                await self._tell(tx, row, refusal.key, refusal.facts, [button])
        facts = {"sign_in": row.id, "login": row.login, "why": refusal.key}
        logger.info("sign-in ended", extra=facts)
        self.told(row, refusal)

    async def _tell(
        self,
        tx: Tx,
        row: SignInRow,
        sentence: str,
        facts: Mapping[str, Any],
        buttons: list[dict[str, str]] | None = None,
    ) -> None:
        if not row.chat_id:
            return
        posts = self._deps.posts
        await posts.say(row.chat_id, sentence, facts=dict(facts), buttons=buttons, tx=tx)
        tx.after_commit(posts.changed)

    def told(self, row: SignInRow, outcome: Outcome) -> None:
        if (queue := self._watchers.get(row.id)) is not None:
            queue.put_nowait(outcome)


def _new_link(login: str, account_id: int) -> dict[str, str]:
    return {"text_key": "button_connect_again", "data": AGAIN.format(login, account_id)}


def lost_operations(platform: str, scopes: Collection[str] | None) -> list[str]:
    """Return what cannot be done with a live video for want of a scope that is asked for.

    What a login never asks for is not lost: with Instagram Login nobody can allow deleting.
    """
    if scopes is None:
        return []
    granted = set(scopes)
    operations = require_platform(platform).capabilities.operations
    asked = askable(platform, granted) or {name for row in operations.values() for name in row}
    return [
        operation.value
        for operation, needed in operations.items()
        if needed and not granted & set(needed) and asked & set(needed)
    ]


def askable(platform: str, granted: Collection[str]) -> set[str]:
    """Return what the login asks for that these scopes came from; empty where none is known."""
    logins = [set(login.asks) for login in LOGINS.values() if login.platform == platform]
    return max(logins, key=lambda asks: len(asks & set(granted)), default=set())
