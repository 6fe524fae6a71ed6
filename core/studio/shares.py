"""How much of a mashup is a person's own: of its time and of its picture, by computing alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from core.studio.layouts import layout
from core.studio.mashup import Mashup, Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One part while a scene lasts."""

    area: float
    """Share of the picture in which it is seen, 0 to 1; what lies over it is taken off."""
    is_own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A stretch of time in which the same parts are seen."""

    seconds: float
    parts: tuple[Seen, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """What is own of a whole mashup, each 0 to 1."""

    time: float
    """Of its time: while at least one own part is seen."""
    picture: float
    """Of what is seen, over all of its time."""


def scenes_of(
    mashup: Mashup, length_of: Callable[[Part], float], is_own: Callable[[Part], bool]
) -> list[Scene]:
    """Return the scenes of a mashup, intro and outro among them.

    Args:
        mashup: what is wanted.
        length_of: how many seconds of a part there are when it plays once.
        is_own: whether a part is the person's own content.

    Raises:
        StudioError: ``unknown_layout``.
    """

    def alone(part: Part, seconds: float) -> Scene:
        return Scene(seconds=seconds, parts=(Seen(area=1.0, is_own=is_own(part)),))

    intro, outro = [
        [alone(one, length_of(one))] if one else [] for one in (mashup.intro, mashup.outro)
    ]
    left = None if mashup.seconds is None else mashup.seconds - _length([*intro, *outro])
    arranged = layout(mashup.layout)
    if arranged.is_sequence:
        body = [alone(part, length_of(part)) for part in mashup.parts]
    else:
        pairs = zip(mashup.parts, arranged.shares, strict=False)
        seen = tuple(Seen(area=area, is_own=is_own(part)) for part, area in pairs)
        body = [Scene(seconds=length_of(mashup.parts[0]), parts=seen)]
    return [*intro, *(body if left is None else _cut(body, left)), *outro]


def _cut(scenes: Sequence[Scene], seconds: float) -> list[Scene]:
    """Return scenes of so many seconds: cut at the end, or the last one longer."""
    found: list[Scene] = []
    for scene in scenes:
        left = max(seconds - _length(found), 0.0)
        found.append(replace(scene, seconds=min(scene.seconds, left)))
    missing = max(seconds - _length(found), 0.0)
    return [*found[:-1], replace(found[-1], seconds=found[-1].seconds + missing)]


def _length(scenes: Iterable[Scene]) -> float:
    return sum(scene.seconds for scene in scenes)


def shares_of(scenes: Iterable[Scene]) -> Shares:
    """Return the shares of scenes that follow each other; nothing at all is nobody's."""
    whole = own_time = seen = own_seen = 0.0
    for scene in scenes:
        own = sum(part.area for part in scene.parts if part.is_own)
        whole += scene.seconds
        own_time += scene.seconds if own > 0 else 0.0
        seen += scene.seconds * sum(part.area for part in scene.parts)
        own_seen += scene.seconds * own
    return Shares(time=_share(own_time, whole), picture=_share(own_seen, seen))


def _share(part: float, whole: float) -> float:
    return min(part / whole, 1.0) if whole > 0 else 0.0
