"""What a card shows of a render, as plain JSON."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from core.store.base import Row
from core.studio.queueing import Render, RenderState
from core.studio.workshop import Shown

BOARD = "render"
"""The sentence that draws the board ``render:<id>``."""
Counts = dict[str, int]
"""How many renders of a batch stand where: ``total`` and each state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moving:
    """How far the making is, as only the process knows that does it."""

    share: float
    """0 to 1."""
    speed: float | None
    """Seconds of video made in a second."""
    eta_seconds: float | None


def batch_counts(rows: Iterable[Row]) -> Counts:
    """Return the numbers of a batch from rows of state and number."""
    counts = {state.value: 0 for state in RenderState}
    counts |= {row["state"]: row["n"] for row in rows}
    return {"total": sum(counts.values()), **counts}


def facts_of(
    render: Render,
    moving: Moving | None,
    *,
    place: int | None,
    counts: Counts | None,
    shown: Shown,
) -> dict[str, Any]:
    """Return the facts of a render's card; see `core.studio.renders.Renders.facts`."""
    is_ready = render.state is RenderState.READY
    is_made = render.state is RenderState.PROCESSING
    now = moving if is_made else None
    return {
        "render_id": render.id,
        "name": render.name,
        "state": render.state.value,
        "preview": render.preview,
        "stage": render.stage,
        "share": now.share if now else None,
        "speed": now.speed if now else None,
        "eta_seconds": now.eta_seconds if now else None,
        "place": place,
        "waits_for": render.reason.value if render.reason else "",
        "until": render.until_at.isoformat() if render.until_at else "",
        "attempts": render.attempts,
        "error": _error(render),
        "warnings": list(render.warnings),
        "publishes": render.publishes,
        "asset_id": render.asset_id,
        "post_id": render.post_id,
        "post_error": render.post_error or None,
        "seconds": _seconds(render),
        "duration_seconds": render.facts.duration_seconds,
        "width": render.facts.width,
        "height": render.facts.height,
        "size_bytes": render.facts.size_bytes,
        "thumbnail": str(shown.thumbnail or "") if is_ready else "",
        "video": str(shown.video or "") if is_ready else "",
        "stages": [{"stage": one.stage, "seconds": one.seconds} for one in render.stages],
        "batch_id": render.batch_id,
        "batch": counts,
    }


def _error(render: Render) -> dict[str, Any] | None:
    if not render.error_key:
        return None
    return {"key": render.error_key, "facts": render.error_facts}


def _seconds(render: Render) -> float | None:
    """Return how long the attempt took that ended it."""
    if render.finished_at is None or render.started_at is None:
        return None
    return round(max(0.0, (render.finished_at - render.started_at).total_seconds()), 3)
