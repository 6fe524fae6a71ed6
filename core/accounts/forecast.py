"""When each of the waiting uploads starts: the one arithmetic for waits, wake-ups and forecasts.

Whoever is first in order and has room in all its quotas goes, as soon as there is room; nobody
keeps a unit free for somebody who could not use it yet. Times are ticks, see ``windows``.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heapreplace

from core.accounts.windows import Window

Order = tuple[int, int, int]
"""Priority negated, id of the post, id of the upload: the smaller goes first."""


class Meter:
    """What one quota has spent; time only goes forward in it.

    ``held`` are units that are reserved: they count as if they were spent at ``now``.
    """

    __slots__ = ("_freeing", "floor", "limit", "used", "window")

    def __init__(
        self,
        window: Window,
        limit: int,
        spent: Iterable[tuple[int, int]] = (),
        *,
        now: int,
        held: int = 0,
        floor: int = 0,
    ) -> None:
        self.window = window
        self.limit = limit
        self.floor = floor
        """Nothing is allowed before; 0 for no such time."""
        frees = [(window.frees_at(at), units) for at, units in spent]
        if held:
            frees.append((window.frees_at(now), held))
        frees.sort()
        self._freeing = deque(item for item in frees if item[0] > now)
        self.used = sum(units for _, units in self._freeing)

    def left(self, now: int) -> int:
        """Return how many units may be spent now."""
        self._forget(now)
        return 0 if self.floor > now else max(0, self.limit - self.used)

    def free_at(self, at: int, units: int) -> int | None:
        """Return from when on so many units may be spent; None for never.

        ``at`` may lie ahead: nothing is forgotten by the question.
        """
        start = max(self.floor, at)
        over = self.used + units - self.limit
        if over <= 0:
            return start
        for frees, spent in self._freeing:
            over -= spent
            if over <= 0:
                return max(frees, start)
        return None

    def next_at(self, now: int) -> int | None:
        """Return when the next units come back; None while none is spent."""
        self._forget(now)
        return self._freeing[0][0] if self._freeing else None

    def take(self, now: int, units: int) -> None:
        self._forget(now)
        frees = self.window.frees_at(now)
        last = self._freeing[-1] if self._freeing else None
        if last is not None and last[0] == frees:
            self._freeing[-1] = (frees, last[1] + units)
        else:
            self._freeing.append((frees, units))
            if last is not None and last[0] > frees:
                self._freeing = deque(sorted(self._freeing))
        self.used += units

    def _forget(self, now: int) -> None:
        freeing = self._freeing
        while freeing and freeing[0][0] <= now:
            self.used -= freeing.popleft()[1]


Costs = Sequence[tuple[Meter, int]]
"""What a start takes: units of each meter."""


def free_at(costs: Costs, now: int) -> int | None:
    """Return the first time from ``now`` on at which all meters have room; None for never."""
    at = now
    while True:
        reached = at
        for meter, units in costs:
            free = meter.free_at(reached, units)
            if free is None:
                return None
            reached = free
        if reached == at:
            return at
        at = reached


def take(costs: Costs, now: int) -> None:
    for meter, units in costs:
        meter.take(now, units)


@dataclass(slots=True)
class Line:
    """Uploads that cost the same, in order; none of them starts before ``ready_at``."""

    costs: Costs
    orders: list[Order]
    ready_at: int = 0


def forecast(
    lines: Iterable[Line], now: int, *, last: int = 0, by: int | None = None
) -> dict[int, int]:
    """Return when each upload starts, by its id, in the order of the starts.

    An upload that can never start is left out. The meters are used up by it. It ends with the
    upload ``last``, and with the first one that starts later than ``by``. Ids below 0 only ask
    when one more upload would start, and take nothing.
    """
    queues = [line for line in lines if line.orders]
    places = [0] * len(queues)
    heap: list[tuple[int, Order, int]] = [
        (max(now, line.ready_at), line.orders[0], number) for number, line in enumerate(queues)
    ]
    heapify(heap)
    starts: dict[int, int] = {}
    while heap:
        at, order, number = heap[0]
        line = queues[number]
        free = free_at(line.costs, at)
        if free is None:
            heappop(heap)
            continue
        if free > at:
            heapreplace(heap, (free, order, number))
            continue
        if order[2] > 0:
            take(line.costs, at)
        starts[order[2]] = at
        if order[2] == last or (by is not None and at > by):
            break
        places[number] += 1
        if places[number] < len(line.orders):
            heapreplace(heap, (at, line.orders[places[number]], number))
        else:
            heappop(heap)
    return starts


__all__ = ["Costs", "Line", "Meter", "Order", "forecast", "free_at", "take"]
