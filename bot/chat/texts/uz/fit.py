"""Uzbek sentences about files that do not fit and what is done about it."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

SENTENCES: Sentences = {}
