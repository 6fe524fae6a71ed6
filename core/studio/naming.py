"""Assets that a person names in a line: by number, by tag, by name, or by words of theirs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import count
from typing import Protocol

from core.errors import RefusedError
from core.studio.assets import Asset, Found, Wanted
from core.studio.mashup import AssetKind
from core.studio.wizard import ASSET_STEPS, Step

MOST_NAMED = 1000
"""Assets of one line; of more those that fit the words best."""
LONGEST_GIVEN = 60
"""What cannot be found is repeated up to here."""
PER_PAGE = 200

_BETWEEN = re.compile(r"[,;\n]")


class Searched(Protocol):
    """Where assets are looked for: the library."""

    async def get(self, asset_id: int) -> Asset | None: ...

    async def find(self, wanted: Wanted) -> Found: ...


async def named(library: Searched, text: str, step: Step) -> tuple[int, ...]:
    """Return the assets that a line names for a step, each once; none for an empty line.

    A name that is exactly an asset's means that one alone; other words mean all that have them.

    Raises:
        RefusedError: ``mashup_no_such_<step>``; nothing there is called so.
    """
    kinds, found = ASSET_STEPS[step], dict[int, None]()
    if text.strip() and (whole := _same_name(await _search(library, text, kinds), text)):
        # Its name may have a comma.
        return tuple(one.id for one in whole)
    for word in filter(None, map(str.strip, _BETWEEN.split(text))):
        assets = await _meant(library, word, kinds)
        if not assets:
            raise RefusedError(f"mashup_no_such_{step.value}", name=word[:LONGEST_GIVEN])
        found |= {one.id: None for one in assets}
    return tuple(found)[:MOST_NAMED]


async def _meant(library: Searched, word: str, kinds: Sequence[AssetKind]) -> list[Asset]:
    if word.startswith("#"):
        if not word.strip("# "):
            return []
        return await _all(library, [Wanted(kind=kind, tag=word) for kind in kinds])
    if word.isascii() and word.isdigit() and len(word) <= len(str(2**53)):
        asset = await library.get(int(word))
        if asset is not None and asset.kind in kinds and asset.deleted_at is None:
            return [asset]
    found = await _search(library, word, kinds)
    return _same_name(found, word) or found


async def _search(library: Searched, text: str, kinds: Sequence[AssetKind]) -> list[Asset]:
    return await _all(library, [Wanted(kind=kind, text=text) for kind in kinds])


def _same_name(assets: Sequence[Asset], text: str) -> list[Asset]:
    wanted = " ".join(text.casefold().split())
    return [one for one in assets if one.name.casefold() == wanted]


async def _all(library: Searched, wishes: Sequence[Wanted]) -> list[Asset]:
    found: list[Asset] = []
    for wish in wishes:
        for page in count(1):
            seen = await library.find(
                Wanted(kind=wish.kind, text=wish.text, tag=wish.tag, page=page, per_page=PER_PAGE)
            )
            found += seen.assets
            if page * PER_PAGE >= seen.total or len(found) >= MOST_NAMED:
                break
    return found
