"""Making fitted files: one decode for all that is encoded, checked before it is handed out."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import shutil
import threading
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from core.media.fit.checking import Lengths, lengths_of, require_whole
from core.media.fit.errors import FitError, explain
from core.media.fit.graph import Job, copy_arguments, encode_arguments, result_seconds
from core.media.fit.recipe import Recipe
from core.media.fit.relocate import Move, NotMovableError, digest_moved, plan_move, write_moved
from core.media.fit.sounds import CHANNELS, RATE
from core.media.specs import HDR_TRANSFERS
from core.posts.models import MediaFacts
from utils.ffmpeg import NICENESS, FfmpegError, end_orphan, transcode
from utils.threads import in_thread

logger = logging.getLogger(__name__)

__all__ = ["FitError", "Made", "OnProgress", "Output", "make"]

STALL_SECONDS = 300.0
"""A slow machine may take long for one frame of a large picture, but not so long."""
OnProgress = Callable[[float, float | None], None]
"""Told the share that is done, 0 to 1, and the seconds that are left (None: not known)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """One file that is wanted, and where."""

    recipe: Recipe
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """One file that is there, whole and looked at."""

    path: Path
    facts: MediaFacts
    size_bytes: int
    sha256: str
    """Of its content; empty when it was not asked for."""


async def make(
    source: Path,
    facts: MediaFacts,
    outputs: Sequence[Output],
    *,
    threads: int,
    on_progress: OnProgress,
    folder: Path,
    digests: bool = True,
) -> list[Made]:
    """Make all the files, in the order of ``outputs``.

    They are written under other names into a folder of their own below ``folder``, which must be
    on the same disk as their paths, and renamed when all of them are good. Nothing is left of an
    attempt that failed, was cancelled or was killed: the next one for the same files clears it.

    Args:
        source: the whole video.
        facts: what `core.media.probe.probe` says of it.
        outputs: what is wanted; what has the same recipe is made once.
        threads: of each encoder; 0 leaves it to them.
        on_progress: told what is done.
        folder: where temporary files may be.
        digests: whether `Made.sha256` is wanted; for a large copy it takes as long as the copy.

    Raises:
        FitError: a file could not be made.
    """
    work = folder / f".fit-{_digest_of(source, outputs)}"
    try:
        await in_thread(_clear, work, anew=True)
        recipes = list(dict.fromkeys(output.recipe for output in outputs))
        files = _Work(source, facts, threads, on_progress, work, digests=digests)
        made = await _unwrapped(files.all(recipes))
        by_recipe = dict(zip(recipes, made, strict=True))
        await in_thread(_hand_out, outputs, by_recipe)
    except OSError as error:
        raise _disk_error(error) from error
    finally:
        await in_thread(_clear, work, anew=False)
    on_progress(1.0, 0.0)
    return [replace(by_recipe[output.recipe], path=output.path) for output in outputs]


class _Work:
    """One call of `make`."""

    def __init__(
        self,
        source: Path,
        facts: MediaFacts,
        threads: int,
        on_progress: OnProgress,
        work: Path,
        *,
        digests: bool,
    ) -> None:
        self._digests = digests
        self._source = source
        self._facts = facts
        self._threads = threads
        self._on_progress = on_progress
        self._work = work
        self._total = 0.0
        self._done = 0.0
        self._began = asyncio.get_running_loop().time()

    async def all(self, recipes: Sequence[Recipe]) -> list[Made]:
        jobs = [
            Job(recipe=recipe, name=f"{number}.mp4", stats=f"{number}.stats")
            for number, recipe in enumerate(recipes)
        ]
        copies = [job for job in jobs if job.recipe.copy]
        encodes = [job for job in jobs if not job.recipe.copy]
        self._total = self._seconds(copies, encodes)
        made = {job.name: await self._moved(job) for job in copies if self._is_movable(job)}
        left = [job for job in jobs if made.get(job.name) is None]
        if left:
            made |= dict(zip((job.name for job in left), await self._written(left), strict=True))
        return [one for job in jobs if (one := made[job.name]) is not None]

    async def _written(self, jobs: Sequence[Job]) -> list[Made]:
        """Let ffmpeg write the files: those to copy, then all that are encoded, at once."""
        async with asyncio.TaskGroup() as group:
            looking = group.create_task(lengths_of(self._source))
            copies = [job for job in jobs if job.recipe.copy]
            copied = {job.name: await self._copied(job, looking) for job in copies}
            again = [self._encoded(job) for job in copies if copied[job.name] is None]
            await self._encode([*(job for job in jobs if not job.recipe.copy), *again])
        lengths = looking.result()
        return [copied.get(job.name) or await self._look(job, lengths) for job in jobs]

    async def _copied(self, job: Job, looking: asyncio.Task[Lengths]) -> Made | None:
        """Return the copy; None when its packets do not play without what was around them.

        An edit list that cuts or shifts a track, or times that only a decoder understands.
        """
        try:
            await self._copy(job)
            return await self._look(job, await looking)
        except FitError as error:
            if error.retry:
                raise
            logger.info("fit_copy_failed", extra={"why": str(error)})
            return None

    def _is_movable(self, job: Job) -> bool:
        """Tell whether nothing but the index of an MP4 is wrong."""
        return job.recipe == Recipe(copy=True) and "mp4" in self._facts.container.split(",")

    async def _moved(self, job: Job) -> Made | None:
        """Return the file with another index; None where more than that would change."""
        path = self._work / job.name
        try:
            move = await asyncio.to_thread(plan_move, self._source)
            made = await self._move(move, path, result_seconds(self._facts, job.recipe))
        except (NotMovableError, FitError) as error:
            if isinstance(error, FitError) and error.retry:
                raise
            logger.info("fit_move_failed", extra={"why": str(error)})
            path.unlink(missing_ok=True)
            return None
        return made

    async def _move(self, move: Move, path: Path, seconds: float) -> Made:
        """Write, and look at the result, while the digest is taken from the source."""
        stop, loop = threading.Event(), asyncio.get_running_loop()
        size = max(1, self._facts.size_bytes or 1)

        def tell(done: int) -> None:
            loop.call_soon_threadsafe(self._tell, min(done / size, 1) * seconds)

        write = partial(write_moved, self._source, path, move, stop=stop, on_bytes=tell)
        digest = partial(digest_moved, self._source, move, stop=stop) if self._digests else str
        writing = loop.run_in_executor(None, write)
        digesting = loop.run_in_executor(None, digest)
        try:
            await asyncio.shield(writing)
            facts = await require_whole(path, self._facts, Lengths(), Recipe(copy=True))
            sha256 = await asyncio.shield(digesting)
        finally:
            # The threads hold files that are perhaps to be cleared away.
            stop.set()
            await asyncio.gather(writing, digesting, return_exceptions=True)
        self._done += seconds
        return Made(path=path, facts=facts, size_bytes=move.size_bytes, sha256=sha256)

    def _encoded(self, job: Job) -> Job:
        """Return what is made in place of a copy: the same, with no more bits than before."""
        bits = self._facts.picture_bit_rate or self._facts.bit_rate
        self._total += result_seconds(self._facts, job.recipe)
        sound = job.recipe.audio if job.recipe.audio == "silence" else "aac"
        recipe = replace(
            job.recipe,
            copy=False,
            to_sdr=self._facts.color_transfer in HDR_TRANSFERS,
            most_bit_rate=bits,
            audio=sound if self._facts.has_audio or sound == "silence" else "keep",
            audio_rate=job.recipe.audio_rate or RATE,
            audio_channels=job.recipe.audio_channels or CHANNELS,
        )
        return replace(job, recipe=recipe)

    def _seconds(self, copies: Sequence[Job], encodes: Sequence[Job]) -> float:
        """Return the seconds of video that all processes together write."""
        seconds = sum(result_seconds(self._facts, job.recipe) for job in copies)
        for group in (encodes, _twice(encodes)):
            seconds += max((result_seconds(self._facts, job.recipe) for job in group), default=0)
        return max(seconds, 0.001)

    async def _copy(self, job: Job) -> None:
        """Write the packets anew; a second time where the index needs more room than guessed."""
        seconds = result_seconds(self._facts, job.recipe)
        write = partial(copy_arguments, self._source, self._facts, job.recipe, job.name)
        try:
            await self._run(write(reserve=True), seconds, niceness=0)
        except FitError as error:
            if error.key != "index_large":
                raise
            await self._run(write(reserve=False), seconds, niceness=0)

    async def _encode(self, jobs: Sequence[Job]) -> None:
        for number, chosen in ((1, jobs), (2, _twice(jobs))):
            if not chosen:
                return
            arguments = encode_arguments(
                self._source, self._facts, jobs, number=number, threads=self._threads
            )
            seconds = max(result_seconds(self._facts, job.recipe) for job in chosen)
            await self._run(arguments, seconds)

    async def _run(
        self, arguments: list[str], seconds: float, *, niceness: int = NICENESS
    ) -> None:
        try:
            await transcode(
                arguments,
                folder=self._work,
                on_time=lambda time: self._tell(min(time, seconds)),
                stall_seconds=STALL_SECONDS,
                niceness=niceness,
            )
        except FfmpegError as error:
            raise explain(error) from error
        self._done += seconds

    def _tell(self, seconds: float) -> None:
        share = min((self._done + seconds) / self._total, 0.999)
        spent = asyncio.get_running_loop().time() - self._began
        self._on_progress(share, spent / share - spent if share > 0.01 else None)

    async def _look(self, job: Job, lengths: Lengths) -> Made:
        path = self._work / job.name
        facts = await require_whole(path, self._facts, lengths, job.recipe)
        digest = await asyncio.to_thread(_sha256, path) if self._digests else ""
        size = path.stat().st_size
        return Made(path=path, facts=facts, size_bytes=size, sha256=digest)


async def _unwrapped(work: Awaitable[list[Made]]) -> list[Made]:
    """Wait for it and raise what went wrong in it as it is."""
    try:
        return await work
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from failed


def _twice(jobs: Sequence[Job]) -> list[Job]:
    return [job for job in jobs if job.recipe.most_bytes is not None]


def _digest_of(source: Path, outputs: Sequence[Output]) -> str:
    """Return the same for the same files, so that the next attempt finds what one left."""
    text = "\n".join([str(source), *(f"{one.path} {one.recipe.key}" for one in outputs)])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _clear(work: Path, *, anew: bool) -> None:
    if work.exists():
        end_orphan(work)
        shutil.rmtree(work)
    if anew:
        work.mkdir(parents=True)


def _hand_out(outputs: Sequence[Output], made: Mapping[Recipe, Made]) -> None:
    """Give the files their names; all but the last with the same recipe get a copy."""
    left = Counter(output.recipe for output in outputs)
    for output in outputs:
        path = made[output.recipe].path
        left[output.recipe] -= 1
        if left[output.recipe]:
            copy = path.with_suffix(".copy")
            shutil.copyfile(path, copy)
            copy.replace(output.path)
        else:
            path.replace(output.path)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _disk_error(error: OSError) -> FitError:
    text = error.strerror or str(error)
    return explain(FfmpegError(text, code=error.errno or 1))
