"""Where and when a text is read; apart from all that needs the chat's library."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo

from bot.chat.texts import when


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """When and where a text is read."""

    now: datetime
    zone: tzinfo

    def moment(self, at: datetime) -> str:
        return when(at.astimezone(self.zone), self.now.astimezone(self.zone))
