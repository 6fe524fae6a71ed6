"""Sealing of tokens at rest: AES-256-GCM with a key id in each sealed value."""

from __future__ import annotations

import base64
import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.errors import KarvonError

NONCE_BYTES = 12
FORM = "v1"
TOKENS = "tokens"
"""The field that a value belongs to where none is named: the tokens of an account."""


class VaultError(KarvonError):
    """A sealed value cannot be opened, or the keys cannot be read; the message says what to do."""


class LostKeyError(VaultError):
    """The key of a sealed value is not here; ``key`` is its id."""

    def __init__(self, key: str) -> None:
        super().__init__(
            f"a token was sealed with the key {key!r}, which is not in keys.json; "
            "restore that file from a backup or connect the account again"
        )
        self.key = key


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One key of 32 bytes; it stays out of ``repr``."""

    secret: bytes = field(repr=False)
    made_at: datetime | None = None
    """None when it is not known."""
    retired_at: datetime | None = None
    """Since when nothing is sealed with it; it only opens what older backups hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyring:
    """All keys by id, and which of them seals.

    Raises:
        ValueError: the current key is not among those in use, or a key is no key.
    """

    keys: Mapping[str, Key]
    current: str

    def __post_init__(self) -> None:
        if self.current not in self.in_use:
            raise ValueError(f"the current key {self.current!r} is not among the keys")
        for name, key in self.keys.items():
            if not name or "." in name:
                raise ValueError(f"{name!r} is no id of a key; use letters and digits")
            if len(key.secret) != 32:
                raise ValueError(f"the key {name!r} has not 32 bytes")

    @property
    def in_use(self) -> dict[str, Key]:
        """The keys that are not retired."""
        return {name: key for name, key in self.keys.items() if key.retired_at is None}


class Vault:
    """Seals and opens short texts; ``context`` and ``field`` bind a value to where it stands.

    Values of before had no field in their binding: they still open, and `reseal` binds them.
    """

    def __init__(self, keys: Mapping[str, bytes], current: str) -> None:
        self.use(
            Keyring(
                keys={name: Key(secret=secret) for name, secret in keys.items()}, current=current
            )
        )

    @classmethod
    def of(cls, ring: Keyring) -> Vault:
        vault = cls.__new__(cls)
        vault.use(ring)
        return vault

    def use(self, ring: Keyring) -> None:
        """Seal with the current key of this ring from now on, and open with all of them."""
        self._keys = {name: AESGCM(key.secret) for name, key in ring.keys.items()}
        self.current = ring.current

    def __repr__(self) -> str:
        return f"<Vault of {len(self._keys)} keys, {self.current} is current>"

    def seal(self, text: str, *, context: str, field: str = TOKENS) -> str:
        """Return ``v1.<key id>.<base64 of nonce and ciphertext>``."""
        nonce = os.urandom(NONCE_BYTES)
        binding = f"{context}/{field}".encode()
        sealed = self._keys[self.current].encrypt(nonce, text.encode(), binding)
        return f"{FORM}.{self.current}.{base64.urlsafe_b64encode(nonce + sealed).decode()}"

    def open(self, sealed: str, *, context: str, field: str = TOKENS) -> str:
        """Return the text.

        Raises:
            LostKeyError: the key is not here.
            VaultError: the value was changed or moved.
        """
        return self._opened(sealed, context, field)[0]

    def reseal(self, sealed: str, *, context: str, field: str = TOKENS) -> str | None:
        """Return the value sealed with the current key, or None when it is already.

        Raises:
            LostKeyError: the key is not here.
            VaultError: the value was changed or moved.
        """
        text, is_bound = self._opened(sealed, context, field)
        if is_bound and key_of(sealed) == self.current:
            return None
        return self.seal(text, context=context, field=field)

    def _opened(self, sealed: str, context: str, field: str) -> tuple[str, bool]:
        """Return the text, and whether the value is bound to its field too."""
        name = key_of(sealed)
        if not name:
            raise VaultError("this is no sealed token; connect the account again")
        if name not in self._keys:
            raise LostKeyError(name)
        body = sealed.removeprefix(f"{FORM}.{name}.")
        try:
            data = base64.b64decode(body, altchars=b"-_", validate=True)
            nonce, hidden = data[:NONCE_BYTES], data[NONCE_BYTES:]
            text = self._decrypt(name, nonce, hidden, f"{context}/{field}")
            if text is not None:
                return text, True
            return self._keys[name].decrypt(nonce, hidden, context.encode()).decode(), False
        except (InvalidTag, ValueError) as error:
            raise VaultError("a sealed token was changed; connect the account again") from error

    def _decrypt(self, name: str, nonce: bytes, hidden: bytes, binding: str) -> str | None:
        try:
            return self._keys[name].decrypt(nonce, hidden, binding.encode()).decode()
        except InvalidTag:
            return None


def key_of(sealed: str) -> str:
    """Return the id of the key that sealed a value; empty for what is no sealed value."""
    form, _, rest = sealed.partition(".")
    return rest.partition(".")[0] if form == FORM else ""


def next_id(taken: Collection[str]) -> str:
    """Return an id for a new key, such as ``k2``, that no key had before."""
    numbers = [int(name[1:]) for name in taken if name[:1] == "k" and name[1:].isdecimal()]
    return f"k{max(numbers, default=0) + 1}"
