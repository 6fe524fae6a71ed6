from __future__ import annotations

from typing import Any

import pytest

from bot.chat.mashup_text import ENDED, MASHUP_BOARDS
from bot.chat.render_card import STAGES, render_board
from bot.chat.texts import human

COUNTS = {"total": 5, "pending": 1, "processing": 1, "ready": 2, "failed": 1, "cancelled": 0}


def facts(**changes: Any) -> dict[str, Any]:
    """Return what Karvon knows of a render that is being made."""
    values: dict[str, Any] = {
        "render_id": 7,
        "name": "My clip <b>",
        "state": "processing",
        "preview": False,
        "stage": "rendering",
        "share": 0.456,
        "speed": 3.21,
        "eta_seconds": 12.0,
        "place": None,
        "waits_for": "",
        "until": "",
        "attempts": 0,
        "error": None,
        "warnings": [],
        "publishes": False,
        "asset_id": None,
        "post_id": None,
        "post_error": None,
        "seconds": None,
        "duration_seconds": None,
        "width": None,
        "height": None,
        "size_bytes": None,
        "batch_id": None,
        "batch": None,
    }
    return {**values, **changes}


def words(**changes: Any) -> str:
    return human.plain(render_board(facts(**changes)).text)


def actions(**changes: Any) -> list[str]:
    rows = render_board(facts(**changes)).rows
    return [one.data.split(":")[1] for row in rows for one in row]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "Rendering · 45 % · 3.2× as fast as it plays · 12 s left"),
        ({"speed": None}, "Rendering · 45 % · 12 s left"),
        ({"eta_seconds": None}, "Rendering · 45 % · 3.2× as fast as it plays"),
        ({"eta_seconds": None, "speed": None}, "Rendering · 45 %"),
        ({"stage": "newer"}, "Begun"),
        ({"state": "pending", "place": 3}, "Number 3 in the queue"),
        ({"state": "pending", "place": 1}, "the next one"),
        (
            {"state": "pending", "waits_for": "disk", "until": "2026-11-21T12:30:00+00:00"},
            "Looks again at 12:30 UTC",
        ),
        (
            {"state": "pending", "waits_for": "retry", "until": "x", "until_told": "14:30"},
            "Looks again at 14:30",
        ),
        ({"state": "failed", "error": {"key": "no_such", "facts": {}}}, "no such"),
        ({"state": "failed", "error": {"key": "disk_full", "facts": {}}}, "Retry makes it again"),
        ({"post_id": 5, "state": "ready"}, "goes out as post 5"),
        ({"publishes": True}, "published as soon as"),
        (
            {"state": "ready", "post_error": {"key": "no_account", "facts": {}}},
            "Not published: No channel is connected",
        ),
        (
            {"state": "ready", "post_error": {"key": "render_blocked", "facts": {"breaches": [
                {"rule": "twins", "key": "twins", "facts": {"account": "a", "other": "b"}}
            ]}}},
            "the rules do not let it",
        ),
        ({"preview": True, "state": "ready"}, "Three seconds"),
        ({"preview": True, "state": "failed"}, "Not made"),
        ({"preview": True, "state": "cancelled"}, "Cancelled"),
    ],
)  # fmt: skip
def test_the_card_says_how_it_stands(changes: dict[str, Any], said: str) -> None:
    assert said in words(**changes)


@pytest.mark.parametrize("stage", STAGES)
def test_every_stage_has_its_words(stage: str) -> None:
    assert "Begun" not in words(stage=stage)


@pytest.mark.parametrize(
    ("changes", "offered"),
    [
        ({"state": "pending", "place": 1}, ["cancel"]),
        ({"state": "pending", "place": 2}, ["first", "cancel"]),
        ({"state": "processing"}, ["cancel"]),
        ({"state": "failed"}, ["again", "log"]),
        ({"state": "cancelled"}, ["again", "log"]),
        ({"state": "ready", "asset_id": 3}, ["publish", "again", "log"]),
        ({"state": "ready", "asset_id": 3, "post_id": 4}, ["again", "log"]),
        ({"state": "ready", "preview": True}, []),
    ],
)
def test_the_card_offers_what_can_be_done(changes: dict[str, Any], offered: list[str]) -> None:
    assert actions(**changes) == offered


def test_a_preview_that_failed_promises_no_button() -> None:
    failed = {"state": "failed", "preview": True, "error": {"key": "stalled", "facts": {}}}
    assert "stood still" in words(**failed)
    assert "Retry" not in words(**failed)
    assert actions(**failed) == []


def test_a_result_is_told_with_its_measures() -> None:
    said = words(
        state="ready",
        duration_seconds=30.0,
        width=1080,
        height=1920,
        size_bytes=5 * 1024 * 1024,
        seconds=9.0,
    )
    assert "30 s · 1080×1920 · 5 MB · made in 9 s" in said


def test_many_have_one_card() -> None:
    said = words(batch_id=2, batch=COUNTS)
    assert "3 of 5 done" in said
    assert "Now: My clip" in said
    assert actions(batch_id=2, batch=COUNTS) == ["cancel"]
    over = {**COUNTS, "pending": 0, "processing": 0, "ready": 4}
    assert actions(batch_id=2, batch=over, state="") == ["retry"]


def test_the_longest_card_fits_into_a_message() -> None:
    long = {"severity": "warn", "key": "no_licence", "facts": {"name": "<&" * 2000}}
    error = {"key": "no_glyph", "facts": {"characters": "&" * 9000}}
    card = render_board(
        facts(state="pending", waits_for="retry", warnings=[long] * 50, error=error)
    )
    assert human.visible_length(card.text) < 4096


@pytest.mark.parametrize("end", ["left", "expired", "sent", "sent_many"])
def test_a_draft_that_ended_says_so(end: str) -> None:
    drawn = MASHUP_BOARDS[ENDED]({"end": end, "draft_id": 1, "render_id": 7, "count": 3})
    assert "🎬" in drawn.text
    assert drawn.rows == []
