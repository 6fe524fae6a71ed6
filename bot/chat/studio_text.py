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
    if key == "missing_parts" and not facts.get("mood"):
        name = "studio_missing_kinds"
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
    if isinstance(taken := told.get("taken"), list):
        told["taken"] = ", ".join(say(f"library_media_{one}") for one in taken)
    if isinstance(kinds := told.get("kinds"), list):
        told["kinds"] = ", ".join(_kind(str(one)) for one in kinds)
    for name in ("kind", "media"):
        words = f"library_{name}_{told.get(name)}"
        if has(words):
            told[name] = say(words)
    return told


def _kind(word: str) -> str:
    """Return a kind in words, ``source``, or how many there are of it, ``source: 2``."""
    kind, _, count = word.partition(": ")
    if count.isdigit() and has(f"library_kinds_{kind}"):
        return say(f"library_kinds_{kind}", count=int(count))
    return say(f"library_kind_{kind}") if has(f"library_kind_{kind}") else word
