"""A made-up history of uploads, written into a database as rows, to compare figures with."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from core.diagnostics.cases import Circumstances
from core.diagnostics.figures import Figures
from core.media.spools import Spools
from tests.factories import Desk

JSON = dict[str, Any]
UPLOADS_OF_A_RENDER = 4
CAUSES = ("disk_full", "no_glyph", "bad_input")
STAGES = ("looking", "preparing", "rendering", "checking", "keeping")
ACCOUNTS = (
    ("youtube", "first"),
    ("youtube", "second"),
    ("tiktok", "clips"),
    ("telegram", "news"),
)
KINDS = ("transient", "rate_limited", "auth_revoked", "rejected")
REASONS = ("turn", "media", "time", "person", "source", "retry")
CHATS = (1001, 2002, 0)


@dataclass(slots=True)
class History:
    """Rows by table."""

    accounts: list[JSON] = field(default_factory=list)
    posts: list[JSON] = field(default_factory=list)
    uploads: list[JSON] = field(default_factory=list)
    attempts: list[JSON] = field(default_factory=list)
    measures: list[JSON] = field(default_factory=list)
    renders: list[JSON] = field(default_factory=list)
    render_stages: list[JSON] = field(default_factory=list)

    def write(self, path: Path) -> None:
        with closing(sqlite3.connect(path)) as raw, raw:
            for table in self.__slots__:
                _insert(raw, table, getattr(self, table))


def _insert(raw: sqlite3.Connection, table: str, rows: Sequence[JSON]) -> None:
    if rows:
        names = list(rows[0])
        marks = ", ".join(f":{name}" for name in names)
        raw.executemany(
            f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})",
            rows,
        )


def make_history(now: datetime, uploads: int, *, days: float = 65, seed: int = 7) -> History:
    """Return a history of so many uploads, spread over the days before."""
    rng = random.Random(seed)
    history = History()
    for number, (platform, name) in enumerate(ACCOUNTS, start=1):
        history.accounts.append(
            {
                "id": number,
                "platform": platform,
                "name": name,
                "remote_id": f"{platform}-{name}",
                "created_at": 0.0,
            }
        )
    post_id = 0
    while len(history.uploads) < uploads:
        post_id += 1
        created = (now - timedelta(days=days) * rng.random()).timestamp()
        chat = rng.choice(CHATS)
        history.posts.append(make_post(post_id, created, chat))
        _fetched(history, rng, post_id, created, chat)
        for account in rng.sample(range(1, 5), rng.randint(1, 4)):
            _upload(history, rng, history.posts[-1], account)
    history.attempts.sort(key=lambda row: row["finished_at"])
    for number, row in enumerate(history.attempts, start=1):
        row["id"] = number
    # Of their own chance: the uploads are the same with and without them.
    others = random.Random(seed + 1)
    for number in range(1, uploads // UPLOADS_OF_A_RENDER + 1):
        _render(
            history, others, number, (now - timedelta(days=days) * others.random()).timestamp()
        )
    return history


def _render(history: History, rng: random.Random, number: int, end: float) -> None:
    state = rng.choices(("ready", "failed", "cancelled"), (85, 10, 5))[0]
    history.renders.append(
        {
            "id": number,
            "state": state,
            "mashup": "{}",
            "chat_id": rng.choice(CHATS),
            "preview": int(rng.random() < 0.2),
            "facts": f'{{"duration_seconds": {rng.randint(5, 60)}.5}}',
            "error_key": rng.choice(CAUSES) if state == "failed" else "",
            "error_facts": f'{{"missing_bytes": {number}}}' if state == "failed" else "{}",
            "created_at": end - 60,
            "finished_at": end,
        }
    )
    for stage in STAGES:
        history.render_stages.append(
            {
                "render_id": number,
                "attempt": 1,
                "stage": stage,
                "seconds": rng.expovariate(0.2),
                "at": end,
            }
        )


def make_post(post_id: int, created: float, chat: int) -> JSON:
    return {
        "id": post_id,
        "state": "done",
        "chat_id": chat,
        "user_id": chat,
        "message_id": post_id,
        "source": "{}",
        "wish": "{}",
        "facts": "{}",
        "fingerprint": f"f{post_id}",
        "created_at": created,
    }


def _fetched(history: History, rng: random.Random, post: int, at: float, chat: int) -> None:
    for stage in ("fetch", "probe", "describe"):
        history.measures.append(
            measure(
                at + rng.random() * 50,
                post,
                stage,
                rng.expovariate(0.2),
                chat=chat,
                size=rng.randrange(1 << 26) if stage == "fetch" else 0,
                detail=rng.choice(("ai", "fallback")) if stage == "describe" else "",
            )
        )


def _upload(history: History, rng: random.Random, post: JSON, account: int) -> None:
    number = len(history.uploads) + 1
    platform = ACCOUNTS[account - 1][0]
    end = post["created_at"] + rng.expovariate(0.01)
    state = rng.choices(("live", "failed", "cancelled"), (85, 10, 5))[0]
    place = {"upload": number, "account": account, "platform": platform, "chat": post["chat_id"]}
    at = post["created_at"]
    kind = ""
    for _ in range(rng.choices((0, 1, 2), (80, 15, 5))[0]):
        at += rng.random() * 10
        kind = rng.choice(KINDS)
        history.attempts.append(attempt(number, at, "waiting", kind))
        kept = rng.choice((0, rng.randrange(1 << 25)))
        history.measures.append(measure(at, post["id"], "resume", 0.1, size=kept, **place))
    last = {"live": "processing", "failed": "failed", "cancelled": "cancelled"}[state]
    failed = rng.choice(KINDS) if state == "failed" else ""
    history.attempts.append(attempt(number, end, last, failed))
    if state == "live" and rng.random() < 0.5:
        history.attempts.append(attempt(number, end + 1, "live", ""))
    for stage in ("begin", "send", "commit", "processing", "wait"):
        history.measures.append(
            measure(
                end,
                post["id"],
                stage,
                rng.expovariate(0.1),
                size=rng.randrange(1 << 26) if stage == "send" else 0,
                detail=rng.choice(REASONS) if stage == "wait" else "",
                **place,
            )
        )
    if state == "live":
        seconds = end - post["created_at"]
        history.measures.append(measure(end, post["id"], "total", seconds, **place))
    history.uploads.append(
        {
            "id": number,
            "post_id": post["id"],
            "account_id": account,
            "platform": platform,
            "state": state,
            "bytes_sent": rng.randrange(1 << 26),
            "error_kind": failed or kind,
            "error_text": f"{failed or kind} happened",
            "started_at": at,
            "finished_at": end,
        }
    )


def attempt(upload: int, at: float, outcome: str, kind: str) -> JSON:
    return {
        "id": 0,
        "upload_id": upload,
        "number": 1,
        "fence": 1,
        "started_at": at - 1,
        "finished_at": at,
        "outcome": outcome,
        "error_kind": kind,
        "error_text": f"{kind} happened" if kind else "",
    }


def measure(
    at: float,
    post: int,
    stage: str,
    seconds: float,
    *,
    size: int = 0,
    detail: str = "",
    upload: int | None = None,
    account: int = 0,
    platform: str = "",
    chat: int = 0,
) -> JSON:
    return {
        "at": at,
        "post_id": post,
        "upload_id": upload,
        "account_id": account,
        "chat_id": chat,
        "platform": platform,
        "stage": stage,
        "detail": detail,
        "seconds": seconds,
        "bytes": size,
    }


def make_figures(desk: Desk, folder: Path, **circumstances: Any) -> Figures:
    """Return the figures of a desk; its spools lie in a folder that is made."""
    folder.mkdir(parents=True, exist_ok=True)
    spools = Spools(folder, min_free_bytes=1)
    return Figures(
        desk.store,
        desk.clock,
        desk.posts.quotas,
        spools,
        Circumstances(**circumstances),
        UTC,
    )


def nearest_rank(values: Iterable[float], percent: int = 95) -> float | None:
    """Return the least value that so many of a hundred do not exceed, counted one by one."""
    ordered = sorted(values)
    for place, value in enumerate(ordered, start=1):
        if place * 100 >= len(ordered) * percent:
            return value
    return None
