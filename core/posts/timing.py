"""When an upload begins and who keeps the time of its publication: the platform or we."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from core.platforms.base import Capabilities
from core.posts.asking import wanted_privacy
from core.posts.models import Privacy, Wish
from core.posts.staging import goes_together


def publish_at(
    wish: Wish, defaults: Mapping[str, Any], capabilities: Capabilities, now: datetime
) -> datetime | None:
    """Return when the platform itself shall publish; None when it shall not keep the time.

    Platforms make public at a time; what is for fewer people is published by us, then.
    """
    at = wish.publish_at
    if at is None or capabilities.schedules is None or goes_together(wish):
        return None
    if wanted_privacy(wish, defaults, capabilities) is not Privacy.PUBLIC:
        return None
    earliest, latest = capabilities.schedules
    return at if earliest <= at - now <= latest else None


def starts_at(
    wish: Wish, defaults: Mapping[str, Any], capabilities: Capabilities, now: datetime
) -> datetime | None:
    """Return until when nothing is begun; None where it may begin now.

    A time may be too near for the platform's own schedule, or so far away that what is prepared
    for a staged go-live would not live so long.
    """
    at = wish.publish_at
    if at is None or at <= now:
        return None
    if goes_together(wish):
        begin: datetime = at - min(capabilities.stage_holds, timedelta(days=30))
        return begin if begin > now else None
    return None if publish_at(wish, defaults, capabilities, now) is not None else at
