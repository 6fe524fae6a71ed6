from __future__ import annotations

import pytest

from bot.chat.budget import OVERALL_BURST, OVERALL_PORTION, OVERALL_RATE, Budget, Urgency
from tests.chat_kit import GROUP, PERSON
from tests.clocks import ManualClock

ONCE, ROUTINE = Urgency.SAID_ONCE, Urgency.ROUTINE


@pytest.fixture
def budget(clock: ManualClock) -> Budget:
    return Budget(clock)


async def drain(budget: Budget, clock: ManualClock, chat_id: int, urgency: Urgency) -> int:
    """Take all that a minute gives; return how much that was."""
    taken, end = 0, clock.monotonic() + 59.99
    while clock.monotonic() < end:
        wait = budget.take(chat_id, urgency)
        taken += wait == 0
        await clock.advance(min(wait, end - clock.monotonic()))
    return taken


@pytest.mark.parametrize(
    ("chat_id", "urgency", "most"),
    [(PERSON, ONCE, 65), (PERSON, ROUTINE, 22), (GROUP, ONCE, 20), (GROUP, ROUTINE, 11)],
)
async def test_a_minute_has_its_limit(
    budget: Budget, clock: ManualClock, chat_id: int, urgency: Urgency, most: int
) -> None:
    assert most - 2 <= await drain(budget, clock, chat_id, urgency) <= most


async def test_a_wait_is_exactly_long_enough(budget: Budget, clock: ManualClock) -> None:
    while (wait := budget.take(GROUP, ONCE)) == 0:
        await clock.advance(0.1)
    await clock.advance(wait)
    assert budget.take(GROUP, ONCE) == 0


async def test_routine_leaves_something_for_what_is_said_once(
    budget: Budget, clock: ManualClock
) -> None:
    for chat_id in range(1, 200):
        await clock.advance(1)
        while budget.take(chat_id, ROUTINE) == 0:
            await clock.advance(1)
        assert budget.take(chat_id, ONCE) == 0


async def test_asking_takes_nothing(budget: Budget) -> None:
    for _ in range(50):
        assert budget.missing_seconds(PERSON, ONCE) == 0
    assert budget.take(PERSON, ONCE) == 0


async def test_all_chats_share_what_the_bot_may_send(budget: Budget, clock: ManualClock) -> None:
    taken = 0
    for step in range(100):
        taken += budget.take(1 + step, ONCE) == 0
        await clock.advance(0.01)
    assert taken <= OVERALL_RATE + OVERALL_BURST
    while budget.take(999, ONCE) == 0:
        continue
    assert budget.overall_seconds() == pytest.approx(OVERALL_PORTION / OVERALL_RATE, abs=0.04)
