"""Assets in memory, for tests of what is chosen from a library."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from core.posts.models import MediaFacts
from core.studio.assets import Asset, Found, Wanted
from core.studio.errors import StudioError
from core.studio.mashup import AssetKind
from tests.clocks import START


def make_asset(number: int, kind: AssetKind = AssetKind.SOURCE, **changes: Any) -> Asset:
    asset = Asset(
        id=number,
        kind=kind,
        name=f"{kind.value} {number}",
        sha256=hashlib.sha256(f"{number}".encode()).hexdigest(),
        size_bytes=1000,
        facts=MediaFacts(duration_seconds=10.0),
        media="audio" if kind is AssetKind.AUDIO else "video",
        tags=frozenset(),
        platform="",
        mood="",
        category="",
        licence="",
        origin="",
        attribution="",
        rights="mine",
        uses=0,
        last_used_at=None,
        shelf=".mp4",
        added_by=0,
        added_at=START,
        deleted_at=None,
        thumbnail=False,
    )
    return replace(asset, **changes)


class Shelf:
    """What a library promises to who chooses: the least used first, by the seed."""

    def __init__(self, *assets: Asset) -> None:
        self.assets = {asset.id: asset for asset in assets}

    async def get(self, asset_id: int) -> Asset | None:
        return self.assets.get(asset_id)

    async def require(self, asset_id: int) -> Asset:
        return self.assets[asset_id]

    async def find(self, wanted: Wanted) -> Found:
        found = [
            asset
            for asset in self.assets.values()
            if wanted.kind in {None, asset.kind} and wanted.mood in {"", asset.mood}
        ]
        start = (wanted.page - 1) * wanted.per_page
        page = found[start : start + wanted.per_page]
        return Found(assets=tuple(page), total=len(found))

    async def pick(
        self,
        kind: AssetKind,
        *,
        platform: str = "",
        mood: str = "",
        seed: int | None = None,
        count: int = 1,
        avoid: Collection[int] = (),
    ) -> list[Asset]:
        found = (await self.find(Wanted(kind=kind, mood=mood, per_page=1000))).assets
        meant = [one for one in found if platform in {"", one.platform} or not one.platform]
        meant = [one for one in meant if one.id not in avoid]
        if len(meant) < count:
            raise StudioError("nothing_to_pick", {"kind": kind.value})
        least = min(one.uses for one in meant)
        return random.Random(seed).sample([one for one in meant if one.uses == least], count)
