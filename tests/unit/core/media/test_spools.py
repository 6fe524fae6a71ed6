from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.errors import SourceError
from core.media.spool import DiskFullError, read_span
from core.media.spools import FitKey, Spools
from tests.media_kit import digest, noise

DATA = noise(100_000)
HUGE = 1 << 62


@pytest.fixture
async def spools(tmp_path: Path) -> AsyncIterator[Spools]:
    async with Spools(tmp_path / "spool") as spools:
        yield spools


def open_files() -> int:
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - counts descriptors


async def fill(spools: Spools, post_id: int) -> None:
    with spools.use(post_id) as spool:
        await spool.write(DATA)
        spool.finish()


async def test_waits_until_somebody_opens(spools: Spools) -> None:
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(spools.wait_open(7, 5.0))
        await asyncio.sleep(0)
        spool = spools.open(7)

    assert waiting.result() is spool
    with pytest.raises(TimeoutError):
        await spools.wait_open(8, 0.0)


async def test_file_goes_after_the_last_reader(spools: Spools) -> None:
    spool = spools.open(1)
    with spools.use(1), spools.use(1):
        await spool.write(DATA)
        spools.retire(1)
        assert spool.path.exists()

    assert not spool.path.exists()
    assert spools.get(1) is None


async def test_file_goes_after_a_reader_that_failed(spools: Spools) -> None:
    spool = spools.open(1)

    async def read() -> None:
        async with spools.reader(1, 1.0):
            spools.retire(1)
            raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        await read()

    assert not spool.path.exists()


async def test_nothing_is_deleted_while_it_may_be_needed_again(spools: Spools) -> None:
    spools.open(1)
    await fill(spools, 1)
    before = open_files()

    with spools.use(1) as spool:
        assert open_files() == before + 1
        assert b"".join([piece async for piece in read_span(spool, 0, 100_000)]) == DATA
    assert open_files() == before
    assert spool.path.exists()


async def test_retired_file_of_an_earlier_process_goes(spools: Spools) -> None:
    spools.path(5).write_bytes(DATA)

    spools.retire(5)

    assert not spools.path(5).exists()


async def test_opening_again_takes_back_the_retirement(spools: Spools) -> None:
    spools.open(1)
    with spools.use(1):
        spools.retire(1)
        spools.open(1)

    assert spools.path(1).exists()


async def test_kept_file_comes_back(spools: Spools) -> None:
    spools.open(1)
    await fill(spools, 1)
    spools.retire(1, keep_file=True)
    assert spools.kept_path(1).read_bytes() == DATA
    assert spools.sweep([]) == []

    spool = spools.open(1, size=len(DATA), sha256=digest(DATA))

    assert spool.complete
    assert not spools.kept_path(1).exists()


async def test_known_digest_makes_a_file_of_that_size_complete(spools: Spools) -> None:
    spools.path(3).write_bytes(DATA)

    spool = spools.open(3, size=len(DATA), sha256=digest(DATA))

    assert spool.complete
    assert await spool.digest() == digest(DATA)


async def test_shorter_file_is_not_complete_whatever_is_known(spools: Spools) -> None:
    spools.path(3).write_bytes(DATA[:-1])

    assert not spools.open(3, size=len(DATA), sha256=digest(DATA)).complete


async def test_file_in_place_survives_everything(spools: Spools, tmp_path: Path) -> None:
    mine = tmp_path / "mine.mp4"
    mine.write_bytes(DATA)
    spool = spools.open(1, in_place=str(mine))
    assert spool.complete
    spools.retire(1)

    assert mine.read_bytes() == DATA


async def test_missing_file_in_place_is_told(spools: Spools, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="source_gone"):
        spools.open(1, in_place=str(tmp_path / "none.mp4"))


async def test_sweep_removes_what_nobody_owns(spools: Spools) -> None:
    for post_id in (1, 2, 3):
        spools.path(post_id).write_bytes(DATA)
    foreign = spools.path(1).with_name("notes.txt")
    foreign.touch()
    half_deleted = spools.path(1).with_name("post-9.video.0.gone")
    half_deleted.touch()
    spools.open(3)

    assert spools.sweep([2]) == [1]
    assert spools.path(2).exists()
    assert spools.path(3).exists()
    assert foreign.exists()
    assert not half_deleted.exists()


async def test_used_bytes_counts_all_files(spools: Spools) -> None:
    spools.path(1).write_bytes(DATA)
    spools.path(2).write_bytes(DATA)

    assert spools.used_bytes() == 2 * len(DATA)


async def test_admission_refuses_what_does_not_fit(spools: Spools) -> None:
    with pytest.raises(DiskFullError) as caught:
        spools.admit(1, HUGE)

    assert 0 < caught.value.needed_bytes < HUGE
    assert spools.missing_bytes(1, 1000) == 0


async def test_admission_counts_what_was_promised_to_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Spools(tmp_path / "spool") as spools:
        monkeypatch.setattr(Spools, "_room", lambda self: 1000)
        spools.admit(1, 700)
        with pytest.raises(DiskFullError):
            spools.admit(2, 400)
        spools.path(1).write_bytes(b"x" * 600)
        spools.admit(2, 400)
        spools.admit(2, 400)
        spools.retire(1)

        assert spools.missing_bytes(3, 600) == 0
        assert spools.missing_bytes(3, 601) == 1


async def test_minimum_of_free_space_is_never_promised(tmp_path: Path) -> None:
    async with Spools(tmp_path / "spool", min_free_bytes=HUGE) as spools:
        with pytest.raises(DiskFullError):
            spools.admit(1, 1)


FITTED = FitKey(1, 7)


async def lay(spools: Spools, data: bytes = DATA) -> None:
    """Lay a fitted file where its maker does."""
    spools.path(FITTED).write_bytes(data)


async def test_a_fitted_file_is_found_again_if_it_is_whole(spools: Spools) -> None:
    assert spools.open_fitted(FITTED, size=len(DATA), sha256=digest(DATA)) is None
    await lay(spools, DATA[:-1])
    assert spools.open_fitted(FITTED, size=len(DATA), sha256=digest(DATA)) is None
    await lay(spools)
    spool = spools.open_fitted(FITTED, size=len(DATA), sha256=digest(DATA))
    assert spool is not None
    assert (spool.complete, spool.size) == (True, len(DATA))


async def test_a_fitted_file_that_was_made_anew_replaces_the_one_before(spools: Spools) -> None:
    await lay(spools)
    old = spools.open_fitted(FITTED, size=len(DATA), sha256=digest(DATA))
    fresh = noise(len(DATA), "other")
    with spools.use(FITTED):
        spools.path(FITTED).unlink()
        await lay(spools, fresh)
        new = spools.open_fitted(FITTED, size=len(DATA), sha256=digest(fresh))
        assert new is not None
        assert new is not old
        with spools.use(FITTED):
            assert await new.read(0, 10) == fresh[:10]
            assert old is not None
            assert await old.read(0, 10) == DATA[:10]
    assert (old.is_open, new.is_open) == (False, False)


async def test_a_kept_fitted_file_comes_back(spools: Spools) -> None:
    await lay(spools)
    spools.open_fitted(FITTED, size=len(DATA), sha256=digest(DATA))
    spools.retire(FITTED, keep_file=True)
    assert not spools.path(FITTED).exists()
    assert spools.open_fitted(FITTED, size=len(DATA), sha256=digest(DATA)) is not None
    spools.retire(FITTED)
    assert not spools.path(FITTED).exists()


async def test_the_sweep_keeps_what_an_upload_may_still_send(spools: Spools) -> None:
    await lay(spools)
    assert spools.sweep([], [7]) == []
    assert spools.used_bytes() == len(DATA)
    assert spools.sweep([1]) == [1]
    assert spools.used_bytes() == 0


async def test_a_workshop_sets_room_aside_and_leaves_nothing(spools: Spools) -> None:
    with spools.workshop(1, 1000) as folder:
        inner = folder / "inner"
        inner.mkdir()
        (inner / "half.mp4").write_bytes(DATA)
        assert spools.used_bytes() == len(DATA)
        spools.sweep([])
        assert inner.exists()
    assert not folder.exists()
    with pytest.raises(DiskFullError), spools.workshop(1, HUGE):
        pass
    assert not spools._wanted


async def test_a_workshop_of_before_a_crash_is_cleared(spools: Spools) -> None:
    left = spools.path(1).parent / "fitting" / "1"
    left.mkdir(parents=True)
    (left / "half.mp4").write_bytes(DATA)
    with spools.workshop(1, 0) as folder:
        assert list(folder.iterdir()) == []
    left.mkdir(parents=True)
    spools.sweep([1], [7])
    assert not left.exists()
