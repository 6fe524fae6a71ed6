"""How much of a mashup is a person's own: of its time and of its picture, by computing alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from core.studio.layouts import layout
from core.studio.mashup import Mashup, Part
from core.studio.timeline import ALONE_SECONDS, STILL_SECONDS


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
    mashup: Mashup, has_of: Callable[[Part], float], is_own: Callable[[Part], bool]
) -> list[Scene]:
    """Return the scenes of a mashup, intro and outro among them.

    Args:
        mashup: what is wanted.
        has_of: how many seconds of a part there are when it plays once; 0 for a picture.
        is_own: whether a part is the person's own content.

    Raises:
        StudioError: ``unknown_layout``.
    """

    def alone(part: Part, seconds: float) -> Scene:
        return Scene(seconds=seconds, parts=(Seen(area=1.0, is_own=is_own(part)),))

    def lasting(part: Part) -> Scene:
        return alone(part, _until_stop(part, _seen(part, has_of), has_of))

    intro, outro = [[lasting(one)] if one else [] for one in (mashup.intro, mashup.outro)]
    left = None if mashup.seconds is None else mashup.seconds - _length([*intro, *outro])
    arranged = layout(mashup.layout)
    if arranged.is_sequence:
        body = [lasting(part) for part in mashup.parts]
        is_open = mashup.parts[-1].when_short != "stop"
        return [*intro, *(body if left is None else _cut(body, left, is_open=is_open)), *outro]
    pairs = zip(mashup.parts, arranged.shares, strict=False)
    seen = tuple(Seen(area=area, is_own=is_own(part)) for part, area in pairs)
    seconds = _usual(mashup.parts, has_of) if left is None else max(left, 0.0)
    seconds = min(_until_stop(part, seconds, has_of) for part in mashup.parts)
    return [*intro, Scene(seconds=seconds, parts=seen), *outro]


def _seen(part: Part, has_of: Callable[[Part], float]) -> float:
    """Return how long a part is seen where its own length decides."""
    return has_of(part) or STILL_SECONDS if part.seconds is None else part.seconds


def _until_stop(part: Part, seconds: float, has_of: Callable[[Part], float]) -> float:
    """Return how much of a time a part lasts that ends what it is in when it is over."""
    has = has_of(part)
    return has if part.when_short == "stop" and 0 < has < seconds else seconds


def _usual(parts: Sequence[Part], has_of: Callable[[Part], float]) -> float:
    """Return how long parts are seen together when nobody says it: as long as the first one."""
    if parts[0].seconds is not None:
        return parts[0].seconds
    return next((_seen(part, has_of) for part in parts if has_of(part)), ALONE_SECONDS)


def _cut(scenes: Sequence[Scene], seconds: float, *, is_open: bool) -> list[Scene]:
    """Return scenes of so many seconds: cut at the end, or the last one longer if it may be."""
    found: list[Scene] = []
    for scene in scenes:
        left = max(seconds - _length(found), 0.0)
        found.append(replace(scene, seconds=min(scene.seconds, left)))
    missing = max(seconds - _length(found), 0.0) if is_open else 0.0
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
