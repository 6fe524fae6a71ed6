"""Failed uploads and open questions for tests."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

from core.batches.book import BatchBook
from core.batches.models import BatchState
from core.posts.letters import LetterBox
from core.posts.models import Upload, UploadState, WaitReason
from core.posts.patience import Patience, PatienceRule
from core.posts.questions import Questions
from core.store.sqlite import SqliteStore
from tests.factories import Desk, make_incoming

RULE = PatienceRule(remind=timedelta(hours=24), expire=timedelta(hours=72))


def make_letters(desk: Desk, admins: Collection[int] = (1,)) -> LetterBox:
    return LetterBox(desk.posts, desk.store, desk.clock, desk.engine, admins=admins)


def make_patience(
    desk: Desk, rule: PatienceRule = RULE, admins: Collection[int] = (1,)
) -> Patience:
    book = BatchBook(desk.store, desk.clock, desk.engine, desk.posts)
    return Patience(
        desk.posts,
        Questions(desk.posts, desk.store),
        desk.store,
        desk.clock,
        rule,
        leave_batch=lambda batch_id: book.move(batch_id, BatchState.LEFT),
        admins=admins,
    )


async def make_post(desk: Desk, number: int, **changes: Any) -> int:
    """Take in one more video; return the number of its post."""
    values = {
        "fingerprint": f"telegram:{number}",
        "update_id": None,
        "message_id": number,
        **changes,
    }
    outcome = await desk.intake.receive(make_incoming(**values))
    assert outcome.post_id is not None
    return outcome.post_id


async def fail(desk: Desk, upload_id: int, **error: Any) -> Upload:
    """Let an upload fail; the error is a broken connection unless it is told."""
    told = {"error_kind": "transient", "error_text": "connection reset", **error}
    upload = await desk.posts.start(upload_id)
    return await desk.posts.save(upload, UploadState.FAILED, **told)


async def lose(desk: Desk, upload_id: int) -> Upload:
    """Let the answer to the irreversible step of an upload be lost for good."""
    upload = await desk.posts.save(await desk.posts.start(upload_id), UploadState.UPLOADING)
    moved, duplicate = await desk.posts.intend(upload, sha256=f"sha {upload.post_id}")
    assert duplicate is None
    return await desk.posts.save(moved, UploadState.UNKNOWN, reason=WaitReason.PERSON)


async def execute(store: SqliteStore, *statements: str) -> None:
    """Change rows that nothing in the program writes so."""

    def write(raw: sqlite3.Connection) -> None:
        raw.execute("BEGIN")
        for statement in statements:
            raw.execute(statement)
        raw.execute("COMMIT")

    await store._writer._connection.call(write)


async def flood(store: SqliteStore, count: int, causes: Sequence[dict[str, str]]) -> None:
    """Add copies of the first post with its first upload, failed of these causes in turn."""
    columns = "chat_id, user_id, message_id, source, wish, facts, created_at, finished_at, state"
    posts = f"""
        WITH RECURSIVE n (i) AS
            (SELECT 1001 UNION ALL SELECT i + 1 FROM n WHERE i < 1000 + {count})
        INSERT INTO posts (id, fingerprint, {columns})
        SELECT n.i, 'flood:' || n.i, {columns} FROM n, posts WHERE posts.id = 1
    """
    uploads = [
        f"""
        INSERT INTO uploads (post_id, account_id, platform, state, error_kind, error_code,
            error_text, finished_at)
        SELECT p.id, u.account_id, u.platform, 'failed', '{cause["error_kind"]}',
            '{cause.get("error_code", "")}', replace('{cause["error_text"]}', '{{}}', p.id),
            p.finished_at FROM posts p, uploads u
        WHERE u.id = 1 AND p.id > 1000 AND p.id % {len(causes)} = {number}
        """
        for number, cause in enumerate(causes)
    ]
    await execute(store, posts, *uploads)
