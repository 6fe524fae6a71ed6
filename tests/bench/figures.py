"""CPU time of the figures of 30 days over 100,000 uploads, against a tenth of them."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

from core.accounts.quotas import Quotas
from core.diagnostics.cases import Circumstances
from core.diagnostics.figures import Figures
from core.diagnostics.periods import PERIODS, period_of
from core.media.spools import Spools
from core.store.sqlite import SqliteStore
from tests.bench.results import Result, at_most, reference
from tests.figures_kit import make_history
from utils.clock import SystemClock

FEW, MANY = 10_000, 100_000
ROUNDS = 3
LIMIT = 14.0
"""Ten times the rows, and a little for the sorting and the pages that no cache holds."""
UTC = ZoneInfo("UTC")


def run() -> Sequence[Result]:
    few, many = asyncio.run(_measure(FEW)), asyncio.run(_measure(MANY))
    method = f"CPU, median of {ROUNDS}, {MANY} uploads in 30 days, {few:.3f} s for {FEW}"
    return [
        at_most("figures.growth", many / few, LIMIT, method=method),
        reference("figures.seconds", many, method=method, unit="s"),
    ]


async def _measure(uploads: int) -> float:
    """Return the CPU seconds that all periods together take."""
    async with _figures(uploads) as figures:
        spent = []
        for _ in range(ROUNDS):
            now = figures.now()
            periods = [found for name in PERIODS if (found := period_of(name, now, UTC))]
            began = time.process_time()
            _ = await figures.diagnostics(periods)
            spent.append(time.process_time() - began)
    return statistics.median(spent)


@asynccontextmanager
async def _figures(uploads: int) -> AsyncIterator[Figures]:
    clock = SystemClock()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "karvon.db"
        async with (
            await SqliteStore.open(path, clock=clock) as store,
            Spools(folder / "spool") as spools,
        ):
            make_history(clock.now(), uploads, days=30).write(path)
            quotas = Quotas(store, clock)
            yield Figures(store, clock, quotas, spools, Circumstances(), UTC)
