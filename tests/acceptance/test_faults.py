from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from core.posts.models import UploadState, WaitReason
from tests.acceptance.system import (
    BEGIN_STEP,
    BORDER,
    BYTES_STEP,
    COMMIT_STEP,
    MIB,
    PLATFORMS,
    STATUS_STEP,
    make_video,
    whole,
)

ASKABLE = tuple(name for name in PLATFORMS if name != "telegram")
RESUMES_AT = {
    "youtube": MIB + BORDER,
    "tiktok": 0,
    "instagram": MIB + BORDER + 1000,
    "facebook": MIB + BORDER + 1000,
    "telegram": 0,
}
"""Where each goes on after a break at 1.25 MiB and 1000 bytes: a border, a part, the byte."""


@pytest.mark.parametrize("platform", PLATFORMS)
async def test_resumes_from_the_offset_that_the_remote_reports(
    tmp_path: Path, platform: str
) -> None:
    video = make_video(tmp_path)
    async with whole(tmp_path) as system:
        after = MIB + BORDER + 1000
        system.world.fail(BYTES_STEP[platform], "reset", after_bytes=after)
        post_id = await system.send(video, platform)
        await system.wait_live(post_id)
        _, again = system.world.sendings(platform)
        assert again.start == RESUMES_AT[platform]
        assert await system.world.live(video) == [platform]


@pytest.mark.parametrize("platform", PLATFORMS)
async def test_a_lost_answer_of_the_beginning_is_harmless(tmp_path: Path, platform: str) -> None:
    video = make_video(tmp_path)
    async with whole(tmp_path) as system:
        system.world.fail(BEGIN_STEP[platform], "drop_answer")
        post_id = await system.send(video, platform)
        await system.wait_live(post_id)
        assert await system.world.live(video) == [platform]


@pytest.mark.parametrize("platform", ASKABLE)
@pytest.mark.parametrize("action", ["drop_answer", "truncate"])
async def test_a_lost_answer_of_the_last_step_does_not_publish_twice(
    tmp_path: Path, platform: str, action: str
) -> None:
    video = make_video(tmp_path)
    async with whole(tmp_path) as system:
        system.world.fail(COMMIT_STEP[platform], action)
        post_id = await system.send(video, platform)
        await system.wait_live(post_id)
        assert await system.world.live(video) == [platform]
        assert sum(s.received for s in system.world.sendings(platform)) == video.size_bytes


@pytest.mark.parametrize("platform", ["instagram", "facebook"])
async def test_a_lost_answer_to_the_bytes_sends_none_of_them_again(
    tmp_path: Path, platform: str
) -> None:
    video = make_video(tmp_path)
    async with whole(tmp_path) as system:
        system.world.fail(BYTES_STEP[platform], "drop_answer")
        post_id = await system.send(video, platform)
        await system.wait_live(post_id)
        assert sum(s.received for s in system.world.sendings(platform)) == video.size_bytes
        assert await system.world.live(video) == [platform]


async def test_telegram_with_a_lost_answer_waits_for_a_person_who_finds_it(
    tmp_path: Path,
) -> None:
    video = make_video(tmp_path)
    async with whole(tmp_path) as system:
        system.world.fail(COMMIT_STEP["telegram"], "drop_answer")
        post_id = await system.send(video, "telegram")
        upload = await system.wait_for(post_id, "telegram", WaitReason.PERSON)
        assert upload.state is UploadState.UNKNOWN
        await system.parts.posts.decide(upload.id, is_live=True)
        uploads = await system.wait_live(post_id)
        assert uploads["telegram"].error_kind == ""
        assert await system.world.live(video) == ["telegram"]


async def test_telegram_with_a_lost_request_is_sent_again_when_a_person_says_so(
    tmp_path: Path,
) -> None:
    video = make_video(tmp_path)
    async with whole(tmp_path) as system:
        size = video.size_bytes
        system.world.fail(COMMIT_STEP["telegram"], "reset", after_bytes=size - 10_000)
        post_id = await system.send(video, "telegram")
        upload = await system.wait_for(post_id, "telegram", WaitReason.PERSON)
        assert await system.world.live(video) == []
        await system.parts.posts.decide(upload.id, is_live=False)
        await system.wait_live(post_id)
        assert await system.world.live(video) == ["telegram"]


STEPS = [
    *((name, *BEGIN_STEP[name]) for name in PLATFORMS),
    *((name, *BYTES_STEP[name]) for name in ASKABLE),
    *((name, *COMMIT_STEP[name]) for name in ("instagram", "facebook")),
    *((name, *STATUS_STEP[name]) for name in ASKABLE),
    ("tiktok", "tiktok", "creator_info"),
]


@pytest.mark.parametrize(("platform", "service", "step"), STEPS)
@pytest.mark.parametrize("status", [500, 502])
async def test_a_server_error_at_any_step_is_overcome(
    tmp_path: Path, platform: str, service: str, step: str, status: int
) -> None:
    video = make_video(tmp_path, size=MIB)
    async with whole(tmp_path) as system:
        system.world.fail((service, step), "status", status=status)
        post_id = await system.send(video, platform)
        uploads = await system.wait_live(post_id)
        assert uploads[platform].error_kind == ""
        assert await system.world.live(video) == [platform]


async def test_a_server_error_with_the_words_of_a_bug_is_still_a_server_error(
    tmp_path: Path,
) -> None:
    video = make_video(tmp_path, size=MIB)
    async with whole(tmp_path) as system:
        body = {"error": {"code": 502, "errors": [{"reason": "badRequest"}]}}
        system.world.fail(BEGIN_STEP["youtube"], "status", status=502, body=body)
        post_id = await system.send(video, "youtube")
        await system.wait_live(post_id)


@pytest.mark.parametrize("platform", ["youtube", "instagram", "facebook"])
@pytest.mark.parametrize("status", [400, 412])
async def test_a_refusal_without_the_words_of_the_platform_is_tried_again(
    tmp_path: Path, platform: str, status: int
) -> None:
    video = make_video(tmp_path, size=MIB)
    async with whole(tmp_path) as system:
        system.world.fail(BYTES_STEP[platform], "status", status=status, body='{"debug_in')
        post_id = await system.send(video, platform)
        await system.wait_live(post_id)
        assert await system.world.live(video) == [platform]


USAGE = '{"1": [{"type": "pages", "estimated_time_to_regain_access": 2}]}'
LIMITS: dict[str, tuple[dict[str, Any], int]] = {
    "youtube": ({"headers": {"Retry-After": "90"}}, 90),
    "tiktok": ({"body": {"error": {"code": "rate_limit_exceeded"}}}, 60),
    "instagram": ({"headers": {"X-Business-Use-Case-Usage": USAGE}}, 120),
    "facebook": ({"headers": {"X-Business-Use-Case-Usage": USAGE}}, 120),
    "telegram": ({"body": {"ok": False, "error_code": 429, "parameters": {"retry_after": 7}}}, 7),
}


@pytest.mark.parametrize("platform", PLATFORMS)
async def test_a_rate_limit_waits_as_long_as_the_platform_says(
    tmp_path: Path, platform: str
) -> None:
    video = make_video(tmp_path, size=MIB)
    params, seconds = LIMITS[platform]
    async with whole(tmp_path) as system:
        system.world.fail(BEGIN_STEP[platform], "status", status=429, **params)
        asked_at = system.parts.clock.now()
        post_id = await system.send(video, platform)
        upload = await system.wait_for(post_id, platform, WaitReason.COOLDOWN)
        assert upload.until_at is not None
        assert (upload.until_at - asked_at).total_seconds() >= seconds
        assert upload.attempts == 0
        await system.wait_live(post_id)
        assert system.parts.clock.now() >= upload.until_at


@pytest.mark.parametrize("platform", ["youtube", "tiktok"])
@pytest.mark.parametrize("steps", [BEGIN_STEP, STATUS_STEP], ids=["begin", "status"])
async def test_an_expired_token_is_renewed_once_and_work_goes_on(
    tmp_path: Path, platform: str, steps: dict[str, tuple[str, str]]
) -> None:
    video = make_video(tmp_path, size=MIB)
    async with whole(tmp_path) as system:
        system.world.fail(steps[platform], "expire_token")
        post_id = await system.send(video, platform)
        await system.wait_live(post_id)
        assert len(system.world.rows("token")) == 1
        assert await system.world.live(video) == [platform]


async def test_a_revoked_account_waits_for_its_owner_while_the_others_go_live(
    tmp_path: Path,
) -> None:
    video = make_video(tmp_path, size=MIB)
    async with whole(tmp_path) as system:
        system.world.fail(BEGIN_STEP["youtube"], "expire_token")
        system.world.fail(("google_oauth", "token"), "revoke_token")
        post_id = await system.send(video)
        uploads = await system.wait(
            post_id, lambda ups: all(ups[n].state == "live" for n in PLATFORMS[1:])
        )
        upload = await system.wait_for(post_id, "youtube", WaitReason.ACCOUNT)
        assert upload.state is UploadState.WAITING
        account = await system.parts.book.get(uploads["youtube"].account_id)
        assert account is not None
        assert account.state == "reconnect"


QUOTAS = {
    "youtube": ("youtube", "uploads_per_day"),
    "tiktok": ("tiktok", "daily_posts"),
    "instagram": ("graph", "publish_quota"),
    "facebook": ("graph", "daily_reels"),
}


@pytest.mark.parametrize("platform", ASKABLE)
async def test_a_used_up_quota_waits_with_reason_and_time(tmp_path: Path, platform: str) -> None:
    video = make_video(tmp_path, size=MIB)
    async with whole(tmp_path) as system:
        service, name = QUOTAS[platform]
        system.world.sandbox.set_option(service, name, 0 if platform != "instagram" else 1)
        if platform == "instagram":
            first = make_video(tmp_path, "first", size=MIB)
            await system.wait_live(await system.send(first, platform))
        asked_at = system.parts.clock.now()
        post_id = await system.send(video, platform)
        upload = await system.wait_for(post_id, platform, WaitReason.QUOTA)
        assert upload.error_kind == "quota_exhausted"
        assert upload.until_at is not None
        assert upload.until_at > asked_at
        assert upload.attempts == 0


async def test_a_refused_video_fails_on_that_target_only(tmp_path: Path) -> None:
    video = make_video(tmp_path, size=MIB)
    async with whole(tmp_path) as system:
        system.world.fail(
            ("tiktok", "process"), "fail_processing", reason="frame_rate_check_failed"
        )
        post_id = await system.send(video)
        uploads = await system.wait(
            post_id, lambda ups: all(u.state in {"live", "failed"} for u in ups.values())
        )
        failed = [name for name, upload in uploads.items() if upload.state == "failed"]
        assert failed == ["tiktok"]
        assert uploads["tiktok"].error_kind == "rejected"
        assert uploads["tiktok"].error_text
        assert await system.world.live(video) == ["facebook", "instagram", "telegram", "youtube"]
