from __future__ import annotations

from datetime import timedelta

import pytest

from utils.progress import RateMeter, eta


def test_steady_transfer_has_its_speed() -> None:
    meter = RateMeter()
    for tick in range(100):
        meter.add(tick * 50, tick * 0.1)

    assert meter.rate(9.9) == pytest.approx(500, rel=0.05)


def test_old_speed_is_forgotten() -> None:
    meter = RateMeter(window_seconds=5)
    for second in range(20):
        meter.add(second * 1000 if second < 10 else 10_000 + (second - 10) * 10, second)

    assert meter.rate(19) == pytest.approx(10, rel=0.3)


def test_speed_sinks_while_nothing_comes() -> None:
    meter = RateMeter(window_seconds=5)
    meter.add(0, 0)
    meter.add(1000, 1)

    assert meter.rate(1) == 1000
    assert meter.rate(4) == 250
    assert meter.rate(60) == 0


def test_resumed_transfer_does_not_count_what_was_there() -> None:
    meter = RateMeter()
    meter.add(1_000_000, 0)
    meter.add(1_000_100, 1)

    assert meter.rate(1) == 100


def test_smaller_total_starts_over() -> None:
    meter = RateMeter()
    meter.add(1000, 0)
    meter.add(2000, 1)
    meter.add(10, 2)
    meter.add(20, 3)

    assert meter.rate(3) == 10


def test_without_two_samples_there_is_no_speed() -> None:
    meter = RateMeter()
    assert meter.rate(0) == 0
    meter.add(5, 1)
    assert meter.rate(2) == 0


@pytest.mark.parametrize(
    ("left", "rate", "expected"),
    [(100, 50.0, timedelta(seconds=2)), (0, 0.0, timedelta(0)), (100, 0.0, None)],
)
def test_time_left(left: int, rate: float, expected: timedelta | None) -> None:
    assert eta(left, rate) == expected
