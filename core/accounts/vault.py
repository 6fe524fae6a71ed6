"""Sealing of tokens at rest: AES-256-GCM with a key id in each sealed value."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.errors import KarvonError

NONCE_BYTES = 12
FORM = "v1"


class VaultError(KarvonError):
    """A sealed value cannot be opened, or the keys cannot be read; the message says what to do."""


class Vault:
    """Seals and opens short texts; ``context`` binds a value to its account and field."""

    def __init__(self, keys: Mapping[str, bytes], current: str) -> None:
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
        data = base64.urlsafe_b64decode(body)
        try:
            opened = self._keys[name].decrypt(
                data[:NONCE_BYTES], data[NONCE_BYTES:], context.encode()
            )
        except InvalidTag as error:
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
        keys = {name: base64.b64decode(key) for name, key in value["keys"].items()}
        return Vault(keys, value["current"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise VaultError(
            f"the keys in {data_dir / 'keys.json'} (or KARVON_KEYS) cannot be read: {error}; "
            "restore the file from a backup"
        ) from error


def _read_or_make(path: Path) -> str:
    if path.exists():
        return path.read_text()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    text = json.dumps({"current": "k1", "keys": {"k1": base64.b64encode(os.urandom(32)).decode()}})
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return text
