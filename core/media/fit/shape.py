"""Which width and height a picture gets so that a platform takes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf

from core.platforms.base import MediaLimits

LEAST_SIDE = 16
"""Smaller pictures are not encoded well, or not at all."""
MOST_SIDE = 7680
"""What is scaled up ends here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """Width and height in pixels."""

    width: int
    height: int

    @property
    def aspect(self) -> float:
        return self.width / self.height


def fitting_size(size: Size, limits: MediaLimits, *, crop: bool, shrink: float = 1.0) -> Size:
    """Return the even size nearest to the given one that keeps all limits.

    Args:
        size: the picture as displayed.
        limits: what the platform takes; None is open.
        crop: whether another shape is cut out of the picture or built around it.
        shrink: how much smaller each side shall be, where the limits allow it.
    """
    low, high = aspects(limits)
    aspect = min(max(size.aspect, low), high)
    width, height = _canvas(size, aspect, crop=crop)
    factor = _factor(width, height, limits, shrink)
    return _nearest_even(width * factor, height * factor, limits)


def aspects(limits: MediaLimits) -> tuple[float, float]:
    """Return the least and the greatest shape that the limits of shape and sides leave."""
    low, high = limits.min_aspect or 0.0, limits.max_aspect or inf
    widest, highest = _most(limits)
    narrowest = max(limits.min_width or 0, limits.min_side or 0, LEAST_SIDE)
    lowest = max(limits.min_height or 0, limits.min_side or 0, LEAST_SIDE)
    return max(low, narrowest / highest), min(high, widest / lowest)


def _most(limits: MediaLimits) -> tuple[int, int]:
    side = limits.max_side or MOST_SIDE
    return min(limits.max_width or side, side), min(limits.max_height or side, side)


def _canvas(size: Size, aspect: float, *, crop: bool) -> tuple[float, float]:
    is_too_wide = size.aspect > aspect
    if is_too_wide == crop:
        return size.height * aspect, float(size.height)
    return float(size.width), size.width / aspect


def _factor(width: float, height: float, limits: MediaLimits, shrink: float) -> float:
    """Return by how much both sides change: as little as the limits ask for."""
    widest, highest = _most(limits)
    most = min(widest / width, highest / height)
    least = max(
        (limits.min_width or LEAST_SIDE) / width,
        (limits.min_height or LEAST_SIDE) / height,
        (limits.min_side or LEAST_SIDE) / min(width, height),
        (limits.min_long_side or 0) / max(width, height),
    )
    return min(max(shrink, least), most)


def _nearest_even(width: float, height: float, limits: MediaLimits) -> Size:
    around = list(_around(width, height))
    kept = [size for size in around if _keeps(size, limits)]
    aspect = width / height

    def distance(size: Size) -> float:
        shape = abs(size.aspect / aspect - 1)
        return shape * 4 + abs(size.width / width - 1) + abs(size.height / height - 1)

    return min(kept or around, key=distance)


def _around(width: float, height: float) -> Iterator[Size]:
    for wide in range(-2, 3):
        for high in range(-2, 3):
            size = Size(
                width=2 * max(1, round(width / 2) + wide),
                height=2 * max(1, round(height / 2) + high),
            )
            yield size


def _keeps(size: Size, limits: MediaLimits) -> bool:
    short, long = sorted((size.width, size.height))
    return (
        (limits.min_width or 0) <= size.width <= (limits.max_width or inf)
        and (limits.min_height or 0) <= size.height <= (limits.max_height or inf)
        and (limits.min_side or 0) <= short
        and (limits.min_long_side or 0) <= long <= (limits.max_side or inf)
        and (limits.min_aspect or 0) <= size.aspect <= (limits.max_aspect or inf)
    )
