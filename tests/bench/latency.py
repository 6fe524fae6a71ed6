"""A resumable upload where each request costs 100 ms."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
from pathlib import Path

from tests.bench.results import Result, at_most
from tests.bench.world import (
    MIB,
    StandIns,
    from_file,
    make_video,
    publish,
    running,
    settings_for,
    stand_ins,
)

SIZE_BYTES = 40 * MIB
RATE = 5_000_000
LATENCY_SECONDS = 0.1
ROUNDS = 3
METHOD = (
    f"a {SIZE_BYTES // MIB} MiB file to YouTube at {RATE // 1_000_000} MB/s with 100 ms before "
    "each answer, from the command until the last byte was accepted, ÷ size/rate; median of "
    f"{ROUNDS}"
)


def run() -> list[Result]:
    seconds = asyncio.run(_run())
    return [at_most("latency", seconds * RATE / SIZE_BYTES, 1.06, method=METHOD)]


async def _run() -> float:
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        async with stand_ins() as remotes:
            await remotes.rates({"youtube": {"up": RATE}})
            await remotes.option("latency_seconds", LATENCY_SECONDS)
            return statistics.median([await _once(remotes, Path(name), n) for n in range(ROUNDS)])


async def _once(remotes: StandIns, folder: Path, number: int) -> float:
    path = make_video(folder / f"{number}.mp4", SIZE_BYTES)
    settings = settings_for(remotes.settings, folder / f"home-{number}")
    async with running(settings) as app:
        return await publish(app, from_file(path, to=["youtube"], name=path.name))
