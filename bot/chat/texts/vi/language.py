"""Vietnamese sentences about languages."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

SENTENCES: Sentences = {
    "cmd_language": "chọn ngôn ngữ",
    "help_language": "/language – English, Oʻzbekcha, Русский, Tiếng Việt",
    "language_ask": "Mình đang nói tiếng Việt. Bạn muốn dùng ngôn ngữ nào?",
    "language_ask_group": "Trong nhóm này mình đang nói tiếng Việt. Bạn muốn dùng ngôn ngữ nào?",
    "language_chosen": "Từ giờ mình nói tiếng Việt.",
    "language_unknown": "Mình không nói được “{given}”. Hãy chọn một trong số này:",
    "button_language": "{name}",
    "button_language_now": "✓ {name}",
    "moment": "{time} ngày {day}",
}
