"""Units of sizes, speeds and lengths of time, in Vietnamese."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

SENTENCES: Sentences = {
    "unit_bytes": "{count} byte",
    "unit_kb": "{count} KB",
    "unit_mb": "{count} MB",
    "unit_gb": "{count} GB",
    "unit_tb": "{count} TB",
    "unit_speed": "{count}/s",
    "unit_seconds": "{count} giây",
    "unit_minutes": "{count} phút",
    "unit_hours": "{count} giờ",
    "unit_days": {
        "other": "{count} ngày",
    },
    "unit_percent": "{count}%",
}
