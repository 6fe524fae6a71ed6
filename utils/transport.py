"""Sending requests: small calls through httpx, the bytes of videos through aiohttp."""

from __future__ import annotations

import asyncio
import secrets
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import NoReturn, Self

import aiohttp
import httpx
from aiohttp.abc import AbstractStreamWriter
from aiohttp.payload import Payload
from yarl import URL

from utils.http import FilePart, LostAnswerError, NotSentError, Request, Response, redact

USER_AGENT = "karvon"
ANSWER_LIMIT = 4 * 1024 * 1024
"""Longest answer that is read, in bytes."""

Body = AsyncIterator[bytes | memoryview]

_NOT_SENT = (
    aiohttp.ClientConnectorError,
    aiohttp.ClientSSLError,
    aiohttp.ConnectionTimeoutError,
)


class HttpTransport:
    """The one way to a remote; an async context manager that owns its connections.

    A redirect is an answer like any other and never followed (308 is part of YouTube's protocol).
    A connection on which something went wrong is dropped, never reused.
    """

    def __init__(
        self,
        *,
        stall_seconds: float = 60.0,
        connect_seconds: float = 10.0,
        ca_file: Path | None = None,
    ) -> None:
        self._stall_seconds = stall_seconds
        self._connect_seconds = connect_seconds
        self._ca_file = ca_file
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        context = await asyncio.to_thread(ssl_context, self._ca_file)
        self._calls = await self._stack.enter_async_context(
            httpx.AsyncClient(
                verify=context,
                follow_redirects=False,
                trust_env=False,
                headers={"user-agent": USER_AGENT},
                limits=httpx.Limits(max_connections=None, keepalive_expiry=15.0),
            )
        )
        self._bytes = await self._stack.enter_async_context(
            aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(ssl=context, limit=0, keepalive_timeout=15.0),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"user-agent": USER_AGENT},
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=self._connect_seconds),
            )
        )
        # aiohttp repeats a PUT by itself when a kept connection turns out to be dead, even after
        # bytes of it arrived: whether to send again is decided elsewhere, after asking.
        self._bytes._retry_connection = False  # noqa: SLF001 - there is no public switch
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._stack.aclose()

    async def send(self, request: Request, body: Body | None = None) -> Response:
        """Send and read the answer.

        ``body`` yields exactly ``request.span.size`` bytes and belongs to this call, which closes
        it. What it raises is raised from here unchanged. An answer that comes before the last byte
        (401, 413, …) ends the sending and is returned.

        Raises:
            NotSentError: the connection could not be made: nothing reached the remote.
            LostAnswerError: the request (or a part of it) went out and no whole answer came.
        """
        if (request.span is None) != (body is None):
            raise ValueError("a request has both a span and a body, or neither")
        if body is None:
            return await self._call(request)
        payload = _SpanPayload(request, body, self._stall_seconds)
        try:
            return await self._stream(request, payload)
        finally:
            await payload.abandon()

    async def _call(self, request: Request) -> Response:
        seconds = request.timeout_seconds
        limits = httpx.Timeout(seconds, connect=min(seconds, self._connect_seconds))
        try:
            async with (
                asyncio.timeout(seconds),
                self._calls.stream(
                    request.method,
                    request.url,
                    headers=dict(request.headers),
                    json=request.json,
                    content=request.content,
                    data=dict(request.form) if request.form is not None else None,
                    files=_small_files(request),
                    timeout=limits,
                ) as answer,
            ):
                content = await _read(answer.aiter_bytes())
                return Response(
                    status=answer.status_code, headers=_lower(answer.headers), body=content
                )
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise NotSentError(_words(error)) from error
        except (httpx.TransportError, TimeoutError) as error:
            raise LostAnswerError(_words(error)) from error

    async def _stream(self, request: Request, payload: _SpanPayload) -> Response:
        try:
            async with (
                payload.deadline(),
                self._bytes.request(
                    request.method,
                    URL(request.url, encoded=True),
                    headers=_computed(request.headers),
                    data=payload,
                    allow_redirects=False,
                ) as answer,
            ):
                payload.expect_answer()
                pieces = answer.content.iter_any()
                content = await (_read if payload.finished else _read_early)(pieces)
                payload.settle()
                return Response(status=answer.status, headers=_lower(answer.headers), body=content)
        except (aiohttp.ClientError, TimeoutError) as error:
            _fail(error, payload)


class _SpanPayload(Payload):
    """The body of one request, written piece by piece as the socket accepts it.

    The watchdog runs only while the socket is waited for, never while the spool or a gate is.
    """

    def __init__(self, request: Request, body: Body, stall_seconds: float) -> None:
        super().__init__(body, content_type=_header(request.headers, "content-type"))
        if request.span is None:
            raise ValueError("a request without a span has no body to stream")
        self._consumed = True  # it cannot be sent twice: aiohttp must not repeat the request
        self._body = body
        self._stall_seconds = stall_seconds
        self._before, self._after = b"", b""
        if request.file is not None:
            boundary = secrets.token_hex(16)
            self._headers["Content-Type"] = f"multipart/form-data; boundary={boundary}"
            self._before, self._after = _multipart(request, request.file, boundary)
        self._span_bytes = request.span.size
        self._size = len(self._before) + self._span_bytes + len(self._after)
        self._transport: asyncio.WriteTransport | None = None
        self._ended = asyncio.Event()
        self._answer_seconds = request.timeout_seconds
        self._deadline = asyncio.Timeout(None)
        self._settled = False
        self.finished = False
        """All bytes were handed to the socket."""
        self.failure: Exception | None = None
        """Why the writing ended early."""

    def deadline(self) -> asyncio.Timeout:
        """Return the limit of the whole request; it starts with `expect_answer`."""
        return self._deadline

    def expect_answer(self) -> None:
        """Start waiting: after the last byte, or when an answer begins before it."""
        if self._deadline.when() is None:
            self._deadline.reschedule(asyncio.get_running_loop().time() + self._answer_seconds)

    def settle(self) -> None:
        """The whole answer was read: the connection may be used again if all bytes were sent."""
        self._settled = True

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        raise TypeError("a video is never held as text")

    async def write(self, writer: AbstractStreamWriter) -> None:
        await self.write_with_length(writer, None)

    async def write_with_length(
        self, writer: AbstractStreamWriter, content_length: int | None
    ) -> None:
        del content_length
        self._transport = writer.transport
        try:
            await self._write_all(writer)
        except Exception as error:
            self.failure = error
            raise
        finally:
            self._ended.set()

    async def _write_all(self, writer: AbstractStreamWriter) -> None:
        if self._transport is None or self._transport.is_closing():
            raise NotSentError("the connection was closed before the first byte")
        if self._before:
            await self._write(writer, self._before)
        sent = 0
        async for piece in self._body:
            sent += len(piece)
            if sent > self._span_bytes:
                break
            await self._write(writer, piece)
        if sent != self._span_bytes:
            raise BodySizeError(f"the body has {sent} bytes instead of {self._span_bytes}")
        if self._after:
            await self._write(writer, self._after)
        self.finished = True
        self.expect_answer()

    async def _write(self, writer: AbstractStreamWriter, piece: bytes | memoryview) -> None:
        # The loop looks for an early answer before the socket is written to again: after a reset
        # by the remote, a write would throw the unread answer away.
        await asyncio.sleep(0)
        try:
            async with asyncio.timeout(self._stall_seconds):
                await writer.write(piece)
        except TimeoutError as error:
            seconds = f"{self._stall_seconds:g}"
            raise LostAnswerError(f"the remote took no bytes for {seconds} s") from error
        except (aiohttp.ClientError, OSError) as error:
            raise LostAnswerError(_words(error)) from error

    async def abandon(self) -> None:
        """Close the body; cut the connection unless all of it was sent and answered."""
        if self._transport is not None:
            if not (self.finished and self._settled):
                self._transport.abort()
            await self._ended.wait()
        close = getattr(self._body, "aclose", None)
        if close is not None:
            await close()


class BodySizeError(Exception):
    """The body was shorter or longer than the span it was for."""


def ssl_context(ca_file: Path | None = None) -> ssl.SSLContext:
    """Return a context that verifies, trusting ``ca_file`` besides the usual authorities."""
    context = httpx.create_ssl_context()
    context.set_alpn_protocols(["http/1.1"])
    if ca_file is not None:
        context.load_verify_locations(ca_file)
    return context


async def _read(pieces: AsyncIterator[bytes]) -> bytes:
    content = bytearray()
    async for piece in pieces:
        content += piece
        if len(content) > ANSWER_LIMIT:
            raise LostAnswerError(f"the answer is longer than {ANSWER_LIMIT} bytes")
    return bytes(content)


async def _read_early(pieces: AsyncIterator[bytes]) -> bytes:
    """Read what there is: after an early answer the remote may reset the connection."""
    content = bytearray()
    try:
        async for piece in pieces:
            content += piece[: ANSWER_LIMIT - len(content)]
    except aiohttp.ClientError:
        return bytes(content)
    return bytes(content)


def _fail(error: Exception, payload: _SpanPayload) -> NoReturn:
    if payload.failure is not None:
        raise payload.failure
    if isinstance(error, aiohttp.InvalidURL):
        raise error
    if isinstance(error, _NOT_SENT):
        raise NotSentError(_words(error)) from error
    raise LostAnswerError(_words(error)) from error


def _words(error: BaseException) -> str:
    """Return a short text without credentials; addresses are only known to the caller."""
    return f"{type(error).__name__}: {redact(str(error))[:200]}"


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _header(headers: Mapping[str, str], name: str) -> str | None:
    return next((value for key, value in headers.items() if key.lower() == name), None)


def _computed(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers without those that follow from the body."""
    return {
        name: value
        for name, value in headers.items()
        if name.lower() not in {"content-length", "content-type", "transfer-encoding"}
    }


def _small_files(request: Request) -> list[tuple[str, tuple[str, bytes, str]]] | None:
    if not request.attachments:
        return None
    return [
        (part.name, (part.filename, content, part.content_type))
        for part, content in request.attachments
    ]


def _multipart(request: Request, file: FilePart, boundary: str) -> tuple[bytes, bytes]:
    """Return what stands before and after the bytes of the file.

    Source: RFC 7578; names are escaped as in the HTML standard, "multipart form data".
    """
    before = bytearray()
    for name, value in (request.form or {}).items():
        before += (
            f"--{boundary}\r\n"
            f'Content-Disposition: form-data; name="{_escape(name)}"\r\n\r\n{value}\r\n'
        ).encode()
    for part, content in request.attachments:
        before += _part_head(part, boundary) + content + b"\r\n"
    before += _part_head(file, boundary)
    return bytes(before), f"\r\n--{boundary}--\r\n".encode()


def _part_head(part: FilePart, boundary: str) -> bytes:
    return (
        f"--{boundary}\r\n"
        f'Content-Disposition: form-data; name="{_escape(part.name)}"; '
        f'filename="{_escape(part.filename)}"\r\n'
        f"Content-Type: {part.content_type}\r\n\r\n"
    ).encode()


def _escape(text: str) -> str:
    return text.replace("\r", "%0D").replace("\n", "%0A").replace('"', "%22")
