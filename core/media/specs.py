"""Whether a platform takes a file, from whatever is known of it so far."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from core.platforms.base import MediaLimits
from core.posts.models import MediaFacts

_SECONDS_SLACK = 0.05
"""Containers round durations; the remotes do not refuse for a frame more."""
_ASPECT_SLACK = 0.002


class Severity(StrEnum):
    """What a finding does to the upload."""

    BLOCK = "block"
    WARN = "warn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One way in which a file does not fit."""

    severity: Severity
    key: str
    """Names the sentence."""
    facts: dict[str, Any] = field(default_factory=dict)
    """What fills it: ``actual`` and ``limit``, both in the unit of the fact."""


def check(facts: MediaFacts, limits: MediaLimits) -> list[Finding]:
    """Compare; what is not known passes, so the same check serves before and after the probe."""
    return [
        *_check_range("too_big", None, facts.size_bytes, None, limits.max_bytes),
        *_check_empty(facts),
        *_check_duration(facts, limits),
        *_check_frame_rate(facts, limits),
        *_check_sides(facts, limits),
        *_check_aspect(facts, limits),
        *_check_formats(facts, limits),
        *_check_index(facts, limits),
    ]


def blocks(findings: list[Finding]) -> list[Finding]:
    """Return the findings that forbid the upload."""
    return [finding for finding in findings if finding.severity is Severity.BLOCK]


def _check_empty(facts: MediaFacts) -> Iterator[Finding]:
    if facts.size_bytes == 0:
        yield Finding(severity=Severity.BLOCK, key="empty_file")


def _check_duration(facts: MediaFacts, limits: MediaLimits) -> Iterator[Finding]:
    low, high = limits.min_seconds, limits.max_seconds
    yield from _check_range(
        "too_long", "too_short", facts.duration_seconds, low, high, slack=_SECONDS_SLACK
    )


def _check_frame_rate(facts: MediaFacts, limits: MediaLimits) -> Iterator[Finding]:
    low, high = limits.min_frame_rate, limits.max_frame_rate
    yield from _check_range(
        "frame_rate_high", "frame_rate_low", facts.frame_rate, low, high, slack=0.1
    )


def _check_sides(facts: MediaFacts, limits: MediaLimits) -> Iterator[Finding]:
    yield from _check_range(
        "too_wide", "too_narrow", facts.width, limits.min_width, limits.max_width
    )
    yield from _check_range(
        "too_high", "too_low", facts.height, limits.min_height, limits.max_height
    )
    if facts.width and facts.height:
        short, long = sorted((facts.width, facts.height))
        yield from _check_range("", "side_short", short, limits.min_side, None)
        yield from _check_range("side_long", "", long, None, limits.max_side)


def _check_aspect(facts: MediaFacts, limits: MediaLimits) -> Iterator[Finding]:
    if facts.width and facts.height:
        aspect = facts.width / facts.height
        low, high = limits.min_aspect, limits.max_aspect
        slack = _ASPECT_SLACK * aspect
        yield from _check_range("aspect_wide", "aspect_tall", aspect, low, high, slack=slack)


def _check_formats(facts: MediaFacts, limits: MediaLimits) -> Iterator[Finding]:
    for key, actual, allowed in (
        ("container", frozenset(facts.container.split(",")) - {""}, limits.containers),
        ("video_codec", frozenset({facts.video_codec} - {""}), limits.video_codecs),
        ("audio_codec", frozenset({facts.audio_codec} - {""}), limits.audio_codecs),
    ):
        if actual and allowed and not actual & allowed:
            yield Finding(
                severity=Severity.BLOCK,
                key=key,
                facts={"actual": ",".join(sorted(actual)), "limit": ", ".join(sorted(allowed))},
            )


def _check_index(facts: MediaFacts, limits: MediaLimits) -> Iterator[Finding]:
    if limits.index_first and facts.index_first is False:
        yield Finding(severity=Severity.BLOCK, key="index_last")


def _check_range(
    over: str,
    under: str | None,
    actual: float | None,
    low: float | None,
    high: float | None,
    *,
    slack: float = 0.0,
) -> Iterator[Finding]:
    if actual is None:
        return
    if high is not None and actual > high + slack:
        facts = {"actual": actual, "limit": high}
        yield Finding(severity=Severity.BLOCK, key=over, facts=facts)
    if under is not None and low is not None and actual < low - slack:
        facts = {"actual": actual, "limit": low}
        yield Finding(severity=Severity.BLOCK, key=under, facts=facts)
