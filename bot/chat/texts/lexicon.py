"""Finds the sentence for a key in a language, in the form that goes with a number."""

from __future__ import annotations

import logging
from functools import cache

from bot.chat.texts import tongues
from bot.chat.texts.forms import Sentences

logger = logging.getLogger(__name__)


def has(key: str) -> bool:
    return key in _sentences(tongues.ENGLISH)


def find(key: str, language: str, count: object = None) -> str | None:
    """Return the sentence before it is filled; None for a key that nobody wrote one for.

    A sentence that a language lacks is told in English, and logged once.
    """
    sentence = _sentences(language).get(key)
    if sentence is None:
        sentence = _sentences(tongues.ENGLISH).get(key)
        if sentence is None:
            return None
        _log_untranslated(key, language)
        language = tongues.ENGLISH
    if isinstance(sentence, str):
        return sentence
    form = tongues.category(language, count if isinstance(count, int) else 0)
    return sentence.get(form, sentence["other"])


def _sentences(language: str) -> Sentences:
    sentences: Sentences = tongues.module_of(language).SENTENCES
    return sentences


@cache
def _log_untranslated(key: str, language: str) -> None:
    """Say it once: the cache is the memory of what was said."""
    if language in tongues.LANGUAGES:
        logger.warning("sentence_untranslated", extra={"key": key, "language": language})
