"""Making a mashup: look, plan, run one process, check, and only then give it its name."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from core.posts.models import MediaFacts
from core.studio import captions, sheets, thumbnails
from core.studio.checking import COPY_SLACK_SECONDS, SLACK_SECONDS, require_whole
from core.studio.copying import copy_arguments, is_copy, still_arguments
from core.studio.errors import StudioError
from core.studio.graph import VIDEO_NAME, Plan, arguments
from core.studio.layouts import layout
from core.studio.looking import Looked, look_at_all, require_same, require_unchanged
from core.studio.loudness import measure
from core.studio.mashup import Mashup
from core.studio.picture import LOOP_BYTES, Feed
from core.studio.process import Limits, over_time, run
from core.studio.profiles import require_profile, size_of
from core.studio.rendered import Rendered
from core.studio.sheets import load_sheet
from core.studio.sound import Gain
from core.studio.templates import Templates, is_small, prepare
from core.studio.timeline import Timeline, plan_timeline
from core.studio.trouble import explain, of_disk
from core.studio.workplace import Workplace, hand_out, take_back
from utils.clock import SystemClock
from utils.ffmpeg import FfmpegError
from utils.threads import in_thread

__all__ = ["Limits", "Progressed", "RenderStage", "load_sheet", "render"]

PREVIEW_SECONDS = 3.0
PREVIEW_SCALE = 1 / 3
"""The shorter side of a preview has 360 pixels."""
PREVIEW_PRESET = "ultrafast"
LOOP_SHARE, LOOPS_SHARE = 4, 2
"""Frames that are repeated take at most such a part of the memory of a render: those of one slot,
and those of all of them, for all are kept to the end."""
SHEET_NAME = "sheet.json"
NOT_COPIED = frozenset({"damaged", "broken"})
"""Errors with which a copy shows that its source has to be decoded."""


class RenderStage(StrEnum):
    """What is done now."""

    LOOKING = "looking"
    """The files are looked at, the sound is measured."""
    PREPARING = "preparing"
    """Templates are brought to their size, to be kept."""
    RENDERING = "rendering"
    CHECKING = "checking"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Progressed:
    """How far a render is."""

    stage: RenderStage
    share: float = 0.0
    """Of the whole, 0 to 1."""
    speed: float = 0.0
    """Seconds of video made in a second."""
    eta_seconds: float | None = None


OnProgress = Callable[[Progressed], None]


async def render(
    mashup: Mashup,
    out: Path,
    *,
    folder: Path,
    limits: Limits = Limits(),  # noqa: B008 - it is frozen
    on_progress: OnProgress = lambda _: None,
    preview: bool = False,
    growing: bool = False,
    templates: Path | None = None,
) -> Rendered:
    """Make a mashup, its two thumbnails and its sheet.

    It is written under another name in a folder of its own below ``folder`` and renamed when it
    is good. Nothing is left of an attempt that failed or was cancelled; what one left that was
    killed is cleared by the next one for the same ``out``, its process ended.

    Args:
        mashup: what is wanted.
        out: where the video goes, an MP4; sheet and thumbnails go beside it.
        folder: where temporary files may be, best on the same disk.
        limits: what it may take.
        on_progress: told what is done, about twice a second.
        preview: only three seconds from the start, small and quickly made.
        growing: written at ``out`` itself from the first byte on, in fragments that can be read
            while they come; it is deleted when the render fails.
        templates: folder of prepared templates, which is kept bounded; None: none are kept.

    Raises:
        StudioError: it cannot be made; ``busy``, when somebody else makes the same ``out``.
    """
    place = Workplace(out, folder)
    is_done, is_ours = False, False
    try:
        await in_thread(place.enter)
        is_ours = True
        maker = _Maker(mashup, place, limits, on_progress, is_preview=preview)
        async with over_time(limits):
            made = await maker.make(growing=growing, templates=templates)
        is_done = True
    except FfmpegError as error:
        raise explain(error) from error
    except OSError as error:
        raise of_disk(error) from error
    finally:
        if growing and is_ours and not is_done:
            take_back([place.out])
        await in_thread(place.leave)
    return made


@dataclass(slots=True, kw_only=True)
class _Times:
    """How long each stage took."""

    began: float
    latest: float
    seconds: dict[str, float] = field(default_factory=dict)

    def mark(self, stage: str, now: float) -> None:
        self.seconds[stage] = round(self.seconds.get(stage, 0.0) + now - self.latest, 3)
        self.latest = now


class _Maker:
    """One call of `render`."""

    def __init__(
        self,
        mashup: Mashup,
        place: Workplace,
        limits: Limits,
        on_progress: OnProgress,
        *,
        is_preview: bool,
    ) -> None:
        self._wanted = mashup
        self._out = place.out
        self._work = place.path
        self._limits = limits
        self._on_progress = on_progress
        self._is_preview = is_preview
        self._clock = SystemClock()
        now = self._clock.monotonic()
        self._times = _Times(began=now, latest=now)

    async def make(self, *, growing: bool, templates: Path | None) -> Rendered:
        self._tell(RenderStage.LOOKING)
        plan = await self._plan(growing=growing)
        self._mark(RenderStage.LOOKING)
        plan = await self._prepared(plan, Templates(folder=templates) if templates else None)
        self._mark(RenderStage.PREPARING)
        if is_copy(plan) and not growing:
            try:
                return await self._finished(plan)
            except StudioError as error:
                if error.key not in NOT_COPIED:
                    raise
            # Its packets are not what its index tells: they are decoded, which puts them right.
            plan = replace(plan, is_encoded=True)
        return await self._finished(plan)

    async def _finished(self, plan: Plan) -> Rendered:
        self._tell(RenderStage.RENDERING)
        command = copy_arguments(plan) if is_copy(plan) else arguments(plan)
        try:
            await self._run(command, plan.line.seconds)
        except StudioError:
            await self._require_unchanged(plan, gone_is_fine=False)
            raise
        if is_copy(plan) and await self._shows_nothing(plan):
            await self._run(still_arguments(plan), plan.line.seconds)
        await self._require_unchanged(plan, gone_is_fine=True)
        self._mark(RenderStage.RENDERING)
        self._tell(RenderStage.CHECKING, share=0.99)
        return await self._handed_out(plan)

    # What is known before any picture is decoded.

    async def _plan(self, *, growing: bool) -> Plan:
        mashup = self._wanted
        arranged, profile = layout(mashup.layout), require_profile(mashup.profile)
        size = size_of(mashup.aspect, profile, PREVIEW_SCALE if self._is_preview else 1.0)
        words = mashup.captions.file if mashup.captions else None
        looked = await look_at_all(mashup.files, text=words)
        for file in mashup.files:
            require_same(file, looked[file.path])
        _require_sound(mashup, looked)
        line = plan_timeline(
            mashup,
            arranged,
            looked,
            profile,
            most_seconds=PREVIEW_SECONDS if self._is_preview else None,
        )
        plan = Plan(
            mashup=self._lightened(mashup),
            layout=arranged,
            line=line,
            profile=profile,
            size=size,
            looked=looked,
            stills=self._stills(mashup, line),
            preset=PREVIEW_PRESET if self._is_preview else mashup.preset,
            threads=self._limits.threads,
            target=f"file:{self._out}" if growing else VIDEO_NAME,
            growing=growing,
            loop_bytes=kept_bytes(line, self._limits),
        )
        return await self._with_words_and_gain(plan)

    def _lightened(self, mashup: Mashup) -> Mashup:
        """Leave out what three seconds need not have: the right loudness, and the end."""
        if not self._is_preview:
            return mashup
        music = mashup.music.model_copy(update={"fade_out": 0.0}) if mashup.music else None
        return mashup.model_copy(update={"loudness": None, "fade_out": 0.0, "music": music})

    def _stills(self, mashup: Mashup, line: Any) -> tuple[int, ...]:  # noqa: ANN401
        if mashup.thumbnail is None or self._is_preview:
            return ()
        return thumbnails.chosen_frames(line, mashup.thumbnail.at)

    async def _with_words_and_gain(self, plan: Plan) -> Plan:
        try:
            async with asyncio.TaskGroup() as group:
                words = group.create_task(in_thread(self._write, plan))
                gain = None if self._is_preview else group.create_task(_gain(plan))
        except ExceptionGroup as failed:
            raise failed.exceptions[0] from None
        return replace(plan, written=words.result(), gain=gain.result() if gain else None)

    def _write(self, plan: Plan) -> captions.Written | None:
        mark = plan.mashup.watermark
        if not (plan.mashup.captions or plan.mashup.attribution or (mark and mark.text)):
            return None
        return captions.write(
            plan.mashup.captions,
            attribution=plan.mashup.attribution,
            watermark=mark,
            size=plan.size,
            safe=plan.profile.safe,
            seconds=plan.line.seconds,
            folder=self._work,
            fonts=self._limits.fonts,
        )

    # Templates.

    async def _prepared(self, plan: Plan, templates: Templates | None) -> Plan:
        found: dict[tuple[int, int], Path] = {}
        for place, feed in zip(_places(plan), plan.feeds, strict=True):
            if not feed.slot.loops or (self._is_preview and not feed.needs_preparing):
                continue
            name = f"prepared-{place[0]}-{place[1]}.mp4"
            path = await self._template(feed, templates, self._work / name)
            if path is not None:
                found[place] = path
        return replace(plan, prepared=found)

    async def _template(
        self, feed: Feed, templates: Templates | None, target: Path
    ) -> Path | None:
        is_known = False
        if templates is not None:
            held = await in_thread(templates.find, feed, self._work)
            if held is not None:
                return held
            is_known = await in_thread(templates.is_known, feed)
        if not feed.needs_preparing and not (is_known and is_small(feed)):
            return None
        self._tell(RenderStage.PREPARING)
        await prepare(feed, target, limits=self._limits, on_time=lambda _: None)
        if templates is not None:
            await in_thread(templates.keep, feed, target)
        return target

    # The run and what comes of it.

    async def _require_unchanged(self, plan: Plan, *, gone_is_fine: bool) -> None:
        """See that what was read is what was looked at."""
        for looked in plan.looked.values():
            await require_unchanged(looked, gone_is_fine=gone_is_fine)

    async def _shows_nothing(self, plan: Plan) -> bool:
        """Tell whether the best of the key frames is black, and others may be better."""
        thumbnail = plan.mashup.thumbnail
        if not plan.stills or thumbnail is None or thumbnail.at is not None:
            return False
        return not await in_thread(thumbnails.is_any_good, self._work)

    async def _run(self, command: Sequence[str], seconds: float) -> None:
        began = self._clock.monotonic()

        def tell(time: float) -> None:
            spent = max(self._clock.monotonic() - began, 1e-6)
            share = min(time / seconds, 0.99)
            self._on_progress(
                Progressed(
                    stage=RenderStage.RENDERING,
                    share=share,
                    speed=time / spent,
                    eta_seconds=spent / share - spent if share > 0.01 else None,
                )
            )

        await run(command, folder=self._work, limits=self._limits, on_time=tell)

    async def _handed_out(self, plan: Plan) -> Rendered:
        video = self._out if plan.growing else self._work / VIDEO_NAME
        try:
            async with asyncio.TaskGroup() as group:
                looking = group.create_task(_looked_at(video, plan))
                digest = group.create_task(asyncio.to_thread(_sha256, video))
                tools = group.create_task(sheets.tools())
        except ExceptionGroup as failed:
            raise failed.exceptions[0] from None
        stills = await in_thread(thumbnails.pick, self._work)
        self._mark(RenderStage.CHECKING)
        facts = looking.result()
        sheet = self._sheet(plan, facts, tools.result())
        paths = await self._named(video, stills, sheet)
        self._tell(RenderStage.DONE, share=1.0)
        return Rendered(
            path=self._out,
            facts=facts,
            size_bytes=facts.size_bytes or 0,
            sha256=digest.result(),
            wall_seconds=round(self._clock.monotonic() - self._times.began, 3),
            thumbnails=paths,
            sheet=sheet,
        )

    def _sheet(self, plan: Plan, facts: MediaFacts, tools: Mapping[str, str]) -> dict[str, Any]:
        wall = self._times.latest - self._times.began
        settings = {
            "layout": plan.layout.name,
            "profile": plan.profile.name,
            "width": plan.size[0],
            "height": plan.size[1],
            "frame_rate": plan.line.rate,
            "preset": plan.preset,
            "crf": plan.profile.crf,
            "most_bit_rate": plan.profile.bit_rate(plan.line.seconds),
            "key_seconds": plan.profile.key_seconds,
            "threads": plan.threads,
            "copied": is_copy(plan),
            "preview": self._is_preview,
            "growing": plan.growing,
        }
        measures = {
            "wall_seconds": round(wall, 3),
            "seconds": facts.duration_seconds,
            "speed": round(plan.line.seconds / max(wall, 1e-6), 2),
            "bytes": facts.size_bytes,
            "gain_decibels": plan.gain.decibels if plan.gain else None,
            "stages": self._times.seconds,
        }
        return {
            "mashup": sheets.with_digests(self._wanted, plan.looked).model_dump(mode="json"),
            "inputs": sheets.inputs_of(plan.looked),
            "settings": settings,
            "measures": measures,
            "tools": dict(tools),
        }

    async def _named(
        self, video: Path, stills: Mapping[str, Path], sheet: Mapping[str, Any]
    ) -> dict[str, Path]:
        """Give everything its name; the video comes last, so that what is there is whole."""
        told = self._work / SHEET_NAME
        await in_thread(sheets.write_sheet, told, sheet)
        paths = {size: thumbnails.still_path(self._out, size) for size in stills}
        moves = [(stills[size], path) for size, path in paths.items()]
        moves.append((told, sheets.sheet_path(self._out)))
        if video != self._out:
            moves.append((video, self._out))
        named: list[Path] = []
        try:
            await in_thread(hand_out, moves, named)
        except asyncio.CancelledError:
            await in_thread(take_back, named)
            raise
        return paths

    def _mark(self, stage: RenderStage) -> None:
        self._times.mark(stage.value, self._clock.monotonic())

    def _tell(self, stage: RenderStage, *, share: float = 0.0) -> None:
        self._on_progress(Progressed(stage=stage, share=share))


def kept_bytes(line: Timeline, limits: Limits) -> int:
    """Return how much of the frames of one slot may be kept."""
    count = sum(slot.loops for scene in line.scenes for slot in scene.slots)
    shares = (LOOP_SHARE, LOOPS_SHARE * max(1, count))
    return min(LOOP_BYTES, *(limits.memory_bytes // share for share in shares))


def _places(plan: Plan) -> list[tuple[int, int]]:
    return [
        (number, place)
        for number, scene in enumerate(plan.line.scenes)
        for place in range(len(scene.slots))
    ]


async def _gain(plan: Plan) -> Gain | None:
    """Find what brings the sound to its loudness, and the music below those who speak."""
    heard, music = plan.heard, plan.music
    if not (heard or music):
        return None
    return await measure(heard, music, seconds=plan.line.seconds, loudness=plan.mashup.loudness)


async def _looked_at(video: Path, plan: Plan) -> MediaFacts:
    slack = COPY_SLACK_SECONDS if is_copy(plan) else SLACK_SECONDS
    return await require_whole(video, size=plan.size, seconds=plan.line.seconds, slack=slack)


def _require_sound(mashup: Mashup, looked: Mapping[str, Looked]) -> None:
    if mashup.music and not looked[mashup.music.file.path].has_sound:
        name = looked[mashup.music.file.path].path.name
        raise StudioError("no_sound", {"name": name})
    mark = mashup.watermark
    if mark and mark.file and not looked[mark.file.path].is_still:
        raise StudioError("no_still", {"name": looked[mark.file.path].path.name})


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
