"""Canvases of words that are laid over the picture, drawn only when they change.

Drawing letters into every picture costs more than all else that is laid over a video. So each
kind of words is drawn on a small canvas of its own, once for each thing it shows, and the canvas
is laid over the pictures for as long as that lasts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil, floor
from typing import Any

import ffmpeg

from core.studio.captions import ass
from core.studio.captions.ass import Style
from core.studio.captions.timing import Shown
from core.studio.captions.wrapping import width_of

MOST_STATES = 2000
"""Of more changes, the times would not fit into a command line: then it is drawn at a rate."""
RATE = 25
SUM_LENGTH = 40
"""So many times are added up in one filter: its sums are read to a limited depth."""
SHORTEST = 0.005
"""In seconds; what is seen for a shorter time is not."""
LAST_SECONDS = 0.1
"""Nothing changes later than so long before the end: a change after the last picture of the video
would make one more."""
LINE = 1.02
"""Lines with several fonts are that much higher."""
SPARE = 0.97
"""Share of the width that is used: shaped letters are a little wider than told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One canvas."""

    name: str
    """Of the file that libass reads."""
    left: int
    top: int
    width: int
    height: int
    """Where it lies in the picture, in pixels; all are even."""
    colour: str
    """Of its rim, as ``#rrggbb``: there the words blend with nothing else."""
    opacity: float
    times: tuple[float, ...]
    """When each of the things it shows begins, from 0 on; empty: it is drawn at a rate."""
    seconds: float

    def over(self, stream: Any, fonts: str) -> Any:  # noqa: ANN401 - ffmpeg-python is untyped
        """Lay it over a picture."""
        rate, seconds = (1, float(len(self.times))) if self.times else (RATE, self.seconds)
        size = f"{self.width}x{self.height}"
        colour = f"0x{self.colour[1:]}@0"
        canvas = ffmpeg.input(
            f"color=c={colour}:s={size}:r={rate}:d={seconds:.3f},format=rgba", f="lavfi"
        )
        canvas = canvas.filter("ass", self.name, fontsdir=fonts, shaping="complex", alpha=1)
        if self.opacity < 1:
            canvas = canvas.filter("colorchannelmixer", aa=f"{self.opacity:.3f}")
        canvas = canvas.filter("scale", out_color_matrix="bt709", out_range="tv")
        canvas = self._timed(canvas.filter("format", "yuva420p"))
        return ffmpeg.overlay(
            stream, canvas, x=self.left, y=self.top, eof_action="repeat", format="yuv420"
        )

    def _timed(self, canvas: Any) -> Any:  # noqa: ANN401 - as above
        """Give each picture of the canvas its time."""
        if len(self.times) < 2:
            return canvas
        canvas = canvas.filter("settb", "1/1000").filter("setpts", "0")
        told = [round(time * 1000) for time in self.times]
        steps = [(index, told[index] - told[index - 1]) for index in range(1, len(told))]
        for begin in range(0, len(steps), SUM_LENGTH):
            sums = "+".join(
                f"gte(N,{index})*{step}" for index, step in steps[begin : begin + SUM_LENGTH]
            )
            canvas = canvas.filter("setpts", f"PTS+{sums}")
        return canvas


def layer(
    style: Style, shown: Sequence[Shown], size: tuple[int, int], seconds: float, family: str
) -> tuple[Layer, str]:
    """Return the canvas of words, and the file that is drawn on it.

    Args:
        style: how they look, and where in the picture they stand.
        shown: what is seen, one after another.
        size: of the picture.
        seconds: how long the video lasts.
        family: any font that is used.
    """
    left, top, right, bottom = _box(style, shown, size)
    states = list(_states(shown, seconds))
    is_counted = len(states) <= MOST_STATES
    name = f"{style.name}.ass"
    found = Layer(
        name=name,
        left=left,
        top=top,
        width=right - left,
        height=bottom - top,
        colour=style.back,
        opacity=style.opacity,
        times=tuple(start for start, _ in states) if is_counted else (),
        seconds=seconds,
    )
    placed = replace(style, place=(style.place[0] - left, style.place[1] - top))
    events = (
        ass.event(placed, replace(one, start=index, end=index + 1) if is_counted else one)
        for index, (_, one) in enumerate(states)
        if one is not None
    )
    return found, ass.file_text((found.width, found.height), [placed], events, family)


def _states(shown: Sequence[Shown], seconds: float) -> Iterator[tuple[float, Shown | None]]:
    """Yield when what is seen changes, from the start on; None is nothing."""
    now = 0.0
    for one in sorted(shown, key=lambda one: one.start):
        start, end = max(one.start, now), min(one.end, seconds)
        if end - start < SHORTEST or 0 < seconds - LAST_SECONDS < start:
            continue
        if start - now >= SHORTEST or (now == 0 and start > 0):
            yield now, None
        yield start, one
        now = end
    if seconds - now >= LAST_SECONDS:
        yield now, None


def _box(style: Style, shown: Sequence[Shown], size: tuple[int, int]) -> tuple[int, int, int, int]:
    """Return a box with even sides around all that is drawn: left, top, right, bottom."""
    lines = max(len(one.lines) for one in shown)
    widest = max(width_of(line) for one in shown for line in one.lines)
    slack = style.size / 2 + style.rim + 2
    wide = widest * style.size / SPARE + 2 * slack
    high = lines * style.size * LINE + 2 * slack
    column, row = (style.anchor - 1) % 3, 2 - (style.anchor - 1) // 3
    left = style.place[0] - wide * column / 2 + (column - 1) * slack
    top = style.place[1] - high * row / 2 + (row - 1) * slack
    return (
        _even(left, size[0], is_up=False),
        _even(top, size[1], is_up=False),
        _even(left + wide, size[0], is_up=True),
        _even(top + high, size[1], is_up=True),
    )


def _even(value: float, most: int, *, is_up: bool) -> int:
    even = ceil(value / 2) * 2 if is_up else floor(value / 2) * 2
    return min(max(even, 0), most // 2 * 2)
