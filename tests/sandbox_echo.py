from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, ClassVar

import aiohttp
from aiohttp import web

from utils.sandbox.server import (
    BODY_KEY,
    ClientDisconnected,
    Sandbox,
    Service,
)

MIB = 1024 * 1024
CUT = (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError)


class Echo(Service):
    """A remote without rules."""

    name: ClassVar[str] = "telegram"
    aliases: ClassVar[dict[str, str]] = {"part": "piece"}

    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__(sandbox)
        self.interrupted = asyncio.Event()
        self.begun = asyncio.Event()

    def routes(self) -> list[web.RouteDef]:
        return [
            web.put("/blob/{key}", self.put),
            web.put("/limited/{limit}", self.limited),
            web.put("/streamed", self.streamed),
            web.post("/echo", self.echo),
            web.get("/file", self.file),
            web.get("/broken", self.broken),
        ]

    def step(self, request: web.Request) -> str:
        if request.method == "PUT":
            return "part"
        if request.method == "GET":
            return request.path.strip("/")
        said = json.loads(request.get(BODY_KEY, b"null"))
        return f"say.{said['say']}" if isinstance(said, dict) and "say" in said else "echo"

    def error(self, status: int, message: str) -> web.Response:
        return web.json_response({"echo_error": message}, status=status)

    def seed(self) -> None:
        if not len(self.sandbox.collection("echo.tokens")):
            self.sandbox.collection("echo.tokens").put("demo", {"secret": "s"})

    def settings(self) -> dict[str, Any]:
        return {"telegram": {"token": "demo"}, "accounts": [{"platform": "telegram"}]}

    async def put(self, request: web.Request) -> web.Response:
        blob = self.sandbox.blob(request.match_info["key"])
        self.begun.set()
        try:
            received = await self.sandbox.read_body(request, blob)
        except ClientDisconnected:
            self.interrupted.set()
            raise
        return web.json_response({"received": received, "sha256": blob.sha256()})

    async def limited(self, request: web.Request) -> web.Response:
        sink = bytearray()
        limit = int(request.match_info["limit"])
        received = await self.sandbox.read_body(request, sink, limit)
        return web.json_response({"received": received, "kept": len(sink)})

    async def streamed(self, request: web.Request) -> web.Response:
        sizes = [len(piece) async for piece in self.sandbox.stream_body(request)]
        return web.json_response({"received": sum(sizes)})

    async def echo(self, request: web.Request) -> web.Response:
        return web.json_response(await request.json())

    async def file(self, request: web.Request) -> web.StreamResponse:
        query = request.query
        end = int(query["end"]) if "end" in query else None
        return await self.sandbox.send_file(
            request,
            Path(query["path"]),
            content_type="video/mp4",
            start=int(query.get("start", "0")),
            end=end,
        )

    async def broken(self, _: web.Request) -> web.Response:
        raise RuntimeError("a bug of the stand-in")


class Remote:
    """The echo service under test and a client for it."""

    def __init__(self, sandbox: Sandbox, http: aiohttp.ClientSession) -> None:
        self.sandbox = sandbox
        self.http = http
        self.address = sandbox.address("telegram")
        service = sandbox.services["telegram"]
        assert isinstance(service, Echo)
        self.service = service

    async def put(self, key: str, data: bytes) -> dict[str, Any]:
        # A generator, because the client would repeat a request that was cut if it could.
        size = {"Content-Length": str(len(data))}
        address = f"{self.address}/blob/{key}"
        async with self.http.put(address, data=pieces(data), headers=size) as answer:
            assert answer.status == 200
            body: dict[str, Any] = await answer.json()
            return body

    async def echo(self, body: object) -> tuple[int, Any]:
        async with self.http.post(f"{self.address}/echo", json=body) as answer:
            return answer.status, await answer.json()

    async def control(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - JSON
        address = f"{self.address}/_sandbox/{path}"
        async with self.http.request(method, address, json=body) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def journal(self, **query: str) -> list[dict[str, Any]]:
        address = f"{self.address}/_sandbox/journal"
        async with self.http.get(address, params=query) as answer:
            rows: list[dict[str, Any]] = await answer.json()
            return rows


async def pieces(data: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(data), 65_536):
        yield data[start : start + 65_536]


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def port_of(address: str) -> int:
    return int(address.rpartition(":")[2])
