from __future__ import annotations

import pytest

from bot.chat.keyboards import (
    MOST_BUTTONS,
    Answer,
    Button,
    Clear,
    PostAction,
    QueuePage,
    UploadAction,
    from_stored,
    markup,
    to_stored,
)

LARGE = 2**62


@pytest.mark.parametrize(
    "data",
    [
        PostAction(action="cancel", post_id=LARGE),
        UploadAction(action="resend", upload_id=LARGE),
        Answer(post_id=LARGE, choice="nocaption"),
        QueuePage(page=LARGE),
        Clear(what="nothing"),
    ],
)
def test_the_longest_data_fits(data: PostAction) -> None:
    assert len(data.pack().encode()) <= 64


def test_a_keyboard_is_kept_and_read_back() -> None:
    rows = [[Button(text="a", data="1"), Button(text="b", data="2")], [Button(text="c", data="3")]]
    assert from_stored(to_stored(rows)) == rows


def test_buttons_of_a_question_stand_in_rows_of_their_own() -> None:
    stored = [{"text_key": f"button_{name}", "data": name} for name in ("again", "cancel")]
    assert [[button.text for button in row] for row in from_stored(stored)] == [
        ["Publish again"],
        ["Leave it"],
    ]


def test_no_buttons_are_no_keyboard() -> None:
    assert markup([]) is None
    assert markup([[]]) is None


def test_a_keyboard_has_at_most_a_hundred_buttons() -> None:
    keyboard = markup([[Button(text="x", data="x")] * 8] * 20)
    assert keyboard is not None
    assert sum(len(row) for row in keyboard.inline_keyboard) <= MOST_BUTTONS
