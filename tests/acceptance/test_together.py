"""Staged go-live: nothing is seen before all are ready, then all of it at one minute."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from core.posts.models import Upload, UploadState, WaitReason
from core.posts.report import incoming_from_command
from tests.acceptance.system import (
    BEGIN_STEP,
    COMMIT_STEP,
    PLATFORMS,
    System,
    Uploads,
    Video,
    make_video,
    open_world,
    running,
    whole,
)

ALL = sorted(PLATFORMS)
HIDDEN = {"private"}
MINUTE = timedelta(minutes=1)


async def send(system: System, video: Video, *lines: str) -> int:
    caption = "\n".join(["A clip #clip", "together: yes", *lines])
    incoming = incoming_from_command(str(video.path), to="", caption=caption)
    outcome = await system.parts.intake.receive(incoming)
    assert outcome.post_id is not None
    return outcome.post_id


def staged(uploads: Uploads) -> set[str]:
    return {name for name, upload in uploads.items() if upload.staged_at is not None}


def held(upload: Upload) -> bool:
    return upload.staged_at is not None and upload.reason in {WaitReason.TIME, WaitReason.PERSON}


async def seen(system: System, video: Video) -> list[str]:
    """Return where people can see the video."""
    await system.world.sandbox.settle()
    rows: list[dict[str, Any]] = system.world.sandbox.published()
    return sorted(
        row["service"]
        for row in rows
        if row["sha256"] == video.sha256 and row["visibility"] not in HIDDEN
    )


async def test_nothing_is_seen_before_the_time_and_then_everything(tmp_path: Path) -> None:
    video = make_video(tmp_path)
    async with whole(tmp_path) as system:
        at = system.parts.clock.now() + timedelta(minutes=6)
        post_id = await send(system, video, f"at: {at:%Y-%m-%d %H:%M}")
        await system.wait(post_id, lambda ups: all(held(u) for u in ups.values()))
        assert await seen(system, video) == []
        uploads = await system.wait_live(post_id)
        assert await seen(system, video) == ALL
        moments = [u.finished_at for u in uploads.values() if u.finished_at is not None]
        assert min(moments) >= at.replace(second=0, microsecond=0)


async def test_without_a_time_all_go_as_soon_as_the_last_is_ready(tmp_path: Path) -> None:
    video = make_video(tmp_path)
    async with whole(tmp_path) as system:
        system.world.fail(BEGIN_STEP["tiktok"], "status", status=503, times=999)
        post_id = await send(system, video)
        await system.wait(post_id, lambda ups: staged(ups) == set(PLATFORMS) - {"tiktok"})
        assert await seen(system, video) == []
        system.world.heal()
        await system.wait_live(post_id)
        assert await seen(system, video) == ALL


async def test_one_that_fails_holds_the_others_until_a_person_says_go(tmp_path: Path) -> None:
    video = make_video(tmp_path)
    async with whole(tmp_path) as system:
        system.world.fail(BEGIN_STEP["tiktok"], "status", status=400, times=99)
        post_id = await send(system, video)
        await system.wait(
            post_id,
            lambda ups: all(
                u.reason is WaitReason.PERSON for n, u in ups.items() if n != "tiktok"
            ),
        )
        assert await seen(system, video) == []
        await system.parts.posts.decide_together(post_id, go=True)
        uploads = await system.wait(
            post_id, lambda ups: sum(u.state is UploadState.LIVE for u in ups.values()) == 4
        )
        assert uploads["tiktok"].state is UploadState.FAILED
        assert await seen(system, video) == [name for name in ALL if name != "tiktok"]


async def test_one_that_fails_holds_nobody_when_that_is_wanted(tmp_path: Path) -> None:
    video = make_video(tmp_path)
    async with whole(tmp_path) as system:
        system.world.fail(BEGIN_STEP["tiktok"], "status", status=400, times=99)
        post_id = await send(system, video, "onfail: go")
        await system.wait(
            post_id, lambda ups: sum(u.state is UploadState.LIVE for u in ups.values()) == 4
        )


async def test_kept_back_means_that_nobody_sees_it(tmp_path: Path) -> None:
    video = make_video(tmp_path)
    async with whole(tmp_path) as system:
        system.world.fail(BEGIN_STEP["tiktok"], "status", status=400, times=99)
        post_id = await send(system, video)
        await system.wait(
            post_id,
            lambda ups: all(
                u.reason is WaitReason.PERSON for n, u in ups.items() if n != "tiktok"
            ),
        )
        await system.parts.posts.decide_together(post_id, go=False)
        uploads = await system.wait(
            post_id,
            lambda ups: all(
                u.state in {UploadState.LIVE, UploadState.FAILED, UploadState.CANCELLED}
                for u in ups.values()
            ),
        )
        assert uploads["youtube"].visibility == "private"
        assert await seen(system, video) == []


async def test_a_restart_while_all_wait_loses_and_doubles_nothing(tmp_path: Path) -> None:
    video = make_video(tmp_path)
    async with open_world(tmp_path) as world:
        settings = world.settings(tmp_path / "data")
        async with running(world, settings) as system:
            at = system.parts.clock.now() + timedelta(minutes=10)
            post_id = await send(system, video, f"at: {at:%Y-%m-%d %H:%M}")
            await system.wait(post_id, lambda ups: all(held(u) for u in ups.values()))
        async with running(world, settings) as again:
            await again.parts.posts.decide_together(post_id, go=True)
            await again.wait_live(post_id)
            assert await seen(again, video) == ALL


async def test_a_lost_answer_at_the_flip_is_asked_for(tmp_path: Path) -> None:
    video = make_video(tmp_path)
    async with whole(tmp_path) as system:
        system.world.fail(COMMIT_STEP["instagram"], "drop_answer")
        post_id = await send(system, video)
        await system.wait_live(post_id)
        assert await seen(system, video) == ALL


async def test_one_that_fails_early_does_not_move_the_time_of_the_others(tmp_path: Path) -> None:
    video = make_video(tmp_path)
    async with whole(tmp_path) as system:
        at = (system.parts.clock.now() + timedelta(hours=30)).replace(second=0, microsecond=0)
        post_id = await send(system, video, f"at: {at:%Y-%m-%d %H:%M}")
        # What TikTok and Instagram prepare does not live so long: they have not begun.
        uploads = await system.wait(
            post_id, lambda ups: staged(ups) == {"youtube", "facebook", "telegram"}
        )
        await system.parts.posts.fail_upload(uploads["facebook"].id, "gone")
        uploads = await system.wait(
            post_id,
            lambda ups: (
                ups["telegram"].generation > uploads["telegram"].generation
                and all(ups[name].until_at == at for name in ("youtube", "telegram"))
            ),
        )
        assert {uploads[name].reason for name in ("youtube", "telegram")} == {WaitReason.TIME}
        assert await seen(system, video) == []
