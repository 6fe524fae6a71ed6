"""Whether a platform takes a file, from whatever is known of it so far."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from core.platforms.base import MediaLimits
from core.posts.models import MediaFacts

HDR_TRANSFERS = frozenset({"smpte2084", "arib-std-b67"})
"""PQ and HLG, as ffprobe names them. Source: ITU-R BT.2100-2."""

_SECONDS_SLACK = 0.05
"""Containers round durations; the remotes do not refuse for a frame more."""
_ASPECT_SLACK = 0.002
_RATE_SLACK = 0.1


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
    """Compare; what is not known passes, so the same check serves before and after the probe.

    What the platform refuses comes first; advice about the same thing is then left out.
    """
    found = list(_compare(facts, limits))
    if limits.advice is None:
        return found
    told = {finding.key for finding in found}
    advice = _compare(facts, limits.advice)
    return found + [
        replace(finding, severity=Severity.WARN) for finding in advice if finding.key not in told
    ]


def blocks(findings: list[Finding]) -> list[Finding]:
    """Return the findings that forbid the upload."""
    return [finding for finding in findings if finding.severity is Severity.BLOCK]


def _compare(facts: MediaFacts, limits: MediaLimits) -> Iterator[Finding]:
    yield from _check_range("too_big", None, facts.size_bytes, None, limits.max_bytes)
    if facts.size_bytes == 0:
        yield _block("empty_file")
    yield from _check_duration(facts, limits)
    yield from _check_frame_rate(facts, limits)
    yield from _check_sides(facts, limits)
    yield from _check_aspect(facts, limits)
    yield from _check_formats(facts, limits)
    yield from _check_sound(facts, limits)
    yield from _check_layout(facts, limits)


def _block(key: str, **facts: object) -> Finding:
    return Finding(severity=Severity.BLOCK, key=key, facts=facts)


def _check_duration(facts: MediaFacts, limits: MediaLimits) -> Iterator[Finding]:
    low, high = limits.min_seconds, limits.max_seconds
    yield from _check_range(
        "too_long", "too_short", facts.duration_seconds, low, high, slack=_SECONDS_SLACK
    )


def _check_frame_rate(facts: MediaFacts, limits: MediaLimits) -> Iterator[Finding]:
    low, high = limits.min_frame_rate, limits.max_frame_rate
    yield from _check_range(
        "frame_rate_high", "frame_rate_low", facts.frame_rate, low, high, slack=_RATE_SLACK
    )
    if limits.constant_rate and facts.variable_rate:
        yield _block("variable_rate")


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
        yield from _check_range("side_long", "side_small", long, limits.min_long_side, None)
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
        ("pixel_format", frozenset({facts.pixel_format} - {""}), limits.pixel_formats),
    ):
        if actual and allowed and not actual & allowed:
            names = ",".join(sorted(actual))
            yield _block(key, actual=names, limit=", ".join(sorted(allowed)))
    if limits.sdr_only and facts.color_transfer in HDR_TRANSFERS:
        yield _block("hdr", actual=facts.color_transfer)
    yield from _check_range("bit_rate", None, facts.picture_bit_rate, None, limits.max_bit_rate)


def _check_sound(facts: MediaFacts, limits: MediaLimits) -> Iterator[Finding]:
    if limits.needs_audio and facts.has_audio is False:
        yield _block("no_audio")
    yield from _check_range("audio_rate", None, facts.audio_rate, None, limits.max_audio_rate)
    yield from _check_range(
        "audio_channels", None, facts.audio_channels, None, limits.max_audio_channels
    )


def _check_layout(facts: MediaFacts, limits: MediaLimits) -> Iterator[Finding]:
    if limits.index_first and facts.index_first is False:
        yield _block("index_last")
    if limits.no_edit_list and facts.edit_list:
        yield _block("edit_list")


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
        yield _block(over, actual=actual, limit=high)
    if under is not None and low is not None and actual < low - slack:
        yield _block(under, actual=actual, limit=low)
