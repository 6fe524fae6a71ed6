from __future__ import annotations

from bot.chat.option_help import every_capabilities, option_lines
from bot.chat.refusals import refusal_text
from bot.chat.texts.human import visible_length
from core.posts.options import OPTIONS
from tests.chat_kit import Chat, make_command


def test_the_help_names_every_option_and_who_has_it() -> None:
    text = option_lines(every_capabilities())
    for key in OPTIONS:
        assert f"<code>{key.replace('.XX', '.de')}:" in text
    line = next(line for line in text.splitlines() if "cover:" in line)
    assert "TikTok, Instagram" in line
    assert visible_length(text) < 4096


def test_an_option_that_nobody_has_is_not_offered() -> None:
    text = option_lines([])
    assert "cover:" not in text
    assert "together:" in text


def test_a_bad_value_is_told_with_what_the_option_does() -> None:
    facts = {"key": "cover", "given": "<soon>", "known": ["2.5", "1:05"]}
    text = refusal_text("bad_option", facts)
    assert "&lt;soon&gt;" in text
    assert "2.5, 1:05" in text
    assert "is the cover" in text


def test_a_bad_key_is_told_without() -> None:
    text = refusal_text("bad_option", {"key": "colour", "given": "x", "known": ["ai"]})
    assert "colour" in text
    assert "–" not in text


def test_an_option_of_others_is_told_with_who_has_it() -> None:
    facts = {"key": "cover", "targets": ["YouTube"], "owners": ["TikTok", "Instagram"]}
    text = refusal_text("option_nowhere", facts)
    assert "YouTube cannot" in text
    assert "TikTok, Instagram" in text


async def test_the_list_is_asked_for_by_help_options(chat: Chat) -> None:
    told = await chat.text(make_command("/help options"))
    assert "More lines for a caption" in told
    assert "collaborators" in told
