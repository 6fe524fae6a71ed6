"""Russian sentences about languages."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

SENTENCES: Sentences = {
    "cmd_language": "выбрать язык",
    "help_language": "/language – English, Oʻzbekcha, Русский, Tiếng Việt",
    "language_ask": "Сейчас я говорю по-русски. Какой язык вам удобнее?",
    "language_ask_group": "В этой группе я говорю по-русски. Какой язык вам удобнее?",
    "language_chosen": "Теперь я говорю по-русски.",
    "language_unknown": "Языка «{given}» я не знаю. Выберите один из этих:",
    "button_language": "{name}",
    "button_language_now": "✓ {name}",
    "moment": "{day}, {time}",
}
