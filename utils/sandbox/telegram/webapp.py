"""Launch data of mini apps, right or wrong on purpose."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any
from urllib.parse import urlencode

JSON = dict[str, Any]

STALE_SECONDS = 48 * 3600
MODES = frozenset(
    {"", "stale", "wrong_hash", "missing_hash", "non_ascii_hash", "empty", "shuffled", "blank"}
)


def init_data(token: str, user: JSON, now: int, mode: str = "") -> str:
    """Return the query string that a mini app is opened with.

    Modes: ``stale`` (two days old), ``wrong_hash``, ``missing_hash``, ``non_ascii_hash``,
    ``empty``, ``shuffled`` (other order of keys), ``blank`` (one value is empty).

    Raises:
        ValueError: when the mode is unknown.
    """
    if mode not in MODES:
        raise ValueError(f"mode is one of {', '.join(sorted(MODES - {''}))}")
    if mode == "empty":
        return ""
    fields = {
        "query_id": "AAHdF6IQAAAAAN0XohDhrOrc",
        "user": json.dumps(user, separators=(",", ":"), ensure_ascii=False),
        "auth_date": str(now - (STALE_SECONDS if mode == "stale" else 0)),
        "signature": "c2FuZGJveA",
    }
    if mode == "blank":
        fields["start_param"] = ""
    fields["hash"] = sign(token, fields)
    if mode == "wrong_hash":
        fields["hash"] = "0" * 64
    if mode == "non_ascii_hash":
        fields["hash"] = "ж" * 64
    if mode == "missing_hash":
        del fields["hash"]
    ordered = reversed(fields.items()) if mode == "shuffled" else fields.items()
    return urlencode(list(ordered))


def sign(token: str, fields: dict[str, str]) -> str:
    """Return the hash over all fields but itself; ``signature`` stays in."""
    lines = sorted(f"{key}={value}" for key, value in fields.items() if key != "hash")
    secret = hmac.new(b"WebAppData", token.encode(), hashlib.sha256).digest()
    return hmac.new(secret, "\n".join(lines).encode(), hashlib.sha256).hexdigest()
