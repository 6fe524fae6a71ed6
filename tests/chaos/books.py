"""What Karvon's own books and those of the stand-ins say after a run, and where they disagree."""

from __future__ import annotations

import json
import sqlite3
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

JSON = dict[str, Any]
WINDOW_SECONDS = 4.0
"""What a minute of a quota is shortened to."""
IN_A_WINDOW = {"tiktok.inits": 3, "telegram.messages": 3}
BEGINS = {
    "video_uploads": ("youtube", ("begin",)),
    "inits": ("tiktok", ("begin",)),
}
"""Quotas that count requests, and the requests."""
COMMITS = {"posts", "reels", "messages", "per_channel_a_day"}
"""Quotas that count what is published, each once: nothing else may have been spent of them."""
QUERIES = {
    "leaked": "SELECT s.scope, s.name, s.upload_id FROM spending s JOIN uploads u"
    " ON u.id = s.upload_id WHERE s.state = 'reserved'"
    " AND u.state IN ('live', 'failed', 'cancelled')",
    "spent": "SELECT scope, name, units, at FROM spending"
    " WHERE state = 'spent' AND upload_id <> 0 ORDER BY at",
    "units": "SELECT coalesce(sum(units), 0) AS n FROM spending"
    " WHERE state = 'spent' AND name = 'units'",
    "refusals": "SELECT post_id, facts FROM timeline WHERE facts LIKE '%quota_exhausted%'",
    "open": "SELECT id, kind, error_text FROM operations"
    " WHERE state = 'waiting' AND kind <> 'check'",
    "failed": "SELECT id, kind, error_text FROM operations"
    " WHERE state = 'failed' AND error_code <> 'unseen'",
    "tokens": "SELECT tokens FROM accounts WHERE tokens <> ''",
    "leases": "SELECT name FROM leases",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """The database of a Karvon, read beside it."""

    path: Path

    def rows(self, name: str) -> list[JSON]:
        uri = f"file:{self.path}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True, timeout=10)) as database:
            database.row_factory = sqlite3.Row
            return [dict(row) for row in database.execute(QUERIES[name])]

    def open_operations(self) -> int:
        return len(self.rows("open")) if self.path.exists() else 0


def audit(
    books: Books, journal: Iterable[JSON], published: Sequence[JSON], remote_units: int
) -> list[str]:
    """Return what is wrong with the books after Karvon has stopped.

    Args:
        books: Karvon's.
        journal: requests that the stand-ins saw.
        published: what was ever live, also what was taken away since.
        remote_units: what YouTube's stand-in counted of its units.
    """
    spent = books.rows("spent")
    wrong = [f"units leaked: {row}" for row in books.rows("leaked")]
    wrong += [f"operation is open: {row}" for row in books.rows("open")]
    wrong += [f"operation failed: {row}" for row in books.rows("failed")]
    wrong += [f"lease is held: {row}" for row in books.rows("leases")]
    wrong += _refusals(books.rows("refusals"))
    wrong += _keys(str(row["tokens"]) for row in books.rows("tokens"))
    units = books.rows("units")[0]["n"]
    if units < remote_units:
        wrong.append(f"YouTube counted {remote_units} units, we {units}")
    wrong += _overspent(spent)
    return wrong + _uncounted(spent, list(journal)) + _miscounted(spent, published)


def _refusals(rows: Iterable[JSON]) -> list[str]:
    """Return where a platform refused for a quota that our books said there was room in."""
    errors = [(row["post_id"], str(json.loads(row["facts"]).get("error"))) for row in rows]
    return [f"post {n} was refused: {why}" for n, why in errors if not why.endswith(" used")]


def _keys(tokens: Iterable[str]) -> list[str]:
    keys = {sealed.split(".")[1] for sealed in tokens}
    return [] if len(keys) == 1 else [f"tokens are sealed with {sorted(keys)}"]


def units_of(folder: Path) -> int:
    """Return what YouTube's stand-in counted in its folder."""
    query = (
        "SELECT value FROM documents WHERE collection = 'youtube.quota' AND key LIKE '%/units/%'"
    )
    with closing(sqlite3.connect(f"file:{folder / 'sandbox.db'}?mode=ro", uri=True)) as database:
        return sum(int(json.loads(value)["spent"]) for (value,) in database.execute(query))


def _overspent(spent: Iterable[JSON]) -> list[str]:
    limits = {name.partition(".")[2]: limit for name, limit in IN_A_WINDOW.items()}
    times: dict[tuple[str, str], list[float]] = defaultdict(list)
    for row in spent:
        if row["name"] in limits:
            times[row["scope"], row["name"]] += [row["at"]] * row["units"]
    return [
        f"{place} was overspent at {at}"
        for place, known in times.items()
        for number, at in enumerate(known)
        if number + 1 - bisect_right(known, at - WINDOW_SECONDS) > limits[place[1]]
    ]


def _uncounted(spent: Sequence[JSON], journal: Sequence[JSON]) -> list[str]:
    """Return quotas of which the stand-ins saw more requests than we counted."""
    wrong = []
    for name, (service, steps) in BEGINS.items():
        seen = sum(row["service"] == service and row["step"] in steps for row in journal)
        counted = sum(row["units"] for row in spent if row["name"] == name)
        if seen > counted:
            wrong.append(f"{name}: {seen} requests, {counted} counted")
    return wrong


def _miscounted(spent: Iterable[JSON], published: Sequence[JSON]) -> list[str]:
    """Return quotas of which more or less was spent than is published."""
    counted: dict[tuple[str, str], int] = defaultdict(int)
    for row in spent:
        if row["name"] in COMMITS:
            counted[row["scope"], row["name"]] += row["units"]
    each = len({row["sha256"] for row in published})
    return [
        f"{place}: {units} spent for {each}" for place, units in counted.items() if units != each
    ]


def quota_settings(posts: int, begins: int) -> Mapping[str, int]:
    """Return limits that hold exactly what is to be published, and ``begins`` of what is tried."""
    return {
        **IN_A_WINDOW,
        "youtube.video_uploads": begins,
        "youtube.units": 1_000_000,
        "tiktok.posts": posts,
        "instagram.posts": posts,
        "instagram.containers": begins,
        "facebook.reels": posts,
    }
