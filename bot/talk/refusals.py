"""Refusals and findings as sentences: keys and facts of the domain to words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.talk.texts import Markup, has, human, say

SIZES = frozenset({"too_big"})
TIMES = frozenset({"too_long", "too_short"})


def refusal_text(key: str, facts: Mapping[str, Any]) -> Markup:
    """Return the sentence for a `RefusedError`; one without a sentence is told as it is."""
    told = dict(facts)
    if key == "too_big_for_cloud" and "size_bytes" in told:
        told = {"size": human.size(told["size_bytes"]), "limit": human.size(told["limit_bytes"])}
    if key == "fits_nowhere":
        lines = [
            say("place_reason", platform=platform, why=finding_text(platform, reason))
            for platform, reason in told["reasons"].items()
        ]
        told = {"reasons": Markup("\n".join(lines))}
    if key == "unknown_line" and not told.get("suggestion"):
        key = "unknown_word"
    if not has(key):
        return say("refused", what=key, facts=", ".join(str(value) for value in told.values()))
    return say(key, **told)


def finding_text(platform: str, finding: Mapping[str, Any]) -> Markup:
    """Return how a file does not fit, from a finding's key and facts."""
    key = str(finding.get("key", ""))
    actual, limit = finding.get("actual", "?"), finding.get("limit", "?")
    if key in SIZES:
        actual, limit = human.size(actual), human.size(limit)
    elif key in TIMES:
        actual, limit = human.span(actual), human.span(limit)
    name = f"fit_{key}" if has(f"fit_{key}") else "fit_other"
    return say(name, platform=platform, actual=_short(actual), limit=_short(limit), text=key)


def _short(value: object) -> object:
    if isinstance(value, float):
        return f"{value:g}" if value == round(value, 2) else f"{value:.2f}"
    return value
