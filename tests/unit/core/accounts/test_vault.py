from __future__ import annotations

import base64
import json
import traceback
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.accounts.keyfile import open_vault
from core.accounts.vault import Key, Keyring, LostKeyError, Vault, VaultError, key_of, next_id

KEY, OTHER = bytes(range(32)), bytes(range(32, 64))
CONTEXT = "youtube:UC1"


@pytest.fixture
def vault() -> Vault:
    return Vault({"k1": KEY}, "k1")


def written_keys(**keys: bytes) -> str:
    encoded = {name: base64.b64encode(key).decode() for name, key in keys.items()}
    return json.dumps({"current": next(iter(keys)), "keys": encoded})


def test_opens_what_it_sealed(vault: Vault) -> None:
    assert vault.open(vault.seal("tökens", context=CONTEXT), context=CONTEXT) == "tökens"


def test_a_sealed_value_shows_nothing_and_never_looks_the_same(vault: Vault) -> None:
    first, second = (vault.seal("secret", context=CONTEXT) for _ in range(2))
    assert "secret" not in first
    assert first != second


def test_a_value_moved_to_another_account_is_refused(vault: Vault) -> None:
    with pytest.raises(VaultError, match="connect the account again"):
        vault.open(vault.seal("secret", context=CONTEXT), context="youtube:UC2")


@pytest.mark.parametrize("place", [6, 20, -3])
def test_a_changed_value_is_refused(vault: Vault, place: int) -> None:
    sealed = list(vault.seal("a secret text", context=CONTEXT))
    sealed[place] = "A" if sealed[place] != "A" else "B"
    with pytest.raises(VaultError):
        vault.open("".join(sealed), context=CONTEXT)


@pytest.mark.parametrize("sealed", ["", "v1", "v1.k1", "v1.k1.", "v1.k1.!", "v1.k1.AAAA", "x"])
def test_what_is_no_sealed_value_is_refused(vault: Vault, sealed: str) -> None:
    with pytest.raises(VaultError):
        vault.open(sealed, context=CONTEXT)


def test_an_older_key_still_opens_and_the_current_one_seals() -> None:
    old = Vault({"k1": KEY}, "k1").seal("secret", context=CONTEXT)
    both = Vault({"k1": KEY, "k2": OTHER}, "k2")
    assert both.open(old, context=CONTEXT) == "secret"
    assert both.seal("secret", context=CONTEXT).startswith("v1.k2.")


def test_a_lost_key_is_named() -> None:
    sealed = Vault({"k1": KEY}, "k1").seal("secret", context=CONTEXT)
    with pytest.raises(LostKeyError, match="'k1'") as caught:
        Vault({"k2": OTHER}, "k2").open(sealed, context=CONTEXT)
    assert caught.value.key == "k1"


def test_a_value_moved_to_another_field_is_refused(vault: Vault) -> None:
    with pytest.raises(VaultError, match="connect the account again"):
        vault.open(vault.seal("secret", context=CONTEXT), context=CONTEXT, field="sealed")


def without_field(text: str) -> str:
    """Seal as values of before are: bound to their account alone."""
    nonce = bytes(12)
    hidden = AESGCM(KEY).encrypt(nonce, text.encode(), CONTEXT.encode())
    return f"v1.k1.{base64.urlsafe_b64encode(nonce + hidden).decode()}"


def test_a_value_of_before_opens_and_is_bound_to_its_field_when_sealed_anew(vault: Vault) -> None:
    old = without_field("secret")
    assert vault.open(old, context=CONTEXT) == "secret"
    new = vault.reseal(old, context=CONTEXT)
    assert new is not None
    assert vault.open(new, context=CONTEXT) == "secret"
    assert vault.reseal(new, context=CONTEXT) is None
    with pytest.raises(VaultError):
        vault.open(new, context=CONTEXT, field="other")


def test_reseal_brings_a_value_to_the_current_key() -> None:
    old = Vault({"k1": KEY}, "k1").seal("secret", context=CONTEXT)
    both = Vault({"k1": KEY, "k2": OTHER}, "k2")
    new = both.reseal(old, context=CONTEXT)
    assert new is not None
    assert key_of(new) == "k2"
    assert Vault({"k2": OTHER}, "k2").open(new, context=CONTEXT) == "secret"


def test_neither_vault_nor_keys_show_a_key(vault: Vault) -> None:
    key = Key(secret=b"0123456789abcdef" * 2)
    shown = f"{vault!r} {key!r} {Keyring(keys={'k1': key}, current='k1')!r}"
    assert "0123456789" not in shown
    assert "k1" in shown


@pytest.mark.parametrize(
    ("taken", "new"),
    [((), "k1"), (("k1",), "k2"), (("k9", "k10", "mine"), "k11"), (("kx",), "k1")],
)
def test_a_new_key_has_an_id_that_none_had(taken: tuple[str, ...], new: str) -> None:
    assert next_id(taken) == new


def test_keys_are_made_once_and_only_for_their_owner(tmp_path: Path) -> None:
    sealed = open_vault(tmp_path / "data").seal("secret", context=CONTEXT)
    keys = tmp_path / "data" / "keys.json"
    assert keys.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in keys.parent.iterdir()] == ["keys.json"]
    assert open_vault(tmp_path / "data").open(sealed, context=CONTEXT) == "secret"


def test_keys_that_others_could_read_are_closed_to_them(tmp_path: Path) -> None:
    keys = tmp_path / "keys.json"
    keys.write_text(written_keys(k1=KEY))
    keys.chmod(0o644)
    _ = open_vault(tmp_path)
    assert keys.stat().st_mode & 0o777 == 0o600


def test_keys_from_the_environment_leave_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KARVON_KEYS", written_keys(k7=KEY))
    assert open_vault(tmp_path).seal("secret", context=CONTEXT).startswith("v1.k7.")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"current": "k1", "keys": []}',
        '{"current": "k1", "keys": {}}',
        '{"current": "k2", "keys": {"k1": "' + base64.b64encode(KEY).decode() + '"}}',
        '{"current": "k1", "keys": {"k1": "no base64!"}}',
        '{"current": "k1", "keys": {"k1": "c2hvcnQ="}}',
        '{"current": "k1", "keys": {"k1": 5}}',
    ],
)
def test_unreadable_keys_are_told_and_left_alone(tmp_path: Path, text: str) -> None:
    keys = tmp_path / "keys.json"
    keys.write_text(text)
    with pytest.raises(VaultError, match="restore the file") as caught:
        open_vault(tmp_path)
    assert keys.read_text() == text
    assert "no base64!" not in "".join(traceback.format_exception(caught.value))


def test_keys_that_are_a_folder_are_told(tmp_path: Path) -> None:
    (tmp_path / "keys.json").mkdir(mode=0o700)
    with pytest.raises(VaultError, match="cannot be read"):
        open_vault(tmp_path)
