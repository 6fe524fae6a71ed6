"""Where each part of a mashup is seen: layouts as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.studio.errors import StudioError

Size = tuple[int, int]
"""Width and height in pixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle in pixels; all four are even, as the colours of 4:2:0 want it."""

    left: int
    top: int
    width: int
    height: int

    @property
    def size(self) -> Size:
        return self.width, self.height


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A rectangle in shares of the picture, 0 to 1."""

    left: float = 0.0
    top: float = 0.0
    width: float = 1.0
    height: float = 1.0

    def box(self, size: Size) -> Box:
        """Return its pixels; cells that touch in shares touch in pixels."""
        left, right = _even(self.left * size[0]), _even((self.left + self.width) * size[0])
        top, bottom = _even(self.top * size[1]), _even((self.top + self.height) * size[1])
        return Box(left=left, top=top, width=max(2, right - left), height=max(2, bottom - top))


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How the parts share the picture."""

    name: str
    cells: tuple[Cell, ...]
    """One for each part, a later one over an earlier one; a sequence has one for all."""
    is_sequence: bool = False
    """Whether the parts follow each other in time."""

    def boxes(self, size: Size) -> tuple[Box, ...]:
        return tuple(cell.box(size) for cell in self.cells)

    @property
    def shares(self) -> tuple[float, ...]:
        """Return which share of the picture is seen of each cell."""
        areas = [cell.width * cell.height for cell in self.cells]
        hidden = sum(areas[1:]) if self.is_layered else 0.0
        return (areas[0] - hidden, *areas[1:])

    @property
    def is_layered(self) -> bool:
        """Whether the later cells lie over the first one."""
        return sum(cell.width * cell.height for cell in self.cells) > 1 + 1e-6


_MOST, _LEAST = 2 / 3, 1 / 3

LAYOUTS: Mapping[str, Layout] = {
    one.name: one
    for one in (
        Layout(name="side", cells=(Cell(width=_MOST), Cell(left=_MOST, width=_LEAST))),
        Layout(name="stack", cells=(Cell(height=_MOST), Cell(top=_MOST, height=_LEAST))),
        Layout(name="full", cells=(Cell(),)),
        # Above the middle on the left: nothing of what apps lay over a video is there.
        Layout(
            name="corner", cells=(Cell(), Cell(left=0.05, top=0.12, width=_LEAST, height=_LEAST))
        ),
        Layout(name="sequence", cells=(Cell(),), is_sequence=True),
    )
}


def layout(name: str) -> Layout:
    """Return the layout of that name.

    Raises:
        StudioError: ``unknown_layout``.
    """
    found = LAYOUTS.get(name)
    if found is None:
        raise StudioError("unknown_layout", {"layout": name, "known": ", ".join(LAYOUTS)})
    return found


def _even(length: float) -> int:
    return round(length / 2) * 2
