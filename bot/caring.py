"""Puts together what is done with videos that are live."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from core.accounts.book import AccountBook
from core.media.spools import Spools
from core.platforms.registry import require_platform
from core.ports import Source, Transport
from core.posts.operations import Operations
from core.posts.repository import Posts
from core.settings import Settings
from core.store.base import Store
from utils.clock import Clock
from workers.aftercare import Aftercare
from workers.operator import AftercareDeps
from workers.retry import RetryRule


def build_aftercare(
    *,
    settings: Settings,
    store: Store,
    posts: Posts,
    operations: Operations,
    book: AccountBook,
    transport: Transport,
    spools: Spools,
    clock: Clock,
    open_source: Callable[[Mapping[str, Any]], Source],
) -> Aftercare:
    """Return the service, which from now on follows every end of an upload."""
    uploads = settings.uploads
    rule = RetryRule(
        max_attempts=uploads.max_attempts,
        base=timedelta(seconds=uploads.retry_seconds),
        cap=timedelta(seconds=uploads.retry_max_seconds),
    )
    aftercare = Aftercare(
        AftercareDeps(
            store=store,
            posts=posts,
            operations=operations,
            book=book,
            transport=transport,
            spools=spools,
            clock=clock,
            rng=random.SystemRandom(),
            rule=rule,
            endpoints=settings.endpoint_map(),
            require_platform=require_platform,
            open_source=open_source,
            timezone=settings.timezone,
        )
    )
    posts.when_settled(aftercare.settled)
    return aftercare
