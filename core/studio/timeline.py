"""When each part of a mashup is seen, in whole frames: scenes that follow each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from core.studio.errors import StudioError
from core.studio.layouts import Layout
from core.studio.looking import Looked
from core.studio.mashup import Mashup, Part, Transition
from core.studio.profiles import Profile

STILL_SECONDS = 3.0
"""How long a still picture stands in a sequence, an intro or an outro that says nothing."""
ALONE_SECONDS = 5.0
"""How long a mashup of still pictures without music lasts that says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One part while a scene lasts."""

    part: Part
    looked: Looked
    frames: int
    """So many are seen."""
    has: int
    """So many the part has; fewer than ``frames``: it loops or freezes. 0: a still picture."""

    @property
    def is_short(self) -> bool:
        return 0 < self.has < self.frames

    @property
    def loops(self) -> bool:
        return self.is_short and self.part.when_short == "loop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Parts that are seen together, each in its cell."""

    slots: tuple[Slot, ...]
    frames: int
    starts: int = 0
    """The frame of the result with which it begins."""
    lead: int = 0
    """For so many frames the scene before it still fades."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """All scenes of a mashup, in order."""

    scenes: tuple[Scene, ...]
    rate: float
    """Frames a second."""

    @property
    def frames(self) -> int:
        last = self.scenes[-1]
        return last.starts + last.frames

    @property
    def seconds(self) -> float:
        return self.frames / self.rate


def plan_timeline(
    mashup: Mashup,
    layout: Layout,
    looked: Mapping[str, Looked],
    profile: Profile,
    *,
    most_seconds: float | None = None,
) -> Timeline:
    """Return when what is seen.

    Args:
        mashup: what is wanted; `Mashup.seconds` counts intro and outro.
        layout: how parts share the picture.
        looked: the files, by the paths of the mashup.
        profile: frame rate and longest time.
        most_seconds: for a preview: only so much from the start on.

    Raises:
        StudioError: the parts do not fit the layout, or it would be too long or too short.
    """
    _require_count(mashup, layout)
    ends = _Ends(mashup, looked, profile.frame_rate)
    wanted = None if mashup.seconds is None else _frames(mashup.seconds, profile.frame_rate)
    most = None if most_seconds is None else round(most_seconds * profile.frame_rate)
    body = ends.body(layout, wanted)
    scenes = _placed([*ends.intro, *body, *ends.outro], mashup.transition, profile.frame_rate)
    line = Timeline(scenes=tuple(scenes), rate=profile.frame_rate)
    if wanted is not None and line.frames > wanted:
        line = _cut(line, wanted)
    _require_length(line, profile)
    return line if most is None else _cut(line, most)


class _Ends:
    """The lengths of the parts of one mashup."""

    def __init__(self, mashup: Mashup, looked: Mapping[str, Looked], rate: float) -> None:
        self._mashup = mashup
        self._looked = looked
        self._rate = rate
        self.intro = self._one(mashup.intro)
        self.outro = self._one(mashup.outro)

    def body(self, layout: Layout, wanted: int | None) -> list[Scene]:
        """Return the scenes between intro and outro; ``wanted`` is the length of the whole."""
        if layout.is_sequence:
            return self._sequence(wanted)
        frames = self._left(wanted, scenes=1)
        if frames is None:
            frames = self._usual()
        return [self._together(frames)]

    def _one(self, part: Part | None) -> list[Scene]:
        if part is None:
            return []
        return [self._alone(part)]

    def _alone(self, part: Part) -> Scene:
        slot = self._slot(part, self._own(part))
        if slot.is_short and part.when_short == "stop":
            slot = replace(slot, frames=slot.has)
        return Scene(slots=(slot,), frames=slot.frames)

    def _left(self, wanted: int | None, *, scenes: int) -> int | None:
        """Return how many frames are left for the body."""
        if wanted is None:
            return None
        others = [*self.intro, *self.outro]
        overlap = _overlap(self._mashup.transition, self._rate) * (len(others) + scenes - 1)
        left = wanted - sum(scene.frames for scene in others) + overlap
        if left < 1:
            raise StudioError("no_time_left", {"seconds": round(wanted / self._rate, 1)})
        return left

    def _usual(self) -> int:
        """Return how long the parts are seen when nothing is said: as long as the first."""
        first = self._mashup.parts[0]
        if first.seconds is not None or not self._looked[first.file.path].is_still:
            return self._own(first)
        moving = [one for one in self._mashup.parts if not self._looked[one.file.path].is_still]
        if moving:
            return self._own(moving[0])
        music = self._mashup.music
        seconds = self._looked[music.file.path].sound_seconds if music else ALONE_SECONDS
        return _frames(seconds, self._rate)

    def _together(self, frames: int) -> Scene:
        slots = [self._slot(part, frames) for part in self._mashup.parts]
        stops = [slot.has for slot in slots if slot.is_short and slot.part.when_short == "stop"]
        frames = min([frames, *stops])
        return Scene(slots=tuple(replace(slot, frames=frames) for slot in slots), frames=frames)

    def _sequence(self, wanted: int | None) -> list[Scene]:
        scenes = [self._alone(part) for part in self._mashup.parts]
        left = self._left(wanted, scenes=len(scenes))
        missing = 0 if left is None else left - sum(scene.frames for scene in scenes)
        if missing > 0 and scenes[-1].slots[0].part.when_short != "stop":
            scenes[-1] = _longer(scenes[-1], missing)
        return self._shorter(scenes, -missing) if missing < 0 else scenes

    def _shorter(self, scenes: list[Scene], excess: int) -> list[Scene]:
        """Take frames away from the end, whole scenes too, so that an outro stays whole."""
        overlap = _overlap(self._mashup.transition, self._rate)
        while excess > 0 and len(scenes) > 1 and scenes[-1].frames - excess <= overlap:
            excess -= scenes.pop().frames - overlap
        if excess > 0:
            scenes[-1] = _longer(scenes[-1], -min(excess, scenes[-1].frames - 1))
        elif excess < 0:
            scenes[-1] = _longer(scenes[-1], -excess)
        return scenes

    def _own(self, part: Part) -> int:
        """Return how long a part is seen where its own length decides."""
        has = self._has(part)
        if part.seconds is not None:
            return _frames(part.seconds, self._rate)
        return has or round(STILL_SECONDS * self._rate)

    def _has(self, part: Part) -> int:
        looked = self._looked[part.file.path]
        if looked.kind == "audio":
            raise StudioError("no_picture", {"name": looked.path.name})
        if looked.is_still:
            return 0
        left = looked.seconds - part.start
        frames = round(left * self._rate)
        if left <= 0 or frames < 1:
            facts = {"name": looked.path.name, "start": part.start}
            raise StudioError("start_late", {**facts, "length": round(looked.seconds, 1)})
        return frames

    def _slot(self, part: Part, frames: int) -> Slot:
        has = self._has(part)
        if has and part.seconds is not None:
            has = min(has, _frames(part.seconds, self._rate))
        return Slot(part=part, looked=self._looked[part.file.path], frames=frames, has=has)


def _require_count(mashup: Mashup, layout: Layout) -> None:
    given, cells = len(mashup.parts), len(layout.cells)
    if layout.is_sequence or given == cells:
        return
    key = "parts_missing" if given < cells else "parts_many"
    raise StudioError(key, {"layout": layout.name, "wanted": cells, "given": given})


def _require_length(line: Timeline, profile: Profile) -> None:
    if profile.max_seconds is not None and line.seconds > profile.max_seconds + 0.5 / line.rate:
        facts = {"seconds": round(line.seconds, 1), "limit": profile.max_seconds}
        raise StudioError("too_long", {**facts, "profile": profile.name})


def _frames(seconds: float, rate: float) -> int:
    return max(1, round(seconds * rate))


def _overlap(transition: Transition, rate: float) -> int:
    return 0 if transition.kind == "none" else round(transition.seconds * rate)


def _placed(scenes: Sequence[Scene], transition: Transition, rate: float) -> list[Scene]:
    """Give each scene its start; a transition takes at most half of either scene."""
    placed: list[Scene] = []
    wanted = _overlap(transition, rate)
    for scene in scenes:
        if not placed:
            placed.append(scene)
            continue
        before = placed[-1]
        lead = min(wanted, before.frames // 2, scene.frames // 2)
        placed.append(replace(scene, lead=lead, starts=before.starts + before.frames - lead))
    return placed


def _longer(scene: Scene, frames: int) -> Scene:
    length = scene.frames + frames
    slots = tuple(replace(slot, frames=length) for slot in scene.slots)
    return replace(scene, frames=length, slots=slots)


def _cut(line: Timeline, frames: int) -> Timeline:
    """Leave out what comes after so many frames."""
    scenes = []
    for scene in line.scenes:
        if scene.starts >= frames:
            break
        left = frames - scene.starts
        cut = scene if scene.frames <= left else _longer(scene, left - scene.frames)
        scenes.append(replace(cut, lead=min(cut.lead, cut.frames)))
    return replace(line, scenes=tuple(scenes))
