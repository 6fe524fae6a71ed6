"""Uzbek sentences about diagnostics."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

SENTENCES: Sentences = {
    "figures_none": "• {place}: hali raqamlar yoʻq",
    "figures_more": {
        "one": "… yana {count} ta post: raqami bilan /stats",
        "other": "… yana {count} ta post: raqami bilan /stats",
    },
    "upload_waiting": "⏳ {place}: qabul qilindi",
    "upload_uploading": "⬆️ {place}: yuklanmoqda{progress}",
    "upload_committing": "⬆️ {place}: oxirgi baytlar ketyapti, joylanmoqda",
    "upload_processing": "⚙️ {place}: yuklandi, {platform} ishlov beryapti{progress}",
    "upload_live": "✅ {place}: joylandi{visibility}",
    "upload_failed": "❌ {place}: chiqmadi. {why}",
    "upload_cancelled": "🚫 {place}: bekor qilindi, hech narsa joylanmadi",
    "upload_unknown": "❓ {place}: javob yoʻqoldi; yana soʻralyapti: {platform}{until}",
}
