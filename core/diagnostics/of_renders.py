"""How the mashups of a time went: what was made, why some failed, where their time went."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from core.diagnostics.groups import timing
from core.diagnostics.model import RenderCause, RenderFigures, RenderStageFigures
from core.store.base import Row, Store

STAGES = ("looking", "preparing", "rendering", "checking", "keeping")
"""In their order."""


async def render_figures(store: Store, params: Mapping[str, Any]) -> RenderFigures:
    """Return the figures of the renders that ended in a time; previews do not count."""
    counts = await store.one("diagnostics.renders", **params)
    if counts is None or not counts["renders"]:
        return RenderFigures()
    stages = await store.all("diagnostics.render_stages", **params)
    return RenderFigures(
        made=counts["made"],
        failed=counts["failed"],
        cancelled=counts["cancelled"],
        video_seconds=counts["seconds"],
        cause=await _cause(store, params) if counts["failed"] else None,
        stages=_stages(stages),
    )


async def _cause(store: Store, params: Mapping[str, Any]) -> RenderCause | None:
    """Return the most frequent cause, with what was told of it the last time."""
    row = await store.one("diagnostics.render_cause", **params)
    if row is None:
        return None
    last = await store.one("renders.get", id=row["last_id"])
    return RenderCause(
        key=row["key"],
        count=row["n"],
        render_id=row["last_id"],
        facts=json.loads(last["error_facts"]) if last else {},
    )


def _stages(rows: Sequence[Row]) -> list[RenderStageFigures]:
    whole = sum(row["seconds"] for row in rows)
    found = [
        RenderStageFigures(
            stage=row["stage"],
            share=row["seconds"] / whole if whole > 0 else 0.0,
            **timing(row["n"], row["seconds"], row["p95"]).model_dump(),
        )
        for row in rows
    ]
    return sorted(found, key=_place)


def _place(one: RenderStageFigures) -> int:
    return STAGES.index(one.stage) if one.stage in STAGES else len(STAGES)
