"""Makes the fitted files of a post, once all of its video lies on the disk.

One run makes everything that is wanted of a post, from one reading of it. What it makes has its
own name only when it is whole, so that a kill leaves nothing that could be taken for it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from core.media.fit.errors import FitError
from core.media.fit.make import Made, Output, make
from core.media.spool import DiskFullError, Spool
from core.media.spools import FitKey, Spools
from core.ports import Defer, Run
from core.posts.fits import Fit, MadeFit
from core.posts.measuring import Stage
from core.posts.models import POST_FINAL, MediaFacts, Post
from core.posts.repository import Posts
from core.progress import Progress
from utils.clock import Clock
from workers.materials import Materials

logger = logging.getLogger(__name__)

LOOK_SECONDS = 0.25
SOURCE_PAUSE = timedelta(seconds=15)
"""So often it is seen to that the video comes; the end of the fetch wakes us before."""
DISK_PAUSE = timedelta(seconds=30)
ERROR_PAUSE = timedelta(seconds=20)
SPARE = 1.1
"""A container needs a little more than its streams."""
DISK_FULL = "disk_full"
SOURCE_GONE = "source_gone"
SHARES = 10_000
"""In how many steps the progress is told."""

Make = Callable[..., Awaitable[list[Made]]]


class NotWantedError(Exception):
    """Nobody needs the files any more, or the process leaves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FitterDeps:
    """What the fitter works with."""

    posts: Posts
    spools: Spools
    materials: Materials
    progress: Progress
    clock: Clock
    recall: Callable[[Post], Awaitable[None]]
    """Make sure that the video is being fetched or lies on the disk."""
    threads: int
    """Of an encoder; 0 leaves it to the machine."""
    most_tries: int
    make: Make = make


class Fitter:
    """The handler of ``fit`` tasks."""

    def __init__(self, deps: FitterDeps) -> None:
        self._deps = deps

    async def __call__(self, run: Run) -> None:
        """Make what is wanted of one post.

        Raises:
            Defer: the video is not all there, the disk is full, or the making failed for now;
                the reason is saved.
        """
        post = await self._deps.posts.require(int(run.task.args["post_id"]))
        generation = int(run.task.key.rpartition("#")[2])
        wanted = await self._deps.posts.fits_of_task(post.id, generation)
        if not wanted or post.state in POST_FINAL:
            return
        spool = await self._source(post, generation)
        if spool is None:
            return
        work = _Making(self._deps, run, post, generation)
        try:
            with self._deps.spools.use(post.id):
                await work.make_all(spool)
        except NotWantedError:
            logger.info("fit left", extra={"post": post.id})
            if await self._deps.posts.fits_of_task(post.id, generation):
                raise Defer(self._deps.clock.now()) from None
        except DiskFullError as error:
            await work.hold(DISK_PAUSE, DISK_FULL, error)
        finally:
            self._deps.progress.forget(("fit", post.id))

    async def _source(self, post: Post, generation: int) -> Spool | None:
        """Return the whole video; its fetch ends with a new task for what is wanted.

        None where it will never be there again.
        """
        spools = self._deps.spools
        spool = spools.get(post.id)
        is_whole = spool is not None and spool.complete and bool(post.sha256)
        if spool is not None and is_whole and spool.path.is_file():
            return spool
        if spool is not None and is_whole:
            logger.warning("the video on the disk is gone", extra={"post": post.id})
            if spool.in_place:
                for fit in await self._deps.posts.fits_of_task(post.id, generation):
                    await self._deps.posts.fail_fit(fit.id, generation, SOURCE_GONE, {})
                return None
            if spools.users(post.id):
                # Who still reads it has it open; after them it is fetched anew.
                raise Defer(self._deps.clock.now() + SOURCE_PAUSE)
            self._deps.materials.drop(post.id)
            spools.retire(post.id)
        await self._deps.posts.leave_fits(post.id, generation)
        await self._deps.recall(post)
        raise Defer(self._deps.clock.now() + SOURCE_PAUSE)


class _Making:
    """One run over the files of a post."""

    def __init__(self, deps: FitterDeps, run: Run, post: Post, generation: int) -> None:
        self._deps = deps
        self._run = run
        self._post = post
        self._generation = generation

    async def make_all(self, spool: Spool) -> None:
        """Make all of them together; what fails there is made alone, so that others do not."""
        deps = self._deps
        size = spool.size or 0
        fits = await deps.posts.fits_of_task(self._post.id, self._generation)
        with deps.spools.workshop(self._post.id, needed_bytes(fits, size)) as folder:
            fits = await deps.posts.start_fits(self._post.id, self._generation)
            try:
                await self._make(spool, fits, folder)
            except FitError as error:
                if len(fits) == 1 or error.retry:
                    await self._failed(fits, error, spool)
                    return
                await self._one_by_one(spool, fits, folder)

    async def _one_by_one(self, spool: Spool, fits: Sequence[Fit], folder: Path) -> None:
        for fit in fits:
            try:
                await self._make(spool, [fit], folder)
            except FitError as error:
                await self._failed([fit], error, spool)

    async def _make(self, spool: Spool, fits: Sequence[Fit], folder: Path) -> None:
        deps, began = self._deps, self._deps.clock.monotonic()
        keys = {fit.id: FitKey(self._post.id, fit.id) for fit in fits}
        outputs = [Output(recipe=fit.recipe, path=deps.spools.path(keys[fit.id])) for fit in fits]
        made = await self._watched(
            deps.make(
                spool.path,
                self._post.facts,
                outputs,
                threads=deps.threads,
                on_progress=self._progress,
                folder=folder,
            )
        )
        spent = deps.clock.monotonic() - began
        by_path = {one.path: one for one in made}
        done = [_as_made(fit, by_path[deps.spools.path(keys[fit.id])]) for fit in fits]
        size = sum(one.size_bytes for one in done)
        deps.posts.measure(Stage.FIT, spent, post_id=self._post.id, bytes=size)
        kept = await deps.posts.fits_made(
            self._post.id, self._generation, done, source=self._post.sha256
        )
        for fit in fits:
            if fit.id not in kept:
                deps.spools.retire(keys[fit.id])
        logger.info("fitted", extra={"post": self._post.id, "files": len(kept)})

    async def _watched(self, work: Awaitable[list[Made]]) -> list[Made]:
        """Wait for the files, but leave soon when nobody needs them or the process ends."""

        async def run() -> list[Made]:
            return await work

        try:
            async with asyncio.TaskGroup() as tasks:
                making = tasks.create_task(run())
                watch = tasks.create_task(self._watch(making))
                making.add_done_callback(lambda _: watch.cancel())
        except* FitError as failures:
            raise _first(failures) from None
        except* DiskFullError as failures:
            raise _first(failures) from None
        if making.cancelled():
            raise NotWantedError
        return making.result()

    async def _watch(self, making: asyncio.Task[list[Made]]) -> None:
        while not making.done():
            await asyncio.sleep(LOOK_SECONDS)
            left = await self._deps.posts.fits_of_task(self._post.id, self._generation)
            if self._run.stopping() or not left:
                making.cancel()
                return

    def _progress(self, share: float, eta_seconds: float | None) -> None:
        self._run.progress()
        key, done = ("fit", self._post.id), round(share * SHARES)
        self._deps.progress.update(key, done, SHARES, eta_seconds=eta_seconds)

    async def hold(
        self, pause: timedelta, why: str, error: Exception, *, counted: bool = False
    ) -> None:
        """Wait, and say why."""
        until = self._deps.clock.now() + pause
        logger.warning("fit waits", extra={"post": self._post.id, "why": str(error)})
        await self._deps.posts.hold_fits(
            self._post.id, self._generation, until, why, counted=counted
        )
        raise Defer(until)

    async def _failed(self, fits: Sequence[Fit], error: FitError, spool: Spool) -> None:
        """Try later what may work then; else the uploads that need it fail."""
        logger.warning("fit failed", extra={"post": self._post.id, "why": str(error)})
        if not spool.path.is_file():
            # It was not the making that failed: the video is gone.
            await self._lost(fits, spool)
            return
        if error.key == DISK_FULL:
            await self.hold(DISK_PAUSE, DISK_FULL, error)
        if error.retry and all(fit.tries + 1 < self._deps.most_tries for fit in fits):
            await self.hold(ERROR_PAUSE, error.key, error, counted=True)
        for fit in fits:
            await self._deps.posts.fail_fit(fit.id, self._generation, error.key, error.facts)

    async def _lost(self, fits: Sequence[Fit], spool: Spool) -> None:
        if spool.in_place:
            for fit in fits:
                await self._deps.posts.fail_fit(fit.id, self._generation, SOURCE_GONE, {})
            return
        raise Defer(self._deps.clock.now())


def needed_bytes(fits: Sequence[Fit], source_bytes: int) -> int:
    """Return how much room the files need at most, as far as that can be known before."""
    sizes = [min(source_bytes, fit.recipe.most_bytes or source_bytes) for fit in fits]
    return round(sum(sizes) * SPARE)


def _as_made(fit: Fit, made: Made) -> MadeFit:
    facts: MediaFacts = made.facts
    return MadeFit(fit_id=fit.id, facts=facts, size_bytes=made.size_bytes, sha256=made.sha256)


def _first(group: BaseExceptionGroup[Exception]) -> Exception:
    error = group.exceptions[0]
    return _first(error) if isinstance(error, BaseExceptionGroup) else error
