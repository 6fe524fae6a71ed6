"""The one place where states of renders change, with what follows from each change."""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from core.errors import LostFenceError, RefusedError, TransitionError
from core.ports import Engine, TaskState
from core.posts.models import POST_FINAL, MediaFacts, PostState, UploadState
from core.posts.records import dump
from core.posts.repository import Posts
from core.progress import Progress
from core.store.base import Store, Tx
from core.studio.queueing import (
    RENDER_TRANSITIONS,
    Render,
    RenderState,
    RenderWait,
    move_params,
    plain_facts,
    read_render,
    render_key,
    render_task,
    with_stages,
)
from core.studio.render_facts import BOARD, Counts, Moving, batch_counts, facts_of
from core.studio.workshop import Workshop
from utils.clock import Clock

logger = logging.getLogger(__name__)

BOARDS_MOVED = 3
"""So many cards of waiting renders are told their new place when another one begins."""
CRASHED = "crashed"
SHARES = 10_000
"""In how many steps the progress is told."""

Reader = Tx | Store
Ended = Callable[[Tx, Render], Awaitable[None]]


class Holds(Protocol):
    """Keeps what goes into a render; the library."""

    async def use(
        self, asset_ids: Iterable[int], user: str, tx: Tx, *, accounts: Sequence[int] = ()
    ) -> None: ...

    async def unuse(self, user: str, tx: Tx) -> None: ...

    async def hold(self, asset_ids: Iterable[int], holder: str, tx: Tx) -> None: ...

    async def release(self, holder: str, tx: Tx) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderResult:
    """What an attempt has made."""

    facts: MediaFacts
    sha256: str
    asset_id: int | None = None


class RenderMoves:
    """Writes renders under their fence: what an older attempt wants to say is not heard."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        engine: Engine,
        holds: Holds,
        posts: Posts,
        progress: Progress,
        workshop: Workshop,
    ) -> None:
        self.workshop = workshop
        self._store = store
        self._clock = clock
        self._engine = engine
        self._holds = holds
        self._posts = posts
        self._progress = progress
        self._speeds: dict[int, float] = {}
        self._when_ended: list[Ended] = []
        self._stops: dict[int, Callable[[], None]] = {}

    def when_ended(self, follow: Ended) -> None:
        """Have something follow from each end of a render, in the commit that ends it."""
        self._when_ended.append(follow)

    def when_stopped(self, render_id: int, stop: Callable[[], None] | None) -> None:
        """Name what ends the making of a render at once; None when nothing is made any more."""
        if stop is None:
            self._stops.pop(render_id, None)
        else:
            self._stops[render_id] = stop

    # What a worker says.

    async def start(self, render_id: int, generation: int) -> Render | None:
        """Begin an attempt; None when the render has ended or belongs to another task."""
        async with self._store.transaction() as tx:
            render = await self._fresh(tx, render_id)
            if not render.is_open or render.generation != generation:
                return None
            now = self._clock.now()
            moved = await self._move(
                tx,
                render,
                RenderState.PROCESSING,
                fence=render.fence + 1,
                stage="looking",
                stage_at=now,
                reason=None,
                until_at=None,
                started_at=now,
                error_key="",
                error_facts={},
            )
            await self._tell_waiting(tx)
        return moved

    async def enter(self, render: Render, stage: str, at: datetime) -> Render:
        """A stage began, and the one before it was over."""
        async with self._store.transaction() as tx:
            fresh = await self._own(tx, render)
            if fresh.stage == stage:
                return fresh
            await self._end_stage(tx, fresh, at)
            return await self._move(tx, fresh, fresh.state, stage=stage, stage_at=at)

    async def hold(
        self,
        render: Render,
        reason: RenderWait,
        until: datetime,
        error_key: str,
        facts: Mapping[str, Any],
        *,
        counted: bool,
    ) -> None:
        """It waits, and says why; its task runs again at ``until``."""
        async with self._store.transaction() as tx:
            fresh = await self._own(tx, render)
            await tx.run("renders.queue_later", id=render.id, queued_at=until.timestamp())
            await self._move(
                tx,
                fresh,
                RenderState.PENDING,
                stage="",
                stage_at=None,
                reason=reason,
                until_at=until,
                error_key=error_key,
                error_facts=plain_facts(facts),
                attempts=render.attempts + counted,
            )

    async def give_back(self, render: Render) -> None:
        """The process leaves: the next one begins anew."""
        async with self._store.transaction() as tx:
            await self._move(tx, await self._own(tx, render), RenderState.PENDING, **_STILL)

    async def fail(self, render: Render, error_key: str, facts: Mapping[str, Any]) -> None:
        async with self._store.transaction() as tx:
            fresh = await self._own(tx, render)
            await self._fail(tx, fresh, error_key, facts, attempts=fresh.attempts + 1)

    async def ready(self, render: Render, result: RenderResult) -> Render:
        """The result is there; what it was made of is let go."""
        async with self._store.transaction() as tx:
            fresh = await self._own(tx, render)
            await self._end_stage(tx, fresh)
            moved = await self._move(
                tx,
                fresh,
                RenderState.READY,
                **_STILL,
                facts=result.facts,
                sha256=result.sha256,
                asset_id=result.asset_id,
            )
            await self._give_to_post(tx, moved)
        return moved

    async def _give_to_post(self, tx: Tx, render: Render) -> None:
        """Keep the result for the post that was fed with it: it may read it again, much later.

        From now on it reads that one, whatever becomes of the render.
        """
        if render.post_id is None or render.asset_id is None:
            return
        row = await tx.one("posts.get", id=render.post_id)
        source = json.loads(row["source"]) if row else {}
        if row is None or not is_fed(source, render.id) or PostState(row["state"]) in POST_FINAL:
            return
        await self._holds.hold([render.asset_id], post_holder(render.post_id), tx)
        given = {**source, "kind": "asset", "asset_id": render.asset_id, "fed": True}
        await tx.run("posts.set_source", id=render.post_id, source=dump(given))

    async def published(self, tx: Tx, render_id: int, post_id: int) -> None:
        """A post comes of it, in the commit that makes the post."""
        before = await self._fresh(tx, render_id)
        await tx.run("renders.publish", id=render_id, post_id=post_id)
        render = await self._fresh(tx, render_id)
        if before.post_id is None:
            await tx.run("renders.correct_uses", holder=render.holder, post_id=post_id)
        for asset_id in render.assets:
            await tx.run(
                "renders.count_uses",
                asset_id=asset_id,
                holder=render.holder,
                post_id=post_id,
                now=self._seconds(),
            )
        await self._show(tx, render)

    async def require_publishable(self, tx: Tx, render: Render) -> None:
        """See that no second post comes of a render by itself, and none of what was cancelled.

        Raises:
            TransitionError: there is one already, or somebody else decided about the render.
        """
        fresh = await self._fresh(tx, render.id)
        if fresh.post_id is not None:
            raise TransitionError(f"render {render.id} has post {fresh.post_id} already")
        if (fresh.state, fresh.fence) != (render.state, render.fence):
            raise TransitionError(f"render {render.id} is {fresh.state} now")

    async def not_published(self, render_id: int, refusal: Mapping[str, Any]) -> None:
        """No post came of it, and why."""
        async with self._store.transaction() as tx:
            await self._not_published(tx, await self._fresh(tx, render_id), refusal)

    async def _not_published(self, tx: Tx, render: Render, refusal: Mapping[str, Any]) -> None:
        told = replace(render, post_error=plain_facts(refusal))
        post_error = move_params(told)["post_error"]
        await tx.run("renders.set_post_error", id=render.id, post_error=post_error)
        await self._show(tx, told)

    async def log_attempt(self, render: Render, outcome: str, text: str) -> None:
        """Keep what an attempt ran and was told, whatever became of it."""
        async with self._store.transaction() as tx:
            await tx.run(
                "renders.put_log",
                render_id=render.id,
                attempt=render.fence,
                now=self._seconds(),
                outcome=outcome,
                text=text,
            )

    def tell(self, render_id: int, share: float, speed: float, eta_seconds: float | None) -> None:
        """Note how far the making is, for who looks; nothing is written."""
        self._speeds[render_id] = speed
        done = round(share * SHARES)
        self._progress.update(("render", render_id), done, SHARES, eta_seconds=eta_seconds)

    def rest(self, render_id: int) -> None:
        """Nothing is made of it any more."""
        self._speeds.pop(render_id, None)
        self._progress.forget(("render", render_id))

    def moving(self, render_id: int) -> Moving | None:
        """Return how far the making is; None when this process makes nothing of it."""
        snapshot = self._progress.get(("render", render_id))
        if snapshot is None:
            return None
        return Moving(
            share=snapshot.share or 0.0,
            speed=self._speeds.get(render_id),
            eta_seconds=snapshot.eta_seconds,
        )

    # What the engine says.

    async def give_up(self, render_id: int, error_key: str) -> None:
        """Its task ended by a bug, or by crash after crash."""
        async with self._store.transaction() as tx:
            render = await self._fresh(tx, render_id)
            if render.is_open:
                await self._fail(tx, render, error_key, {}, attempts=render.attempts + 1)
            elif render.waits_to_publish:
                await self._not_published(tx, render, {"key": f"studio_{error_key}", "facts": {}})

    async def crashed(self, render_id: int, limit: int) -> None:
        """It took the process down again and again: once more later, at last not."""
        async with self._store.transaction() as tx:
            render = await self._fresh(tx, render_id)
            if render.waits_to_publish:
                await self._not_published(tx, render, {"key": f"studio_{CRASHED}", "facts": {}})
            if not render.is_open:
                return
            if render.attempts + 1 >= limit:
                await self._fail(tx, render, CRASHED, {}, attempts=render.attempts + 1)
                return
            moved = await self._move(
                tx, render, RenderState.PENDING, **_STILL, attempts=render.attempts + 1
            )
            await self._submit(tx, moved)

    async def resubmit(self, render_id: int, *, generation: int) -> bool:
        """Give it a new task, unless somebody did since it had that generation."""
        async with self._store.transaction() as tx:
            render = await self._fresh(tx, render_id)
            is_wanted = render.is_open or render.waits_to_publish
            if not is_wanted or render.generation != generation:
                return False
            await self._submit(tx, render)
        return True

    async def is_absent(self, render: Render) -> bool:
        """Return whether no task works on it."""
        return await self._engine.state(render_key(render)) is TaskState.ABSENT

    # Inside of a transaction.

    async def _move(self, tx: Tx, render: Render, state: RenderState, **changes: Any) -> Render:
        """Write a render; the only place where its state changes."""
        if state not in RENDER_TRANSITIONS[render.state]:
            raise TransitionError(f"render {render.id}: {render.state} does not lead to {state}")
        ended = state not in {RenderState.PENDING, RenderState.PROCESSING}
        finished = self._clock.now() if ended else None
        moved = replace(render, **{**changes, "state": state, "finished_at": finished})
        written = await tx.run(
            "renders.move",
            **move_params(moved),
            before=render.state.value,
            before_fence=render.fence,
        )
        if written != 1:
            raise LostFenceError(f"render {render.id}: fence {render.fence} is old")
        if ended:
            await self._let_go(tx, moved)
        await self._show(tx, moved)
        if state is not render.state:
            logger.info("render %s", state.value, extra={"render": render.id})
        return moved

    async def _let_go(self, tx: Tx, render: Render) -> None:
        if render.state is not RenderState.READY and not await self._was_published(tx, render):
            await self._holds.unuse(render.holder, tx)
        await self._holds.release(render.holder, tx)
        for follow in self._when_ended:
            await follow(tx, render)

    async def _was_published(self, tx: Tx, render: Render) -> bool:
        """Return whether an earlier result is published, or still may be."""
        if render.post_id is None:
            return False
        row = await tx.one("posts.get", id=render.post_id)
        if row is None or (not row["sha256"] and is_fed(json.loads(row["source"]), render.id)):
            # What would have fed it never comes.
            return False
        rows = await tx.all("renders.upload_states", post_id=render.post_id)
        return stands(row["state"] for row in rows)

    async def _fail(
        self, tx: Tx, render: Render, error_key: str, facts: Mapping[str, Any], *, attempts: int
    ) -> None:
        await self._end_stage(tx, render)
        told = plain_facts(facts)
        await self._move(
            tx,
            render,
            RenderState.FAILED,
            **_STILL,
            error_key=error_key,
            error_facts=told,
            attempts=attempts,
        )

    async def _end_stage(self, tx: Tx, render: Render, at: datetime | None = None) -> None:
        if not render.stage or render.stage_at is None:
            return
        now = at or self._clock.now()
        await tx.run(
            "renders.add_stage",
            render_id=render.id,
            attempt=render.fence,
            stage=render.stage,
            seconds=max(0.0, (now - render.stage_at).total_seconds()),
            at=now.timestamp(),
        )

    async def _submit(self, tx: Tx, render: Render) -> Render:
        queued_at = max(render.until_at or self._clock.now(), self._clock.now()).timestamp()
        row = await tx.one("renders.next_generation", id=render.id, queued_at=queued_at)
        if row is None:
            raise AssertionError("the render exists")
        moved = replace(render, generation=row["generation"])
        await self._engine.submit(render_task(moved, run_at=moved.until_at), tx)
        # Its place in the queue is another one now.
        await self._show(tx, moved)
        return moved

    async def _show(self, tx: Tx, render: Render) -> None:
        """Want the card drawn anew, and wake who waits for news."""
        tx.after_commit(self._posts.changed)
        if not render.chat_id:
            return
        facts = await self._facts(tx, render)
        await self._posts.put_board(
            render.board,
            BOARD,
            facts,
            chat_id=render.chat_id,
            reply_to=render.message_id,
            final=not render.is_open,
            tx=tx,
        )

    async def _tell_waiting(self, tx: Tx) -> None:
        for row in await tx.all("renders.next_pending", limit=BOARDS_MOVED):
            await self._show(tx, read_render(row))

    async def _facts(self, tx: Reader, render: Render) -> dict[str, Any]:
        stages = await tx.all("renders.stages", render_id=render.id, attempt=render.fence)
        place = await self._place(tx, render)
        counts = await self._counts(tx, render.batch_id)
        return facts_of(
            with_stages(render, stages),
            self.moving(render.id),
            place=place,
            counts=counts,
            shown=self.workshop.shown(render.id),
        )

    async def _place(self, tx: Reader, render: Render) -> int | None:
        if render.state is not RenderState.PENDING:
            return None
        row = await tx.one("renders.place", id=render.id)
        return row["place"] if row else None

    async def _counts(self, tx: Reader, batch_id: int | None) -> Counts | None:
        if batch_id is None:
            return None
        return batch_counts(await tx.all("renders.batch_states", batch_id=batch_id))

    async def _own(self, tx: Tx, render: Render) -> Render:
        """Return it as it stands, if this attempt still owns it.

        Raises:
            LostFenceError: it does not.
        """
        fresh = await self._fresh(tx, render.id)
        if fresh.fence != render.fence or fresh.state is not RenderState.PROCESSING:
            raise LostFenceError(f"render {render.id}: fence {render.fence} is old")
        return fresh

    async def _fresh(self, tx: Reader, render_id: int) -> Render:
        row = await tx.one("renders.get", id=render_id)
        if row is None:
            raise RefusedError("render_unknown", render_id=render_id)
        return read_render(row)

    def _seconds(self) -> float:
        return self._clock.now().timestamp()


def post_holder(post_id: int) -> str:
    """Return in whose name the library holds what a post sends."""
    return f"post:{post_id}"


def is_fed(source: Mapping[str, Any], render_id: int) -> bool:
    """Return whether a post with this source reads a render's result while it is made."""
    return source.get("kind") == "render" and source.get("render_id") == render_id


def stands(states: Iterable[str]) -> bool:
    """Return whether something of a post is or may still become visible."""
    nothing = {UploadState.FAILED, UploadState.CANCELLED}
    return any(UploadState(state) not in nothing for state in states)


_STILL: Mapping[str, Any] = {"stage": "", "stage_at": None, "reason": None, "until_at": None}
"""What says nothing about a render that is not being made."""
