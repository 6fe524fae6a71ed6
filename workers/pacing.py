"""Before the first byte: whether an upload may begin now, later, or with another account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.accounts.book import AccountBook
from core.accounts.groups import Groups
from core.accounts.rotation import Candidate, Rotation
from core.platforms.base import Capabilities
from core.posts.models import Post, Upload, WaitReason
from core.posts.repository import Posts
from core.posts.timing import starts_at
from utils.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Why an upload does not begin now."""

    reason: WaitReason
    until: datetime
    why: str
    """Key of a sentence."""


class Pacing:
    """Looks at times, rests and the other accounts of a group."""

    def __init__(
        self, posts: Posts, book: AccountBook, groups: Groups, rotation: Rotation, clock: Clock
    ) -> None:
        self._posts = posts
        self._book = book
        self._groups = groups
        self._rotation = rotation
        self._clock = clock

    async def before(self, post: Post, upload: Upload, capabilities: Capabilities) -> Pause | None:
        """Return what keeps an upload from beginning, but for quotas; None for nothing."""
        now = self._clock.now()
        if upload.not_before is not None and upload.not_before > now:
            return Pause(reason=WaitReason.TIME, until=upload.not_before, why="")
        account = await self._book.get(upload.account_id)
        defaults = account.defaults if account is not None else {}
        if (at := starts_at(post.wish, defaults, capabilities, now)) is not None:
            return Pause(reason=WaitReason.TIME, until=at, why="")
        rest = await self._rotation.resting(account) if account is not None else None
        if rest is None:
            return None
        return Pause(reason=WaitReason.COOLDOWN, until=rest[0], why=rest[1])

    async def move_on(self, upload: Upload, until: datetime, why: str) -> bool:
        """Give an upload that would wait to another account of its group that is ready now."""
        if upload.group_id is None:
            return False
        other = await self._ready_rival(upload)
        if other is None:
            return False
        choice = {
            "key": why,
            "facts": {
                "chosen": other.account.name,
                "passed": upload.account_name,
                "until": until.isoformat(),
            },
        }
        return await self._posts.reassign(upload, other.account, choice)

    async def _ready_rival(self, upload: Upload) -> Candidate | None:
        taken = {one.account_id for one in await self._posts.uploads(upload.post_id)}
        groups = [group for group in await self._groups.all() if group.id == upload.group_id]
        members = {account for group in groups for account in group.members}
        rivals = [
            account
            for account in await self._book.all()
            if account.id in members
            and account.id not in taken
            and account.platform == upload.platform
        ]
        candidates = await self._rotation.candidates(rivals)
        # The time is read after theirs: who is ready at once is ready as of then.
        now = self._clock.now()
        ready = [one for one in candidates if one.ready_at <= now and not one.held_by]
        return min(ready, key=lambda one: one.used, default=None)
