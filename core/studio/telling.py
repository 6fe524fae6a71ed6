"""What the chat is told of assets and additions: plain values, kept in the rows of boards."""

from __future__ import annotations

from typing import Any

from core.studio.addition import Addition
from core.studio.assets import Asset

ADDITION = "library_addition"
"""The sentence of the board of an addition."""
VIEW = "library_view"
"""The sentence of the board in which somebody looks through the library."""


def asset_facts(asset: Asset) -> dict[str, Any]:
    """Return what can be shown of an asset."""
    return {
        "id": asset.id,
        "kind": asset.kind.value,
        "name": asset.name,
        "media": asset.media,
        "size_bytes": asset.size_bytes,
        "seconds": asset.seconds,
        "width": asset.facts.width,
        "height": asset.facts.height,
        "tags": sorted(asset.tags),
        "platform": asset.platform,
        "mood": asset.mood,
        "category": asset.category,
        "licence": asset.licence,
        "origin": asset.origin,
        "attribution": asset.attribution,
        "rights": asset.rights,
        "uses": asset.uses,
        "is_going": asset.deleted_at is not None,
    }


def addition_facts(
    addition: Addition, asset: Asset | None = None, *, done: int = 0, total: int | None = None
) -> dict[str, Any]:
    """Return how an addition stands; ``done`` and ``total`` are bytes of its file."""
    answers = addition.answers
    return {
        "addition_id": addition.id,
        "state": addition.state.value,
        "question": answers.question.value if answers.question else "",
        "name": answers.name or addition.brought.filename,
        "kind": answers.kind.value if answers.kind else "",
        "mime_type": addition.brought.source.get("mime_type", ""),
        "done": done,
        "total": total or addition.brought.size_bytes or 0,
        "note": addition.note,
        "note_facts": dict(addition.note_facts),
        "asset": asset_facts(asset) if asset else None,
        "is_new": addition.is_new,
    }
