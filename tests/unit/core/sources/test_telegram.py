from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from core.errors import SourceError
from core.sources.base import download_session
from core.sources.telegram import TelegramSource
from tests.http_kit import serve
from tests.media_kit import noise

DATA = noise(500_000)
TOKEN = "123456:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with download_session(stall_seconds=5.0) as session:
        yield session


class Cloud:
    """A Bot API that knows one file."""

    def __init__(self, answer: dict[str, Any] | None = None, status: int = 200) -> None:
        self.answer = answer
        self.status = status
        self.links = 0
        self.expired: set[str] = set()

    async def __call__(self, request: web.Request) -> web.Response:
        if request.path == f"/bot{TOKEN}/getFile":
            assert (await request.json())["file_id"] == "FILE"
            if self.answer is not None:
                return web.json_response(self.answer, status=self.status)
            self.links += 1
            path = f"videos/file_{self.links}.mp4"
            result = {"file_id": "FILE", "file_size": len(DATA), "file_path": path}
            return web.json_response({"ok": True, "result": result})
        assert request.path.startswith(f"/file/bot{TOKEN}/videos/file_")
        if request.path.rsplit("/", 1)[1] in self.expired:
            return web.json_response({"ok": False, "error_code": 404}, status=404)
        start = int(request.headers["Range"][6:-1]) if "Range" in request.headers else 0
        headers = {"Content-Range": f"bytes {start}-{len(DATA) - 1}/{len(DATA)}"} if start else {}
        return web.Response(status=206 if start else 200, body=DATA[start:], headers=headers)


def source(
    base: str, session: aiohttp.ClientSession, *, local_files: bool = False
) -> TelegramSource:
    return TelegramSource(
        session=session,
        api_base=base,
        token=TOKEN,
        file_id="FILE",
        file_unique_id="UNIQUE",
        local_files=local_files,
    )


async def refusal(
    session: aiohttp.ClientSession,
    status: int,
    description: str,
    parameters: dict[str, int] | None = None,
) -> SourceError:
    answer = {"ok": False, "error_code": status, "description": description}
    if parameters:
        answer["parameters"] = parameters
    async with serve(Cloud(answer, status)) as base:
        with pytest.raises(SourceError) as caught:
            await source(base, session).open(0)
    return caught.value


async def test_fetches_from_the_cloud(session: aiohttp.ClientSession) -> None:
    async with serve(Cloud()) as base:
        stream = await source(base, session).open(0)
        data = b"".join([chunk async for chunk in stream.chunks()])
        await stream.close()

    assert data == DATA
    assert (stream.size, stream.start, stream.local_path) == (len(DATA), 0, "")


async def test_resumes_in_the_middle(session: aiohttp.ClientSession) -> None:
    async with serve(Cloud()) as base:
        stream = await source(base, session).open(1234)
        data = b"".join([chunk async for chunk in stream.chunks()])
        await stream.close()

    assert (stream.start, data) == (1234, DATA[1234:])


async def test_expired_link_is_asked_for_again_next_time(session: aiohttp.ClientSession) -> None:
    cloud = Cloud()
    cloud.expired.add("file_1.mp4")
    async with serve(cloud) as base:
        telegram = source(base, session)
        with pytest.raises(SourceError) as caught:
            await telegram.open(0)
        assert caught.value.retry
        stream = await telegram.open(0)
        await stream.close()

    assert cloud.links == 2


async def test_too_big_for_the_cloud_has_its_own_sentence(session: aiohttp.ClientSession) -> None:
    error = await refusal(session, 400, "Bad Request: file is too big")

    assert (error.key, error.retry) == ("too_big_for_cloud", False)


@pytest.mark.parametrize(
    ("status", "description", "key", "is_passing"),
    [
        (401, "Unauthorized", "telegram_token", False),
        (404, "Not Found", "telegram_token", False),
        (400, "Bad Request: invalid file_id", "telegram_refused", False),
        (
            400,
            "Bad Request: wrong file_id or the file is temporarily unavailable",
            "telegram_refused",
            True,
        ),
        (500, "Internal Server Error: restart", "telegram_refused", True),
    ],
)
async def test_refusals_are_told_apart(
    session: aiohttp.ClientSession, status: int, description: str, key: str, *, is_passing: bool
) -> None:
    error = await refusal(session, status, description)

    assert (error.key, error.retry) == (key, is_passing)


async def test_waiting_time_is_handed_on(session: aiohttp.ClientSession) -> None:
    error = await refusal(session, 429, "Too Many Requests", {"retry_after": 17})

    assert error.retry
    assert error.facts["retry_after"] == 17


async def test_html_from_a_gateway_passes(session: aiohttp.ClientSession) -> None:
    async def handler(request: web.Request) -> web.Response:
        return web.Response(status=502, text="<html>", content_type="text/html")

    async with serve(handler) as base:
        with pytest.raises(SourceError) as caught:
            await source(base, session).open(0)

    assert caught.value.retry


async def test_server_that_is_down_passes_without_telling_the_token(
    session: aiohttp.ClientSession,
) -> None:
    with pytest.raises(SourceError) as caught:
        await source("http://127.0.0.1:1", session).open(0)

    assert caught.value.retry
    assert TOKEN not in str(caught.value)


def local(path: Path) -> Cloud:
    result = {"file_id": "FILE", "file_path": str(path)}
    return Cloud({"ok": True, "result": result})


async def test_file_of_a_local_server_is_used_in_place(
    session: aiohttp.ClientSession, tmp_path: Path
) -> None:
    path = tmp_path / "file.mp4"
    path.write_bytes(DATA)
    async with serve(local(path)) as base:
        stream = await source(base, session, local_files=True).open(0)

    assert stream.local_path == str(path)
    assert stream.size == len(DATA)


@pytest.mark.parametrize("is_local", [True, False])
async def test_disk_that_is_not_shared_is_told(
    session: aiohttp.ClientSession, tmp_path: Path, *, is_local: bool
) -> None:
    async with serve(local(tmp_path / "missing.mp4")) as base:
        with pytest.raises(SourceError) as caught:
            await source(base, session, local_files=is_local).open(0)

    assert (caught.value.key, caught.value.retry) == ("telegram_local_path", False)
    assert str(tmp_path) not in str(caught.value)


async def test_fingerprint_is_the_unique_id(session: aiohttp.ClientSession) -> None:
    assert source("http://x", session).fingerprint == "telegram:UNIQUE"
