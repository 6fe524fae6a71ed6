"""Refusals, findings and errors as sentences: keys and facts of the domain to words."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from bot.chat.connecting import connect_facts
from bot.chat.studio_text import studio_text, told_facts
from bot.chat.texts import Markup, has, human, say
from core.platforms.registry import get_platform
from core.posts.causes import NOBODY_DECIDED
from core.posts.models import Upload
from core.posts.options import rule_of

UNITS: dict[str, tuple[Callable[[float], str], Callable[[float], str]]] = {
    "too_big": (human.size, human.size),
    "too_long": (human.span, human.span),
    "too_short": (human.span, human.span),
    "much_too_big": (human.span, human.size),
    "bit_rate": (lambda bits: human.speed(bits / 8), lambda bits: human.speed(bits / 8)),
}
"""How what is and what is allowed are told, by the key of a finding."""
LONGEST_REASON = 200


def refusal_text(key: str, facts: Mapping[str, Any]) -> Markup:
    """Return the sentence for a `RefusedError`; one without a sentence is told as it is."""
    if key.startswith("studio_"):
        return studio_text(key.removeprefix("studio_"), facts)
    told = dict(facts)
    if key == "too_big_for_cloud" and "size_bytes" in told:
        told = {"size": human.size(told["size_bytes"]), "limit": human.size(told["limit_bytes"])}
    if key.startswith("add_"):
        told = told_facts(told)
    if key == "fits_nowhere":
        lines = [
            say("place_reason", platform=platform, why=finding_text(platform, reason))
            for platform, reason in told["reasons"].items()
        ]
        told = {"reasons": Markup("\n".join(lines))}
    if key == "unknown_line" and not told.get("suggestion"):
        key = "unknown_word"
    if key == "bad_option":
        rule = rule_of(str(told.get("key", "")))
        told["help"] = say(rule.help) if rule is not None else ""
    if key.startswith("connect"):
        told = connect_facts(told)
    if key == "no_account_there":
        told["platform"] = platform_title(str(told.get("platform", "")))
    return say(key, **told)


def finding_text(platform: str, finding: Mapping[str, Any]) -> Markup:
    """Return how a file does not fit, from a finding's key and facts."""
    key = str(finding.get("key", ""))
    actual, limit = finding.get("actual", "?"), finding.get("limit", "?")
    if key in UNITS and {"actual", "limit"} <= finding.keys():
        actual, limit = (
            unit(value) for unit, value in zip(UNITS[key], (actual, limit), strict=True)
        )
    names = [f"fit_warn_{key}"] if finding.get("severity") == "warn" else []
    name = next((name for name in (*names, f"fit_{key}") if has(name)), "fit_other")
    told = {"text": key, **finding, "actual": _short(actual), "limit": _short(limit)}
    return say(name, **{**told, "platform": platform})


def upload_error(upload: Upload) -> Markup:
    """Return what the error of an upload means and what to do about it; empty without one."""
    if not upload.error_kind:
        return Markup("")
    title = platform_title(upload.platform)
    if upload.error_code.startswith("fit."):
        finding = {"key": upload.error_code.removeprefix("fit."), **_facts(upload.error_text)}
        return finding_text(title, finding)
    if upload.error_code == NOBODY_DECIDED:
        return say("error_nobody_decided")
    if upload.error_code == "duplicate":
        return say("error_duplicate", text=upload.error_text)
    if has(f"source_{upload.error_code}"):
        return say("error_source", text=source_text(upload.error_code))
    text = (upload.error_text or upload.error_code or "?").rstrip(".")
    if len(text) > LONGEST_REASON:
        text = text[: LONGEST_REASON - 1] + "…"
    return say(f"error_{upload.error_kind}", text=text, platform=title)


def source_text(note: str) -> Markup:
    """Return why a source cannot be read, as a part of a sentence."""
    return say(f"source_{note}") if has(f"source_{note}") else say("source_internal")


def platform_title(name: str) -> str:
    """Return the name of a platform as people write it."""
    platform = get_platform(name)
    return platform.capabilities.title if platform else name


def _facts(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _short(value: object) -> object:
    return human.number(round(value, 2)) if isinstance(value, float) else value
