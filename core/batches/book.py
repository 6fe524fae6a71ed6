"""Reads and writes batches; each step of one is a compare-and-set in one commit with its task."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from core.batches.checking import Checked
from core.batches.models import (
    TRANSITIONS,
    WORKING,
    Batch,
    BatchState,
    Cause,
    Counts,
    Planned,
    entry_params,
    read_batch,
    read_planned,
)
from core.batches.telling import CHECKED, FINDINGS, Summary, findings_fact
from core.errors import RefusedError, TransitionError
from core.ports import Engine, Task, TaskState
from core.posts.models import Upload
from core.posts.records import dump
from core.posts.repository import Posts
from core.store.base import Row, Store, Tx
from utils.clock import Clock

CAUSES_SHOWN = 5
POSTS_SHOWN = 10
RESULT = "batch_result"
"""Sentence of the message that ends a batch."""


def batch_key(batch: Batch) -> str:
    return f"batch:{batch.id}#{batch.generation}"


class BatchBook:
    """All batches."""

    def __init__(self, store: Store, clock: Clock, engine: Engine, posts: Posts) -> None:
        self._store = store
        self._clock = clock
        self._engine = engine
        self._posts = posts
        self._begun: set[int] = set()
        """By this process: a command may still be checking them."""
        posts.when_settled(self.settled)

    async def create(
        self,
        *,
        kind: str,
        name: str,
        plan: Mapping[str, Any],
        digest: str = "",
        chat_id: int = 0,
        user_id: int = 0,
        message_id: int = 0,
        tx: Tx | None = None,
    ) -> Batch:
        """Begin a batch; in a chat its check is a task, else its caller checks it."""
        if tx is None:
            async with self._store.transaction() as own:
                return await self.create(
                    kind=kind,
                    name=name,
                    plan=plan,
                    digest=digest,
                    chat_id=chat_id,
                    user_id=user_id,
                    message_id=message_id,
                    tx=own,
                )
        row = await tx.one(
            "batches.insert",
            chat_id=chat_id,
            user_id=user_id,
            message_id=message_id,
            kind=kind,
            name=name,
            digest=digest,
            state=BatchState.CHECKING.value,
            plan=dump(plan),
            now=self._seconds(),
        )
        if row is None:
            raise AssertionError("an insert returns its id")
        batch = await self._fresh(tx, row["id"])
        self._begun.add(batch.id)
        return await self._submit(tx, batch) if chat_id else batch

    async def get(self, batch_id: int) -> Batch | None:
        row = await self._store.one("batches.get", id=batch_id)
        return read_batch(row) if row else None

    async def require(self, batch_id: int) -> Batch:
        batch = await self.get(batch_id)
        if batch is None:
            raise RefusedError("batch_unknown", batch_id=batch_id)
        return batch

    async def open(self) -> list[Batch]:
        """Return all that have not ended."""
        return [read_batch(row) for row in await self._store.all("batches.open")]

    async def interrupted(self, digest: str) -> Batch | None:
        """Return the batch of a command that went away while it was published."""
        state = BatchState.PUBLISHING.value
        row = await self._store.one("batches.of_digest", digest=digest, state=state)
        return read_batch(row) if row else None

    async def newest_open(self, chat_id: int, user_id: int) -> Batch | None:
        """Return the batch that a configuration would be for."""
        row = await self._store.one("batches.newest_open", chat_id=chat_id, user_id=user_id)
        return read_batch(row) if row else None

    async def by_message(self, chat_id: int, message_id: int) -> Batch | None:
        """Return the batch whose file or card a message is."""
        for statement in ("batches.by_message", "batches.by_card"):
            row = await self._store.one(statement, chat_id=chat_id, message_id=message_id)
            if row is not None:
                return read_batch(row)
        return None

    async def save_plan(self, batch_id: int, plan: Mapping[str, Any]) -> None:
        async with self._store.transaction() as tx:
            await tx.run("batches.set_plan", id=batch_id, plan=dump(plan))

    async def save_entries(self, batch_id: int, checked: Iterable[Checked]) -> None:
        rows = [entry_params(batch_id, one) for one in checked]
        async with self._store.transaction() as tx:
            await tx.many("batches.insert_entry", rows=rows)

    async def forget_entries(self, batch_id: int) -> None:
        """It is looked into anew."""
        async with self._store.transaction() as tx:
            await tx.run("batches.drop_entries", batch_id=batch_id)

    async def move(
        self, batch_id: int, state: BatchState, *, good_only: bool = False, card: bool = True
    ) -> Batch:
        """Take a step, with the task that carries it out.

        Raises:
            TransitionError: the batch stands where that is not possible (any more).
        """
        async with self._store.transaction() as tx:
            return await self._step(
                tx, await self._fresh(tx, batch_id), state, good_only=good_only, card=card
            )

    async def confirm(self, batch_id: int, *, good_only: bool = False) -> Batch:
        """Publish what a person was asked about.

        Raises:
            TransitionError: nobody asks (any more), such as while it is looked into anew.
        """
        async with self._store.transaction() as tx:
            batch = await self._fresh(tx, batch_id)
            if batch.state is not BatchState.ASKED:
                raise TransitionError(f"batch {batch.id} is {batch.state}, nobody asks")
            return await self._step(tx, batch, BatchState.PUBLISHING, good_only=good_only)

    async def _step(
        self,
        tx: Tx,
        batch: Batch,
        state: BatchState,
        *,
        good_only: bool = False,
        card: bool = True,
    ) -> Batch:
        batch = await self._move(tx, batch, state)
        if good_only:
            await tx.run("batches.leave_warned", batch_id=batch.id)
        if state is BatchState.PUBLISHING and batch.chat_id and card:
            await tx.run(
                "batches.insert_card",
                batch_id=batch.id,
                chat_id=batch.chat_id,
                reply_to=batch.message_id,
                due_at=self._seconds(),
            )
        tx.after_commit(self._posts.changed)
        return await self._submit(tx, batch) if state in WORKING else batch

    async def ask(self, batch: Batch, plan: Mapping[str, Any], summary: Summary) -> None:
        """Say what was found and let a person decide, if there is something to decide.

        When another configuration came meanwhile, a newer task looks anew and nothing is said.
        """
        state = BatchState.ASKED if summary.planned else BatchState.LEFT
        async with self._store.transaction() as tx:
            fresh = await self._fresh(tx, batch.id)
            if fresh.generation != batch.generation:
                return
            name, found = findings_fact(batch.id), dump(summary.all_findings)
            await tx.run("chat.set_fact", name=name, value=found)
            await tx.run("batches.set_plan", id=batch.id, plan=dump(plan))
            await self._move(tx, fresh, state)
            await self._posts.say(
                batch.chat_id,
                CHECKED,
                facts=summary.facts(),
                buttons=summary.buttons(),
                reply_to=batch.message_id,
                tx=tx,
            )
            if summary.hidden:
                document = {"kind": "findings", "batch_id": batch.id}
                facts = {"document": document, "name": batch.name}
                await self._posts.say(batch.chat_id, FINDINGS, facts=facts, tx=tx)
            tx.after_commit(self._posts.changed)

    async def recheck(self, batch_id: int, plan: Mapping[str, Any]) -> Batch:
        """Look into it anew, with another configuration."""
        async with self._store.transaction() as tx:
            await tx.run("batches.set_plan", id=batch_id, plan=dump(plan))
            batch = await self._move(tx, await self._fresh(tx, batch_id), BatchState.CHECKING)
            return await self._submit(tx, batch)

    async def recover(self) -> int:
        """What a command left unchecked before a start is dropped; the rest gets its tasks."""
        taken = 0
        for batch in await self.open():
            if batch.state is BatchState.CHECKING and not batch.chat_id:
                if batch.id not in self._begun:
                    await self.move(batch.id, BatchState.LEFT)
            elif batch.state in WORKING and await self._is_idle(batch):
                taken += await self._take_up(batch)
        return taken

    async def _take_up(self, batch: Batch) -> bool:
        """Give a batch a task, unless only its uploads go on."""
        async with self._store.transaction() as tx:
            fresh = await self._fresh(tx, batch.id)
            if fresh.generation != batch.generation or await self._finish(tx, fresh):
                return False
            planned = await tx.one("batches.count_planned", batch_id=batch.id)
            if fresh.state is BatchState.PUBLISHING and (planned is None or not planned["n"]):
                return False
            _ = await self._submit(tx, fresh)
        return True

    async def expire(self, batch_id: int) -> None:
        """Leave a batch that nobody decided about; nothing where somebody has meanwhile."""
        async with self._store.transaction() as tx:
            fresh = await self._fresh(tx, batch_id)
            if fresh.state is BatchState.ASKED:
                await self._move(tx, fresh, BatchState.LEFT)
                tx.after_commit(self._posts.changed)

    async def give_up(self, batch_id: int) -> None:
        """Its task failed again and again: publish no more of it, and end what can end."""
        batch = await self.require(batch_id)
        if batch.state is BatchState.CHECKING:
            await self.leave(batch, "batch_broken", {"name": batch.name})
            return
        if batch.state in {BatchState.CANCELLING, BatchState.RETRYING}:
            async with self._store.transaction() as tx:
                await self._move(tx, await self._fresh(tx, batch_id), BatchState.PUBLISHING)
        await self.drop_planned(batch_id)
        await self.finish_if_over(batch_id)

    async def leave(self, batch: Batch, sentence: str, facts: Mapping[str, Any]) -> None:
        """Publish nothing of it, and say why; unless a newer task looks into it."""
        async with self._store.transaction() as tx:
            fresh = await self._fresh(tx, batch.id)
            if fresh.generation != batch.generation:
                return
            await self._move(tx, fresh, BatchState.LEFT)
            if batch.chat_id:
                told, number = dict(facts), batch.message_id
                await self._posts.say(batch.chat_id, sentence, facts=told, reply_to=number, tx=tx)
            tx.after_commit(self._posts.changed)

    async def _is_idle(self, batch: Batch) -> bool:
        return await self._engine.state(batch_key(batch)) is TaskState.ABSENT

    async def planned(self, batch_id: int, limit: int) -> list[Planned]:
        """Return the next entries in their order: priority, then score, then the file's."""
        rows = await self._store.all("batches.planned", batch_id=batch_id, limit=limit)
        return [read_planned(row) for row in rows]

    async def drop_planned(self, batch_id: int) -> int:
        async with self._store.transaction() as tx:
            return await tx.run("batches.drop_planned", batch_id=batch_id)

    async def accepted(
        self, tx: Tx, batch_id: int, number: int, uploads: Sequence[int], post_id: int | None
    ) -> None:
        """Note which uploads stand for an entry."""
        rows = [{"batch_id": batch_id, "upload_id": one, "number": number} for one in uploads]
        if rows:
            await tx.many("batches.link", rows=rows)
        await tx.run(
            "batches.set_entry",
            batch_id=batch_id,
            number=number,
            state="accepted",
            note="",
            post_id=post_id,
        )
        await tx.run("batches.touch_card", batch_id=batch_id, final=0)

    async def refused(self, batch_id: int, number: int, why: Mapping[str, Any]) -> None:
        """Note why an entry could not be accepted after all."""
        async with self._store.transaction() as tx:
            await tx.run(
                "batches.set_entry",
                batch_id=batch_id,
                number=number,
                state="refused",
                note=dump(why),
                post_id=None,
            )

    async def failed_uploads(self, batch_id: int, after: int, limit: int) -> list[int]:
        return await self._upload_ids("batches.failed_uploads", batch_id, after, limit)

    async def open_uploads(self, batch_id: int, after: int, limit: int) -> list[int]:
        """Return the ids of uploads that can still be cancelled."""
        return await self._upload_ids("batches.open_uploads", batch_id, after, limit)

    async def _upload_ids(self, name: str, batch_id: int, after: int, limit: int) -> list[int]:
        rows = await self._store.all(name, batch_id=batch_id, after=after, limit=limit)
        return [row["id"] for row in rows]

    async def counts(self, batch_id: int) -> Counts:
        """Return how it stands now."""
        uploads: dict[str, int] = {}
        for row in await self._store.all("batches.upload_states", batch_id=batch_id):
            uploads[row["state"]] = uploads.get(row["state"], 0) + row["n"]
            if row["reason"] == "person":
                uploads["person"] = uploads.get("person", 0) + row["n"]
        entries: dict[str, int] = {}
        for row in await self._store.all("batches.entry_states", batch_id=batch_id):
            entries[row["state"]] = entries.get(row["state"], 0) + row["n"]
        causes = await self._store.all("batches.causes", batch_id=batch_id, limit=CAUSES_SHOWN)
        return Counts(
            uploads=uploads,
            entries=entries,
            causes=tuple(_cause(row) for row in causes),
            failed_posts=await self._post_ids("batches.failed_posts", batch_id),
            asking_posts=await self._post_ids("batches.asking", batch_id),
        )

    async def _post_ids(self, name: str, batch_id: int) -> tuple[int, ...]:
        rows = await self._store.all(name, batch_id=batch_id, limit=POSTS_SHOWN)
        return tuple(row["post_id"] for row in rows)

    async def bytes_done(self, batch_id: int) -> tuple[int, int]:
        """Return how many bytes the platforms confirmed, and of how many."""
        row = await self._store.one("batches.bytes_done", batch_id=batch_id)
        return (row["done"], row["total"]) if row else (0, 0)

    async def finish_if_over(self, batch_id: int) -> bool:
        """End a batch that has nothing under way; tells whether it has ended."""
        async with self._store.transaction() as tx:
            return await self._finish(tx, await self._fresh(tx, batch_id))

    async def settled(self, tx: Tx, upload: Upload) -> None:
        """An upload has ended: so may its batch have."""
        for row in await tx.all("batches.of_upload", upload_id=upload.id):
            await self._finish(tx, read_batch(row))

    async def _finish(self, tx: Tx, batch: Batch) -> bool:
        if batch.state is not BatchState.PUBLISHING:
            return batch.state is BatchState.DONE
        planned = await tx.one("batches.count_planned", batch_id=batch.id)
        if planned is None or planned["n"]:
            return False
        if await tx.one("batches.unfinished", batch_id=batch.id) is not None:
            return False
        await self._move(tx, batch, BatchState.DONE)
        if batch.chat_id:
            await self._tell_end(tx, batch)
        tx.after_commit(self._posts.changed)
        return True

    async def _tell_end(self, tx: Tx, batch: Batch) -> None:
        states = await tx.all("batches.upload_states", batch_id=batch.id)
        counts = dict.fromkeys(("live", "failed", "cancelled"), 0)
        for row in states:
            counts[row["state"]] = counts.get(row["state"], 0) + row["n"]
        await tx.run("batches.touch_card", batch_id=batch.id, final=1)
        await self._posts.say(
            batch.chat_id,
            RESULT,
            facts={
                "batch_id": batch.id,
                "name": batch.name,
                **{state: counts[state] for state in ("live", "failed", "cancelled")},
                "document": {"kind": "result", "batch_id": batch.id},
            },
            reply_to=batch.message_id,
            tx=tx,
        )

    async def _move(self, tx: Tx, batch: Batch, state: BatchState) -> Batch:
        if state not in TRANSITIONS[batch.state]:
            raise TransitionError(f"batch {batch.id}: {batch.state} does not lead to {state}")
        is_over = state in {BatchState.DONE, BatchState.LEFT}
        moved = await tx.run(
            "batches.set_state",
            id=batch.id,
            state=state.value,
            before=batch.state.value,
            finished_at=self._seconds() if is_over else None,
        )
        if moved != 1:
            raise TransitionError(f"batch {batch.id} was moved by somebody else")
        await tx.run("batches.touch_card", batch_id=batch.id, final=int(is_over))
        return await self._fresh(tx, batch.id)

    async def _submit(self, tx: Tx, batch: Batch) -> Batch:
        row = await tx.one("batches.next_generation", id=batch.id)
        if row is None:
            raise AssertionError("the batch exists")
        batch = await self._fresh(tx, batch.id)
        task = Task(
            kind="batch",
            key=batch_key(batch),
            args={"batch_id": batch.id},
            lock=f"batch:{batch.id}",
            queue="batch",
        )
        await self._engine.submit(task, tx)
        return batch

    async def _fresh(self, tx: Tx, batch_id: int) -> Batch:
        row = await tx.one("batches.get", id=batch_id)
        if row is None:
            raise RefusedError("batch_unknown", batch_id=batch_id)
        return read_batch(row)

    def _seconds(self) -> float:
        return self._clock.now().timestamp()

    async def results(self, batch_id: int, number: int, after: int, limit: int) -> list[Row]:
        """Return the uploads that come after one, by entry; for ``core/batches/results.py``."""
        return await self._store.all(
            "batches.results", batch_id=batch_id, number=number, after=after, limit=limit
        )

    async def not_taken(self, batch_id: int, after: int, limit: int) -> list[Row]:
        """Return the entries that could not be accepted after all."""
        return await self._store.all(
            "batches.not_taken", batch_id=batch_id, after=after, limit=limit
        )


def _cause(row: Row) -> Cause:
    return Cause(
        platform=row["platform"],
        kind=row["error_kind"],
        code=row["error_code"],
        count=row["n"],
        upload_id=row["upload_id"],
    )


def read_note(text: str) -> dict[str, Any]:
    """Return why an entry was refused."""
    value = json.loads(text) if text.startswith("{") else {}
    return value if isinstance(value, dict) else {}
