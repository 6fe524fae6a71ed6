from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import SettingsError
from core.store.open import open_store, sqlite_path
from tests.clocks import ManualClock


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("sqlite:///srv/karvon.db", "/srv/karvon.db"),
        ("sqlite:////srv/karvon.db", "/srv/karvon.db"),
        ("sqlite:///srv/with%20space.db", "/srv/with space.db"),
        ("sqlite:///~/karvon.db", "/home/ann/karvon.db"),
    ],
)
def test_the_file_of_a_url(url: str, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ann")
    assert sqlite_path(url) == Path(expected)


@pytest.mark.parametrize(
    "url", ["", "karvon.db", "mysql://host/db", "sqlite://host/karvon.db", "sqlite:///"]
)
async def test_a_url_that_names_no_database_is_refused(url: str, clock: ManualClock) -> None:
    with pytest.raises(SettingsError, match=r"database\.url"):
        await open_store(url, clock=clock)


async def test_opens_and_makes_the_database(database: Path, clock: ManualClock) -> None:
    store = await open_store(f"sqlite://{database}", clock=clock)
    assert await store.all("tasks.counts") == []
    await store.close()
    assert sqlite_path(f"sqlite://{database}") == database
    assert database in set(database.parent.iterdir())
