"""One download into a spool in a process of its own, which tells the CPU seconds that it took."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from core.media.spools import Spools
from core.sources.guard import Guard, link_session
from core.sources.http import HttpSource
from tests.bench.uploader import cpu_seconds

POST = 1


async def main(url: str, folder: Path) -> float:
    """The way of every link: the guarded session, the source, the spool with its digest."""
    guard = Guard(["127.0.0.1"])
    async with Spools(folder) as spools, link_session(guard) as session:
        spool = spools.open(POST)
        before = cpu_seconds()
        with spools.use(POST):
            stream = await HttpSource(url, session=session, guard=guard).open(0)
            assert stream.size is not None
            spool.announce(stream.size)
            async for chunk in stream.chunks():
                await spool.write(chunk)
            await stream.close()
            spool.finish()
        used = cpu_seconds() - before
        assert spool.watermark == stream.size
    return used


if __name__ == "__main__":
    seconds = asyncio.run(main(sys.argv[1], Path(sys.argv[2])))
    sys.stdout.write(json.dumps({"cpu_seconds": seconds}) + "\n")
