"""What people write after /add."""

from __future__ import annotations

import pytest

from core.errors import RefusedError
from core.studio.add_line import AddLine, read_add, read_tags
from core.studio.errors import StudioError
from core.studio.mashup import AssetKind


def test_everything_can_be_said_in_one_line() -> None:
    line = read_add(
        "template #sea #Beach mood:Upbeat platform:TikTok licence:CC BY 4.0 "
        "origin:https://example.org/a#part attribution: Music by Jane Doe name:Part 2: waves "
        "rights: licensed category=intro"
    )
    assert line == AddLine(
        kind=AssetKind.TEMPLATE,
        tags=frozenset({"sea", "beach"}),
        mood="upbeat",
        platform="tiktok",
        licence="CC BY 4.0",
        origin="https://example.org/a#part",
        attribution="Music by Jane Doe",
        name="Part 2: waves",
        rights="licensed",
        category="intro",
    )


@pytest.mark.parametrize(
    ("text", "kind", "link", "name"),
    [
        ("", None, "", ""),
        ("Templates", AssetKind.TEMPLATE, "", ""),
        ("music Night drive", AssetKind.AUDIO, "", "Night drive"),
        ("Night template", None, "", "Night template"),
        (
            "https://example.org/a.mp4 hot\nWaves",
            AssetKind.HOT,
            "https://example.org/a.mp4",
            "Waves",
        ),
        ("-name: 'x'; \u202edrop\x00", None, "", "-name: 'x'; drop"),
    ],
)
def test_words_without_a_key(text: str, kind: AssetKind | None, link: str, name: str) -> None:
    line = read_add(text)
    assert (line.kind, line.link, line.name) == (kind, link, name)


def test_a_mood_is_one_word_or_more_in_quotes() -> None:
    line = read_add('mood:"slow and sad" platform:tiktok waves #sea at dawn')
    assert (line.mood, line.platform, line.name) == ("slow and sad", "tiktok", "waves at dawn")


def test_a_line_ends_a_value() -> None:
    line = read_add("hot\nname: Waves\nlicense: CC0\nat the sea")
    assert (line.name, line.licence) == ("Waves", "CC0")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("hot moood:calm", "add_unknown_word"),
        ("platform:vimeo", "add_bad_platform"),
        ("rights: theirs", "add_bad_rights"),
    ],
)
def test_what_is_not_understood_is_not_swallowed(text: str, key: str) -> None:
    with pytest.raises(RefusedError) as caught:
        read_add(text)
    assert caught.value.key == key


def test_what_is_too_long_is_refused() -> None:
    with pytest.raises(StudioError) as caught:
        read_add("mood:" + "x" * 100)
    assert caught.value.key == "text_too_long"


def test_tags_come_with_or_without_their_sign() -> None:
    assert read_tags("#one, two\n#ONE") == {"one", "two"}
