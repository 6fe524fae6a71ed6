from __future__ import annotations

import subprocess
import sys
from importlib.metadata import EntryPoint

import pytest

from core.errors import SettingsError
from core.platforms import registry
from core.platforms.youtube import PLATFORM


@pytest.fixture(autouse=True)
def _fresh_registry() -> None:
    registry.get_platform.cache_clear()


def install(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    entry = EntryPoint(name=name, value=value, group=registry.GROUP)
    monkeypatch.setattr(registry, "_foreign", lambda: {name: entry})


def test_gives_each_platform_once() -> None:
    assert registry.get_platform("youtube") is PLATFORM
    assert registry.get_platform("nothing") is None


def test_names_those_there_are_when_one_is_missing() -> None:
    with pytest.raises(SettingsError, match="youtube, tiktok, instagram"):
        registry.require_platform("vimeo")


def test_a_third_party_may_add_but_not_replace(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, "youtube", "core.platforms.telegram:PLATFORM")
    assert registry.get_platform("youtube") is PLATFORM
    assert registry.platform_names().count("youtube") == 1


@pytest.mark.parametrize(
    "value", ["core.platforms.youtube:CAPABILITIES", "core.platforms.youtube:PLATFORM"]
)
def test_refuses_an_entry_that_is_not_what_it_says(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    install(monkeypatch, "vimeo", value)
    assert "vimeo" in registry.platform_names()
    with pytest.raises(SettingsError, match=r"karvon\.platforms:vimeo"):
        registry.get_platform("vimeo")


def test_loads_a_platform_and_googles_client_only_when_used() -> None:
    code = (
        "import sys, core.platforms.registry as r; r.platform_names();"
        "assert 'core.platforms.youtube' not in sys.modules; r.get_platform('youtube');"
        "assert 'googleapiclient' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=30)
