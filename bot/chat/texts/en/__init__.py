"""Every sentence in English, one file a subject.

A value is the sentence, or its forms by number (``one``, ``other``), chosen by the fact ``count``.
``{name}`` is filled; what is filled in is escaped.
"""

from __future__ import annotations

from bot.chat.texts.en import (
    accounts,
    base,
    batches,
    connect,
    doctor,
    figures,
    fit,
    groups,
    language,
    letters,
    limits,
    links,
    live,
    options,
)
from bot.chat.texts.forms import Sentences

SUBJECTS = (
    base,
    accounts,
    connect,
    doctor,
    groups,
    limits,
    live,
    options,
    links,
    batches,
    fit,
    letters,
    figures,
    language,
)


def plural(count: int) -> str:
    """Return which form goes with a number."""
    return "one" if count == 1 else "other"


SENTENCES: Sentences = {
    key: sentence for subject in SUBJECTS for key, sentence in subject.SENTENCES.items()
}
