from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from core.errors import RefusedError
from core.ports import TaskState
from core.posts.letters import PAUSE, REPLAYED_AT_ONCE, LetterBox, Progress, Scope
from core.posts.models import PostState, UploadState
from core.posts.replaying import REPLAY_PRIORITY, Replayed
from core.store.sqlite import SqliteStore
from tests.clocks import ManualClock
from tests.factories import Desk, make_account, make_desk
from tests.letters_kit import execute, fail, flood, lose, make_letters, make_post
from workers.engine.embedded import EmbeddedEngine

SEVEN = [
    {"error_kind": "transient", "error_text": "connection reset by 10.0.0.{}"},
    {"error_kind": "rejected", "error_code": "badTitle", "error_text": "title “v{}” is bad"},
    {"error_kind": "rejected", "error_code": "badText", "error_text": "text “v{}” is bad"},
    {"error_kind": "source", "error_code": "gone", "error_text": "404 for {}"},
    {"error_kind": "auth_revoked", "error_text": "token revoked"},
    {"error_kind": "bug", "error_text": "internal error: KeyError"},
    {"error_kind": "quota_exhausted", "error_text": "{} used"},
]
ALL = Scope()


@pytest.fixture
async def desk(store: SqliteStore, clock: ManualClock, engine: EmbeddedEngine) -> Desk:
    return await make_desk(store, clock, engine, make_account("youtube"))


@pytest.fixture
def letters(desk: Desk) -> LetterBox:
    return make_letters(desk)


async def fail_many(desk: Desk, count: int, **error: str) -> None:
    for number in range(1, count + 1):
        post_id = await make_post(desk, number)
        (upload,) = await desk.posts.uploads(post_id)
        await fail(desk, upload.id, **error)


async def states(desk: Desk, count: int) -> Counter[UploadState]:
    return Counter([(await desk.posts.require_upload(n)).state for n in range(1, count + 1)])


async def carry_on(desk: Desk, letters: LetterBox, progress: Progress) -> Progress:
    """Do what the engine does with the task, until the act is over."""
    while progress.is_running:
        await desk.clock.advance(PAUSE.total_seconds())
        progress = await letters._step(progress.id)
    return progress


async def test_a_thousand_failures_of_seven_causes_are_seven_groups(
    store: SqliteStore, desk: Desk, letters: LetterBox
) -> None:
    await make_post(desk, 1)
    await fail(desk, 1, error_text="connection reset by 10.0.0.1")
    await flood(store, 1000, SEVEN)
    page = await letters.page(ALL, 0, 5)
    assert (page.causes, page.failed, page.pages) == (7, 1001, 2)
    assert [group.failed for group in page.groups] == [144, 143, 143, 143, 143]
    last = await letters.page(ALL, 9, 5)
    assert (last.number, sum(group.failed for group in last.groups)) == (1, 285)


async def test_a_group_tells_where_since_when_and_the_latest(
    desk: Desk, letters: LetterBox
) -> None:
    await fail_many(desk, 2, error_kind="auth_revoked", error_text="token revoked")
    since = desk.clock.now()
    await desk.clock.advance(60)
    await make_post(desk, 3)
    await fail(desk, 3, error_kind="auth_revoked", error_text="token revoked")
    (group,) = (await letters.page(ALL)).groups
    assert (group.failed, group.posts, group.since) == (3, 3, since)
    assert (group.account_name, group.newest.post_id) == ("my youtube", 3)


async def test_number_of_a_cause_stays_and_a_new_cause_gets_its_own(
    desk: Desk, letters: LetterBox
) -> None:
    await fail_many(desk, 1)
    (before,) = (await letters.page(ALL)).groups
    await desk.posts.retry_upload(1)
    assert (await letters.page(ALL)).groups == ()
    await fail(desk, 1, error_kind="bug", error_text="KeyError")
    (other,) = (await letters.page(ALL)).groups
    assert other.id != before.id
    await desk.posts.retry_upload(1)
    await fail(desk, 1)
    assert (await letters.require(Scope(cause_id=before.id))).failed == 1
    with pytest.raises(RefusedError, match="unknown_cause"):
        await letters.require(Scope(cause_id=other.id))


async def test_a_replay_starts_all_in_short_transactions(desk: Desk, letters: LetterBox) -> None:
    count = REPLAYED_AT_ONCE * 2 + 3
    await fail_many(desk, count)
    first = await letters.replay(ALL, user_id=1, chat_id=1)
    assert (first.total, first.retried, first.is_running) == (count, REPLAYED_AT_ONCE, True)
    assert await desk.engine.state(f"letters:{first.id}#2") is TaskState.READY
    last = await carry_on(desk, letters, first)
    assert (last.retried, last.total) == (count, count)
    assert await states(desk, count) == {UploadState.WAITING: count}
    (told,) = [one for one in await desk.posts.due_messages() if one.sentence == "letters_done"]
    assert told.facts["counts"] == {"retried": count}


async def test_a_replay_stands_behind_what_is_newer(desk: Desk, letters: LetterBox) -> None:
    await fail_many(desk, 1)
    await letters.replay(ALL)
    async with desk.store.transaction() as tx:
        (task,) = await tx.all("tasks.claim", queue="upload.youtube", slots=10, lease_until=0.0)
    assert task["priority"] == REPLAY_PRIORITY - 1


async def test_a_second_replay_meanwhile_tries_nothing_twice(
    desk: Desk, letters: LetterBox
) -> None:
    count = REPLAYED_AT_ONCE * 2
    await fail_many(desk, count)
    first = await letters.replay(ALL)
    second = await letters.replay(ALL)
    assert second.total == count - REPLAYED_AT_ONCE
    ends = [await carry_on(desk, letters, one) for one in (second, first)]
    assert sum(end.retried for end in ends) == count
    generations = [(await desk.posts.require_upload(n)).generation for n in range(1, count + 1)]
    assert set(generations) == {2}


async def test_what_fails_again_during_a_replay_is_not_tried_by_it_again(
    desk: Desk, letters: LetterBox
) -> None:
    await fail_many(desk, REPLAYED_AT_ONCE + 1)
    first = await letters.replay(ALL)
    await fail(desk, 1)
    await carry_on(desk, letters, first)
    assert (await desk.posts.require_upload(1)).state is UploadState.FAILED


async def test_a_replay_goes_on_after_a_restart(desk: Desk, letters: LetterBox) -> None:
    await fail_many(desk, REPLAYED_AT_ONCE + 1)
    first = await letters.replay(ALL)
    await desk.engine.cancel(f"letters:{first.id}#2")
    again = make_letters(desk)
    await again.look()
    assert await desk.engine.state(f"letters:{first.id}#3") is TaskState.READY
    await again.look()
    assert await desk.engine.state(f"letters:{first.id}#4") is TaskState.ABSENT
    assert (await carry_on(desk, again, first)).retried == REPLAYED_AT_ONCE + 1


async def test_what_is_there_already_is_left_out(desk: Desk, letters: LetterBox) -> None:
    """The same video was sent again after it had failed, and went live."""
    await make_post(desk, 1)
    await fail(desk, 1)
    await make_post(desk, 2, fingerprint="telegram:1")
    await desk.posts.save(await desk.posts.start(2), UploadState.LIVE)
    assert (await letters.replay(ALL)).counts == {Replayed.THERE: 1}
    assert (await desk.posts.require_upload(1)).state is UploadState.FAILED


async def test_the_same_video_that_failed_twice_is_tried_once(
    desk: Desk, letters: LetterBox
) -> None:
    for number in (1, 2):
        await make_post(desk, number, fingerprint="telegram:1")
        await fail(desk, number)
    assert (await letters.replay(ALL)).counts == {Replayed.RETRIED: 1, Replayed.THERE: 1}


async def test_a_copy_that_a_person_wanted_is_tried_again(desk: Desk, letters: LetterBox) -> None:
    await make_post(desk, 1)
    await desk.posts.save(await desk.posts.start(1), UploadState.LIVE)
    await make_post(desk, 2, fingerprint="telegram:1", again=True)
    await fail(desk, 2)
    assert (await letters.replay(ALL)).retried == 1


async def test_uploads_of_a_removed_account_are_left_out(desk: Desk, letters: LetterBox) -> None:
    await fail_many(desk, 1)
    await desk.book.adopt([])
    assert (await letters.replay(ALL)).counts == {Replayed.NO_ACCOUNT: 1}


async def test_scopes_narrow_by_person_platform_account_and_batch(
    store: SqliteStore, clock: ManualClock, engine: EmbeddedEngine
) -> None:
    accounts = [make_account("youtube", "a"), make_account("tiktok", "b")]
    desk = await make_desk(store, clock, engine, *accounts)
    letters = make_letters(desk)
    for number, user in ((1, 1001), (2, 2002)):
        await make_post(desk, number, user_id=user)
        for upload in await desk.posts.uploads(number):
            await fail(desk, upload.id)
    await execute(
        store,
        "INSERT INTO batches (id, kind, name, digest, state, created_at) "
        "VALUES (3, 'csv', 'x', 'd', 'done', 0)",
        "INSERT INTO batch_entries (batch_id, number, entry, identity, post_id) "
        "VALUES (3, 1, '{}', 'i', 2)",
    )
    expected = {
        Scope(): 4,
        Scope(user_id=1001): 2,
        Scope(platform="tiktok"): 2,
        Scope(account_id=1, user_id=2002): 1,
        Scope(batch_id=3): 2,
        Scope(batch_id=4): 0,
    }
    found = {scope: (await letters.page(scope)).failed for scope in expected}
    assert found == expected
    assert (await letters.replay(Scope(batch_id=3))).total == 2
    assert (await desk.posts.require(1)).state is PostState.FAILED
    assert (await desk.posts.require(2)).state is PostState.PUBLISHING


async def test_a_drop_hides_and_its_undo_lists_again(desk: Desk, letters: LetterBox) -> None:
    await fail_many(desk, 3)
    dropped = await letters.drop(ALL, user_id=1001)
    assert dropped.counts == {"dropped": 3}
    assert (await letters.page(ALL)).failed == 0
    assert (await letters.replay(ALL)).total == 0
    assert await states(desk, 3) == {UploadState.FAILED: 3}
    with pytest.raises(RefusedError, match="old_button"):
        await letters.undo(dropped.id, user_id=2002)
    assert await letters.undo(dropped.id, user_id=1001) == 3
    assert (await letters.page(ALL)).failed == 3
    assert await letters.undo(dropped.id) == 0


async def test_one_that_was_put_aside_can_still_be_tried_by_its_number(
    desk: Desk, letters: LetterBox
) -> None:
    await fail_many(desk, 2)
    dropped = await letters.drop(ALL)
    await desk.posts.retry_post(1)
    await fail(desk, 1)
    assert (await letters.page(ALL)).failed == 1
    assert await letters.undo(dropped.id) == 1
    assert (await letters.page(ALL)).failed == 2


async def test_what_nobody_decided_is_never_tried_along(desk: Desk, letters: LetterBox) -> None:
    await make_post(desk, 1)
    await lose(desk, 1)
    assert await desk.posts.nobody_decided(1)
    (group,) = (await letters.page(ALL)).groups
    assert not group.can_replay
    assert (await letters.replay(ALL)).counts == {Replayed.UNDECIDED: 1}
    assert (await desk.posts.require_upload(1)).state is UploadState.FAILED


async def test_of_an_account_that_came_back_its_failures_are_offered_once(
    desk: Desk, letters: LetterBox
) -> None:
    await desk.clock.advance(60)
    await fail_many(desk, 14, error_kind="auth_revoked", error_text="token revoked")
    await letters.offer()
    assert await _offers(desk) == []
    await desk.clock.advance(60)
    desk.posts.when_accounts_back(letters.offer)
    await desk.book.add(make_account("youtube", access_token="new"))
    await desk.posts.wake_accounts()
    await desk.posts.wake_accounts()
    (offer,) = await _offers(desk)
    assert (offer["count"], offer["account"]) == (14, "my youtube")
    assert (await letters.replay(Scope(blamed=1))).retried == 14


async def _offers(desk: Desk) -> list[dict[str, object]]:
    said = await desk.posts.due_messages()
    return [one.facts for one in said if one.sentence == "account_back"]


async def test_acts_are_forgotten_when_they_are_old(desk: Desk, letters: LetterBox) -> None:
    await fail_many(desk, 1)
    dropped = await letters.drop(ALL)
    await desk.clock.advance(timedelta(days=31).total_seconds())
    await letters.forget()
    with pytest.raises(RefusedError, match="old_button"):
        await letters.undo(dropped.id)
