from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import RefusedError
from core.store.errors import StoreFullError
from tests.chat_kit import (
    ADMIN,
    GROUP,
    PERSON,
    STRANGER,
    Chat,
    make_chat_on,
    make_command,
    make_message,
    make_press,
    make_video,
)
from tests.factories import Desk

DAY = 24 * 3600


async def test_a_stranger_gets_one_polite_line_a_day(chat: Chat) -> None:
    assert "telegram.users" in await chat.text(make_message(STRANGER))
    assert await chat.ask(make_message(STRANGER), make_command("/queue", STRANGER)) == []
    await chat.clock.advance(DAY)
    assert "Sorry" in await chat.text(make_message(STRANGER))


async def test_a_stranger_in_a_group_is_passed_over(chat: Chat) -> None:
    assert await chat.ask(make_message(STRANGER, chat_id=GROUP)) == []


async def test_a_strangers_press_does_nothing(chat: Chat) -> None:
    await chat.ask(make_video())
    await chat.ask(make_press("p1:cancel:1", STRANGER))
    assert await chat.desk.posts.count_open() == 1


async def test_before_the_first_setup_everybody_hears_how_to_do_it(
    desk: Desk, log_folder: Path
) -> None:
    chat = make_chat_on(desk, log_folder, admins=(), users=())
    answer = await chat.text(make_command("/start", 42))
    assert "telegram.admins" in answer
    assert "KARVON_TELEGRAM__ADMINS=[42]" in answer


async def test_a_command_is_handled_once(chat: Chat) -> None:
    update = make_command("/queue")
    assert len(await chat.ask(update)) == 1
    assert await chat.ask(update) == []


async def test_a_bug_is_told_with_an_id_that_is_in_the_log(
    chat: Chat, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(chat_id: int | None = None) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr(chat.desk.posts, "open_posts", broken)
    answer = await chat.text(make_command("/status"))
    number = answer.partition("<code>")[2].partition("</code>")[0]
    (record,) = [record for record in caplog.records if record.msg == "handler_broke"]
    assert getattr(record, "id") == number  # noqa: B009 - an extra field


async def test_trouble_of_the_store_goes_up_and_the_update_counts_when_it_comes_again(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    update = make_command("/help")
    with monkeypatch.context() as patched:

        async def full(update_id: int) -> bool:
            raise StoreFullError("no space left")

        patched.setattr(chat.desk.posts, "seen", full)
        with pytest.raises(Exception, match="no space left"):
            await chat.hear(update)
    assert "Send a video" in await chat.text(update)


async def test_a_chat_that_was_gone_is_written_to_again(chat: Chat) -> None:
    await chat.hear(make_video())
    chat.session.fail("sendMessage", 403, "Forbidden: bot was blocked by the user")
    await chat.speak()
    assert await chat.speak() == []
    cards = await chat.ask(make_command("/help"))
    assert len(cards) == 2


async def test_leaving_and_coming_back_is_noticed(chat: Chat) -> None:
    await chat.hear(make_video())
    await chat.hear(make_member_update("kicked"))
    assert await chat.speak() == []
    await chat.hear(make_member_update("member"))
    (card,) = await chat.speak()
    assert "Accepted" in card.text


def make_member_update(status: str) -> dict[str, object]:
    update = make_message()
    message = update.pop("message")
    bot = {"id": 123456, "is_bot": True, "first_name": "Karvon"}
    before = "member" if status == "kicked" else "kicked"

    def member(status: str) -> dict[str, object]:
        until = {"until_date": 0} if status == "kicked" else {}
        return {"user": bot, "status": status, **until}

    update["my_chat_member"] = {
        "chat": message["chat"],
        "from": message["from"],
        "date": message["date"],
        "old_chat_member": member(before),
        "new_chat_member": member(status),
    }
    return update


async def test_the_admin_list_is_for_admins(chat: Chat) -> None:
    assert "Only an admin" in await chat.text(make_command("/clear", PERSON))
    (question,) = await chat.ask(make_command("/clear", ADMIN))
    assert question.data == ["c1:queue", "c1:logs", "c1:both", "c1:nothing"]


async def test_a_refusal_of_the_domain_is_a_sentence(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*args: object) -> None:
        raise RefusedError("disk_full", missing_bytes=5)

    monkeypatch.setattr(type(chat.desk.intake), "receive", refuse)
    assert "no room" in await chat.text(make_video())
