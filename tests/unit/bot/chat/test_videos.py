from __future__ import annotations

import pytest

from core.posts.models import PostState
from tests.chat_kit import (
    ADMIN,
    GROUP,
    JSON,
    PERSON,
    STRANGER,
    Chat,
    as_reply,
    make_message,
    make_press,
    make_video,
)

MIB = 1024 * 1024
PHOTO = [{"file_id": "p", "file_unique_id": "p", "width": 9, "height": 9}]


async def test_a_video_is_accepted_and_its_first_card_says_so(chat: Chat) -> None:
    (card,) = await chat.ask(make_video("A day at the sea #sea"))
    assert "Accepted" in card.text
    assert "A day at the sea" in card.text
    assert card.params["chat_id"] == str(PERSON)
    assert [data.split(":")[0] for data in card.data] == ["p1"]


async def test_handling_a_video_calls_nothing_over_the_network(chat: Chat) -> None:
    await chat.hear(make_video())
    assert chat.session.calls == []
    assert await chat.desk.posts.count_open() == 1


async def test_a_repeated_update_is_one_post(chat: Chat) -> None:
    update = make_video()
    await chat.hear(update, update)
    await chat.hear(update)
    assert await chat.desk.posts.count_open() == 1


@pytest.mark.parametrize("kind", ["video_note", "animation", "document"])
async def test_everything_that_moves_is_a_video(chat: Chat, kind: str) -> None:
    files: dict[str, JSON] = {
        "video_note": {"length": 240, "duration": 5},
        "animation": {"width": 320, "height": 240, "duration": 5},
        "document": {"file_name": "Film.MOV"},
    }
    file = {"file_id": "f", "file_unique_id": "u", "file_size": 5000, **files[kind]}
    fields: JSON = {kind: file, "caption": "Look"}
    await chat.hear(make_message(**fields))
    post = await chat.desk.posts.require(1)
    assert post.state is PostState.ACCEPTED
    assert post.source["file_id"] == "f"


async def test_a_round_video_is_square(chat: Chat) -> None:
    note = {"file_id": "f", "file_unique_id": "u", "length": 240, "duration": 5}
    await chat.hear(make_message(video_note=note))
    facts = (await chat.desk.posts.require(1)).facts
    assert (facts.width, facts.height, facts.size_bytes) == (240, 240, None)


async def test_a_document_that_is_no_video_is_refused(chat: Chat) -> None:
    file = {"file_id": "f", "file_unique_id": "u", "file_name": "a.pdf"}
    assert "no video" in await chat.text(make_message(document=file))


async def test_a_refusal_is_said_once(chat: Chat) -> None:
    update = make_video(file={"file_size": 30 * MIB})
    assert "20 MB" in await chat.text(update)
    assert await chat.ask(update) == []


async def test_a_video_without_words_is_asked_for(chat: Chat) -> None:
    (question,) = await chat.ask(make_video(""))
    assert "What is this video about" in question.text
    assert question.data == ["q1:1:nocaption", "q1:1:cancel"]


async def test_a_reply_to_the_question_is_the_caption(chat: Chat) -> None:
    await chat.ask(make_video(""))
    (card,) = await chat.ask(as_reply(make_message(text="Cats on a roof"), 101))
    assert "Accepted" in card.text
    assert (await chat.desk.posts.require(1)).wish.prompt == "Cats on a roof"


async def test_a_reply_to_the_video_itself_is_the_caption(chat: Chat) -> None:
    update = make_video("")
    await chat.ask(update)
    about = update["message"]["message_id"]
    (card,) = await chat.ask(as_reply(make_message(text="Cats"), about))
    assert "Accepted" in card.text


async def test_words_without_a_reply_answer_the_only_open_question(chat: Chat) -> None:
    await chat.ask(make_video(""))
    (card,) = await chat.ask(make_message(text="Cats"))
    assert "Accepted" in card.text


async def test_words_without_a_reply_are_not_guessed_between_two_questions(chat: Chat) -> None:
    await chat.ask(make_video(""), make_video(""))
    assert "Reply to the one" in await chat.text(make_message(text="Cats"))
    assert (await chat.desk.posts.require(1)).state is PostState.DRAFT


async def test_a_bad_answer_is_explained_and_the_question_stays(chat: Chat) -> None:
    await chat.ask(make_video(""))
    assert "vimeo" in await chat.text(make_message(text="Cats\nto: vimeo"))
    (card,) = await chat.ask(make_message(text="Cats\nto: youtube"))
    assert "Accepted" in card.text


async def test_a_reply_after_acceptance_brings_other_words(chat: Chat) -> None:
    update = make_video()
    await chat.ask(update)
    about = update["message"]["message_id"]
    assert "new words" in await chat.text(as_reply(make_message(text="Dogs"), about))
    post = await chat.desk.posts.require(1)
    assert post.text is not None
    assert post.text.description == "Dogs"


async def test_only_its_owner_answers_a_question(chat: Chat) -> None:
    update = make_video("", chat_id=GROUP)
    await chat.ask(update)
    reply = make_message(ADMIN, chat_id=GROUP, text="Cats")
    (card,) = await chat.ask(as_reply(reply, update["message"]["message_id"]))
    assert "Accepted" in card.text


async def test_the_button_publishes_without_a_caption(chat: Chat) -> None:
    (question,) = await chat.ask(make_video("", file={"file_name": "sea_and_sun.mp4"}))
    (card,) = await chat.ask(make_press(question.data[0]))
    assert "sea and sun" in card.text
    assert chat.session.of("answerCallbackQuery")
    (dropped,) = chat.session.of("editMessageReplyMarkup")
    assert dropped.buttons == []


async def test_a_draft_can_be_left(chat: Chat) -> None:
    (question,) = await chat.ask(make_video(""))
    (answer,) = await chat.ask(make_press(question.data[1]))
    assert "nothing is published" in answer.text
    assert (await chat.desk.posts.require(1)).state is PostState.CANCELLED


async def test_the_same_file_again_is_asked_about(chat: Chat) -> None:
    file = {"file_unique_id": "same"}
    await chat.ask(make_video(file=file))
    (question,) = await chat.ask(make_video(file=file))
    assert "there already" in question.text
    assert question.data == ["q1:2:again", "q1:2:cancel"]
    (card,) = await chat.ask(make_press(question.data[0]))
    assert "Accepted" in card.text


async def test_a_link_is_a_source(chat: Chat) -> None:
    link = "https://example.org/films/sea%20view.mp4?x=1"
    (card,) = await chat.ask(make_message(text=f"{link}\nThe sea"))
    post = await chat.desk.posts.require(1)
    assert "Accepted" in card.text
    assert post.source == {"kind": "http", "url": link, "filename": "sea view.mp4"}
    assert post.wish.prompt == "The sea"


async def test_a_link_into_a_private_network_is_refused_at_once(chat: Chat) -> None:
    answer = await chat.text(make_message(text="https://10.0.0.1/a.mp4"))
    assert "private network" in answer
    assert await chat.desk.posts.count_open() == 0


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"photo": PHOTO, "caption": "x"}, "picture"),
        ({"voice": {"file_id": "f", "file_unique_id": "u", "duration": 1}}, "sound"),
        ({"text": "How are you?"}, "Send me a video"),
        ({"location": {"latitude": 1.0, "longitude": 1.0}}, "cannot publish"),
    ],
)
async def test_what_is_no_video_gets_a_hint_in_private_only(
    chat: Chat, fields: JSON, said: str
) -> None:
    assert said in await chat.text(make_message(**fields))
    assert await chat.ask(make_message(chat_id=GROUP, **fields)) == []


async def test_an_album_is_collected(chat: Chat) -> None:
    items = [make_video(f"words {n}" if n == 0 else "", media_group_id="m") for n in range(3)]
    assert await chat.ask(*items) == []
    await chat.desk.intake.finish_album(PERSON, "m")
    cards = await chat.speak()
    assert len(cards) == 3
    assert all("words 0" in card.text for card in cards)


async def test_a_forwarded_video_is_a_video(chat: Chat) -> None:
    origin = {"type": "hidden_user", "date": 1, "sender_user_name": "Bob"}
    (card,) = await chat.ask(make_video(forward_origin=origin))
    assert "Accepted" in card.text


async def test_a_strangers_video_is_not_taken(chat: Chat) -> None:
    (line,) = await chat.ask(make_video(user_id=STRANGER))
    assert str(STRANGER) in line.text
    assert await chat.desk.posts.count_open() == 0
