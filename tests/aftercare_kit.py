"""What the tests of aftercare share: the service on a fresh database, uploads that are live."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from core.errors import SourceError
from core.media.spools import Spools
from core.platforms.registry import require_platform
from core.ports import Source
from core.posts.models import Upload, UploadState
from core.posts.notices import OutboxMessage
from core.posts.operations import Operations
from tests.factories import Desk, NoTransport
from workers.aftercare import Aftercare
from workers.operator import AftercareDeps
from workers.retry import RetryRule

RULE = RetryRule(max_attempts=5, base=timedelta(seconds=1), cap=timedelta(seconds=10))


def no_source(spec: Mapping[str, Any]) -> Source:
    raise SourceError(key="source_gone", retry=False, facts=dict(spec))


def make_operations(desk: Desk) -> Operations:
    return Operations(desk.posts, desk.store, desk.clock, desk.engine)


def make_aftercare(desk: Desk, folder: Path) -> Aftercare:
    deps = AftercareDeps(
        store=desk.store,
        posts=desk.posts,
        operations=make_operations(desk),
        book=desk.book,
        transport=NoTransport(),
        spools=Spools(folder),
        clock=desk.clock,
        rng=random.Random(7),
        rule=RULE,
        endpoints={},
        require_platform=require_platform,
        open_source=no_source,
        timezone="UTC",
    )
    return Aftercare(deps)


async def make_live(desk: Desk, upload_id: int = 1, **changes: Any) -> Upload:
    """Lead an upload of an accepted post to where people can see it."""
    upload = await desk.posts.start(upload_id)
    upload = await desk.posts.save(upload, UploadState.UPLOADING)
    upload = await desk.posts.save(upload, UploadState.COMMITTING)
    values = {
        "remote_id": f"remote{upload_id}",
        "url": f"https://video.example/{upload_id}",
        "visibility": "public",
        "session": {"step": "done", "media_id": f"media{upload_id}"},
        **changes,
    }
    return await desk.posts.save(upload, UploadState.LIVE, **values)


async def messages(desk: Desk, sentence: str) -> list[OutboxMessage]:
    """Return what the chat is to be told."""
    return [m for m in await desk.posts.due_messages(limit=500) if m.sentence == sentence]
