from __future__ import annotations

import pytest

from utils.sandbox.telegram.call import format_text
from utils.sandbox.telegram.errors import TelegramError
from utils.sandbox.telegram.html import MarkupError, detected, parse_html, render, trimmed


def test_tags_become_entities_with_utf16_offsets() -> None:
    text, entities = parse_html(
        '😀<b>bold <i>both</i></b> <a href="https://e.com/?a=1&amp;b">x</a>'
    )
    assert text == "😀bold both x"
    assert entities == [
        {"type": "bold", "offset": 2, "length": 9},
        {"type": "italic", "offset": 7, "length": 4},
        {"type": "text_link", "offset": 12, "length": 1, "url": "https://e.com/?a=1&b"},
    ]


def test_references_are_decoded_and_unknown_ones_stay() -> None:
    text, _ = parse_html("&lt;b&gt; &amp;amp; &quot; &#33; &#x1F600; &nbsp; & &copy;")
    assert text == '<b> &amp; " ! 😀 &nbsp; & &copy;'


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("ж<p>x</p>", 'Unsupported start tag "p" at byte offset 2'),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b><i>x</b></i>", 'expected "</i>", found "</b>"'),
        ("<b x", "Unclosed start tag at byte offset 0"),
        ("<span>x</span>", "must have class"),
        ("1 <", "Unsupported start tag"),
        ("<b>x</b", "Unclosed end tag"),
    ],
)
def test_broken_markup_is_refused(source: str, problem: str) -> None:
    with pytest.raises(MarkupError) as caught:
        parse_html(source)
    assert problem in str(caught.value)


def test_language_of_a_code_block_is_kept() -> None:
    text, entities = parse_html('<pre><code class="language-python">x = 1</code></pre>')
    assert text == "x = 1"
    assert entities == [{"type": "pre", "offset": 0, "length": 5, "language": "python"}]


def test_white_space_is_cut_off_and_entities_move() -> None:
    text, entities = trimmed(*parse_html("  <b> x </b>\n"))
    assert text == "x"
    assert entities == [{"type": "bold", "offset": 0, "length": 1}]


def test_links_commands_and_tags_are_found() -> None:
    found = detected("/start see https://e.com/a, @karvon_bot #tag a/b", [])
    assert [(entity["type"], entity["offset"]) for entity in found] == [
        ("bot_command", 0),
        ("url", 11),
        ("mention", 28),
        ("hashtag", 40),
    ]


def test_rendering_escapes_and_refuses_scripts_as_links() -> None:
    text, entities = parse_html('<b>&lt;img&gt;</b> <a href="javascript.alert">y</a>')
    shown = render(text, entities)
    assert "<b>&lt;img&gt;</b>" in shown
    assert (
        render("x", [{"type": "text_link", "offset": 0, "length": 1, "url": "javascript:1"}])
        == "x"
    )


@pytest.mark.parametrize(
    ("source", "limit", "problem"),
    [
        ("x" * 32_769, 4096, "text is too long"),
        ("x" * 4097, 4096, "message is too long"),
        ("😀" * 513, 1024, "message caption is too long"),
        ("<x>", 4096, "can't parse entities"),
    ],
)
def test_limits_are_checked_in_the_order_of_the_server(
    source: str, limit: int, problem: str
) -> None:
    with pytest.raises(TelegramError, match=problem):
        format_text(source, parse_mode="HTML", entities=None, limit=limit)


def test_markup_does_not_count_against_the_limit() -> None:
    text, _ = format_text(
        "<b>" + "x" * 1024 + "</b>", parse_mode="html", entities=None, limit=1024
    )
    assert len(text) == 1024
