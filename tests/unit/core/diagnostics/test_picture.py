from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from core.diagnostics.model import Point
from core.diagnostics.picture import LEAST_POINTS, Words, draw, is_worth_drawing

START = datetime(2026, 1, 1, tzinfo=UTC)
WORDS = Words(title="Успех · muvaffaqiyat · đăng", uploads="u", live="l", failed="f", seconds="s")


def course(count: int) -> list[Point]:
    return [
        Point(
            at=START + timedelta(days=day),
            live=day,
            failed=day % 3,
            mean_seconds=None if day == 2 else 10.0 * day,
        )
        for day in range(count)
    ]


async def test_a_picture_is_drawn_beside_the_loop() -> None:
    points = course(31)
    labels = [f"{point.at:%d %b}" for point in points]
    picture = await asyncio.to_thread(draw, points, labels, WORDS)
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert len(picture) > 5000


def test_few_points_are_not_worth_a_picture() -> None:
    assert not is_worth_drawing(course(LEAST_POINTS - 1))
    assert is_worth_drawing(course(LEAST_POINTS))
