"""Vietnamese sentences about links and pages of links."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

LINKS: Sentences = {}

PAGES: Sentences = {}

PULLS: Sentences = {}

FINDINGS: Sentences = {}

SENTENCES: Sentences = {**LINKS, **PAGES, **PULLS, **FINDINGS}
