"""What owners are told of their accounts: a sign-in that was refused, or that ends soon."""

from __future__ import annotations

import json
import logging
from datetime import timedelta
from typing import Any

from core.accounts.shelf import Shelf
from core.accounts.vault import VaultError
from core.platforms.base import clean_message
from core.platforms.registry import get_platform
from core.posts.records import dump, require_time
from core.store.base import Row, Tx
from utils.http import redact

logger = logging.getLogger(__name__)

AGAIN = "ac1:again:{}:"
"""Callback data of the button that begins a sign-in; the chat's router of accounts has it."""
LOOP_WINDOW = timedelta(hours=1)
LOOP_REFUSALS = 3
"""So many refusals within the window are a loop: signing in again does not help."""
WARNINGS = (timedelta(days=7), timedelta(days=1))
"""How long before the known end of a sign-in its owner is told, once each."""


class News(Shelf):
    """Tells owners what only they can do."""

    async def need_reconnect(self, account_id: int, why: str, *, token: str = "") -> bool:
        """Mark an account whose sign-in is refused, and say so once, in one commit.

        Its uploads wait until it is connected again. Returns False when it was so already, or when
        the refused ``token`` is not the account's any more.
        """
        trouble = clean_message(redact(why))
        async with self._store.transaction() as tx:
            row = await tx.one("accounts.get", id=account_id)
            if row is None or not self._has_token(row, token):
                return False
            refusals = self._recent(row)
            marked = await tx.run(
                "accounts.need_reconnect",
                id=account_id,
                trouble=trouble,
                refusals=dump(refusals),
            )
            if marked != 1:
                return False
            if len(refusals) <= LOOP_REFUSALS:
                is_loop = len(refusals) == LOOP_REFUSALS
                sentence = "account_login_loop" if is_loop else "account_needs_sign_in"
                await self._tell(tx, row, sentence, why=trouble)
        logger.warning(
            "account must be connected again",
            extra={"account": account_id, "platform": row["platform"], "why": trouble},
        )
        return True

    async def warn_ends(self) -> int:
        """Tell the owners whose sign-in ends soon and is not renewed; returns how many."""
        now = self._clock.now()
        before = (now + WARNINGS[0]).timestamp()
        warned = 0
        for row in await self._store.all("accounts.ending", before=before):
            if self._owes_warning(row):
                async with self._store.transaction() as tx:
                    await tx.run("accounts.warned", id=row["id"], now=now.timestamp())
                    left = require_time(row["sign_in_expires_at"]) - now
                    days = max(round(left / timedelta(days=1)), 1)
                    await self._tell(tx, row, "account_sign_in_ends", count=days)
                warned += 1
        return warned

    def _owes_warning(self, row: Row) -> bool:
        """Return whether a warning is due that was not told for this very end.

        Who signed in for a short time only knows it; the first warning comes a day later.
        """
        end, now = require_time(row["sign_in_expires_at"]), self._clock.now()
        told = row["warned_at"] or 0.0
        since = max(told, (row["connected_at"] or 0.0) + timedelta(days=1).total_seconds())
        due = [end - ahead for ahead in WARNINGS if end - ahead <= now < end]
        return bool(due) and since < max(due).timestamp()

    def _has_token(self, row: Row, token: str) -> bool:
        if not token:
            return True
        try:
            return self._open(row).tokens.access_token == token
        except VaultError:
            return True

    def _recent(self, row: Row) -> list[float]:
        """Return the times of the latest refusals, this one included."""
        now = self._clock.now().timestamp()
        since = now - LOOP_WINDOW.total_seconds()
        return [at for at in json.loads(row["refusals"]) if at > since] + [now]

    async def _tell(self, tx: Tx, row: Row, sentence: str, **facts: Any) -> None:
        """Queue a message with the button that begins a sign-in."""
        platform = get_platform(row["platform"])
        told = {
            "platform": platform.capabilities.title if platform else row["platform"],
            "account": row["name"],
            **facts,
        }
        buttons = [{"data": AGAIN.format(row["id"]), "text_key": "button_reconnect"}]
        for chat_id in [row["chat_id"]] if row["chat_id"] else self._admins:
            await self._notices.say(chat_id, sentence, facts=told, buttons=buttons, tx=tx)
        if self._posts is not None:
            tx.after_commit(self._posts.changed)
