"""Sentences about connected accounts, groups and rotation."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

SENTENCES: Sentences = {}
