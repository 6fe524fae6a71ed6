"""Findings of batches as sentences: for the chat, for documents and for terminals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.chat.refusals import finding_text, platform_title, refusal_text
from bot.chat.texts import Markup, has, human, plain, say, when
from core.batches.findings import Finding
from core.batches.results import REFUSAL


def finding_message(finding: Finding, now: datetime, zone: str) -> Markup:
    """Return what is wrong, without its place."""
    return say(f"batch_{finding.key}", **_facts(finding, now, zone))


def finding_remedy(finding: Finding, now: datetime, zone: str) -> Markup:
    """Return what to do about it; empty where nothing is to be done."""
    key = f"batch_{finding.key}_do"
    return say(key, **_facts(finding, now, zone)) if has(key) else Markup("")


def finding_line(finding: Finding, now: datetime, zone: str) -> Markup:
    """Return a finding with its place, on one line."""
    message = finding_message(finding, now, zone)
    if finding.entry is not None and finding.line:
        return say("batch_at_entry", entry=finding.entry, line=finding.line, what=message)
    if finding.entry is not None:
        return say("batch_at_number", entry=finding.entry, what=message)
    if finding.line:
        return say("batch_at_line", line=finding.line, what=message)
    return message


def finding_report(finding: Finding, now: datetime, zone: str) -> dict[str, Any]:
    """Return a finding as other programs read it."""
    return {
        "entry": finding.entry,
        "field": finding.field,
        "severity": finding.severity.value,
        "message": _line(finding_line(finding, now, zone)),
        "remedy": _line(finding_remedy(finding, now, zone)),
    }


def result_report(result: Mapping[str, Any]) -> dict[str, Any]:
    """Return a result as other programs read it; why an entry was refused becomes a sentence."""
    told = {name: value for name, value in result.items() if name != REFUSAL}
    if REFUSAL in result:
        key, facts = result[REFUSAL]["key"], result[REFUSAL]["facts"]
        remedy = say(f"{key}_do", **facts) if has(f"{key}_do") else ""
        told["error"] = _line(f"{refusal_text(key, facts)} {remedy}")
    return told


def _line(text: str) -> str:
    return " ".join(plain(text).split())


def _facts(finding: Finding, now: datetime, zone: str) -> dict[str, Any]:
    facts = {**finding.facts, "field": finding.field}
    if facts.get("until"):
        at = datetime.fromisoformat(facts["until"]).astimezone(ZoneInfo(zone))
        facts["until"] = when(at, now.astimezone(ZoneInfo(zone)))
    if "refusal" in facts:
        facts["why"] = refusal_text(facts["refusal"], facts["facts"])
    if "finding" in facts:
        facts["why"] = finding_text(str(facts["platform"]), facts["finding"])
    if "account" in facts:
        facts["platform"] = platform_title(str(facts["platform"]))
    return {
        name: _SHOWN[name](value) if name in _SHOWN else value for name, value in facts.items()
    }


def _remedy(value: str) -> Markup:
    return say(f"remedy_{value}") if has(f"remedy_{value}") else Markup(value)


def _place(item: Mapping[str, Any]) -> str:
    place = say("place", platform=platform_title(item["platform"]), account=item["account"])
    return f"{plain(place)} {item['url']}".strip()


_SHOWN: dict[str, Callable[[Any], object]] = {
    "size_bytes": human.size,
    "limit_bytes": human.size,
    "unit": lambda unit: say(f"batch_unit_{unit}"),
    "what": lambda what: say(f"batch_{what}") if has(f"batch_{what}") else what,
    "near": lambda near: say("batch_near", near=f"{{{near}}}") if near else "",
    "places": lambda places: [_place(one) for one in places],
    "remedies": lambda remedies: [plain(_remedy(one)) for one in remedies],
}
"""How facts are told that are not told as they are."""
