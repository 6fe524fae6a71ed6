from __future__ import annotations

import asyncio
import hashlib
import os
import socket
import ssl
import struct
from collections.abc import AsyncGenerator, AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.http_kit import listen, read_head, serve
from tests.media_kit import noise
from utils.http import FilePart, LostAnswerError, NotSentError, Request, Span
from utils.transport import ANSWER_LIMIT, BodySizeError, HttpTransport

PIECE = 256 * 1024
DATA = noise(20 * PIECE)


@pytest.fixture
async def transport() -> AsyncIterator[HttpTransport]:
    async with HttpTransport(stall_seconds=5.0, connect_seconds=5.0) as transport:
        yield transport


async def pieces(data: bytes = DATA) -> AsyncGenerator[bytes, None]:
    for offset in range(0, len(data), PIECE):
        yield data[offset : offset + PIECE]


def put(url: str, size: int = len(DATA), seconds: float = 5.0) -> Request:
    return Request(
        method="PUT",
        url=url,
        span=Span(start=0, end=size),
        headers={"Content-Range": "bytes 0-1/2", "Content-Type": "video/mp4"},
        timeout_seconds=seconds,
    )


async def test_streams_a_span_with_its_exact_length(transport: HttpTransport) -> None:
    seen: list[web.Request] = []

    async def handler(request: web.Request) -> web.Response:
        seen.append(request)
        digest = hashlib.sha256(await request.read()).hexdigest()
        return web.json_response({"sha256": digest}, headers={"X-Kind": "a"})

    async with serve(handler) as base:
        answer = await transport.send(put(f"{base}/up?a=%2F"), pieces())

    assert answer.json() == {"sha256": hashlib.sha256(DATA).hexdigest()}
    assert answer.headers["x-kind"] == "a"
    head = seen[0]
    assert head.headers["Content-Length"] == str(len(DATA))
    assert head.headers["Content-Type"] == "video/mp4"
    assert "Transfer-Encoding" not in head.headers
    assert "Expect" not in head.headers
    assert head.path_qs == "/up?a=%2F"


async def test_connection_is_used_again_for_the_next_part(transport: HttpTransport) -> None:
    ports: list[object] = []

    async def handler(request: web.Request) -> web.Response:
        await request.read()
        assert request.transport is not None
        ports.append(request.transport.get_extra_info("peername"))
        return web.Response()

    async with serve(handler) as base:
        await transport.send(put(base), pieces())
        await transport.send(put(base), pieces())

    assert ports[0] == ports[1]


async def test_308_is_an_answer(transport: HttpTransport) -> None:
    async def handler(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(status=308, headers={"Location": "/else", "Range": "bytes=0-9"})

    async with serve(handler) as base:
        streamed = await transport.send(put(base), pieces())
        plain = await transport.send(Request(method="PUT", url=base))

    assert (streamed.status, streamed.headers["range"]) == (308, "bytes=0-9")
    assert plain.status == 308


async def test_multipart_carries_fields_attachments_and_the_file(
    transport: HttpTransport,
) -> None:
    parts: dict[str, object] = {}

    async def handler(request: web.Request) -> web.Response:
        parts["length"] = request.content_length
        form = await request.post()
        for name, value in form.items():
            if isinstance(value, web.FileField):
                parts[name] = (value.filename, value.content_type, value.file.read())
            else:
                parts[name] = value
        return web.Response()

    request = Request(
        method="POST",
        url="",
        form={"chat_id": "-100", "caption": 'Ünï "x"\r\n--y'},
        span=Span(start=0, end=len(DATA)),
        file=FilePart(name="video", filename='a"b.mp4', content_type="video/mp4"),
        attachments=((FilePart(name="t", filename="t.jpg", content_type="image/jpeg"), b"JPG"),),
    )
    async with serve(handler) as base:
        answer = await transport.send(_at(request, base), pieces())

    assert answer.status == 200
    assert parts["chat_id"] == "-100"
    assert parts["caption"] == 'Ünï "x"\r\n--y'
    assert parts["t"] == ("t.jpg", "image/jpeg", b"JPG")
    assert parts["video"] == ("a%22b.mp4", "video/mp4", DATA)


def _at(request: Request, url: str) -> Request:
    return Request(
        method=request.method,
        url=url,
        form=request.form,
        span=request.span,
        file=request.file,
        attachments=request.attachments,
    )


async def test_plain_calls_send_json_forms_and_small_files(transport: HttpTransport) -> None:
    bodies: list[object] = []

    async def handler(request: web.Request) -> web.Response:
        if request.content_type == "application/json":
            bodies.append(await request.json())
        else:
            form = await request.post()
            files = {
                name: value.file.read()
                for name, value in form.items()
                if isinstance(value, web.FileField)
            }
            bodies.append({**form, **files})
        return web.json_response({"ok": True})

    photo = (FilePart(name="photo", filename="p.jpg", content_type="image/jpeg"), b"JPG")
    async with serve(handler) as base:
        call = Request(method="POST", url=base, json={"a": [1]})
        assert (await transport.send(call)).json() == {"ok": True}
        await transport.send(Request(method="POST", url=base, form={"b": "ü&"}))
        await transport.send(
            Request(method="POST", url=base, form={"c": "1"}, attachments=(photo,))
        )

    assert bodies == [{"a": [1]}, {"b": "ü&"}, {"c": "1", "photo": b"JPG"}]


async def test_nobody_listens_means_not_sent(transport: HttpTransport) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/"
    with pytest.raises(NotSentError):
        await transport.send(put(url), pieces())
    with pytest.raises(NotSentError):
        await transport.send(Request(method="POST", url=url, json={}))


async def test_connection_cut_in_the_middle_means_lost_answer(transport: HttpTransport) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(3 * PIECE)
        _reset(writer)

    async with listen(talk) as base:
        with pytest.raises(LostAnswerError):
            await transport.send(put(base), pieces())


async def test_answer_cut_off_means_lost_answer(transport: HttpTransport) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_head(reader)
        await reader.readexactly(10)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        await writer.drain()

    async with listen(talk) as base:
        with pytest.raises(LostAnswerError):
            await transport.send(put(base, 10), pieces(b"0123456789"))
        with pytest.raises(LostAnswerError):
            await transport.send(Request(method="POST", url=base, form={"a": "12345678"}))


async def test_silence_after_the_last_byte_means_lost_answer_and_drops_the_connection(
    transport: HttpTransport,
) -> None:
    dropped = asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_head(reader)
        await reader.readexactly(len(DATA))
        try:
            await reader.read()
        except ConnectionResetError:
            pass
        finally:
            dropped.set()

    async with listen(talk) as base:
        with pytest.raises(LostAnswerError):
            await transport.send(put(base, seconds=0.2), pieces())
        await asyncio.wait_for(dropped.wait(), 5)


async def test_silence_after_a_plain_call_means_lost_answer(transport: HttpTransport) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async with listen(talk) as base:
        with pytest.raises(LostAnswerError):
            await transport.send(Request(method="GET", url=base, timeout_seconds=0.2))


async def test_remote_that_takes_no_bytes_is_given_up() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_head(reader)
        await asyncio.Event().wait()

    async with listen(talk) as base, HttpTransport(stall_seconds=0.3) as transport:
        with pytest.raises(LostAnswerError, match="took no bytes"):
            await transport.send(put(base, 1 << 40), _endless())


async def _endless() -> AsyncGenerator[bytes, None]:
    piece = bytes(PIECE)
    while True:
        yield piece


async def test_waiting_for_the_body_is_no_stall() -> None:
    fetched = asyncio.Event()

    async def slow() -> AsyncGenerator[bytes, None]:
        yield b"a"
        asyncio.get_running_loop().call_later(0.4, fetched.set)
        await fetched.wait()
        yield b"b"

    async def handler(request: web.Request) -> web.Response:
        return web.Response(body=await request.read())

    async with serve(handler) as base, HttpTransport(stall_seconds=0.1) as transport:
        answer = await transport.send(put(base, 2, seconds=0.2), slow())

    assert answer.body == b"ab"


@pytest.mark.parametrize("status", [401, 413])
async def test_early_answer_is_returned_and_ends_the_sending(
    transport: HttpTransport, status: int
) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_head(reader)
        await reader.readexactly(PIECE)
        writer.write(f"HTTP/1.1 {status} No\r\nContent-Length: 4\r\n\r\nwhy!".encode())
        await writer.drain()

    taken = 0

    async def body() -> AsyncGenerator[bytes, None]:
        nonlocal taken
        async for piece in _endless():
            taken += len(piece)
            yield piece

    async with listen(talk) as base:
        for _ in range(10):
            answer = await transport.send(put(base, 1 << 40), body())
            assert (answer.status, answer.body) == (status, b"why!")
    assert taken < 1 << 30


async def test_early_answer_followed_by_a_reset_is_not_lost(transport: HttpTransport) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_head(reader)
        writer.write(b"HTTP/1.1 413 Too Large\r\nConnection: close\r\n\r\nbig")
        await writer.drain()
        _reset_later(writer)

    async with listen(talk) as base:
        answer = await transport.send(put(base, 1 << 40), _endless())

    assert answer.status == 413


async def test_connection_of_an_early_answer_is_not_used_again(transport: HttpTransport) -> None:
    connections = 0

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        await read_head(reader)
        writer.write(b"HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        await reader.read(10 * PIECE)

    async with listen(talk) as base:
        await transport.send(put(base, 1 << 40), _endless())
        await transport.send(put(base, 1 << 40), _endless())

    assert connections == 2


async def test_error_of_the_body_is_raised_unchanged(transport: HttpTransport) -> None:
    class RefusedHere(Exception):  # noqa: N818 - only of this test
        pass

    async def body() -> AsyncGenerator[bytes, None]:
        yield DATA[:PIECE]
        raise RefusedHere

    received = bytearray()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_head(reader)
        while data := await reader.read(PIECE):
            received.extend(data)

    async with listen(talk) as base:
        with pytest.raises(RefusedHere):
            await transport.send(put(base), body())
    assert len(received) <= PIECE


@pytest.mark.parametrize("length", [len(DATA) - 1, len(DATA) + 1])
async def test_body_of_another_length_than_its_span_is_an_error(
    transport: HttpTransport, length: int
) -> None:
    async def handler(request: web.Request) -> web.Response:
        await request.read()
        return web.Response()

    async with serve(handler) as base:
        with pytest.raises(BodySizeError):
            await transport.send(put(base, length), pieces())


async def test_body_is_closed_when_the_caller_is_cancelled(transport: HttpTransport) -> None:
    began, closed = asyncio.Event(), asyncio.Event()

    async def body() -> AsyncGenerator[bytes, None]:
        try:
            yield b"a"
            began.set()
            await asyncio.Event().wait()
        finally:
            closed.set()

    async def handler(request: web.Request) -> web.Response:
        await request.read()
        return web.Response()

    async with serve(handler) as base, asyncio.TaskGroup() as group:
        sending = group.create_task(_swallow(transport, put(base, 10), body()))
        await began.wait()
        sending.cancel()

    assert sending.cancelled()
    assert closed.is_set()


async def _swallow(
    transport: HttpTransport, request: Request, body: AsyncGenerator[bytes, None]
) -> None:
    await transport.send(request, body)


async def test_body_is_closed_when_nothing_was_sent(transport: HttpTransport) -> None:
    body = pieces()
    with pytest.raises(NotSentError):
        await transport.send(put("http://127.0.0.1:1/"), body)

    assert [piece async for piece in body] == []


async def test_answer_is_not_read_without_end(transport: HttpTransport) -> None:
    async def handler(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(body=bytes(ANSWER_LIMIT + 1))

    async with serve(handler) as base:
        with pytest.raises(LostAnswerError):
            await transport.send(put(base), pieces())
        with pytest.raises(LostAnswerError):
            await transport.send(Request(method="GET", url=base))


async def test_span_and_body_belong_together(transport: HttpTransport) -> None:
    with pytest.raises(ValueError, match="span"):
        await transport.send(Request(method="GET", url="http://127.0.0.1/"), pieces())


async def test_no_file_is_left_open(transport: HttpTransport) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(PIECE)
        _reset(writer)

    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - counts descriptors
    async with listen(talk) as base:
        for _ in range(5):
            with pytest.raises(LostAnswerError):
                await transport.send(put(base), pieces())
    assert len(os.listdir("/proc/self/fd")) <= before + 1  # noqa: PTH208


async def test_certificate_is_verified(tmp_path: Path) -> None:
    certificate, server_context = _certificate(tmp_path)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await read_head(reader)
            await reader.readexactly(len(DATA))
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            await writer.drain()
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=server_context)
    url = f"https://localhost:{server.sockets[0].getsockname()[1]}/"
    async with HttpTransport() as stranger:
        with pytest.raises(NotSentError):
            await stranger.send(put(url), pieces())
        with pytest.raises(NotSentError):
            await stranger.send(Request(method="GET", url=url))
    async with HttpTransport(ca_file=certificate) as friend:
        assert (await friend.send(put(url), pieces())).status == 200
    server.close()
    await server.wait_closed()


def _certificate(folder: Path) -> tuple[Path, ssl.SSLContext]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    start = datetime(2026, 1, 1, tzinfo=UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=36500))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "ca.pem"
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    secret = folder / "key.pem"
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path, secret)
    return path, context


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close so that the other side sees a reset instead of an end."""
    _reset_later(writer)
    writer.transport.abort()


def _reset_later(writer: asyncio.StreamWriter) -> None:
    linger = struct.pack("ii", 1, 0)
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
