from __future__ import annotations

from dataclasses import replace

import pytest

from core.platforms.base import FittedText, Session, Step
from core.platforms.telegram import CLOUD_MAX, LOCAL_MAX, PLATFORM, message_url
from core.posts.models import MediaFacts
from tests.platform_cases import SIZE, TOKENS, answer, make_job, session_at, telegram_error
from utils.http import Span

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
