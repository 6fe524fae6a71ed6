"""Sentences about links and pages of links."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

SENTENCES: Sentences = {}
