"""Dead letters: failed uploads by cause, tried again or put aside a whole group at a time.

A group is worked through in short transactions by a task of its own: each upload of it is looked
at once, an end of the process loses no place, and what was asked for since goes first.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from core.errors import RefusedError
from core.ports import Defer, Engine, Run, Task, TaskState
from core.posts.causes import KEPT, Cause, Cure, cause_of, cure_of
from core.posts.models import Upload
from core.posts.records import dump, read_upload, require_time
from core.posts.replaying import Replayed
from core.posts.repository import Posts
from core.store.base import Row, Store, Tx
from utils.clock import Clock

SORTED_AT_ONCE = 500
REPLAYED_AT_ONCE = 25
DROPPED_AT_ONCE = 500
"""So many rows a transaction changes: others write in between."""
PAUSE = timedelta(seconds=0.25)
"""Between two transactions of one act."""
KEPT_FOR = timedelta(days=30)
"""How long it can be undone."""
NOTHING = frozenset({Replayed.GONE})


class Act(StrEnum):
    """What is done with a group."""

    REPLAY = "replay"
    DROP = "drop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which failed uploads are meant; what is left out does not matter."""

    user_id: int = 0
    """Whose posts; 0: everybody's."""
    platform: str = ""
    account_id: int = 0
    cause_id: int = 0
    batch_id: int = 0
    blamed: int = 0
    """An account whose sign-in was the cause."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letters:
    """A group of failed uploads with one cause."""

    id: int
    """Number of the cause; it stays the same."""
    cause: Cause
    account_name: str
    """Of the account whose trouble it is; empty for none."""
    failed: int
    posts: int
    since: datetime
    newest: Upload
    cure: Cure

    @property
    def can_replay(self) -> bool:
        """Whether all of them may be tried again together."""
        return self.cure not in KEPT


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some of the groups."""

    groups: tuple[Letters, ...]
    number: int
    pages: int
    causes: int
    failed: int
    """Uploads in all groups."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far an act is."""

    id: int
    kind: Act
    total: int
    counts: Mapping[str, int] = field(default_factory=dict)
    """By `Replayed`; of a drop how many were ``dropped``."""
    is_running: bool = False
    """The rest is being worked through."""

    @property
    def retried(self) -> int:
        return self.counts.get(Replayed.RETRIED, 0)


class LetterBox:
    """Sorts failed uploads into groups, and works through what people want done with them."""

    def __init__(
        self,
        posts: Posts,
        store: Store,
        clock: Clock,
        engine: Engine,
        *,
        admins: Collection[int] = (),
    ) -> None:
        self._posts = posts
        self._store = store
        self._clock = clock
        self._engine = engine
        self._admins = frozenset(admins)

    # Reading

    async def sort_in(self) -> int:
        """Give a cause to what failed since the last look; returns to how many."""
        count = 0
        while await self._store.all("letters.unsorted", limit=1):
            async with self._store.transaction() as tx:
                rows = await tx.all("letters.unsorted", limit=SORTED_AT_ONCE)
                await self._sort(tx, [read_upload(row) for row in rows])
            count += len(rows)
        return count

    async def _sort(self, tx: Tx, uploads: list[Upload]) -> None:
        causes = {upload.id: cause_of(upload) for upload in uploads}
        ids: dict[Cause, int] = {}
        for cause in dict.fromkeys(causes.values()):
            row = await tx.one("letters.cause", **asdict(cause))
            ids[cause] = _there(row)["id"]
        rows = [{"id": number, "cause_id": ids[cause]} for number, cause in causes.items()]
        await tx.many("letters.sort_in", rows=rows)

    async def page(self, scope: Scope, number: int = 0, size: int = 5) -> Page:
        """Return the largest groups first; the nearest page that there is."""
        rows = await self._groups(scope)
        pages = max((len(rows) + size - 1) // size, 1)
        number = min(max(number, 0), pages - 1)
        shown = rows[number * size : (number + 1) * size]
        return Page(
            groups=tuple([await self._letters(row, scope) for row in shown]),
            number=number,
            pages=pages,
            causes=len(rows),
            failed=sum(row["failed"] for row in rows),
        )

    async def require(self, scope: Scope) -> Letters:
        """Return the group of a scope that names a cause.

        Raises:
            RefusedError: ``unknown_cause``; nothing (of this person) failed of that, any more.
        """
        rows = await self._groups(scope) if scope.cause_id else []
        if not rows:
            raise RefusedError("unknown_cause", cause=scope.cause_id)
        return await self._letters(rows[0], scope)

    async def members(self, scope: Scope, limit: int, offset: int = 0) -> list[Upload]:
        """Return the uploads of a scope that names a cause, the latest first."""
        rows = await self._store.all(
            "letters.members",
            cause_id=scope.cause_id,
            user_id=scope.user_id,
            limit=limit,
            offset=offset,
        )
        return [read_upload(row) for row in rows]

    async def _groups(self, scope: Scope) -> list[Row]:
        await self.sort_in()
        return await self._store.all("letters.groups", **asdict(scope))

    async def _letters(self, row: Row, scope: Scope) -> Letters:
        cause = Cause(**{name: row[name] for name in Cause.__dataclass_fields__})
        mine = Scope(cause_id=row["id"], user_id=scope.user_id)
        (newest,) = await self.members(mine, 1)
        return Letters(
            id=row["id"],
            cause=cause,
            account_name=row["account_name"],
            failed=row["failed"],
            posts=row["posts"],
            since=require_time(row["since"]),
            newest=newest,
            cure=_cure(row, cause),
        )

    # Doing

    async def replay(self, scope: Scope, *, user_id: int = 0, chat_id: int = 0) -> Progress:
        """Try all uploads of a scope again; what takes longer goes on by itself."""
        return await self._begin(Act.REPLAY, scope, user_id=user_id, chat_id=chat_id)

    async def drop(self, scope: Scope, *, user_id: int = 0, chat_id: int = 0) -> Progress:
        """Put all uploads of a scope aside: they stay failed, and are listed no more."""
        return await self._begin(Act.DROP, scope, user_id=user_id, chat_id=chat_id)

    async def undo(self, act_id: int, *, user_id: int = 0) -> int:
        """Take a drop back; returns how many uploads are listed again.

        Raises:
            RefusedError: ``old_button``; there is none, or it is somebody else's.
        """
        async with self._store.transaction() as tx:
            row = await tx.one("letters.act", id=act_id)
            if row is None or user_id not in {0, row["user_id"]}:
                raise RefusedError("old_button")
            if await tx.run("letters.undone", id=act_id) != 1:
                return 0
            return await tx.run("letters.undo", act_id=act_id, at=row["at"])

    async def _begin(self, kind: Act, scope: Scope, *, user_id: int, chat_id: int) -> Progress:
        await self.sort_in()
        async with self._store.transaction() as tx:
            row = await tx.one(
                "letters.begin",
                kind=kind.value,
                chat_id=chat_id,
                user_id=user_id,
                at=self._seconds(),
            )
            act_id = int(_there(row)["id"])
            total = await tx.run("letters.take", act_id=act_id, **asdict(scope))
            await tx.run("letters.set_total", id=act_id, total=total)
        first = await self._step(act_id, quiet=True)
        if first.is_running:
            async with self._store.transaction() as tx:
                await self._submit(tx, act_id)
        return first

    async def _step(self, act_id: int, *, quiet: bool = False) -> Progress:
        """Work through some of an act, in one transaction; ``quiet`` tells nobody its end."""
        async with self._store.transaction() as tx:
            act = _there(await tx.one("letters.act", id=act_id))
            kind = Act(act["kind"])
            counts = Counter(json.loads(act["counts"]))
            if act["state"] != "running":
                return _progress(act, counts, is_running=False)
            limit = REPLAYED_AT_ONCE if kind is Act.REPLAY else DROPPED_AT_ONCE
            rows = await tx.all("letters.left", act_id=act_id, limit=limit + 1)
            for row in rows[:limit]:
                counts[await self._do(tx, kind, row["upload_id"], act)] += 1
            items = [{"act_id": act_id, "upload_id": row["upload_id"]} for row in rows[:limit]]
            await tx.many("letters.item_done", rows=items)
            more = len(rows) > limit
            state = "running" if more else "done"
            await tx.run("letters.save_act", id=act_id, state=state, counts=dump(counts))
            done = _progress(act, counts, is_running=more)
            if not more and not quiet and act["chat_id"]:
                await self._tell(tx, act["chat_id"], done)
            tx.after_commit(self._posts.changed)
        return done

    async def _do(self, tx: Tx, kind: Act, upload_id: int, act: Row) -> str:
        if kind is Act.REPLAY:
            return (await self._posts.replay(tx, upload_id)).value
        dropped = await tx.run("letters.drop", id=upload_id, at=act["at"])
        return "dropped" if dropped else Replayed.GONE.value

    async def _tell(self, tx: Tx, chat_id: int, progress: Progress) -> None:
        """Say what came of an act that went on after it was answered."""
        facts = {"act": progress.id, "kind": progress.kind.value, "total": progress.total}
        await self._posts.say(
            chat_id, "letters_done", facts={**facts, "counts": dict(progress.counts)}, tx=tx
        )

    async def finish(self, progress: Progress) -> Progress:
        """Work through all of an act now, where no task would: nothing else runs."""
        while progress.is_running:
            progress = await self._step(progress.id, quiet=True)
        return progress

    # The task

    async def __call__(self, run: Run) -> None:
        """Carry an act on; the handler of tasks ``letters``."""
        progress = await self._step(int(run.task.args["act_id"]))
        run.progress()
        if progress.is_running:
            raise Defer(self._clock.now() + PAUSE)

    async def resume(self) -> None:
        """Take up acts whose task was lost."""
        for row in await self._store.all("letters.running"):
            key = _key(row["id"], row["generation"])
            if await self._engine.state(key) is TaskState.ABSENT:
                async with self._store.transaction() as tx:
                    await self._submit(tx, row["id"])

    async def _submit(self, tx: Tx, act_id: int) -> None:
        row = _there(await tx.one("letters.next_generation", id=act_id))
        task = Task(
            kind="letters",
            key=_key(act_id, row["generation"]),
            args={"act_id": act_id},
            lock=f"letters:{act_id}",
            queue="housekeeping",
        )
        await self._engine.submit(task, tx)

    # What comes round

    async def look(self) -> None:
        """Sort in what failed, go on with what stood still, offer what an account left behind."""
        await self.sort_in()
        await self.resume()
        await self.offer()

    async def forget(self) -> None:
        """Forget acts that are too old to be undone."""
        before = (self._clock.now() - KEPT_FOR).timestamp()
        async with self._store.transaction() as tx:
            await tx.run("letters.forget_items", before=before)
            await tx.run("letters.forget_acts", before=before)

    async def offer(self) -> int:
        """Say once of accounts that came back what failed for want of them; returns of how many.

        Those who may try all of it again are told the whole number, others that of their own.
        """
        await self.sort_in()
        rows = await self._store.all("letters.accounts_back")
        for row in rows:
            told = {}
            for chat_id, user_id in self._told_of(row).items():
                groups = await self._groups(Scope(blamed=row["id"], user_id=user_id))
                told[chat_id] = sum(group["failed"] for group in groups)
            async with self._store.transaction() as tx:
                await tx.run("letters.offered", id=row["id"], at=self._seconds())
                for chat_id, failed in told.items():
                    if failed:
                        await self._offer(tx, row, chat_id, failed)
        return len(rows)

    def _told_of(self, account: Row) -> dict[int, int]:
        """Return the chats where an account's news are told, and whose posts matter there."""
        if not account["chat_id"]:
            return dict.fromkeys(self._admins, 0)
        owner = account["owner_id"]
        return {account["chat_id"]: 0 if owner in self._admins else owner}

    async def _offer(self, tx: Tx, account: Row, chat_id: int, failed: int) -> None:
        facts = {"count": failed, "platform": account["platform"], "account": account["name"]}
        button = {"text_key": "button_replay_these", "data": f"dl2:{account['id']}"}
        await self._posts.say(chat_id, "account_back", facts=facts, buttons=[button], tx=tx)
        tx.after_commit(self._posts.changed)

    def _seconds(self) -> float:
        return self._clock.now().timestamp()


def _cure(row: Row, cause: Cause) -> Cure:
    cure = cure_of(cause.kind, cause.code)
    came_back = row["account_state"] == "ok" and (row["connected_at"] or 0) > row["newest_at"]
    return Cure.CONNECTED if cure is Cure.CONNECT and came_back else cure


def _progress(act: Row, counts: Mapping[str, int], *, is_running: bool) -> Progress:
    return Progress(
        id=act["id"],
        kind=Act(act["kind"]),
        total=act["total"],
        counts={name: count for name, count in counts.items() if name not in NOTHING},
        is_running=is_running,
    )


def _key(act_id: int, generation: int) -> str:
    return f"letters:{act_id}#{generation}"


def _there(row: Row | None) -> Row:
    if row is None:
        raise AssertionError("the row exists")
    return row


def as_json(letters: Letters) -> dict[str, Any]:
    """Return a group for programs."""
    return {
        "cause": letters.id,
        **asdict(letters.cause),
        "account": letters.account_name,
        "failed": letters.failed,
        "posts": letters.posts,
        "since": letters.since.isoformat(),
        "newest": {"post_id": int(letters.newest.post_id), "error": letters.newest.error_text},
        "cure": letters.cure.value,
    }
