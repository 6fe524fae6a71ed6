"""Inline keyboards as rows of plain values; callback data is versioned and at most 64 bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup


class PostAction(CallbackData, prefix="p1"):
    """A button about a post: cancel, retry, force."""

    action: str
    post_id: int


class UploadAction(CallbackData, prefix="u1"):
    """A button about an upload whose outcome is unknown: live or resend."""

    action: str
    upload_id: int


class Answer(CallbackData, prefix="q1"):
    """A button under a question: nocaption, again, skip, cancel."""

    post_id: int
    choice: str


class QueuePage(CallbackData, prefix="l1"):
    """Turn the pages of the queue."""

    page: int


class Clear(CallbackData, prefix="c1"):
    """What an admin wants emptied: queue, logs, both, nothing."""

    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """One button; a keyboard is a sequence of rows of them."""

    text: str
    data: str


Rows = Sequence[Sequence[Button]]


def markup(rows: Rows) -> InlineKeyboardMarkup | None:
    """Return the keyboard as the Bot API takes it, None for none."""
    if not rows:
        return None
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [InlineKeyboardButton(text=b.text, callback_data=b.data) for b in row]
            for row in rows
            if row
        ]
    )
