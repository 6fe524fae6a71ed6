"""How much may be said where: token buckets per chat and over all.

Source: core.telegram.org/bots/faq (1 message a second in a chat, 20 a minute in a group, about 30
a second over all; edits count like sends), read 2026-11-21.
"""

from __future__ import annotations

from dataclasses import dataclass

from utils.clock import Clock


@dataclass(slots=True)
class Bucket:
    """Fills at ``rate`` tokens a second up to ``size``."""

    rate: float
    size: float
    tokens: float
    at: float

    def fill(self, now: float) -> None:
        self.tokens = min(self.size, self.tokens + (now - self.at) * self.rate)
        self.at = now


class Budget:
    """Whether one more message may go to a chat now."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._chats: dict[int, Bucket] = {}
        self._all = Bucket(rate=25.0, size=25.0, tokens=25.0, at=clock.monotonic())
        self._short = False

    def take(self, chat_id: int) -> bool:
        """Take one message's worth; False when it has to wait."""
        bucket = self._bucket(chat_id)
        if bucket.tokens < 1 or self._all.tokens < 1:
            self._short = True
            return False
        bucket.tokens -= 1
        self._all.tokens -= 1
        return True

    def give_back(self, chat_id: int) -> None:
        """Nothing was sent after all."""
        self._bucket(chat_id).tokens += 1
        self._all.tokens += 1

    def next_seconds(self) -> float:
        """Return after how long another look is worth it."""
        short, self._short = self._short, False
        return 0.25 if short else float("inf")

    def _bucket(self, chat_id: int) -> Bucket:
        now = self._clock.monotonic()
        self._all.fill(now)
        bucket = self._chats.get(chat_id)
        if bucket is None:
            group = chat_id < 0
            rate, size = (1 / 3, 15.0) if group else (1.0, 5.0)
            bucket = self._chats[chat_id] = Bucket(rate=rate, size=size, tokens=size, at=now)
        bucket.fill(now)
        return bucket
