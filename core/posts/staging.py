"""Staged go-live: everything is brought to its last step on all targets, then seen at one minute.

The wish of a post carries it: ``together`` is ``yes`` while uploads gather, ``asked`` while a
person is asked because one of them failed, ``going`` once the word was given and ``stay`` when a
person wants what is there to stay hidden. ``onfail`` is ``hold`` (the default) or ``go``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from core.errors import RefusedError
from core.posts.models import UPLOAD_FINAL, Post, Upload, UploadState, WaitReason, Wish
from core.posts.moves import Moves
from core.posts.records import dump_value
from core.posts.tasks import FORCED_PRIORITY
from core.store.base import Tx

TOGETHER = "together"
LOOK_AGAIN = timedelta(minutes=5)
"""An upload that waits for others looks at them that often, should their word be lost."""
ENDED_WITHOUT = frozenset({UploadState.FAILED, UploadState.CANCELLED})


class Verdict(StrEnum):
    """What an upload at its last step does."""

    GO = "go"
    WAIT = "wait"
    ASK = "ask"
    """A person decides."""
    STAY = "stay"
    """What is there stays hidden."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """The upload as it is saved, and what it does now."""

    upload: Upload
    verdict: Verdict
    until: datetime | None = None


def goes_together(wish: Wish) -> bool:
    """Return whether the uploads of a post are to be seen at one minute."""
    return bool(wish.options.get(TOGETHER, "no") != "no")


class Staging(Moves):
    """Lets uploads wait for each other."""

    async def stage(self, upload: Upload) -> Staged:
        """An upload is at its last step: go, or wait for the others and the time."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            post = await self._post(tx, upload.post_id)
            fresh = await self._fresh(tx, upload)
            if fresh.staged_at is None:
                fresh = await self._move(
                    tx, fresh, fresh.state, event="staged", staged_at=now, reason=fresh.reason
                )
            others = [one for one in await self._uploads(tx, post.id) if one.id != fresh.id]
            verdict = _verdict(post, others, now)
            if verdict in {Verdict.GO, Verdict.STAY}:
                await self._give_word(tx, post, others)
                return Staged(upload=fresh, verdict=verdict)
            return await self._hold_staged(tx, post, fresh, others, verdict)

    async def _hold_staged(
        self, tx: Tx, post: Post, upload: Upload, others: Sequence[Upload], verdict: Verdict
    ) -> Staged:
        now, at = self._clock.now(), post.wish.publish_at
        behind = any(_is_behind(one) for one in others)
        until = None
        if verdict is Verdict.WAIT:
            until = max(at or now, now + LOOK_AGAIN) if behind else at
        elif post.wish.options.get(TOGETHER) == "yes":
            await self._ask(tx, post, others)
        held = UploadState.PROCESSING
        state = held if upload.state is held else UploadState.WAITING
        reason = WaitReason.PERSON if verdict is Verdict.ASK else WaitReason.TIME
        moved = await self._move(tx, upload, state, reason=reason, until_at=until)
        if not behind and verdict is Verdict.WAIT:
            await self._wake(tx, others, until)
        return Staged(upload=moved, verdict=verdict, until=until)

    async def _give_word(self, tx: Tx, post: Post, others: Sequence[Upload]) -> None:
        """From now on all of them go; those that wait are woken at once."""
        if post.wish.options.get(TOGETHER) == "yes":
            await self._set_together(tx, post, "going")
            await self._wake(tx, others, None)

    async def _ask(self, tx: Tx, post: Post, others: Sequence[Upload]) -> None:
        await self._set_together(tx, post, "asked")
        await self._wake(tx, others, None)
        failed = [one for one in others if one.state in ENDED_WITHOUT]
        if not post.chat_id:
            return
        await self.say(
            post.chat_id,
            "together_failed",
            facts={
                "post_id": post.id,
                "places": [{"platform": o.platform, "account": o.account_name} for o in failed],
            },
            buttons=[
                {"text_key": "button_together_go", "data": f"g1:{post.id}:go"},
                {"text_key": "button_together_stay", "data": f"g1:{post.id}:stay"},
            ],
            reply_to=post.message_id,
            post_id=post.id,
            tx=tx,
        )

    async def decide_together(self, post_id: int, *, go: bool) -> None:
        """A person says whether the others go live without those that failed.

        Raises:
            RefusedError: nothing waits for that any more.
        """
        async with self._store.transaction() as tx:
            post = await self._post(tx, post_id)
            if post.wish.options.get(TOGETHER) not in {"yes", "asked"}:
                raise RefusedError("together_decided", post_id=post_id)
            await self._set_together(tx, post, "going" if go else "stay")
            await self._event(tx, post_id, None, "decided")
            await self._wake(tx, await self._uploads(tx, post_id), None)

    async def _stage_changed(self, tx: Tx, post_id: int) -> None:
        """One of the uploads ended without success: those that wait for it look again."""
        post = await self._post(tx, post_id)
        if post.wish.options.get(TOGETHER) == "yes":
            await self._wake(tx, await self._uploads(tx, post_id), None)

    async def _gather_again(self, tx: Tx, post_id: int) -> None:
        """One that failed is tried again: the question what to do without it is void."""
        post = await self._post(tx, post_id)
        if post.wish.options.get(TOGETHER) == "asked":
            await self._set_together(tx, post, "yes")
            await self._wake(tx, await self._uploads(tx, post_id), None)

    async def _wake(self, tx: Tx, uploads: Sequence[Upload], until: datetime | None) -> None:
        for one in uploads:
            waits = one.reason in {WaitReason.TIME, WaitReason.PERSON}
            if one.staged_at is None or one.state in UPLOAD_FINAL or not waits:
                continue
            moved = await self._move(
                tx, one, one.state, reason=WaitReason.TIME, until_at=until, staged_at=one.staged_at
            )
            await self._resubmit(tx, moved, priority=FORCED_PRIORITY)

    async def _set_together(self, tx: Tx, post: Post, value: str) -> None:
        wish = replace(post.wish, options={**post.wish.options, TOGETHER: value})
        await tx.run("posts.change_wish", id=post.id, wish=dump_value(wish))


def _is_behind(upload: Upload) -> bool:
    return upload.state not in UPLOAD_FINAL and upload.staged_at is None


def _verdict(post: Post, others: Sequence[Upload], now: datetime) -> Verdict:
    word = post.wish.options.get(TOGETHER)
    if word in {"going", "stay"}:
        return Verdict.GO if word == "going" else Verdict.STAY
    if word == "asked":
        return Verdict.ASK
    if any(_is_behind(one) for one in others):
        return Verdict.WAIT
    failed = any(one.state in ENDED_WITHOUT for one in others)
    if failed and post.wish.options.get("onfail", "hold") == "hold":
        return Verdict.ASK
    at = post.wish.publish_at
    return Verdict.WAIT if at is not None and at > now else Verdict.GO
