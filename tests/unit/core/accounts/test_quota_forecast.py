from __future__ import annotations

from core.accounts.forecast import Costs, Line, Meter, forecast, free_at
from core.accounts.windows import DAY, HOUR, SECOND, WINDOWS, Rolling

NOW = 1_790_000_000 * SECOND
ROLLING = WINDOWS["rolling_day"]


def meter(limit: int, *spent: int, held: int = 0, floor: int = 0) -> Meter:
    """Return a day's meter with one unit spent at each distance before now."""
    units = [(NOW - ago, 1) for ago in spent]
    return Meter(ROLLING, limit, units, now=NOW, held=held, floor=floor)


def line(costs: Costs, *ids: int, ready_at: int = 0) -> Line:
    return Line(costs, [(0, number, number) for number in ids], ready_at)


def test_the_kth_waits_for_the_kth_unit() -> None:
    day = meter(2, HOUR, 2 * HOUR)
    starts = forecast([line([(day, 1)], 1, 2, 3)], NOW)
    assert starts == {1: NOW + 22 * HOUR, 2: NOW + 23 * HOUR, 3: NOW + 46 * HOUR}


def test_what_is_held_counts_as_if_it_were_spent_now() -> None:
    assert meter(2, HOUR, held=1).free_at(NOW, 1) == NOW + 23 * HOUR
    assert meter(1, held=1).free_at(NOW, 1) == NOW + DAY


def test_a_cost_above_the_limit_is_never_free() -> None:
    small, other = meter(3), meter(1)
    assert small.free_at(NOW, 4) is None
    assert forecast([line([(small, 4)], 1), line([(other, 1)], 2)], NOW) == {2: NOW}


def test_all_quotas_have_to_have_room_at_once() -> None:
    costs = [(meter(1, 2 * HOUR), 1), (meter(1, floor=NOW + 23 * HOUR), 1)]
    assert free_at(costs, NOW) == NOW + 23 * HOUR


def test_who_is_first_goes_first_and_others_do_not_wait_for_who_cannot_yet() -> None:
    shared, full, free = meter(1), meter(1, HOUR), meter(1)
    starts = forecast([line([(shared, 1), (full, 1)], 1), line([(shared, 1), (free, 1)], 2)], NOW)
    assert starts == {2: NOW, 1: NOW + DAY}


def test_a_line_is_not_begun_before_it_is_ready() -> None:
    day = meter(5)
    starts = forecast([line([(day, 1)], 1, ready_at=NOW + HOUR), line([(day, 1)], 2)], NOW)
    assert starts == {2: NOW, 1: NOW + HOUR}


def test_a_question_takes_nothing() -> None:
    day = meter(1)
    starts = forecast([line([(day, 1)], -7), line([(day, 1)], 8)], NOW)
    assert starts == {-7: NOW, 8: NOW}


def test_it_ends_where_it_is_told_to() -> None:
    assert list(forecast([line([(meter(9), 1)], 1, 2, 3)], NOW, last=2)) == [1, 2]
    day = meter(1)
    assert list(forecast([line([(day, 1)], 1, 2, 3)], NOW, by=NOW)) == [1, 2]


def test_units_come_back_one_by_one_and_all_at_midnight() -> None:
    minute = Meter(Rolling(60 * SECOND), 2, [(NOW - 50 * SECOND, 1)], now=NOW)
    minute.take(NOW, 1)
    assert (minute.used, minute.left(NOW), minute.next_at(NOW)) == (2, 0, NOW + 10 * SECOND)
    assert minute.left(NOW + 10 * SECOND) == 1
    pacific = Meter(WINDOWS["pacific_day"], 2, [(NOW, 1), (NOW, 1)], now=NOW)
    midnight = WINDOWS["pacific_day"].frees_at(NOW)
    assert pacific.free_at(NOW, 1) == pacific.free_at(NOW, 2) == midnight


def test_a_clock_that_was_ahead_does_not_confuse_the_order() -> None:
    day = Meter(ROLLING, 2, [(NOW + HOUR, 1)], now=NOW)
    day.take(NOW, 1)
    assert day.free_at(NOW, 1) == NOW + DAY
    assert day.free_at(NOW, 2) == NOW + HOUR + DAY
