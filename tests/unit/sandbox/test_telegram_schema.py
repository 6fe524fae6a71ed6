from __future__ import annotations

import json

import pytest

from tests.telegram_schema import SchemaError, check_answer, check_request, check_type

USER = {"id": 1, "is_bot": False, "first_name": "Ann"}
CHAT = {"id": 1, "type": "private", "first_name": "Ann"}
MESSAGE = {"message_id": 5, "date": 1, "chat": CHAT, "text": "hello"}


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("sendMessage", {"chat_id": 1, "text": "x"}),
        ("SENDMESSAGE", {"chat_id": "1", "text": "x", "disable_notification": "true"}),
        ("getUpdates", {"offset": "-1", "allowed_updates": '["message"]'}),
        ("sendVideo", {"chat_id": 1, "video": {"filename": "a.mp4"}, "width": "640"}),
        ("sendVideo", {"chat_id": 1, "video": "attach://v", "v": {"filename": "a.mp4"}}),
        (
            "sendMessage",
            {
                "chat_id": 1,
                "text": "x",
                "reply_markup": json.dumps(
                    {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]}
                ),
            },
        ),
    ],
)
def test_calls_as_described_pass(method: str, params: dict[str, object]) -> None:
    check_request(method, params)


@pytest.mark.parametrize(
    ("method", "params", "problem"),
    [
        ("sendNonsense", {}, "no method"),
        ("sendMessage", {"chat_id": 1}, "'text' is required"),
        ("sendMessage", {"chat_id": 1, "text": "x", "colour": "red"}, "unknown parameter"),
        ("sendMessage", {"chat_id": 1.5, "text": "x"}, "1.5"),
        ("editMessageText", {"message_id": "seven"}, "none of"),
        ("sendMessage", {"chat_id": 1, "text": "x", "reply_markup": "{"}, "reply_markup"),
        (
            "sendMessage",
            {"chat_id": 1, "text": "x", "reply_markup": {"inline_keyboard": [[{"label": "a"}]]}},
            "'label'",
        ),
        ("sendMessage", {"chat_id": 1, "text": b"x"}, "a file where"),
    ],
)
def test_other_calls_are_refused(method: str, params: dict[str, object], problem: str) -> None:
    with pytest.raises(SchemaError, match=problem):
        check_request(method, params)


def test_answers_as_described_pass() -> None:
    check_answer("sendMessage", MESSAGE)
    check_answer("setWebhook", result=True)
    check_answer("getUpdates", [{"update_id": 1, "message": MESSAGE}])
    check_answer("getChatMember", {"status": "member", "user": USER})


@pytest.mark.parametrize(
    ("method", "result", "problem"),
    [
        ("sendMessage", {**MESSAGE, "mood": "good"}, "no field 'mood'"),
        ("sendMessage", {"message_id": 5, "date": 1}, "needs the field 'chat'"),
        ("sendMessage", {**MESSAGE, "message_id": "5"}, "no Integer"),
        ("sendMessage", {**MESSAGE, "message_id": True}, "no Integer"),
        ("getUpdates", {"update_id": 1}, "no array"),
        ("getChatMember", {"status": "nobody", "user": USER}, "nobody"),
        ("getChatMember", {"status": "administrator", "user": USER}, "can_manage_chat"),
    ],
)
def test_other_answers_are_refused(method: str, result: object, problem: str) -> None:
    with pytest.raises(SchemaError, match=problem):
        check_answer(method, result)


def test_a_single_type_is_checked() -> None:
    check_type("Update", {"update_id": 1, "message": MESSAGE})
    with pytest.raises(SchemaError, match="quantum"):
        check_type("Update", {"update_id": 1, "quantum": {}})
