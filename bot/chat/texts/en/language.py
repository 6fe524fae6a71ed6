"""Sentences about languages."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

SENTENCES: Sentences = {
    "cmd_language": "choose a language",
    "help_language": "/language – English, Oʻzbekcha, Русский, Tiếng Việt",
    "language_ask": "I speak English now. Which language do you want?",
    "language_ask_group": "I speak English in this group now. Which language do you want?",
    "language_chosen": "From now on I speak English.",
    "language_unknown": "I do not speak “{given}”. Choose one of these:",
    "button_language": "{name}",
    "button_language_now": "✓ {name}",
    "moment": "{day} {time}",
}
