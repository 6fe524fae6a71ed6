"""Inline keyboards as rows of plain values; callback data is versioned and at most 64 bytes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.chat.texts import plain, say

MOST_BUTTONS = 100
"""Source: limits of inline keyboards as the Bot API enforces them, 2026-11-21."""


class PostAction(CallbackData, prefix="p1"):
    """A button about a post: cancel, retry or force."""

    action: str
    post_id: int


class UploadAction(CallbackData, prefix="u1"):
    """A button about an upload whose outcome is unknown: live or resend."""

    action: str
    upload_id: int


class Answer(CallbackData, prefix="q1"):
    """A button under a question: nocaption, again, skip or cancel."""

    post_id: int
    choice: str


class QueuePage(CallbackData, prefix="l1"):
    """Turn the pages of the queue."""

    page: int


class Clear(CallbackData, prefix="c1"):
    """What an admin wants emptied: queue, logs, both or nothing."""

    what: str


class LivePost(CallbackData, prefix="lp1"):
    """A button about all of a post: ask (to delete), delete or leave."""

    action: str
    post_id: int


class LiveUpload(CallbackData, prefix="lu1"):
    """A button under a finding: check, show or publish."""

    action: str
    upload_id: int


class FitChoice(CallbackData, prefix="ft1"):
    """What is done for a target that does not take the video: fix, out, or a way to fix it."""

    upload_id: int
    word: str


class FitAll(CallbackData, prefix="fa1"):
    """Fix every target of a post that does not take the video."""

    post_id: int


class Frame(CallbackData, prefix="lf1"):
    """One of the pictures to choose from; 0 leaves the picture as it is."""

    post_id: int
    number: int


class BatchAction(CallbackData, prefix="b1"):
    """A button about a batch: all, good, leave, cancel or retry."""

    action: str
    batch_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """One button; a keyboard is a sequence of rows of them."""

    text: str
    data: str = ""
    """What a press sends."""
    url: str = ""
    """What a press opens instead."""


Rows = Sequence[Sequence[Button]]


def button(key: str, data: CallbackData, **facts: object) -> Button:
    """Return a button with the words of ``button_KEY``."""
    return Button(text=plain(say(f"button_{key}", **facts)), data=data.pack())


def markup(rows: Rows) -> InlineKeyboardMarkup | None:
    """Return the keyboard as the Bot API takes it, None for none."""
    kept: list[list[InlineKeyboardButton]] = []
    room = MOST_BUTTONS
    for row in rows:
        if row and len(row) <= room:
            kept.append([_inline(one) for one in row])
            room -= len(row)
    return InlineKeyboardMarkup(inline_keyboard=kept) if kept else None


def _inline(one: Button) -> InlineKeyboardButton:
    if one.url:
        return InlineKeyboardButton(text=one.text, url=one.url)
    return InlineKeyboardButton(text=one.text, callback_data=one.data)


def link_button(key: str, url: str, **facts: object) -> Button:
    """Return a button with the words of ``button_KEY`` that opens an address."""
    return Button(text=plain(say(f"button_{key}", **facts)), url=url)


def to_stored(rows: Rows) -> list[dict[str, str]]:
    """Return a keyboard in the form in which the outbox keeps it."""
    return [
        {"text": button.text, "data": button.data, "url": button.url, "row": str(number)}
        for number, row in enumerate(rows)
        for button in row
    ]


def from_stored(stored: Iterable[Mapping[str, str]]) -> Rows:
    """Return the keyboard of a queued message.

    A stored button is ``{"data" | "url", "text" | "text_key", "row"?}``; without a row it has its
    own.
    """
    numbered = [(item.get("row", f"own {number}"), item) for number, item in enumerate(stored)]
    return [
        [
            Button(text=_words(item), data=item.get("data", ""), url=item.get("url", ""))
            for _, item in row
        ]
        for _, row in groupby(numbered, key=lambda pair: pair[0])
    ]


def _words(stored: Mapping[str, str]) -> str:
    return stored.get("text") or plain(say(stored["text_key"]))
