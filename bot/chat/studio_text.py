"""What a `StudioError` means, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.chat.texts import Markup, has, human, say

SIZES = ("size", "limit", "missing")
"""Facts that are told as sizes where they are given as ``<name>_bytes``."""


def studio_text(key: str, facts: Mapping[str, Any]) -> Markup:
    """Return the sentence; an error without one is told by its key."""
    name = f"studio_{key}"
    if not has(name):
        return say("studio_other", what=key.replace("_", " "))
    return say(name, **told_facts(facts))


def told_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return facts as they are told: sizes with their unit, kinds and media in words."""
    told = dict(facts)
    for name in SIZES:
        count = told.get(f"{name}_bytes")
        if isinstance(count, int):
            told[name] = human.size(count)
    for name in ("kind", "media"):
        words = f"library_{name}_{told.get(name)}"
        if has(words):
            told[name] = say(words)
    return told
