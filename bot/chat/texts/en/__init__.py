"""Every sentence in English, one file a subject.

A value is the sentence, or its forms by number (``one``, ``other``), chosen by the fact ``count``
by the rules of CLDR.
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
    fitting,
    groups,
    language,
    letters,
    library,
    limits,
    links,
    live,
    mashup,
    options,
    renders,
    units,
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
    fitting,
    letters,
    figures,
    language,
    library,
    mashup,
    renders,
    units,
)

NAME = "English"
DAY = DAY_OF_YEAR = "yyyy-MM-dd"
"""Patterns of dates in CLDR's signs; this one is also how captions give a date."""

SENTENCES: Sentences = {
    key: sentence for subject in SUBJECTS for key, sentence in subject.SENTENCES.items()
}
