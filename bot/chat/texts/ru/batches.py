"""Russian sentences about batches."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

SENTENCES: Sentences = {}
