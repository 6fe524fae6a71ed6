from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from core.errors import LostFenceError
from core.posts.measuring import FORGOTTEN_AT_ONCE, PENDING
from core.posts.models import Upload, UploadState, WaitReason
from core.store.base import Row
from core.store.sqlite import SqliteStore
from tests.clocks import ManualClock
from tests.factories import Desk, make_desk, make_incoming
from workers.engine.embedded import EmbeddedEngine


@pytest.fixture
async def desk(store: SqliteStore, clock: ManualClock, engine: EmbeddedEngine) -> Desk:
    desk = await make_desk(store, clock, engine)
    await desk.intake.receive(make_incoming())
    return desk


async def rows(desk: Desk, post_id: int = 1) -> Sequence[Row]:
    return await desk.store.all("diagnostics.of_post", post_id=post_id)


async def measured(desk: Desk, upload_id: int | None = 1) -> list[tuple[str, str, float]]:
    return [
        (row["stage"], row["detail"], round(row["seconds"], 3))
        for row in await rows(desk)
        if row["upload_id"] == upload_id
    ]


async def go(
    desk: Desk, upload: Upload, seconds: float, state: UploadState, **more: Any
) -> Upload:
    await desk.clock.advance(seconds)
    return await desk.posts.save(upload, state, **more)


async def test_each_state_that_lasts_is_measured_by_what_was_waited_for(desk: Desk) -> None:
    await desk.clock.advance(3)
    await desk.posts.open_uploading(1, (await desk.posts.require(1)).facts, "")
    await desk.clock.advance(4)
    upload = await go(desk, await desk.start(), 0, UploadState.UPLOADING)
    upload = await go(desk, upload, 5, UploadState.PROCESSING)
    await go(desk, upload, 6, UploadState.LIVE)
    assert await measured(desk) == [
        ("wait", "media", 3),
        ("wait", "turn", 4),
        ("processing", "", 6),
        ("total", "", 18),
    ]


async def test_an_attempt_ends_a_wait_and_leaving_it_begins_the_next(desk: Desk) -> None:
    for _ in range(2):
        await desk.clock.advance(2)
        upload = await desk.start()
        upload = await go(desk, upload, 5, UploadState.WAITING, reason=WaitReason.MEDIA)
        await desk.posts.end_attempt(upload, "waiting", "", "")
    await desk.clock.advance(2)
    await go(desk, await desk.start(), 5, UploadState.UPLOADING)
    assert await measured(desk) == [("wait", "media", 2)] * 3


async def test_asking_a_platform_how_it_gets_on_does_not_end_the_wait(desk: Desk) -> None:
    upload = await desk.start()
    upload = await go(desk, upload, 1, UploadState.WAITING, reason=WaitReason.PLATFORM)
    for _ in range(3):
        await desk.clock.advance(4)
        upload = await desk.start()
        await desk.posts.end_attempt(upload, "waiting", "", "")
    await go(desk, await desk.start(), 2, UploadState.UPLOADING)
    assert await measured(desk) == [("wait", "platform", 14)]


async def test_a_state_that_is_saved_again_goes_on(desk: Desk) -> None:
    upload = await go(desk, await desk.start(), 1, UploadState.PROCESSING)
    for _ in range(3):
        upload = await go(desk, upload, 2, UploadState.PROCESSING, bytes_sent=1)
    await go(desk, upload, 2, UploadState.FAILED)
    assert await measured(desk) == [("processing", "", 8)]


async def test_the_whole_way_leaves_out_chosen_times_and_people(desk: Desk) -> None:
    upload = await desk.start()
    upload = await go(desk, upload, 1, UploadState.WAITING, reason=WaitReason.TIME)
    upload = await go(desk, upload, 3600, UploadState.WAITING, reason=WaitReason.PERSON)
    upload = await go(desk, upload, 7200, UploadState.UPLOADING)
    await go(desk, upload, 9, UploadState.LIVE)
    assert (await measured(desk))[-1] == ("total", "", 10)


async def test_a_retry_by_a_person_starts_its_own_way(desk: Desk) -> None:
    upload = await go(desk, await desk.start(), 50, UploadState.FAILED, error_kind="rejected")
    await desk.clock.advance(100)
    await desk.posts.retry_post(1)
    upload = await go(desk, await desk.start(), 2, UploadState.UPLOADING)
    await go(desk, upload, 3, UploadState.LIVE)
    assert (await measured(desk))[-1] == ("total", "", 5)


async def test_the_platform_and_the_account_are_known_from_the_upload(desk: Desk) -> None:
    desk.posts.measure("send", 2.0, post_id=1, upload_id=2, platform="other", bytes=7)
    await desk.posts.write_measures()
    (row,) = await desk.store.all(
        "diagnostics.measures", since=0.0, until=1e12, every=0, chat_id=1001
    )
    upload = await desk.posts.require_upload(2)
    assert (row["platform"], row["account_id"]) == (upload.platform, upload.account_id)
    assert (row["n"], row["bytes"]) == (1, 7)


async def test_measures_wait_for_a_commit_that_happens_anyway(desk: Desk) -> None:
    desk.posts.measure("fetch", 2.0, post_id=1, bytes=7)
    assert await measured(desk, None) == []
    await desk.posts.save(await desk.start(), UploadState.UPLOADING)
    assert await measured(desk, None) == [("fetch", "", 2.0)]
    await desk.posts.save(await desk.start(), UploadState.UPLOADING, bytes_sent=1)
    assert await measured(desk, None) == [("fetch", "", 2.0)]


async def test_a_refused_step_measures_nothing(desk: Desk) -> None:
    old = await desk.start()
    await desk.start()
    with pytest.raises(LostFenceError):
        await desk.posts.save(old, UploadState.UPLOADING)
    assert await rows(desk) == []


async def test_a_measure_of_a_post_that_there_is_not_is_dropped(desk: Desk) -> None:
    desk.posts.measure("fetch", 2.0, post_id=99)
    await desk.posts.write_measures()
    assert await rows(desk, 99) == []


async def test_what_waits_for_a_commit_is_bounded(desk: Desk) -> None:
    for number in range(PENDING + 5):
        desk.posts.measure("fetch", float(number), post_id=1)
    await desk.posts.write_measures()
    found = [row["seconds"] for row in await rows(desk)]
    assert (len(found), min(found)) == (PENDING, 5.0)


async def test_old_measures_are_forgotten_a_few_at_a_time(desk: Desk) -> None:
    for _ in range(FORGOTTEN_AT_ONCE + 3):
        desk.posts.measure("fetch", 1.0, post_id=1)
    await desk.posts.write_measures()
    await desk.clock.advance(timedelta(days=80).total_seconds())
    desk.posts.measure("probe", 1.0, post_id=1)
    await desk.posts.write_measures()
    assert await desk.posts.forget_measures() == 0
    await desk.clock.advance(timedelta(days=11).total_seconds())
    assert await desk.posts.forget_measures() == FORGOTTEN_AT_ONCE + 3
    assert await measured(desk, None) == [("probe", "", 1.0)]


async def test_an_attempt_that_is_handed_over_has_not_crashed(desk: Desk) -> None:
    upload = await desk.posts.save(await desk.start(), UploadState.UPLOADING)
    await desk.posts.hand_over(upload, UploadState.WAITING, reason=WaitReason.PLATFORM)
    await desk.start()
    found = await desk.store.all("posts.attempts", upload_id=1)
    assert [row["outcome"] for row in found] == ["waiting", "running"]
