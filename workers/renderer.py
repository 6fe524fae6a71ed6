"""Makes mashups: one run makes one render, from its files to the asset that comes of it.

What is made has its own name only when it is whole, and its folder is cleared before it is made
again, so that a kill leaves nothing that could be taken for a result.
"""

from __future__ import annotations

import asyncio
import errno
import json
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeVar

from core.errors import LostFenceError, SourceError
from core.media.spool import DiskFullError
from core.ports import Defer, Run
from core.sources.render import WAITS, Growth, Growths
from core.studio.errors import StudioError
from core.studio.library import Library
from core.studio.mashup import Mashup
from core.studio.publishing import RENDER_FAILED, Publishing, version_of
from core.studio.queueing import KEEPING, Render, RenderWait, with_paths
from core.studio.render_moves import RenderResult
from core.studio.rendered import Rendered
from core.studio.renders import Renders
from utils.clock import Clock
from utils.ffmpeg import journal

logger = logging.getLogger(__name__)

LOOK_SECONDS = 0.25
ROOM_SECONDS = 2.0
"""How often it is seen whether the disk still has room."""
TELL_SECONDS = 1.0
"""Progress is told no more often."""
DISK_PAUSE = timedelta(seconds=30)
SHELF_PAUSE = timedelta(minutes=10)
"""Where the result could not be put away, which is seen only when all of it was made."""
ERROR_PAUSE = timedelta(seconds=20)
DISK_FULL = "disk_full"
DONE = "done"
"""The last thing that is told of a making; what follows is `KEEPING`."""
NO_ROOM = frozenset({DISK_FULL, "storage_full"})
TAKES_AS_LONG_AGAIN = frozenset({"over_time"})
"""What a person decides about: each try costs as much as is allowed at most."""
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
LEAST_BYTES = 16 * 1024 * 1024
UNKNOWN_SECONDS = 60.0
"""How long a mashup is taken to be that does not say, when room is set aside."""
PREVIEW_BYTES = 4 * 1024 * 1024
LOG_BYTES = 64 * 1024
"""Most that is kept of what an attempt was told."""


class Progressed(Protocol):
    """How far a making is; `core.studio.render.Progressed`."""

    @property
    def share(self) -> float: ...

    @property
    def speed(self) -> float: ...

    @property
    def eta_seconds(self) -> float | None: ...

    @property
    def stage(self) -> str: ...


Result = TypeVar("Result")
Make = Callable[..., Awaitable[Rendered]]
"""`core.studio.render.render`, with its limits."""


class NotWantedError(Exception):
    """Nobody wants the result any more, or the process leaves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RendererDeps:
    """What the renderer works with."""

    renders: Renders
    publishing: Publishing
    library: Library
    growths: Growths
    clock: Clock
    make: Make
    most_tries: int
    bits_of: Callable[[str], int]
    """Most bits a second that a profile makes."""


class Renderer:
    """The handler of ``render`` tasks."""

    def __init__(self, deps: RendererDeps) -> None:
        self._deps = deps

    async def __call__(self, run: Run) -> None:
        """Make one render, and the post that was wished for.

        Raises:
            Defer: the disk is full, the making failed for now, or the process leaves; the reason
                is saved.
        """
        deps, render_id = self._deps, int(run.task.args["render_id"])
        render = await deps.renders.get(render_id)
        if render is None:
            return
        if render.is_open:
            generation = int(run.task.key.rpartition("#")[2])
            begun = await deps.renders.start(render_id, generation)
            if begun is None:
                return
            try:
                await _Making(deps, run, begun).all()
            except LostFenceError as lost:
                logger.info("render left", extra={"render": render_id, "why": str(lost)})
                return
        await deps.publishing.publish(await deps.renders.require(render_id))


class _Making:
    """One attempt."""

    def __init__(self, deps: RendererDeps, run: Run, render: Render) -> None:
        self._deps = deps
        self._run = run
        self._render = render
        self._renders = deps.renders
        self._growth: Growth | None = None
        self._entered: deque[tuple[str, datetime]] = deque()
        self._news = asyncio.Event()
        self._stage = ""
        self._told_at = -TELL_SECONDS
        self._said: list[str] = []

    async def all(self) -> None:
        """Make it, and write down what became of it.

        Raises:
            Defer: it waits.
            LostFenceError: somebody else decided about it.
        """
        render, token = self._render, journal.set(self._said)
        try:
            with self._renders.workshop.use(render.id, self._needed()) as folder:
                await self._make(folder)
        except StudioError as error:
            await self._failed(error)
        except DiskFullError as error:
            facts = {"needed_bytes": error.needed_bytes, "free_bytes": error.free_bytes}
            await self._hold(RenderWait.DISK, DISK_PAUSE, DISK_FULL, facts)
        except OSError as error:
            if error.errno not in _FULL:
                raise
            await self._hold(RenderWait.DISK, DISK_PAUSE, DISK_FULL, {})
        except NotWantedError:
            await self._left()
        finally:
            journal.reset(token)
            # What is made again feeds its post again, however long that takes.
            self._fail_growth(WAITS, retry=True)
            self._renders.rest(render.id)
            if self._growth is not None:
                self._deps.growths.end(render.id, self._growth)

    def _needed(self) -> int:
        mashup = self._render.mashup
        if self._render.preview:
            return PREVIEW_BYTES
        bits = self._deps.bits_of(mashup.profile)
        return max(LEAST_BYTES, round(bits / 8 * (mashup.seconds or UNKNOWN_SECONDS)))

    async def _make(self, folder: Path) -> None:
        async with AsyncExitStack() as lent:
            mashup = await self._watched(partial(self._lent, lent))
            out = folder / "result.mp4"
            growing = await self._deps.publishing.grows(self._render)
            if growing:
                await self._feed(out)
            made = await self._watched(
                partial(
                    self._deps.make,
                    mashup,
                    out,
                    folder=folder,
                    on_progress=self._progress,
                    preview=self._render.preview,
                    growing=growing,
                )
            )
        await self._write_stages()
        await self._keep(made)

    async def _feed(self, out: Path) -> None:
        """Let who publishes it read the file from its first byte on."""
        version = version_of(self._render)
        self._growth = self._deps.growths.begin(self._render.id, out, version)
        await self._deps.publishing.feed(self._render)

    async def _lent(self, lent: AsyncExitStack) -> Mashup:
        """Return the mashup with its assets as files on this disk, there until ``lent`` ends.

        What lies elsewhere is fetched first, which may take long.
        """
        paths: dict[int, Path] = {}
        for asset_id in self._render.assets:
            asset = await self._deps.library.get(asset_id)
            if asset is None:
                raise StudioError("no_asset", {"asset_id": asset_id})
            paths[asset_id] = await lent.enter_async_context(self._deps.library.file(asset))
        return with_paths(self._render.mashup, paths)

    async def _keep(self, made: Rendered) -> None:
        """The file is whole and good: it goes where it is found."""
        render, shop = self._render, self._renders.workshop
        await self._log("ready", sheet=made.sheet)
        self._render = await self._renders.enter(render, KEEPING, self._deps.clock.now())
        sheet = made.path.with_suffix(".json")
        video = made.path if render.preview else None
        await asyncio.to_thread(
            shop.show, render.id, thumbnails=made.thumbnails, sheet=sheet, video=video
        )
        asset = None
        if not render.preview:
            asset = await self._watched(partial(self._deps.publishing.keep, render, made))
        result = RenderResult(
            facts=made.facts, sha256=made.sha256, asset_id=asset.id if asset else None
        )
        _ = await self._renders.ready(render, result)
        if self._growth is not None:
            # Not before: what its readers send is to be in the library, too.
            self._growth.finish(made.size_bytes)

    # While it is made.

    async def _watched(self, work: Callable[[], Awaitable[Result]]) -> Result:
        """Wait for the work, but leave at once when nobody wants it or the process ends."""

        async def run() -> Result:
            return await work()

        def stop() -> None:
            working.cancel()

        try:
            async with asyncio.TaskGroup() as tasks:
                working = tasks.create_task(run())
                watch = tasks.create_task(self._watch(working))
                working.add_done_callback(lambda _: watch.cancel())
                self._renders.when_stopped(self._render.id, stop)
        except* (StudioError, DiskFullError, LostFenceError, OSError) as failures:
            raise _first(failures) from None
        finally:
            self._renders.when_stopped(self._render.id, None)
        if working.cancelled():
            raise NotWantedError
        return working.result()

    async def _watch(self, working: asyncio.Task[Result]) -> None:
        """Write down stages as they come; see that the disk has room and the result is wanted."""
        looked_at = self._deps.clock.monotonic()
        while not working.done():
            self._news.clear()
            await self._write_stages()
            self._run.progress()
            if self._run.stopping():
                working.cancel()
                return
            now = self._deps.clock.monotonic()
            if now - looked_at >= ROOM_SECONDS:
                looked_at = now
                await asyncio.to_thread(self._renders.workshop.require_room)
            try:
                async with asyncio.timeout(LOOK_SECONDS):
                    await self._news.wait()
            except TimeoutError:
                continue

    def _progress(self, progressed: Progressed) -> None:
        self._run.progress()
        clock, stage = self._deps.clock, str(progressed.stage)
        if stage not in {self._stage, DONE}:
            self._stage = stage
            self._entered.append((stage, clock.now()))
            self._news.set()
        now = clock.monotonic()
        if now - self._told_at >= TELL_SECONDS:
            self._told_at = now
            speed, eta = progressed.speed, progressed.eta_seconds
            self._renders.tell(self._render.id, progressed.share, speed, eta)

    async def _write_stages(self) -> None:
        while self._entered:
            stage, at = self._entered[0]
            self._render = await self._renders.enter(self._render, stage, at)
            # Only now: who was cancelled meanwhile writes it again, which changes nothing.
            self._entered.popleft()

    # What became of it.

    async def _left(self) -> None:
        """Leave: what was cancelled has ended, what only stops here goes on later."""
        await self._log("left")
        await self._renders.give_back(self._render)
        # It keeps its place in the queue.
        raise Defer(self._run.task.run_at or self._deps.clock.now())

    async def _failed(self, error: StudioError) -> None:
        """Try later what may work then; else it has failed."""
        logger.warning("render failed", extra={"render": self._render.id, "why": error.key})
        if error.key in NO_ROOM:
            pause = SHELF_PAUSE if self._render.stage == KEEPING else DISK_PAUSE
            await self._hold(RenderWait.DISK, pause, error.key, error.facts)
        is_patient = error.retry and error.key not in TAKES_AS_LONG_AGAIN
        if is_patient and self._render.attempts + 1 < self._deps.most_tries:
            await self._hold(RenderWait.RETRY, ERROR_PAUSE, error.key, error.facts, counted=True)
        await self._log(f"failed: {error.key}", facts=error.facts)
        await self._renders.fail(self._render, error.key, error.facts)
        # Not before: killed in between, it is made again, and its post has to wait for that.
        self._fail_growth(RENDER_FAILED, retry=False)

    async def _hold(
        self,
        reason: RenderWait,
        pause: timedelta,
        key: str,
        facts: Mapping[str, Any],
        *,
        counted: bool = False,
    ) -> None:
        """Wait, and say why and until when."""
        until = self._deps.clock.now() + pause
        await self._log(f"waits: {key}", facts=facts)
        await self._renders.hold(self._render, reason, until, key, facts, counted=counted)
        raise Defer(until)

    def _fail_growth(self, key: str, *, retry: bool) -> None:
        """Tell who reads the file that it will not be whole, unless it is or they know."""
        if self._growth is not None and self._growth.error is None:
            self._growth.fail(SourceError(key=key, retry=retry))

    async def _log(
        self,
        outcome: str,
        *,
        sheet: Mapping[str, Any] | None = None,
        facts: Mapping[str, Any] | None = None,
    ) -> None:
        told = {"facts": facts} if facts else {}
        if sheet is not None:
            told |= {name: sheet[name] for name in ("measures", "tools") if name in sheet}
        more = [json.dumps(told, ensure_ascii=False, default=str)] if told else []
        text = "\n".join([*self._said, *more])
        await self._renders.log_attempt(self._render, outcome, text[-LOG_BYTES:])


def _first(group: BaseExceptionGroup[Exception]) -> Exception:
    error = group.exceptions[0]
    return _first(error) if isinstance(error, BaseExceptionGroup) else error
