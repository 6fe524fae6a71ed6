"""Uzbek sentences about batches."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

FILE: Sentences = {}

TEMPLATES: Sentences = {}

FILES: Sentences = {}

TARGETS: Sentences = {}

CHAT: Sentences = {}

SENTENCES: Sentences = {**FILE, **TEMPLATES, **FILES, **TARGETS, **CHAT}
