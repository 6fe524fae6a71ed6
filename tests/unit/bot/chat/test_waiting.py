from __future__ import annotations

from core.posts.models import PostState, UploadState, WaitReason
from core.posts.patience import Patience
from tests.bot_session import Call
from tests.chat_kit import ADMIN, PERSON, Chat, make_command, make_press, make_video
from tests.letters_kit import lose, make_patience, make_post

HOUR = 3600.0


async def waiting(chat: Chat, user_id: int = PERSON) -> Call:
    await chat.clock.advance(60)
    await chat.hear(make_command("/waiting", user_id))
    return (await chat.speak())[0]


async def let_pass(chat: Chat, patience: Patience, hours: int) -> list[str]:
    """Let hours pass; return what was said meanwhile."""
    await patience.look()
    for _ in range(hours):
        await chat.clock.advance(HOUR)
        await patience.look()
    return [call.text for call in await chat.speak()]


async def test_nothing_waits(chat: Chat) -> None:
    assert "Nothing waits for you" in (await waiting(chat)).text


async def test_a_question_is_listed_with_its_own_buttons(chat: Chat) -> None:
    await chat.ask(make_video(""))
    call = await waiting(chat)
    assert "One thing waits for you" in call.text
    assert "waits for a caption" in call.text
    assert call.data == ["q1:1:nocaption", "q1:1:cancel"]
    assert [one["text"][:2] for one in call.buttons] == ["1 ", "1 "]
    await chat.hear(make_press("q1:1:nocaption"))
    assert (await chat.desk.posts.require(1)).state is PostState.ACCEPTED


async def test_everything_that_waits_is_in_one_list(chat: Chat) -> None:
    await chat.ask(make_video(""))
    await make_post(chat.desk, 2, chat_id=PERSON, user_id=PERSON)
    await lose(chat.desk, 1)
    await chat.move(
        2, UploadState.WAITING, reason=WaitReason.PERSON, error_code="fit", fit={"findings": []}
    )
    await chat.desk.book.need_reconnect(1, "token revoked")
    mine, all_of_it = await waiting(chat), await waiting(chat, ADMIN)
    assert "3 things wait for you" in mine.text
    assert "is it live on YouTube" in mine.text
    assert "does not take the video as it is" in mine.text
    assert "4 things wait for you" in all_of_it.text
    assert {"u1:live:1", "u1:resend:1", "ac1:again:1:"} <= set(all_of_it.data)


async def test_the_list_has_pages(chat: Chat) -> None:
    for _ in range(7):
        await chat.ask(make_video(""))
        await chat.clock.advance(60)
    call = await waiting(chat)
    assert "page 1 of 2" in call.text
    assert call.data[-1] == "wt1:1"
    await chat.hear(make_press("wt1:1"))
    assert "<b>7.</b>" in chat.session.shown[-1].text


async def test_the_reminder_and_the_end_are_told_in_words(chat: Chat) -> None:
    patience = make_patience(chat.desk)
    await chat.ask(make_video(""))
    await make_post(chat.desk, 2, chat_id=PERSON, user_id=PERSON)
    await lose(chat.desk, 1)
    told = await let_pass(chat, patience, 24)
    (reminder,) = [text for text in told if "still wait" in text]
    assert "2 things still wait for you" in reminder
    assert "waits for a caption" in reminder
    told = await let_pass(chat, patience, 48)
    (end,) = [text for text in told if "in time:" in text]
    assert "nothing is published" in end
    assert "nobody said whether it is live on YouTube" in end


async def test_who_is_reminded_gets_to_the_list(chat: Chat) -> None:
    await chat.ask(make_video(""))
    await let_pass(chat, make_patience(chat.desk), 24)
    (call,) = [call for call in chat.session.shown if "One thing still waits" in call.text]
    assert call.data == ["wt1:0"]


async def test_the_timeline_tells_that_nobody_answered(chat: Chat) -> None:
    await make_post(chat.desk, 1, chat_id=PERSON, user_id=PERSON)
    await lose(chat.desk, 1)
    await let_pass(chat, make_patience(chat.desk), 72)
    text = await chat.text_of_command("/post 1")
    assert "nobody answered in time" in text
    assert "It was not sent again" in text
