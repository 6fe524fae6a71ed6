from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.errors import ErrorKind, RemoteError
from core.platforms.base import FittedText, Operation, Session, StageBy, Step, Work
from core.platforms.telegram import CAPABILITIES, CLOUD_MAX, LOCAL_MAX, PLATFORM, message_url
from core.posts.models import MediaFacts
from tests.platform_cases import SIZE, TOKENS, answer, make_job, session_at, telegram_error
from utils.http import Response, Span

JOB = make_job("telegram")
WHOLE = Span(start=0, end=SIZE)


def test_sends_one_multipart_request_with_all_that_players_need() -> None:
    request = PLATFORM.build_part(
        session_at("telegram", Step.PARTS), replace(JOB, thumbnail=b"jpeg"), WHOLE
    )
    assert request.url == f"http://telegram.test/bot{TOKENS['telegram']}/sendVideo"
    assert request.form == {
        "chat_id": "-1001234567890",
        "supports_streaming": "true",
        "caption": "Words #x",
        "parse_mode": "HTML",
        "width": "1080",
        "height": "1920",
        "duration": "20",
    }
    assert request.file is not None
    assert request.file.name == "video"
    assert request.span == WHOLE
    assert [(part.name, data) for part, data in request.attachments] == [("thumbnail", b"jpeg")]


def test_escapes_the_caption_and_leaves_out_an_empty_one() -> None:
    session = session_at("telegram", Step.PARTS)
    text = FittedText(title="", description="1 < 2 & “<b>”")
    form = PLATFORM.build_part(session, replace(JOB, text=text), WHOLE).form
    assert form is not None
    assert form["caption"] == "1 &lt; 2 &amp; “&lt;b&gt;”"
    empty = replace(JOB, text=FittedText(title="", description=""))
    form = PLATFORM.build_part(session, empty, WHOLE).form
    assert form is not None
    assert "caption" not in form


def test_turns_the_sides_of_a_rotated_video() -> None:
    facts = MediaFacts(width=1920, height=1080, rotation=-90)
    form = PLATFORM.build_part(
        session_at("telegram", Step.PARTS), replace(JOB, facts=facts), WHOLE
    ).form
    assert form is not None
    assert (form["width"], form["height"]) == ("1080", "1920")
    assert "duration" not in form


@pytest.mark.parametrize(
    ("chat", "username", "url"),
    [
        ("-1001234567890", "news", "https://t.me/news/9"),
        ("@news", "", "https://t.me/news/9"),
        ("-1001234567890", "", "https://t.me/c/1234567890/9"),
    ],
)
def test_links_to_public_and_private_channels(chat: str, username: str, url: str) -> None:
    assert message_url(chat, username, "9") == url


def test_a_private_channel_is_not_called_public() -> None:
    response = answer({"ok": True, "result": {"message_id": 9, "chat": {"id": -1001234567890}}})
    session = PLATFORM.read_part(session_at("telegram", Step.PARTS), JOB, WHOLE, response)
    assert (session.step, session.visibility) == (Step.DONE, "members")
    assert session.url == "https://t.me/c/1234567890/9"


def test_remembers_the_channels_name_from_the_opening() -> None:
    opened = PLATFORM.read_begin(
        Session(), JOB, answer({"ok": True, "result": {"id": 1, "username": "news"}})
    )
    response = answer({"ok": True, "result": {"message_id": 9}})
    assert PLATFORM.read_part(opened, JOB, WHOLE, response).url == "https://t.me/news/9"


def test_an_own_server_takes_larger_files() -> None:
    assert PLATFORM.media_limits({}).max_bytes == CLOUD_MAX
    assert PLATFORM.media_limits({"local": "true"}).max_bytes == LOCAL_MAX


def test_a_moved_group_is_named() -> None:
    response = telegram_error(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-5)
    with pytest.raises(Exception, match="id -5"):
        PLATFORM.read_part(session_at("telegram", Step.PARTS), JOB, WHOLE, response)


# After publishing


def work(operation: Operation, **changes: Any) -> Work:
    return Work(operation=operation, media_id="42", **changes)


EDIT = work(Operation.EDIT, changes={"title": "1 < 2", "description": "Words", "tags": ["a"]})


def operate(begun: Work, response: Response) -> Work:
    return PLATFORM.read_operation(begun, JOB, response)


def refused(begun: Work, response: Response) -> RemoteError:
    with pytest.raises(RemoteError) as caught:
        operate(begun, response)
    return caught.value


def test_only_words_can_be_changed_and_messages_removed() -> None:
    assert set(CAPABILITIES.operations) == {Operation.EDIT, Operation.DELETE}
    assert CAPABILITIES.stage is StageBy.LAST_PART
    with pytest.raises(AssertionError):
        PLATFORM.build_operation(work(Operation.CHECK), JOB)


def test_an_edit_sends_the_escaped_caption() -> None:
    request = PLATFORM.build_operation(EDIT, JOB)
    assert request.url == f"http://telegram.test/bot{TOKENS['telegram']}/editMessageCaption"
    assert request.form == {
        "chat_id": "-1001234567890",
        "message_id": "42",
        "caption": "1 &lt; 2\n\nWords\n\n#a",
        "parse_mode": "HTML",
    }
    done = operate(EDIT, answer({"ok": True, "result": {"message_id": 42}}))
    assert (done.done, done.facts) == (True, {"description": "1 < 2\n\nWords\n\n#a"})


def test_an_edit_to_no_words_leaves_the_field_out() -> None:
    request = PLATFORM.build_operation(work(Operation.EDIT, changes={"description": ""}), JOB)
    assert request.form == {"chat_id": "-1001234567890", "message_id": "42"}


def test_an_edit_that_changes_nothing_has_come_true() -> None:
    text = (
        "Bad Request: message is not modified: specified new message content and reply markup "
        "are exactly the same as a current content and reply markup of the message"
    )
    assert operate(EDIT, telegram_error(400, text)).done


@pytest.mark.parametrize(
    "response",
    [
        answer({"ok": True, "result": True}),
        telegram_error(400, "Bad Request: message to delete not found"),
    ],
)
def test_removal_ends_well_also_when_somebody_was_first(response: Response) -> None:
    request = PLATFORM.build_operation(work(Operation.DELETE), JOB)
    assert request.url.endswith("/deleteMessage")
    assert request.form == {"chat_id": "-1001234567890", "message_id": "42"}
    done = operate(work(Operation.DELETE), response)
    assert (done.done, done.facts) == (True, {"there": False})


def test_what_is_gone_cannot_be_edited() -> None:
    error = refused(EDIT, telegram_error(400, "Bad Request: message to edit not found"))
    assert (error.kind, error.code) == (ErrorKind.REJECTED, "gone")


@pytest.mark.parametrize(
    ("begun", "description", "code"),
    [
        (work(Operation.DELETE), "Bad Request: message can't be deleted", "locked"),
        (EDIT, "Bad Request: message can't be edited", "400"),
        (EDIT, "Bad Request: not enough rights to edit the message", "missing_scope"),
    ],
)
def test_refusals_are_told_and_the_account_stays(begun: Work, description: str, code: str) -> None:
    error = refused(begun, telegram_error(400, description))
    assert (error.kind, error.code) == (ErrorKind.REJECTED, code)


def test_a_limit_names_its_wait_and_a_kicked_bot_needs_its_owner() -> None:
    limited = refused(EDIT, telegram_error(429, "Too Many Requests", retry_after=7))
    assert limited.kind is ErrorKind.RATE_LIMITED
    assert limited.retry_after == timedelta(seconds=7)
    kicked = telegram_error(403, "Forbidden: bot was kicked from the channel chat")
    assert refused(work(Operation.DELETE), kicked).kind is ErrorKind.AUTH_REVOKED
    assert refused(EDIT, answer(b"<html>502</html>", 502)).kind is ErrorKind.TRANSIENT
