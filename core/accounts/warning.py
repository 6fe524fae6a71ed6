"""Tells once in a window that a quota nears its end."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from core.accounts.forecast import Meter
from core.accounts.ledger import Ledger, Place
from core.accounts.rules import Cost, RuleBook
from core.accounts.windows import moment
from core.posts.notices import Notices
from core.store.base import Tx


class QuotaWarnings:
    """Speaks in the commit that brings a quota to its share; short windows are not worth it."""

    def __init__(self, notices: Notices, book: RuleBook, admins: Collection[int]) -> None:
        self._notices = notices
        self._book = book
        self._admins = tuple(admins)

    async def look(self, tx: Tx, place: Place, ledger: Ledger, costs: Sequence[Cost]) -> None:
        """Tell of each quota that has come to its share and was not told of in its window."""
        for cost in costs:
            meter = ledger.meter(place, cost)
            if not cost.window.lasting or meter.used < self._book.warn_at(meter.limit):
                continue
            name = f"quota_warned:{place.scope(cost.rule)}:{cost.rule.name}"
            said = await tx.one("chat.fact", name=name)
            if said is not None and cost.window.frees_at(int(said["value"])) > ledger.now:
                continue
            await tx.run("chat.set_fact", name=name, value=str(ledger.now))
            await self._say(tx, place, cost, meter, ledger.now)

    async def _say(self, tx: Tx, place: Place, cost: Cost, meter: Meter, now: int) -> None:
        account = await tx.one("quotas.account", id=place.account_id)
        if account is None:
            raise AssertionError(f"account {place.account_id} exists")
        next_at = meter.next_at(now)
        facts = {
            "platform": place.platform,
            "account": account["name"],
            "quota": cost.rule.name,
            "shared": cost.rule.scope == "project",
            "used": meter.used,
            "limit": meter.limit,
            "until": moment(next_at).isoformat() if next_at is not None else "",
        }
        chats = [account["chat_id"]] if account["chat_id"] else self._admins
        for chat_id in chats:
            await self._notices.say(chat_id, "quota_warning", facts=facts, tx=tx)


__all__ = ["QuotaWarnings"]
