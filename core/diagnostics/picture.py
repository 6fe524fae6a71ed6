"""Success and duration over time as a picture; matplotlib is loaded when it is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from core.diagnostics.model import Point

LEAST_POINTS = 5
"""Fewer steps are told better in words."""
GOOD, BAD, LINE = "#3a9d5d", "#c8442f", "#1f4e8c"
LABELS = 12
"""Most labels below the bars that can still be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What is written into the picture."""

    title: str
    uploads: str
    live: str
    failed: str
    seconds: str


def is_worth_drawing(course: Sequence[Point]) -> bool:
    return len(course) >= LEAST_POINTS


def draw(course: Sequence[Point], labels: Sequence[str], words: Words) -> bytes:
    """Return a PNG; takes a moment and is to be called in a thread.

    Args:
        course: the steps.
        labels: one for each step.
        words: what is written.

    Raises:
        ImportError: matplotlib is not there.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    places = range(len(course))
    live = [point.live for point in course]
    figure = Figure(figsize=(8, 4.5), dpi=110, layout="constrained")
    _ = FigureCanvasAgg(figure)
    bars = figure.add_subplot()
    bars.bar(places, live, color=GOOD, label=words.live)
    failed = [point.failed for point in course]
    bars.bar(places, failed, bottom=live, color=BAD, label=words.failed)
    bars.set_ylabel(words.uploads)
    bars.yaxis.set_major_locator(MaxNLocator(integer=True))
    step = -(-len(course) // LABELS)
    bars.set_xticks(list(places)[::step], list(labels)[::step])
    lines = bars.twinx()
    means = [float("nan") if p.mean_seconds is None else p.mean_seconds for p in course]
    lines.plot(places, means, color=LINE, marker="o", markersize=4, label=words.seconds)
    lines.set_ylim(bottom=0)
    lines.set_ylabel(words.seconds)
    bars.set_title(words.title)
    figure.legend(loc="outside lower center", ncols=3, frameon=False)
    target = BytesIO()
    figure.savefig(target, format="png")
    return target.getvalue()
