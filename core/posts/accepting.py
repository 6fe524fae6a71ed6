"""Accepting a post."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from core.accounts.rotation import Target
from core.errors import TransitionError
from core.posts.models import (
    Account,
    Post,
    PostId,
    PostState,
    PostText,
    UploadState,
    WaitReason,
)
from core.posts.moves import Moves
from core.posts.reading import Duplicate
from core.posts.records import (
    dump,
    dump_value,
    from_time,
)
from core.posts.tasks import ingest_task
from core.store.base import Tx


class Accepting(Moves):
    """Turns what somebody sent into a post with its uploads."""

    async def insert_draft(
        self, tx: Tx, post: Post, *, question: str, state: PostState = PostState.DRAFT
    ) -> PostId:
        row = await tx.one(
            "posts.insert",
            state=state.value,
            chat_id=post.chat_id,
            user_id=post.user_id,
            message_id=post.message_id,
            source=dump(post.source),
            wish=dump_value(post.wish),
            facts=dump_value(post.facts),
            fingerprint=post.fingerprint,
            priority=post.priority,
            album=post.album,
            question=question,
            note=post.note,
            until_at=from_time(post.until_at),
            created_at=post.created_at.timestamp(),
        )
        if row is None:
            raise AssertionError("an insert returns its id")
        return PostId(row["id"])

    async def see_update(self, tx: Tx, update_id: int | None) -> bool:
        """Remember an update inside the caller's transaction; False for a repeated one."""
        if update_id is None:
            return True
        return await tx.run("posts.see_update", update_id=update_id, at=self._seconds()) == 1

    async def duplicates(
        self, tx: Tx, fingerprint: str, accounts: Sequence[Account]
    ) -> list[Duplicate]:
        keys = [{"account_id": a.id, "fingerprint": fingerprint} for a in accounts]
        owners = await tx.each("posts.ledger_owner", rows=keys)
        return [
            Duplicate(
                account=account.name,
                platform=account.platform,
                post_id=rows[0]["post_id"],
                url=rows[0]["url"],
                live=rows[0]["state"] == "live",
            )
            for account, rows in zip(accounts, owners, strict=True)
            if rows
        ]

    async def write_text(self, tx: Tx, post_id: int, text: PostText) -> None:
        """Give a post its words, so that nobody else writes them."""
        await tx.run("posts.set_text", id=post_id, text=dump_value(text))

    async def open_post(
        self, tx: Tx, post: Post, targets: Sequence[Target], *, again: bool, card: bool = True
    ) -> list[int]:
        """Turn a stored draft into an accepted post: uploads, claims, card and task.

        Returns the ids of its uploads; without ``card`` the chat shows nothing of it by itself.
        """
        copies = [
            # Above 0 says that a copy is wanted, also when its bytes came under another name.
            max(1, await self._next_copy(tx, target.account.id, post.fingerprint)) if again else 0
            for target in targets
        ]
        inserts = [
            self._new_upload(post, target, copy)
            for target, copy in zip(targets, copies, strict=True)
        ]
        made = await tx.each("posts.insert_upload", rows=inserts)
        claims = [
            {
                "account_id": target.account.id,
                "fingerprint": post.fingerprint,
                "copy": copy,
                "upload_id": rows[0]["id"],
                "at": self._seconds(),
            }
            for target, copy, rows in zip(targets, copies, made, strict=True)
        ]
        if await tx.many("posts.claim_ledger", rows=claims) != len(claims):
            raise TransitionError(f"post {post.id}: claimed by somebody else meanwhile")
        for group_id in {target.group_id for target in targets if target.group_id is not None}:
            await tx.run("groups.take_turn", id=group_id)
        await self._set_post_state(tx, post.id, PostState.ACCEPTED)
        await self._event(tx, post.id, None, "accepted")
        if post.chat_id and card:
            await tx.run(
                "chat.insert_card",
                post_id=post.id,
                chat_id=post.chat_id,
                reply_to=post.message_id,
                due_at=self._seconds(),
            )
        begin = self._earliest(targets)
        await self._engine.submit(ingest_task(post, post.priority, run_at=begin), tx)
        tx.after_commit(self.changed)
        return [int(rows[0]["id"]) for rows in made]

    def _new_upload(self, post: Post, target: Target, copy: int) -> dict[str, Any]:
        starts = target.starts_at
        waits = starts is not None and starts > self._clock.now()
        return {
            "post_id": post.id,
            "account_id": target.account.id,
            "platform": target.account.platform,
            "state": UploadState.WAITING.value,
            "reason": (WaitReason.TIME if waits else WaitReason.MEDIA).value,
            "until_at": from_time(starts if waits else None),
            "size_bytes": post.facts.size_bytes,
            "copy": copy,
            "group_id": target.group_id,
            "choice": dump(target.choice) if target.choice else "",
            "now": self._seconds(),
        }

    def _earliest(self, targets: Sequence[Target]) -> datetime | None:
        """Return when the first target begins; None for now."""
        starts = [target.starts_at for target in targets if target.starts_at is not None]
        if len(starts) < len(targets):
            return None
        return min(starts)
