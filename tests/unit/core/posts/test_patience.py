from __future__ import annotations

from datetime import timedelta

import pytest

from core.errors import RefusedError
from core.posts.causes import NOBODY_DECIDED
from core.posts.intake import Outcome
from core.posts.models import PostState, UploadState, WaitReason
from core.posts.notices import OutboxMessage
from core.posts.patience import Patience, PatienceRule
from core.posts.questions import Kind, Questions
from core.store.sqlite import SqliteStore
from tests.factories import Desk, make_account, make_incoming
from tests.letters_kit import RULE, execute, lose, make_patience, make_post

HOUR = 3600.0
DAY = 24 * HOUR


@pytest.fixture
def patience(desk: Desk) -> Patience:
    return make_patience(desk)


async def ask(desk: Desk, number: int = 1, **changes: object) -> Outcome:
    """Send a video without a caption: its sender is asked for one."""
    values = {"fingerprint": f"telegram:{number}", "update_id": None, "caption": "", **changes}
    return await desk.intake.receive(make_incoming(**values))


async def said(desk: Desk, sentence: str) -> list[OutboxMessage]:
    return [one for one in await desk.posts.due_messages() if one.sentence == sentence]


async def pass_hours(desk: Desk, patience: Patience, hours: int) -> None:
    """Let time pass and look as often as the bot does, as far as it matters."""
    await patience.look()
    for _ in range(hours):
        await desk.clock.advance(HOUR)
        await patience.look()


async def test_a_question_is_said_again_once(desk: Desk, patience: Patience) -> None:
    await ask(desk)
    await pass_hours(desk, patience, 23)
    assert await said(desk, "waiting_reminder") == []
    await pass_hours(desk, patience, 30)
    (told,) = await said(desk, "waiting_reminder")
    assert (told.chat_id, told.facts["count"]) == (1001, 1)
    assert told.facts["items"][0]["detail"] == "caption"


async def test_several_questions_of_a_chat_are_one_reminder(
    desk: Desk, patience: Patience
) -> None:
    for number in range(1, 6):
        await ask(desk, number)
    await ask(desk, 6, chat_id=2002, user_id=2002)
    await pass_hours(desk, patience, 13)
    await ask(desk, 7)
    await pass_hours(desk, patience, 11)
    counts = {one.chat_id: one.facts["count"] for one in await said(desk, "waiting_reminder")}
    assert counts == {1001: 5, 2002: 1}


async def test_a_restart_between_reminder_and_end_changes_nothing(
    desk: Desk, patience: Patience
) -> None:
    await ask(desk)
    await pass_hours(desk, patience, 25)
    again = make_patience(desk)
    await pass_hours(desk, again, 46)
    assert (await desk.posts.require(1)).state is PostState.DRAFT
    await pass_hours(desk, make_patience(desk), 1)
    assert (await desk.posts.require(1)).state is PostState.CANCELLED
    assert len(await said(desk, "waiting_reminder")) == 1
    assert len(await said(desk, "waiting_expired")) == 1


async def test_after_a_long_absence_the_reminder_comes_before_the_end(
    desk: Desk, patience: Patience
) -> None:
    await ask(desk)
    await patience.look()
    await desk.clock.advance(30 * DAY)
    await patience.look()
    assert (await desk.posts.require(1)).state is PostState.DRAFT
    assert len(await said(desk, "waiting_reminder")) == 1
    await pass_hours(desk, patience, 47)
    assert (await desk.posts.require(1)).state is PostState.DRAFT
    await pass_hours(desk, patience, 1)
    assert (await desk.posts.require(1)).state is PostState.CANCELLED


async def test_a_clock_that_is_set_back_neither_ends_nor_blocks_anything(
    desk: Desk, patience: Patience
) -> None:
    await ask(desk)
    await pass_hours(desk, patience, 23)
    desk.clock._start -= timedelta(days=365)
    await pass_hours(desk, patience, 23)
    assert await said(desk, "waiting_reminder") == []
    await pass_hours(desk, patience, 1)
    assert len(await said(desk, "waiting_reminder")) == 1


async def test_an_answer_ends_the_waiting(desk: Desk, patience: Patience) -> None:
    await ask(desk)
    await pass_hours(desk, patience, 20)
    await desk.intake.choose(1, "nocaption")
    await pass_hours(desk, patience, 80)
    assert await said(desk, "waiting_reminder") == []
    assert (await desk.posts.require(1)).state is PostState.ACCEPTED


async def test_another_question_about_the_same_video_has_its_own_time(
    desk: Desk, patience: Patience
) -> None:
    await make_post(desk, 1)
    await ask(desk, 1)
    await pass_hours(desk, patience, 20)
    await desk.intake.answer(2, "The sea", update_id=None)
    assert (await desk.posts.require(2)).question == "duplicate"
    await pass_hours(desk, patience, 20)
    assert await said(desk, "waiting_reminder") == []


async def test_all_of_an_album_is_one_question_and_ends_together(
    desk: Desk, patience: Patience
) -> None:
    for number in (1, 2, 3):
        await ask(desk, number, album="a")
    await desk.intake.finish_album(1001, "a")
    await pass_hours(desk, patience, 72)
    (told,) = await said(desk, "waiting_expired")
    assert told.facts["count"] == 1
    states = {(await desk.posts.require(number)).state for number in (1, 2, 3)}
    assert states == {PostState.CANCELLED}


async def test_nothing_is_sent_again_when_nobody_decides(desk: Desk, patience: Patience) -> None:
    await make_post(desk, 1)
    await lose(desk, 1)
    await pass_hours(desk, patience, 72)
    upload = await desk.posts.require_upload(1)
    assert (upload.state, upload.error_code) == (UploadState.FAILED, NOBODY_DECIDED)
    with pytest.raises(RefusedError, match="undecided"):
        await desk.posts.retry_upload(1)
    asked = await desk.intake.receive(make_incoming(fingerprint="telegram:1", update_id=None))
    assert asked.status == "asked"


@pytest.mark.parametrize(
    ("is_live", "state"), [(True, UploadState.LIVE), (False, UploadState.WAITING)]
)
async def test_a_person_can_still_decide_later(
    desk: Desk, patience: Patience, is_live: bool, state: UploadState
) -> None:
    await make_post(desk, 1)
    await lose(desk, 1)
    await pass_hours(desk, patience, 72)
    await desk.posts.decide(1, is_live=is_live)
    assert (await desk.posts.require_upload(1)).state is state
    with pytest.raises(RefusedError, match="not_unknown"):
        await desk.posts.decide(1, is_live=True)
    taken = await desk.posts.save(await desk.posts.start(2), UploadState.LIVE)
    assert taken.state is UploadState.LIVE
    expected = PostState.DONE if is_live else PostState.PUBLISHING
    assert (await desk.posts.require(1)).state in {expected, PostState.ACCEPTED}


async def test_a_target_whose_question_nobody_answers_is_left_out(
    desk: Desk, patience: Patience
) -> None:
    await make_post(desk, 1)
    await desk.posts.save(
        await desk.posts.start(1),
        UploadState.WAITING,
        reason=WaitReason.PERSON,
        error_code="fit",
        fit={"findings": []},
    )
    await pass_hours(desk, patience, 72)
    states = [upload.state for upload in await desk.posts.uploads(1)]
    assert states == [UploadState.CANCELLED, UploadState.WAITING]


async def test_an_account_is_reminded_of_once_and_never_given_up(
    desk: Desk, patience: Patience
) -> None:
    await desk.book.need_reconnect(1, "token revoked")
    await pass_hours(desk, make_patience(desk, admins=(1, 2)), 24 * 5)
    told = await said(desk, "waiting_reminder")
    assert sorted(one.chat_id for one in told) == [1, 2]
    assert await said(desk, "waiting_expired") == []
    account = await desk.book.get(1)
    assert account is not None
    assert account.state == "reconnect"
    assert (await Questions(desk.posts, desk.store).open())[0].kind is Kind.ACCOUNT


async def test_what_is_ready_stays_hidden_when_nobody_gives_the_word(
    desk: Desk, patience: Patience
) -> None:
    await make_post(desk, 1, caption="The sea\ntogether: yes")
    await desk.posts.save(await desk.posts.start(1), UploadState.FAILED, error_kind="rejected")
    second = await desk.posts.save(await desk.posts.start(2), UploadState.UPLOADING)
    await desk.posts.stage(second)
    assert [one.kind for one in await Questions(desk.posts, desk.store).open()] == [Kind.TOGETHER]
    await pass_hours(desk, patience, 72)
    assert (await desk.posts.require(1)).wish.options["together"] == "stay"


async def test_a_list_that_nobody_confirms_is_left(
    store: SqliteStore, desk: Desk, patience: Patience
) -> None:
    await execute(
        store,
        "INSERT INTO batches (id, chat_id, user_id, kind, name, digest, state, created_at) "
        "VALUES (3, 1001, 1001, 'csv', 'May', 'd', 'asked', 0)",
    )
    await pass_hours(desk, patience, 72)
    (told,) = await said(desk, "waiting_expired")
    assert (told.facts["items"][0]["kind"], told.facts["items"][0]["title"]) == ("batch", "May")
    row = await store.one("questions.batch", id=3)
    assert row is not None
    assert row["state"] == "left"


async def test_zero_hours_mean_never(desk: Desk) -> None:
    await ask(desk)
    patience = make_patience(desk, PatienceRule.of(0, 0))
    await pass_hours(desk, patience, 24 * 8)
    assert (await desk.posts.require(1)).state is PostState.DRAFT
    assert await said(desk, "waiting_reminder") == []


async def test_without_reminders_the_end_comes_at_its_time(desk: Desk) -> None:
    await ask(desk)
    patience = make_patience(desk, PatienceRule(remind=None, expire=RULE.expire))
    await pass_hours(desk, patience, 72)
    assert (await desk.posts.require(1)).state is PostState.CANCELLED


async def test_an_end_that_was_cut_off_is_done_and_told_once(
    desk: Desk, patience: Patience, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ask(desk)
    await pass_hours(desk, patience, 71)

    async def dies(*args: object, **facts: object) -> bool:
        raise ConnectionError(args, facts)

    await desk.clock.advance(HOUR)
    with monkeypatch.context() as patch, pytest.raises(ConnectionError):
        patch.setattr(desk.posts, "cancel_draft", dies)
        await patience.look()
    await make_patience(desk).look()
    await make_patience(desk).look()
    assert (await desk.posts.require(1)).state is PostState.CANCELLED
    assert len(await said(desk, "waiting_expired")) == 1


async def test_only_ones_own_questions_are_listed(desk: Desk) -> None:
    await ask(desk, 1)
    await ask(desk, 2, chat_id=2002, user_id=2002)
    await desk.book.add(make_account("tiktok"))
    questions = Questions(desk.posts, desk.store)
    assert [one.ref for one in await questions.open(2002)] == [2]
    assert len(await questions.open()) == 2
