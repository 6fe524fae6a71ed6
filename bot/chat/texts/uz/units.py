"""Units of sizes, speeds and lengths of time, in Uzbek."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

SENTENCES: Sentences = {
    "unit_bytes": "{count} bayt",
    "unit_kb": "{count} KB",
    "unit_mb": "{count} MB",
    "unit_gb": "{count} GB",
    "unit_tb": "{count} TB",
    "unit_speed": "{count}/s",
    "unit_seconds": "{count} s",
    "unit_minutes": "{count} daq",
    "unit_hours": "{count} soat",
    "unit_days": {
        "one": "{count} kun",
        "other": "{count} kun",
    },
    "unit_percent": "{count}%",
}
