"""Renders as people deal with them: wanted, looked at, cancelled, made again."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Protocol

from core.errors import RefusedError, TransitionError
from core.ports import Engine
from core.posts.intake import Intake
from core.posts.models import POST_FINAL, AccountId, PostState
from core.posts.records import dump
from core.posts.repository import Posts
from core.progress import Progress
from core.settings import PolicySettings
from core.store.base import Row, Store, Tx
from core.studio.errors import StudioError
from core.studio.mashup import Mashup
from core.studio.policy import Breach, Planned
from core.studio.queueing import (
    NewRender as NewRender,
)
from core.studio.queueing import (
    Render as Render,
)
from core.studio.queueing import (
    RenderState as RenderState,
)
from core.studio.queueing import (
    plain_facts,
    read_render,
    render_key,
    render_task,
    with_stages,
)
from core.studio.render_care import FORGET_EVERY, RenderCare
from core.studio.render_moves import Holds, is_fed, stands
from core.studio.render_moves import post_holder as post_holder
from core.studio.workshop import Workshop
from utils.clock import Clock

logger = logging.getLogger(__name__)

PER_PAGE = 10


class Rules(Protocol):
    """What judges mashups; `core.studio.policy.Policy`."""

    async def check(
        self,
        mashup: Mashup,
        targets: Sequence[AccountId],
        rules: PolicySettings,
        *,
        twins_wanted: bool = False,
        planned: Planned | None = None,
    ) -> list[Breach]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderDeps:
    """What renders are kept with."""

    store: Store
    clock: Clock
    engine: Engine
    library: Holds
    posts: Posts
    intake: Intake
    progress: Progress
    workshop: Workshop
    policy: Rules
    rules: PolicySettings
    keep: timedelta
    """So long logs are kept, and what is shown of results."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """A render that is made once more."""

    render: Render
    published: int | None
    """The post that came of it before and stands: no other one comes of it."""


class Renders(RenderCare):
    """All renders; one for each process that holds the lock of the database."""

    def __init__(self, deps: RenderDeps) -> None:
        super().__init__(
            deps.store,
            deps.clock,
            deps.engine,
            deps.library,
            deps.posts,
            deps.progress,
            deps.workshop,
        )
        self._deps = deps
        self._intake = deps.intake
        self._keep = deps.keep
        self._forgot_at = -FORGET_EVERY.total_seconds()
        deps.posts.when_settled(self._post_moved)

    # Wanting

    async def check(
        self, mashup: Mashup, targets: Sequence[AccountId] = (), *, twins_wanted: bool = False
    ) -> list[Breach]:
        """Return which rules a mashup does not keep, those that block first."""
        return await self._deps.policy.check(
            mashup, targets, self._deps.rules, twins_wanted=twins_wanted
        )

    async def targets(self, caption: str) -> tuple[AccountId, ...]:
        """Return the accounts that a caption names; none where it names no target.

        Raises:
            RefusedError: a line cannot be read, or names what is not there.
        """
        if not caption.strip():
            return ()
        wish = await self._intake.require_words(caption)
        if not wish.targets:
            return ()
        return tuple(target.account.id for target in await self._intake.targets_of(wish.targets))

    async def create(self, tx: Tx | None, wanted: NewRender) -> int:
        """Want a mashup to be made; with targets in its caption it is published.

        Raises:
            StudioError: ``policy`` (a rule blocks it; fact ``breaches``), or ``no_asset``.
            RefusedError: the caption cannot be followed.
        """
        targets = () if wanted.preview else await self.targets(wanted.caption)
        warnings = [] if wanted.preview else await self._require_allowed(wanted, targets)
        async with self._within(tx) as within:
            return await self._create(within, wanted, targets, warnings)

    async def create_many(
        self, wanted: Sequence[NewRender], tx: Tx | None = None
    ) -> tuple[int, list[int]]:
        """Want many at once, as one batch, of which each counts for the rules; all or none.

        Returns the number of the batch and those of its renders.

        Raises:
            StudioError: ``policy`` (a rule blocks one of them), or ``no_asset``.
            RefusedError: a caption cannot be followed.
        """
        ready, planned = [], Planned()
        for one in wanted:
            targets = await self.targets(one.caption)
            warnings = await self._require_allowed(one, targets, planned)
            ready.append((one, targets, warnings))
        async with self._within(tx) as within:
            row = await within.one("renders.next_batch")
            batch_id = int(row["id"]) if row else 1
            made = [
                await self._create(within, replace(one, batch_id=batch_id), targets, warnings)
                for one, targets, warnings in ready
            ]
        return batch_id, made

    @asynccontextmanager
    async def _within(self, tx: Tx | None) -> AsyncIterator[Tx]:
        """Yield the transaction of the caller, else one of our own."""
        if tx is not None:
            yield tx
            return
        async with self._store.transaction() as own:
            yield own

    async def _require_allowed(
        self,
        wanted: NewRender | Render,
        targets: Sequence[AccountId],
        planned: Planned | None = None,
    ) -> list[dict[str, Any]]:
        breaches = await self._deps.policy.check(
            wanted.mashup,
            targets,
            self._deps.rules,
            twins_wanted=wanted.twins_wanted,
            planned=planned,
        )
        found = [_breach(one) for one in breaches]
        if any(one["severity"] == "block" for one in found):
            raise StudioError("policy", {"breaches": found})
        return found

    async def _create(
        self,
        tx: Tx,
        wanted: NewRender,
        targets: Sequence[AccountId],
        warnings: Sequence[dict[str, Any]],
    ) -> int:
        row = await tx.one(
            "renders.insert",
            state=RenderState.PENDING.value,
            mashup=wanted.mashup.model_dump_json(),
            name=wanted.name,
            user_id=wanted.user_id,
            chat_id=wanted.chat_id,
            message_id=wanted.reply_to,
            caption=wanted.caption,
            targets=dump(list(targets)),
            preview=int(wanted.preview),
            twins_wanted=int(wanted.twins_wanted),
            priority=wanted.priority,
            batch_id=wanted.batch_id,
            warnings=dump(list(warnings)),
            now=self._seconds(),
        )
        if row is None:
            raise AssertionError("an insert returns its id")
        render = await self._fresh(tx, row["id"])
        await self._take(tx, render)
        await self._engine.submit(render_task(render), tx)
        await self._show(tx, render)
        return render.id

    async def _take(self, tx: Tx, render: Render) -> None:
        """Hold what goes in until the render has ended; what is only looked at is not counted."""
        if render.preview:
            await self._holds.hold(render.assets, render.holder, tx)
        else:
            await self._holds.use(render.assets, render.holder, tx, accounts=render.targets)

    # Looking

    async def get(self, render_id: int) -> Render | None:
        row = await self._store.one("renders.get", id=render_id)
        return (await self._read([row]))[0] if row else None

    async def require(self, render_id: int) -> Render:
        """Return a render.

        Raises:
            RefusedError: ``render_unknown``.
        """
        render = await self.get(render_id)
        if render is None:
            raise RefusedError("render_unknown", render_id=render_id)
        return render

    async def open(self) -> list[Render]:
        """Return all that have not ended, in the order in which they are made."""
        return await self._read(await self._store.all("renders.open"))

    async def recent(self, user_id: int = 0, page: int = 1) -> list[Render]:
        """Return the newest renders, without previews; of everybody for 0. Pages begin at 1."""
        offset = (max(1, page) - 1) * PER_PAGE
        rows = await self._store.all(
            "renders.recent", user_id=user_id, limit=PER_PAGE, offset=offset
        )
        return await self._read(rows)

    async def of_batch(self, batch_id: int) -> list[Render]:
        return await self._read(await self._store.all("renders.of_batch", batch_id=batch_id))

    async def of_post(self, post_id: int) -> Render | None:
        """Return the render that a post came of."""
        row = await self._store.one("renders.of_post", post_id=post_id)
        return (await self._read([row]))[0] if row else None

    async def _read(self, rows: Sequence[Row]) -> list[Render]:
        found = []
        for row in rows:
            render = read_render(row)
            stages = await self._store.all(
                "renders.stages", render_id=render.id, attempt=render.fence
            )
            found.append(self._with_progress(with_stages(render, stages)))
        return found

    def _with_progress(self, render: Render) -> Render:
        moving = self.moving(render.id)
        if moving is None or render.state is not RenderState.PROCESSING:
            return render
        return replace(
            render, share=moving.share, speed=moving.speed, eta_seconds=moving.eta_seconds
        )

    async def facts(self, render_id: int) -> dict[str, Any]:
        """Return what the card ``render:<id>`` shows now, as plain JSON.

        ::

            render_id    int
            name         str, may be empty
            state        "pending", "processing", "ready", "failed", "cancelled"
            preview      bool
            stage        str: "looking", "preparing", "rendering", "checking", "keeping";
                         empty unless it is processed
            share        0 to 1, speed (seconds of video a second) and eta_seconds: floats, or
                         None where nothing is known; live only in what this call returns: a
                         board's row has them as they were at its last change
            place        int from 1 on while it is pending, else None
            waits_for    "disk", "retry" or empty; then ``until`` is an ISO time
            attempts     int, how often it failed
            error        {"key", "facts"} or None: sentence ``studio_<key>``; also while it waits
            warnings     [{"rule", "severity", "key", "facts"}]: sentences ``policy_<key>``
            publishes    bool, whether its caption named targets
            asset_id     int or None; post_id: int or None
            post_error   {"key", "facts"} of a refusal of the intake, or None
            seconds      float or None, how long the last attempt took
            duration_seconds, width, height, size_bytes   of the result, or None
            thumbnail    path of a JPEG when it is ready, else empty
            video        path of the video of a preview that is ready, else empty
            stages       [{"stage", "seconds"}] of the last attempt, as far as they are over
            batch_id     int or None
            batch        {"total", "pending", "processing", "ready", "failed", "cancelled"}, or
                         None

        Raises:
            RefusedError: ``render_unknown``.
        """
        return await self._facts(self._store, await self._fresh(self._store, render_id))

    async def log(self, render_id: int) -> str:
        """Return what its attempts ran and were told, the first one first."""
        _ = await self.require(render_id)
        rows = await self._store.all("renders.logs", render_id=render_id)
        return "\n\n".join(
            f"attempt {row['attempt']}: {row['outcome']}\n{row['text']}" for row in rows
        )

    # Deciding

    async def cancel(self, render_id: int) -> Render:
        """Make nothing more of it; what is being made ends at once.

        A post that was fed by it ends too: its video will never be whole.

        Raises:
            RefusedError: ``render_unknown``, or ``render_ended``.
        """
        # Its post first: else the end of its source would fail it.
        seen = _require_open(await self.require(render_id))
        await self._cancel_post(seen)
        async with self._store.transaction() as tx:
            render = _require_open(await self._fresh(tx, render_id))
            await self._end_stage(tx, render)
            moved = await self._move(tx, render, RenderState.CANCELLED, **_NOTHING)
            await self._tell_waiting(tx)
        self._stop(render_id)
        _ = await self._engine.cancel(render_key(render))
        if moved.post_id != seen.post_id:
            # It was made in between.
            await self._cancel_post(moved)
        return moved

    async def cancel_batch(self, batch_id: int) -> int:
        """Cancel what of a batch has not ended; return how many there were."""
        return await self._cancel_these(await self.of_batch(batch_id))

    async def cancel_all(self) -> int:
        """Cancel everything that has not ended; return how many there were."""
        return await self._cancel_these(await self.open())

    async def _cancel_these(self, renders: Sequence[Render]) -> int:
        """Cancel from the last one on, so that none begins because another one made room."""
        count = 0
        for render in reversed(renders):
            if render.is_open:
                try:
                    await self.cancel(render.id)
                except RefusedError:
                    # It ended meanwhile.
                    continue
                count += 1
        return count

    def _stop(self, render_id: int) -> None:
        stop = self._stops.get(render_id)
        if stop is not None:
            stop()

    async def _cancel_post(self, render: Render) -> None:
        if render.post_id is None:
            return
        post = await self._posts.require(render.post_id)
        if is_fed(post.source, render.id) and post.state not in POST_FINAL:
            try:
                await self._posts.cancel_post(post.id, by="person")
            except (RefusedError, TransitionError) as error:
                logger.info("post goes on", extra={"post": post.id, "why": str(error)})

    async def again(self, render_id: int, *, publish: bool = False) -> Again:
        """Have it made once more, from the same mashup.

        What was published before is not published again, unless ``publish`` says so; a post of
        which nothing came to be seen does not count.

        Raises:
            RefusedError: ``render_unknown``, or ``render_open``: it has not ended.
            StudioError: ``no_asset``: something that goes in is gone; or ``policy``: a rule
                blocks what would be published anew.
        """
        async with self._store.transaction() as tx:
            render = await self._fresh(tx, render_id)
            if render.is_open:
                raise RefusedError("render_open", render_id=render_id, state=render.state.value)
            stays = not publish and await self._stands(tx, render)
            if not stays and render.publishes and (publish or render.state in _CAME_TO_NOTHING):
                # Else it is counted as it was when it was wanted.
                accounts = [AccountId(account) for account in render.targets]
                _ = await self._require_allowed(render, accounts)
            moved = await self._move(
                tx,
                render,
                RenderState.PENDING,
                **_NOTHING,
                error_key="",
                error_facts={},
                attempts=0,
                asset_id=None,
                sha256="",
                post_id=render.post_id if stays else None,
                publish_again=publish,
                post_error={},
            )
            await self._take(tx, moved)
            moved = await self._submit(tx, moved)
        return Again(render=moved, published=moved.post_id)

    async def _stands(self, tx: Tx, render: Render) -> bool:
        """Return whether something of its post is or may still become visible."""
        if render.post_id is None:
            return False
        post = await tx.one("posts.get", id=render.post_id)
        if post is not None and PostState(post["state"]) is PostState.DRAFT:
            # It waits for an answer.
            return True
        rows = await tx.all("renders.upload_states", post_id=render.post_id)
        return stands(row["state"] for row in rows)

    async def want_twins(self, render_id: int) -> None:
        """Note that a person wants the same file at several accounts; they are asked no more.

        Raises:
            RefusedError: ``render_unknown``.
        """
        _ = await self.require(render_id)
        async with self._store.transaction() as tx:
            await tx.run("renders.want_twins", id=render_id)

    async def raise_priority(self, render_id: int) -> Render:
        """Put a waiting render before all others.

        Raises:
            RefusedError: ``render_unknown``, or ``render_not_waiting``.
        """
        async with self._store.transaction() as tx:
            render = await self._fresh(tx, render_id)
            if render.state is not RenderState.PENDING:
                raise RefusedError(
                    "render_not_waiting", render_id=render_id, state=render.state.value
                )
            row = await tx.one("renders.highest_priority")
            priority = (row["priority"] if row else 0) + 1
            await tx.run("renders.set_priority", id=render_id, priority=priority)
            moved = await self._submit(tx, replace(render, priority=priority))
            await self._tell_waiting(tx)
        _ = await self._engine.cancel(render_key(render))
        return moved


def _require_open(render: Render) -> Render:
    if not render.is_open:
        raise RefusedError("render_ended", render_id=render.id, state=render.state.value)
    return render


def _breach(breach: Breach) -> dict[str, Any]:
    return {
        "rule": breach.rule.value,
        "severity": breach.severity,
        "key": breach.key,
        "facts": plain_facts(breach.facts),
    }


_CAME_TO_NOTHING = frozenset({RenderState.FAILED, RenderState.CANCELLED})
_NOTHING: dict[str, Any] = {"stage": "", "stage_at": None, "reason": None, "until_at": None}
