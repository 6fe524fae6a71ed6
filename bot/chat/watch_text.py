"""What is said of watched folders: files that cannot be added, and what stands in the way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.chat.studio_text import studio_text
from bot.chat.texts import Markup, say

Facts = Mapping[str, Any]


def _refused(facts: Facts) -> Markup:
    lines = [say("library_watch_refused", count=facts["count"], folder=facts["folder"])]
    for one in facts["files"]:
        why = studio_text(str(one["key"]), one["facts"])
        lines.append(say("library_watch_row", name=one["name"], why=why))
    if more := facts["count"] - len(facts["files"]):
        lines.append(say("library_watch_more", count=more))
    return Markup("\n".join(lines))


def _waiting(facts: Facts) -> Markup:
    why = studio_text(str(facts["key"]), facts["facts"])
    return say("library_watch_waiting", folder=facts["folder"], why=why)


def _missing(facts: Facts) -> Markup:
    return say("library_watch_missing", folder=facts["folder"], reason=facts["reason"])


WATCH_TEXTS: Mapping[str, Callable[[Facts], Markup]] = {
    "library_watch_refused": _refused,
    "library_watch_waiting": _waiting,
    "library_watch_missing": _missing,
}
"""Texts of queued messages, by the key that stands in the outbox."""
