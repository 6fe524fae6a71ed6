"""Many mashups at once: every pair of parts comes once before any comes again."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from math import ceil, lcm, prod

from core.studio.assets import Asset, Wanted, clean_word
from core.studio.choosing import Choosable, Wish, compose, layouts_for
from core.studio.errors import StudioError
from core.studio.mashup import AssetKind, Mashup

MOST = 1000
"""Mashups of one plan."""
PER_PAGE = 200


Choice = tuple[list[Asset], Asset | None, str]
"""The parts of a mashup, its music and its layout."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """What a plan is made from, in the order in which it is taken."""

    parts: tuple[tuple[Asset, ...], ...]
    """For each cell of the layout."""
    music: tuple[Asset, ...]
    layouts: tuple[str, ...]

    def choices(self) -> Iterator[Choice]:
        """Yield every choice once, all pairs of parts before any comes again.

        No asset stands beside itself.
        """
        sizes = [*map(len, self.parts), max(len(self.music), 1), len(self.layouts)]
        for number in range(prod(sizes)):
            *places, tune, name = combination(sizes, number)
            parts = [kind[place] for kind, place in zip(self.parts, places, strict=True)]
            if len({part.id for part in parts}) == len(parts):
                yield parts, self.music[tune] if self.music else None, self.layouts[name]


async def plan_many(library: Choosable, wish: Wish, count: int, seed: int) -> list[Mashup]:
    """Return so many different mashups; the same library, wish and seed give the same.

    Parts that were used least come first, and all of a kind come as often as each other.

    Raises:
        StudioError: ``bad_count``; ``missing_parts``, where a kind is not there at all;
            ``too_few_parts``, where there are not so many different mashups.
    """
    if not 1 <= count <= MOST:
        raise StudioError("bad_count", {"count": count, "limit": MOST})
    rng = random.Random(seed)  # noqa: S311 - a choice that can be repeated, no secret
    stock = await _stock(library, wish, rng)
    chosen = list(islice(stock.choices(), count))
    if len(chosen) < count:
        raise StudioError("too_few_parts", _missing(stock, wish, count, len(chosen)))
    return [compose(parts, music, wish, name, rng) for parts, music, name in chosen]


def combination(sizes: Sequence[int], number: int) -> tuple[int, ...]:
    """Return which of each kind stand together in the mashup of that number.

    All combinations come before one comes again, and in any run of them each thing comes as
    often as the others of its kind, give or take one.
    """
    chosen: list[int] = []
    before = 1
    for size in sizes:
        within = number % (before * size)
        # Where the rounds of the earlier kinds and of this one meet, this one moves on by one.
        chosen.append((within + within // lcm(before, size)) % size)
        before *= size
    return tuple(chosen)


async def _stock(library: Choosable, wish: Wish, rng: random.Random) -> Stock:
    parts = [await _all(library, wish, kind, rng) for kind in wish.kinds]
    for place, ids in enumerate((wish.source_ids, wish.template_ids)[: len(parts)]):
        if ids:
            parts[place] = _shuffled(await _there(library, ids), rng)
    missing = [kind for kind, assets in zip(wish.kinds, parts, strict=True) if not assets]
    music = await _music(library, wish, rng)
    if (wish.mood or wish.music_ids) and not music:
        missing.append(AssetKind.AUDIO)
    if missing:
        raise StudioError("missing_parts", {"kinds": [*map(str, missing)], "mood": wish.mood})
    return Stock(parts=tuple(parts), music=music, layouts=layouts_for(len(parts), wish.layout))


async def _music(library: Choosable, wish: Wish, rng: random.Random) -> tuple[Asset, ...]:
    if not wish.music_ids:
        return await _all(library, wish, AssetKind.AUDIO, rng)
    named, mood = await _there(library, wish.music_ids), clean_word(wish.mood)
    return _shuffled([one for one in named if mood in {"", one.mood}], rng)


async def _there(library: Choosable, ids: Sequence[int]) -> list[Asset]:
    """Return those that were named, as far as they are in the library still."""
    found = [await library.get(one) for one in dict.fromkeys(ids)]
    return [one for one in found if one is not None and one.deleted_at is None]


async def _all(
    library: Choosable, wish: Wish, kind: AssetKind, rng: random.Random
) -> tuple[Asset, ...]:
    """Return all assets of a kind, those for another platform or of another mood left out."""
    mood = wish.mood if kind is AssetKind.AUDIO else ""
    found: list[Asset] = []
    page, total = 1, 1
    while len(found) < total:
        seen = await library.find(Wanted(kind=kind, mood=mood, page=page, per_page=PER_PAGE))
        if not seen.assets:
            break
        found += seen.assets
        page, total = page + 1, seen.total
    meant = [one for one in found if one.platform in {"", wish.platform} or not wish.platform]
    return _shuffled(meant, rng)


def _shuffled(assets: Sequence[Asset], rng: random.Random) -> tuple[Asset, ...]:
    """Return the least used first; those that are used alike in an order by chance."""
    ordered = sorted(assets, key=lambda asset: asset.id)
    rng.shuffle(ordered)
    return tuple(sorted(ordered, key=lambda asset: asset.uses))


def _missing(stock: Stock, wish: Wish, count: int, room: int) -> dict[str, object]:
    """Return what is there, and how many more first parts would be enough."""
    there = [(kind, len(found)) for kind, found in zip(wish.kinds, stock.parts, strict=True)]
    there += [(AssetKind.AUDIO, len(stock.music))] if stock.music else []
    each = max(room // len(stock.parts[0]), 1)
    return {
        "count": count,
        "room": room,
        "kinds": [f"{kind}: {number}" for kind, number in there],
        "kind": str(wish.kinds[0]),
        "more": ceil((count - room) / each),
    }
