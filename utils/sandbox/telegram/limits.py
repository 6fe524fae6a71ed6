"""Message budgets: what is sent and edited in one chat, and what the bot sends in all."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

from utils.sandbox.server import Sandbox

GROUP_MESSAGES = 20
GROUP_SECONDS = 60.0
PRIVATE_BURST = 20
PRIVATE_RATE = 1.0
OVERALL_RATE = 30.0


@dataclass(slots=True)
class _Bucket:
    """Tokens that come back at a rate; full at the start."""

    size: float
    rate: float
    tokens: float
    at: float

    def wait(self, now: float, count: int) -> float:
        """Return how many seconds are missing for `count` tokens; 0 when they are there."""
        self.tokens = min(self.size, self.tokens + (now - self.at) * self.rate)
        self.at = now
        return max(0.0, (min(count, self.size) - self.tokens) / self.rate)


class Budgets:
    """Charges sends and edits together; held in memory, as real limits outlive no restart."""

    def __init__(self, sandbox: Sandbox, service: str) -> None:
        self._sandbox = sandbox
        self._service = service
        self._groups: dict[int, deque[float]] = {}
        self._private: dict[int, _Bucket] = {}
        self._overall: _Bucket | None = None

    def reset(self) -> None:
        self._groups.clear()
        self._private.clear()
        self._overall = None

    def charge(self, chat_id: int, chat_type: str, count: int = 1) -> int:
        """Spend `count` messages in a chat, or return after how many seconds to ask again.

        Nothing is spent when the answer is not 0. The switch ``budgets`` turns all of it off.
        """
        if not self._switch("budgets", default=True):
            return 0
        now = self._sandbox.clock.now()
        overall = self._overall_bucket(now)
        waits = [overall.wait(now, count)]
        if chat_type == "private":
            bucket = self._private_bucket(chat_id, now)
            waits.append(bucket.wait(now, count))
        else:
            waits.append(self._group_wait(chat_id, now, count))
        if (longest := max(waits)) > 0:
            return math.ceil(longest)
        overall.tokens -= count
        self._spend(chat_id, chat_type, now, count)
        return 0

    def _spend(self, chat_id: int, chat_type: str, now: float, count: int) -> None:
        if chat_type == "private":
            self._private[chat_id].tokens -= count
        else:
            self._groups[chat_id].extend([now] * count)

    def _group_wait(self, chat_id: int, now: float, count: int) -> float:
        limit = int(self._number("group_messages", GROUP_MESSAGES))
        window = self._number("group_seconds", GROUP_SECONDS)
        spent = self._groups.setdefault(chat_id, deque())
        while spent and spent[0] <= now - window:
            spent.popleft()
        excess = len(spent) + count - limit
        if excess <= 0 or not spent:
            return 0.0
        return max(0.001, spent[min(excess, len(spent)) - 1] + window - now)

    def _private_bucket(self, chat_id: int, now: float) -> _Bucket:
        burst = self._number("private_burst", PRIVATE_BURST)
        rate = self._number("private_rate", PRIVATE_RATE)
        fresh = _Bucket(burst, rate, burst, now)
        return self._private.setdefault(chat_id, fresh)

    def _overall_bucket(self, now: float) -> _Bucket:
        rate = self._number("overall_rate", OVERALL_RATE)
        if self._overall is None:
            self._overall = _Bucket(rate, rate, rate, now)
        return self._overall

    def _number(self, name: str, default: float) -> float:
        return float(self._sandbox.options.switch(self._service, name, default))

    def _switch(self, name: str, *, default: bool) -> bool:
        return bool(self._sandbox.options.switch(self._service, name, default))
