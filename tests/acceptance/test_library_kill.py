"""The process is killed at every step of adding and deleting: rows and files stay together."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.studio.assets import Deleted, NewAsset, Wanted
from core.studio.mashup import AssetKind
from tests.library_kit import clip
from tests.mortal_library import DATABASE, open_library
from tests.terminal import ROOT

KEPT = {DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", "keys.json"}


def lying(folder: Path) -> set[str]:
    """Return all files of a data folder but those of the database and the keys."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)) for path in files if path.name not in KEPT}


async def test_a_file_that_is_read_stays_until_it_is_not(tmp_path: Path) -> None:
    async with open_library(tmp_path) as (library, _):
        asset = (await library.add(clip(), NewAsset(kind=AssetKind.SOURCE))).asset
        async with library.file(asset) as path:
            assert await library.delete(asset.id) is Deleted.GONE
            assert hashlib.sha256(path.read_bytes()).hexdigest() == asset.sha256
        assert lying(tmp_path) == set()


async def test_a_stored_file_that_was_lost_comes_back_when_it_is_added_again(
    tmp_path: Path,
) -> None:
    async with open_library(tmp_path) as (library, _):
        asset = (await library.add(clip(), NewAsset(kind=AssetKind.SOURCE))).asset
        before = lying(tmp_path)
        for name in before:
            (tmp_path / name).unlink()
        again = await library.add(clip(), NewAsset(kind=AssetKind.SOURCE))
        assert (again.is_new, again.asset) == (False, asset)
        assert library.thumbnail(asset)
        async with library.file(asset) as path:
            assert path.read_bytes() == clip().read_bytes()


@pytest.mark.timeout(90)
async def test_a_kill_leaves_no_row_without_file_and_no_file_without_row(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.mortal_library", str(tmp_path), str(clip())]
    said = subprocess.run(  # noqa: ASYNC221 - nothing else is to be done meanwhile
        command, cwd=ROOT, env={**os.environ}, check=True, capture_output=True, timeout=80
    )
    steps = int(said.stdout)
    assert steps > 8
    digest = hashlib.sha256(clip().read_bytes()).hexdigest()
    found = 0
    for number in range(steps + 1):
        folder = tmp_path / str(number)
        async with open_library(folder) as (library, store):
            assets = (await library.find(Wanted())).assets
            rows = await store.all("library.of_bytes", sha256=digest)
            there = lying(folder)
            if rows:
                found += 1
                assert len(there) == 2, (number, there)
                row = await library.require(rows[0]["id"])
                async with library.file(row) as path:
                    assert hashlib.sha256(path.read_bytes()).hexdigest() == digest
                assert library.thumbnail(row)
            else:
                assert there == set(), number
                assert assets == ()
            if number == steps:
                assert not rows
            added = await library.add(clip(), NewAsset(kind=AssetKind.SOURCE))
            assert added.is_new == (not rows)
    assert 0 < found < steps
