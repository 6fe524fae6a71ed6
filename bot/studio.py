"""The studio put together: library, shelves, renders, and what judges and publishes them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.rules import bot_api_options
from core.platforms.base import MediaLimits
from core.platforms.registry import require_platform
from core.sources.render import Growths, RenderAccess
from core.studio.library import Library
from core.studio.mashup import Mashup
from core.studio.policy import Policy
from core.studio.profiles import require_profile
from core.studio.publishing import LibraryFiles, Publishing
from core.studio.render import Limits, render
from core.studio.rendered import Rendered
from core.studio.renders import RenderDeps, Renders
from core.studio.shelves import Shelves, open_shelves
from core.studio.workshop import Workshop
from workers.renderer import Renderer, RendererDeps

if TYPE_CHECKING:
    from core.accounts.vault import Vault
    from core.ports import Engine, Transport
    from core.posts.intake import Intake
    from core.posts.repository import Posts
    from core.progress import Progress
    from core.settings import Settings
    from core.store.base import Store
    from utils.clock import Clock
    from workers.supervisor import Supervisor

FOLDER = "studio"
"""Folder in data_dir of what is being made, and of pictures that are shown."""
LIBRARY = "library"
"""Folder in data_dir of what is added, and of pictures of assets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Studio:
    """What mashups are made with."""

    library: Library
    shelves: Shelves
    renders: Renders
    policy: Policy
    publishing: Publishing
    growths: Growths
    files: LibraryFiles
    access: RenderAccess
    """How sources read results."""

    async def begin(self, supervisor: Supervisor) -> None:
        """Clear what a process that is gone left, take up what it did not end, and keep going."""
        await self.library.recover()
        await self.renders.sweep()
        _ = await self.renders.recover()
        supervisor.loop("library", self.library.tidy)
        supervisor.loop("shelves", self.shelves.tidy)
        supervisor.loop("renders", self.renders.tidy)


@dataclass(frozen=True, slots=True, kw_only=True)
class StudioNeeds:
    """What the studio stands on."""

    settings: Settings
    store: Store
    clock: Clock
    engine: Engine
    posts: Posts
    intake: Intake
    progress: Progress
    transport: Transport
    vault: Vault


async def build_studio(needs: StudioNeeds, stack: AsyncExitStack) -> Studio:
    """Put it together; what has to be closed goes onto the stack of the caller."""
    settings, store, clock = needs.settings, needs.store, needs.clock
    shelves = await stack.enter_async_context(
        open_shelves(settings, store, clock, needs.transport, needs.vault)
    )
    library = Library(
        store,
        clock,
        shelves,
        folder=settings.data_dir / LIBRARY,
        repeat_days=settings.library.repeat_days,
        max_bytes=settings.library.max_bytes,
        min_free_bytes=settings.min_free_disk,
    )
    policy = Policy(store, clock, library)
    renders = _renders(needs, library, policy)
    files, growths = LibraryFiles(library, shelves), Growths()
    publishing = Publishing(
        renders=renders,
        library=library,
        posts=needs.posts,
        intake=needs.intake,
        files=files,
        policy=policy,
        rules=settings.policy,
        limits_of=partial(_limits, settings),
        streaming=settings.use_streaming_upload and settings.mode == "parallel",
    )
    return Studio(
        library=library,
        shelves=shelves,
        renders=renders,
        policy=policy,
        publishing=publishing,
        growths=growths,
        files=files,
        access=RenderAccess(growths=growths, state=publishing.state, files=files, clock=clock),
    )


def _renders(needs: StudioNeeds, library: Library, policy: Policy) -> Renders:
    settings = needs.settings
    folder = settings.data_dir / FOLDER
    return Renders(
        RenderDeps(
            store=needs.store,
            clock=needs.clock,
            engine=needs.engine,
            library=library,
            posts=needs.posts,
            intake=needs.intake,
            progress=needs.progress,
            workshop=Workshop(folder, min_free_bytes=settings.min_free_disk),
            policy=policy,
            rules=settings.policy,
            keep=timedelta(days=settings.studio.keep_days),
        )
    )


def build_renderer(
    studio: Studio,
    settings: Settings,
    clock: Clock,
    make: Callable[..., Awaitable[Rendered]] | None = None,
) -> Renderer:
    """Return the handler of ``render`` tasks."""
    return Renderer(
        RendererDeps(
            renders=studio.renders,
            publishing=studio.publishing,
            library=studio.library,
            growths=studio.growths,
            clock=clock,
            make=make or _make(settings),
            most_tries=settings.uploads.max_attempts,
            bits_of=lambda name: require_profile(name).most_bit_rate,
        )
    )


def _make(settings: Settings) -> Callable[..., Awaitable[Rendered]]:
    templates = settings.data_dir / FOLDER / "templates"

    async def make(mashup: Mashup, out: Path, **more: Any) -> Rendered:
        studio = settings.studio
        limits = Limits(
            threads=studio.threads,
            seconds=studio.minutes * 60,
            memory_bytes=studio.memory_bytes,
            fonts=tuple(studio.fonts),
        )
        return await render(mashup, out, limits=limits, templates=templates, **more)

    return make


def _limits(settings: Settings, platform: str) -> MediaLimits:
    return require_platform(platform).media_limits(bot_api_options(settings))
