from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from core.errors import SettingsError
from core.settings import describe_settings, load_settings

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def _nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write_config(folder: Path, text: str) -> Path:
    path = folder / "config.py"
    path.write_text(f"APP_CONFIG = {text}\n")
    return path


def test_defaults_need_no_file() -> None:
    settings = load_settings()
    assert settings.upload_workers == 2
    assert settings.database_url == f"sqlite:///{Path('~/.karvon').expanduser()}/karvon.db"


def test_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_config(tmp_path, "{'upload_workers': 3, 'telegram': {'token': '1:a', 'admins': [5]}}")
    monkeypatch.setenv("KARVON_UPLOAD_WORKERS", "7")
    monkeypatch.setenv("KARVON_TELEGRAM__TOKEN", "2:b")
    settings = load_settings()
    assert settings.upload_workers == 7
    assert settings.telegram.token.get_secret_value() == "2:b"
    assert settings.telegram.admins == [5]


@pytest.mark.parametrize(
    ("text", "place", "remedy"),
    [
        ("{'upload_worker': 3}", "upload_worker", "did you mean upload_workers"),
        ("{'telegram': {'tokn': 'x'}}", "telegram.tokn", "did you mean telegram.token"),
        ("{'upload_workers': 'many'}", "upload_workers", "Correct it"),
        ("{'mode': 'fast'}", "mode", "'parallel' or 'sequential'"),
        ("{'timezone': 'Mars/Base'}", "timezone", "Europe/Berlin"),
        ("{'accounts': [{'platform': 'vimeo'}]}", "accounts.0.platform", "youtube"),
        ("['x']", "config.py", "config.example.py"),
        ("{", "config.py", "config.example.py"),
    ],
)
def test_a_bad_setting_names_place_and_remedy(
    tmp_path: Path, text: str, place: str, remedy: str
) -> None:
    write_config(tmp_path, text)
    with pytest.raises(SettingsError) as failure:
        load_settings()
    assert place in str(failure.value)
    assert remedy in str(failure.value)


def test_an_unknown_environment_variable_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KARVON_UPLOD_WORKERS", "3")
    with pytest.raises(SettingsError, match="did you mean KARVON_UPLOAD_WORKERS"):
        load_settings()


def test_a_missing_file_that_was_asked_for_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"config\.example\.py"):
        load_settings(config=tmp_path / "other.py")


def test_secrets_stay_out_of_repr() -> None:
    settings = load_settings(
        overrides={
            "telegram": {"token": "110201543:SECRET"},
            "accounts": [
                {"platform": "youtube", "name": "a", "remote_id": "b", "access_token": "SECRET"}
            ],
        }
    )
    assert "SECRET" not in repr(settings)


def flatten(value: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, item in value.items():
        if isinstance(item, Mapping) and key not in {"hmac_keys", "limits"}:
            flat |= flatten(item, f"{prefix}{key}.")
        else:
            flat[f"{prefix}{key}"] = item
    return flat


def test_the_example_file_holds_every_setting_with_its_default() -> None:
    values: dict[str, Any] = {}
    exec((ROOT / "config.example.py").read_text(), values)
    written = flatten(values["APP_CONFIG"])
    described = {key: default for key, default, _ in describe_settings()}
    assert set(written) == set(described)
    for key, default in described.items():
        expected = str(default)
        assert str("" if written[key] is None and expected == "" else written[key]) == expected


def test_the_readme_table_holds_every_setting() -> None:
    text = (ROOT / "README.md").read_text()
    missing = [key for key, _, _ in describe_settings() if f"| `{key}` |" not in text]
    assert missing == []
