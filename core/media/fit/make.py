"""Making fitted files: one decode for all that is encoded, checked before it is handed out."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import shutil
import threading
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from core.media.fit.checking import Lengths, lengths_of, require_whole
from core.media.fit.errors import FitError, explain
from core.media.fit.graph import Job, copy_arguments, encode_arguments, result_seconds
from core.media.fit.recipe import Recipe
from core.media.fit.relocate import NotMovableError, relocate
from core.media.fit.sounds import CHANNELS, RATE
from core.media.specs import HDR_TRANSFERS
from core.posts.models import MediaFacts
from utils.ffmpeg import FfmpegError, end_orphan, transcode

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


async def make(
    source: Path,
    facts: MediaFacts,
    outputs: Sequence[Output],
    *,
    threads: int,
    on_progress: OnProgress,
    folder: Path,
) -> list[Made]:
    """Make all the files, in the order of ``outputs``.

    They are written under other names into a folder of their own below ``folder``, which must be
    on the same disk as their paths, and renamed when all of them are good. Nothing is left of an
    attempt that failed, was cancelled or was killed: the next one for the same files clears it.

    Args:
        source: the whole video.
        facts: what `core.media.probe.probe` says of it.
        outputs: what is wanted; equal recipes are made once each.
        threads: of each encoder; 0 leaves it to them.
        on_progress: told what is done.
        folder: where temporary files may be.

    Raises:
        FitError: a file could not be made.
    """
    work = folder / f".fit-{_digest_of(source, outputs)}"
    try:
        await asyncio.to_thread(_clear, work, anew=True)
        made = await _unwrapped(_Work(source, facts, threads, on_progress, work).all(outputs))
        for output, one in zip(outputs, made, strict=True):
            one.path.replace(output.path)
    except OSError as error:
        raise _disk_error(error) from error
    finally:
        await asyncio.shield(asyncio.to_thread(_clear, work, anew=False))
    on_progress(1.0, 0.0)
    return [
        Made(path=output.path, facts=one.facts, size_bytes=one.size_bytes, sha256=one.sha256)
        for output, one in zip(outputs, made, strict=True)
    ]


class _Work:
    """One call of `make`."""

    def __init__(
        self,
        source: Path,
        facts: MediaFacts,
        threads: int,
        on_progress: OnProgress,
        work: Path,
    ) -> None:
        self._source = source
        self._facts = facts
        self._threads = threads
        self._on_progress = on_progress
        self._work = work
        self._total = 0.0
        self._done = 0.0
        self._began = asyncio.get_running_loop().time()

    async def all(self, outputs: Sequence[Output]) -> list[Made]:
        jobs = [
            Job(recipe=output.recipe, name=f"{number}.mp4", stats=f"{number}.stats")
            for number, output in enumerate(outputs)
        ]
        copies = [job for job in jobs if job.recipe.copy]
        encodes = [job for job in jobs if not job.recipe.copy]
        self._total = self._seconds(copies, encodes)
        async with asyncio.TaskGroup() as group:
            looking = group.create_task(lengths_of(self._source))
            made = {job.name: await self._copied(job, looking) for job in copies}
            again = [self._encoded(job) for job in copies if made[job.name] is None]
            await self._encode([*encodes, *again])
        lengths = looking.result()
        return [made.get(job.name) or await self._look(job, lengths) for job in jobs]

    async def _copied(self, job: Job, looking: asyncio.Task[Lengths]) -> Made | None:
        """Return the copy; None when its packets do not play without what was around them.

        An edit list that cuts or shifts a track, or times that only a decoder understands.
        """
        ways = (self._relocated, self._copy) if self._may_relocate(job) else (self._copy,)
        for way in ways:
            try:
                digest = await way(job)
                return await self._look(job, await looking, digest)
            except (FitError, NotMovableError) as error:
                if isinstance(error, FitError) and error.retry:
                    raise
                logger.info("fit_copy_failed", extra={"why": str(error)})
                (self._work / job.name).unlink(missing_ok=True)
        return None

    def _may_relocate(self, job: Job) -> bool:
        """Tell whether nothing but the index of an MP4 is wrong."""
        return job.recipe == Recipe(copy=True) and "mp4" in self._facts.container.split(",")

    async def _relocated(self, job: Job) -> str:
        stop, loop = threading.Event(), asyncio.get_running_loop()
        seconds = result_seconds(self._facts, job.recipe)
        size = max(1, self._facts.size_bytes or 1)

        def tell(done: int) -> None:
            loop.call_soon_threadsafe(self._tell, min(done / size, 1) * seconds)

        path = self._work / job.name
        work = partial(relocate, self._source, path, stop=stop, on_bytes=tell)
        future = loop.run_in_executor(None, work)
        try:
            digest = await asyncio.shield(future)
        except asyncio.CancelledError:
            # The thread still holds files that are to be cleared away.
            stop.set()
            await asyncio.wait([future])
            raise
        self._done += seconds
        return digest

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

    async def _copy(self, job: Job) -> str:
        arguments = copy_arguments(self._source, self._facts, job.recipe, job.name)
        await self._run(arguments, result_seconds(self._facts, job.recipe))
        return ""

    async def _encode(self, jobs: Sequence[Job]) -> None:
        for number, chosen in ((1, jobs), (2, _twice(jobs))):
            if not chosen:
                return
            arguments = encode_arguments(
                self._source, self._facts, jobs, number=number, threads=self._threads
            )
            seconds = max(result_seconds(self._facts, job.recipe) for job in chosen)
            await self._run(arguments, seconds)

    async def _run(self, arguments: list[str], seconds: float) -> None:
        try:
            await transcode(
                arguments,
                folder=self._work,
                on_time=lambda time: self._tell(min(time, seconds)),
                stall_seconds=STALL_SECONDS,
            )
        except FfmpegError as error:
            raise explain(error) from error
        self._done += seconds

    def _tell(self, seconds: float) -> None:
        share = min((self._done + seconds) / self._total, 0.999)
        spent = asyncio.get_running_loop().time() - self._began
        self._on_progress(share, spent / share - spent if share > 0.01 else None)

    async def _look(self, job: Job, lengths: Lengths, digest: str = "") -> Made:
        path = self._work / job.name
        facts = await require_whole(path, self._facts, lengths, job.recipe)
        digest = digest or await asyncio.to_thread(_sha256, path)
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


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _disk_error(error: OSError) -> FitError:
    text = error.strerror or str(error)
    return explain(FfmpegError(text, code=error.errno or 1))
