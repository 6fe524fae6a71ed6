"""Where the keys of the vault lie: ``KARVON_KEYS``, or two files in the data folder.

``keys.json`` holds the keys in use; ``keys.retired.json`` those that a rotation has put aside.
Nothing of the database needs a retired key any more, but backups of before do: who deletes that
file makes those backups useless, which may be just what is wanted. Neither is part of a backup.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from core.accounts.vault import Key, Keyring, Vault, VaultError, next_id
from utils.clock import Clock, SystemClock

VARIABLE = "KARVON_KEYS"
KEY_BYTES = 32
PARTIAL = ".keys-"
"""How files begin that a kill left half made; they were never used."""
OTHERS = 0o077
"""What a file of keys allows nobody but its owner."""


class KeyFile:
    """Reads and changes the keys; each change is whole on disk or not there at all."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self.path = folder / "keys.json"
        self.retired_path = folder / "keys.retired.json"
        self._clock = clock

    @property
    def from_environment(self) -> bool:
        """Whether the keys come from the environment, which cannot be written."""
        return bool(os.environ.get(VARIABLE))

    def read(self) -> Keyring:
        """Return all keys.

        Raises:
            VaultError: they are not there or unreadable.
        """
        retired = self._retired()
        if text := os.environ.get(VARIABLE):
            return _ring(text, retired, VARIABLE)
        return _ring(_read(self.path), retired, str(self.path))

    def read_or_make(self, used: Collection[str]) -> Keyring:
        """Return all keys; make the first one where there is none.

        ``used`` are the ids that sealed values name: a new key never takes one of them, so that a
        lost key is told as lost.

        Raises:
            VaultError: they cannot be read or made.
        """
        for partial in self.path.parent.glob(f"{PARTIAL}*"):
            partial.unlink(missing_ok=True)
        if not self.from_environment and not self.path.exists():
            name = next_id({*used, *self._retired()})
            ring = Keyring(keys={name: self._new_key()}, current=name)
            with _explained(self.path):
                _write(self.path, _text(ring.keys, name), is_new=True)
        return self.read()

    def add(self, ring: Keyring, used: Collection[str]) -> Keyring:
        """Make a new key and make it the current one."""
        name = next_id({*ring.keys, *used})
        return self._save(
            Keyring(keys={**ring.keys, name: self._new_key()}, current=name), retired=False
        )

    def take_back(self, ring: Keyring, text: str) -> Keyring:
        """Take the keys of an older ``keys.json`` into use again, next to the current one.

        Raises:
            VaultError: the text holds no keys, or another key of the same id.
        """
        found = _ring(text, {}, "the file")
        for name, key in found.keys.items():
            known = ring.keys.get(name)
            if known is not None and known.secret != key.secret:
                raise VaultError(f"another key has the id {name!r} here; nothing was changed")
        new = {name: key for name, key in found.keys.items() if name not in ring.keys}
        return self._save(Keyring(keys={**new, **ring.keys}, current=ring.current), retired=False)

    def retire(self, ring: Keyring, names: Collection[str]) -> Keyring:
        """Put keys aside: first they are written where they go, then removed where they were."""
        now = self._clock.now()
        keys = {
            name: replace(key, retired_at=now) if name in names else key
            for name, key in ring.keys.items()
        }
        return self._save(Keyring(keys=keys, current=ring.current), retired=True)

    def _save(self, ring: Keyring, *, retired: bool) -> Keyring:
        with _explained(self.path):
            if retired:
                aside = {n: key for n, key in ring.keys.items() if key.retired_at is not None}
                _write(self.retired_path, _text(aside))
            _write(self.path, _text(ring.in_use, ring.current))
        return ring

    def _new_key(self) -> Key:
        return Key(secret=os.urandom(KEY_BYTES), made_at=self._clock.now())

    def _retired(self) -> dict[str, Key]:
        if not self.retired_path.exists():
            return {}
        with _readable(str(self.retired_path)):
            value = json.loads(_read(self.retired_path))
            now = self._clock.now()
            keys = _keys(value)
            return {n: replace(key, retired_at=key.retired_at or now) for n, key in keys.items()}


def open_vault(folder: Path, used: Collection[str] = (), clock: Clock | None = None) -> Vault:
    """Open the vault with the keys of ``KARVON_KEYS`` or of ``keys.json`` (made, 0600, if new).

    Both have the form ``{"current": "k1", "keys": {"k1": "<base64 of 32 bytes>"}}``.

    Raises:
        VaultError: the keys are unreadable.
    """
    return Vault.of(KeyFile(folder, clock or SystemClock()).read_or_make(used))


def _ring(text: str, retired: Mapping[str, Key], place: str) -> Keyring:
    with _readable(place):
        value = json.loads(text)
        keys = {n: replace(key, retired_at=None) for n, key in _keys(value).items()}
        return Keyring(keys={**retired, **keys}, current=value["current"])


def _keys(value: Mapping[str, Any]) -> dict[str, Key]:
    made, retired = value.get("made", {}), value.get("retired", {})
    return {
        name: Key(
            secret=base64.b64decode(secret, validate=True),
            made_at=_time(made.get(name)),
            retired_at=_time(retired.get(name)),
        )
        for name, secret in value["keys"].items()
    }


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _text(keys: Mapping[str, Key], current: str = "") -> str:
    """Write ``{"current", "keys": {id: base64}, "made": {id: time}, "retired": {id: time}}``."""
    value = {
        "current": current,
        "keys": {name: base64.b64encode(key.secret).decode() for name, key in keys.items()},
        "made": {n: key.made_at.isoformat() for n, key in keys.items() if key.made_at},
        "retired": {n: key.retired_at.isoformat() for n, key in keys.items() if key.retired_at},
    }
    return json.dumps({name: item for name, item in value.items() if item}, indent=1)


@contextmanager
def _readable(place: str) -> Iterator[None]:
    """Turn what is wrong in a text of keys into one sentence, which never repeats the text."""
    try:
        yield
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        # The cause is cut off: it holds the text that could not be read.
        raise VaultError(
            f"the keys in {place} cannot be read ({_why(error)}); restore the file from a backup"
        ) from None


def _why(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return "it is no JSON"
    return "a key is no base64" if isinstance(error, binascii.Error) else str(error)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turn a refusal of the system into a sentence."""
    try:
        yield
    except OSError as error:
        raise VaultError(
            f"{path} cannot be read or made ({error.strerror}); give it to this user"
        ) from error


def _read(path: Path) -> str:
    with _explained(path):
        if path.stat().st_mode & OTHERS:
            path.chmod(0o600)
        return path.read_text()


def _write(path: Path, text: str, *, is_new: bool = False) -> None:
    """Write a file for its owner alone; it gets its name only when it is whole and on disk.

    A new one never takes the place of one that is there.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, partial = tempfile.mkstemp(prefix=PARTIAL, dir=path.parent)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if is_new:
            with suppress(FileExistsError):
                os.link(partial, path)
        else:
            Path(partial).replace(path)
    finally:
        Path(partial).unlink(missing_ok=True)
    _sync(path.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
