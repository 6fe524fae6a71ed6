"""How long people are waited for: each question is said again once, and given up at last.

Since when a question is open stands in the store, so the times outlive restarts. What is due is
seen to by `Patience.look`, which comes round; nothing sleeps.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core.errors import RefusedError, TransitionError
from core.posts.questions import Asked, Kind, Question, Questions, read_question
from core.posts.records import require_time, to_time
from core.posts.repository import Posts
from core.store.base import Row, Store, Tx
from utils.clock import Clock

logger = logging.getLogger(__name__)

SHOWN = 8
"""Questions that one message names; it counts the others."""
NEVER_EXPIRE = frozenset({Kind.ACCOUNT})
LONGEST_TITLE = 60
Key = tuple[str, int]
Leave = Callable[[int], Awaitable[object]]
"""Drops a list of videos that nobody confirms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PatienceRule:
    """How long people are waited for; None: for ever, or never said again."""

    remind: timedelta | None
    expire: timedelta | None

    @classmethod
    def of(cls, remind_hours: float, expire_hours: float) -> PatienceRule:
        """Read the settings, in which 0 means never."""
        return cls(
            remind=timedelta(hours=remind_hours) if remind_hours else None,
            expire=timedelta(hours=expire_hours) if expire_hours else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """How long a question is open by now."""

    question: Question
    asked_at: datetime
    reminded_at: datetime | None
    expired_at: datetime | None
    """When it was given up; what follows from that may still have to be done and told."""

    @property
    def key(self) -> Key:
        return self.question.kind.value, self.question.ref


class Patience:
    """Reminds of what waits for people, and gives it up."""

    def __init__(
        self,
        posts: Posts,
        questions: Questions,
        store: Store,
        clock: Clock,
        rule: PatienceRule,
        *,
        leave_batch: Leave,
        admins: Collection[int] = (),
    ) -> None:
        self._posts = posts
        self._questions = questions
        self._store = store
        self._clock = clock
        self._rule = rule
        self._leave_batch = leave_batch
        self._admins = tuple(sorted(admins))

    async def look(self) -> None:
        """See to what is due."""
        waits = await self._take_stock()
        await self._give_up(waits)
        await self._remind([wait for wait in waits if not self._is_over(wait)])

    # Since when

    async def _take_stock(self) -> list[Wait]:
        """Write down what is asked since the last look, and what is not asked any more."""
        asked = {(one.kind.value, one.ref): one for one in await self._questions.open()}
        known = {(row["kind"], row["ref"]): row for row in await self._store.all("questions.all")}
        fresh = [one for key, one in asked.items() if _is_new(one, known.get(key))]
        over = [
            key for key, row in known.items() if key not in asked and row["expired_at"] is None
        ]
        now = self._clock.now().timestamp()
        ahead = any(max(row["asked_at"], row["reminded_at"] or 0) > now for row in known.values())
        if fresh or over or ahead:
            async with self._store.transaction() as tx:
                await tx.many("questions.ask", rows=[_asked_row(one, now) for one in fresh])
                await tx.many("questions.forget", rows=[_key_row(key) for key in over])
                # The clock was set back: nothing is open since a time to come.
                await tx.run("questions.set_back", now=now)
        rows = await self._store.all("questions.all")
        return [_read_wait(row, asked.get((row["kind"], row["ref"]))) for row in rows]

    # Reminding

    async def _remind(self, waits: Sequence[Wait]) -> None:
        """Say once what is open that long, in one message a chat.

        What is open half as long is named along: it would need a message of its own soon.
        """
        if self._rule.remind is None:
            return
        now, told = self._clock.now(), {}
        for chat_id, there in self._by_chat(waits).items():
            fresh = [wait for wait in there if wait.reminded_at is None]
            if any(now - wait.asked_at >= self._rule.remind for wait in fresh):
                told[chat_id] = [w for w in fresh if now - w.asked_at >= self._rule.remind / 2]
        if not told:
            return
        facts = {chat_id: await self._facts(there) for chat_id, there in told.items()}
        keys = {wait.key for there in told.values() for wait in there}
        async with self._store.transaction() as tx:
            rows = [{**_key_row(key), "now": now.timestamp()} for key in sorted(keys)]
            await tx.many("questions.reminded", rows=rows)
            for chat_id, said in facts.items():
                await self._tell(tx, chat_id, "waiting_reminder", said, button=True)

    # Giving up

    def _is_over(self, wait: Wait) -> bool:
        """Whether it was waited for long enough, and after the reminder too."""
        rule, now = self._rule, self._clock.now()
        if wait.expired_at is not None:
            return True
        if rule.expire is None or wait.question.kind in NEVER_EXPIRE:
            return False
        if now - wait.asked_at < rule.expire:
            return False
        if rule.remind is None or rule.remind >= rule.expire:
            return True
        # Where nobody could be reminded in time, such as by a bot that was not running, the
        # reminder comes first and leaves as much time as it always does.
        return wait.reminded_at is not None and now - wait.reminded_at >= rule.expire - rule.remind

    async def _give_up(self, waits: Sequence[Wait]) -> None:
        """End what nobody answers; that it is over is written first, so it is told once."""
        over = [wait for wait in waits if self._is_over(wait)]
        fresh = [wait for wait in over if wait.expired_at is None]
        if fresh:
            now = self._clock.now().timestamp()
            async with self._store.transaction() as tx:
                rows = [{**_key_row(wait.key), "now": now} for wait in fresh]
                await tx.many("questions.expire", rows=rows)
        for chat_id, there in self._by_chat(over, everywhere=False).items():
            facts = await self._facts(there)
            for wait in there:
                await self._end(wait)
            async with self._store.transaction() as tx:
                await tx.many("questions.forget", rows=[_key_row(wait.key) for wait in there])
                for told in (chat_id,) if chat_id else self._admins:
                    await self._tell(tx, told, "waiting_expired", facts)

    async def _end(self, wait: Wait) -> None:
        """Do what follows when nobody answers; nothing where somebody has meanwhile."""
        question, posts = wait.question, self._posts
        try:
            match question.kind:
                case Kind.DRAFT:
                    await posts.cancel_draft(question.ref, question.detail, by="expired")
                case Kind.UNKNOWN:
                    await posts.nobody_decided(question.ref)
                case Kind.FIT:
                    await posts.choose_fit(question.ref, "out")
                case Kind.TOGETHER:
                    await posts.decide_together(question.ref, go=False)
                case Kind.BATCH:
                    await self._leave_batch(question.ref)
                case Kind.ACCOUNT:
                    return
        except (RefusedError, TransitionError) as refusal:
            logger.info("question was answered meanwhile", extra={"why": str(refusal)})
        logger.info("question expired", extra={"kind": question.kind.value, "ref": question.ref})

    # Telling

    def _by_chat(self, waits: Iterable[Wait], *, everywhere: bool = True) -> dict[int, list[Wait]]:
        """Group by chat; what was asked nowhere is told to all admins, or to chat 0."""
        chats: defaultdict[int, list[Wait]] = defaultdict(list)
        for wait in waits:
            here = wait.question.chat_id
            for chat_id in (here,) if here or not everywhere else self._admins:
                chats[chat_id].append(wait)
        return dict(chats)

    async def _facts(self, waits: Sequence[Wait]) -> dict[str, Any]:
        shown = [wait for wait in waits if wait.question.is_shown]
        items = [_told(await self._questions.look_up(one.question)) for one in shown[:SHOWN]]
        return {"count": len(shown), "items": items}

    async def _tell(
        self, tx: Tx, chat_id: int, sentence: str, facts: dict[str, Any], *, button: bool = False
    ) -> None:
        if not facts["count"]:
            return
        buttons = [{"text_key": "button_waiting", "data": "wt1:0"}] if button else []
        await self._posts.say(chat_id, sentence, facts=facts, buttons=buttons, tx=tx)
        tx.after_commit(self._posts.changed)


def _is_new(question: Question, known: Row | None) -> bool:
    if known is None:
        return True
    return known["expired_at"] is None and known["detail"] != question.detail


def _told(asked: Asked) -> dict[str, Any]:
    """Return what a message says of a question."""
    post, upload, account = asked.post, asked.upload, asked.account
    words = (post.text.title if post and post.text else "") or (
        (post.wish.title or post.wish.prompt) if post else ""
    )
    about = upload or account
    return {
        "kind": asked.question.kind.value,
        "detail": asked.question.detail,
        "post_id": int(post.id) if post else 0,
        "title": " ".join((words or asked.name).split())[:LONGEST_TITLE],
        "platform": about.platform if about else "",
        "account": account.name if account else (upload.account_name if upload else ""),
    }


def _key_row(key: Key) -> dict[str, Any]:
    return {"kind": key[0], "ref": key[1]}


def _asked_row(question: Question, now: float) -> dict[str, Any]:
    return {
        "kind": question.kind.value,
        "ref": question.ref,
        "detail": question.detail,
        "chat_id": question.chat_id,
        "user_id": question.user_id,
        "at": now,
    }


def _read_wait(row: Row, asked: Question | None) -> Wait:
    stored = read_question(row)
    same = asked is not None and asked.detail == stored.detail
    return Wait(
        question=asked if asked is not None and same else stored,
        asked_at=require_time(row["asked_at"]),
        reminded_at=to_time(row["reminded_at"]),
        expired_at=to_time(row["expired_at"]),
    )
