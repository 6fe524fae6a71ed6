from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.errors import RefusedError
from core.store.sqlite import SqliteStore
from core.studio.library import Library
from core.studio.mashup import AssetKind
from core.studio.naming import named
from core.studio.order_line import OrderLine, read_order
from core.studio.wizard import Step, read_count
from tests.clocks import ManualClock
from tests.library_kit import FolderShelf, make_library, plant

NAMES = {1: "Beach", 2: "Beach at night", 3: "Cat 12", 4: "Red, white", 5: "12"}


@pytest.fixture
async def library(tmp_path: Path) -> AsyncIterator[Library]:
    clock = ManualClock()
    store = await SqliteStore.open(tmp_path / "karvon.db", clock=clock)
    await plant(store, 12, AssetKind.SOURCE)
    await plant(store, 2, AssetKind.TEMPLATE)
    await plant(store, 2, AssetKind.AUDIO)
    library = make_library(store, clock, tmp_path / "library", FolderShelf(tmp_path / "shelf"))
    for number, name in NAMES.items():
        await library.rename(number, name)
    await library.tag(7, add=["sea"])
    await library.tag(8, add=["sea"])
    await library.tag(13, add=["sea"])
    yield library
    await store.close()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", set()),
        (" , ", set()),
        ("beach", {1}),
        ("BEACH", {1}),
        ("bea", {1, 2}),
        ("night beach; cat 12", {2, 3}),
        ("#sea", {7, 8}),
        ("9, 9\n10", {9, 10}),
        ("red, white", {4}),
        ("12", {5}),
        ("beach, #sea, 12", {1, 7, 8, 12}),
    ],
)
async def test_parts_are_named_by_number_tag_name_or_words(
    library: Library, text: str, found: set[int]
) -> None:
    assert set(await named(library, text, Step.SOURCE)) == found


@pytest.mark.parametrize(
    ("text", "step", "key", "name"),
    [
        ("beach, zebra", Step.SOURCE, "mashup_no_such_source", "zebra"),
        ("99", Step.SOURCE, "mashup_no_such_source", "99"),
        ("13", Step.SOURCE, "mashup_no_such_source", "13"),
        ("#nothing", Step.TEMPLATE, "mashup_no_such_template", "#nothing"),
        ("#", Step.TEMPLATE, "mashup_no_such_template", "#"),
        ("## #", Step.SOURCE, "mashup_no_such_source", "## #"),
        ("💥", Step.MUSIC, "mashup_no_such_music", "💥"),
        ("9" * 300, Step.MUSIC, "mashup_no_such_music", "9" * 60),
    ],
)
async def test_what_is_not_there_is_named(
    library: Library, text: str, step: Step, key: str, name: str
) -> None:
    with pytest.raises(RefusedError, match=key) as raised:
        await named(library, text, step)
    assert raised.value.facts == {"name": name}


async def test_what_was_deleted_cannot_be_named(library: Library) -> None:
    await library.delete(9)
    with pytest.raises(RefusedError, match="mashup_no_such_source"):
        await named(library, "9", Step.SOURCE)


def test_lines_and_keys_are_told_apart() -> None:
    text = "Upbeat music\nfrom: beach, cat 12 templates: #slime\r\nMusic: Sunny\nfrom: 12"
    assert read_order(text) == OrderLine(
        words="Upbeat music", sources="beach, cat 12, 12", templates="#slime", music="Sunny"
    )
    assert read_order("") == OrderLine()
    assert read_order("mood: calm") == OrderLine(mood="calm")
    with pytest.raises(RefusedError, match="mashup_many_key") as raised:
        read_order("upbeat\n  to: youtube")
    assert raised.value.facts["given"] == "to"
    assert read_order("from: Part: two mood: calm").sources == "Part: two"


def test_the_number_ends_at_its_line_too() -> None:
    assert read_count("20\nfrom: beach") == (20, "from: beach")
    assert read_count("20") == (20, "")
    assert read_count("") == (None, "")
    assert read_count("upbeat") == (None, "upbeat")
