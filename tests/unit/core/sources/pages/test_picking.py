"""Choosing among links, and the words of each video."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from time import process_time

import pytest

from core.errors import RefusedError
from core.sources.pages import picking
from core.sources.pages.look import FoundLink, Look, LookState, PullMode
from core.sources.pages.telling import MIB, list_facts
from core.sources.pages.wording import caption_of, check_words, harmless
from tests.look_kit import make_links

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def make_found(count: int = 12) -> list[FoundLink]:
    return [
        FoundLink(number=number, link=link, identity=link.url, is_seen=number % 2 == 0)
        for number, link in enumerate(make_links(count), start=1)
    ]


def make_look(caption: str = "", **changes: object) -> Look:
    look = Look(
        id=1,
        chat_id=1,
        user_id=1,
        message_id=1,
        url="https://example.org/clips",
        caption=caption,
        state=LookState.OPEN,
        mode=PullMode.PARALLEL,
        smallest_first=True,
        title="All clips",
        pages=1,
        findings=(),
        note="",
        note_facts={},
        shown_page=0,
        menu="",
        generation=1,
        created_at=0.0,
        started_at=None,
        finished_at=None,
    )
    return replace(look, **changes)  # type: ignore[arg-type]


def numbers(found: list[FoundLink]) -> list[int]:
    return [one.number for one in found]


@pytest.mark.parametrize(
    ("pattern", "wanted"),
    [
        ("clip 1", [1, 10, 11, 12]),
        ("CLIP ?", [1, 2, 3, 4, 5, 6, 7, 8, 9]),
        ("*/v/1[01].mp4", [10, 11]),
        ("3.mp4\n\nclip 12", [3, 12]),
        ("nothing", []),
        ("https://*/7.mp4", [7]),
    ],
)
def test_patterns(pattern: str, wanted: list[int]) -> None:
    assert numbers(picking.matching(make_found(), pattern)) == wanted


@pytest.mark.parametrize("pattern", ["", "  \n ", "x" * 300, "*a*b*c*d*e*f*g*"])
def test_patterns_that_are_none(pattern: str) -> None:
    with pytest.raises(RefusedError):
        picking.matching(make_found(), pattern)


def test_a_slow_pattern_takes_no_time() -> None:
    link = replace(make_links(1)[0], title="a" * 300)
    many = [replace(one, link=link) for one in make_found(1000)]
    began = process_time()
    assert picking.matching(many, "*" * 50 + "a*a*a*a*b") == []
    assert process_time() - began < 5


def test_new_and_small() -> None:
    assert numbers(picking.new(make_found(4))) == [1, 3]
    assert numbers(picking.up_to(make_found(), 3 * MIB)) == [1, 2, 3]


@pytest.mark.parametrize(
    ("text", "size"),
    [("200MB", 200 * MIB), ("1.5 GiB", 1536 * MIB), ("700k", 700 * 1024), ("12", 12)],
)
def test_sizes(text: str, size: int) -> None:
    assert picking.read_size(text) == size


@pytest.mark.parametrize("text", ["", "big", "-1", "1 XB", "1" * 40])
def test_sizes_that_are_none(text: str) -> None:
    with pytest.raises(RefusedError):
        picking.read_size(text)


def test_only_limits_that_make_a_difference_are_offered() -> None:
    facts = list_facts(make_look(), make_found())
    assert facts["sizes"] == [
        {"limit_bytes": 10 * MIB, "count": 5},
        {"limit_bytes": 50 * MIB, "count": 6},
    ]


@pytest.mark.parametrize(
    ("caption", "wanted"),
    [
        ("", "Clip 1"),
        ("to: youtube", "Clip 1\nto: youtube"),
        ("Best: {title} #{number}\nto: youtube", "Best: Clip 1 #1\nto: youtube"),
        ("{name} of {page} at {host}", "1 of All clips at example.org"),
        ("title: {title}", "title: Clip 1"),
    ],
)
def test_captions(caption: str, wanted: str) -> None:
    found = make_found(1)[0]
    assert caption_of(make_look(caption), found, now=NOW, timezone="UTC") == wanted


@pytest.mark.parametrize(
    "title",
    ["to: tiktok", "privacy: public", "at: tomorrow", "Schedule: now", "title: x", "kids: yes"],
)
def test_a_title_gives_no_orders(title: str) -> None:
    assert harmless(title) == title.replace(":", " –")


def test_a_title_with_places_is_not_filled_again() -> None:
    link = replace(make_links(1)[0], title="{host} {number}")
    found = replace(make_found(1)[0], link=link)
    text = caption_of(make_look("{title}"), found, now=NOW, timezone="UTC")
    assert text == "{host} {number}"


def test_unknown_places_are_refused() -> None:
    check_words("{title} {number}")
    with pytest.raises(RefusedError):
        check_words("{titel}")
