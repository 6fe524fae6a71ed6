"""Every sentence of the chat, by key and language, filled with facts that are escaped."""

from __future__ import annotations

import logging
import re
from datetime import date, datetime, timedelta

from bot.chat.texts import human, tongues
from bot.chat.texts.human import Markup, escape, plain
from bot.chat.texts.lexicon import find, has
from bot.chat.texts.tongues import speaking, spoken

__all__ = [
    "Markup",
    "counted",
    "day",
    "escape",
    "has",
    "human",
    "plain",
    "say",
    "speaking",
    "spoken",
    "when",
]

logger = logging.getLogger(__name__)

MISSING = Markup("–")

_PLACE = re.compile(r"\{(\w+)\}")


def say(key: str, language: str = "", /, **facts: object) -> Markup:
    """Return the sentence as HTML, in the given language or the one that is spoken.

    A key that nobody wrote a sentence for is logged and told as it is: a message with a gap is
    better than a queue that stands still.
    """
    if language:
        with speaking(language):
            return say(key, **facts)
    sentence = find(key, spoken(), facts.get("count"))
    if sentence is None:
        logger.error("sentence_missing", extra={"key": key})
        told = ", ".join(f"{name}: {value}" for name, value in facts.items())
        return say("refused", what=key.replace("_", " "), facts=told)
    return Markup(_PLACE.sub(lambda found: _written(found[1], facts.get(found[1])), sentence))


def counted(noun: str, count: int, language: str = "") -> Markup:
    """Return a number with its word: ``posts``, ``uploads`` or ``files``."""
    return say(f"count_{noun}", language, count=count)


def when(moment: datetime, now: datetime, language: str = "") -> str:
    """Return a local time as short as it is clear at ``now``, both in the person's zone."""
    if language:
        with speaking(language):
            return when(moment, now)
    time = tongues.clock(moment, seconds=abs(moment - now) < timedelta(minutes=2))
    if moment.date() == now.date():
        return time
    if moment.date() == now.date() + timedelta(days=1):
        return plain(say("tomorrow", time=time))
    return plain(say("moment", day=day(moment.date(), now.date()), time=time))


def day(on: date, today: date) -> str:
    """Return a date as the spoken language writes it, both in the person's zone."""
    return tongues.day(on, today)


def _written(name: str, value: object) -> Markup:
    if value is None:
        return MISSING
    if isinstance(value, (list, tuple)):
        return Markup(", ".join(escape(str(item)) for item in value))
    if isinstance(value, float) or (name == "count" and isinstance(value, int)):
        return escape(tongues.number(value))
    return escape(value if isinstance(value, str) else str(value))
