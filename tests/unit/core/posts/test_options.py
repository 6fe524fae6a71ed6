from __future__ import annotations

from dataclasses import dataclass

import pytest

from bot.chat.texts import en
from core.errors import RefusedError
from core.posts.options import (
    EVERYWHERE,
    OPTIONS,
    OptionKind,
    canonical_key,
    check_options,
    offers,
    owners,
    read_option,
    rule_of,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a platform tells of its options."""

    name: str
    title: str
    options: tuple[str, ...]


TUBE = Place(name="tube", title="Tube", options=("category", "ai", "title.XX"))
CLIPS = Place(name="clips", title="Clips", options=("ai", "cover"))
CHAT = Place(name="chat", title="Chat", options=())
ALL = (TUBE, CLIPS, CHAT)


@pytest.mark.parametrize(
    ("key", "written", "canonical"),
    [
        ("kids", "Yes", "yes"),
        ("kids", "✔️", "yes"),
        ("notify", "off", "no"),
        ("Embed", "FALSE", "no"),
        ("category", "27", "27"),
        ("category", "News and politics", "25"),
        ("category", "howto", "26"),
        ("playlist", "PLa_-1", "PLa_-1"),
        ("playlist", "https://www.youtube.com/playlist?list=PLa_-1&si=x", "PLa_-1"),
        ("language", "PT-br", "pt-BR"),
        ("language", "zh_hant", "zh-Hant"),
        ("license", "Creative Commons", "creativecommon"),
        ("brand", "No", "none"),
        ("cover", "2.50", "2.5"),
        ("cover", "2,5 s", "2.5"),
        ("cover", "1:05", "65"),
        ("cover", "1:00:00.25", "3600.25"),
        ("cover", "0", "0"),
        ("collaborators", "@Ann; bob.b, ann", "ann,bob.b"),
        ("title.DE", "  Guten\tTag ", "Guten Tag"),
        ("text.pt-BR", "Bom dia", "Bom dia"),
        ("onfail", "go on", "go"),
    ],
)
def test_reads_values_as_people_write_them(key: str, written: str, canonical: str) -> None:
    assert read_option(key, written) == canonical
    assert read_option(key, canonical) == canonical


@pytest.mark.parametrize(
    ("key", "written"),
    [
        ("kids", "maybe"),
        ("category", "Cooking"),
        ("category", "1000"),
        ("playlist", "my list"),
        ("language", "German"),
        ("license", "mit"),
        ("brand", "yes"),
        ("cover", "-1"),
        ("cover", "soon"),
        ("cover", "1:75"),
        ("cover", "25:00:00"),
        ("collaborators", "a, b, c, d"),
        ("collaborators", "ann!"),
        ("title.de", "x" * 101),
        ("title.de", "😀" * 51),
        ("text.de", "ё" * 2501),
        ("onfail", "yes"),
    ],
)
def test_refuses_other_values_and_names_the_known_ones(key: str, written: str) -> None:
    with pytest.raises(RefusedError) as caught:
        read_option(key, written)
    rule = rule_of(key)
    assert rule is not None
    assert caught.value.key == "bad_option"
    assert caught.value.facts == {
        "key": key,
        "given": written[:40],
        "known": list(rule.choices),
    }


@pytest.mark.parametrize("key", ["colour", "title", "text", "title.german", "category.de"])
def test_refuses_a_key_that_is_none(key: str) -> None:
    assert rule_of(key) is None
    with pytest.raises(RefusedError) as caught:
        read_option(key, "yes")
    assert caught.value.key == "bad_option"


def test_keys_have_one_spelling() -> None:
    assert [canonical_key(key) for key in ("KIDS", "Title.pt_br", "text.DE")] == [
        "kids",
        "title.pt-BR",
        "text.de",
    ]


@pytest.mark.parametrize("key", OPTIONS)
def test_every_option_has_its_help_and_takes_what_it_names(key: str) -> None:
    rule = OPTIONS[key]
    assert rule.help in en.SENTENCES
    assert f"<code>{key.replace('.XX', '.de')}:" in str(en.SENTENCES[rule.help])
    if rule.kind in {OptionKind.SWITCH, OptionKind.CHOICE, OptionKind.SECONDS}:
        for choice in rule.choices:
            assert read_option(key, choice)


def test_an_option_for_any_language_is_offered_for_each() -> None:
    assert offers(TUBE, "title.de")
    assert not offers(TUBE, "text.de")
    assert not offers(CLIPS, "title.de")


def test_names_who_has_an_option() -> None:
    assert owners("ai", ALL) == ("Tube", "Clips")
    assert owners("feed", ALL) == ()
    for key in EVERYWHERE:
        assert owners(key, ALL) == ("Tube", "Clips", "Chat")


def test_tells_what_each_platform_will_ignore() -> None:
    asked = {"ai": "yes", "cover": "2", "title.de": "x", "together": "yes"}
    assert check_options(asked, ALL, ALL) == {
        "tube": ("cover",),
        "clips": ("title.de",),
        "chat": ("ai", "cover", "title.de"),
    }
    assert check_options({}, [], ALL) == {}


def test_refuses_an_option_that_no_target_has() -> None:
    with pytest.raises(RefusedError) as caught:
        check_options({"cover": "2"}, [TUBE, CHAT, TUBE], ALL)
    assert caught.value.key == "option_nowhere"
    assert caught.value.facts == {"key": "cover", "targets": ["Tube", "Chat"], "owners": ["Clips"]}
