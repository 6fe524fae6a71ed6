"""The lock beside a database file: whoever holds it is its only process."""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from pathlib import Path
from typing import Self

from core.store.errors import StoreError, StoreReadOnlyError


class InUseError(StoreError):
    """Another process holds the database; ``pid`` is its number, where it could be read."""

    remedy = "Stop it first, or let it do the work."

    def __init__(self, path: Path, pid: int | None) -> None:
        self.pid = pid
        who = f"process {pid}" if pid else "another process"
        super().__init__(f"The database is in use by {who} ({path}).")


class FileLock:
    """An advisory lock on a file, held until `release` or the end of the process.

    The file stays when the lock is released: removing it would let two processes hold it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._handle: int | None = None

    @classmethod
    def beside(cls, database: Path) -> Self:
        """Return the lock of a database file."""
        return cls(database.with_name(f"{database.name}.lock"))

    @property
    def held(self) -> bool:
        return self._handle is not None

    def acquire(self) -> None:
        """Take the lock; nothing happens when this object holds it already.

        Raises:
            InUseError: another process (or another object) holds it.
            StoreReadOnlyError: the file cannot be made.
        """
        if self.held:
            return
        handle = self._open()
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            pid = _read_pid(handle)
            os.close(handle)
            raise InUseError(self.path, pid) from error
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        self._handle = handle

    def release(self) -> None:
        """Give the lock back."""
        if self._handle is None:
            return
        os.ftruncate(self._handle, 0)
        os.close(self._handle)
        self._handle = None

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(self, *exc: object) -> None:
        self.release()

    def _open(self) -> int:
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            return os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreReadOnlyError(
                f"{self.path} cannot be opened ({error.strerror})."
            ) from error


def _read_pid(handle: int) -> int | None:
    with suppress(ValueError):
        return int(os.pread(handle, 32, 0))
    return None
