"""Quotas on the real store: what is kept, told and woken. The arithmetic has its own tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.accounts.limits import AccountLimits
from core.accounts.quotas import Quotas, account_place, upload_place
from core.accounts.rules import RuleBook
from core.errors import ErrorKind, RemoteError
from core.platforms.base import LiveLimit, Operation, Step
from core.posts.models import Account, Upload, UploadState, WaitReason
from core.store.base import Row
from core.store.sqlite import SqliteStore
from tests.clocks import ManualClock
from tests.factories import Desk, make_account, make_desk, make_incoming
from workers.engine.embedded import EmbeddedEngine

DAY = timedelta(days=1)


async def make_quota_desk(
    store: SqliteStore, clock: ManualClock, engine: EmbeddedEngine, **rules: Any
) -> Desk:
    desk = await make_desk(
        store,
        clock,
        engine,
        make_account("instagram", "insta"),
        make_account("youtube", "a", client_id="one"),
        make_account("youtube", "b", client_id="one"),
        make_account("youtube", "c", client_id="two"),
        make_account("tiktok", "tik"),
    )
    desk.posts.quotas = Quotas(store, clock, RuleBook(**rules), admins=(1, 2))
    return desk


@pytest.fixture
async def desk(store: SqliteStore, clock: ManualClock, engine: EmbeddedEngine) -> Desk:
    return await make_quota_desk(store, clock, engine, per_channel=2)


@pytest.fixture
async def roomy(store: SqliteStore, clock: ManualClock, engine: EmbeddedEngine) -> Desk:
    return await make_quota_desk(store, clock, engine, limits={"youtube.video_uploads": 2})


async def post(desk: Desk, name: str) -> Upload:
    """Return the upload of a new post to one account."""
    number = len(await desk.posts.recent(limit=1000)) + 1
    incoming = make_incoming(
        update_id=number, fingerprint=f"telegram:{number}", caption=f"A clip\nto: {name}"
    )
    outcome = await desk.intake.receive(incoming)
    (upload,) = await desk.posts.uploads(outcome.post_id or 0)
    return upload


async def begin(desk: Desk, name: str, **how: Any) -> Upload:
    upload = await desk.posts.start((await post(desk, name)).id)
    taken, _ = await desk.posts.reserve(upload, **how)
    return taken


async def publish(desk: Desk, name: str) -> Upload:
    upload = await begin(desk, name)
    upload, _ = await desk.posts.intend(upload, sha256=f"sha of {upload.id}")
    return await desk.posts.save(upload, UploadState.LIVE, intent_at=None)


async def rows(desk: Desk, **where: Any) -> list[Row]:
    """Return what the ledger has of an account."""
    found = await desk.store.all(
        "quotas.events", scope=f"account:{where['account_id']}", since=0.0, upload_id=0
    )
    return [row for row in found if row["name"] == where.get("name", "per_channel_a_day")]


async def account(desk: Desk, name: str) -> Account:
    return next(one for one in await desk.book.all() if one.name == name)


async def test_a_unit_is_reserved_then_spent_at_the_intent(desk: Desk) -> None:
    upload = await begin(desk, "insta")
    (held,) = await rows(desk, account_id=upload.account_id)
    assert held["held"] == 1
    await desk.clock.advance(100)
    upload, _ = await desk.posts.intend(upload, sha256="x")
    (spent,) = await rows(desk, account_id=upload.account_id)
    assert (spent["held"], spent["at"]) == (0, desk.clock.now().timestamp())


async def test_an_intent_that_is_noted_again_moves_its_unit(desk: Desk) -> None:
    upload, _ = await desk.posts.intend(await begin(desk, "insta"), sha256="x")
    await desk.clock.advance(2)
    await desk.posts.intend(upload, sha256="x")
    (spent,) = await rows(desk, account_id=upload.account_id)
    assert (spent["held"], spent["at"]) == (0, desk.clock.now().timestamp())


async def test_an_intent_that_came_to_nothing_is_only_reserved_again(desk: Desk) -> None:
    upload, _ = await desk.posts.intend(await begin(desk, "insta"), sha256="x")
    waiting = await desk.posts.save(
        upload, UploadState.WAITING, reason=WaitReason.COOLDOWN, intent_at=None
    )
    assert [row["held"] for row in await rows(desk, account_id=upload.account_id)] == [1]
    await desk.clock.advance(2 * 86_400)
    again = await desk.posts.save(waiting, UploadState.UPLOADING)
    await desk.posts.intend(again, sha256="x")
    (spent,) = await rows(desk, account_id=upload.account_id)
    assert spent["at"] == desk.clock.now().timestamp()


async def test_what_was_published_stays_spent_though_it_failed_later(desk: Desk) -> None:
    upload, _ = await desk.posts.intend(await begin(desk, "insta"), sha256="x")
    processing = await desk.posts.save(upload, UploadState.PROCESSING, intent_at=None)
    await desk.posts.save(processing, UploadState.FAILED)
    assert [row["held"] for row in await rows(desk, account_id=upload.account_id)] == [0]


async def test_a_refused_commit_gives_its_unit_back(desk: Desk) -> None:
    upload, _ = await desk.posts.intend(await begin(desk, "insta"), sha256="x")
    await desk.posts.save(upload, UploadState.FAILED, intent_at=None)
    assert await rows(desk, account_id=upload.account_id) == []


async def test_the_first_request_is_counted_before_it_goes_out(roomy: Desk) -> None:
    upload = await begin(roomy, "a")
    spent = await roomy.store.all(
        "quotas.events", scope=upload_place(upload).project_scope, since=0.0, upload_id=0
    )
    assert [(row["name"], row["held"]) for row in spent] == [("video_uploads", 0)]
    assert [row["held"] for row in await rows(roomy, account_id=upload.account_id)] == [1]


async def test_a_first_request_that_is_made_again_counts_again(roomy: Desk) -> None:
    upload = await begin(roomy, "a")
    again, lack = await roomy.posts.reserve(await roomy.posts.start(upload.id))
    assert lack is None
    third, lack = await roomy.posts.reserve(await roomy.posts.start(upload.id))
    assert lack is not None
    assert lack.rule.name == "video_uploads"
    assert third.state is UploadState.WAITING
    assert await rows(roomy, account_id=again.account_id) == []


async def test_a_later_request_of_the_beginning_may_be_the_counted_one(desk: Desk) -> None:
    upload = await begin(desk, "tik", counted=False)
    before = await rows(desk, account_id=upload.account_id, name="inits")
    await desk.posts.count_begin(upload)
    after = await rows(desk, account_id=upload.account_id, name="inits")
    assert [row["held"] for row in (*before, *after)] == [1, 0]


async def test_a_reservation_under_another_action_replaces_the_one_before(roomy: Desk) -> None:
    upload = await begin(roomy, "tik", counted=False)
    scope = upload_place(upload).account_scope
    for action, name in (("draft", "drafts"), ("publish", "posts"), ("draft", "drafts")):
        _, lack = await roomy.posts.reserve(upload, action=action, counted=False)
        assert lack is None
        held = await roomy.store.all("quotas.events", scope=scope, since=0.0, upload_id=0)
        assert sorted(row["name"] for row in held) == sorted(["inits", "per_channel_a_day", name])
    upload, _ = await roomy.posts.intend(upload, sha256="x")
    await roomy.posts.save(upload, UploadState.LIVE, intent_at=None)
    spent = await rows(roomy, account_id=upload.account_id)
    assert [(row["units"], row["held"]) for row in spent] == [(1, 0)]
    assert await rows(roomy, account_id=upload.account_id, name="posts") == []


async def test_a_draft_is_woken_by_a_draft_also_where_posts_are_used_up(
    store: SqliteStore, clock: ManualClock, engine: EmbeddedEngine
) -> None:
    limits = {"tiktok.posts": 1, "tiktok.drafts": 1}
    desk = await make_quota_desk(store, clock, engine, per_channel=50, limits=limits)
    await publish(desk, "tik")
    held = await begin(desk, "tik", action="draft", counted=False)
    post_waits = await begin(desk, "tik", counted=False, wait=True)
    draft_waits = await begin(desk, "tik", action="draft", counted=False, wait=True)
    assert {post_waits.reason, draft_waits.reason} == {WaitReason.QUOTA}
    held = await desk.posts.save(held, UploadState.UPLOADING)
    await desk.posts.save(held, UploadState.FAILED, error_kind="rejected")
    woken = await desk.posts.require_upload(draft_waits.id)
    assert woken.until_at == clock.now()
    assert (await desk.posts.require_upload(post_waits.id)).until_at == post_waits.until_at


async def test_accounts_of_one_application_share_and_others_do_not(roomy: Desk) -> None:
    await publish(roomy, "a")
    await publish(roomy, "b")
    assert (await begin(roomy, "a")).reason is WaitReason.QUOTA
    assert (await begin(roomy, "c")).state is UploadState.UPLOADING


async def test_a_retry_reserves_anew(desk: Desk) -> None:
    upload = await begin(desk, "insta")
    failed = await desk.posts.save(upload, UploadState.FAILED)
    assert await rows(desk, account_id=upload.account_id) == []
    await desk.posts.retry_upload(failed.id)
    _, lack = await desk.posts.reserve(await desk.posts.start(failed.id))
    assert lack is None
    assert len(await rows(desk, account_id=upload.account_id)) == 1


async def test_the_midnight_of_california_wakes_as_many_as_may_go(roomy: Desk) -> None:
    for _ in range(2):
        await publish(roomy, "a")
    waiting = [await begin(roomy, name) for name in ("a", "b", "a", "b", "a")]
    midnight = datetime(2026, 1, 2, 8, tzinfo=UTC)
    days = [midnight, midnight, midnight + DAY, midnight + DAY, midnight + 2 * DAY]
    assert [one.until_at for one in waiting] == days


async def test_a_cancelled_upload_hands_its_place_down(roomy: Desk) -> None:
    for _ in range(2):
        await publish(roomy, "a")
    waiting = [await begin(roomy, "b") for _ in range(3)]
    await roomy.posts.cancel_upload(waiting[0].id, by="person")
    await roomy.clock.advance((waiting[1].until_at - roomy.clock.now()).total_seconds())  # type: ignore[operator]
    taken, _ = await roomy.posts.reserve(await roomy.posts.start(waiting[1].id))
    assert taken.state is UploadState.UPLOADING
    woken = await roomy.posts.require_upload(waiting[2].id)
    assert woken.until_at == roomy.clock.now()


async def test_a_raised_limit_wakes_at_once(roomy: Desk) -> None:
    for _ in range(2):
        await publish(roomy, "a")
    waiting = [await begin(roomy, "b") for _ in range(3)]
    raised = RuleBook(limits={"youtube.video_uploads": 4})
    roomy.posts.quotas = Quotas(roomy.store, roomy.clock, raised)
    await roomy.posts.wake_quotas()
    times = [(await roomy.posts.require_upload(one.id)).until_at for one in waiting]
    now = roomy.clock.now()
    assert [at == now for at in times] == [True, True, False]


async def test_who_was_woken_is_not_overtaken_but_does_not_block_for_ever(roomy: Desk) -> None:
    for _ in range(2):
        await publish(roomy, "a")
    first = await begin(roomy, "b")
    assert first.until_at is not None
    await roomy.clock.advance((first.until_at - roomy.clock.now()).total_seconds())
    later = await begin(roomy, "a")
    assert later.state is UploadState.UPLOADING
    second = await begin(roomy, "a")
    assert second.until_at == first.until_at + DAY
    await roomy.clock.advance(3700)
    await roomy.posts.wake_quotas()
    assert (await roomy.posts.require_upload(second.id)).until_at == roomy.clock.now()


async def test_the_next_alarm_is_that_of_the_first_in_order(roomy: Desk) -> None:
    for _ in range(2):
        await publish(roomy, "a")
    first, second = await begin(roomy, "b"), await begin(roomy, "b")
    midnight = second.until_at
    assert midnight is not None
    # It was put off when a unit was missing that has come back since.
    late = midnight + timedelta(seconds=30)
    await roomy.posts.save(first, UploadState.WAITING, reason=WaitReason.QUOTA, until_at=late)
    await roomy.posts.wake_quotas()
    woken = await roomy.posts.require_upload(first.id)
    assert woken.until_at == midnight


# What platforms say


async def live(desk: Desk, name: str, *limits: LiveLimit) -> None:
    place = account_place(await account(desk, name))
    async with desk.store.transaction() as tx:
        await desk.posts.quotas.take_live(tx, place, limits)


async def test_units_that_others_spent_count_too(desk: Desk) -> None:
    await publish(desk, "insta")
    await live(desk, "insta", LiveLimit(name="posts", allowed=5, used=5))
    upload = await begin(desk, "insta")
    assert upload.reason is WaitReason.QUOTA
    assert upload.until_at == desk.clock.now() + timedelta(hours=1)
    await live(desk, "insta", LiveLimit(name="posts", allowed=5, used=4))
    await desk.posts.wake_quotas()
    taken, _ = await desk.posts.reserve(await desk.posts.start(upload.id))
    assert taken.state is UploadState.UPLOADING


async def test_our_own_units_are_not_counted_twice(desk: Desk) -> None:
    await publish(desk, "insta")
    await live(desk, "insta", LiveLimit(name="posts", allowed=3, used=1))
    await live(desk, "insta", LiveLimit(name="posts", allowed=3, used=1))
    state = {q.name: q for q in (await shown(desk, "insta")).quotas}["posts"]
    assert (state.used, state.limit, state.left) == (1, 3, 2)


async def shown(desk: Desk, name: str) -> AccountLimits:
    report = await desk.posts.quotas.report(UTC, size=10)
    return next(one for one in report.accounts if one.name == name)


async def test_the_platforms_number_replaces_one_that_we_only_read_about(desk: Desk) -> None:
    await live(desk, "insta", LiveLimit(name="posts", allowed=100, used=0))
    assert {q.name: q.limit for q in (await shown(desk, "insta")).quotas}["posts"] == 100


async def test_it_does_not_raise_what_a_person_set(
    store: SqliteStore, clock: ManualClock, engine: EmbeddedEngine
) -> None:
    desk = await make_quota_desk(store, clock, engine, limits={"instagram.posts": 9})
    await live(desk, "insta", LiveLimit(name="posts", allowed=100, used=0))
    assert {q.name: q.limit for q in (await shown(desk, "insta")).quotas}["posts"] == 9
    await live(desk, "insta", LiveLimit(name="posts", allowed=4, used=0))
    assert {q.name: q.limit for q in (await shown(desk, "insta")).quotas}["posts"] == 4


async def test_a_platform_that_asks_for_a_pause_gets_it(desk: Desk) -> None:
    wait = timedelta(minutes=30)
    await live(desk, "insta", LiveLimit(name="business_calls", allowed=100, used=100, wait=wait))
    upload = await begin(desk, "insta")
    assert upload.until_at == desk.clock.now() + wait
    assert (await shown(desk, "insta")).held_until == upload.until_at
    await desk.clock.advance(wait.total_seconds())
    taken, _ = await desk.posts.reserve(await desk.posts.start(upload.id))
    assert taken.state is UploadState.UPLOADING


async def test_a_refusal_for_a_quota_holds_all_that_share_it(roomy: Desk) -> None:
    upload = await begin(roomy, "a")
    refusal = RemoteError(
        kind=ErrorKind.QUOTA_EXHAUSTED, code="rateLimitExceeded", message="per day"
    )
    lack = await roomy.posts.exhausted(upload, refusal)
    assert lack.until_at == datetime(2026, 1, 2, 8, tzinfo=UTC)
    assert (await begin(roomy, "b")).until_at == lack.until_at
    assert (await begin(roomy, "c")).state is UploadState.UPLOADING
    assert await rows(roomy, account_id=upload.account_id) == []


async def test_a_refusal_that_nobody_knows_holds_the_account(roomy: Desk) -> None:
    upload = await begin(roomy, "a")
    refusal = RemoteError(
        kind=ErrorKind.QUOTA_EXHAUSTED,
        code="uploadLimitExceeded",
        message="",
        retry_after=timedelta(hours=6),
    )
    await roomy.posts.exhausted(upload, refusal)
    held = await begin(roomy, "a")
    assert held.until_at == roomy.clock.now() + timedelta(hours=6)
    assert (await begin(roomy, "b")).state is UploadState.UPLOADING


async def test_a_unit_of_a_later_step_is_kept_while_it_waits(desk: Desk) -> None:
    upload = await begin(desk, "insta")
    upload = await desk.posts.save(upload, session={"step": Step.COMMIT.value})
    refusal = RemoteError(kind=ErrorKind.QUOTA_EXHAUSTED, code="9/2207042", message="")
    await desk.posts.exhausted(upload, refusal)
    assert len(await rows(desk, account_id=upload.account_id)) == 1


# Other actions


async def test_operations_are_counted_in_the_hour(roomy: Desk) -> None:
    place = account_place(await account(roomy, "a"))
    quotas = roomy.posts.quotas
    for _ in range(3):
        async with roomy.store.transaction() as tx:
            await quotas.note(tx, place, Operation.EDIT)
    found = await roomy.store.all(
        "quotas.events", scope=place.project_scope, since=0.0, upload_id=0
    )
    assert [(row["name"], row["units"]) for row in found] == [("units", 153)]


async def test_an_action_without_room_says_until_when(
    store: SqliteStore, clock: ManualClock, engine: EmbeddedEngine
) -> None:
    desk = await make_quota_desk(store, clock, engine, limits={"youtube.units": 450})
    place = account_place(await account(desk, "a"))
    quotas = desk.posts.quotas
    async with store.transaction() as tx:
        assert await quotas.charge(tx, place, Operation.CAPTIONS) is None
        lack = await quotas.charge(tx, place, Operation.EDIT)
    assert lack is not None
    assert (lack.rule.name, lack.until_at) == ("units", datetime(2026, 1, 2, 8, tzinfo=UTC))
    assert await desk.posts.charge(await post(desk, "insta"), "status") is None


# Warnings


async def warnings(desk: Desk) -> list[tuple[int, Any]]:
    queued = await desk.posts.due_messages()
    return [(one.chat_id, one.facts) for one in queued if one.sentence == "quota_warning"]


async def test_a_warning_is_said_once_in_a_window_to_all_admins(
    store: SqliteStore, clock: ManualClock, engine: EmbeddedEngine
) -> None:
    desk = await make_quota_desk(store, clock, engine, per_channel=3, warn_percent=60)
    await publish(desk, "insta")
    assert await warnings(desk) == []
    await publish(desk, "insta")
    await publish(desk, "insta")
    said = await warnings(desk)
    assert [chat for chat, _ in said] == [1, 2]
    facts = said[0][1]
    assert (facts["used"], facts["limit"], facts["account"]) == (2, 3, "insta")
    await clock.advance(2 * 86_400)
    await publish(desk, "insta")
    await publish(desk, "insta")
    assert len(await warnings(desk)) == 4


async def test_the_warning_and_what_it_is_about_are_one_commit(
    store: SqliteStore, clock: ManualClock, engine: EmbeddedEngine
) -> None:
    desk = await make_quota_desk(store, clock, engine, per_channel=1)
    upload = await desk.posts.start((await post(desk, "insta")).id)
    with pytest.raises(RuntimeError):
        async with store.transaction() as tx:
            assert await desk.posts.quotas.reserve(tx, upload) is None
            raise RuntimeError
    assert await warnings(desk) == []
    assert await rows(desk, account_id=upload.account_id) == []
    await desk.posts.reserve(upload)
    assert len(await warnings(desk)) == 2


# For choices and lists


async def test_the_earliest_start_comes_after_all_that_waits(roomy: Desk) -> None:
    ids = [(await account(roomy, name)).id for name in ("a", "b", "c", "insta")]
    assert list((await roomy.posts.quotas.earliest(ids)).values()) == [None] * 4
    for _ in range(2):
        await publish(roomy, "a")
    await begin(roomy, "b")
    await begin(roomy, "b")
    found = await roomy.posts.quotas.earliest(ids)
    second = datetime(2026, 1, 3, 8, tzinfo=UTC)
    assert list(found.values()) == [second, second, None, None]


async def test_the_line_of_an_account_is_its_scarcest_quota(roomy: Desk) -> None:
    await publish(roomy, "a")
    line = await roomy.posts.quotas.line((await account(roomy, "a")).id)
    assert line is not None
    assert (line.name, line.used, line.limit, line.left) == ("video_uploads", 1, 2, 1)
    assert await roomy.posts.quotas.line(999) is None


async def test_other_accounts_of_a_group_can_take_the_rest(desk: Desk) -> None:
    group = await desk.groups.create("brand A")
    for name in ("a", "c"):
        await desk.groups.add(group.id, (await account(desk, name)).id)
    for _ in range(2):
        await publish(desk, "a")
    for _ in range(2):
        await begin(desk, "a")
    plan = (await shown(desk, "a")).forecast
    assert plan.queued == 2
    assert plan.spill is not None
    assert (plan.spill.account, plan.spill.count) == ("c", 2)
    assert plan.spill.done_at == desk.clock.now()
    assert (await shown(desk, "c")).forecast.spill is None


async def test_units_of_before_projects_go_to_the_project_of_their_account(roomy: Desk) -> None:
    upload = await begin(roomy, "a")
    place = upload_place(upload)
    async with roomy.store.transaction() as tx:
        await tx.run(
            "quotas.reserve",
            scope="project:youtube",
            name="video_uploads",
            action="publish",
            units=1,
            moment="begin",
            upload_id=upload.id,
            at=1.0,
        )
    await roomy.posts.quotas.open()
    found = await roomy.store.all(
        "quotas.events", scope=place.project_scope, since=0.0, upload_id=0
    )
    assert len(found) == 2


async def test_what_no_window_counts_is_forgotten(desk: Desk) -> None:
    upload = await publish(desk, "insta")
    await desk.clock.advance(4 * 86_400)
    await desk.posts.quotas.forget()
    assert await rows(desk, account_id=upload.account_id) == []


async def test_more_videos_come_after_all_that_wait_and_share_what_is_shared(
    roomy: Desk,
) -> None:
    accounts = {one.name: int(one.id) for one in await roomy.posts.accounts()}
    await publish(roomy, "a")
    soon = roomy.clock.now() + timedelta(minutes=1)
    counts = {accounts["a"]: 2, accounts["b"]: 2, accounts["c"]: 2}
    found = await roomy.posts.quotas.more(counts, soon)
    of_one = found[accounts["a"]].soon + found[accounts["b"]].soon
    assert of_one == 1
    assert (found[accounts["c"]].soon, found[accounts["c"]].count) == (2, 2)
    last = max(filter(None, (found[accounts[name]].last_at for name in "ab")))
    assert last > roomy.clock.now() + DAY


async def test_more_videos_for_an_account_that_is_not_there(roomy: Desk) -> None:
    (first, *_) = await roomy.posts.accounts()
    soon = roomy.clock.now()
    found = await roomy.posts.quotas.more({int(first.id): 1, 999: 1}, soon)
    assert list(found) == [first.id]
    assert (found[first.id].soon, found[first.id].last_at) == (1, soon)
