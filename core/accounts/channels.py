"""Telegram channels: connected when the bot may post there, put aside when it may not any more."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from core.accounts.book import AccountBook, Connected
from core.accounts.outcomes import Finished
from core.accounts.tokens import Tokens
from core.errors import ErrorKind, RefusedError, RemoteError
from core.platforms.base import Access
from core.platforms.registry import require_platform
from core.posts.models import Account
from core.posts.repository import Posts
from core.store.base import Store

logger = logging.getLogger(__name__)

LONGEST_NAME = 60
TELEGRAM = "telegram"


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A channel as an update tells of it."""

    id: int
    title: str
    username: str = ""

    @property
    def name(self) -> str:
        return (self.title or self.username or str(self.id))[:LONGEST_NAME]


class Channels:
    """Connects channels under the bot's own token."""

    def __init__(self, store: Store, book: AccountBook, posts: Posts, token: str) -> None:
        self._store = store
        self._book = book
        self._posts = posts
        self._token = token

    async def find(self, channel: Channel) -> Account | None:
        """Return its account; settings may name a channel by its ``@username``."""
        names = {str(channel.id)}
        if channel.username:
            names.add(f"@{channel.username}".casefold())
        for account in await self._book.all():
            if account.platform == TELEGRAM and account.remote_id.casefold() in names:
                return account
        return None

    async def connect(self, channel: Channel, *, owner_id: int) -> Finished:
        """Connect a channel after one harmless call; its owner is told in the same commit.

        Raises:
            RefusedError: ``connect_channel_failed``, with what Telegram said.
        """
        known = await self.find(channel)
        remote_id = known.remote_id if known else str(channel.id)
        await self._check(channel, remote_id)
        connected = Connected(
            platform=TELEGRAM,
            name=channel.name,
            remote_id=remote_id,
            tokens=Tokens(access_token=self._token),
            owner_id=owner_id,
            chat_id=owner_id,
        )
        facts: dict[str, Any] = {"platform": TELEGRAM, "name": channel.name}
        async with self._store.transaction() as tx:
            account_id = await self._book.connect(connected, tx)
            await self._posts.say(owner_id, "connected", facts=facts, tx=tx)
            tx.after_commit(self._posts.changed)
        await self._posts.wake_accounts()
        return Finished(account_id=account_id, platform=TELEGRAM, name=channel.name)

    async def lose(self, channel: Channel, why: str) -> bool:
        """The bot may not post there any more: its uploads wait, its owner is told once."""
        account = await self.find(channel)
        return account is not None and await self._book.need_reconnect(account.id, why)

    async def _check(self, channel: Channel, remote_id: str) -> None:
        access = Access(remote_id=remote_id, access_token=self._token)
        try:
            await self._book.try_call(access, require_platform(TELEGRAM))
        except RemoteError as error:
            if error.kind is ErrorKind.QUOTA_EXHAUSTED:
                return
            logger.warning("channel refused", extra={"channel": channel.id, "kind": error.kind})
            raise RefusedError(
                "connect_channel_failed", name=channel.name, why=error.message
            ) from error
