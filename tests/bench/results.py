"""What a benchmark finds, how it is shown and where it is kept."""

from __future__ import annotations

import json
import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

REPORT = Path("bench.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One measured number against its goal."""

    name: str
    value: float
    unit: str
    goal: str
    """As it is shown: `≤ 1.05`; empty for a number that is only for comparison."""
    ok: bool
    method: str


def at_most(
    name: str,
    value: float,
    limit: float,
    *,
    method: str,
    unit: str = "ratio",
    strict: bool = False,
) -> Result:
    """Return a result that is good up to a limit (below it, when `strict`)."""
    ok = value < limit if strict else value <= limit
    sign = "<" if strict else "≤"
    return Result(
        name=name,
        value=_rounded(value),
        unit=unit,
        goal=f"{sign} {limit:g}",
        ok=ok and math.isfinite(value),
        method=method,
    )


def at_least(name: str, value: float, limit: float, *, method: str, unit: str = "ratio") -> Result:
    """Return a result that is good from a limit on."""
    return Result(
        name=name,
        value=_rounded(value),
        unit=unit,
        goal=f"≥ {limit:g}",
        ok=math.isfinite(value) and value >= limit,
        method=method,
    )


def reference(name: str, value: float, *, method: str, unit: str = "ratio") -> Result:
    """Return a number that stands beside others for comparison and has no goal."""
    return Result(
        name=name,
        value=_rounded(value),
        unit=unit,
        goal="",
        ok=math.isfinite(value),
        method=method,
    )


def _rounded(value: float) -> float:
    """Keep four significant digits: more is noise."""
    return float(f"{value:.4g}")


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the smallest value that at least this share of all values does not exceed."""
    ordered = sorted(values)
    rank = math.ceil(percent / 100 * len(ordered))
    return ordered[max(0, rank - 1)]


def median_ratio(above: Sequence[float], below: Sequence[float]) -> float:
    """Return the ratio of the medians of two interleaved series."""
    return statistics.median(above) / statistics.median(below)


def table(results: Iterable[Result]) -> str:
    """Return one line for each result, with its method on the next one."""
    rows = [("name", "value", "unit", "goal", "ok", "")]
    rows += [
        (r.name, f"{r.value:g}", r.unit, r.goal or "-", "ok" if r.ok else "MISSED", r.method)
        for r in results
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    lines = []
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row[:5], widths, strict=True)]
        lines.append("  ".join(cells).rstrip())
        if row[5]:
            lines.append(f"    {row[5]}")
    return "\n".join(lines)


def write_report(results: Iterable[Result], path: Path = REPORT) -> None:
    documents = [asdict(result) for result in results]
    path.write_text(json.dumps(documents, indent=1, ensure_ascii=False) + "\n")
