from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from core.store.errors import StoreReadOnlyError
from workers.engine.lock import FileLock, InUseError

HOLD = """
import sys, pathlib
from workers.engine.lock import FileLock
FileLock(pathlib.Path(sys.argv[1])).acquire()
print("held", flush=True)
sys.stdin.read()
"""


def test_the_lock_names_its_holder(tmp_path: Path) -> None:
    path = tmp_path / "karvon.db.lock"
    with FileLock(path), pytest.raises(InUseError, match=str(os.getpid())) as caught:
        FileLock(path).acquire()
    assert caught.value.pid == os.getpid()
    assert "Stop it first" in str(caught.value)


def test_a_released_lock_can_be_taken(tmp_path: Path) -> None:
    first, second = FileLock(tmp_path / "lock"), FileLock(tmp_path / "lock")
    with first:
        pass
    with second:
        assert second.held
        assert not first.held


def test_taking_and_releasing_twice_is_harmless(tmp_path: Path) -> None:
    lock = FileLock(tmp_path / "lock")
    lock.acquire()
    lock.acquire()
    lock.release()
    lock.release()
    with FileLock(tmp_path / "lock"):
        assert not lock.held


def test_the_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    command = [sys.executable, "-c", HOLD, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        with pytest.raises(InUseError) as caught:
            FileLock(path).acquire()
        process.kill()
    assert caught.value.pid == process.pid
    with FileLock(path) as lock:
        assert lock.held


def test_a_lock_lies_beside_its_database(tmp_path: Path) -> None:
    with FileLock.beside(tmp_path / "new" / "karvon.db") as lock:
        assert lock.path == tmp_path / "new" / "karvon.db.lock"
        assert stat.S_IMODE(lock.path.stat().st_mode) == 0o600


def test_a_lock_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreReadOnlyError, match="cannot be opened"):
        FileLock(tmp_path / "file" / "lock").acquire()
