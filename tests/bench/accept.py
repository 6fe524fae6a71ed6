"""From a Telegram update to `accepted` on disk, against a bare echo bot."""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from tests.bench.results import Result, at_most, percentile, reference

RATE = 100
MEASURED = 1000
QUEUED = 1000
WARM_UP = 50
WAIT_SECONDS = 90.0
LIMIT = 4
LINE_LIMIT = 1024 * 1024

JSON = dict[str, Any]


def run() -> list[Result]:
    return asyncio.run(_run())


async def _run() -> list[Result]:
    echo = await _echo()
    ours = await _karvon()
    echo += await _echo()
    how = f"{MEASURED} videos at a fixed {RATE} a second, from the update being queued"
    return [
        at_most(
            "accept",
            percentile(ours, 95) / percentile(echo, 95),
            LIMIT,
            method=(
                f"{how} to its post and five uploads committed, with {QUEUED} posts queued, ÷ to "
                "the sendMessage of a bare aiogram echo bot arriving (measured before and after "
                "ours); P95, both by long polling"
            ),
        ),
        reference("accept.p95", percentile(ours, 95) * 1000, unit="ms", method="ours alone, P95"),
        reference("accept.echo_p95", percentile(echo, 95) * 1000, unit="ms", method="echo, P95"),
    ]


async def _echo() -> list[float]:
    async with _child("tests.bench.feeder") as feeder:
        settings = (await feeder.hear())["settings"]
        async with _child("tests.bench.bots", "echo") as bot:
            await bot.say({"settings": settings})
            await feeder.ask({"feed": WARM_UP, "rate": RATE})
            await feeder.ask({"echoes": WARM_UP})
            fed = (await feeder.ask({"feed": MEASURED, "rate": RATE}))["fed"]
            echoes = (await feeder.ask({"echoes": WARM_UP + MEASURED}))["echoes"]
    return [echoes[caption] - at for caption, (_, at) in fed.items()]


async def _karvon() -> list[float]:
    with tempfile.TemporaryDirectory(prefix="bench-") as home:
        async with _child("tests.bench.feeder") as feeder:
            settings = (await feeder.hear())["settings"]
            async with _child("tests.bench.bots", "karvon") as bot:
                order = {"settings": settings, "home": home}
                await bot.say({**order, "queued": QUEUED, "measured": MEASURED})
                await feeder.ask({"feed": QUEUED, "rate": 0})
                await bot.hear()
                fed = (await feeder.ask({"feed": MEASURED, "rate": RATE}))["fed"]
                accepted = (await bot.hear())["accepted"]
    return [accepted[str(update_id)] - at for update_id, at in fed.values()]


class Child:
    """A process that is asked and answers in lines of JSON."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._stdin, self._stdout = process.stdin, process.stdout

    async def say(self, document: JSON) -> None:
        self._stdin.write(json.dumps(document).encode() + b"\n")
        await self._stdin.drain()

    async def hear(self) -> JSON:
        async with asyncio.timeout(WAIT_SECONDS):
            line = await self._stdout.readline()
        if not line:
            raise RuntimeError("a measured process ended too early")
        document: JSON = json.loads(line)
        return document

    async def ask(self, document: JSON) -> JSON:
        await self.say(document)
        return await self.hear()


@asynccontextmanager
async def _child(module: str, *arguments: str) -> AsyncIterator[Child]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module, *arguments),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=LINE_LIMIT,
    )
    try:
        yield Child(process)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
