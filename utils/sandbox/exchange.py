"""One request and its answer: throttled reading, failures on command, and the journal row."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiohttp import web

from utils.sandbox.faults import Fault
from utils.sandbox.rates import DOWN, UP, Bucket
from utils.sandbox.storage import Blob

if TYPE_CHECKING:
    from utils.sandbox.server import Sandbox, Service

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

SMALL = 64 * 1024
"""Bodies and answers below this many bytes are written into the journal."""

READ_AHEAD = 512 * 1024
BODY_KEY = web.RequestKey("sandbox.body", bytes)
"""A small JSON or form body, read before the step is named, so that the step can depend on it."""
"""Where a small JSON or form body stands in the request; the step is named again with it."""

TEXT_TYPES = ("application/json", "application/x-www-form-urlencoded")
CLIENT_CLOSED = 499

log = logging.getLogger(__name__)


class ClientDisconnected(ConnectionError):  # noqa: N818 - names what happened, as aiohttp does
    """The client went away, or its connection was cut on command."""


class Exchange:
    """What happens to one request between its arrival and the last byte of the answer."""

    def __init__(self, sandbox: Sandbox, service: Service, request: web.Request) -> None:
        self._sandbox = sandbox
        self._service = service
        self._request = request
        self._prefetched: bytes | None = None
        self._answered = False
        self._slow: Bucket | None = None
        self._digest = hashlib.sha256()
        self.step = service.step(request)
        self.row = self._open_row()
        self.fault: Fault | None = None

    def _open_row(self) -> dict[str, Any]:
        request = self._request
        return {
            "at": self._sandbox.clock.now(),
            "service": self._service.name,
            "step": self.step,
            "also": [],
            "method": request.method,
            "path": request.path,
            "query": dict(request.query),
            "headers": dict(request.headers),
            "body_sha256": None,
            "body_size": 0,
            "body": None,
            "status": None,
            "answer": None,
            "fault": None,
        }

    async def run(self, handler: Handler) -> web.StreamResponse:
        """Take the request through journal, failure, handler and latency, in this order."""
        journal = self._sandbox.journal
        journal.begin(self.row)
        try:
            return await self._answer(handler)
        except ConnectionError:
            self.cut()
            return web.Response(status=CLIENT_CLOSED)
        finally:
            if self.row["body_size"] and self.row["body_sha256"] is None:
                self.row["body_sha256"] = self._digest.hexdigest()
            journal.finish(self.row)

    async def _answer(self, handler: Handler) -> web.StreamResponse:
        await self._prefetch()
        alias = self._service.aliases.get(self.step, self.step)
        self.row["also"] = list(self._service.also(self._request))
        self.fault = self._sandbox.faults.fire(
            self._service.name, self.step, alias, *self.row["also"]
        )
        self.row["fault"] = None if self.fault is None else self.fault.action
        response = await self._fail_before()
        if response is None:
            response = await self._handle(handler)
        response = await self._fail_after(response)
        await self.before_answer()
        self._note_answer(response)
        if self.is_fault("truncate") and isinstance(response, web.Response):
            return await self._send_half(response)
        return response

    def is_fault(self, action: str) -> bool:
        return self.fault is not None and self.fault.action == action

    def cut(self, *, gently: bool = False) -> None:
        """End the connection at once: by a reset, or gently after what was already sent."""
        transport = self._request.transport
        if transport is None or transport.is_closing():
            return
        connection = transport.get_extra_info("socket")
        if not gently and connection is not None and connection.fileno() >= 0:
            linger = struct.pack("ii", 1, 0)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        transport.abort()

    async def wait(self, seconds: float) -> None:
        """Wait without answering, until time is up or all failures are called off.

        Raises:
            ClientDisconnected: when the client is gone.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        released = self._sandbox.released
        while (left := deadline - loop.time()) > 0 and not released.is_set():
            self._require_client()
            try:
                async with asyncio.timeout(min(left, 0.1)):
                    await released.wait()
            except TimeoutError:
                continue
        if self._sandbox.stopping:
            self._reset()
        self._require_client()

    async def stream(self) -> AsyncIterator[bytes]:
        """Yield the body as it comes, at the speed of the link, and digest it.

        Raises:
            ClientDisconnected: when the client is gone or was cut off; what was yielded
                until then has arrived.
        """
        async for piece in self._pieces():
            self._digest.update(piece)
            yield piece

    async def read_into(self, sink: Blob | bytearray, limit: int | None = None) -> int:
        """Store the body, at most `limit` bytes of it, and return how many bytes came."""
        if isinstance(sink, bytearray):
            return await self._copy(sink.extend, limit)
        sink.mark()
        # A body that fills a fresh blob has the blob's own digest: one pass is enough.
        shared = sink.size == 0 and limit is None
        try:
            return await self._copy(sink.append, limit, digested=shared)
        finally:
            sink.close()
            if shared:
                self.row["body_sha256"] = sink.sha256()

    async def _copy(
        self, write: Callable[[bytes], None], limit: int | None, *, digested: bool = False
    ) -> int:
        received = 0
        async for piece in self._pieces() if digested else self.stream():
            room = len(piece) if limit is None else max(0, limit - received)
            write(piece if room >= len(piece) else piece[:room])
            received += len(piece)
        return received

    async def _pieces(self) -> AsyncIterator[bytes]:
        if self._prefetched is not None:
            if self._prefetched:
                yield self._prefetched
            return
        while True:
            self._require_client()
            buckets = self._buckets(UP)
            piece = await self._next_piece(buckets)
            if not piece:
                break
            self.row["body_size"] += len(piece)
            yield piece
            for bucket in buckets:
                await bucket.take(len(piece))
            await self._fail_within()
        if self.is_fault("reset"):
            self._reset()

    async def send_file(
        self,
        path: Path,
        *,
        content_type: str,
        start: int,
        end: int | None,
        headers: dict[str, str] | None,
    ) -> web.StreamResponse:
        """Send the bytes `[start, end)` of a file at the speed of the link."""
        size = path.stat().st_size  # noqa: ASYNC240 - a local file, no wait
        stop = size if end is None else min(end, size)
        response = web.StreamResponse(headers={"Accept-Ranges": "bytes", **(headers or {})})
        response.content_type = content_type
        response.content_length = stop - start
        if (start, stop) != (0, size):
            response.set_status(206)
            response.headers["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
        if self.is_fault("truncate"):
            response.force_close()
            stop = start + (stop - start) // 2
        await self.before_answer()
        if self.is_fault("drop_answer"):
            self._reset()
        await response.prepare(self._request)
        if self._request.method != "HEAD":
            await self._stream(response, path, start, stop)
        return response

    async def before_answer(self) -> None:
        """Wait what the options ask for, once, before the first byte of the answer."""
        if self._answered:
            return
        self._answered = True
        if (latency := self._sandbox.options.latency_seconds) > 0:
            await asyncio.sleep(latency)

    async def _stream(
        self, response: web.StreamResponse, path: Path, start: int, stop: int
    ) -> None:
        position, cut = start, start + self._bytes_to_answer()
        with path.open("rb", buffering=0) as file:
            file.seek(start)
            while position < stop:
                buckets = self._buckets(DOWN)
                size = min(stop - position, _piece_size(buckets))
                piece = file.read(min(size, cut - position) if cut > position else size)
                for bucket in buckets:
                    await bucket.take(len(piece))
                await response.write(piece)
                position += len(piece)
                if position == cut:
                    await self._fail_within_answer()

    def _require_client(self) -> None:
        transport = self._request.transport
        if transport is None or transport.is_closing():
            raise ClientDisconnected(self._request.path)

    async def _next_piece(self, buckets: list[Bucket]) -> bytes:
        content = self._request.content
        wanted = self._bytes_to_cut()
        try:
            if wanted is None and not buckets:
                content.set_read_chunk_size(READ_AHEAD)
                return await content.readany()
            size = _piece_size(buckets)
            return await content.read(size if wanted is None else min(size, wanted))
        except (ConnectionError, web.RequestPayloadError) as error:
            raise ClientDisconnected(self._request.path) from error

    def _buckets(self, direction: str) -> list[Bucket]:
        bucket = self._sandbox.rates.bucket(self._service.name, direction)
        buckets = [] if bucket is None else [bucket]
        if self.fault is not None and self.fault.action == "slow":
            self._slow = self._slow or Bucket(self.fault.number("rate", 65536))
            buckets.append(self._slow)
        return buckets

    def _bytes_to_cut(self) -> int | None:
        """Return how many bytes are still to be read before the failure, if one is due."""
        if self.fault is None or self.fault.action not in {"reset", "stall"}:
            return None
        after = int(self.fault.number("after_bytes", 0))
        left = after - int(self.row["body_size"])
        return left if left > 0 else None

    def _bytes_to_answer(self) -> int:
        """Return after how many bytes of the answer it fails; 0 when it does not."""
        if self.fault is None or self.fault.action not in {"reset", "stall"}:
            return 0
        return int(self.fault.number("after_bytes", 0))

    async def _fail_within_answer(self) -> None:
        transport = self._request.transport
        if self.is_fault("reset") and transport is not None:
            transport.set_write_buffer_limits(0)
            await self._request.writer.drain()
            self.cut(gently=True)
            raise ClientDisconnected(self._request.path)
        await self._stall()

    async def _fail_within(self) -> None:
        if self._bytes_to_cut() is not None:
            return
        if self.is_fault("reset"):
            self._reset()
        await self._stall()

    async def _stall(self) -> None:
        fault = self.fault
        if fault is not None and fault.action == "stall":
            self.fault = None
            await self.wait(fault.number("seconds", 3600))

    def _reset(self) -> None:
        self.cut()
        raise ClientDisconnected(self._request.path)

    async def _prefetch(self) -> None:
        """Read a small JSON or form body at once, so that journal and step can see it."""
        request = self._request
        size = request.content_length
        if request.content_type not in TEXT_TYPES or size is None or size > SMALL:
            return
        body = bytearray()
        await self.read_into(body)
        self._prefetched = bytes(body)
        self.row["body"] = self._prefetched.decode(errors="replace")
        # The handler reads it in the usual ways, though the stream is at its end.
        request._read_bytes = self._prefetched  # noqa: SLF001
        request[BODY_KEY] = self._prefetched
        self.step = self.row["step"] = self._service.step(request)

    async def _fail_before(self) -> web.StreamResponse | None:
        fault = self.fault
        if fault is None:
            return None
        # A request without a body fails within the answer.
        unread = self._request.can_read_body or not self._request.body_exists
        later = unread and fault.number("after_bytes", 0) > 0
        if fault.action == "reset" and not later:
            self._reset()
        if not later:
            await self._stall()
        if fault.action == "status" and not fault.params.get("after_handler"):
            await self.read_into(bytearray(), 0)
            return self._status_answer(fault)
        return None

    async def _fail_after(self, response: web.StreamResponse) -> web.StreamResponse:
        fault = self.fault
        if fault is None:
            return response
        if fault.action in {"drop_answer", "reset"}:
            self._reset()
        if fault.action == "delay":
            await self.wait(fault.number("seconds", 1))
        if fault.action == "status" and fault.params.get("after_handler"):
            return self._status_answer(fault)
        return response

    def _status_answer(self, fault: Fault) -> web.Response:
        status = int(fault.number("status", 500))
        body = fault.params.get("body")
        if body is None:
            response = self._service.error(status, "failure on command")
        elif isinstance(body, str):
            response = web.Response(status=status, text=body)
        else:
            response = web.json_response(body, status=status)
        response.headers.update(fault.params.get("headers") or {})
        return response

    async def _handle(self, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(self._request)
        except web.HTTPException as answer:
            if answer.status < 400:
                return web.Response(status=answer.status, headers=answer.headers, text=answer.text)
            return self._service.error(answer.status, answer.reason)
        except ConnectionError:
            raise
        except Exception as error:  # the edge of a request
            log.exception("%s failed at step %s", self._service.name, self.step)
            return self._service.error(500, f"{type(error).__name__} in the stand-in")

    def _note_answer(self, response: web.StreamResponse) -> None:
        self.row["status"] = response.status
        body = response.body if isinstance(response, web.Response) else None
        if isinstance(body, (bytes, bytearray)) and 0 < len(body) < SMALL:
            self.row["answer"] = _readable(bytes(body), response.content_type)

    async def _send_half(self, response: web.Response) -> web.StreamResponse:
        body = response.body if isinstance(response.body, bytes) else b""
        half = web.StreamResponse(status=response.status, headers=response.headers)
        half.content_length = len(body)
        half.force_close()
        await half.prepare(self._request)
        await half.write(body[: len(body) // 2])
        return half


KEY = web.RequestKey("sandbox.exchange", Exchange)


def exchange_of(request: web.Request) -> Exchange:
    """Return the exchange that a request of a service belongs to."""
    return request[KEY]


def _piece_size(buckets: list[Bucket]) -> int:
    return min((bucket.piece for bucket in buckets), default=256 * 1024)


def _readable(body: bytes, content_type: str) -> object:
    if content_type == "application/json":
        try:
            return json.loads(body)
        except ValueError:
            return body.decode(errors="replace")
    return body.decode(errors="replace") if content_type.startswith("text/") else None
