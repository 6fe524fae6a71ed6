"""What the bot says: sentences by key and language, filled with facts.

How a fact is written follows from its name: ``…_bytes`` as a size, ``…_seconds`` as a length of
time, lists with commas; everything else as text. Facts are foreign and are escaped; markup of our
own comes as `Markup`.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from types import ModuleType
from typing import Any

from bot.chat.texts import en, human
from bot.chat.texts.human import Markup, escape

__all__ = ["Markup", "escape", "has", "human", "say"]

logger = logging.getLogger(__name__)

LANGUAGES: Mapping[str, ModuleType] = {"en": en}
MISSING = "–"

_PLACE = re.compile(r"\{(\w+)\}")


def say(key: str, language: str = "en", /, **facts: Any) -> Markup:
    """Return the sentence of a key; one for unknown keys, so that nothing stays unsaid."""
    module = LANGUAGES.get(language, en)
    sentence = module.SENTENCES.get(key)
    if sentence is None:
        logger.error("sentence_missing", extra={"key": key})
        return say("refused", language, what=key, facts="")
    if isinstance(sentence, dict):
        sentence = sentence[module.plural(int(facts.get("count", 0)))]
    return Markup(_PLACE.sub(lambda found: write_fact(found[1], facts.get(found[1])), sentence))


def has(key: str) -> bool:
    return key in en.SENTENCES


def write_fact(name: str, value: Any) -> Markup:  # noqa: ANN401 - facts are any JSON
    """Return one fact as markup."""
    if isinstance(value, Markup):
        return value
    if value is None:
        return Markup(MISSING)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return escape(_number(name, value))
    if isinstance(value, (list, tuple)):
        return escape(", ".join(str(item) for item in value))
    return escape(str(value))


def _number(name: str, value: float) -> str:
    if name.endswith("_bytes"):
        return human.size(value)
    if name.endswith("_seconds"):
        return human.span(value)
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
