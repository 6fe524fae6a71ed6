from __future__ import annotations

import pytest

from bot.chat.commands import ADMINS
from core.posts.models import PostState, UploadState, WaitReason
from tests.chat_kit import ADMIN, PERSON, Chat, as_reply, make_command, make_press, make_video


async def publish(chat: Chat, upload_id: int) -> None:
    await chat.move(upload_id, UploadState.PROCESSING, UploadState.LIVE, url="https://y.org/1")


async def fail(chat: Chat, upload_id: int) -> None:
    await chat.move(upload_id, UploadState.FAILED, error_kind="rejected", error_text="too loud")


async def test_start_names_the_connected_accounts(chat: Chat) -> None:
    answer = await chat.text(make_command("/start"))
    assert "YouTube (my youtube), Telegram (my telegram)" in answer


async def test_help_tells_admins_more(chat: Chat) -> None:
    assert "/clear" not in await chat.text(make_command("/help"))
    assert "/clear" in await chat.text(make_command("/help", ADMIN))


async def test_help_names_every_command(chat: Chat) -> None:
    text = await chat.text(make_command("/help", ADMIN))
    assert [name for name in ADMINS if f"/{name}" not in text] == ["start"]


async def test_status_shows_what_is_open(chat: Chat) -> None:
    await chat.ask(make_video("The sea"))
    answer = await chat.text(make_command("/status"))
    assert "1 post open" in answer
    assert "The sea" in answer
    assert "waits for the video" in answer


async def test_status_of_nothing(chat: Chat) -> None:
    assert "Nothing runs" in await chat.text(make_command("/status"))


async def test_status_of_many_posts_is_one_message(chat: Chat) -> None:
    await chat.hear(*(make_video(f"Film {n} " + "word " * 60) for n in range(20)))
    await chat.speak()
    await chat.clock.advance(100)
    await chat.hear(make_command("/status"))
    answer = (await chat.speak())[0].text
    assert "20 posts open" in answer
    assert "more posts: /queue" in answer
    assert len(answer) < 4096


async def test_the_queue_has_pages_of_five(chat: Chat) -> None:
    await chat.hear(*(make_video(f"Film {n}") for n in range(7)))
    await chat.speak()
    await chat.clock.advance(100)
    await chat.hear(make_command("/queue"))
    first = (await chat.speak())[0]
    assert "page 1 of 2" in first.text
    assert first.data[:3] == ["p1:cancel:1", "p1:force:1", "p1:cancel:2"]
    assert first.data[-1] == "l1:1"
    await chat.hear(make_press("l1:1"))
    (second,) = chat.session.of("editMessageText")[-1:]
    assert "page 2 of 2" in second.text
    assert second.data[-1] == "l1:0"


async def test_a_page_that_is_gone_shows_the_last_one(chat: Chat) -> None:
    await chat.ask(make_video())
    await chat.hear(make_press("l1:99"))
    assert "page 1 of 1" in chat.session.of("editMessageText")[-1].text


async def test_an_empty_queue_says_so(chat: Chat) -> None:
    assert "empty" in await chat.text(make_command("/queue"))


async def test_a_page_turn_in_a_busy_chat_becomes_a_new_message(chat: Chat) -> None:
    chat.session.fail("editMessageText", 429, "Too Many Requests", retry_after=7)
    await chat.ask(make_press("l1:0"))
    assert chat.session.of("sendMessage") == []
    await chat.clock.advance(8)
    (call,) = await chat.speak()
    assert "empty" in call.text


async def test_post_tells_the_whole_story(chat: Chat) -> None:
    await chat.ask(make_video("The sea"))
    await publish(chat, 1)
    answer = await chat.text_of_command("/post 1")
    assert "https://y.org/1" in answer
    assert "Timeline" in answer
    assert "accepted" in answer
    assert "my youtube: live" in answer


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("/post", "Write the number"),
        ("/post x1", "no number of a post"),
        ("/post 77", "no post 77"),
        ("/post 99999999999999999999", "no post"),
        ("/retry", "Write the number"),
        ("/retry 1", "Nothing failed in post 1"),
        ("/retry failed", "Nothing failed lately"),
        ("/what", "do not know that command"),
    ],
)
async def test_bad_commands_get_clear_answers(chat: Chat, command: str, said: str) -> None:
    await chat.ask(make_video())
    assert said in await chat.text_of_command(command)


async def test_a_post_of_somebody_else_is_not_shown(chat: Chat) -> None:
    await chat.ask(make_video(user_id=ADMIN))
    assert "somebody else" in await chat.text_of_command("/post 1")
    assert "somebody else" in await chat.text_of_command("/cancel 1")
    await chat.hear(make_press("p1:cancel:1"))
    assert await chat.desk.posts.count_open() == 1


async def test_an_admin_sees_every_post(chat: Chat) -> None:
    await chat.ask(make_video("The sea"))
    assert "The sea" in await chat.text(make_command("/queue", ADMIN))


async def test_cancel_by_number(chat: Chat) -> None:
    await chat.ask(make_video())
    assert "2 uploads stopped" in await chat.text_of_command("/cancel 1")
    assert (await chat.desk.posts.require(1)).state is PostState.CANCELLED


async def test_cancel_tells_how_a_finished_schedule_is_removed(chat: Chat) -> None:
    await chat.ask(make_video())
    states = (UploadState.PROCESSING, UploadState.LIVE)
    await chat.move(1, *states, visibility="scheduled", url="https://video.example/1")
    text = await chat.text_of_command("/cancel 1")
    assert "/delete 1 removes it:\n• YouTube · my youtube: https://video.example/1" in text


async def test_cancel_of_the_only_open_post_needs_no_number(chat: Chat) -> None:
    assert "Nothing is open" in await chat.text_of_command("/cancel")
    await chat.ask(make_video())
    assert "Post 1" in await chat.text_of_command("/cancel")


async def test_cancel_of_one_among_several_needs_a_number_or_a_reply(chat: Chat) -> None:
    updates = [make_video(), make_video()]
    await chat.ask(*updates)
    assert "Write the number" in await chat.text_of_command("/cancel")
    about = updates[1]["message"]["message_id"]
    await chat.clock.advance(10)
    await chat.hear(as_reply(make_command("/cancel"), about))
    assert "Post 2" in (await chat.speak())[0].text


async def test_what_is_live_is_not_cancelled(chat: Chat) -> None:
    await chat.ask(make_video())
    await publish(chat, 1)
    await publish(chat, 2)
    assert "has ended already" in await chat.text_of_command("/cancel 1")


@pytest.mark.parametrize("way", ["/retry 1", "/retry failed", "button"])
async def test_what_failed_is_tried_again(chat: Chat, way: str) -> None:
    await chat.ask(make_video())
    await fail(chat, 1)
    await chat.clock.advance(10)
    await chat.hear(make_press("p1:retry:1") if way == "button" else make_command(way))
    assert "1 upload" in (await chat.speak())[0].text
    assert (await chat.desk.posts.uploads(1))[0].state is UploadState.WAITING


async def test_force_start_puts_a_post_first(chat: Chat) -> None:
    await chat.ask(make_video("The sea\nat: tomorrow 9:00"))
    await chat.clock.advance(10)
    await chat.hear(make_press("p1:force:1"))
    assert "goes first" in (await chat.speak())[0].text


@pytest.mark.parametrize(("action", "state"), [("live", "live"), ("resend", "waiting")])
async def test_a_person_decides_what_nobody_can_ask(chat: Chat, action: str, state: str) -> None:
    await chat.ask(make_video())
    await chat.move(2, UploadState.COMMITTING, UploadState.UNKNOWN, reason=WaitReason.PERSON)
    await chat.clock.advance(10)
    (card,) = await chat.speak()
    assert [b["text"] for b in card.buttons][:2] == [
        "✅ Telegram: it is there",
        "🔁 Telegram: send again",
    ]
    await chat.hear(make_press(f"u1:{action}:2"))
    assert (await chat.desk.posts.uploads(1))[1].state.value == state
    await chat.hear(make_press(f"u1:{action}:2"))
    await chat.clock.advance(10)
    assert any("decided already" in call.text for call in await chat.speak())


@pytest.mark.parametrize("data", ["zz:1", "p0:cancel:1", "p1:cancel", "u1:live:x", "p1:what:1"])
async def test_old_and_foreign_buttons_are_answered(chat: Chat, data: str) -> None:
    await chat.ask(make_video())
    calls = await chat.ask(make_press(data))
    said = [call.params.get("text", "") for call in chat.session.of("answerCallbackQuery")]
    assert "too old" in "".join([*said, *(call.text for call in calls)])


async def test_a_press_whose_answer_comes_too_late_still_counts(chat: Chat) -> None:
    await chat.ask(make_video())
    chat.session.fail(
        "answerCallbackQuery", 400, "Bad Request: query is too old and response timeout expired"
    )
    await chat.hear(make_press("p1:cancel:1"))
    assert (await chat.desk.posts.require(1)).state is PostState.CANCELLED


async def test_clear_asks_first_and_leaves_what_is_live(chat: Chat) -> None:
    await chat.ask(make_video(), make_video())
    await publish(chat, 1)
    await publish(chat, 2)
    await chat.hear(make_press("c1:queue", PERSON))
    assert await chat.desk.posts.count_open() == 1
    await chat.hear(make_press("c1:queue", ADMIN))
    assert await chat.desk.posts.count_open() == 0
    assert (await chat.desk.posts.require(1)).state is PostState.DONE
    assert "1 post stopped" in chat.session.of("editMessageText")[-1].text


async def test_clear_empties_the_logs(chat: Chat) -> None:
    folder = chat.deps.log_folder
    folder.mkdir(parents=True)
    (folder / "karvon.log").write_text("old")
    (folder / "karvon.log.2025-12-31").write_text("older")
    await chat.hear(make_press("c1:logs", ADMIN))
    assert "2 log files cleared" in chat.session.of("editMessageText")[-1].text
    assert (folder / "karvon.log").read_text() == ""
