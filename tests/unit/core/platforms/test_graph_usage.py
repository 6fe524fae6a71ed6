from __future__ import annotations

import json
from datetime import timedelta

import pytest

from core.platforms.base import LiveLimit
from core.platforms.graph_usage import LONGEST_WAIT, usage_limits
from core.platforms.registry import require_platform
from tests.platform_cases import answer


def shares(calls: int, time: int = 0, processor: int = 0) -> dict[str, int]:
    return {"call_count": calls, "total_time": time, "total_cputime": processor}


def business(*entries: dict[str, object], number: str = "1") -> str:
    return json.dumps({number: list(entries)})


def test_the_largest_of_the_three_shares_counts() -> None:
    app = usage_limits({"x-app-usage": json.dumps(shares(28, 61, 25))})
    assert app == (LiveLimit(name="app_calls", scope="project", allowed=100, used=61),)


def test_an_app_at_its_limit_waits_for_an_hour() -> None:
    (limit,) = usage_limits({"x-app-usage": json.dumps(shares(100))})
    assert limit.wait == timedelta(hours=1)


def test_a_page_has_a_limit_of_its_own() -> None:
    (limit,) = usage_limits({"x-page-usage": json.dumps(shares(7))})
    assert (limit.name, limit.scope, limit.used) == ("page_calls", "account", 7)


def test_waits_of_businesses_are_minutes_and_the_longest_counts() -> None:
    told = business(
        {"type": "pages", **shares(100), "estimated_time_to_regain_access": 8},
        {"type": "instagram", **shares(40), "estimated_time_to_regain_access": 0},
    )
    (limit,) = usage_limits({"x-business-use-case-usage": told})
    assert limit == LiveLimit(
        name="business_calls", allowed=100, used=100, wait=timedelta(minutes=8)
    )


def test_a_business_with_room_waits_for_nothing() -> None:
    told = business({"type": "pages", **shares(99), "estimated_time_to_regain_access": 0})
    (limit,) = usage_limits({"x-business-use-case-usage": told})
    assert limit.wait is None


@pytest.mark.parametrize(
    "value", ["", "[]", "{", "null", '"x"', '{"1": 5}', '{"1": ["x"]}', '{"1": []}']
)
def test_headers_that_cannot_be_read_say_nothing(value: str) -> None:
    assert usage_limits({"x-business-use-case-usage": value}) == ()
    assert usage_limits({"x-app-usage": value if value != '{"1": []}' else ""}) in {
        (),
        (LiveLimit(name="app_calls", scope="project", allowed=100, used=0),),
    }


@pytest.mark.parametrize("minutes", [1e300, 10**30])
def test_a_wait_beyond_reason_is_cut(minutes: float) -> None:
    told = business({"type": "pages", "estimated_time_to_regain_access": minutes})
    (limit,) = usage_limits({"x-business-use-case-usage": told})
    assert limit.wait == LONGEST_WAIT


@pytest.mark.parametrize("name", ["instagram", "facebook"])
def test_both_platforms_read_the_headers(name: str) -> None:
    response = answer({}, headers={"x-app-usage": json.dumps(shares(3))})
    assert [limit.name for limit in require_platform(name).read_usage(response)] == ["app_calls"]
