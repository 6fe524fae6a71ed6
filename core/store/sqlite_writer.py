"""The one writing connection: bodies run one after another and share their commits.

A body that leaves while others wait hands the connection on without a commit; its caller goes on
when the whole group is on disk. Each body has a savepoint, so its exception undoes only its own
statements; when the commit fails, the whole group gets the error.

The order of things is decided in the event loop. `_Group` and `_Body` carry what only the
connection's thread reads and writes, so a caller that is cancelled midway cannot leave them wrong.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from core.store.base import Row
from core.store.errors import StoreClosedError, StoreError
from core.store.sqlite_connection import Connection, explain
from core.store.statements import Statement, StatementError

GROUP_BODIES = 64
GROUP_SECONDS = 0.005
CLOSE_SECONDS = 10.0

Result = TypeVar("Result")

log = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True, eq=False)
class _Body:
    """One transaction as its caller sees it."""

    callbacks: list[Callable[[], None]] = field(default_factory=list)
    # Of the thread:
    entered: bool = False
    failed: sqlite3.Error | None = None


@dataclass(slots=True, kw_only=True, eq=False)
class _Group:
    """Bodies that share one commit."""

    done: asyncio.Future[None]
    since: float
    kept: list[_Body] = field(default_factory=list)
    bodies: int = 0
    used: bool = False
    # Of the thread:
    begun: bool = False
    lost: sqlite3.Error | None = None


class SqliteTx:
    """A transaction on SQLite, valid inside its block."""

    def __init__(
        self, writer: Writer, group: _Group, body: _Body, statements: Mapping[str, Statement]
    ) -> None:
        self._writer = writer
        self._group = group
        self._body = body
        self._statements = statements
        self._open = True

    async def all(self, name: str, /, **params: Any) -> list[Row]:
        return (await self._execute(name, params))[0]

    async def one(self, name: str, /, **params: Any) -> Row | None:
        rows, _ = await self._execute(name, params)
        return rows[0] if rows else None

    async def run(self, name: str, /, **params: Any) -> int:
        return (await self._execute(name, params))[1]

    async def many(self, name: str, /, rows: Sequence[Row]) -> int:
        statement = self._statements[name]
        if statement.returns_rows:
            raise StatementError(f"{name} returns rows, which cannot be run for many")
        for row in rows:
            statement.check(row.keys())
        work = partial(_execute_many, self._group, self._body, statement, rows)
        return await self._hop(work)

    async def each(self, name: str, /, rows: Sequence[Row]) -> list[list[Row]]:
        statement = self._statements[name]
        for row in rows:
            statement.check(row.keys())
        return await self._hop(partial(_execute_each, self._group, self._body, statement, rows))

    def after_commit(self, callback: Callable[[], None]) -> None:
        self._body.callbacks.append(callback)

    def end(self) -> None:
        """Refuse any further statement."""
        self._open = False

    async def _execute(self, name: str, params: dict[str, Any]) -> tuple[list[Row], int]:
        statement = self._statements[name]
        statement.check(params.keys())
        return await self._hop(partial(_execute, self._group, self._body, statement, params))

    async def _hop(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        if not self._open:
            raise StoreClosedError("The transaction is over.", remedy="Open a new one.")
        return await self._writer.hop(self._group, work)


class Writer:
    """Owns the writing connection; who opened it calls `close`."""

    def __init__(self, connection: Connection, statements: Mapping[str, Statement]) -> None:
        self._connection = connection
        self._statements = statements
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._busy = False
        self._closed = False
        self._holder: asyncio.Task[Any] | None = None
        self._group: _Group | None = None
        # What the bodies that left still have to do on the thread, before anything else.
        self._trailing: list[Callable[[sqlite3.Connection], None]] = []

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[SqliteTx]:
        """Wait for the connection and run one body; see the module for when it is on disk."""
        await self._enter()
        group, body = self._join_group(), _Body()
        tx = SqliteTx(self, group, body, self._statements)
        keep = False
        try:
            yield tx
            keep = True
        finally:
            tx.end()
            self._holder = None
            await self._leave(group, body, keep=keep)
        if body.failed is not None:
            raise explain(body.failed) from body.failed
        await asyncio.shield(group.done)

    async def hop(self, group: _Group, work: Callable[[sqlite3.Connection], Result]) -> Result:
        """Run work on the connection's thread, after what earlier bodies left to do."""
        group.used = True
        before, self._trailing = self._trailing, []

        def together(raw: sqlite3.Connection) -> Result:
            for action in before:
                action(raw)
            return work(raw)

        return await self._connection.call(together)

    async def close(self) -> None:
        """Let the bodies that wait finish, then close the connection."""
        if self._closed:
            return
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await self._enter()
                self._closed = True
                if self._group is not None:
                    await self._end_group(self._group)
        except TimeoutError:
            log.warning("closing the database under a transaction that does not end")
        finally:
            self._closed = True
            self._refuse_waiting()
            await self._connection.close()

    async def _enter(self) -> None:
        if self._closed:
            raise StoreClosedError("The database is closed.")
        task = asyncio.current_task()
        if self._holder is not None and self._holder is task:
            raise StatementError("a transaction was opened inside a transaction of the same task")
        if self._busy:
            await self._queue()
        self._busy = True
        self._holder = task

    async def _queue(self) -> None:
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                # The turn had come already: somebody else must get it.
                await asyncio.shield(self._pass_on())
            raise

    def _refuse_waiting(self) -> None:
        waiting = [*self._waiting, *([self._group.done] if self._group is not None else [])]
        for turn in waiting:
            if not turn.done():
                turn.set_exception(StoreClosedError("The database is closed."))
                turn.exception()  # its waiter may be gone; that is no mistake
        self._waiting.clear()

    def _join_group(self) -> _Group:
        if self._group is None:
            loop = asyncio.get_running_loop()
            self._group = _Group(done=loop.create_future(), since=loop.time())
        return self._group

    async def _leave(self, group: _Group, body: _Body, *, keep: bool) -> None:
        if body.failed is not None:
            keep = False
        self._trailing.append(partial(_leave_body, group, body, keep))
        group.bodies += 1
        if keep:
            group.kept.append(body)
        if not (self._has_room(group) and self._hand_over()):
            # Shielded: a caller that is cancelled here must not keep the connection. The turn of
            # the loop that this costs lets others join the group.
            await asyncio.shield(self._pass_on())

    async def _pass_on(self) -> None:
        """Give the connection to the next body, or end the group."""
        if self._has_room(self._group) and self._hand_over():
            return
        group = self._group
        if group is not None:
            try:
                await self._end_group(group)
            finally:
                self._group = None
                if not group.done.done():
                    group.done.cancel()
                if not self._hand_over():
                    self._busy = False
        elif not self._hand_over():
            self._busy = False

    def _has_room(self, group: _Group | None) -> bool:
        if group is None:
            return True
        age = asyncio.get_running_loop().time() - group.since
        return group.bodies < GROUP_BODIES and age < GROUP_SECONDS

    def _hand_over(self) -> bool:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return True
        return False

    async def _end_group(self, group: _Group) -> None:
        try:
            if group.used:
                await self.hop(group, partial(_commit, group, keep=bool(group.kept)))
            else:
                self._trailing.clear()
        except StoreError as error:
            if not group.done.done():
                group.done.set_exception(error)
                group.done.exception()  # its waiters may all be gone; that is no mistake
        else:
            _run_callbacks(group)
            if not group.done.done():
                group.done.set_result(None)


def _run_callbacks(group: _Group) -> None:
    for body in group.kept:
        for callback in body.callbacks:
            try:
                callback()
            except Exception:
                # The commit has happened: the other callbacks and callers must hear of it.
                log.exception("a callback after a commit failed")


def _enter_body(raw: sqlite3.Connection, group: _Group, body: _Body) -> None:
    if body.failed is not None:
        raise body.failed
    if group.lost is None and group.begun and not raw.in_transaction:
        group.lost = sqlite3.OperationalError("the transaction ended by itself")
    if group.lost is not None:
        raise group.lost
    if body.entered:
        return
    if not group.begun:
        raw.execute("BEGIN IMMEDIATE")
        group.begun = True
    raw.execute("SAVEPOINT body")
    body.entered = True


def _execute(
    group: _Group,
    body: _Body,
    statement: Statement,
    params: dict[str, Any],
    raw: sqlite3.Connection,
) -> tuple[list[Row], int]:
    try:
        _enter_body(raw, group, body)
        cursor = raw.execute(statement.sql, params)
        if not statement.returns_rows:
            return [], cursor.rowcount
        rows: list[Row] = cursor.fetchall()
    except sqlite3.Error as error:
        _note_failure(raw, group, body, error)
        raise
    return rows, len(rows)


def _execute_many(
    group: _Group,
    body: _Body,
    statement: Statement,
    rows: Sequence[Row],
    raw: sqlite3.Connection,
) -> int:
    try:
        _enter_body(raw, group, body)
        return raw.executemany(statement.sql, rows).rowcount
    except sqlite3.Error as error:
        _note_failure(raw, group, body, error)
        raise


def _execute_each(
    group: _Group,
    body: _Body,
    statement: Statement,
    rows: Sequence[Row],
    raw: sqlite3.Connection,
) -> list[list[Row]]:
    try:
        _enter_body(raw, group, body)
        return [raw.execute(statement.sql, row).fetchall() for row in rows]
    except sqlite3.Error as error:
        _note_failure(raw, group, body, error)
        raise


def _note_failure(
    raw: sqlite3.Connection, group: _Group, body: _Body, error: sqlite3.Error
) -> None:
    body.failed = error
    # A full disk and the like end the whole transaction, with what earlier bodies wrote.
    if group.begun and not raw.in_transaction:
        group.lost = error


def _leave_body(group: _Group, body: _Body, keep: bool, raw: sqlite3.Connection) -> None:
    if not body.entered or group.lost is not None:
        return
    try:
        if not keep:
            raw.execute("ROLLBACK TO body")
        raw.execute("RELEASE body")
    except sqlite3.Error as error:
        group.lost = error
        _roll_back(raw)


def _commit(group: _Group, raw: sqlite3.Connection, *, keep: bool) -> None:
    if group.lost is not None:
        raise group.lost
    if not group.begun:
        return
    try:
        raw.execute("COMMIT" if keep else "ROLLBACK")
    except sqlite3.Error:
        _roll_back(raw)
        raise


def _roll_back(raw: sqlite3.Connection) -> None:
    if raw.in_transaction:
        with suppress(sqlite3.Error):  # it fails only where nothing is left to undo
            raw.execute("ROLLBACK")
