from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.sandbox_kit import JSON, Answer, broken_off, clip, new_session, until
from tests.sandbox_meta_client import IG, PROCESSING, Meta, complaint, problem
from utils.sandbox import meta_seeds as seeds
from utils.sandbox.server import Sandbox, SandboxOptions

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(SandboxOptions(processing_seconds=PROCESSING)) as running:
        yield running


@pytest.fixture
async def meta(sandbox: Sandbox) -> AsyncIterator[Meta]:
    async with new_session() as session:
        yield Meta(sandbox, session)


@pytest.fixture(scope="session")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("clips")


@pytest.mark.parametrize(
    ("headers", "status", "kind"),
    [
        ({"Authorization": f"Bearer {seeds.USER_TOKEN}"}, 401, "NotAuthorizedError"),
        ({"Authorization": ""}, 401, "NotAuthorizedError"),
        ({"Authorization": "OAuth EAAnobody"}, 401, "NotAuthorizedError"),
        ({"Authorization": f"OAuth {seeds.OTHER_USER_TOKEN}"}, 403, "NotAuthorizedError"),
        ({"offset": ""}, 400, "ParameterValidationError"),
        ({"offset": "-1"}, 400, "ParameterValidationError"),
        ({"file_size": "many"}, 400, "ParameterValidationError"),
        ({"offset": "5", "file_size": "15"}, 412, "OffsetInvalidError"),
        ({"file_size": "9"}, 400, "ProcessingFailedError"),
        (
            {"Content-Type": "application/x-www-form-urlencoded"},
            400,
            "ProcessingFailedError",
        ),
    ],
    ids=str,
)
async def test_wrong_upload_is_refused_and_nothing_kept(
    meta: Meta, headers: dict[str, str], status: int, kind: str
) -> None:
    created = await meta.container()
    answer = await meta.send(created["uri"], b"0123456789", headers=headers)
    assert complaint(answer) == (status, kind)
    path = f"/{created['id']}?fields=video_status"
    phase = (await meta.call("GET", path)).json["video_status"]["uploading_phase"]
    assert phase["bytes_transferred"] == 0


async def test_wrong_offset_is_retriable(meta: Meta) -> None:
    created = await meta.container()
    answer = await meta.send(created["uri"], b"0123", offset=3, size=7)
    assert answer.json["debug_info"]["retriable"] is True


@pytest.mark.parametrize("method", ["GET", "PUT"])
async def test_upload_host_takes_posts_only(meta: Meta, method: str) -> None:
    created = await meta.container()
    answer = await meta.rupload(method, created["uri"])
    assert answer.status == 405
    assert "debug_info" in answer.json


async def test_short_body_is_kept_and_continued(meta: Meta, clips: Path) -> None:
    data = clip(clips).read_bytes()
    created = await meta.container()
    short = await meta.send(created["uri"], data[:1000], size=len(data))
    assert complaint(short) == (400, "PartialRequestError")
    path = f"/{created['id']}?fields=status_code,video_status"
    node = (await meta.call("GET", path)).json
    assert node["status_code"] == "IN_PROGRESS"
    assert node["video_status"]["uploading_phase"] == {
        "status": "in_progress",
        "bytes_transferred": 1000,
    }
    rest = await meta.send(created["uri"], data[1000:], offset=1000, size=len(data))
    assert rest.status == 200
    meta.sandbox.advance(PROCESSING)
    assert await meta.container_code(created["id"]) == "FINISHED"


async def test_bytes_before_a_broken_connection_are_kept(meta: Meta, clips: Path) -> None:
    data = clip(clips, seconds=6).read_bytes()
    cut = len(data) // 2
    fault = {"service": "graph_upload", "step": "part", "action": "reset", "after_bytes": cut}
    meta.sandbox.faults.add(fault)
    created = await meta.container()
    with pytest.raises(aiohttp.ClientError):
        await meta.send(created["uri"], data)
    path = f"/{created['id']}?fields=video_status"
    phase = (await meta.call("GET", path)).json["video_status"]["uploading_phase"]
    assert phase["bytes_transferred"] == cut
    assert (await meta.send(created["uri"], data[cut:], offset=cut, size=len(data))).status == 200
    meta.sandbox.advance(PROCESSING)
    await meta.publish(created["id"])
    (row,) = await meta.published()
    assert row["sha256"] == hashlib.sha256(data).hexdigest()


async def test_new_sender_takes_over_from_one_that_hangs(meta: Meta) -> None:
    created = await meta.container()
    blob = meta.sandbox.blob(f"instagram/{created['id']}")
    ended = asyncio.Event()
    headers = {
        "Authorization": f"OAuth {seeds.USER_TOKEN}",
        "Content-Type": "application/octet-stream",
        "Content-Length": "100",
        "offset": "0",
        "file_size": "100",
    }

    async def has_begun() -> bool:
        return blob.size == 40

    async def hang() -> None:
        with pytest.raises(aiohttp.ClientError):
            body = broken_off(b"a" * 40, ended)
            await meta.rupload("POST", created["uri"], data=body, headers=headers)

    async with asyncio.TaskGroup() as group:
        group.create_task(hang())
        await until(has_begun)
        second = await meta.send(created["uri"], b"b" * 60, offset=40, size=100)
    assert second.status == 200
    assert blob.sha256() == hashlib.sha256(b"a" * 40 + b"b" * 60).hexdigest()


async def test_upload_can_fail_although_all_was_kept(meta: Meta, clips: Path) -> None:
    fault = {"service": "graph_upload", "step": "part", "action": "spurious_failure"}
    meta.sandbox.faults.add(fault)
    created = await meta.container()
    answer = await meta.send(created["uri"], clip(clips).read_bytes())
    assert complaint(answer) == (400, "ProcessingFailedError")
    meta.sandbox.advance(PROCESSING)
    assert await meta.container_code(created["id"]) == "FINISHED"


async def test_changed_file_size_spoils_the_container(meta: Meta) -> None:
    created = await meta.container()
    await meta.send(created["uri"], b"0123", size=8)
    await meta.send(created["uri"], b"4567", offset=4, size=9)
    await meta.send(created["uri"], b"8", offset=8, size=9)
    meta.sandbox.advance(PROCESSING)
    assert await meta.container_code(created["id"]) == "ERROR"


async def fetched(meta: Meta, handler: Handler, robots: str = "", face: str = "graph") -> Answer:
    async def tell_robots(_: web.Request) -> web.Response:
        return web.Response(text=robots) if robots else web.Response(status=404)

    app = web.Application()
    app.router.add_get("/robots.txt", tell_robots)
    app.router.add_get("/clip.mp4", handler)
    async with TestServer(app) as server:
        body = {"media_type": "REELS", "video_url": str(server.make_url("/clip.mp4"))}
        token = seeds.USER_TOKEN if face == "graph" else seeds.IG_TOKEN
        return await meta.call("POST", f"/{IG}/media", body, token=token, face=face)


@pytest.mark.parametrize("face", ["graph", "instagram"])
async def test_video_url_is_really_fetched(meta: Meta, clips: Path, face: str) -> None:
    path = clip(clips)
    agents: list[str] = []

    async def serve(request: web.Request) -> web.FileResponse:
        agents.append(request.headers["User-Agent"])
        assert "Cookie" not in request.headers
        return web.FileResponse(path)

    created = (await fetched(meta, serve, face=face)).json
    assert set(created) == {"id"}
    meta.sandbox.advance(PROCESSING)
    token = seeds.USER_TOKEN if face == "graph" else seeds.IG_TOKEN
    body = {"creation_id": created["id"]}
    await meta.call("POST", f"/{IG}/media_publish", body, token=token, face=face)
    (row,) = await meta.published()
    assert row["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert agents == ["facebookexternalhit/1.1"]


async def test_robots_are_honoured(meta: Meta, clips: Path) -> None:
    path = clip(clips)

    async def serve(_: web.Request) -> web.FileResponse:
        return web.FileResponse(path)

    refused = await fetched(meta, serve, robots="User-agent: *\nDisallow: /")
    assert problem(refused) == (9004, 2207052)


@pytest.mark.parametrize(
    "response",
    [
        {"status": 404},
        {"text": "<html>", "content_type": "text/html"},
        {"body": b"", "content_type": "video/mp4"},
    ],
    ids=str,
)
async def test_unusable_answer_of_video_url_is_refused(meta: Meta, response: JSON) -> None:
    async def serve(_: web.Request) -> web.Response:
        return web.Response(**response)

    answer = await fetched(meta, serve)
    assert problem(answer) == (9004, 2207052)
    assert answer.json["error"]["message"].startswith("Only photo or video")


async def test_slow_video_url_is_refused(meta: Meta) -> None:
    meta.sandbox.set_option("graph", "download_seconds", 0.05)
    ended = asyncio.Event()

    async def hang(_: web.Request) -> web.Response:
        await ended.wait()
        return web.Response()

    answer = await fetched(meta, hang)
    ended.set()
    assert problem(answer) == (-2, 2207003)


@pytest.mark.parametrize(
    "url",
    [
        "http://media.example/a.mp4",
        "https://10.0.0.1/a.mp4",
        "https://192.168.1.5/a.mp4",
        "https://intranet/a.mp4",
        "https://media.example/видео.mp4",
        "https://video.fbcdn.net/a.mp4",
        "ftp://media.example/a.mp4",
        "nonsense",
    ],
)
async def test_address_that_is_not_public_is_refused(meta: Meta, url: str) -> None:
    body = {"media_type": "REELS", "video_url": url}
    assert problem(await meta.call("POST", f"/{IG}/media", body)) == (9004, 2207052)


async def test_loopback_can_be_refused_too(meta: Meta) -> None:
    meta.sandbox.set_option("graph", "loopback_urls", False)
    body = {"media_type": "REELS", "video_url": "http://127.0.0.1:9/a.mp4"}
    assert problem(await meta.call("POST", f"/{IG}/media", body)) == (9004, 2207052)
