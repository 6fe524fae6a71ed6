"""Accepting a post."""

from __future__ import annotations

from collections.abc import Sequence

from core.errors import TransitionError
from core.posts.models import (
    Account,
    Post,
    PostId,
    PostState,
    UploadState,
    WaitReason,
    Wish,
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

    async def open_post(
        self, tx: Tx, post: Post, accounts: Sequence[Account], *, again: bool
    ) -> None:
        """Turn a stored draft into an accepted post: uploads, claims, card and task."""
        due = post.wish.publish_at
        now = self._clock.now()
        waits_for_time = due is not None and due > now
        reason = WaitReason.TIME if waits_for_time else WaitReason.MEDIA
        copies = [
            # Above 0 says that a copy is wanted, also when its bytes came under another name.
            max(1, await self._next_copy(tx, account.id, post.fingerprint)) if again else 0
            for account in accounts
        ]
        inserts = [
            {
                "post_id": post.id,
                "account_id": account.id,
                "platform": account.platform,
                "state": UploadState.WAITING.value,
                "reason": reason.value,
                "until_at": from_time(due if waits_for_time else None),
                "size_bytes": post.facts.size_bytes,
                "copy": copy,
            }
            for account, copy in zip(accounts, copies, strict=True)
        ]
        made = await tx.each("posts.insert_upload", rows=inserts)
        claims = [
            {
                "account_id": account.id,
                "fingerprint": post.fingerprint,
                "copy": copy,
                "upload_id": rows[0]["id"],
                "at": self._seconds(),
            }
            for account, copy, rows in zip(accounts, copies, made, strict=True)
        ]
        if await tx.many("posts.claim_ledger", rows=claims) != len(claims):
            raise TransitionError(f"post {post.id}: claimed by somebody else meanwhile")
        await self._set_post_state(tx, post.id, PostState.ACCEPTED)
        await self._event(tx, post.id, None, "accepted")
        if post.chat_id:
            await tx.run(
                "chat.insert_card",
                post_id=post.id,
                chat_id=post.chat_id,
                reply_to=post.message_id,
                due_at=self._seconds(),
            )
        task = ingest_task(post, post.priority, run_at=due if waits_for_time else None)
        await self._engine.submit(task, tx)
        tx.after_commit(self.changed)

    async def save_wish(self, tx: Tx, post_id: int, wish: Wish, question: str) -> None:
        await tx.run("posts.save_wish", id=post_id, wish=dump_value(wish), question=question)
