from __future__ import annotations

from datetime import timedelta

import pytest

from core.errors import ErrorKind, LostFenceError, RemoteError
from core.platforms.base import Operation
from core.ports import TaskState
from core.posts.models import PostText, Upload, UploadState
from core.posts.operations import (
    Operations,
    OperationState,
    PlannedOperation,
    operation_key,
)
from core.store.sqlite import SqliteStore
from tests.aftercare_kit import make_live, make_operations, messages
from tests.clocks import ManualClock
from tests.factories import Desk, make_desk, make_incoming
from workers.engine.embedded import EmbeddedEngine
from workers.reaper import Reaper

CHAT = 1001


@pytest.fixture
async def desk(store: SqliteStore, clock: ManualClock, engine: EmbeddedEngine) -> Desk:
    made = await make_desk(store, clock, engine)
    await made.intake.receive(make_incoming())
    return made


@pytest.fixture
def operations(desk: Desk) -> Operations:
    made = make_operations(desk)
    desk.posts.when_settled(made.settled)
    return made


async def plan(
    desk: Desk,
    operations: Operations,
    kind: Operation,
    *,
    upload_id: int = 1,
    batch: str = "one",
    **changes: object,
) -> PlannedOperation:
    upload = await desk.posts.require_upload(upload_id)
    async with desk.store.transaction() as tx:
        number = await operations.plan(
            tx,
            upload,
            kind,
            changes=changes,
            batch=batch,
            due_at=desk.clock.now(),
            chat_id=CHAT,
        )
    planned = await operations.get(number)
    assert planned is not None
    return planned


async def finish(
    desk: Desk, operations: Operations, planned: PlannedOperation, why: str = ""
) -> None:
    error = RemoteError(kind=ErrorKind.REJECTED, message=why) if why else None
    async with desk.store.transaction() as tx:
        await operations.finish(tx, planned, error)


async def state_of(operations: Operations, planned: PlannedOperation) -> OperationState:
    found = await operations.get(planned.id)
    assert found is not None
    return found.state


async def live(desk: Desk) -> Upload:
    return await make_live(desk)


async def test_an_operation_and_its_task_are_there_together(
    desk: Desk, operations: Operations
) -> None:
    planned = await plan(desk, operations, Operation.EDIT, title="x")
    assert await desk.engine.state(operation_key(planned)) is not TaskState.ABSENT


async def test_a_commit_that_fails_leaves_neither(desk: Desk, operations: Operations) -> None:
    upload = await desk.posts.require_upload(1)
    with pytest.raises(ZeroDivisionError):
        async with desk.store.transaction() as tx:
            await operations.plan(tx, upload, Operation.DELETE, due_at=desk.clock.now())
            raise ZeroDivisionError
    assert await operations.of_upload(1) == []
    assert await desk.engine.state("operate:1#1") is TaskState.ABSENT


async def test_a_newer_edit_replaces_a_waiting_one_and_takes_its_changes_along(
    desk: Desk, operations: Operations
) -> None:
    first = await plan(desk, operations, Operation.EDIT, title="a", category="1")
    second = await plan(desk, operations, Operation.EDIT, title="b", batch="two")
    assert await state_of(operations, first) is OperationState.REPLACED
    assert second.changes == {"title": "b", "category": "1"}


async def test_captions_of_another_language_replace_nothing(
    desk: Desk, operations: Operations
) -> None:
    german = await plan(desk, operations, Operation.CAPTIONS, language="de")
    await plan(desk, operations, Operation.CAPTIONS, language="fr")
    assert await state_of(operations, german) is OperationState.WAITING
    await plan(desk, operations, Operation.CAPTIONS, language="de")
    assert await state_of(operations, german) is OperationState.REPLACED


async def test_a_removal_makes_everything_else_needless(
    desk: Desk, operations: Operations
) -> None:
    edit = await plan(desk, operations, Operation.EDIT, title="x")
    check = await plan(desk, operations, Operation.CHECK)
    await plan(desk, operations, Operation.DELETE, batch="two")
    states = [await state_of(operations, one) for one in (edit, check)]
    assert states == [OperationState.REPLACED, OperationState.REPLACED]


async def test_who_was_replaced_while_at_work_falls_silent(
    desk: Desk, operations: Operations
) -> None:
    first = await plan(desk, operations, Operation.EDIT, title="a")
    await plan(desk, operations, Operation.EDIT, title="b", batch="two")
    with pytest.raises(LostFenceError):
        await operations.save(first, work={"stage": "send"})
    with pytest.raises(LostFenceError):
        await finish(desk, operations, first)


async def test_the_outcome_is_told_once_when_the_last_one_has_ended(
    desk: Desk, operations: Operations
) -> None:
    first = await plan(desk, operations, Operation.EDIT, title="x")
    second = await plan(desk, operations, Operation.EDIT, upload_id=2, title="x")
    await finish(desk, operations, first)
    assert await messages(desk, "live_outcome") == []
    await finish(desk, operations, second, "no such title")
    (message,) = await messages(desk, "live_outcome")
    assert message.facts["kind"] == "edit"
    places = {p["platform"]: p["failed"] for p in message.facts["places"]}
    assert places == {"youtube": False, "telegram": True}


async def test_what_was_replaced_is_told_with_its_successor_only(
    desk: Desk, operations: Operations
) -> None:
    await plan(desk, operations, Operation.EDIT, title="a")
    second = await plan(desk, operations, Operation.EDIT, title="b", batch="two")
    assert await messages(desk, "live_outcome") == []
    await finish(desk, operations, second)
    assert len(await messages(desk, "live_outcome")) == 1


async def test_what_a_replacement_leaves_finished_is_told_then(
    desk: Desk, operations: Operations
) -> None:
    first = await plan(desk, operations, Operation.EDIT, title="a")
    await plan(desk, operations, Operation.EDIT, upload_id=2, title="a")
    await finish(desk, operations, first)
    await plan(desk, operations, Operation.EDIT, upload_id=2, title="b", batch="two")
    (message,) = await messages(desk, "live_outcome")
    assert [place["platform"] for place in message.facts["places"]] == ["youtube"]


async def test_a_removed_video_shows_it_and_may_be_published_again(
    desk: Desk, operations: Operations
) -> None:
    upload = await live(desk)
    planned = await plan(desk, operations, Operation.DELETE)
    check = await plan(desk, operations, Operation.CHECK)
    await finish(desk, operations, planned)
    assert (await desk.posts.require_upload(upload.id)).visibility == "removed"
    assert await state_of(operations, check) is OperationState.DROPPED
    async with desk.store.transaction() as tx:
        accounts = await desk.posts.accounts()
        taken = await desk.posts.duplicates(tx, "telegram:u", accounts)
    assert [one.platform for one in taken] == ["telegram"]


async def test_what_waits_for_an_upload_begins_in_the_commit_that_makes_it_live(
    desk: Desk, operations: Operations
) -> None:
    planned = await plan(desk, operations, Operation.EDIT, title="x")
    planned = await operations.save(planned, due_at=desk.clock.now() + timedelta(hours=1))
    await live(desk)
    moved = await operations.get(planned.id)
    assert moved is not None
    assert moved.generation == planned.generation + 1
    assert moved.due_at == desk.clock.now()
    assert await desk.engine.state(operation_key(moved)) is not TaskState.ABSENT


async def test_what_waits_for_an_upload_that_failed_is_dropped(
    desk: Desk, operations: Operations
) -> None:
    planned = await plan(desk, operations, Operation.EDIT, title="x")
    upload = await desk.posts.start(1)
    await desk.posts.save(upload, UploadState.FAILED)
    assert await state_of(operations, planned) is OperationState.DROPPED
    assert await messages(desk, "live_outcome") == []


async def test_a_task_of_an_older_generation_finds_nothing_to_do(
    desk: Desk, operations: Operations
) -> None:
    planned = await plan(desk, operations, Operation.EDIT, title="x")
    assert await operations.resubmit(planned)
    assert not await operations.resubmit(planned)
    assert await operations.start(planned.id, planned.generation) is None
    assert await operations.start(planned.id, planned.generation + 1) is not None


async def test_figures_remember_the_look_before(desk: Desk, operations: Operations) -> None:
    for views in (3, 10):
        async with desk.store.transaction() as tx:
            await operations.set_figures(tx, 1, {"views": views, "likes": None})
    figures = await operations.figures(1)
    assert figures is not None
    assert figures.value == {"views": 10, "likes": None}
    assert figures.before == {"views": 3, "likes": None}


async def test_an_upload_counts_as_begun_from_its_first_attempt_on(
    desk: Desk, operations: Operations
) -> None:
    async def is_begun() -> bool:
        async with desk.store.transaction() as tx:
            return await operations.is_begun(tx, await desk.posts.require_upload(1))

    assert not await is_begun()
    upload = await desk.posts.start(1)
    assert await is_begun()
    await desk.posts.end_attempt(upload, "waiting", "", "")
    assert not await is_begun()
    await desk.posts.save(upload, session={"step": "parts"})
    assert await is_begun()


async def test_what_lost_its_task_is_taken_up_again(desk: Desk, operations: Operations) -> None:
    planned = await plan(desk, operations, Operation.EDIT, title="x")
    reaper = Reaper(desk.posts, desk.engine, operations)
    before = await reaper.reconcile()
    await desk.engine.cancel(operation_key(planned))
    assert await reaper.reconcile() == before + 1
    moved = await operations.get(planned.id)
    assert moved is not None
    assert await desk.engine.state(operation_key(moved)) is not TaskState.ABSENT


async def test_what_is_due_later_is_left_alone_by_the_sweep(
    desk: Desk, operations: Operations
) -> None:
    planned = await plan(desk, operations, Operation.CHECK)
    await operations.save(planned, due_at=desk.clock.now() + timedelta(hours=1))
    await desk.engine.cancel(operation_key(planned))
    await Reaper(desk.posts, desk.engine, operations).reconcile()
    found = await operations.get(planned.id)
    assert found is not None
    assert found.generation == planned.generation


async def test_an_operation_that_breaks_for_good_is_told(
    desk: Desk, operations: Operations
) -> None:
    planned = await plan(desk, operations, Operation.EDIT, title="x")
    await operations.fail(planned.id, "internal error")
    await operations.fail(planned.id, "internal error")
    (message,) = await messages(desk, "live_outcome")
    assert message.facts["places"][0]["error_kind"] == "bug"


async def test_a_person_s_words_are_not_overwritten_by_those_that_come_late(
    desk: Desk, operations: Operations
) -> None:
    post = await desk.posts.require(1)
    mine = PostText(title="Mine", description="My words")
    async with desk.store.transaction() as tx:
        await operations.rewrite(tx, post, text=mine)
    await desk.posts.described(1, PostText(title="Late", description="Late", by="ai"))
    assert (await desk.posts.require(1)).text == mine


@pytest.mark.parametrize(("why", "told"), [("", 0), ("no such playlist", 1)])
async def test_what_nobody_waits_for_is_told_only_when_it_failed(
    desk: Desk, operations: Operations, why: str, told: int
) -> None:
    planned = await plan(desk, operations, Operation.PLAYLIST, batch="", playlist="x")
    await finish(desk, operations, planned, why)
    assert len(await messages(desk, "live_outcome")) == told
