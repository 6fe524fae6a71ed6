from __future__ import annotations

import base64
import json
import os
from pathlib import Path

import pytest

from core.accounts.keyfile import KeyFile, open_vault
from core.accounts.vault import Keyring, VaultError
from tests.clocks import ManualClock

KEY, OTHER = bytes(range(32)), bytes(range(32, 64))


@pytest.fixture
def file(tmp_path: Path, clock: ManualClock) -> KeyFile:
    return KeyFile(tmp_path / "data", clock)


def written(**keys: bytes) -> str:
    encoded = {name: base64.b64encode(key).decode() for name, key in keys.items()}
    return json.dumps({"current": next(iter(keys)), "keys": encoded})


def secrets(ring: Keyring) -> dict[str, bytes]:
    return {name: key.secret for name, key in ring.keys.items()}


def test_the_first_key_knows_when_it_was_made(file: KeyFile, clock: ManualClock) -> None:
    ring = file.read_or_make(())
    assert ring.current == "k1"
    assert ring.keys["k1"].made_at == clock.now()
    assert file.read() == ring


def test_a_new_key_never_takes_the_id_of_a_lost_one(file: KeyFile) -> None:
    assert file.read_or_make({"k1", "k4"}).current == "k5"


def test_an_added_key_is_current_and_the_older_stays(file: KeyFile) -> None:
    first = file.read_or_make(())
    second = file.add(first, ())
    assert second.current == "k2"
    assert file.read() == second
    assert secrets(second)["k1"] == secrets(first)["k1"]


def test_a_retired_key_goes_to_its_own_file_and_still_opens(
    file: KeyFile, clock: ManualClock
) -> None:
    both = file.add(file.read_or_make(()), ())
    ring = file.retire(both, ["k1"])
    assert set(ring.in_use) == {"k2"}
    assert ring.keys["k1"].retired_at == clock.now()
    assert file.read() == ring
    assert "k1" not in json.loads(file.path.read_text())["keys"]
    for path in (file.path, file.retired_path):
        assert path.stat().st_mode & 0o777 == 0o600


def test_a_key_in_both_files_is_in_use(file: KeyFile) -> None:
    """As a kill leaves it between the two writes of a retirement."""
    both = file.add(file.read_or_make(()), ())
    kept = file.path.read_text()
    _ = file.retire(both, ["k1"])
    file.path.write_text(kept)
    assert set(file.read().in_use) == {"k1", "k2"}


def test_the_id_of_a_retired_key_is_not_used_again(file: KeyFile) -> None:
    ring = file.retire(file.add(file.read_or_make(()), ()), ["k1"])
    file.path.unlink()
    assert file.read_or_make(()).current == "k2"
    assert file.add(ring, ()).current == "k3"


def test_what_a_kill_left_half_made_is_swept_at_the_next_start(file: KeyFile) -> None:
    file.path.parent.mkdir()
    (file.path.parent / ".keys-abc").write_text("half")
    _ = file.read_or_make(())
    assert sorted(path.name for path in file.path.parent.iterdir()) == ["keys.json"]


def test_a_folder_that_takes_nothing_changes_nothing(
    file: KeyFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = file.read_or_make(())

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(VaultError, match="No space left"):
            file.add(ring, ())
    assert file.read() == ring
    assert [path.name for path in file.path.parent.iterdir()] == ["keys.json"]


def test_older_keys_come_back_beside_those_in_use(file: KeyFile) -> None:
    ring = file.read_or_make({"k1"})
    back = file.take_back(ring, written(k1=KEY))
    assert back.current == "k2"
    assert secrets(back)["k1"] == KEY
    assert file.read() == back


def test_a_retired_key_that_is_taken_back_stays_retired(file: KeyFile) -> None:
    ring = file.retire(file.add(file.read_or_make(()), ()), ["k1"])
    back = file.take_back(ring, written(k1=secrets(ring)["k1"]))
    assert set(back.in_use) == {"k2"}


@pytest.mark.parametrize("text", ["", "[]", "{}", "words", written(k1=OTHER)])
def test_what_contradicts_or_holds_no_key_is_not_taken(file: KeyFile, text: str) -> None:
    ring = file.read_or_make(())
    with pytest.raises(VaultError):
        file.take_back(ring, text)
    assert file.read() == ring


def test_retired_keys_that_cannot_be_read_are_told(file: KeyFile) -> None:
    _ = file.read_or_make(())
    file.retired_path.write_text('{"keys": {"k0": "secret words"}}')
    with pytest.raises(VaultError, match=r"keys\.retired\.json") as caught:
        open_vault(file.path.parent)
    assert "secret words" not in str(caught.value)


def test_keys_of_the_environment_open_with_those_that_are_retired(
    file: KeyFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    _ = file.retire(file.add(file.read_or_make(()), ()), ["k1"])
    monkeypatch.setenv("KARVON_KEYS", written(k9=OTHER))
    ring = file.read()
    assert ring.current == "k9"
    assert set(ring.in_use) == {"k9"}
    assert set(ring.keys) == {"k1", "k9"}
