"""Every sentence of the chat, by key and language, filled with facts that are escaped."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from types import ModuleType

from bot.chat.texts import en, human
from bot.chat.texts.human import Markup, escape, plain

__all__ = ["Markup", "counted", "escape", "has", "human", "plain", "say", "when"]

logger = logging.getLogger(__name__)

LANGUAGES: Mapping[str, ModuleType] = {"en": en}
MISSING = Markup("–")

_PLACE = re.compile(r"\{(\w+)\}")


def has(key: str) -> bool:
    return key in en.SENTENCES


def say(key: str, language: str = "en", /, **facts: object) -> Markup:
    """Return the sentence as HTML.

    A key that nobody wrote a sentence for is logged and told as it is: a message with a gap is
    better than a queue that stands still.
    """
    module = LANGUAGES.get(language, en)
    sentence = module.SENTENCES.get(key, en.SENTENCES.get(key))
    if sentence is None:
        logger.error("sentence_missing", extra={"key": key})
        told = ", ".join(f"{name}: {value}" for name, value in facts.items())
        return say("refused", language, what=key.replace("_", " "), facts=told)
    if isinstance(sentence, dict):
        sentence = sentence[module.plural(_number(facts.get("count")))]
    return Markup(_PLACE.sub(lambda found: _written(facts.get(found[1])), sentence))


def counted(noun: str, count: int, language: str = "en") -> Markup:
    """Return a number with its word: ``posts``, ``uploads`` or ``files``."""
    return say(f"count_{noun}", language, count=count)


def when(moment: datetime, now: datetime, language: str = "en") -> str:
    """Return a local time as short as it is clear at ``now``, both in the person's zone."""
    near = abs(moment - now) < timedelta(minutes=2)
    time = f"{moment:%H:%M:%S}" if near else f"{moment:%H:%M}"
    if moment.date() == now.date():
        return time
    if moment.date() == now.date() + timedelta(days=1):
        return plain(say("tomorrow", language, time=time))
    return f"{moment:%Y-%m-%d} {time}"


def _written(value: object) -> Markup:
    if value is None:
        return MISSING
    if isinstance(value, (list, tuple)):
        return Markup(", ".join(escape(str(item)) for item in value))
    return escape(value if isinstance(value, str) else str(value))


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0
