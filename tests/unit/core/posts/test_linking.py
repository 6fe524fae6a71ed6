from __future__ import annotations

import pytest

from core.errors import RefusedError
from core.posts.linking import MOST_MIRRORS, incoming_link, read_link, require_link
from core.posts.report import incoming_from_command
from core.sources.guard import Guard

LINK = "https://example.org/v/my%20clip.mp4?sig=%2B"


def test_lines_about_the_link_are_taken_out_of_the_caption() -> None:
    wish = read_link(
        f"{LINK}\nMirror: https://a.example/v\nA day #sea\nrights:  mine \n"
        "mirror: https://b.example/v\nmirror: https://a.example/v\nto: youtube"
    )

    assert wish is not None
    assert wish.caption == "A day #sea\nto: youtube"
    assert wish.source == {
        "kind": "http",
        "url": LINK,
        "mirrors": ["https://a.example/v", "https://b.example/v"],
        "rights": "mine",
    }


def test_a_link_alone_asks_for_nothing_more() -> None:
    wish = read_link(LINK)

    assert wish is not None
    assert (wish.source, wish.caption) == ({"kind": "http", "url": LINK}, "")


@pytest.mark.parametrize(
    "text", ["", "Look at https://example.org", f"{LINK} now", "ftp://a/b", "A caption"]
)
def test_other_messages_are_no_links(text: str) -> None:
    assert read_link(text) is None


@pytest.mark.parametrize(
    ("lines", "key"),
    [
        ("rights: somebody else's", "bad_rights"),
        ("rights:", "empty_value"),
        ("mirror:", "empty_value"),
        ("mirror: see below", "bad_url"),
        (
            "\n".join(f"mirror: https://a.example/{n}" for n in range(MOST_MIRRORS + 1)),
            "many_mirrors",
        ),
    ],
)
def test_lines_that_cannot_be_meant_are_refused(lines: str, key: str) -> None:
    with pytest.raises(RefusedError) as caught:
        read_link(f"{LINK}\n{lines}")

    assert caught.value.key == key


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("http://127.0.0.1/v", "link_private"),
        ("https://example.org/v\nmirror: http://10.0.0.1/v", "link_private"),
        ("https://a@example.org/v", "bad_url"),
        ("https://www.dropbox.com/sh/abc/def", "link_folder"),
    ],
)
def test_what_surely_leads_nowhere_is_refused_at_once(text: str, key: str) -> None:
    wish = read_link(text)
    assert wish is not None
    with pytest.raises(RefusedError) as caught:
        require_link(wish, Guard())

    assert caught.value.key == key


def test_the_file_is_called_as_the_link_says() -> None:
    wish = read_link(LINK)
    shared = read_link("https://drive.google.com/file/d/1AbC_d-EfGhIj/view")
    assert wish is not None
    assert shared is not None

    assert incoming_link(wish, chat_id=7).filename == "my clip.mp4"
    assert incoming_link(shared).filename == "video.mp4"


def test_a_link_of_the_command_line_is_read_as_in_chat() -> None:
    incoming = incoming_from_command(LINK, to="youtube", caption="A day\nrights: mine")
    plain = incoming_from_command(LINK, to="", caption="")

    assert incoming.source["rights"] == "mine"
    assert incoming.caption == "A day\nto: youtube"
    assert plain.caption == "my clip.mp4"
    assert plain.fingerprint == incoming.fingerprint


def test_a_private_link_of_the_command_line_is_refused() -> None:
    with pytest.raises(RefusedError, match="link_private"):
        incoming_from_command("http://[::1]/v", to="", caption="", guard=Guard())
