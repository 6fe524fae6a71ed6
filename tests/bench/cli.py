"""How fast the command starts and stops."""

from __future__ import annotations

import asyncio
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.bench.results import Result, at_most, median_ratio
from tests.bench.world import PERSON, StandIns, stand_ins

ROUNDS = 20
STOPS = 3
WAIT_SECONDS = 30.0
SCRIPT = Path(sys.executable).with_name("karvon")
HELP = (str(SCRIPT), "--help")
BARE = (sys.executable, "-c", "import argparse, sqlite3, json")
NO_CONFIG = {name: value for name, value in os.environ.items() if not name.startswith("KARVON_")}


def run() -> list[Result]:
    return [_help(), asyncio.run(_stop())]


def _help() -> Result:
    ours, bare = [], []
    for command in (HELP, BARE):
        seconds_of(command)
    for _ in range(ROUNDS):
        ours.append(seconds_of(HELP))
        bare.append(seconds_of(BARE))
    return at_most(
        "cli.help",
        median_ratio(ours, bare),
        5,
        method=(
            "`karvon --help` ÷ `python -c 'import argparse, sqlite3, json'`, wall time, medians "
            f"of {ROUNDS} interleaved runs"
        ),
    )


def seconds_of(command: Sequence[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


async def _stop() -> Result:
    async with stand_ins() as remotes:
        seconds = [await _stop_once(remotes) for _ in range(STOPS)]
    return at_most(
        "cli.stop",
        statistics.median(seconds),
        2,
        unit="s",
        method=f"SIGTERM to the exit of an idle `karvon run` that polls; median of {STOPS}",
    )


async def _stop_once(remotes: StandIns) -> float:
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        config = folder / "config.py"
        values = {
            "telegram": {**remotes.settings["telegram"], "users": [PERSON]},
            "endpoints": remotes.settings["endpoints"],
            "data_dir": name,
            "min_free_disk": 0,
        }
        config.write_text(f"APP_CONFIG = {values!r}\n")
        before = await _asked(remotes)
        process = await asyncio.create_subprocess_exec(
            *(str(SCRIPT), "--config", str(config), "run"),
            env=NO_CONFIG,
            cwd=name,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                while await _asked(remotes) <= before:  # noqa: ASYNC110 - it is behind HTTP
                    await asyncio.sleep(0.1)
                await asyncio.sleep(1.0)  # it has nothing to do from here on
                started = time.perf_counter()
                process.send_signal(signal.SIGTERM)
                await process.wait()
            return time.perf_counter() - started
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()


async def _asked(remotes: StandIns) -> int:
    """Return how many requests have reached the bot's server, the open long poll among them."""
    answer = await remotes.client.get(
        remotes.addresses["control"] + "/_sandbox/journal", params={"service": "telegram"}
    )
    return len(answer.json())
