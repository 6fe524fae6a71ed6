from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot.app import App
from core.errors import LostFenceError, RefusedError
from core.media.spools import Spools
from core.ports import TaskState
from core.posts.models import POST_FINAL, PostState, UploadState, WaitReason
from core.posts.report import incoming_from_command
from tests.acceptance.system import (
    BORDER,
    BYTES_STEP,
    MIB,
    PLATFORMS,
    STATUS_STEP,
    System,
    make_video,
    open_world,
    running,
    until,
    whole,
)
from tests.chaos.links import Links, serve_links
from tests.media_kit import encode

ALL = sorted(PLATFORMS)
LARGE = 16 * MIB
"""More than the buffers between here and there take in."""


def too_long_for_facebook() -> Path:
    return encode(
        "long.mp4",
        *("-f", "lavfi", "-i", "color=c=teal:s=540x960:r=24:d=95"),
        *("-f", "lavfi", "-i", "anullsrc=r=48000:cl=stereo", "-shortest"),
        *("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"),
        *("-movflags", "+faststart", "-use_editlist", "0"),
    )


async def test_a_video_that_is_too_long_fails_only_where_it_is(tmp_path: Path) -> None:
    async with whole(tmp_path) as system:
        incoming = incoming_from_command(
            str(too_long_for_facebook()), to="", caption="Long\nfit: off"
        )
        outcome = await system.parts.intake.receive(incoming)
        assert outcome.post_id is not None
        uploads = await system.wait(
            outcome.post_id, lambda ups: all(u.state in {"live", "failed"} for u in ups.values())
        )
        failed = {name: up.error_code for name, up in uploads.items() if up.state == "failed"}
        assert failed == {"facebook": "fit.too_long"}
        post = await system.parts.posts.require(outcome.post_id)
        assert post.state is PostState.PARTLY_FAILED


async def test_the_same_file_again_is_asked_for_and_published_again_when_wanted(
    tmp_path: Path,
) -> None:
    video = make_video(tmp_path, size=MIB)
    async with whole(tmp_path) as system:
        await system.wait_live(await system.send(video))
        incoming = incoming_from_command(str(video.path), to="", caption="Again")
        asked = await system.parts.intake.receive(incoming)
        assert asked.status == "asked"
        assert asked.post_id is not None
        assert await system.world.live(video) == ALL
        await system.parts.intake.choose(asked.post_id, "again")
        await system.wait_live(asked.post_id)
        assert await system.world.live(video) == sorted(ALL * 2)


async def test_other_files_with_the_same_content_are_refused_before_the_last_byte(
    tmp_path: Path,
) -> None:
    video = make_video(tmp_path, "one", seed="same")
    copy = make_video(tmp_path, "two", seed="same")
    async with whole(tmp_path) as system:
        await system.wait_live(await system.send(video))
        post_id = await system.send(copy)
        uploads = await system.wait(
            post_id, lambda ups: all(u.state is UploadState.FAILED for u in ups.values())
        )
        assert {upload.error_code for upload in uploads.values()} == {"duplicate"}
        assert await system.world.live(video) == ALL
        for platform in ("youtube", "tiktok", "telegram"):
            await until(lambda name=platform: len(system.world.sendings(name)) == 2)  # type: ignore[misc]
            _, second = system.world.sendings(platform)
            assert second.received < video.size_bytes


@pytest.mark.parametrize("platform", PLATFORMS)
async def test_cancelling_while_bytes_are_sent_publishes_nothing(
    tmp_path: Path, platform: str
) -> None:
    video = make_video(tmp_path, size=LARGE)
    async with whole(tmp_path) as system:
        system.world.fail(BYTES_STEP[platform], "stall", after_bytes=MIB)
        post_id = await system.send(video, platform)
        await until(lambda: system.world.stored_bytes() > MIB // 2)
        upload = (await system.uploads(post_id))[platform]
        await system.parts.posts.cancel_upload(upload.id, by="person")
        await system.wait(post_id, lambda ups: ups[platform].state == "cancelled")
        system.world.heal()
        assert await system.world.live(video) == []
        await _spool_is_empty(system)


async def test_a_stop_in_the_middle_resumes_at_the_next_start(tmp_path: Path) -> None:
    video = make_video(tmp_path, size=LARGE)
    async with open_world(tmp_path) as world:
        settings = world.settings(tmp_path / "data")
        for place in ("youtube", "tiktok", "facebook", "telegram"):
            world.fail(BYTES_STEP[place], "stall", after_bytes=MIB, times=2)
        async with running(world, settings) as system:
            post_id = await system.send(video)
            await until(lambda: world.stored_bytes() > 5 * MIB - MIB // 2)
        world.heal()
        async with running(world, settings) as system:
            await system.wait_live(post_id)
        assert await world.live(video) == ALL
        for platform in ("youtube", "instagram", "facebook"):
            first, *_, last = world.sendings(platform)
            assert 0 <= first.received - last.start < BORDER
            assert last.start >= MIB


async def test_a_remote_that_is_down_for_a_while_is_waited_for(tmp_path: Path) -> None:
    video = make_video(tmp_path)
    async with open_world(tmp_path) as world:
        async with running(world, world.settings(tmp_path / "data")) as system:
            await world.go_down()
            post_id = await system.send(video)
            await system.wait(
                post_id, lambda ups: all(u.error_kind == "transient" for u in ups.values())
            )
            await world.come_back()
            await system.wait_live(post_id)
        assert await world.live(video) == ALL


async def _send_link(system: System, links: Links, name: str) -> int:
    return await system.send(f"{links.base}/{name}")


def _allowing(links: Links) -> dict[str, Any]:
    return {"sources": {"allowed_hosts": [links.base.removeprefix("http://")]}}


async def test_a_source_that_breaks_off_is_resumed(tmp_path: Path) -> None:
    video = make_video(tmp_path)
    async with serve_links(tmp_path) as links, whole(tmp_path, **_allowing(links)) as system:
        links.cut(video.path.name, (MIB, 2 * MIB))
        await system.wait_live(await _send_link(system, links, video.path.name))
        assert await system.world.live(video) == ALL
        await _spool_is_empty(system)


async def test_a_source_that_changes_midway_is_published_as_it_is_now(tmp_path: Path) -> None:
    old = make_video(tmp_path, "clip", size=LARGE, seed="old")
    new = make_video(tmp_path, "new", size=LARGE - MIB, seed="new")
    async with serve_links(tmp_path) as links, whole(tmp_path, **_allowing(links)) as system:
        links.cut(old.path.name, (5 * MIB,))
        links.swap(old.path.name, new.path)
        await system.wait_live(await _send_link(system, links, old.path.name))
        assert await system.world.live(new) == ALL
        assert len(system.world.sandbox.published()) == len(ALL)


async def test_a_source_that_changes_while_nobody_runs_is_never_mixed(tmp_path: Path) -> None:
    old = make_video(tmp_path, "clip", size=LARGE, seed="old")
    new = make_video(tmp_path, "new", size=LARGE, seed="new")
    async with serve_links(tmp_path) as links, open_world(tmp_path) as world:
        links.cut(old.path.name, (6 * MIB,))
        links.cut_then_down = True
        settings = world.settings(tmp_path / "data", **_allowing(links))
        async with running(world, settings) as system:
            post_id = await _send_link(system, links, old.path.name)
            # Who has not begun when the source breaks off waits for it.
            await until(lambda: world.stored_bytes() > 2 * 5 * MIB)
        new.path.replace(old.path)
        links.heal()
        async with running(world, settings) as system:
            await system.wait_live(post_id)
        assert await world.live(new) == ALL
        assert len(world.sandbox.published()) == len(ALL)


async def test_a_source_that_is_down_for_long_is_waited_for_with_a_reason(
    tmp_path: Path,
) -> None:
    video = make_video(tmp_path)
    async with serve_links(tmp_path) as links, whole(tmp_path, **_allowing(links)) as system:
        links.cut(video.path.name, (MIB,))
        links.cut_then_down = True
        post_id = await _send_link(system, links, video.path.name)
        await until(lambda: links.is_down)
        upload = await system.wait_for(post_id, "youtube", WaitReason.MEDIA)
        assert upload.state is UploadState.WAITING
        links.heal()
        await system.wait_live(post_id)
        assert await system.world.live(video) == ALL


async def test_a_full_disk_is_waited_for_with_a_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    video = make_video(tmp_path)
    async with serve_links(tmp_path) as links, whole(tmp_path, **_allowing(links)) as system:
        with monkeypatch.context() as patch:
            patch.setattr(Spools, "_room", lambda self: MIB)
            post_id = await _send_link(system, links, video.path.name)
            upload = await system.wait_for(post_id, "tiktok", WaitReason.DISK)
            assert upload.until_at is not None
        await system.wait_live(post_id)
        assert await system.world.live(video) == ALL


async def test_a_file_that_is_used_where_it_lies_needs_no_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    video = make_video(tmp_path)
    monkeypatch.setattr(Spools, "_room", lambda self: MIB)
    async with whole(tmp_path) as system:
        await system.wait_live(await system.send(video, "youtube"))
        assert await system.world.live(video) == ["youtube"]


async def test_a_task_that_was_replaced_cannot_take_its_upload(tmp_path: Path) -> None:
    video = make_video(tmp_path, size=MIB)
    async with whole(tmp_path) as system:
        posts = system.parts.posts
        system.world.fail(("youtube", "begin"), "status", status=503, times=5)
        upload = await system.wait_for(
            await system.send(video, "youtube"), "youtube", WaitReason.RETRY
        )
        await posts.resubmit_upload(upload.id, generation=upload.generation)
        before = await posts.require_upload(upload.id)
        assert before.generation == upload.generation + 1
        with pytest.raises(LostFenceError):
            await posts.start(upload.id, generation=upload.generation)
        await posts.resubmit_upload(upload.id, generation=upload.generation)
        assert (await posts.require_upload(upload.id)).generation == before.generation
        await system.wait_live(upload.post_id)


async def test_an_account_that_left_the_settings_ends_its_waiting_uploads(
    tmp_path: Path,
) -> None:
    video = make_video(tmp_path, size=MIB)
    async with open_world(tmp_path) as world:
        settings = world.settings(tmp_path / "data")
        world.fail(("youtube", "begin"), "status", status=503, times=100)
        async with running(world, settings) as system:
            post_id = await system.send(video)
            await system.wait_for(post_id, "youtube", WaitReason.RETRY)
        others = [a for a in world.raw_settings()["accounts"] if a["platform"] != "youtube"]
        async with running(world, world.settings(tmp_path / "data", accounts=others)) as system:
            uploads = await system.wait(post_id, lambda ups: ups["youtube"].state == "failed")
            assert uploads["youtube"].error_text == "the account is no longer connected"
            await system.wait(post_id, lambda ups: ups["telegram"].state == "live")


async def test_a_cancelled_post_whose_remotes_are_down_ends_at_once(tmp_path: Path) -> None:
    video = make_video(tmp_path, size=MIB)
    async with whole(tmp_path) as system:
        system.world.fail(("*", "*"), "status", status=503, times=1000)
        post_id = await system.send(video)
        await system.parts.posts.cancel_post(post_id, by="person")
        await system.wait(post_id, lambda ups: all(u.state == "cancelled" for u in ups.values()))
        post = await system.parts.posts.require(post_id)
        assert post.state in POST_FINAL
        with pytest.raises(RefusedError):
            await system.parts.posts.cancel_post(post_id, by="person")


async def test_a_status_that_is_never_answered_leaves_the_upload_processing(
    tmp_path: Path,
) -> None:
    video = make_video(tmp_path, size=MIB)
    async with whole(tmp_path) as system:
        system.world.fail(STATUS_STEP["youtube"], "status", status=500, times=4)
        post_id = await system.send(video, "youtube")
        await system.wait(post_id, lambda ups: ups["youtube"].error_kind == "transient")
        assert (await system.uploads(post_id))["youtube"].state is UploadState.PROCESSING
        await system.wait_live(post_id)
        assert await system.world.live(video) == ["youtube"]


async def test_an_upload_that_waits_for_content_nobody_fetches_is_taken_up(
    tmp_path: Path,
) -> None:
    video = make_video(tmp_path, size=MIB)
    async with whole(tmp_path) as system:
        posts, engine = system.parts.posts, system.parts.engine
        system.world.fail(("youtube", "begin"), "status", status=503, times=5)
        post_id = await system.send(video, "youtube")
        waiting = await system.wait_for(post_id, "youtube", WaitReason.RETRY)
        taken = await posts.start(waiting.id)
        await posts.save(taken, UploadState.WAITING, reason=WaitReason.MEDIA, until_at=None)
        await engine.cancel(f"upload:{taken.id}#{taken.generation}")
        post = await posts.require(post_id)
        await engine.cancel(f"ingest:{post_id}#{post.generation}")
        await until_idle(system)
        system.world.heal()
        assert await system.parts.reaper.reconcile() == 1
        await system.wait_live(post_id)


async def test_ten_reminders_at_once_fetch_a_post_once(tmp_path: Path) -> None:
    video = make_video(tmp_path, size=MIB)
    async with whole(tmp_path) as system:
        system.world.fail(("youtube", "begin"), "status", status=503, times=5)
        post_id = await system.send(video, "youtube")
        await system.wait_for(post_id, "youtube", WaitReason.RETRY)
        posts = system.parts.posts
        before = (await posts.require(post_id)).generation
        async with asyncio.TaskGroup() as group:
            for _ in range(10):
                group.create_task(posts.resubmit_ingest(post_id, generation=before))
        assert (await posts.require(post_id)).generation == before + 1
        system.world.heal()
        await system.wait_live(post_id)


async def test_a_question_of_a_command_that_died_is_dropped_at_the_next_start(
    tmp_path: Path,
) -> None:
    video = make_video(tmp_path, size=MIB)
    async with open_world(tmp_path) as world:
        settings = world.settings(tmp_path / "data")
        async with running(world, settings) as system:
            await system.wait_live(await system.send(video, "youtube"))
            incoming = incoming_from_command(str(video.path), to="youtube", caption="Again")
            asked = await system.parts.intake.receive(incoming)
            assert asked.status == "asked"
        async with running(world, settings) as system:
            await until_idle(system)
            post = await system.parts.posts.require(asked.post_id or 0)
            assert post.state is PostState.CANCELLED
            assert await system.parts.posts.count_open() == 0


async def test_a_fetch_that_crashes_is_given_up_only_after_as_many_crashes_as_allowed(
    tmp_path: Path,
) -> None:
    video = make_video(tmp_path, size=MIB)
    async with (
        open_world(tmp_path) as world,
        App(world.settings(tmp_path / "data"), chat=False) as app,
    ):
        posts = app.parts.posts
        incoming = incoming_from_command(str(video.path), to="", caption="Clip")
        post_id = (await app.parts.intake.receive(incoming)).post_id
        assert post_id is not None
        for _ in range(5):
            generation = (await posts.require(post_id)).generation
            await posts.resubmit_ingest(post_id, generation=generation)
        for _ in range(2):
            await posts.ingest_crashed(post_id, 3)
            assert (await posts.require(post_id)).state is PostState.ACCEPTED
        await posts.ingest_crashed(post_id, 3)
        assert (await posts.require(post_id)).state is PostState.FAILED


async def until_idle(system: System) -> None:
    """Wait until Karvon has started and no task runs."""
    socket = system.parts.settings.data_dir / "control.sock"
    async with asyncio.timeout(10):
        while not socket.exists():  # noqa: ASYNC110 - a file tells nobody that it came
            await asyncio.sleep(0.01)
        while await _is_busy(system):  # noqa: ASYNC110 - tasks are in a database
            await asyncio.sleep(0.01)


async def _is_busy(system: System) -> bool:
    queues = (await system.parts.engine.counts()).values()
    return any(q.get(TaskState.RUNNING) or q.get(TaskState.READY) for q in queues)


async def _spool_is_empty(system: System) -> None:
    """Wait until no video is left on the disk."""
    spools = system.parts.spools
    async with asyncio.timeout(5):
        while spools.used_bytes():  # noqa: ASYNC110 - files tell nobody when they go
            await asyncio.sleep(0.01)
