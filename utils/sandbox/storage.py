"""What the stand-ins remember: JSON documents in one SQLite file, and received bytes as files."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import quote

if TYPE_CHECKING:
    from hashlib import _Hash

BORDER = 256 * 1024
"""Received bytes can be cut back to a multiple of this even when they are not kept."""

BLOCK = 1024 * 1024

SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, collection TEXT NOT NULL, key TEXT NOT NULL,
    value TEXT NOT NULL, UNIQUE (collection, key));
CREATE TABLE IF NOT EXISTS counters (collection TEXT PRIMARY KEY, value INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS journal (
    seq INTEGER PRIMARY KEY, service TEXT NOT NULL, step TEXT NOT NULL, row TEXT NOT NULL);
"""


def open_database(folder: Path | None) -> sqlite3.Connection:
    """Open the state, in memory without a folder; every statement is its own commit."""
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    path = ":memory:" if folder is None else str(folder / "sandbox.db")
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = OFF")
    database.executescript(SCHEMA)
    return database


class Collection:
    """A persisted map of string to JSON object, in the order of insertion."""

    def __init__(self, database: sqlite3.Connection, name: str) -> None:
        self._database = database
        self.name = name

    def get(self, key: str) -> dict[str, Any] | None:
        row = self._database.execute(
            "SELECT value FROM documents WHERE collection = ? AND key = ?", (self.name, key)
        ).fetchone()
        return None if row is None else json.loads(row[0])

    def put(self, key: str, value: dict[str, Any]) -> None:
        self._database.execute(
            "INSERT INTO documents (collection, key, value) VALUES (?, ?, ?)"
            " ON CONFLICT (collection, key) DO UPDATE SET value = excluded.value",
            (self.name, key, json.dumps(value, ensure_ascii=False)),
        )

    def delete(self, key: str) -> None:
        self._database.execute(
            "DELETE FROM documents WHERE collection = ? AND key = ?", (self.name, key)
        )

    def items(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield a snapshot, so that the caller may write while reading."""
        rows = self._database.execute(
            "SELECT key, value FROM documents WHERE collection = ? ORDER BY seq", (self.name,)
        ).fetchall()
        for key, value in rows:
            yield key, json.loads(value)

    def clear(self) -> None:
        self._database.execute("DELETE FROM documents WHERE collection = ?", (self.name,))

    def next_id(self) -> int:
        """Return the next number of a counter that starts at 1 and is never given twice."""
        row = self._database.execute(
            "INSERT INTO counters (collection, value) VALUES (?, 1)"
            " ON CONFLICT (collection) DO UPDATE SET value = value + 1 RETURNING value",
            (self.name,),
        ).fetchone()
        return int(row[0])

    def __len__(self) -> int:
        row = self._database.execute(
            "SELECT count(*) FROM documents WHERE collection = ?", (self.name,)
        ).fetchone()
        return int(row[0])


class Blob:
    """The bytes received for one upload, digested as they come; the sandbox closes it.

    Without a path nothing is kept: then only the size and the digest are known, and
    cutting back is possible to 0, to the last mark and to the last multiple of `BORDER`.
    """

    def __init__(self, key: str, path: Path | None) -> None:
        self.key = key
        self.path = path
        self.size = path.stat().st_size if path is not None and path.exists() else 0
        self._file: BinaryIO | None = None
        self._hash = hashlib.sha256()
        self._hashed = 0
        self._marks: dict[str, tuple[int, _Hash]] = {}

    def append(self, data: bytes) -> None:
        """Store `data` behind what is there."""
        self._write(data)
        if self._hashed == self.size:
            self._feed(data)
        self.size += len(data)

    def mark(self) -> None:
        """Remember this place, so that `truncate` can come back to it."""
        self._catch_up()
        self._marks["mark"] = (self.size, self._hash.copy())

    def truncate(self, size: int) -> None:
        """Forget everything from `size` on.

        Raises:
            ValueError: when `size` is beyond the end, or the bytes are not kept and
                `size` is no place that was remembered.
        """
        if size == self.size:
            return
        if not 0 <= size < self.size:
            raise ValueError(f"{self.key} holds {self.size} bytes, cannot be cut to {size}")
        known, digest = self._nearest_mark(size)
        if self.path is None and known != size:
            raise ValueError(f"{self.key} is not kept, cannot be cut to {size}")
        if self.path is not None:
            self.close()
            os.truncate(self.path, size)
        self.size, self._hashed, self._hash = size, known, digest

    def sha256(self) -> str:
        self._catch_up()
        return self._hash.hexdigest()

    def read(self, start: int = 0, end: int | None = None) -> bytes:
        """Return the bytes `[start, end)`; empty when they are not kept."""
        if self.path is None or not self.path.exists():
            return b""
        with self.path.open("rb") as file:
            file.seek(start)
            return file.read(-1 if end is None else end - start)

    def close(self) -> None:
        """Let go of the file; the next `append` opens it again."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def delete(self) -> None:
        """Forget all bytes."""
        self.close()
        if self.path is not None:
            self.path.unlink(missing_ok=True)
        self.size = self._hashed = 0
        self._hash = hashlib.sha256()
        self._marks.clear()

    def _write(self, data: bytes) -> None:
        if self.path is None:
            return
        if self._file is None:
            self._file = self.path.open("ab", buffering=0)
        view = memoryview(data)
        while view:
            view = view[self._file.write(view) :]

    def _feed(self, data: bytes) -> None:
        border = (self._hashed + len(data)) // BORDER * BORDER
        view = memoryview(data)
        if border > self._hashed:
            head = border - self._hashed
            self._hash.update(view[:head])
            self._marks["border"] = (border, self._hash.copy())
            view = view[head:]
        self._hash.update(view)
        self._hashed += len(data)

    def _nearest_mark(self, size: int) -> tuple[int, _Hash]:
        usable = [mark for mark in self._marks.values() if mark[0] <= size]
        known, digest = max(usable, key=lambda mark: mark[0], default=(0, hashlib.sha256()))
        self._marks = {name: mark for name, mark in self._marks.items() if mark[0] <= size}
        return known, digest.copy()

    def _catch_up(self) -> None:
        """Digest what is on disk but was not seen by this process."""
        if self.path is None or self._hashed == self.size:
            return
        with self.path.open("rb") as file:
            file.seek(self._hashed)
            while block := file.read(min(BLOCK, self.size - self._hashed)):
                self._feed(block)


class BlobStore:
    """All blobs of a sandbox, in one folder, which is temporary unless one is given."""

    def __init__(self, folder: Path | None, *, keep_bytes: bool) -> None:
        self._temporary: tempfile.TemporaryDirectory[str] | None = None
        self._folder: Path | None = None
        self._open: dict[str, Blob] = {}
        if not keep_bytes:
            return
        if folder is None:
            self._temporary = tempfile.TemporaryDirectory(prefix="sandbox-")
            folder = Path(self._temporary.name)
        self._folder = folder / "blobs"
        self._folder.mkdir(parents=True, exist_ok=True)

    def get(self, key: str) -> Blob:
        """Open the blob, or create it empty; the same key gives the same object."""
        if key not in self._open:
            path = None if self._folder is None else self._folder / _file_name(key)
            self._open[key] = Blob(key, path)
        return self._open[key]

    def clear(self) -> None:
        """Delete every blob, also those of an earlier process."""
        for blob in self._open.values():
            blob.delete()
        self._open.clear()
        if self._folder is not None:
            for path in self._folder.iterdir():
                path.unlink()

    def close(self) -> None:
        for blob in self._open.values():
            blob.close()
        if self._temporary is not None:
            self._temporary.cleanup()


def _file_name(key: str) -> str:
    name = quote(key, safe="")
    return name if len(name) <= 200 else hashlib.sha256(key.encode()).hexdigest()
