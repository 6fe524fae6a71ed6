from __future__ import annotations

from datetime import timedelta

import pytest

from core.accounts.quotas import Quotas
from core.accounts.rules import RuleBook
from core.errors import LostFenceError, RefusedError, TransitionError
from core.ports import TaskState
from core.posts.models import PostState, UploadState, WaitReason
from core.store.sqlite import SqliteStore
from tests.clocks import ManualClock
from tests.factories import Desk, make_desk, make_incoming
from workers.engine.embedded import EmbeddedEngine
from workers.reaper import Reaper


@pytest.fixture
async def desk(store: SqliteStore, clock: ManualClock, engine: EmbeddedEngine) -> Desk:
    desk = await make_desk(store, clock, engine)
    await desk.intake.receive(make_incoming())
    return desk


async def test_an_old_fence_falls_silent(desk: Desk) -> None:
    old = await desk.start()
    await desk.start()
    with pytest.raises(LostFenceError):
        await desk.posts.save(old, UploadState.UPLOADING)


async def test_a_step_that_is_not_allowed_is_refused(desk: Desk) -> None:
    upload = await desk.start()
    await desk.posts.save(upload, UploadState.PROCESSING)
    with pytest.raises(TransitionError):
        await desk.posts.save(upload, UploadState.CANCELLED)


async def test_what_has_ended_stays_ended(desk: Desk) -> None:
    upload = await desk.start()
    await desk.posts.save(upload, UploadState.FAILED)
    with pytest.raises(TransitionError):
        await desk.posts.save(upload, UploadState.WAITING)


async def test_the_post_ends_with_its_last_upload(desk: Desk) -> None:
    first, second = await desk.start(1), await desk.start(2)
    await desk.posts.save(first, UploadState.LIVE)
    assert (await desk.posts.require(1)).state is PostState.ACCEPTED
    await desk.posts.save(second, UploadState.FAILED, error_kind="rejected")
    assert (await desk.posts.require(1)).state is PostState.PARTLY_FAILED
    card = await desk.posts.card(1)
    assert card is not None
    assert card.final


async def test_a_failed_upload_can_be_retried_and_claims_again(desk: Desk) -> None:
    upload = await desk.start()
    await desk.posts.save(upload, UploadState.FAILED, session={"step": "parts"})
    await desk.posts.retry_upload(upload.id)
    again = await desk.posts.require_upload(upload.id)
    assert again.state is UploadState.WAITING
    assert again.session == {}
    assert await desk.engine.state(f"upload:1#{again.generation}") is TaskState.READY
    taken = await desk.intake.receive(make_incoming(update_id=9))
    assert taken.status == "asked"


async def test_content_that_is_there_already_is_found_before_the_commit(desk: Desk) -> None:
    await desk.intake.receive(make_incoming(update_id=2, fingerprint="telegram:other"))
    first = await desk.posts.save(await desk.start(1), UploadState.UPLOADING)
    await desk.posts.intend(first, sha256="abc")
    second = await desk.posts.save(await desk.start(3), UploadState.UPLOADING)
    moved, duplicate = await desk.posts.intend(second, sha256="abc")
    assert duplicate is not None
    assert duplicate.post_id == 1
    assert moved.state is UploadState.UPLOADING


async def test_the_intent_is_refused_when_a_person_wants_it_stopped(desk: Desk) -> None:
    upload = await desk.posts.save(await desk.start(), UploadState.UPLOADING)
    async with desk.store.transaction() as tx:
        await tx.run("posts.want_stop", id=upload.id, wanted=1)
    with pytest.raises(TransitionError):
        await desk.posts.intend(upload, sha256="abc")


async def test_cancelling_releases_the_claim(desk: Desk) -> None:
    assert await desk.posts.cancel_post(1, by="person") == 2
    assert (await desk.posts.require(1)).state is PostState.CANCELLED
    outcome = await desk.intake.receive(make_incoming(update_id=9))
    assert outcome.status == "accepted"


async def test_what_may_be_out_is_not_cancelled(desk: Desk) -> None:
    upload = await desk.posts.save(await desk.start(), UploadState.UPLOADING)
    await desk.posts.intend(upload, sha256="abc")
    assert await desk.posts.cancel_upload(1, by="person") is UploadState.COMMITTING


@pytest.mark.parametrize("is_live", [True, False])
async def test_a_person_decides_an_unknown_upload(desk: Desk, is_live: bool) -> None:
    upload = await desk.posts.save(await desk.start(), UploadState.UPLOADING)
    upload, _ = await desk.posts.intend(upload, sha256="abc")
    await desk.posts.save(upload, UploadState.UNKNOWN, reason=WaitReason.PERSON)
    await desk.posts.decide(1, is_live=is_live)
    decided = await desk.posts.require_upload(1)
    assert decided.state is (UploadState.LIVE if is_live else UploadState.WAITING)
    assert decided.intent_at is None
    with pytest.raises(RefusedError, match="not_unknown"):
        await desk.posts.decide(1, is_live=True)


async def test_an_upload_over_its_quota_waits_and_says_until_when(desk: Desk) -> None:
    await desk.intake.receive(make_incoming(update_id=2, fingerprint="telegram:other"))
    desk.posts.quotas = Quotas(desk.store, desk.clock, RuleBook(per_channel=1))
    first, lack = await desk.posts.reserve(await desk.start(1))
    assert (first.state, lack) == (UploadState.UPLOADING, None)
    _, lack = await desk.posts.reserve(first)
    assert lack is None
    waiting, lack = await desk.posts.reserve(await desk.start(3))
    assert lack is not None
    assert (waiting.state, waiting.reason) == (UploadState.WAITING, WaitReason.QUOTA)
    assert waiting.until_at == lack.until_at == desk.clock.now() + timedelta(days=1)
    await desk.posts.save(first, UploadState.FAILED)
    woken = await desk.posts.require_upload(3)
    assert woken.until_at == desk.clock.now()
    assert await desk.engine.state(f"upload:3#{woken.generation}") is TaskState.READY


async def test_the_sweep_gives_what_has_no_task_a_new_one(desk: Desk) -> None:
    await desk.engine.cancel("ingest:1#1")
    assert await Reaper(desk.posts, desk.engine).reconcile() == 1
    assert await desk.engine.state("ingest:1#2") is TaskState.READY
    assert await Reaper(desk.posts, desk.engine).reconcile() == 0


async def test_the_sweep_takes_up_an_upload_that_was_left(desk: Desk) -> None:
    upload = await desk.posts.save(await desk.start(), UploadState.UPLOADING)
    assert await Reaper(desk.posts, desk.engine).reconcile() == 1
    fresh = await desk.posts.require_upload(upload.id)
    assert await desk.engine.state(f"upload:1#{fresh.generation}") is TaskState.READY


async def test_clear_leaves_what_is_live(desk: Desk) -> None:
    await desk.posts.save(await desk.start(1), UploadState.LIVE)
    await desk.posts.clear_queue()
    states = [upload.state for upload in await desk.posts.uploads(1)]
    assert states == [UploadState.LIVE, UploadState.CANCELLED]


async def test_force_start_ends_waits(desk: Desk) -> None:
    await desk.posts.open_uploading(1, (await desk.posts.require(1)).facts, "")
    upload = await desk.start()
    later = desk.clock.now() + timedelta(hours=3)
    await desk.posts.save(upload, UploadState.WAITING, reason=WaitReason.COOLDOWN, until_at=later)
    await desk.posts.force_start(1)
    forced = await desk.posts.require_upload(1)
    assert forced.until_at is None
    assert await desk.engine.state(f"upload:1#{forced.generation}") is TaskState.READY
