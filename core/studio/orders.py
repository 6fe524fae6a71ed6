"""Orders of many mashups: what is made of what a person chose, and what each is called."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Protocol

from core.studio.assets import Asset, Wanted
from core.studio.choosing import USUAL, Choosable, Wish
from core.studio.many import plan_many
from core.studio.mashup import AssetKind, Mashup
from core.studio.queueing import asset_ids
from core.studio.wizard import Choices

LONGEST_STEM = 110


class Known(Protocol):
    """What knows assets: the library."""

    async def get(self, asset_id: int) -> Asset | None: ...


async def plan(library: Choosable, choices: Choices) -> list[Mashup]:
    """Return the mashups of an order; the same library and number give the same.

    Raises:
        StudioError: there is not enough to make so many of.
    """
    templates = await library.find(Wanted(kind=AssetKind.TEMPLATE, per_page=1))
    has_templates = templates.total or choices.template_ids
    wish = Wish(
        kinds=USUAL if has_templates else (AssetKind.SOURCE,),
        mood=choices.mood,
        aspect=choices.aspect,
        seconds=choices.seconds or None,
        source_ids=choices.source_ids,
        template_ids=choices.template_ids,
        music_ids=choices.music_ids,
    )
    return await plan_many(library, wish, choices.count, choices.seed or 0)


def digest_of(made: Sequence[Mashup]) -> str:
    """Return what tells two plans apart."""
    text = "\n".join(one.model_dump_json() for one in made)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


async def assets_in(library: Known, made: Sequence[Mashup]) -> dict[int, Asset]:
    """Return the assets of all of them, as far as they are there."""
    ids = {number for one in made for number in asset_ids(one)}
    found = [await library.get(number) for number in sorted(ids)]
    return {one.id: one for one in found if one is not None}


def part_names(made: Mashup, assets: Mapping[int, Asset]) -> list[str]:
    ids = [part.file.asset_id for part in made.parts]
    return [assets[one].name for one in ids if one is not None and one in assets]


async def names_of(library: Known, made: Sequence[Mashup]) -> list[str]:
    """Return what each of an order is called: by its parts, and by its number."""
    assets = await assets_in(library, made)
    shown = [" + ".join(part_names(one, assets))[:LONGEST_STEM] for one in made]
    return [f"{name} #{number}" for number, name in enumerate(shown, start=1)]
