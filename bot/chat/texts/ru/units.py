"""Units of sizes, speeds and lengths of time, in Russian."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

SENTENCES: Sentences = {
    "unit_bytes": {
        "one": "{count} байт",
        "few": "{count} байта",
        "many": "{count} байт",
        "other": "{count} байта",
    },
    "unit_kb": "{count} КБ",
    "unit_mb": "{count} МБ",
    "unit_gb": "{count} ГБ",
    "unit_tb": "{count} ТБ",
    "unit_speed": "{count}/с",
    "unit_seconds": "{count} с",
    "unit_minutes": "{count} мин",
    "unit_hours": "{count} ч",
    "unit_days": {
        "one": "{count} день",
        "few": "{count} дня",
        "many": "{count} дней",
        "other": "{count} дня",
    },
    "unit_percent": "{count} %",
}
