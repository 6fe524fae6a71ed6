from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.chat.card import TEXT_LIMIT, Scene, render_card
from bot.chat.keyboards import markup
from bot.chat.texts import human
from core.posts.models import (
    AccountId,
    MediaFacts,
    Post,
    PostId,
    PostState,
    PostText,
    Upload,
    UploadId,
    UploadState,
    WaitReason,
    Wish,
)
from core.progress import Progress
from tests.clocks import ManualClock

NOW = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)
MIB = 1024 * 1024


def make_post(**changes: Any) -> Post:
    post = Post(
        id=PostId(17),
        state=PostState.PUBLISHING,
        chat_id=1,
        user_id=1,
        message_id=1,
        source={},
        wish=Wish(prompt="A day at the sea"),
        facts=MediaFacts(),
        text=None,
        fingerprint="f",
        sha256="",
        fetched_bytes=0,
        source_version="",
        priority=0,
        generation=1,
        album="",
        question="",
        note="",
        until_at=None,
        created_at=NOW,
        finished_at=None,
    )
    return replace(post, **changes)


def make_upload(**changes: Any) -> Upload:
    upload = Upload(
        id=UploadId(5),
        post_id=PostId(17),
        account_id=AccountId(1),
        platform="youtube",
        account_name="Sea films",
        state=UploadState.WAITING,
        reason=WaitReason.MEDIA,
        until_at=None,
        fence=1,
        generation=1,
        copy=0,
        session={},
        size_bytes=10 * MIB,
        confirmed_bytes=0,
        resumed_from=0,
        attempts=0,
        intent_at=None,
        remote_id="",
        url="",
        visibility="",
        error_kind="",
        error_text="",
        error_code="",
        bytes_sent=0,
        stop_wanted=False,
        started_at=None,
        finished_at=None,
    )
    return replace(upload, **changes)


@pytest.fixture
def progress(clock: ManualClock) -> Progress:
    return Progress(clock)


def draw(
    progress: Progress, *uploads: Upload, post: Post | None = None, first: bool = False
) -> str:
    return render(progress, *uploads, post=post, first=first)[0]


def render(
    progress: Progress, *uploads: Upload, post: Post | None = None, first: bool = False
) -> tuple[str, list[str]]:
    scene = Scene(
        post=post or make_post(),
        uploads=uploads,
        progress=progress,
        now=NOW,
        zone=UTC,
        first=first,
    )
    card = render_card(scene)
    return card.text, [button.data for row in card.rows for button in row]


@pytest.mark.parametrize("state", list(PostState))
def test_the_first_card_always_says_accepted(progress: Progress, state: PostState) -> None:
    assert "Accepted" in draw(progress, make_upload(), post=make_post(state=state), first=True)


@pytest.mark.parametrize("reason", list(WaitReason))
def test_every_wait_is_named_with_its_end(progress: Progress, reason: WaitReason) -> None:
    until = NOW + timedelta(hours=2)
    text = draw(progress, make_upload(reason=reason, until_at=until))
    assert "YouTube · Sea films" in text
    timed = {WaitReason.TIME, WaitReason.QUOTA, WaitReason.COOLDOWN, WaitReason.RETRY}
    assert ("14:00" in text) is (reason in timed | {WaitReason.DISK})


def test_an_upload_shows_percent_speed_and_time_left(
    progress: Progress, clock: ManualClock
) -> None:
    for second in range(4):
        progress.update(5, 2 * MIB * second, 10 * MIB, at=float(second))
    clock._elapsed = 3.0
    text = draw(progress, make_upload(state=UploadState.UPLOADING))
    assert "uploading 60 % · 2 MB/s · 2 s left" in text


def test_without_live_numbers_the_confirmed_ones_are_shown(progress: Progress) -> None:
    upload = make_upload(
        state=UploadState.UPLOADING, confirmed_bytes=7 * MIB, resumed_from=6 * MIB
    )
    assert "uploading 70 % (resumed at 60 %)" in draw(progress, upload)


def test_fetching_is_shown(progress: Progress, clock: ManualClock) -> None:
    for second in range(2):
        progress.update(("post", 17), 5 * MIB * second, 20 * MIB, at=float(second))
    clock._elapsed = 1.0
    assert "Fetching 25 % of 20 MB · 5 MB/s · 3 s left" in draw(progress)


def test_fetching_without_a_known_size_is_shown(progress: Progress) -> None:
    progress.update(("post", 17), 5 * MIB, None)
    assert "Fetching, 5 MB so far" in draw(progress)


def test_a_source_that_is_down_is_explained(progress: Progress) -> None:
    post = make_post(note="source_unavailable", until_at=NOW + timedelta(hours=1))
    assert "the server does not answer, looks again at 13:00" in draw(progress, post=post)


def test_processing_tells_how_far_the_platform_is(progress: Progress) -> None:
    upload = make_upload(state=UploadState.PROCESSING, session={"progress": 0.4})
    assert "uploaded, YouTube is processing it 40 %" in draw(progress, upload)


@pytest.mark.parametrize(
    ("visibility", "said"),
    [
        ("public", "live</a>, public"),
        ("private", "only you see it"),
        ("draft", "as a draft"),
        ("odd", "live</a>, odd"),
        ("", "live</a>"),
    ],
)
def test_live_says_who_can_see_it(progress: Progress, visibility: str, said: str) -> None:
    upload = make_upload(
        state=UploadState.LIVE, url="https://y.org/?a=1&b=2", visibility=visibility
    )
    text = draw(progress, upload)
    assert said in text
    assert 'href="https://y.org/?a=1&amp;b=2"' in text


def test_what_a_platform_shows_later_is_not_called_live(progress: Progress) -> None:
    post = make_post(state=PostState.DONE, wish=Wish(publish_at=NOW + timedelta(hours=3)))
    later = make_upload(
        platform="facebook", state=UploadState.LIVE, visibility="scheduled", url="https://x"
    )
    text = draw(progress, later, post=post)
    assert "goes public at its time" in text
    assert "Facebook · Sea films: uploaded; Facebook makes it public at 15:00" in text
    assert "live" not in text.lower()
    due = draw(progress, later, post=replace(post, wish=Wish(publish_at=NOW)))
    assert "Live everywhere" in due
    assert "scheduled" not in due


@pytest.mark.parametrize(
    ("visibility", "said"),
    [("removed", "Removed, but not everywhere"), ("gone", "Live, but not everywhere")],
)
def test_the_head_tells_that_a_part_is_not_there_any_more(
    progress: Progress, visibility: str, said: str
) -> None:
    post = make_post(state=PostState.DONE)
    live = make_upload(state=UploadState.LIVE)
    text, data = render(progress, live, replace(live, visibility=visibility), post=post)
    assert said in text
    assert data == ["lp1:ask:17"]


def test_what_no_bot_can_remove_has_no_button_for_it(progress: Progress) -> None:
    live = make_upload(platform="tiktok", state=UploadState.LIVE)
    assert render(progress, live, post=make_post(state=PostState.DONE))[1] == []


def test_who_is_paused_and_left_out_is_named(progress: Progress) -> None:
    choice = {"key": "choice_left_out", "facts": {"passed": ["B", "C"]}}
    upload = make_upload(choice=choice)
    assert "↳ B, C: paused and left out" in draw(progress, upload)


def test_a_failure_says_why_and_offers_a_retry(progress: Progress) -> None:
    upload = make_upload(
        state=UploadState.FAILED, error_kind="rejected", error_text="title <too> long."
    )
    text, buttons = render(progress, upload, post=make_post(state=PostState.FAILED))
    assert "YouTube refused it: title &lt;too&gt; long. Change that" in text
    assert buttons == ["p1:retry:17"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"error_code": "fit.too_big", "error_text": '{"actual": 5242880, "limit": 1048576}'},
            "The file has 5 MB, YouTube takes up to 1 MB",
        ),
        ({"error_code": "fit.new", "error_text": "no JSON"}, "does not fit YouTube (new)"),
        ({"error_code": "source_gone"}, "could not be fetched: it is not there any more"),
        ({"error_code": "duplicate", "error_text": "post 3"}, "there already: post 3"),
        ({"error_text": "x" * 500}, "x" * 199 + "…"),
    ],
)
def test_errors_in_words(progress: Progress, changes: dict[str, str], said: str) -> None:
    upload = make_upload(state=UploadState.FAILED, **{"error_kind": "rejected", **changes})
    assert said in draw(progress, upload)


def test_an_unknown_outcome_is_a_question_with_two_buttons(progress: Progress) -> None:
    upload = make_upload(platform="telegram", state=UploadState.UNKNOWN, reason=WaitReason.PERSON)
    text, buttons = render(progress, upload)
    assert "is it published?" in text
    assert buttons == ["u1:live:5", "u1:resend:5"]


def test_an_unknown_outcome_that_is_being_asked_has_no_buttons(progress: Progress) -> None:
    upload = make_upload(
        state=UploadState.UNKNOWN, reason=WaitReason.PLATFORM, until_at=NOW + timedelta(hours=1)
    )
    text, buttons = render(progress, upload)
    assert "asking YouTube again (13:00)" in text
    assert buttons == []


def test_a_wanted_stop_is_shown(progress: Progress) -> None:
    upload = make_upload(state=UploadState.UPLOADING, stop_wanted=True)
    assert "is being cancelled" in draw(progress, upload)


@pytest.mark.parametrize("note", ["ai_no_key", "ai_slow", "ai_error", "ai_junk"])
def test_a_fallback_of_the_ai_is_told(progress: Progress, note: str) -> None:
    words = PostText(title="Sea", description="Sea", by="fallback", note=note)
    text = draw(progress, post=make_post(text=words))
    assert "made from your caption: " in text
    assert note not in text


def test_foreign_text_cannot_become_markup(progress: Progress) -> None:
    evil = '<b>&"</b><a href="https://e.org">'
    post = make_post(wish=Wish(prompt=evil), text=PostText(title=evil, description="x"))
    text = draw(
        progress,
        make_upload(account_name=evil, url=evil, state=UploadState.LIVE, visibility=evil),
        post=post,
    )
    assert "<b>&" not in text
    assert text.count("<a href=") == 1


def test_a_card_of_a_hundred_accounts_keeps_the_limits(progress: Progress) -> None:
    uploads = [
        make_upload(
            id=UploadId(number),
            account_name="😀 & " * 15,
            state=UploadState.UNKNOWN,
            reason=WaitReason.PERSON,
        )
        for number in range(100)
    ]
    scene = Scene(post=make_post(), uploads=uploads, progress=progress, now=NOW, zone=UTC)
    card = render_card(scene)
    assert human.visible_length(card.text) <= TEXT_LIMIT
    assert "more: /post 17" in card.text
    keyboard = markup(card.rows)
    assert keyboard is not None
    assert len(keyboard.inline_keyboard) == 10


def test_the_digest_changes_with_text_and_buttons_only(progress: Progress) -> None:
    scene = Scene(post=make_post(), uploads=[make_upload()], progress=progress, now=NOW, zone=UTC)
    same = render_card(replace(scene, now=NOW + timedelta(seconds=1)))
    other = render_card(replace(scene, uploads=[make_upload(reason=WaitReason.TURN)]))
    assert render_card(scene).digest == same.digest != other.digest
