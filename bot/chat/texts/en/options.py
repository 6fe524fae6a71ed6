"""Sentences about options of platforms in captions."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

SENTENCES: Sentences = {}
