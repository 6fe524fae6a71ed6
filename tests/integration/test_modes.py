from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiohttp import web

from core.errors import RefusedError
from core.posts.intake import Incoming
from core.posts.models import POST_FINAL, MediaFacts, UploadState
from tests.acceptance.system import (
    BEGIN_STEP,
    BYTES_STEP,
    MIB,
    PLATFORMS,
    System,
    Video,
    World,
    make_video,
    open_world,
    running,
    until,
    whole,
)
from tests.http_kit import serve
from tests.media_kit import encode
from utils.sandbox.server import Blob

ALL = sorted(PLATFORMS)
HOST = {"sources": {"allowed_hosts": ["127.0.0.1"]}}


class HeldLink:
    """Serves one file but stops where it is told, until it is let go."""

    def __init__(self, video: Video, hold_at: int) -> None:
        self._content = video.path.read_bytes()
        self._hold_at = hold_at
        self.held = asyncio.Event()
        self.go_on = asyncio.Event()
        self.base = ""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"ETag": '"one"', "Content-Type": "video/mp4"})
        response.content_length = len(self._content)
        await response.prepare(request)
        await response.write(self._content[: self._hold_at])
        self.held.set()
        await self.go_on.wait()
        await response.write(self._content[self._hold_at :])
        return response


@asynccontextmanager
async def held_link(video: Video, hold_at: int) -> AsyncIterator[HeldLink]:
    link = HeldLink(video, hold_at)
    async with serve(link.answer) as base:
        link.base = f"{base}/clip.mp4"
        try:
            yield link
        finally:
            link.go_on.set()


def arrivals(world: World) -> set[str]:
    """Return to which platforms a request with bytes has come."""
    rows = world.sandbox.journal.rows()
    return {
        platform
        for platform, place in BYTES_STEP.items()
        if any((row["service"], row["step"]) == place for row in rows)
    }


async def spooled(system: System, post_id: int, size: int) -> None:
    """Wait until so many bytes are on the disk."""

    def there() -> bool:
        spool = system.parts.spools.get(post_id)
        return spool is not None and spool.watermark >= size

    await until(there)


def files(system: System) -> list[str]:
    folder = system.parts.settings.spool_dir
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*.video"))


async def test_uploads_begin_while_the_download_runs(tmp_path: Path) -> None:
    video = make_video(tmp_path)
    async with (
        held_link(video, video.size_bytes // 2) as link,
        whole(tmp_path, **HOST) as system,
    ):
        post_id = await system.send(link.base)
        await until(lambda: arrivals(system.world) >= set(PLATFORMS) - {"telegram"})
        assert link.held.is_set()
        assert not link.go_on.is_set()
        link.go_on.set()
        await system.wait_live(post_id)
        assert await system.world.live(video) == ALL


@pytest.mark.parametrize("changes", [{"use_streaming_upload": False}, {"mode": "sequential"}])
async def test_without_streaming_nothing_is_asked_before_the_download_has_ended(
    tmp_path: Path, changes: dict[str, Any]
) -> None:
    video = make_video(tmp_path)
    async with (
        held_link(video, video.size_bytes // 2) as link,
        whole(tmp_path, **HOST, **changes) as system,
    ):
        post_id = await system.send(link.base)
        await spooled(system, post_id, video.size_bytes // 2)
        released_at = system.world.sandbox.clock.now()
        link.go_on.set()
        await system.wait_live(post_id)
        begun = [
            row["at"]
            for row in system.world.sandbox.journal.rows()
            if (row["service"], row["step"]) in BEGIN_STEP.values()
        ]
        assert len(begun) >= len(PLATFORMS)
        assert min(begun) >= released_at


def index_last() -> Video:
    """Return a video that shows only at its end what it is; Instagram takes none like it."""
    path = encode(
        "portrait-index-last.mp4",
        *("-f", "lavfi", "-i", "testsrc2=s=540x960:r=30:d=4"),
        *("-f", "lavfi", "-i", "sine=d=4:r=48000", "-ac", "2"),
        *("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"),
        *("-use_editlist", "0", "-shortest"),
    )
    return Video(path=path, sha256="", size_bytes=path.stat().st_size)


async def test_the_last_byte_is_held_until_the_video_is_known_to_fit(tmp_path: Path) -> None:
    video = index_last()
    async with held_link(video, video.size_bytes - 40_000) as link, whole(tmp_path, **HOST) as sys:
        every = ("youtube", "tiktok", "instagram", "facebook")
        post_id = await sys.send(link.base, *every, caption="A clip\nfit: off")
        await until(lambda: arrivals(sys.world) >= {"youtube", "tiktok", "facebook"})
        assert sys.world.sandbox.published() == []
        link.go_on.set()
        uploads = await sys.wait(
            post_id, lambda ups: all(up.state in {"live", "failed"} for up in ups.values())
        )
        failed = {name: up.error_code for name, up in uploads.items() if up.state == "failed"}
        assert failed == {"instagram": "fit.index_last"}
        instagram = sum(sending.received for sending in sys.world.sendings("instagram"))
        assert instagram == 0
        await sys.world.sandbox.settle()
        live = {str(row["service"]) for row in sys.world.sandbox.published()}
        assert live == {"youtube", "tiktok", "facebook"}


async def test_a_fetched_file_goes_after_its_last_upload(tmp_path: Path) -> None:
    assert await left_behind(tmp_path) == []


@pytest.mark.parametrize(
    ("changes", "kept"),
    [
        ({"keep_files_on_disk": True}, ["kept/post-1.video"]),
        ({"clear_uploaded_files": False}, []),
        ({"use_streaming_upload": False}, []),
        ({"use_streaming_upload": False, "clear_uploaded_files": False}, ["kept/post-1.video"]),
        ({"mode": "sequential", "clear_uploaded_files": False}, ["kept/post-1.video"]),
        ({"use_streaming_upload": False, "keep_files_on_disk": True}, ["kept/post-1.video"]),
    ],
)
async def test_a_fetched_file_is_kept_when_that_is_wanted(
    tmp_path: Path, changes: dict[str, Any], kept: list[str]
) -> None:
    assert await left_behind(tmp_path, **changes) == kept


async def left_behind(tmp_path: Path, **changes: Any) -> list[str]:
    """Publish from a link and return which files are left in the folder of the spool."""
    video = make_video(tmp_path, size=MIB)
    async with held_link(video, 1) as link, whole(tmp_path, **HOST, **changes) as system:
        link.go_on.set()
        post_id = await system.send(link.base, "youtube", "telegram")
        await system.wait_live(post_id)
        await until(lambda: system.parts.spools.get(post_id) is None)
    return files(system)


async def test_a_file_of_a_person_is_used_in_place_and_never_touched(tmp_path: Path) -> None:
    video = make_video(tmp_path, size=MIB)
    before = video.path.stat()
    async with whole(tmp_path) as system:
        await system.wait_live(await system.send(video))
        assert files(system) == []
        assert await system.world.live(video) == ALL
    after = video.path.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


async def test_the_spool_lies_in_the_temp_dir(tmp_path: Path) -> None:
    video = make_video(tmp_path, size=MIB)
    other = tmp_path / "other" / "disk"
    async with (
        held_link(video, video.size_bytes // 2) as link,
        whole(tmp_path, **HOST, temp_dir=str(other)) as system,
    ):
        post_id = await system.send(link.base, "youtube")
        await spooled(system, post_id, video.size_bytes // 2)
        assert [path.name for path in other.iterdir()] == [f"post-{post_id}.video"]
        assert other.stat().st_mode & 0o777 == 0o700
        link.go_on.set()
        await system.wait_live(post_id)


async def test_too_little_disk_is_refused_before_a_byte_is_fetched(tmp_path: Path) -> None:
    incoming = from_chat("file", size=3 * MIB)
    async with whole(tmp_path, min_free_disk=2**60) as system:
        with pytest.raises(RefusedError, match="disk_full"):
            await system.parts.intake.receive(incoming)


def from_chat(file_id: str, *, size: int, unique: str = "unique", to: str = "") -> Incoming:
    return Incoming(
        source={"kind": "telegram", "file_id": file_id, "file_unique_id": unique},
        caption=f"A clip\nto: {to}" if to else "A clip",
        facts=MediaFacts(size_bytes=size, mime_type="video/mp4"),
        fingerprint=f"telegram:{unique}",
        filename="clip.mp4",
    )


async def test_links_into_private_networks_are_refused(tmp_path: Path) -> None:
    video = make_video(tmp_path, size=MIB)
    async with held_link(video, 1) as link, whole(tmp_path) as system:
        post_id = await system.send(link.base, "youtube")
        uploads = await system.wait(
            post_id, lambda ups: ups["youtube"].state is UploadState.FAILED
        )
        assert uploads["youtube"].error_code == "link_private"
        assert not link.held.is_set()


@asynccontextmanager
async def peaks(world: World, key: Callable[[web.Request], str]) -> AsyncIterator[Counter[str]]:
    """Count how many bodies the stand-ins receive at once, by place."""
    now: Counter[str] = Counter()
    most: Counter[str] = Counter()
    original, original_stream = world.sandbox.read_body, world.sandbox.stream_body

    def enter(place: str) -> None:
        now[place] += 1
        most[place] = max(most[place], now[place])

    async def read_body(
        request: web.Request, sink: Blob | bytearray, limit: int | None = None
    ) -> int:
        place = key(request)
        enter(place)
        try:
            return await original(request, sink, limit)
        finally:
            now[place] -= 1

    async def stream_body(request: web.Request) -> AsyncIterator[bytes]:
        place = key(request)
        enter(place)
        try:
            async for piece in original_stream(request):
                yield piece
        finally:
            now[place] -= 1

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(world.sandbox, "read_body", read_body)
        patch.setattr(world.sandbox, "stream_body", stream_body)
        yield most


def method(request: web.Request) -> str:
    return request.path.rpartition("/")[2]


@pytest.mark.parametrize(("workers", "expected"), [(1, 1), (2, 2), (3, 3)])
async def test_so_many_uploads_run_at_once_on_one_platform(
    tmp_path: Path, workers: int, expected: int
) -> None:
    async with open_world(tmp_path) as world:
        raw = world.raw_settings()
        channel = next(a for a in raw["accounts"] if a["platform"] == "telegram")
        places = [channel["remote_id"], "@karvon_demo", "1001"]
        accounts = [
            {**channel, "name": f"place {number}", "remote_id": place}
            for number, place in enumerate(places)
        ]
        world.sandbox.set_rates({"telegram": {"up": 2 * MIB}})
        settings = world.settings(tmp_path / "data", accounts=accounts, upload_workers=workers)
        video = make_video(tmp_path, size=MIB // 2)
        async with running(world, settings) as system, peaks(world, method) as most:
            post_id = await system.send(video)
            await _ended(system, post_id)
            uploads = await system.parts.posts.uploads(post_id)
            assert [up.state for up in uploads] == [UploadState.LIVE] * 3
            assert most["sendVideo"] == expected


async def _ended(system: System, post_id: int) -> None:
    async with asyncio.timeout(20):
        while True:
            changed = system.parts.posts.next_change()
            if (await system.parts.posts.require(post_id)).state in POST_FINAL:
                return
            await changed.wait()


@pytest.mark.parametrize(("concurrency", "expected"), [(1, 1), (3, 3)])
async def test_so_many_downloads_run_at_once(
    tmp_path: Path, concurrency: int, expected: int
) -> None:
    videos = [make_video(tmp_path, f"clip-{n}", size=MIB // 2) for n in range(3)]
    at_once = Counter[str]()
    all_there = asyncio.Event()

    async def answer(request: web.Request) -> web.StreamResponse:
        at_once["now"] += 1
        at_once["most"] = max(at_once["most"], at_once["now"])
        try:
            path = videos[int(request.path[1])].path
            response = web.StreamResponse(headers={"Content-Type": "video/mp4"})
            response.content_length = path.stat().st_size
            await response.prepare(request)
            if at_once["now"] == expected:
                all_there.set()
            await all_there.wait()
            await response.write(path.read_bytes())
            return response
        finally:
            at_once["now"] -= 1

    async with (
        serve(answer) as base,
        whole(tmp_path, **HOST, download_concurrency=concurrency) as system,
    ):
        ids = [await system.send(f"{base}/{n}.mp4", "youtube") for n in range(3)]
        for post_id in ids:
            await system.wait_live(post_id)
    assert at_once["most"] == expected


@pytest.mark.parametrize(("wanted", "order"), [(True, [1, 3, 2]), (False, [1, 2, 3])])
async def test_smaller_videos_come_first_when_that_is_wanted(
    tmp_path: Path, wanted: bool, order: list[int]
) -> None:
    """The first is under way when the other two come."""
    sizes = {"one": MIB, "big": 4 * MIB, "small": MIB // 2}
    clips = [make_video(tmp_path, name, size=size) for name, size in sizes.items()]
    async with open_world(tmp_path) as world:
        settings = world.settings(
            tmp_path / "data",
            sort_by_size=wanted,
            download_concurrency=1,
            use_streaming_upload=False,
            telegram={**world.raw_settings()["telegram"], "local_files": False},
        )
        files_ids = [await phone_file(world, clip) for clip in clips]
        world.sandbox.set_rates({"telegram": {"down": 4 * MIB}})
        async with running(world, settings) as system:
            ids = []
            for clip, (file_id, unique) in zip(clips, files_ids, strict=True):
                incoming = from_chat(file_id, unique=unique, size=clip.size_bytes, to="youtube")
                outcome = await system.parts.intake.receive(incoming)
                ids.append(outcome.post_id or 0)
                if len(ids) == 1:
                    await until(lambda: bool(world.rows("getFile")))
            for post_id in ids:
                await system.wait_live(post_id)
            asked = [row["body"]["file_id"] for row in world.rows("getFile")]
            known = [file_id for file_id, _ in files_ids]
            assert [known.index(file_id) + 1 for file_id in asked] == order


async def phone_file(world: World, video: Video) -> tuple[str, str]:
    """Let a person send a video; returns the ids that the bot sees."""
    base = world.sandbox.address("telegram")
    async with httpx.AsyncClient() as client:
        answer = await client.post(
            f"{base}/_phone/send",
            data={"path": str(video.path), "kind": "video", "user_id": "1001"},
        )
    answer.raise_for_status()
    (row,) = answer.json()["messages"]
    return str(row["file_id"]), str(row["file_unique_id"])


async def test_files_of_a_local_server_are_used_in_place(tmp_path: Path) -> None:
    video = make_video(tmp_path, size=52 * MIB)
    before = video.path.stat()
    async with open_world(tmp_path) as world:
        world.sandbox.set_option("telegram", "local", value=True)
        settings = world.settings(
            tmp_path / "data",
            telegram={**world.raw_settings()["telegram"], "local_files": True},
        )
        file_id, unique = await phone_file(world, video)
        async with running(world, settings) as system:
            incoming = from_chat(file_id, unique=unique, size=video.size_bytes, to="telegram")
            outcome = await system.parts.intake.receive(incoming)
            assert outcome.post_id is not None
            await system.wait_live(outcome.post_id)
            assert await world.live(video) == ["telegram"]
            assert files(system) == []
        assert world.rows("download") == []
    assert video.path.stat().st_ino == before.st_ino
    assert video.path.stat().st_mtime_ns == before.st_mtime_ns


async def test_what_is_too_big_for_the_cloud_is_refused_there_only(tmp_path: Path) -> None:
    video = make_video(tmp_path, size=51 * MIB)
    async with whole(tmp_path) as system:
        with pytest.raises(RefusedError, match="fits_nowhere"):
            await system.send(video, "telegram", caption="A clip\nfit: off")
        post_id = await system.send(video, "telegram", "youtube", caption="A clip\nfit: off")
        uploads = await system.wait(
            post_id, lambda ups: all(up.state in {"live", "failed"} for up in ups.values())
        )
        assert uploads["telegram"].error_code == "fit.too_big"
        assert uploads["youtube"].state is UploadState.LIVE
        assert system.world.rows("sendVideo") == []
        with pytest.raises(RefusedError, match="too_big_for_cloud"):
            await system.parts.intake.receive(from_chat("file", size=21 * MIB))


async def test_a_big_video_goes_to_tiktok_in_parts(tmp_path: Path) -> None:
    video = make_video(tmp_path, size=70 * MIB)
    async with whole(tmp_path) as system:
        await system.wait_live(await system.send(video, "tiktok"))
        parts = [row for row in system.world.rows("part") if row["service"] == "tiktok_upload"]
        assert len(parts) > 1
        assert sum(row["body_size"] for row in parts) == video.size_bytes
        assert await system.world.live(video) == ["tiktok"]


async def test_sequential_finishes_one_post_before_the_next_is_fetched(tmp_path: Path) -> None:
    videos = [make_video(tmp_path, f"clip-{n}", size=MIB) for n in range(3)]
    async with whole(tmp_path, mode="sequential", sort_by_size=False) as system:
        ids = [await system.send(video) for video in videos]
        for post_id in ids:
            await system.wait_live(post_id)
        spans = [await _span(system, post_id) for post_id in ids]
        spans.sort()
        for (_, end), (start, _) in pairwise(spans):
            assert end <= start


async def _span(system: System, post_id: int) -> tuple[float, float]:
    """Return when the first byte of a post went out and the last was taken."""
    uploads = await system.parts.posts.uploads(post_id)
    started = [up.started_at.timestamp() for up in uploads if up.started_at is not None]
    events = await system.parts.posts.timeline(post_id)
    taken: dict[int | None, float] = {}
    for event in events:
        # Instagram has all bytes when it begins to prepare them; its commit comes later.
        prepares = event.event == "waiting" and event.facts.get("reason") == "platform"
        if event.event == "committed" or prepares:
            taken.setdefault(event.upload_id, event.at.timestamp())
    assert len(started) == len(taken) == len(uploads)
    return min(started), max(taken.values())
