"""Vietnamese sentences about failed uploads and what waits for a person."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

FAILED: Sentences = {}

WAITING: Sentences = {}

SENTENCES: Sentences = {**FAILED, **WAITING}
