"""Uzbek sentences about languages."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

SENTENCES: Sentences = {
    "cmd_language": "tilni tanlash",
    "help_language": "/language – English, Oʻzbekcha, Русский, Tiếng Việt",
    "language_ask": "Hozir oʻzbekcha gapiryapman. Qaysi til qulay?",
    "language_ask_group": "Bu guruhda hozir oʻzbekcha gapiryapman. Qaysi til qulay?",
    "language_chosen": "Endi oʻzbekcha gapiraman.",
    "language_unknown": "“{given}” tilini bilmayman. Shulardan birini tanlang:",
    "button_language": "{name}",
    "button_language_now": "✓ {name}",
    "moment": "{day} {time}",
}
