"""Units of sizes, speeds and lengths of time."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

SENTENCES: Sentences = {
    "unit_bytes": "{count} bytes",
    "unit_kb": "{count} KB",
    "unit_mb": "{count} MB",
    "unit_gb": "{count} GB",
    "unit_tb": "{count} TB",
    "unit_speed": "{count}/s",
    "unit_seconds": "{count} s",
    "unit_minutes": "{count} min",
    "unit_hours": "{count} h",
    "unit_days": {"one": "{count} day", "other": "{count} days"},
    "unit_percent": "{count} %",
}
