from __future__ import annotations

from typing import Any

import pytest

from core.posts.letters import PAUSE, REPLAYED_AT_ONCE
from core.posts.models import UploadState
from tests.chat_kit import ADMIN, PERSON, Chat, make_command, make_press
from tests.factories import make_account
from tests.letters_kit import fail, lose, make_post

REVOKED: dict[str, Any] = {"error_kind": "auth_revoked", "error_text": "token revoked"}
STRANGE_USER = 2002


async def fail_posts(chat: Chat, count: int, user_id: int = PERSON, **error: Any) -> None:
    """Let the first upload of so many new posts fail."""
    before = len(await chat.desk.posts.recent(limit=1000))
    for number in range(before + 1, before + count + 1):
        post_id = await make_post(chat.desk, number, user_id=user_id, chat_id=user_id)
        uploads = await chat.desk.posts.uploads(post_id)
        await fail(chat.desk, uploads[0].id, **error)


async def press(chat: Chat, data: str, user_id: int = PERSON) -> str:
    """Press a button; return all that is said or shown, cards apart."""
    await chat.clock.advance(60)
    before = len(chat.session.shown)
    await chat.hear(make_press(data, user_id))
    await chat.speak()
    shown = [call.text for call in chat.session.shown[before:]]
    return "\n---\n".join(text for text in shown if "</b> · post " not in text)


async def listed(chat: Chat, user_id: int = PERSON) -> Any:  # noqa: ANN401 - a call
    await chat.clock.advance(60)
    await chat.hear(make_command("/failed", user_id))
    return (await chat.speak())[0]


async def state(chat: Chat, upload_id: int) -> UploadState:
    return (await chat.desk.posts.require_upload(upload_id)).state


async def test_failures_are_listed_by_cause_with_what_helps(chat: Chat) -> None:
    await fail_posts(chat, 14, **REVOKED)
    await fail_posts(chat, 1)
    call = await listed(chat)
    assert "15 uploads failed</b>, 2 causes" in call.text
    assert "14 failed: YouTube · my youtube: sign-in taken back (token revoked)" in call.text
    assert "/connect" in call.text
    assert call.data[:3] == ["dl1:replay:1", "dl1:drop:1", "dl1:show:1"]


async def test_nothing_failed(chat: Chat) -> None:
    assert "Nothing failed" in (await listed(chat)).text


async def test_people_see_and_try_only_their_own(chat: Chat) -> None:
    await fail_posts(chat, 1, STRANGE_USER)
    assert "Nothing failed" in (await listed(chat)).text
    assert "1 upload failed" in (await listed(chat, ADMIN)).text
    assert "Nothing failed of cause c1" in await press(chat, "dl1:replay:1")
    assert await state(chat, 1) is UploadState.FAILED
    assert "1 upload again" in await press(chat, "dl1:replay:1", ADMIN)
    assert await state(chat, 1) is UploadState.WAITING


async def test_a_group_is_tried_again_and_the_list_drawn_anew(chat: Chat) -> None:
    await fail_posts(chat, 2)
    text = await press(chat, "dl1:replay:1")
    assert "Trying 2 uploads again." in text
    assert "Nothing failed that is not put aside" in text


async def test_a_long_replay_says_so_and_tells_its_end(chat: Chat) -> None:
    count = REPLAYED_AT_ONCE + 1
    await fail_posts(chat, count)
    text = await press(chat, "dl1:replay:1")
    assert f"Trying {count} uploads again, {REPLAYED_AT_ONCE} so far" in text
    await chat.clock.advance(PAUSE.total_seconds() + 60)
    progress = await chat.deps.letters._step(1)
    assert not progress.is_running
    said = [call.text for call in await chat.speak()]
    assert f"All of it is begun: {count} uploads tried again." in said


async def test_a_group_is_put_aside_and_taken_back_in_the_same_message(chat: Chat) -> None:
    await fail_posts(chat, 3)
    assert "3 uploads put aside" in await press(chat, "dl1:drop:1")
    assert chat.session.shown[-1].method in {"editMessageText", "sendMessage"}
    assert "Nothing failed" in (await listed(chat)).text
    assert "3 uploads listed again" in await press(chat, "dl1:undo:1")
    assert "3 uploads failed" in (await listed(chat)).text
    assert "nothing to take back" in await press(chat, "dl1:undo:1")


async def test_nobody_takes_back_what_somebody_else_put_aside(chat: Chat) -> None:
    await fail_posts(chat, 1)
    await press(chat, "dl1:drop:1", ADMIN)
    assert "too old" in await press(chat, "dl1:undo:1")
    assert "listed again" in await press(chat, "dl1:undo:1", ADMIN)


async def test_a_group_shows_its_posts(chat: Chat) -> None:
    await fail_posts(chat, 12)
    text = await press(chat, "dl1:show:1")
    assert "post 12 · YouTube · my youtube: A day at the sea" in text
    assert "… and 2 more" in text


@pytest.mark.parametrize(
    ("command", "tried"),
    [
        ("/retry failed", [1, 4]),
        ("/retry youtube", [1]),
        ("/retry My Telegram", [4]),
        ("/retry telegram:my telegram", [4]),
        ("/retry c1", [1]),
        ("/retry cause 1", [1]),
        ("/retry 2", [4]),
    ],
)
async def test_retry_takes_what_it_is_told(chat: Chat, command: str, tried: list[int]) -> None:
    """The first post failed on YouTube, the second on Telegram."""
    for number, upload_id in ((1, 1), (2, 4)):
        await make_post(chat.desk, number, chat_id=PERSON, user_id=PERSON)
        await fail(chat.desk, upload_id)
        await chat.deps.letters.sort_in()
    await chat.text_of_command(command)
    assert [n for n in (1, 4) if await state(chat, n) is UploadState.WAITING] == tried


async def test_retry_of_a_batch(chat: Chat) -> None:
    await fail_posts(chat, 1)
    assert "Nothing failed lately" in await chat.text_of_command("/retry batch 3")


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("/retry c77", "Nothing failed of cause c77"),
        ("/retry x1", "do not know what to try again by “x1”"),
        ("/retry batch", "do not know what to try again"),
    ],
)
async def test_a_retry_of_nothing_known_gets_a_clear_answer(
    chat: Chat, command: str, said: str
) -> None:
    assert said in await chat.text_of_command(command)


async def test_what_is_there_already_is_named(chat: Chat) -> None:
    await fail_posts(chat, 1)
    await make_post(chat.desk, 9, fingerprint="telegram:1", caption="The sea\nto: youtube")
    await chat.move(3, UploadState.LIVE)
    text = await chat.text_of_command("/retry failed")
    assert "None of them could be tried again." in text
    assert "the same video is there already" in text


async def test_what_nobody_decided_keeps_its_question(chat: Chat) -> None:
    await make_post(chat.desk, 1, chat_id=PERSON, user_id=PERSON)
    await lose(chat.desk, 1)
    await chat.desk.posts.nobody_decided(1)
    call = await listed(chat)
    assert "nobody said whether it is live" in call.text
    assert call.data[:2] == ["dl1:drop:1", "dl1:show:1"]
    await press(chat, "dl1:show:1")
    assert chat.session.shown[-1].data[:2] == ["u1:live:1", "u1:resend:1"]
    assert "Nobody has said yet" in await press(chat, "p1:retry:1")
    assert "counts as live" in await press(chat, "u1:live:1")
    assert await state(chat, 1) is UploadState.LIVE


async def test_an_account_that_came_back_offers_what_failed(chat: Chat) -> None:
    chat.desk.posts.when_accounts_back(chat.deps.letters.offer)
    await chat.clock.advance(60)
    await fail_posts(chat, 14, **REVOKED)
    await chat.clock.advance(60)
    await chat.desk.book.add(make_account("youtube", access_token="new"))
    await chat.desk.posts.wake_accounts()
    (offer,) = [call for call in await chat.speak() if "connected again" in call.text]
    assert offer.chat_id == ADMIN
    assert "14 uploads had failed without it" in offer.text
    assert offer.data == ["dl2:1"]
    assert "Trying 14 uploads again" in await press(chat, "dl2:1", ADMIN)


@pytest.mark.parametrize("data", ["dl1:replay:-1", "dl1:burn:1", "dl1:undo:77", "dl2:0"])
async def test_buttons_that_mean_nothing_are_refused(chat: Chat, data: str) -> None:
    assert "too old" in await press(chat, data)
