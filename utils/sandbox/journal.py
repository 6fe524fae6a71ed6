"""Every request in the order of arrival, with a digest of its body and what was answered."""

from __future__ import annotations

import json
import sqlite3
from contextlib import suppress
from typing import Any


class Journal:
    """The rows of all requests; a row without a status is a request that was cut short."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        newest = database.execute("SELECT max(seq) FROM journal").fetchone()[0]
        self._seq = int(newest or 0)

    def begin(self, row: dict[str, Any]) -> int:
        """Write down a request as it arrives and return its number."""
        self._seq += 1
        row["seq"] = self._seq
        self._database.execute(
            "INSERT INTO journal (seq, service, step, row) VALUES (?, ?, ?, ?)",
            (self._seq, row["service"], row["step"], json.dumps(row)),
        )
        return self._seq

    def finish(self, row: dict[str, Any]) -> None:
        """Write down how it ended; a row that was cleared meanwhile stays away."""
        # A request that is still open when everything stops ends after the database.
        with suppress(sqlite3.ProgrammingError):
            self._database.execute(
                "UPDATE journal SET row = ?, step = ? WHERE seq = ?",
                (json.dumps(row), row["step"], row["seq"]),
            )

    def rows(
        self,
        *,
        service: str | None = None,
        step: str | None = None,
        after: int = 0,
        limit: int | None = None,
    ) -> list[dict[str, Any]]:
        """Return rows in order.

        A step is also found by its further names, those in `also`. Each row is
        `{seq, at, service, step, also, method, path, query, headers, body_sha256,
        body_size, body, status, answer, fault}`.
        """
        found = self._database.execute(
            "SELECT row FROM journal WHERE seq > :after"
            " AND (:service IS NULL OR service = :service)"
            " AND (:step IS NULL OR step = :step OR EXISTS"
            " (SELECT 1 FROM json_each(row, '$.also') WHERE value = :step))"
            " ORDER BY seq LIMIT :limit",
            {
                "after": after,
                "service": service,
                "step": step,
                "limit": -1 if limit is None else limit,
            },
        ).fetchall()
        return [json.loads(row) for (row,) in found]

    def clear(self) -> None:
        """Forget all rows; the numbers go on, so that requests under way write nowhere."""
        self._database.execute("DELETE FROM journal")
