"""How much may be said where: token buckets per chat and over all.

Source: core.telegram.org/bots/faq (1 message a second in a chat, 20 a minute in a group, about 30
a second over all); tdlib/td issues 2592 and 3034 (edits and sends share about 20 a minute in one
chat); read 2026-11-21.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from utils.clock import Clock


class Urgency(IntEnum):
    """What goes first when there is not enough for everything."""

    SAID_ONCE = 0
    """Questions, answers, the first and the last state of a post."""
    ROUTINE = 1
    """Edits that tell how it goes."""


@dataclass(slots=True)
class Bucket:
    """Fills at ``rate`` tokens a second up to ``size``."""

    rate: float
    size: float
    tokens: float
    at: float

    def missing_seconds(self, now: float, reserve: float = 0.0) -> float:
        """Return how long it takes until a token is there beyond the reserve."""
        self.tokens = min(self.size, self.tokens + max(0.0, now - self.at) * self.rate)
        self.at = now
        return max(0.0, (1.0 + reserve - self.tokens) / self.rate)


@dataclass(frozen=True, slots=True)
class Rates:
    """Tokens a second and the burst, for everything and for routine edits."""

    rate: float
    burst: float
    routine_rate: float
    routine_burst: float


PRIVATE = Rates(rate=1.0, burst=5.0, routine_rate=1 / 3, routine_burst=2.0)
# In any 60 s a bucket gives its burst and 60 times its rate: 3 + 17 = 20.
GROUP = Rates(rate=17 / 60, burst=3.0, routine_rate=10 / 60, routine_burst=1.0)
OVERALL_RATE, OVERALL_BURST = 25.0, 5.0
OVERALL_PORTION = 2.0
"""What is saved up before a bot that is out of breath goes on: a look at what is due costs too."""
_ENOUGH = 1e-6
"""Rounding of the buckets' arithmetic, so that a wait for a token ends with one."""


class Budget:
    """Whether one more message may go to a chat now, and if not, when to ask again."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._chats: dict[int, tuple[Bucket, Bucket]] = {}
        self._all = _full(OVERALL_RATE, OVERALL_BURST, clock.monotonic())

    def overall_seconds(self) -> float:
        """Return 0 while anything may be sent anywhere, else how long to rest."""
        now = self._clock.monotonic()
        if self._all.missing_seconds(now) <= _ENOUGH:
            return 0.0
        return self._all.missing_seconds(now, reserve=OVERALL_PORTION - 1.0)

    def missing_seconds(self, chat_id: int, urgency: Urgency) -> float:
        """Return how long it takes until one message may go to this chat; 0 for now."""
        return self._missing(chat_id, urgency, self._clock.monotonic())

    def take(self, chat_id: int, urgency: Urgency) -> float:
        """Take one message's worth and return 0, or return the seconds that are missing."""
        now = self._clock.monotonic()
        if (missing := self._missing(chat_id, urgency, now)) > 0:
            return missing
        chat, routine = self._buckets(chat_id, now)
        for bucket in (chat, self._all, *([routine] if urgency is Urgency.ROUTINE else [])):
            bucket.tokens -= 1.0
        return 0.0

    def _missing(self, chat_id: int, urgency: Urgency, now: float) -> float:
        chat, routine = self._buckets(chat_id, now)
        waits = [chat.missing_seconds(now), self._all.missing_seconds(now)]
        if urgency is Urgency.ROUTINE:
            waits.append(routine.missing_seconds(now))
            waits.append(chat.missing_seconds(now, reserve=1.0))
        longest = max(waits)
        return longest if longest > _ENOUGH else 0.0

    def _buckets(self, chat_id: int, now: float) -> tuple[Bucket, Bucket]:
        found = self._chats.get(chat_id)
        if found is None:
            rates = PRIVATE if chat_id > 0 else GROUP
            found = self._chats[chat_id] = (
                _full(rates.rate, rates.burst, now),
                _full(rates.routine_rate, rates.routine_burst, now),
            )
        return found


def _full(rate: float, burst: float, now: float) -> Bucket:
    return Bucket(rate=rate, size=burst, tokens=burst, at=now)
