"""Vietnamese sentences about videos that are fitted to their targets while a post is under way."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

CARD: Sentences = {}

EVENTS: Sentences = {}

SENTENCES: Sentences = {**CARD, **EVENTS}
