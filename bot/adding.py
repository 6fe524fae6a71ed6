"""What people add in chat put together: the book of additions, and who fetches their files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from core.studio.additions import Additions, AddRules
from workers.adder import Adder, AdderDeps

if TYPE_CHECKING:
    from core.ports import Engine, Source
    from core.posts.repository import Posts
    from core.settings import Settings
    from core.store.base import Store
    from core.studio.library import Library
    from utils.clock import Clock

FOLDER = "adding"
"""Folder in that of the library, of files on their way into it."""


def build_additions(
    settings: Settings, store: Store, clock: Clock, engine: Engine, posts: Posts
) -> Additions:
    """Return where additions are kept."""
    rules = AddRules(
        is_cloud=not settings.telegram.local_files, max_bytes=settings.library.max_bytes
    )
    return Additions(store=store, clock=clock, engine=engine, rules=rules, posts=posts)


def build_adder(
    settings: Settings,
    clock: Clock,
    additions: Additions,
    library: Library,
    open_source: Callable[[Mapping[str, Any]], Source],
) -> Adder:
    """Return the handler of ``add`` tasks."""
    return Adder(
        AdderDeps(
            additions=additions,
            library=library,
            clock=clock,
            open_source=open_source,
            folder=settings.data_dir / "library" / FOLDER,
            min_free_bytes=settings.min_free_disk,
        )
    )
