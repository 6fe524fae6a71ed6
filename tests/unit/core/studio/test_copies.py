from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from core.studio.copies import Copies, Wanted
from core.studio.errors import StudioError
from tests.storage_kit import Quick

SIZE = 1000


@dataclass(slots=True)
class Away:
    """A file that lies elsewhere and can be made to fail."""

    number: int = 0
    size: int = SIZE
    asked: list[int] = field(default_factory=list)
    breaks: list[int] = field(default_factory=list)
    """After so many bytes it breaks off, once each."""
    bad: int = 0
    """So often it gives other bytes."""

    @property
    def content(self) -> bytes:
        return (str(self.number).encode() * self.size)[: self.size]

    @property
    def wanted(self) -> Wanted:
        sha256 = hashlib.sha256(self.content).hexdigest()
        return Wanted(sha256=sha256, size_bytes=self.size, suffix=".mp4")

    async def fetch(self, start: int) -> AsyncGenerator[bytes, None]:
        self.asked.append(start)
        await asyncio.sleep(0)
        content = self.content
        if self.bad:
            self.bad -= 1
            content = b"\0" * self.size
        if self.breaks:
            if count := self.breaks.pop(0):
                yield content[start : start + count]
            raise StudioError("storage_unreachable", {"storage": "x"}, retry=True)
        yield content[start:]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "copies"


@pytest.fixture
def copies(folder: Path) -> Copies:
    return Copies(folder, Quick(), cache_bytes=3 * SIZE)


async def use(copies: Copies, away: Away) -> None:
    async with copies.use(away.wanted, away.fetch) as path:
        assert path.read_bytes() == away.content


def there(folder: Path) -> set[str]:
    return {path.read_bytes()[:1].decode() for path in folder.iterdir()}


def sizes(folder: Path) -> list[int]:
    return sorted(path.stat().st_size for path in folder.iterdir())


def _begin(folder: Path, away: Away, content: bytes) -> None:
    folder.mkdir()
    (folder / f"{away.wanted.sha256}.mp4.part").write_bytes(content)


async def test_fetched_once(copies: Copies) -> None:
    away = Away()
    for _ in range(2):
        await use(copies, away)
    assert away.asked == [0]


async def test_several_at_once_fetch_once(copies: Copies) -> None:
    away = Away()
    async with asyncio.TaskGroup() as group:
        for _ in range(5):
            group.create_task(use(copies, away))
    assert away.asked == [0]


async def test_who_waits_takes_over_from_who_was_cancelled(copies: Copies) -> None:
    away, begun, go = Away(), asyncio.Event(), asyncio.Event()

    async def slow(start: int) -> AsyncGenerator[bytes, None]:
        away.asked.append(start)
        yield away.content[start : start + 400]
        begun.set()
        await go.wait()
        yield away.content[start + 400 :]

    async def first() -> None:
        async with copies.use(away.wanted, slow):
            pass

    async with asyncio.TaskGroup() as group:
        leader = group.create_task(first())
        await begun.wait()
        follower = group.create_task(use(copies, away))
        leader.cancel()
        await follower
    assert away.asked == [0, 400]


async def test_an_interruption_is_gone_on_with(copies: Copies) -> None:
    away = Away(breaks=[300, 200])
    await use(copies, away)
    assert away.asked == [0, 300, 500]


async def test_a_restart_goes_on_too(copies: Copies, folder: Path) -> None:
    away = Away(breaks=[100] + [0] * 20)
    with pytest.raises(StudioError, match="storage_unreachable"):
        await use(copies, away)
    assert sizes(folder) == [100]

    later = Away()
    await use(copies, later)
    assert later.asked == [100]


async def test_a_bad_copy_is_fetched_anew_once(copies: Copies) -> None:
    away = Away(bad=1)
    await use(copies, away)
    assert away.asked == [0, 0]


async def test_a_file_that_is_bad_is_told(copies: Copies, folder: Path) -> None:
    away = Away(bad=2)
    with pytest.raises(StudioError, match="storage_damaged") as caught:
        await use(copies, away)
    assert not caught.value.retry
    assert sizes(folder) == []


async def test_a_bad_beginning_from_before_is_noticed(copies: Copies, folder: Path) -> None:
    away = Away()
    _begin(folder, away, b"x" * 500)
    await use(copies, away)
    assert away.asked == [500, 0]


async def test_the_least_recently_used_goes_first(copies: Copies, folder: Path) -> None:
    some = [Away(number) for number in range(4)]
    for number, away in enumerate(some[:3]):
        await use(copies, away)
        _age(copies, away, seconds=100 - number)
    await use(copies, some[0])

    await use(copies, some[3])

    assert there(folder) == {"0", "2", "3"}
    assert copies.used_bytes() <= 3 * SIZE


def _age(copies: Copies, away: Away, *, seconds: int) -> None:
    path = copies._path(away.wanted)
    then = path.stat().st_mtime - seconds
    os.utime(path, (then, then))


async def test_what_is_in_use_never_goes(copies: Copies, folder: Path) -> None:
    some = [Away(number) for number in range(5)]
    async with copies.use(some[0].wanted, some[0].fetch) as held:
        _age(copies, some[0], seconds=1000)
        for away in some[1:]:
            await use(copies, away)
        assert held.read_bytes() == some[0].content
    assert copies.used_bytes() <= 3 * SIZE
    assert len(there(folder)) == 3


async def test_a_file_above_the_limit_is_there_while_it_is_used(folder: Path) -> None:
    copies, away = Copies(folder, Quick(), cache_bytes=0), Away()
    async with copies.use(away.wanted, away.fetch) as path:
        assert path.read_bytes() == away.content
    assert sizes(folder) == []


async def test_room_is_made_on_a_full_disk(
    copies: Copies, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await use(copies, Away(1))
    usage = shutil.disk_usage(folder)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=SIZE // 2))

    await use(copies, Away(2))
    assert there(folder) == {"2"}

    with pytest.raises(StudioError, match="storage_full") as caught:
        await use(copies, Away(3, size=5 * SIZE))
    assert caught.value.retry


async def test_copies_give_way_on_a_disk_that_others_filled(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copies = Copies(folder, Quick(), cache_bytes=3 * SIZE, min_free_bytes=SIZE)
    for number in (1, 2):
        await use(copies, Away(number))
        _age(copies, Away(number), seconds=100 - number)
    usage = shutil.disk_usage(folder)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=SIZE // 2))
    await copies.sweep()
    assert there(folder) == {"2"}


async def test_what_a_crash_left_half_deleted_goes(copies: Copies, folder: Path) -> None:
    await use(copies, Away())
    (folder / "x.mp4.gone").write_bytes(b"x")
    await copies.sweep()
    assert there(folder) == {"0"}


async def test_forgotten_unless_it_is_used(copies: Copies, folder: Path) -> None:
    away = Away()
    async with copies.use(away.wanted, away.fetch):
        copies.forget(away.wanted.sha256)
        assert there(folder) == {"0"}
    copies.forget(away.wanted.sha256)
    assert there(folder) == set()


async def test_what_is_here_already_becomes_the_copy(
    copies: Copies, folder: Path, tmp_path: Path
) -> None:
    away, path = Away(1), tmp_path / "made.mp4"
    path.write_bytes(away.content)
    _begin(folder, away, away.content[:300])
    await copies.adopt(away.wanted, path)
    # The same bytes, not twice as many; they stay when their first name goes.
    [copy] = await asyncio.to_thread(lambda: [*folder.iterdir()])
    assert copy.samefile(path)
    path.unlink()
    await use(copies, away)
    async with copies.borrow(away.wanted) as found:
        assert found is not None
        assert found.read_bytes() == away.content
    assert away.asked == []


async def test_what_becomes_a_copy_keeps_to_the_limit(
    copies: Copies, folder: Path, tmp_path: Path
) -> None:
    for number in range(5):
        away, path = Away(number), tmp_path / f"{number}.mp4"
        path.write_bytes(away.content)
        await copies.adopt(away.wanted, path)
        _age(copies, away, seconds=100 - number)
    assert there(folder) == {"2", "3", "4"}

    large, path = Away(7, size=4 * SIZE), tmp_path / "large.mp4"
    path.write_bytes(large.content)
    await copies.adopt(large.wanted, path)
    await copies.adopt(Away(9).wanted, tmp_path / "gone.mp4")
    assert there(folder) == {"2", "3", "4"}

    narrow, small = Copies(folder, Quick(), cache_bytes=3 * SIZE, min_free_bytes=2**62), Away(8)
    path.write_bytes(small.content)
    await narrow.adopt(small.wanted, path)
    assert "8" not in there(folder)


async def test_what_is_borrowed_stays_and_nothing_is_fetched(copies: Copies, folder: Path) -> None:
    away = Away()
    async with copies.borrow(away.wanted) as found:
        assert found is None
    await use(copies, away)
    async with copies.borrow(away.wanted) as found:
        copies.forget(away.wanted.sha256)
        assert found is not None
        assert found.read_bytes() == away.content
    assert away.asked == [0]
    assert there(folder) == {"0"}
