from __future__ import annotations

from dataclasses import replace

import pytest

from bot.chat.texts import has
from core.media.fit.remedies import REMEDIES, Remedy
from core.media.specs import Severity, blocks, check
from core.platforms.base import MediaLimits
from core.posts.models import MediaFacts

LIMITS = MediaLimits(
    max_bytes=1000,
    min_seconds=3,
    max_seconds=90,
    min_frame_rate=23,
    max_frame_rate=60,
    min_width=200,
    max_width=1920,
    min_height=100,
    max_height=4000,
    min_side=120,
    max_side=3000,
    min_aspect=0.5,
    max_aspect=2,
    containers=frozenset({"mp4", "mov"}),
    video_codecs=frozenset({"h264", "hevc"}),
    audio_codecs=frozenset({"aac"}),
    index_first=True,
)
GOOD = MediaFacts(
    size_bytes=1000,
    duration_seconds=90.0,
    width=1080,
    height=1920,
    frame_rate=29.97,
    video_codec="h264",
    audio_codec="aac",
    container="mov,mp4,m4a",
    index_first=True,
)


def test_good_file_has_no_findings() -> None:
    assert check(GOOD, LIMITS) == []


def test_what_is_not_known_passes() -> None:
    assert check(MediaFacts(), LIMITS) == []


def test_no_limits_no_findings() -> None:
    assert check(GOOD, MediaLimits(max_bytes=1000)) == []


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"size_bytes": 1001}, "too_big"),
        ({"size_bytes": 0}, "empty_file"),
        ({"duration_seconds": 90.2}, "too_long"),
        ({"duration_seconds": 2.9}, "too_short"),
        ({"frame_rate": 120.0}, "frame_rate_high"),
        ({"frame_rate": 15.0}, "frame_rate_low"),
        ({"width": 2000, "height": 2000}, "too_wide"),
        ({"width": 199, "height": 300}, "too_narrow"),
        ({"width": 200, "height": 110}, "side_short"),
        ({"width": 1900, "height": 3001}, "side_long"),
        ({"width": 400, "height": 900}, "aspect_tall"),
        ({"width": 900, "height": 400}, "aspect_wide"),
        ({"container": "avi"}, "container"),
        ({"video_codec": "mpeg4"}, "video_codec"),
        ({"audio_codec": "opus"}, "audio_codec"),
        ({"index_first": False}, "index_last"),
    ],
)
def test_each_limit_has_its_own_finding(changes: dict[str, object], key: str) -> None:
    findings = check(replace(GOOD, **changes), LIMITS)  # type: ignore[arg-type]  # by the table

    assert [finding.key for finding in findings] == [key]
    assert findings[0].severity is Severity.BLOCK
    assert blocks(findings) == findings


def test_finding_tells_both_numbers() -> None:
    finding = check(replace(GOOD, duration_seconds=200.0), LIMITS)[0]

    assert finding.facts == {"actual": 200.0, "limit": 90}


@pytest.mark.parametrize("seconds", [90.04, 2.96])
def test_rounding_of_a_duration_is_forgiven(seconds: float) -> None:
    assert check(replace(GOOD, duration_seconds=seconds), LIMITS) == []


def test_silent_file_needs_no_audio_codec() -> None:
    assert check(replace(GOOD, audio_codec=""), LIMITS) == []


def test_nearly_exact_aspect_is_forgiven() -> None:
    limits = MediaLimits(max_bytes=1000, min_aspect=9 / 16, max_aspect=9 / 16)

    assert check(replace(GOOD, width=1080, height=1922), limits) == []


STRICT = MediaLimits(
    max_bytes=1000,
    min_long_side=960,
    pixel_formats=frozenset({"yuv420p"}),
    max_bit_rate=25_000_000,
    max_audio_rate=48_000,
    max_audio_channels=2,
    no_edit_list=True,
    needs_audio=True,
    sdr_only=True,
    constant_rate=True,
)


@pytest.mark.parametrize(
    ("facts", "key"),
    [
        (MediaFacts(width=540, height=540), "side_small"),
        (MediaFacts(pixel_format="yuv422p"), "pixel_format"),
        (MediaFacts(picture_bit_rate=30_000_000), "bit_rate"),
        (MediaFacts(audio_rate=96_000), "audio_rate"),
        (MediaFacts(audio_channels=6), "audio_channels"),
        (MediaFacts(edit_list=True), "edit_list"),
        (MediaFacts(has_audio=False), "no_audio"),
        (MediaFacts(color_transfer="arib-std-b67"), "hdr"),
        (MediaFacts(variable_rate=True), "variable_rate"),
    ],
)
def test_what_is_inside_the_file_has_limits_too(facts: MediaFacts, key: str) -> None:
    assert [finding.key for finding in check(facts, STRICT)] == [key]
    assert check(facts, MediaLimits(max_bytes=1000)) == []


def test_every_finding_has_a_sentence() -> None:
    keys = {*REMEDIES, "too_short", "empty_file", "unmeasured", "much_too_big"}
    assert [key for key in sorted(keys) if not has(f"fit_{key}")] == []
    assert [one for one in Remedy if not has(f"remedy_{one.value}")] == []
