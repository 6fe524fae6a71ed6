from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from pydantic import SecretStr

from core.media.storage.base import Stored
from core.media.storage.cloudinary import CloudinaryStorage
from core.studio.errors import StudioError
from tests.http_kit import serve
from tests.storage_kit import World, cloudinary_place, digest, make_file, make_world, read
from utils.sandbox.cloudinary import API_KEY, API_SECRET, CLOUD

KEY = "ab/abc.mp4"
CHUNK = 5_300_000
SIZE = 2 * CHUNK + 1000
ROW = dict[str, Any]


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with make_world(tmp_path) as made:
        yield made


def make_storage(world: World, **changes: Any) -> CloudinaryStorage:
    values: ROW = {
        "cloud": CLOUD,
        "folder": "library",
        "key_id": API_KEY,
        "secret": API_SECRET,
        "api": world.sandbox.address("cloudinary"),
        "delivery": world.sandbox.address("cloudinary"),
        "transport": world.transport,
        "clock": world.clock,
        "chunk_bytes": CHUNK,
    }
    return CloudinaryStorage("cloudinary://karvon/library", **{**values, **changes})


@pytest.fixture
async def storage(world: World) -> AsyncIterator[CloudinaryStorage]:
    opened = make_storage(world)
    yield opened
    await opened.close()


async def put(storage: CloudinaryStorage, path: Path) -> Stored:
    return await storage.put(KEY, path, sha256=digest(path))


def rows(world: World, step: str = "upload") -> list[ROW]:
    return world.sandbox.journal.rows(service="cloudinary", step=step)


def fault(world: World, action: str, step: str = "upload", **more: Any) -> None:
    world.sandbox.faults.add({"service": "cloudinary", "step": step, "action": action, **more})


async def test_a_large_file_goes_in_chunks_the_last_one_last(
    world: World, storage: CloudinaryStorage, tmp_path: Path
) -> None:
    path = make_file(tmp_path, SIZE)

    stored = await put(storage, path)

    sent = [row["headers"]["Content-Range"] for row in rows(world)]
    assert sent == [
        f"bytes 0-{CHUNK - 1}/{SIZE}",
        f"bytes {CHUNK}-{2 * CHUNK - 1}/{SIZE}",
        f"bytes {2 * CHUNK}-{SIZE - 1}/{SIZE}",
    ]
    assert len({row["headers"]["X-Unique-Upload-Id"] for row in rows(world)}) == 1
    assert await read(storage, stored.key, CHUNK - 5, 10) == path.read_bytes()[CHUNK - 5 :][:10]


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.mp4", "video"), ("a.mp3", "video"), ("a.png", "image"), ("a.srt", "raw"), ("a", "raw")],
)
async def test_the_type_goes_by_the_media(
    world: World, storage: CloudinaryStorage, tmp_path: Path, name: str, kind: str
) -> None:
    path = make_file(tmp_path, 2000)

    stored = await storage.put(f"ab/{name}", path)

    assert rows(world)[0]["path"] == f"/v1_1/{CLOUD}/{kind}/upload"
    assert stored.key.startswith(f"{kind}/upload/v")
    assert await read(storage, stored.key) == path.read_bytes()
    await storage.delete(stored.key)
    assert await storage.size(stored.key) is None


async def test_the_address_is_open_to_everybody(
    storage: CloudinaryStorage, tmp_path: Path
) -> None:
    path = make_file(tmp_path, 2000)
    stored = await put(storage, path)

    url = storage._cloud.address(stored.key)
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        assert await answer.read() == path.read_bytes()


@pytest.mark.parametrize("status", [420, 423, 429, 500, 503])
async def test_waits_are_waited_out(
    world: World, storage: CloudinaryStorage, tmp_path: Path, status: int
) -> None:
    fault(world, "status", nth=2, times=2, status=status)
    path = make_file(tmp_path, SIZE)

    stored = await put(storage, path)

    assert await read(storage, stored.key) == path.read_bytes()
    assert world.clock.waited == [1.0, 2.0]


async def test_a_rate_limit_says_how_long(
    world: World, storage: CloudinaryStorage, tmp_path: Path
) -> None:
    reset = datetime.now(UTC) + timedelta(seconds=90)  # noqa: TID251 - the date of the stand-in
    headers = {"X-FeatureRateLimit-Reset": format_datetime(reset, usegmt=True)}
    fault(world, "status", status=420, headers=headers)

    await put(storage, make_file(tmp_path, 2000))

    assert len(world.clock.waited) == 1
    assert 60 < world.clock.waited[0] <= 90


async def test_a_limit_for_hours_is_told(
    world: World, storage: CloudinaryStorage, tmp_path: Path
) -> None:
    reset = datetime.now(UTC) + timedelta(hours=2)  # noqa: TID251 - the date of the stand-in
    headers = {"X-FeatureRateLimit-Reset": format_datetime(reset, usegmt=True)}
    fault(world, "status", status=429, headers=headers)

    with pytest.raises(StudioError, match="storage_busy") as caught:
        await put(storage, make_file(tmp_path, 2000))

    assert caught.value.retry
    assert world.clock.waited == []


async def test_a_server_that_stays_down_is_left(
    world: World, storage: CloudinaryStorage, tmp_path: Path
) -> None:
    fault(world, "status", times=1000, status=503)
    with pytest.raises(StudioError, match="storage_unreachable") as caught:
        await put(storage, make_file(tmp_path, 2000))
    assert caught.value.retry
    assert len(rows(world)) == 7


@pytest.mark.parametrize("nth", [1, 2, 3])
@pytest.mark.parametrize("action", ["drop_answer", "reset", "truncate"])
async def test_a_lost_answer_begins_anew_where_nobody_knows(
    world: World, storage: CloudinaryStorage, tmp_path: Path, nth: int, action: str
) -> None:
    path = make_file(tmp_path, SIZE)
    fault(world, action, nth=nth)

    stored = await put(storage, path)

    assert await read(storage, stored.key) == path.read_bytes()


async def test_a_stale_request_is_signed_anew(
    world: World, storage: CloudinaryStorage, tmp_path: Path
) -> None:
    message = {"error": {"message": "Stale request - reported time is 1"}}
    fault(world, "status", status=401, body=message)

    stored = await put(storage, make_file(tmp_path, 2000))

    assert await storage.size(stored.key) == 2000


async def test_a_wrong_clock_is_told(
    world: World, storage: CloudinaryStorage, tmp_path: Path
) -> None:
    world.sandbox.advance(3 * 3600)
    with pytest.raises(StudioError, match="storage_clock") as caught:
        await put(storage, make_file(tmp_path, 2000))
    assert not caught.value.retry


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"secret": "wrong"}, "storage_sign_in"),
        ({"key_id": "1"}, "storage_sign_in"),
        ({"cloud": "other"}, "storage_sign_in"),
        ({"delivery": "https://res.example"}, "storage_address"),
    ],
)
async def test_what_is_wrong_with_the_settings_is_told(
    world: World, tmp_path: Path, changes: dict[str, str], key: str
) -> None:
    storage = make_storage(world, **changes)
    with pytest.raises(StudioError, match=key) as caught:
        await put(storage, make_file(tmp_path, 2000))
    assert not caught.value.retry
    assert API_SECRET not in repr(caught.value.facts)


async def test_too_large_a_file_is_told(
    world: World, storage: CloudinaryStorage, tmp_path: Path
) -> None:
    message = {"error": {"message": "File size too large. Got 5. Maximum is 4."}}
    fault(world, "status", status=400, body=message)
    with pytest.raises(StudioError, match="storage_too_large"):
        await put(storage, make_file(tmp_path, 2000))


async def test_an_empty_file_is_refused(storage: CloudinaryStorage, tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="storage_refused"):
        await put(storage, make_file(tmp_path, 0))


@pytest.mark.parametrize(
    "answer",
    [{}, {"done": False}, {"secure_url": ""}, {"secure_url": "x", "bytes": 1}, {"secure_url": 5}],
)
async def test_a_last_answer_must_name_the_file(
    world: World, tmp_path: Path, answer: dict[str, Any]
) -> None:
    async def handle(request: web.Request) -> web.Response:
        await request.read()
        return web.json_response(answer)

    async with serve(handle) as address:
        storage = make_storage(world, api=address)
        with pytest.raises(StudioError, match="storage_unreachable"):
            await put(storage, make_file(tmp_path, 2000))


@pytest.mark.parametrize("action", ["reset", "truncate"])
async def test_a_read_that_breaks_goes_on_by_range(
    world: World, storage: CloudinaryStorage, tmp_path: Path, action: str
) -> None:
    path = make_file(tmp_path, 3_000_000)
    stored = await put(storage, path)
    fault(world, action, "deliver", after_bytes=1_000_000, times=2)

    assert await read(storage, stored.key, 10) == path.read_bytes()[10:]

    asked = [row["headers"].get("Range") for row in rows(world, "deliver")]
    assert asked[0] == "bytes=10-"
    assert len(asked) == 3
    assert len(set(asked)) == 3


async def test_delivery_that_is_not_ready_is_waited_for(
    world: World, storage: CloudinaryStorage, tmp_path: Path
) -> None:
    stored = await put(storage, make_file(tmp_path, 2000))
    fault(world, "status", "deliver", times=3, status=423)
    assert await storage.size(stored.key) == 2000
    assert world.clock.waited == [1.0, 2.0, 4.0]


async def test_a_server_without_ranges_is_read_too(world: World) -> None:
    async def handle(request: web.Request) -> web.Response:
        del request
        return web.Response(body=b"0123456789")

    async with serve(handle) as address:
        storage = make_storage(world, delivery=address)
        assert await read(storage, KEY, 3, 4) == b"3456"
        await storage.close()


@pytest.mark.parametrize(
    "respond",
    [
        lambda _: web.Response(status=302, headers={"Location": "http://127.0.0.1:1/"}),
        lambda _: web.Response(status=206, headers={"Content-Range": "bytes 7-9/10"}, body=b"789"),
        lambda _: web.Response(status=206, body=b"789"),
    ],
)
async def test_odd_deliveries_are_refused(
    world: World, respond: Callable[[web.Request], web.Response]
) -> None:
    async def handle(request: web.Request) -> web.Response:
        return respond(request)

    async with serve(handle) as address:
        storage = make_storage(world, delivery=address)
        with pytest.raises(StudioError, match="storage_refused"):
            await read(storage, KEY, 3, 4)
        await storage.close()


async def test_destroy_says_not_found_at_200(world: World, storage: CloudinaryStorage) -> None:
    await storage.delete("never/was.mp4")
    [row] = rows(world, "destroy")
    assert (row["status"], row["answer"]) == (200, {"result": "not found"})


async def test_an_odd_result_of_destroy_is_an_error(
    world: World, storage: CloudinaryStorage
) -> None:
    fault(world, "status", "destroy", status=200, body={"result": "error"})
    with pytest.raises(StudioError, match="storage_refused"):
        await storage.delete(KEY)


async def test_destroy_is_asked_again(
    world: World, storage: CloudinaryStorage, tmp_path: Path
) -> None:
    stored = await put(storage, make_file(tmp_path, 2000))
    fault(world, "drop_answer", "destroy")
    fault(world, "status", "destroy", status=500)

    await storage.delete(stored.key)

    assert await storage.size(stored.key) is None


async def test_secrets_stay_out_of_logs(
    world: World, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    storage = make_storage(world)
    stored = await put(storage, make_file(tmp_path, 2000))
    await read(storage, stored.key)
    with pytest.raises(StudioError) as caught:
        await put(make_storage(world, secret="otherSecret123"), make_file(tmp_path, 2000))
    told = f"{caplog.text} {storage!r} {storage._cloud!r} {caught.value!r} {caught.value.facts}"
    assert API_SECRET not in told
    assert "otherSecret123" not in told
    signatures = [row["body"] for row in rows(world, "destroy")]
    assert all(not one or one not in told for one in signatures)
    await storage.close()


async def test_the_settings_open_it(world: World, tmp_path: Path) -> None:
    place = cloudinary_place(world.sandbox)
    assert isinstance(place.secret, SecretStr)
    storage = world.open("cloudinary")
    stored = await storage.put(KEY, make_file(tmp_path, 2000))
    assert await storage.size(stored.key) == 2000
    await storage.close()
