"""Which mashups are the same video: by what decides how they look and sound."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from core.studio.mashup import Mashup


def canonical(mashup: Mashup) -> str:
    """Return the mashup as JSON in one form only.

    A file is named by its digest where that is known: the same bytes under another name, or in
    the library or not, make the same video.
    """
    return json.dumps(_named(mashup.model_dump(mode="json")), sort_keys=True, ensure_ascii=False)


def digest_of(mashup: Mashup) -> str:
    """Return the SHA-256 of the canonical form."""
    return hashlib.sha256(canonical(mashup).encode("utf-8", "surrogatepass")).hexdigest()


def _named(value: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, list):
        return [_named(item) for item in value]
    if not isinstance(value, dict):
        return value
    if value.get("sha256") and "path" in value:
        return {"sha256": value["sha256"]}
    return {name: _named(item) for name, item in value.items()}
