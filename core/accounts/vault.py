"""Sealing of tokens at rest: AES-256-GCM with a key id in each sealed value."""

from __future__ import annotations

import base64
import json
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.errors import KarvonError

NONCE_BYTES = 12
FORM = "v1"
OTHERS = 0o077
"""What a file of keys allows nobody but its owner."""


class VaultError(KarvonError):
    """A sealed value cannot be opened, or the keys cannot be read; the message says what to do."""


class Vault:
    """Seals and opens short texts; ``context`` binds a value to its account and field."""

    def __init__(self, keys: Mapping[str, bytes], current: str) -> None:
        if current not in keys:
            raise ValueError(f"the current key {current!r} is not among the keys")
        self._keys = {name: AESGCM(key) for name, key in keys.items()}
        self._current = current

    def seal(self, text: str, *, context: str) -> str:
        """Return ``v1.<key id>.<base64 of nonce and ciphertext>``."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._keys[self._current].encrypt(nonce, text.encode(), context.encode())
        return f"{FORM}.{self._current}.{base64.urlsafe_b64encode(nonce + sealed).decode()}"

    def open(self, sealed: str, *, context: str) -> str:
        """Return the text.

        Raises:
            VaultError: the key is not here, or the value was changed or moved.
        """
        form, _, rest = sealed.partition(".")
        name, _, body = rest.partition(".")
        if form != FORM or name not in self._keys:
            raise VaultError(
                f"a token was sealed with the key {name!r}, which is not in keys.json; "
                "restore that file from a backup or connect the account again"
            )
        try:
            data = base64.b64decode(body, altchars=b"-_", validate=True)
            opened = self._keys[name].decrypt(
                data[:NONCE_BYTES], data[NONCE_BYTES:], context.encode()
            )
        except (InvalidTag, ValueError) as error:
            raise VaultError("a sealed token was changed; connect the account again") from error
        return opened.decode()


def open_vault(data_dir: Path) -> Vault:
    """Open the vault with the keys of ``KARVON_KEYS`` or of ``keys.json`` (made, 0600, if new).

    Both have the form ``{"current": "k1", "keys": {"k1": "<base64 of 32 bytes>"}}``.

    Raises:
        VaultError: the keys are unreadable.
    """
    text = os.environ.get("KARVON_KEYS") or _read_or_make(data_dir / "keys.json")
    try:
        value = json.loads(text)
        keys = {name: base64.b64decode(key, validate=True) for name, key in value["keys"].items()}
        return Vault(keys, value["current"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise VaultError(
            f"the keys in {data_dir / 'keys.json'} (or KARVON_KEYS) cannot be read: {error}; "
            "restore the file from a backup"
        ) from error


def _read_or_make(path: Path) -> str:
    try:
        if not path.exists():
            _make(path)
        if path.stat().st_mode & OTHERS:
            path.chmod(0o600)
        return path.read_text()
    except OSError as error:
        raise VaultError(
            f"{path} cannot be read or made ({error.strerror}); give it to this user"
        ) from error


def _make(path: Path) -> None:
    """Write a new key; it gets its name only when it is whole, and never replaces another."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    text = json.dumps({"current": "k1", "keys": {"k1": base64.b64encode(os.urandom(32)).decode()}})
    handle, partial = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(partial, path)
    finally:
        Path(partial).unlink()
