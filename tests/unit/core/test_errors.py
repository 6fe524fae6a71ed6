from __future__ import annotations

from datetime import timedelta

import pytest

from bot.chat.texts import en
from core.errors import (
    CONSEQUENCES,
    ErrorKind,
    KarvonError,
    RefusedError,
    RemoteError,
    SourceError,
    UploadEffect,
    classify_status,
)
from core.platforms.registry import platform_names, require_platform


@pytest.mark.parametrize("kind", ErrorKind)
def test_every_kind_has_a_consequence_and_a_sentence(kind: ErrorKind) -> None:
    assert kind in CONSEQUENCES
    assert f"error_{kind.value}" in en.SENTENCES


@pytest.mark.parametrize("effect", UploadEffect)
def test_every_effect_follows_from_some_kind(effect: UploadEffect) -> None:
    assert effect in {consequence.effect for consequence in CONSEQUENCES.values()}


def test_only_lost_access_needs_the_owner() -> None:
    needing = {kind for kind, consequence in CONSEQUENCES.items() if consequence.reconnect}
    assert needing == {ErrorKind.AUTH_REVOKED}


def test_waiting_for_a_remote_is_no_attempt() -> None:
    for kind, consequence in CONSEQUENCES.items():
        if consequence.effect in {UploadEffect.WAIT, UploadEffect.HOLD, UploadEffect.ASK}:
            assert not consequence.counts, kind


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, ErrorKind.REJECTED),
        (401, ErrorKind.AUTH_EXPIRED),
        (403, ErrorKind.REJECTED),
        (404, ErrorKind.REJECTED),
        (408, ErrorKind.TRANSIENT),
        (413, ErrorKind.REJECTED),
        (425, ErrorKind.TRANSIENT),
        (429, ErrorKind.RATE_LIMITED),
        (500, ErrorKind.TRANSIENT),
        (503, ErrorKind.TRANSIENT),
        (599, ErrorKind.TRANSIENT),
        (200, ErrorKind.BUG),
        (302, ErrorKind.BUG),
    ],
)
def test_a_status_that_no_row_explains_has_a_kind(status: int, kind: ErrorKind) -> None:
    assert classify_status(status) is kind


@pytest.mark.parametrize("status", range(100, 600))
def test_no_status_is_without_a_kind(status: int) -> None:
    assert classify_status(status) in CONSEQUENCES


@pytest.mark.parametrize("name", platform_names())
def test_rows_of_a_platform_can_all_be_reached(name: str) -> None:
    seen: set[tuple[str, str, int | None]] = set()
    for row in require_platform(name).errors:
        place = (row.code, row.contains, row.status)
        assert place not in seen, place
        assert any(place), "a row that matches everything hides those below"
        seen.add(place)


@pytest.mark.parametrize(
    "error",
    [
        RefusedError("no_account"),
        SourceError(key="source_gone", retry=False),
        RemoteError(kind=ErrorKind.REJECTED, message="too long"),
    ],
)
def test_every_error_can_be_told_to_a_person(error: KarvonError) -> None:
    assert str(error)


def test_an_error_of_a_remote_shows_kind_code_and_message() -> None:
    error = RemoteError(
        kind=ErrorKind.RATE_LIMITED,
        message="slow down",
        code="4",
        retry_after=timedelta(seconds=3),
    )
    assert str(error) == "rate_limited: 4 slow down"
