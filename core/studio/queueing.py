"""Renders as values: where one stands, where it may go from there, and its task."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from core.ports import Task
from core.posts.models import MediaFacts
from core.posts.records import dump, dump_value, from_time, read_facts, require_time, to_time
from core.store.base import Row
from core.studio.mashup import Mashup

KEEPING = "keeping"
"""The stage after those of the making: the result goes into the library."""


class RenderState(StrEnum):
    """Where a render stands."""

    PENDING = "pending"
    PROCESSING = "processing"
    READY = "ready"
    FAILED = "failed"
    CANCELLED = "cancelled"


class RenderWait(StrEnum):
    """What a pending render waits for besides its turn."""

    DISK = "disk"
    RETRY = "retry"


RENDER_OPEN = frozenset({RenderState.PENDING, RenderState.PROCESSING})
RENDER_TRANSITIONS: Mapping[RenderState, frozenset[RenderState]] = {
    RenderState.PENDING: frozenset(
        {
            RenderState.PENDING,
            RenderState.PROCESSING,
            RenderState.FAILED,
            RenderState.CANCELLED,
        }
    ),
    RenderState.PROCESSING: frozenset(
        {
            RenderState.PROCESSING,
            RenderState.PENDING,
            RenderState.READY,
            RenderState.FAILED,
            RenderState.CANCELLED,
        }
    ),
    RenderState.READY: frozenset({RenderState.PENDING}),
    RenderState.FAILED: frozenset({RenderState.PENDING}),
    RenderState.CANCELLED: frozenset({RenderState.PENDING}),
}
"""Every allowed step; only a person leads out of what has ended, by having it made again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRender:
    """What is to be made, and for whom."""

    mashup: Mashup
    user_id: int = 0
    chat_id: int = 0
    """Where the card of the render is shown; 0: nowhere."""
    reply_to: int = 0
    priority: int = 0
    """Higher runs first."""
    caption: str = ""
    """With targets in it (``to: …``) the result is published with these words."""
    preview: bool = False
    """Three small seconds that are shown and forgotten."""
    twins_wanted: bool = False
    """A person wants the same file at several accounts of a platform."""
    batch_id: int | None = None
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StageTime:
    """How long a stage of the last attempt took."""

    stage: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Render:
    """One mashup that is made, was made, or could not be."""

    id: int
    mashup: Mashup
    state: RenderState
    priority: int
    stage: str
    """While it is processed: a ``RenderStage``, or ``keeping``."""
    stage_at: datetime | None
    share: float | None = None
    """How much of the making is done, 0 to 1; known only to the process that makes it."""
    speed: float | None = None
    """Seconds of video made in a second."""
    eta_seconds: float | None = None
    reason: RenderWait | None
    until_at: datetime | None
    """When it is tried again."""
    error_key: str
    """Names the sentence ``studio_<key>``."""
    error_facts: dict[str, Any]
    facts: MediaFacts
    sha256: str
    asset_id: int | None
    post_id: int | None
    publish_again: bool
    """A person wants it published also where the same content is live."""
    post_error: dict[str, Any]
    """Why no post came of it: ``key`` and ``facts`` of a refusal; empty: none was refused."""
    chat_id: int
    user_id: int
    message_id: int
    name: str
    caption: str
    targets: tuple[int, ...]
    """Accounts that the caption named when the render was wanted; empty: it is not published."""
    batch_id: int | None
    preview: bool
    twins_wanted: bool
    """A person wanted the same file at several accounts of a platform; they are asked no more."""
    warnings: tuple[dict[str, Any], ...]
    """What the policy warned of: ``rule``, ``severity``, ``key``, ``facts``."""
    attempts: int
    """Those that failed; crashes count too."""
    fence: int
    """Number of the attempt that owns it; rises with each start."""
    generation: int
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    stages: tuple[StageTime, ...] = field(default=())

    @property
    def board(self) -> str:
        """Return the name of its card; many that were wanted together have one."""
        return f"render:{self.id}" if self.batch_id is None else f"renders:{self.batch_id}"

    @property
    def holder(self) -> str:
        """Return in whose name the library holds what goes in."""
        return f"render:{self.id}"

    @property
    def is_open(self) -> bool:
        return self.state in RENDER_OPEN

    @property
    def publishes(self) -> bool:
        """Return whether a post comes of it."""
        return bool(self.targets) and not self.preview

    @property
    def waits_to_publish(self) -> bool:
        """Return whether the post that was wished for is neither there nor refused."""
        is_settled = self.post_id is not None or bool(self.post_error)
        return self.state is RenderState.READY and self.publishes and not is_settled

    @property
    def assets(self) -> tuple[int, ...]:
        return asset_ids(self.mashup)


def asset_ids(mashup: Mashup) -> tuple[int, ...]:
    """Return the assets that go in, each once."""
    ids = (file.asset_id for file in mashup.files if file.asset_id is not None)
    return tuple(dict.fromkeys(ids))


def with_paths(mashup: Mashup, paths: Mapping[int, Path]) -> Mashup:
    """Return a mashup whose assets are read from these files."""
    return Mashup.model_validate(_relocated(mashup.model_dump(mode="json"), paths))


def _relocated(value: Any, paths: Mapping[int, Path]) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, dict):
        moved = {key: _relocated(one, paths) for key, one in value.items()}
        path = paths.get(value.get("asset_id") or 0)
        return {**moved, "path": str(path)} if path is not None and "path" in value else moved
    if isinstance(value, list):
        return [_relocated(one, paths) for one in value]
    return value


def render_key(render: Render) -> str:
    return f"render:{render.id}#{render.generation}"


def render_task(render: Render, *, run_at: datetime | None = None) -> Task:
    """Return the task that makes it; a preview does not stand behind what takes long."""
    return Task(
        kind="render",
        key=render_key(render),
        args={"render_id": render.id},
        priority=render.priority,
        run_at=run_at,
        lock=f"render:{render.id}",
        queue="preview" if render.preview else "render",
    )


def read_render(row: Row) -> Render:
    """Return the render of a row of ``renders``."""
    return Render(
        id=row["id"],
        mashup=Mashup.model_validate_json(row["mashup"]),
        state=RenderState(row["state"]),
        priority=row["priority"],
        stage=row["stage"],
        stage_at=to_time(row["stage_at"]),
        reason=RenderWait(row["reason"]) if row["reason"] else None,
        until_at=to_time(row["until_at"]),
        error_key=row["error_key"],
        error_facts=json.loads(row["error_facts"]),
        facts=read_facts(row["facts"]),
        sha256=row["sha256"],
        asset_id=row["asset_id"],
        post_id=row["post_id"],
        publish_again=bool(row["publish_again"]),
        post_error=json.loads(row["post_error"]) if row["post_error"] else {},
        chat_id=row["chat_id"],
        user_id=row["user_id"],
        message_id=row["message_id"],
        name=row["name"],
        caption=row["caption"],
        targets=tuple(json.loads(row["targets"])),
        batch_id=row["batch_id"],
        preview=bool(row["preview"]),
        twins_wanted=bool(row["twins_wanted"]),
        warnings=tuple(json.loads(row["warnings"])),
        attempts=row["attempts"],
        fence=row["fence"],
        generation=row["generation"],
        created_at=require_time(row["created_at"]),
        started_at=to_time(row["started_at"]),
        finished_at=to_time(row["finished_at"]),
    )


def with_stages(render: Render, rows: Iterable[Row]) -> Render:
    """Return a render that knows how long its stages took."""
    stages = (StageTime(stage=row["stage"], seconds=row["seconds"]) for row in rows)
    return replace(render, stages=tuple(stages))


def move_params(render: Render) -> dict[str, Any]:
    """Return the columns that a change of state may write, as ``renders.move`` takes them."""
    return {
        "id": render.id,
        "state": render.state.value,
        "stage": render.stage,
        "stage_at": from_time(render.stage_at),
        "reason": render.reason.value if render.reason else "",
        "until_at": from_time(render.until_at),
        "fence": render.fence,
        "attempts": render.attempts,
        "error_key": render.error_key,
        "error_facts": dump(plain_facts(render.error_facts)),
        "facts": dump_value(render.facts),
        "sha256": render.sha256,
        "asset_id": render.asset_id,
        "post_id": render.post_id,
        "publish_again": int(render.publish_again),
        "post_error": dump(plain_facts(render.post_error)) if render.post_error else "",
        "started_at": from_time(render.started_at),
        "finished_at": from_time(render.finished_at),
    }


def plain_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return facts of an error as JSON can hold them."""
    found: dict[str, Any] = json.loads(json.dumps(dict(facts), default=str, ensure_ascii=False))
    return found
