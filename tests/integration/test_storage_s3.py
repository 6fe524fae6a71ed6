from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import obstore
import pytest
from aiohttp import web
from pydantic import SecretStr

from core.media.storage.base import Storage
from core.media.storage.open import Tools, open_storage
from core.media.storage.s3 import S3Storage
from core.settings import MIB
from core.studio.errors import StudioError
from tests.factories import NoTransport
from tests.storage_kit import (
    BUCKET,
    S3_SECRET,
    Fault,
    Quick,
    before_s3,
    digest,
    make_file,
    read,
    s3_place,
    s3_server,
)

KEY = "ab/abc.mp4"
LARGE = 6 * MIB
TOOLS = Tools(transport=NoTransport(), clock=Quick(), part_bytes=5 * MIB)


def open_s3(address: str = "", **changes: Any) -> Storage:
    return open_storage(s3_place(address, **changes), TOOLS)


def failing(times: int, status: int, code: str, *, when: str, where: str = "") -> Fault:
    """Answer the first requests of a kind with an error of S3."""
    left = [times]

    def fault(request: web.Request) -> web.Response | None:
        if request.method != when or where not in request.query_string or not left[0]:
            return None
        left[0] -= 1
        text = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>x</Message></Error>"
        return web.Response(status=status, text=text, content_type="application/xml")

    return fault


async def uploads_left() -> list[str]:
    """Return what the server still keeps of multipart uploads that were not completed."""
    url = f"{s3_server()[1]}/buckets/{BUCKET}/.uploads/"
    headers = {"Accept": "application/json"}
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as answer:
        if answer.status == 404:
            return []
        return [entry["FullPath"] for entry in (await answer.json())["Entries"] or []]


@pytest.fixture
async def nothing_left() -> AsyncIterator[None]:
    before = set(await uploads_left())
    yield
    assert set(await uploads_left()) <= before


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(S3Storage.__init__, "__kwdefaults__", {"patience": timedelta(seconds=1)})


@pytest.mark.parametrize(
    ("when", "where", "status", "code"),
    [
        ("PUT", "partNumber=1", 503, "SlowDown"),
        ("POST", "uploads", 503, "SlowDown"),
        ("POST", "uploadId", 500, "InternalError"),
        # Source: services.md section 6: complete can answer 200 with an error in the body.
        ("POST", "uploadId", 200, "InternalError"),
        ("HEAD", "", 503, "SlowDown"),
    ],
)
async def test_what_the_server_asks_to_repeat_is_repeated(
    tmp_path: Path, nothing_left: None, when: str, where: str, status: int, code: str
) -> None:
    path = make_file(tmp_path, LARGE)
    async with before_s3(failing(2, status, code, when=when, where=where)) as address:
        storage = open_s3(address)
        stored = await storage.put("again.mp4", path, sha256=digest(path))

        assert await read(storage, stored.key) == path.read_bytes()


@pytest.mark.usefixtures("impatient", "nothing_left")
async def test_a_server_that_stays_busy_is_left_with_nothing(tmp_path: Path) -> None:
    async with before_s3(failing(1000, 503, "SlowDown", when="PUT")) as address:
        with pytest.raises(StudioError, match="storage_unreachable") as caught:
            await open_s3(address).put("busy.mp4", make_file(tmp_path, LARGE))

    assert caught.value.retry
    assert caught.value.facts["reason"] == "SlowDown"
    assert await open_s3().size("busy.mp4") is None


@pytest.mark.parametrize(
    ("status", "code", "key", "retry"),
    [
        (403, "AccessDenied", "storage_sign_in", False),
        (403, "RequestTimeTooSkewed", "storage_clock", False),
        (400, "InvalidBucketName", "storage_refused", False),
        (404, "NoSuchBucket", "storage_refused", False),
        (403, "QuotaExceeded", "storage_full", True),
        (507, "InsufficientStorage", "storage_full", True),
        (500, "InternalError", "storage_unreachable", True),
    ],
)
@pytest.mark.usefixtures("impatient")
async def test_refusals_are_told_apart(
    tmp_path: Path, status: int, code: str, key: str, retry: bool
) -> None:
    async with before_s3(failing(1000, status, code, when="PUT")) as address:
        with pytest.raises(StudioError) as caught:
            await open_s3(address).put(KEY, make_file(tmp_path, 1000))

    assert (caught.value.key, caught.value.retry) == (key, retry)


async def test_a_complete_that_did_nothing_is_noticed(tmp_path: Path) -> None:
    def fault(request: web.Request) -> web.Response | None:
        if request.method != "POST" or "uploadId" not in request.query_string:
            return None
        name = "CompleteMultipartUploadResult"
        return web.Response(text=f"<{name}><ETag>&quot;x-2&quot;</ETag></{name}>")

    async with before_s3(fault) as address:
        with pytest.raises(StudioError, match="storage_unreachable") as caught:
            await open_s3(address).put("lie.mp4", make_file(tmp_path, LARGE))
    assert "arrived" in caught.value.facts["reason"]


@pytest.mark.usefixtures("nothing_left")
async def test_a_cancelled_upload_is_aborted_on_the_server(tmp_path: Path) -> None:
    begun = asyncio.Event()

    async with asyncio.TaskGroup() as group:
        putting = group.create_task(
            open_s3().put(
                "cancelled.mp4",
                make_file(tmp_path, 16 * MIB),
                on_bytes=lambda done: begun.set() if done > 6 * MIB else None,
            )
        )
        await begun.wait()
        putting.cancel()

    assert putting.cancelled()
    assert await open_s3().size("cancelled.mp4") is None


@pytest.mark.usefixtures("nothing_left")
async def test_a_file_that_changed_is_aborted_on_the_server(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="storage_changed"):
        await open_s3().put("changed.mp4", make_file(tmp_path, LARGE), sha256="0" * 64)


@pytest.mark.usefixtures("impatient")
async def test_wrong_keys_are_told_without_them(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    path = make_file(tmp_path, 1000)
    storage = open_s3(secret=SecretStr("wrongsecretwrongsecret"))

    with pytest.raises(StudioError, match="storage_sign_in") as caught:
        await storage.put(KEY, path)

    told = f"{caught.value!r} {caught.value.facts} {caught.value.__cause__} {caplog.text}"
    assert "secret" not in told.replace("storage_sign_in", "")
    assert caught.value.__cause__ is None
    assert S3_SECRET not in repr(open_s3().__dict__)


@pytest.mark.usefixtures("impatient")
async def test_nobody_there_is_worth_another_try(tmp_path: Path) -> None:
    storage = open_s3("http://127.0.0.1:9")
    for ask in (storage.put(KEY, make_file(tmp_path, 10)), storage.size(KEY), storage.delete(KEY)):
        with pytest.raises(StudioError, match="storage_unreachable") as caught:
            await ask
        assert caught.value.retry


@pytest.mark.usefixtures("impatient")
async def test_plain_http_only_where_the_setting_says_so(tmp_path: Path) -> None:
    https = s3_server()[0].replace("http://", "https://")
    with pytest.raises(StudioError, match="storage_unreachable"):
        await open_s3(https).put(KEY, make_file(tmp_path, 10))


async def test_the_type_is_stored_with_the_file(tmp_path: Path) -> None:
    storage = open_s3()
    assert isinstance(storage, S3Storage)
    await storage.put("typed.mp4", make_file(tmp_path))
    found = await obstore.get_async(storage._store, "typed.mp4")
    assert found.attributes["Content-Type"] == "video/mp4"


async def test_a_read_that_breaks_goes_on(tmp_path: Path) -> None:
    path = make_file(tmp_path, 10 * MIB)
    _ = await open_s3().put("read.mp4", path)
    async with before_s3(failing(3, 503, "SlowDown", when="GET")) as address:
        assert await read(open_s3(address), "read.mp4", 3) == path.read_bytes()[3:]
