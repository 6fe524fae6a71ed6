"""A web server for the videos behind links, whose connections break off where it is told."""

from __future__ import annotations

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

    def heal(self) -> None:
        self._cuts.clear()
        self.is_down = self.cut_then_down = False

    async def serve(self, request: web.Request) -> web.StreamResponse:
        if self.is_down:
            return self._break_off(request)
        name = request.match_info["name"]
        path = self._folder / name
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
        return await self._send(request, response, path, start)

    async def _send(
        self, request: web.Request, response: web.StreamResponse, path: Path, start: int
    ) -> web.StreamResponse:
        position = start
        with path.open("rb") as file:
            file.seek(start)
            while piece := file.read(PIECE):
                if self.is_down or self._is_cut(path.name, position, position + len(piece)):
                    return self._break_off(request)
                try:
                    await response.write(piece)
                except ConnectionError:
                    return response
                position += len(piece)
        return response

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
