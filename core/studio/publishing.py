"""What becomes of a render: an asset of the library, and a post where targets were named."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from core.errors import RefusedError, SourceError, TransitionError
from core.platforms.base import MediaLimits
from core.posts.intake import Incoming, Intake, Outcome
from core.posts.models import POST_FINAL, AccountId
from core.posts.repository import Posts
from core.settings import PolicySettings
from core.sources.asset import AssetFile, AssetFiles
from core.sources.render import RenderNow
from core.store.base import Tx
from core.studio.assets import Asset, NewAsset, Rights
from core.studio.credits import credit_line
from core.studio.errors import StudioError
from core.studio.incoming import Copied
from core.studio.library import Library
from core.studio.mashup import AssetKind, Mashup
from core.studio.policy import Breach
from core.studio.queueing import Render, RenderState, plain_facts
from core.studio.render_moves import is_fed
from core.studio.rendered import Rendered
from core.studio.renders import Renders, post_holder
from core.studio.rules import Known, own_content
from core.studio.shelves import Shelves, StoredFile

logger = logging.getLogger(__name__)

RENDER_FAILED = "render_failed"
RENDER_CANCELLED = "render_cancelled"


class Result(Protocol):
    """What looks at finished mashups; `core.studio.policy.Policy`."""

    async def check_result(
        self,
        sha256: str,
        targets: Sequence[AccountId],
        rules: PolicySettings,
        *,
        twins_wanted: bool = False,
    ) -> list[Breach]: ...


class LibraryFiles:
    """The files of assets, as sources read them."""

    def __init__(self, library: Library, shelves: Shelves) -> None:
        self._library = library
        self._shelves = shelves

    async def find(self, asset_id: int) -> AssetFile | None:
        asset = await self._library.get(asset_id)
        stored = None if asset is None else await self._shelves.get(asset.sha256)
        if asset is None or stored is None:
            return None
        path = await self._local(stored)
        return AssetFile(sha256=asset.sha256, size_bytes=asset.size_bytes, path=path)

    async def _local(self, stored: StoredFile) -> Path | None:
        """Return the stored file itself, where it lies on this disk."""
        try:
            storage = await self._shelves.places.require(stored.storage)
        except StudioError:
            # Who reads it is told why.
            return None
        return storage.local(stored.key)

    async def read(self, file: AssetFile, start: int) -> AsyncGenerator[bytes, None]:
        """Yield the bytes from a position on, from their storage or a copy that is here."""
        try:
            async with aclosing(self._shelves.open(file.sha256, start)) as pieces:
                async for piece in pieces:
                    yield piece
        except StudioError as error:
            key = "source_unavailable" if error.retry else "source_gone"
            raise SourceError(key=key, retry=error.retry) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Publishing:
    """Brings results where they belong; nothing of a render is published twice."""

    renders: Renders
    library: Library
    posts: Posts
    intake: Intake
    files: LibraryFiles
    policy: Result
    rules: PolicySettings
    limits_of: Callable[[str], MediaLimits]
    """What a platform takes."""
    streaming: bool
    """Whether videos are read while they come."""

    async def state(self, render_id: int) -> RenderNow:
        """Return how a render stands, for a source that reads its result."""
        render = await self.renders.get(render_id)
        if render is None:
            return RenderNow(is_open=False, version="", asset_id=None, error="source_gone")
        is_cancelled = render.state is RenderState.CANCELLED
        return RenderNow(
            is_open=render.is_open,
            version=version_of(render),
            asset_id=render.asset_id if render.state is RenderState.READY else None,
            error=RENDER_CANCELLED if is_cancelled else RENDER_FAILED,
        )

    async def keep(self, render: Render, made: Rendered) -> Asset:
        """Put a result into the library, with what is known of it.

        Raises:
            StudioError: there is no room, or the library does not take it.
        """
        wanted = await self._description(render)
        copied = Copied(path=made.path, sha256=made.sha256, size_bytes=made.size_bytes)
        added = await self.library.keep(copied, wanted, user_id=render.user_id)
        return added.asset

    async def _description(self, render: Render) -> NewAsset:
        found = [await self.library.get(asset_id) for asset_id in render.assets]
        assets = [asset for asset in found if asset is not None]
        mashup = render.mashup
        return NewAsset(
            kind=AssetKind.MASHUP,
            name=render.name or f"mashup {render.id}",
            tags=frozenset().union(*(asset.tags for asset in assets)) if assets else frozenset(),
            platform="" if mashup.profile == "general" else mashup.profile,
            mood=next((asset.mood for asset in assets if asset.kind is AssetKind.AUDIO), ""),
            category=next((asset.category for asset in assets if asset.category), ""),
            licence=" · ".join(dict.fromkeys(a.licence for a in assets if a.licence))[:500],
            origin=f"render:{render.id}",
            attribution=mashup.attribution or credit_line(assets),
            rights=self._rights(mashup, assets),
        )

    def _rights(self, mashup: Mashup, assets: Sequence[Asset]) -> Rights:
        """Return whose a result is: it makes nothing own that was not."""
        if assets and all(asset.rights == "mine" for asset in assets):
            return "mine"
        known = Known(assets={asset.id: asset for asset in assets}, seconds={})
        return "licensed" if own_content(mashup, known, self.rules.own_share) else ""

    async def grows(self, render: Render) -> bool:
        """Return whether its post is fed while it is made.

        A file in fragments has its index at the front, but not the whole of it: where a platform
        insists on an index, the post waits for the result.
        """
        if not self.streaming or not render.publishes:
            return False
        if render.post_id is not None:
            return await self._is_fed(render)
        wanted = set(render.targets)
        platforms = {a.platform for a in await self.posts.accounts() if a.id in wanted}
        limits = [self.limits_of(name) for name in platforms]
        return bool(limits) and not any(one.index_first or one.no_edit_list for one in limits)

    async def _is_fed(self, render: Render) -> bool:
        """Return whether a post that was made before still wants to be fed by it."""
        if render.post_id is None:
            return False
        post = await self.posts.require(render.post_id)
        is_its = is_fed(post.source, render.id)
        return is_its and post.state not in POST_FINAL and not post.sha256

    async def feed(self, render: Render) -> None:
        """Make the post that reads the result while it is made."""
        if render.post_id is None:
            source = {"kind": "render", "render_id": render.id}
            facts = replace(render.facts, size_bytes=None)
            await self._receive(
                render,
                Incoming(source=source, caption=render.caption, facts=facts, fingerprint=""),
            )

    async def publish(self, render: Render) -> None:
        """Make the post of a render that is ready, unless there is one."""
        if not render.waits_to_publish or render.asset_id is None:
            return
        if not render.publish_again and await self._is_blocked(render):
            return
        await self._receive(
            render,
            Incoming(
                source=await asset_source(self.files, render),
                caption=render.caption,
                facts=render.facts,
                fingerprint=f"sha256:{render.sha256}",
            ),
        )

    async def _is_blocked(self, render: Render) -> bool:
        found = await self.policy.check_result(
            render.sha256, _accounts(render), self.rules, twins_wanted=render.twins_wanted
        )
        blocks = [
            {"rule": one.rule.value, "key": one.key, "facts": plain_facts(one.facts)}
            for one in found
            if one.severity == "block"
        ]
        if blocks:
            refusal = {"key": "render_blocked", "facts": {"breaches": blocks}}
            await self.renders.not_published(render.id, refusal)
        return bool(blocks)

    async def _receive(self, render: Render, incoming: Incoming) -> None:
        """Take it in like everything that is sent, and note the post in the same commit."""

        async def follow(tx: Tx, outcome: Outcome) -> None:
            if outcome.post_id is None:
                raise AssertionError("what is received has a post")
            await self.renders.require_publishable(tx, render)
            if incoming.source["kind"] == "asset":
                holder = post_holder(outcome.post_id)
                await self.library.hold([incoming.source["asset_id"]], holder, tx)
            await self.renders.published(tx, render.id, outcome.post_id)

        whole = replace(
            incoming,
            fingerprint=incoming.fingerprint or f"render:{render.id}",
            filename=f"{render.name or f'mashup-{render.id}'}.mp4",
            chat_id=render.chat_id,
            user_id=render.user_id,
            message_id=render.message_id,
            again=render.publish_again,
        )
        try:
            outcome = await self.intake.receive(whole, follow)
        except RefusedError as refusal:
            await self._refused(render, refusal.key, refusal.facts)
        except StudioError as error:
            # Somebody deleted the result before anything held it.
            await self._refused(render, f"studio_{error.key}", error.facts)
        except TransitionError as error:
            logger.info("render not published here", extra={"why": str(error)})
        else:
            logger.info("render published", extra={"render": render.id, "post": outcome.post_id})

    async def _refused(self, render: Render, key: str, facts: Mapping[str, Any]) -> None:
        logger.warning("render not published", extra={"render": render.id, "why": key})
        await self.renders.not_published(render.id, {"key": key, "facts": dict(facts)})


async def asset_source(files: AssetFiles, render: Render) -> dict[str, Any]:
    """Return what a post reads that publishes the result of a render which is ready."""
    file = await files.find(render.asset_id or 0)
    return {
        "kind": "asset",
        "asset_id": render.asset_id,
        "render_id": render.id,
        "in_place": file is not None and file.path is not None,
    }


def version_of(render: Render) -> str:
    """Return what names the content of the last attempt at a render."""
    return f"render:{render.id}#{render.fence}"


def _accounts(render: Render) -> list[AccountId]:
    return [AccountId(account) for account in render.targets]
