from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from tests.bench.results import (
    at_least,
    at_most,
    median_ratio,
    percentile,
    reference,
    table,
    write_report,
)


@pytest.mark.parametrize(("percent", "value"), [(50, 3.0), (95, 5.0), (99, 5.0), (1, 1.0)])
def test_percentile_is_a_value_of_the_series(percent: float, value: float) -> None:
    assert percentile([5.0, 1.0, 4.0, 2.0, 3.0], percent) == value


def test_median_ratio_ignores_single_outliers() -> None:
    assert median_ratio([2.0, 2.0, 100.0], [1.0, 1.0, 50.0]) == 2.0


def test_goal_is_met_at_its_limit_unless_strict() -> None:
    assert at_most("a", 1.05, 1.05, method="").ok
    assert not at_most("a", 1.0501, 1.05, method="").ok
    assert not at_most("a", 8.0, 8, method="", strict=True).ok
    assert at_least("a", 0.5, 0.5, method="").ok
    assert not at_least("a", 0.4999, 0.5, method="").ok


def test_a_number_that_is_none_meets_no_goal() -> None:
    assert not at_most("a", -math.inf, 1, method="").ok
    assert not at_least("a", math.inf, 1, method="").ok
    assert not reference("a", math.nan, method="").ok


def test_report_has_exactly_the_promised_fields(tmp_path: Path) -> None:
    path = tmp_path / "bench.json"
    write_report([at_most("overlap", 1.0, 1.05, method="how")], path)
    assert json.loads(path.read_text()) == [
        {
            "name": "overlap",
            "value": 1.0,
            "unit": "ratio",
            "goal": "≤ 1.05",
            "ok": True,
            "method": "how",
        }
    ]


def test_table_shows_what_was_missed_and_how_it_was_measured() -> None:
    shown = table([at_most("slow", 9.0, 2, unit="s", method="a stop watch")])
    assert "MISSED" in shown
    assert "a stop watch" in shown
