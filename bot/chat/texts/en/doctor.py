"""Sentences about the doctor."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

SENTENCES: Sentences = {}
