"""What is done with videos that are live: each operation is a row with a task of its own.

An operation is planned in one commit with its task and ends in one commit with what follows from
it. Of one upload, a newer operation replaces a waiting one of its kind, so the last word wins.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from core.errors import ErrorKind, LostFenceError, RemoteError
from core.platforms.base import Operation
from core.ports import Engine, Task
from core.posts.models import Post, PostText, Upload, UploadId, UploadState, Wish
from core.posts.records import dump, dump_value, require_time
from core.posts.repository import Posts
from core.store.base import Row, Store, Tx
from utils.clock import Clock

REMOVED = "removed"
"""Visibility of an upload that was deleted on demand."""
GONE = "gone"
"""Visibility of an upload that is not there any more, and nobody asked for that."""
ABSENT = frozenset({REMOVED, GONE})
REPLACING = frozenset(
    {
        Operation.EDIT,
        Operation.VISIBILITY,
        Operation.THUMBNAIL,
        Operation.DELETE,
        Operation.PLAYLIST,
    }
)
"""Kinds of which only the newest matters."""


UNSEEN = "unseen"
"""Code: a person said that it is live, and nobody was told where."""
SILENT = frozenset({Operation.CHECK, Operation.STATISTICS})
"""Kinds that tell what they find themselves."""


class OperationState(StrEnum):
    """Where an operation stands."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    REPLACED = "replaced"
    """A newer one says it better."""
    DROPPED = "dropped"
    """There is nothing any more that it could be done with."""


ENDED = frozenset({OperationState.DONE, OperationState.FAILED})
"""What people are told of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedOperation:
    """One thing to be done with one upload."""

    id: int
    upload_id: UploadId
    post_id: int
    kind: Operation
    state: OperationState
    changes: dict[str, Any]
    work: dict[str, Any]
    """``{"stage", "data", "asked", "refreshed", "facts"}``, each only where there is one."""
    file: str
    """A source as JSON (``core/sources/base.py``), or empty."""
    batch: str
    """Operations that were asked for together, and whose outcome is told together."""
    chat_id: int
    """Where the outcome is told; 0: nowhere."""
    generation: int
    attempts: int
    due_at: datetime
    error_kind: str
    error_text: str
    error_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a platform counted, newest and at the look before."""

    at: datetime
    value: dict[str, int | None]
    """``views``, ``likes``, ``comments`` and ``shares``; None for what it does not tell."""
    before: dict[str, int | None] = field(default_factory=dict)
    """Empty when it was the first look."""


def operation_task(operation: PlannedOperation) -> Task:
    """Return the task that carries an operation out."""
    return Task(
        kind="operate",
        key=operation_key(operation),
        args={"operation_id": operation.id},
        run_at=operation.due_at,
        lock=f"upload:{operation.upload_id}",
        queue="watch",
    )


def operation_key(operation: PlannedOperation) -> str:
    return f"operate:{operation.id}#{operation.generation}"


class Operations:
    """Reads and writes operations and figures; their tasks are submitted in the same commits."""

    def __init__(self, posts: Posts, store: Store, clock: Clock, engine: Engine) -> None:
        self._posts = posts
        self._store = store
        self._clock = clock
        self._engine = engine

    # Reading

    async def get(self, operation_id: int) -> PlannedOperation | None:
        row = await self._store.one("operations.get", id=operation_id)
        return read_operation(row) if row else None

    async def of_upload(self, upload_id: int) -> list[PlannedOperation]:
        rows = await self._store.all("operations.of_upload", upload_id=upload_id)
        return [read_operation(row) for row in rows]

    async def overdue(self, limit: int) -> list[PlannedOperation]:
        """Return what should be at work or done by now."""
        rows = await self._store.all("operations.overdue", now=self._seconds(), limit=limit)
        return [read_operation(row) for row in rows]

    async def reconnected(self, limit: int) -> list[PlannedOperation]:
        """Return what waits for an account that is usable again."""
        rows = await self._store.all("operations.reconnected", limit=limit)
        return [read_operation(row) for row in rows]

    async def is_begun(self, tx: Tx, upload: Upload) -> bool:
        """Return whether words may have gone out already; in doubt they have."""
        session = upload.session
        if upload.state is not UploadState.WAITING or session.get("stage"):
            return True
        if session.get("step", "begin") != "begin" or upload.intent_at is not None:
            return True
        return await tx.one("operations.is_running", upload_id=upload.id) is not None

    # Planning

    async def plan(
        self,
        tx: Tx,
        upload: Upload,
        kind: Operation,
        *,
        changes: Mapping[str, Any] | None = None,
        file: str = "",
        batch: str = "",
        due_at: datetime,
        chat_id: int = 0,
    ) -> int:
        """Plan an operation and its task in the caller's commit; return its number."""
        wanted = dict(changes or {})
        for old in await self._waiting(tx, upload.id):
            if kind is Operation.DELETE or _replaces(kind, wanted, old):
                if kind is Operation.EDIT:
                    wanted = {**old.changes, **wanted}
                await self._end(tx, old, OperationState.REPLACED)
        row = await tx.one(
            "operations.insert",
            upload_id=upload.id,
            post_id=upload.post_id,
            kind=kind.value,
            changes=dump(wanted),
            file=file,
            batch=batch,
            chat_id=chat_id,
            due_at=due_at.timestamp(),
            now=self._seconds(),
        )
        planned = read_operation(_there(row))
        await self._engine.submit(operation_task(planned), tx)
        await tx.run("chat.touch_post", post_id=planned.post_id)
        tx.after_commit(self._posts.changed)
        return planned.id

    async def rewrite(
        self, tx: Tx, post: Post, *, text: PostText | None = None, wish: Wish | None = None
    ) -> None:
        """Save the words and wishes that hold from now on."""
        if text is not None:
            await tx.run("posts.set_text", id=post.id, text=dump_value(text))
        if wish is not None:
            await tx.run("operations.set_wish", id=post.id, wish=dump_value(wish))
        await self._event(tx, post.id, None, "rewritten")
        await tx.run("chat.touch_post", post_id=post.id)
        tx.after_commit(self._posts.changed)

    async def resubmit(self, operation: PlannedOperation) -> bool:
        """Give an operation a new task that is due now; False when it has moved on by itself."""
        async with self._store.transaction() as tx:
            return await self._resubmit(tx, operation)

    async def settled(self, tx: Tx, upload: Upload) -> None:
        """An upload has ended, in that very commit: what waited for it begins, or never will."""
        for operation in await self._waiting(tx, upload.id):
            if upload.state is UploadState.LIVE:
                await self._resubmit(tx, operation)
            else:
                await self._end(tx, operation, OperationState.DROPPED)

    # An operation at work

    async def start(self, operation_id: int, generation: int) -> PlannedOperation | None:
        """Return what a task is about; None when it has ended or a newer task has it."""
        operation = await self.get(operation_id)
        if operation is None or operation.state is not OperationState.WAITING:
            return None
        return operation if operation.generation == generation else None

    async def save(
        self, operation: PlannedOperation, error: RemoteError | None = None, **changes: Any
    ) -> PlannedOperation:
        """Write how far an operation is.

        Raises:
            LostFenceError: it was replaced or has a newer task.
        """
        moved = replace(operation, **changes, **_told(error))
        async with self._store.transaction() as tx:
            row = await tx.one(
                "operations.save", **_progress(moved), due_at=moved.due_at.timestamp()
            )
            if row is None:
                raise LostFenceError(f"operation {operation.id} was replaced")
            if error is not None:
                await tx.run("chat.touch_post", post_id=moved.post_id)
        return read_operation(row)

    async def finish(
        self, tx: Tx, operation: PlannedOperation, error: RemoteError | None = None
    ) -> PlannedOperation:
        """End an operation, well or with an error, with what follows for the upload.

        Raises:
            LostFenceError: it was replaced or has a newer task.
        """
        state = OperationState.FAILED if error else OperationState.DONE
        ended = await self._end(tx, replace(operation, **_told(error)), state)
        if ended is None:
            raise LostFenceError(f"operation {operation.id} was replaced")
        if ended.kind is not Operation.STATISTICS:
            event = f"{ended.kind}_{'failed' if error else 'done'}"
            told = {"error": error.message} if error else {}
            await self._event(tx, ended.post_id, ended.upload_id, event, **told)
        if error is None:
            await self._follow(tx, ended)
        await tx.run("chat.touch_post", post_id=ended.post_id)
        return ended

    async def fail(self, operation_id: int, why: str) -> None:
        """A bug or repeated crashes end an operation."""
        operation = await self.get(operation_id)
        if operation is None or operation.state is not OperationState.WAITING:
            return
        async with self._store.transaction() as tx:
            error = RemoteError(kind=ErrorKind.BUG, message=why)
            await self.finish(tx, operation, error)

    async def absent(self, tx: Tx, upload_id: int, visibility: str) -> None:
        """A video is not there any more: nothing is left to do with it, its claims are free."""
        await tx.run("operations.set_visibility", id=upload_id, visibility=visibility)
        await tx.run("operations.forget_content", upload_id=upload_id)
        for other in await self._waiting(tx, upload_id):
            await self._end(tx, other, OperationState.DROPPED)

    async def seen(self, tx: Tx, upload: Upload, visibility: str) -> None:
        """The platform tells who can see it now."""
        if visibility and visibility != upload.visibility:
            await tx.run("operations.set_visibility", id=upload.id, visibility=visibility)
            await tx.run("chat.touch_post", post_id=upload.post_id)

    async def _follow(self, tx: Tx, ended: PlannedOperation) -> None:
        if ended.kind is Operation.DELETE:
            await self.absent(tx, ended.upload_id, REMOVED)
        elif ended.kind is Operation.VISIBILITY:
            facts = ended.work.get("facts", {})
            seen = str(facts.get("visibility") or ended.changes.get("privacy", ""))
            await tx.run("operations.set_visibility", id=ended.upload_id, visibility=seen)
        url = str(ended.work.get("facts", {}).get("url", ""))
        if url and ended.kind in {Operation.VISIBILITY, Operation.EDIT}:
            await tx.run("operations.set_address", id=ended.upload_id, url=url)

    async def _end(
        self, tx: Tx, operation: PlannedOperation, state: OperationState
    ) -> PlannedOperation | None:
        row = await tx.one(
            "operations.finish",
            **_progress(operation),
            state=state.value,
            now=self._seconds(),
        )
        if row is None:
            return None
        ended = read_operation(row)
        await self._tell_outcome(tx, ended)
        tx.after_commit(self._posts.changed)
        return ended

    async def _tell_outcome(self, tx: Tx, operation: PlannedOperation) -> None:
        """Say what came of a batch when its last operation has ended.

        What nobody asked for in a batch is told only when it failed.
        """
        if not operation.chat_id or operation.kind in SILENT:
            return
        if operation.batch:
            rows = await tx.all("operations.of_batch", batch=operation.batch)
            members = [read_operation(row) for row in rows]
            told = [one for one in members if one.state in ENDED]
        else:
            members = [operation]
            told = [one for one in members if one.state is OperationState.FAILED]
        if not told or any(one.state is OperationState.WAITING for one in members):
            return
        await self._posts.say(
            operation.chat_id,
            "live_outcome",
            facts={
                "post_id": operation.post_id,
                "kind": _subject(told).value,
                "places": [await self._place(tx, one) for one in told],
            },
            post_id=operation.post_id,
            tx=tx,
        )

    async def _place(self, tx: Tx, operation: PlannedOperation) -> dict[str, Any]:
        row = _there(await tx.one("posts.upload", id=operation.upload_id))
        return {
            "kind": operation.kind.value,
            "platform": row["platform"],
            "account": row["account_name"],
            "url": row["url"],
            "failed": operation.state is OperationState.FAILED,
            "error_kind": operation.error_kind,
            "error_code": operation.error_code,
            "error_text": operation.error_text,
        }

    # Figures

    async def figures(self, upload_id: int) -> Figures | None:
        row = await self._store.one("operations.figures", upload_id=upload_id)
        return _read_figures(row) if row else None

    async def set_figures(self, tx: Tx, upload_id: int, value: Mapping[str, int | None]) -> None:
        row = await tx.one("operations.figures", upload_id=upload_id)
        before = _read_figures(row).value if row else {}
        await tx.run(
            "operations.set_figures",
            upload_id=upload_id,
            at=self._seconds(),
            value=dump({"value": dict(value), "before": before}),
        )

    # Shared

    async def _waiting(self, tx: Tx, upload_id: int) -> list[PlannedOperation]:
        rows = await tx.all("operations.waiting", upload_id=upload_id)
        return [read_operation(row) for row in rows]

    async def _resubmit(self, tx: Tx, operation: PlannedOperation) -> bool:
        due = self._clock.now()
        if operation.kind is Operation.CHECK and operation.due_at > due:
            return False
        row = await tx.one(
            "operations.next_generation",
            id=operation.id,
            generation=operation.generation,
            due_at=due.timestamp(),
        )
        if row is None:
            return False
        await self._engine.submit(operation_task(read_operation(row)), tx)
        return True

    async def _event(
        self, tx: Tx, post_id: int, upload_id: int | None, event: str, **facts: Any
    ) -> None:
        await tx.run(
            "posts.add_event",
            post_id=post_id,
            upload_id=upload_id,
            at=self._seconds(),
            event=event,
            facts=dump(facts),
        )

    def _seconds(self) -> float:
        return self._clock.now().timestamp()


def _replaces(kind: Operation, changes: Mapping[str, Any], old: PlannedOperation) -> bool:
    if kind is not old.kind:
        return False
    if kind is Operation.CAPTIONS:
        return old.changes.get("language") == changes.get("language")
    return kind in REPLACING


def _subject(told: Sequence[PlannedOperation]) -> Operation:
    """Return what a batch was about; a change of words may bring one of the privacy along."""
    kinds = {one.kind for one in told}
    return Operation.EDIT if Operation.EDIT in kinds else told[0].kind


def _told(error: RemoteError | None) -> dict[str, Any]:
    if error is None:
        return {"error_kind": "", "error_text": "", "error_code": ""}
    return {
        "error_kind": error.kind.value,
        "error_text": error.message,
        "error_code": error.code,
    }


def _progress(operation: PlannedOperation) -> dict[str, Any]:
    return {
        "id": operation.id,
        "generation": operation.generation,
        "work": dump(operation.work),
        "attempts": operation.attempts,
        "error_kind": operation.error_kind,
        "error_text": operation.error_text,
        "error_code": operation.error_code,
    }


def _there(row: Row | None) -> Row:
    if row is None:
        raise AssertionError("the row exists")
    return row


def _read_figures(row: Row) -> Figures:
    stored = json.loads(row["value"])
    return Figures(
        at=require_time(row["at"]), value=stored["value"], before=stored.get("before", {})
    )


def read_operation(row: Row) -> PlannedOperation:
    return PlannedOperation(
        id=row["id"],
        upload_id=UploadId(row["upload_id"]),
        post_id=row["post_id"],
        kind=Operation(row["kind"]),
        state=OperationState(row["state"]),
        changes=json.loads(row["changes"]),
        work=json.loads(row["work"]),
        file=row["file"],
        batch=row["batch"],
        chat_id=row["chat_id"],
        generation=row["generation"],
        attempts=row["attempts"],
        due_at=require_time(row["due_at"]),
        error_kind=row["error_kind"],
        error_text=row["error_text"],
        error_code=row["error_code"],
    )
