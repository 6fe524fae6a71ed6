"""A web server for the videos behind links, whose connections break off where it is told."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web

PIECE = 64 * 1024


class Links:
    """Serves one folder with ranges; a cut breaks one connection that passes it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._cuts: dict[str, list[int]] = {}
        self._swaps: dict[str, Path] = {}
        self._rates: dict[str, int] = {}
        self._short: set[str] = set()
        self.base = ""
        self.is_down = False
        """Whether every connection is cut at once."""
        self.cut_then_down = False
        """Whether the first cut takes the server down."""

    def swap(self, name: str, other: Path) -> None:
        """Serve another file under that name once a cut has broken a connection."""
        self._swaps[name] = other

    def cut(self, name: str, after: Sequence[int]) -> None:
        self._cuts[name] = sorted(after)

    def throttle(self, name: str, rate: int) -> None:
        """Serve a file at that many bytes a second."""
        self._rates[name] = rate

    def end_early(self, name: str) -> None:
        """Close the next connection in good order after half of what it should bring."""
        self._short.add(name)

    def heal(self) -> None:
        self._rates.clear()
        self._short.clear()
        self._cuts.clear()
        self.is_down = self.cut_then_down = False

    async def serve(self, request: web.Request) -> web.StreamResponse:
        if self.is_down:
            return self._break_off(request)
        name = request.match_info["name"]
        path = self._folder / name
        if not path.is_file():
            raise web.HTTPNotFound
        if path.suffix == ".html":
            return web.Response(body=path.read_bytes(), content_type="text/html")
        size = path.stat().st_size
        tag = f'"{name}-{size}-{path.stat().st_ino}"'
        match = re.fullmatch(r"bytes=(\d+)-", request.headers.get("Range", ""))
        is_same = request.headers.get("If-Range", tag) == tag
        start = int(match[1]) if match is not None and is_same else 0
        response = web.StreamResponse(headers={"ETag": tag, "Accept-Ranges": "bytes"})
        response.content_type = "video/mp4"
        response.content_length = size - start
        if start:
            response.set_status(206)
            response.headers["Content-Range"] = f"bytes {start}-{size - 1}/{size}"
        await response.prepare(request)
        if request.method == "HEAD":
            return response
        return await self._send(request, response, path, range(start, size))

    async def _send(
        self, request: web.Request, response: web.StreamResponse, path: Path, part: range
    ) -> web.StreamResponse:
        start, position, stop = part.start, part.start, part.stop
        if path.name in self._short:
            self._short.remove(path.name)
            stop = (start + stop) // 2
        with path.open("rb") as file:
            file.seek(start)
            while piece := file.read(PIECE):
                if self.is_down or self._is_cut(path.name, position, position + len(piece)):
                    return self._break_off(request)
                if position + len(piece) > stop:
                    return self._close(request)
                await self._wait(path.name, len(piece))
                try:
                    await response.write(piece)
                except ConnectionError:
                    return response
                position += len(piece)
        return response

    async def _wait(self, name: str, sent: int) -> None:
        if name in self._rates:
            await asyncio.sleep(sent / self._rates[name])

    def _close(self, request: web.Request) -> web.StreamResponse:
        """End in good order, with less than was announced."""
        if request.transport is not None:
            request.transport.close()
        return web.Response(status=499)

    def _is_cut(self, name: str, start: int, end: int) -> bool:
        for cut in self._cuts.get(name, []):
            if start <= cut < end:
                self._cuts[name].remove(cut)
                self.is_down = self.cut_then_down
                if name in self._swaps:
                    self._swaps.pop(name).replace(self._folder / name)
                return True
        return False

    def _break_off(self, request: web.Request) -> web.StreamResponse:
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=499)


@asynccontextmanager
async def serve_links(folder: Path) -> AsyncIterator[Links]:
    """Serve the folder on a free port until the block ends."""
    links = Links(folder)
    application = web.Application()
    application.add_routes([web.get("/{name}", links.serve)])
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    links.base = f"http://127.0.0.1:{port}"
    try:
        yield links
    finally:
        await runner.cleanup()
