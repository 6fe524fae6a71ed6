"""A web server with videos behind a link of limited speed, in a process of its own."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from pathlib import Path

from aiohttp import web

from utils.sandbox.rates import Bucket

HOST = "127.0.0.1"


class Origin:
    """Serves the files of a folder; all transfers share one link."""

    def __init__(self, folder: Path, rate: float) -> None:
        self._folder = folder
        self._bucket = Bucket(rate) if rate else None

    async def serve(self, request: web.Request) -> web.StreamResponse:
        path = self._folder / request.match_info["name"]
        if not path.is_file():
            return web.Response(status=404)
        response = web.StreamResponse(headers={"ETag": f'"{path.name}"'})
        response.content_type = "text/html" if path.suffix == ".html" else "video/mp4"
        response.content_length = path.stat().st_size
        await response.prepare(request)
        if request.method == "HEAD":
            return response
        with path.open("rb", buffering=0) as file:
            while piece := file.read(self._bucket.piece if self._bucket else 256 * 1024):
                if self._bucket is not None:
                    await self._bucket.take(len(piece))
                await response.write(piece)
        return response


async def main(folder: Path, rate: float) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    application = web.Application()
    application.add_routes([web.get("/{name}", Origin(folder, rate).serve)])
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, HOST, 0).start()
    sys.stdout.write(json.dumps({"base": f"http://{HOST}:{runner.addresses[0][1]}"}) + "\n")
    sys.stdout.flush()
    await stop.wait()
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), float(sys.argv[2])))
