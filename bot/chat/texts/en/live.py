"""Sentences about what is published: figures, edits, removal, staged go-live."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

SENTENCES: Sentences = {}
