"""Choosing for a person: a whole mashup from the library, the same one for the same number."""

from __future__ import annotations

import random
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from core.studio.assets import Asset, Found, Wanted
from core.studio.credits import credit_line, is_own
from core.studio.layouts import LAYOUTS, Layout, layout
from core.studio.mashup import AssetKind, Captions, File, Mashup, Music, Part
from core.studio.profiles import GENERAL, require_profile

Aspect = Literal["9:16", "1:1", "16:9", "4:5"]
USUAL = (AssetKind.SOURCE, AssetKind.TEMPLATE)
LONGEST_SECONDS = 60.0
"""A surprise is not longer, whatever the source has."""

_SAID = re.compile(r"[^\W\d_]{2,}[,.!?:]*(\s+[^\W_]+[,.!?:]*)+")
"""A name that a person wrote, rather than a camera: at least two words."""
_LOOKS: Sequence[Literal["outline", "box"]] = ("outline", "box")
_PLACES: Sequence[Literal["top", "middle", "bottom"]] = ("top", "middle", "bottom")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is said of a mashup that is chosen; what is empty is chosen too."""

    kinds: tuple[AssetKind, ...] = USUAL
    """Of its parts, in their order."""
    layout: str = ""
    mood: str = ""
    """Of the music."""
    platform: str = ""
    """For which its parts and its encoding are meant; empty: for any."""
    aspect: Aspect = "9:16"
    seconds: float | None = None
    """None: as long as its first part, a minute at most."""
    captions: tuple[str, ...] = ()
    """Words, one of which stands over the picture; empty: the name of the first part, where it
    has words."""
    source_ids: tuple[int, ...] = ()
    """First parts that may be taken; empty: all of their kind."""
    template_ids: tuple[int, ...] = ()
    """Second parts of many; empty: all of their kind."""
    music_ids: tuple[int, ...] = ()
    """Music of many; empty: all of the mood."""


class Choosable(Protocol):
    """What assets are chosen from: the library."""

    async def pick(
        self,
        kind: AssetKind,
        *,
        platform: str = "",
        mood: str = "",
        seed: int | None = None,
        count: int = 1,
        avoid: Collection[int] = (),
    ) -> list[Asset]: ...

    async def find(self, wanted: Wanted) -> Found: ...

    async def get(self, asset_id: int) -> Asset | None: ...

    async def require(self, asset_id: int) -> Asset: ...


async def surprise(library: Choosable, wish: Wish, seed: int) -> Mashup:
    """Return a mashup of the least used parts; the same library, wish and seed give the same.

    Where the library has nothing at all for a later part, the others stand alone, and without
    music there is none; a mood that was asked for has to be there.

    Raises:
        StudioError: the library has no first part, or no music of the mood, or all of it was
            picked lately.
    """
    rng = random.Random(seed)  # noqa: S311 - a choice that can be repeated, no secret
    parts = [await _first(library, wish, rng, seed)]
    for kind in wish.kinds[1:]:
        parts += await _if_any(library, kind, wish, seed, [part.id for part in parts])
    music = await _music(library, wish, seed)
    name = rng.choice(layouts_for(len(parts), wish.layout))
    return compose(parts, music, wish, name, rng)


async def _first(library: Choosable, wish: Wish, rng: random.Random, seed: int) -> Asset:
    if not wish.source_ids:
        return (await library.pick(wish.kinds[0], platform=wish.platform, seed=seed))[0]
    found = [await library.require(asset_id) for asset_id in wish.source_ids]
    least = min(asset.uses for asset in found)
    return rng.choice([asset for asset in found if asset.uses == least])


async def _if_any(
    library: Choosable, kind: AssetKind, wish: Wish, seed: int, avoid: Collection[int]
) -> list[Asset]:
    there = await library.find(Wanted(kind=kind, per_page=1))
    if there.total == 0:
        return []
    return await library.pick(kind, platform=wish.platform, seed=seed, avoid=avoid)


async def _music(library: Choosable, wish: Wish, seed: int) -> Asset | None:
    there = await library.find(Wanted(kind=AssetKind.AUDIO, per_page=1))
    if there.total == 0 and not wish.mood:
        return None
    return (await library.pick(AssetKind.AUDIO, mood=wish.mood, seed=seed))[0]


def layouts_for(count: int, wanted: str = "") -> tuple[str, ...]:
    """Return the layouts for so many parts; only the wanted one where it has room for them.

    Raises:
        StudioError: ``unknown_layout``.
    """
    if wanted and _has_room(layout(wanted), count):
        return (wanted,)
    return tuple(name for name, one in LAYOUTS.items() if _has_room(one, count))


def _has_room(one: Layout, count: int) -> bool:
    return count > 1 if one.is_sequence else len(one.cells) == count


def compose(
    parts: Sequence[Asset], music: Asset | None, wish: Wish, name: str, rng: random.Random
) -> Mashup:
    """Return the mashup of these parts; the looks of its words are chosen by the numbers."""
    look, place, words = rng.choice(_LOOKS), rng.choice(_PLACES), rng.random()
    text = _words(parts[0], wish, words)
    return Mashup(
        layout=name,
        aspect=wish.aspect,
        parts=tuple(_part(asset, is_heard=_is_heard(name, n)) for n, asset in enumerate(parts)),
        seconds=_seconds(parts[0], wish, is_sequence=layout(name).is_sequence),
        music=Music(file=file_of(music)) if music else None,
        captions=Captions(text=text, look=look, place=place) if text else None,
        attribution=credit_line([*parts, *([music] if music else [])]),
        profile=wish.platform or GENERAL,
    )


def file_of(asset: Asset) -> File:
    """Return an asset as a file of a mashup; where it lies is looked up when it is made."""
    return File(path="", sha256=asset.sha256, asset_id=asset.id)


def _part(asset: Asset, *, is_heard: bool) -> Part:
    return Part(
        file=file_of(asset),
        role=asset.kind,
        is_own=is_own(asset),
        volume=1.0 if is_heard else 0.0,
    )


def _is_heard(name: str, number: int) -> bool:
    """Tell whether a part is heard: of those that are seen together only the first one."""
    return number == 0 or layout(name).is_sequence


def _seconds(first: Asset, wish: Wish, *, is_sequence: bool) -> float | None:
    """Return how long it is to be; None where that is as long as the parts are."""
    most = require_profile(wish.platform or GENERAL).max_seconds or LONGEST_SECONDS
    if wish.seconds is not None:
        return min(wish.seconds, most) if wish.platform else wish.seconds
    most = min(most, LONGEST_SECONDS)
    return most if is_sequence or not 0 < first.seconds <= most else None


def _words(first: Asset, wish: Wish, number: float) -> str:
    if wish.captions:
        return wish.captions[int(number * len(wish.captions))]
    return first.name if _SAID.fullmatch(first.name) else ""
