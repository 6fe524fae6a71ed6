from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from core.errors import RefusedError
from core.ports import TaskState
from core.posts.models import MediaFacts, PostState, UploadState, WaitReason
from core.store.sqlite import SqliteStore
from tests.clocks import ManualClock
from tests.factories import MIB, Desk, make_account, make_desk, make_incoming, make_rules
from workers.engine.embedded import EmbeddedEngine


async def live(desk: Desk, upload_id: int) -> None:
    upload = await desk.posts.start(upload_id)
    await desk.posts.save(upload, UploadState.PROCESSING)
    await desk.posts.save(upload, UploadState.LIVE, url="https://example.org/1")


async def test_accepting_commits_post_uploads_card_and_task_together(desk: Desk) -> None:
    outcome = await desk.intake.receive(make_incoming())
    assert outcome.status == "accepted"
    post = await desk.posts.require(1)
    assert post.state is PostState.ACCEPTED
    uploads = await desk.posts.uploads(1)
    assert [u.platform for u in uploads] == ["youtube", "telegram"]
    assert {u.reason for u in uploads} == {WaitReason.MEDIA}
    assert await desk.engine.state("ingest:1#1") is TaskState.READY
    assert [card.post_id for card in await desk.posts.due_cards()] == [1]


async def test_a_repeated_update_changes_nothing(desk: Desk) -> None:
    await desk.intake.receive(make_incoming(update_id=5))
    again = await desk.intake.receive(make_incoming(update_id=5))
    assert again.status == "duplicate_update"
    assert await desk.posts.count_open() == 1


async def test_targets_are_platforms_or_account_names(desk: Desk) -> None:
    await desk.intake.receive(make_incoming(caption="Hello\nto: my telegram"))
    assert [u.platform for u in await desk.posts.uploads(1)] == ["telegram"]


async def test_a_paused_account_that_is_left_out_is_named(
    store: SqliteStore, clock: ManualClock, engine: EmbeddedEngine
) -> None:
    accounts = [make_account("tiktok", name) for name in ("A", "B", "C")]
    desk = await make_desk(store, clock, engine, *accounts)
    group = await desk.groups.create("brand")
    for number in (1, 2, 3):
        await desk.groups.add(group.id, number)
    await desk.book.pause(2)
    for number, target in enumerate(("tiktok", "brand"), start=1):
        caption = f"Hello {number}\nto: {target}"
        incoming = make_incoming(caption=caption, update_id=number, fingerprint=f"t:{number}")
        await desk.intake.receive(incoming)
        first, second = await desk.posts.uploads(number)
        assert (first.account_name, second.account_name) == ("A", "C")
        assert first.choice == {"key": "choice_left_out", "facts": {"passed": ["B"]}}
        assert not second.choice


async def test_a_group_of_paused_accounts_is_refused(desk: Desk) -> None:
    group = await desk.groups.create("brand")
    await desk.groups.add(group.id, 1)
    await desk.book.pause(1)
    with pytest.raises(RefusedError, match="target_paused"):
        await desk.intake.receive(make_incoming(caption="Hello\nto: brand"))


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"facts": MediaFacts(size_bytes=0)}, "empty_file"),
        ({"facts": MediaFacts(size_bytes=21 * MIB)}, "too_big_for_cloud"),
        ({"caption": "x\nto: vimeo"}, "unknown_target"),
        ({"caption": "x\nto: tiktok"}, "no_account_there"),
        ({"caption": "x\nto: telegram\nprivacy: private"}, "privacy_not_offered"),
        ({"caption": "x\nto: telegram\nchannel: @other"}, "unknown_channel"),
    ],
)
async def test_what_cannot_work_is_refused_before_a_byte(
    desk: Desk, changes: dict[str, Any], key: str
) -> None:
    with pytest.raises(RefusedError) as refusal:
        await desk.intake.receive(make_incoming(**changes))
    assert refusal.value.key == key
    assert await desk.posts.count_open() == 0


async def test_without_accounts_it_says_so(
    store: SqliteStore, clock: ManualClock, engine: EmbeddedEngine
) -> None:
    desk = await make_desk(store, clock, engine, make_account("youtube"))
    await desk.book.adopt([])
    with pytest.raises(RefusedError, match="no_account"):
        await desk.intake.receive(make_incoming())


async def test_a_file_that_fits_nowhere_is_refused_with_each_reason(
    store: SqliteStore, clock: ManualClock, engine: EmbeddedEngine
) -> None:
    desk = await make_desk(store, clock, engine, make_account("facebook"))
    with pytest.raises(RefusedError) as refusal:
        await desk.intake.receive(
            make_incoming(facts=MediaFacts(size_bytes=MIB, duration_seconds=1.0))
        )
    assert refusal.value.key == "fits_nowhere"
    assert refusal.value.facts["reasons"]["Facebook"]["key"] == "too_short"


async def test_what_is_not_to_be_fitted_is_refused_where_it_does_not_fit(
    store: SqliteStore, clock: ManualClock, engine: EmbeddedEngine
) -> None:
    desk = await make_desk(store, clock, engine, make_account("facebook"))
    facts = MediaFacts(size_bytes=MIB, duration_seconds=1000.0)
    with pytest.raises(RefusedError) as refusal:
        await desk.intake.receive(make_incoming(facts=facts, caption="The sea\nfit: off"))
    assert refusal.value.facts["reasons"]["Facebook"]["key"] == "too_long"


async def test_a_full_disk_refuses(desk: Desk) -> None:
    async def full(size: int) -> None:
        raise RefusedError("disk_full", size_bytes=size)

    desk.intake.rules = make_rules(full)
    with pytest.raises(RefusedError, match="disk_full"):
        await desk.intake.receive(make_incoming())


async def test_without_a_caption_it_asks_and_the_answer_accepts(desk: Desk) -> None:
    asked = await desk.intake.receive(make_incoming(caption=""))
    assert asked.status == "asked"
    message = (await desk.posts.due_messages())[0]
    assert message.sentence == "ask_caption"
    outcome = await desk.intake.answer(1, "The sea", update_id=2)
    assert outcome.status == "accepted"
    assert (await desk.posts.require(1)).wish.prompt == "The sea"


async def test_nocaption_takes_the_words_of_the_file_name(desk: Desk) -> None:
    await desk.intake.receive(make_incoming(caption="", filename="day_at-sea.mp4"))
    await desk.intake.choose(1, "nocaption")
    assert (await desk.posts.require(1)).wish.prompt == "day at sea"


async def test_the_same_file_again_asks_first(desk: Desk) -> None:
    await desk.intake.receive(make_incoming(update_id=1))
    await live(desk, 1)
    asked = await desk.intake.receive(make_incoming(update_id=2))
    assert asked.status == "asked"
    message = (await desk.posts.due_messages())[0]
    assert message.sentence == "ask_duplicate"
    places = message.facts["places"]
    assert [place["live"] for place in places] == [True, False]
    assert places[0]["url"] == "https://example.org/1"


async def test_again_publishes_a_copy_and_only_that(desk: Desk) -> None:
    await desk.intake.receive(make_incoming(update_id=1))
    await desk.intake.receive(make_incoming(update_id=2))
    assert (await desk.intake.choose(2, "again")).status == "accepted"
    assert [u.copy for u in await desk.posts.uploads(2)] == [1, 1]
    with pytest.raises(RefusedError, match="already_final"):
        await desk.intake.choose(2, "again")


async def test_skip_publishes_only_where_it_is_not(desk: Desk) -> None:
    await desk.intake.receive(make_incoming(update_id=1, caption="x\nto: youtube"))
    await desk.intake.receive(make_incoming(update_id=2))
    await desk.intake.choose(2, "skip")
    assert [u.platform for u in await desk.posts.uploads(2)] == ["telegram"]


async def test_an_album_shares_its_caption_once_it_is_quiet(desk: Desk) -> None:
    for number, caption in enumerate(["", "Two of them", ""], start=1):
        outcome = await desk.intake.receive(
            make_incoming(
                update_id=number,
                message_id=number,
                caption=caption,
                album="g1",
                fingerprint=f"telegram:{number}",
            )
        )
        assert outcome.status == "collecting"
    outcomes = await desk.intake.finish_album(1001, "g1")
    assert [outcome.status for outcome in outcomes] == ["accepted"] * 3
    assert {(await desk.posts.require(n)).wish.prompt for n in (1, 2, 3)} == {"Two of them"}
    assert await desk.intake.finish_album(1001, "g1") == []


async def test_a_time_is_kept_by_the_platform_where_it_can(desk: Desk) -> None:
    await desk.intake.receive(make_incoming(caption="x\nat: 18:30"))
    youtube, telegram = await desk.posts.uploads(1)
    assert (youtube.reason, youtube.until_at) == (WaitReason.MEDIA, None)
    assert telegram.reason is WaitReason.TIME
    assert telegram.until_at == telegram.not_before == datetime(2026, 1, 1, 18, 30, tzinfo=UTC)
    assert await desk.engine.state("ingest:1#1") is TaskState.READY


async def test_a_time_keeps_the_ingest_for_later(desk: Desk) -> None:
    await desk.intake.receive(make_incoming(caption="x\nto: telegram\nat: 18:30"))
    upload = (await desk.posts.uploads(1))[0]
    assert upload.reason is WaitReason.TIME
    assert upload.until_at is not None
    assert upload.until_at.hour == 18
    assert await desk.engine.state("ingest:1#1") is TaskState.LATER
