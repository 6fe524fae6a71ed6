"""Full text search: names in every script, found by what people type for them."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.store.sqlite import SqliteStore
from core.studio.assets import Wanted
from core.studio.library import Library
from core.studio.searching import match_of
from tests.clocks import ManualClock
from tests.library_kit import FolderShelf, make_library, plant

FOUND = (
    ("İstanbul gecesi", ("İstanbul", "istanbul", "ISTANBUL", "Istanbul gec")),
    ("ışık", ("isik", "ışık", "IŞIK")),
    ("за\u0301мок", ("замок", "за\u0301мок", "ЗАМ")),
    ("مَرْحَبًا بالعالم", ("مرحبا", "مَرْحَبًا", "العالم بال"[7:])),
    ("مـــوسيقى", ("موسيقى",)),
    ("שָׁלוֹם", ("שלום", "שָׁלוֹם")),
    ("हिन्दी गाना", ("हिन्दी", "हिन्", "गाना")),
    ("ශ්\u200dරී ලංකා", ("ශ්රී", "ශ්\u200dරී")),
    ("ที่นี่มีเพลง", ("ที่นี่", "เพลง")),
    ("Đà Nẵng đồ ăn", ("da nang", "Đà Nẵng", "do an")),
    ("Łódź", ("lodz", "ŁÓDŹ")),
    ("한국어 노래", ("한국", "노래")),
    ("がっこうの音", ("がっこ", "音")),
    ("co\u00adoperate", ("cooperate",)),
)
MISSED = (
    ("हाथ नदी दाल", "हिन्दी"),
    ("ทานา", "ที่นี่"),
    ("かっこう", "がっこ"),
    ("мойка", "мос"),
)


@pytest.fixture
def library(store: SqliteStore, clock: ManualClock, tmp_path: Path) -> Library:
    return make_library(store, clock, tmp_path / "library", FolderShelf(tmp_path / "shelf"))


async def test_a_name_is_found_by_what_people_type_for_it(
    store: SqliteStore, library: Library
) -> None:
    await plant(store, len(FOUND))
    for number, (name, _) in enumerate(FOUND, start=1):
        await library.rename(number, name)
    for number, (name, typed) in enumerate(FOUND, start=1):
        for text in typed:
            found = await library.find(Wanted(text=text))
            assert [one.id for one in found.assets] == [number], (name, text)


async def test_a_name_is_not_found_by_the_bare_letters_of_another(
    store: SqliteStore, library: Library
) -> None:
    await plant(store, 1)
    for name, text in MISSED:
        await library.rename(1, name)
        assert (await library.find(Wanted(text=text))).total == 0, (name, text)


def test_only_so_many_words_are_looked_for() -> None:
    assert match_of("a" * 100 + " b" * 100).count('"*') == 12
    assert match_of("🦊 - ! ' \u0301") == ""
