"""A rotation of keys is killed before each of its steps; the next start finishes it."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from core.accounts.keyfile import KeyFile
from core.accounts.keys import Keys
from core.accounts.sealed_values import used_keys
from core.accounts.vault import Vault, key_of
from core.store.sqlite import SqliteStore
from tests.mortal import DATABASE
from tests.terminal import ROOT
from utils.clock import SystemClock

pytestmark = pytest.mark.timeout(120)

VALUES = 50
STEPS = 15
"""Three files of three steps each: the new key, the retired one, the old one gone. Three batches
of values: a commit, and the telling of it."""


async def filled(folder: Path) -> None:
    async with await SqliteStore.open(folder / DATABASE, clock=SystemClock()):
        vault = Vault.of(KeyFile(folder, SystemClock()).read_or_make(()))
    rows = [
        (f"UC{number}", vault.seal(f"token{number}", context=f"youtube:UC{number}"))
        for number in range(VALUES)
    ]
    with closing(sqlite3.connect(folder / DATABASE)) as raw, raw:
        raw.executemany(
            "INSERT INTO accounts (platform, name, remote_id, tokens, created_at) "
            "VALUES ('youtube', 'n', ?, ?, 0)",
            rows,
        )


def rotate(folder: Path, last: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.mortal", str(folder), str(last)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def half_made(folder: Path) -> list[Path]:
    return list(folder.glob(".keys-*"))


async def check(folder: Path, *, finish: bool) -> None:
    """Check that every value opens, and after a finished rotation with the new key alone."""
    clock = SystemClock()
    async with await SqliteStore.open(folder / DATABASE, clock=clock) as store:
        file = KeyFile(folder, clock)
        vault = Vault.of(file.read_or_make(await used_keys(store)))
        keys = Keys(store, vault, file, clock)
        assert await keys.miss([1]) == {}
        if finish:
            _ = await keys.finish()
        rows = await store.all("keys.account_values")
        for number, row in enumerate(rows):
            context = f"youtube:{row['remote_id']}"
            assert vault.open(row["sealed"], context=context) == f"token{number}"
        assert len(rows) == VALUES
        current = {key_of(row["sealed"]) for row in rows}
        if finish:
            assert current == {vault.current}
            assert set(file.read().in_use) == {vault.current}


@pytest.mark.parametrize("last", range(STEPS))
async def test_killed_before_any_step_nothing_is_lost_and_the_next_start_finishes(
    tmp_path: Path, last: int
) -> None:
    await filled(tmp_path)
    done = rotate(tmp_path, last)
    assert done.returncode == -signal.SIGKILL, done.stderr
    await check(tmp_path, finish=False)
    await check(tmp_path, finish=True)
    assert not half_made(tmp_path)


async def test_there_are_exactly_so_many_steps(tmp_path: Path) -> None:
    await filled(tmp_path)
    done = rotate(tmp_path, 1000)
    assert done.stdout.split() == ["k2", str(STEPS)], done.stderr
    await check(tmp_path, finish=True)


async def test_killed_and_asked_again_it_goes_on_without_a_third_key(tmp_path: Path) -> None:
    await filled(tmp_path)
    assert rotate(tmp_path, STEPS // 2).returncode == -signal.SIGKILL
    done = rotate(tmp_path, 1000)
    assert done.stdout.startswith("k2 "), done.stderr
    await check(tmp_path, finish=True)
    assert set(json.loads((tmp_path / "keys.json").read_text())["keys"]) == {"k2"}
