"""How the numbers of a post grow with the clock, the same on every platform."""

from __future__ import annotations

VIEWS_A_MINUTE = 3


def views(seconds: float) -> int:
    """Return the views of a post that could be seen for so long."""
    return VIEWS_A_MINUTE * (max(0, int(seconds)) // 60)


def likes(seconds: float) -> int:
    return views(seconds) // 10


def comments(seconds: float) -> int:
    return views(seconds) // 50


def shares(seconds: float) -> int:
    return views(seconds) // 100
