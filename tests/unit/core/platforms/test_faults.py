from __future__ import annotations

from datetime import timedelta

import pytest

from core.errors import ErrorKind
from core.platforms.base import ErrorRow
from core.platforms.faults import Fault, classify, header_wait, wants, whole, words
from core.platforms.graph_usage import usage_wait

ROWS = (
    ErrorRow(kind=ErrorKind.REJECTED, code="190/1"),
    ErrorRow(kind=ErrorKind.AUTH_REVOKED, code="190"),
    ErrorRow(kind=ErrorKind.RATE_LIMITED, contains="slow down", wait_seconds=9.0),
)


def test_an_exact_code_wins_over_its_family() -> None:
    exact = Fault(status=400, code="190/1", family="190")
    assert classify(ROWS, exact).kind is ErrorKind.REJECTED
    wider = Fault(status=400, code="190/2", family="190")
    assert classify(ROWS, wider).kind is ErrorKind.AUTH_REVOKED


def test_the_remotes_own_wait_wins_over_the_table() -> None:
    fault = Fault(status=400, message="Slow down!")
    assert classify(ROWS, fault).retry_after == timedelta(seconds=9)
    told = Fault(status=400, message="Slow down!", wait=timedelta(seconds=2))
    assert classify(ROWS, told).retry_after == timedelta(seconds=2)


def test_what_no_row_explains_goes_by_status() -> None:
    assert classify((), Fault(status=503)).kind is ErrorKind.TRANSIENT
    assert classify((), Fault(status=302)).kind is ErrorKind.BUG


def test_a_remote_that_calls_it_retriable_is_believed() -> None:
    assert classify((), Fault(status=400, retriable=True)).kind is ErrorKind.TRANSIENT
    revoked = Fault(status=400, code="190", retriable=True)
    assert classify(ROWS, revoked).kind is ErrorKind.AUTH_REVOKED


def test_messages_are_short_and_carry_no_token() -> None:
    error = classify((), Fault(status=400, message="access_token=abc123 " + "x" * 500))
    assert "abc123" not in error.message
    assert len(error.message) <= 200


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "120"}, 120),
        (
            {
                "retry-after": "Sat, 21 Nov 2026 10:00:30 GMT",
                "date": "Sat, 21 Nov 2026 10:00:00 GMT",
            },
            30,
        ),
        ({"retry-after": "Sat, 21 Nov 2026 10:00:30 GMT"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "\u00b2"}, None),
        ({"retry-after": "9" * 40}, 999_999_999),
        ({"retry-after": "Sat, 21 Nov 99999999999 10:00:30 GMT"}, None),
        ({}, None),
    ],
)
def test_reads_retry_after(headers: dict[str, str], seconds: int | None) -> None:
    wait = header_wait(headers)
    assert wait == (None if seconds is None else timedelta(seconds=seconds))


@pytest.mark.parametrize("value", ["", "junk", "[]", '{"1": 3}', '{"1": [{"type": "pages"}]}'])
def test_a_usage_header_without_a_wait_gives_none(value: str) -> None:
    assert usage_wait({"x-business-use-case-usage": value}) is None


def test_usage_waits_are_minutes_and_the_longest_counts() -> None:
    value = (
        '{"1": [{"estimated_time_to_regain_access": 3}],'
        ' "2": [{"estimated_time_to_regain_access": 8}]}'
    )
    assert usage_wait({"x-business-use-case-usage": value}) == timedelta(minutes=8)


def test_reads_values_of_any_shape() -> None:
    value = {"number": 5, "text": "7", "flag": True, "nothing": None, "list": [1]}
    assert [words(value, key) for key in value] == ["5", "7", "", "", ""]
    assert [whole(value, key) for key in value] == [5, 7, None, None, None]
    assert wants({"a": "Yes"}, "a")
    assert not wants({"a": "no"}, "a", default=True)
    assert wants({}, "a", default=True)
