from __future__ import annotations

import asyncio
import resource
import threading
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import pytest

from core.errors import SourceError
from core.media import spool as spooling
from core.media.spool import (
    PIECE_BYTES,
    DiskFullError,
    Spool,
    SpoolFailedError,
    SpoolResetError,
    read_span,
)
from tests.media_kit import digest, noise

SIZE = 3 * PIECE_BYTES + 1000
DATA = noise(SIZE)


@pytest.fixture
async def spool(tmp_path: Path) -> AsyncIterator[Spool]:
    spool = Spool(tmp_path / "post-1.video")
    spool.open()
    yield spool
    spool.close()


async def read_all(spool: Spool, start: int = 0, end: int = SIZE) -> bytes:
    return b"".join([piece async for piece in read_span(spool, start, end)])


async def write_all(spool: Spool, data: bytes = DATA, step: int = 100_000) -> None:
    spool.announce(len(data))
    for offset in range(0, len(data), step):
        await spool.write(data[offset : offset + step])
        await asyncio.sleep(0)
    spool.finish()


async def test_digest_is_known_when_the_last_byte_is_there(spool: Spool) -> None:
    await write_all(spool)

    assert spool.complete
    assert spool.sha256 == digest(DATA)
    assert await spool.digest() == digest(DATA)


async def test_reader_that_began_before_the_first_byte_gets_all(spool: Spool) -> None:
    async with asyncio.TaskGroup() as group:
        reading = group.create_task(read_all(spool))
        await asyncio.sleep(0)
        assert spool.watermark == 0
        await write_all(spool)

    assert reading.result() == DATA


async def test_reader_that_comes_in_the_middle_gets_all(spool: Spool) -> None:
    spool.announce(SIZE)
    await spool.write(DATA[:300_000])
    async with asyncio.TaskGroup() as group:
        reading = group.create_task(read_all(spool))
        await asyncio.sleep(0)
        await spool.write(DATA[300_000:])
        spool.finish()

    assert reading.result() == DATA


async def test_reader_that_comes_after_the_end_gets_its_span(spool: Spool) -> None:
    await write_all(spool)

    assert await read_all(spool, 5, SIZE - 7) == DATA[5 : SIZE - 7]


async def test_fifty_readers_follow_one_producer(spool: Spool) -> None:
    async with asyncio.TaskGroup() as group:
        readings = [group.create_task(read_all(spool, start)) for start in range(50)]
        await write_all(spool, step=30_000)

    assert [reading.result() for reading in readings] == [DATA[start:] for start in range(50)]


async def test_cancelled_reader_disturbs_nobody(spool: Spool) -> None:
    async with asyncio.TaskGroup() as group:
        one = group.create_task(read_all(spool))
        other = group.create_task(read_all(spool))
        await asyncio.sleep(0)
        one.cancel()
        await write_all(spool)

    assert one.cancelled()
    assert other.result() == DATA


async def test_pieces_are_small_and_cover_the_span(spool: Spool) -> None:
    await write_all(spool)

    sizes = [len(piece) async for piece in read_span(spool, 0, SIZE)]

    assert max(sizes) <= PIECE_BYTES
    assert sum(sizes) == SIZE


@pytest.mark.parametrize("is_size_known", [True, False])
async def test_last_piece_is_held_until_the_gate_opens(
    spool: Spool, *, is_size_known: bool
) -> None:
    opened, asked = asyncio.Event(), asyncio.Event()
    got = bytearray()

    async def gate() -> None:
        asked.set()
        await opened.wait()

    async def read() -> None:
        async for piece in read_span(spool, 0, SIZE, gate=gate):
            got.extend(piece)

    if is_size_known:
        spool.announce(SIZE)
    async with asyncio.TaskGroup() as group:
        group.create_task(read())
        await spool.write(DATA)
        spool.finish()
        await asked.wait()
        assert bytes(got) == DATA[: SIZE - PIECE_BYTES]
        opened.set()

    assert bytes(got) == DATA


async def test_only_the_end_of_the_file_is_held_not_that_of_a_part(spool: Spool) -> None:
    await write_all(spool)

    async def gate() -> None:
        raise AssertionError("asked too early")

    reading = read_span(spool, 0, SIZE - PIECE_BYTES, gate=gate)
    assert b"".join([piece async for piece in reading]) == DATA[: SIZE - PIECE_BYTES]


async def test_file_smaller_than_a_piece_is_held_whole(spool: Spool) -> None:
    await write_all(spool, b"tiny")

    async def gate() -> None:
        raise SourceError(key="refused", retry=False)

    with pytest.raises(SourceError):
        await anext(read_span(spool, 0, 4, gate=gate))


async def test_counts_a_piece_only_when_the_next_is_asked_for(spool: Spool) -> None:
    await write_all(spool)
    sent: list[int] = []
    async with aclosing(read_span(spool, 0, SIZE, on_sent=sent.append)) as reading:
        first = await anext(reading)
        assert sent == []
        await anext(reading)

    assert sent == [len(first)]


async def test_resume_keeps_what_is_on_disk(tmp_path: Path) -> None:
    path = tmp_path / "post-1.video"
    path.write_bytes(DATA[:700_000])
    spool = Spool(path)
    spool.open()
    spool.announce(SIZE)

    assert await spool.resume() == 700_000
    assert spool.watermark == 700_000
    await spool.write(DATA[700_000:])
    spool.finish()

    assert spool.sha256 == digest(DATA)
    assert path.read_bytes() == DATA
    spool.close()


async def test_resume_throws_away_more_than_there_should_be(tmp_path: Path) -> None:
    path = tmp_path / "post-1.video"
    path.write_bytes(DATA)
    spool = Spool(path)
    spool.open()
    spool.announce(100)

    assert await spool.resume() == 0
    assert path.stat().st_size == 0
    spool.close()


async def test_changed_source_resets_readers(spool: Spool) -> None:
    reading = read_span(spool, 0, SIZE)
    spool.announce(SIZE)
    await spool.write(DATA[:PIECE_BYTES])
    assert await anext(reading) == DATA[:PIECE_BYTES]

    spool.reset()
    await write_all(spool)

    with pytest.raises(SpoolResetError):
        await anext(reading)
    assert await read_all(spool) == DATA


async def test_failure_reaches_who_waits_but_not_who_can_read(spool: Spool) -> None:
    spool.announce(SIZE)
    await spool.write(DATA[:PIECE_BYTES])
    reading = read_span(spool, 0, SIZE)
    spool.fail(SourceError(key="source_gone", retry=False))

    assert await anext(reading) == DATA[:PIECE_BYTES]
    with pytest.raises(SpoolFailedError) as caught:
        await anext(reading)
    assert isinstance(caught.value.cause, SourceError)


async def test_waiting_reader_hears_of_a_failure(spool: Spool) -> None:
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(_outcome(spool))
        await asyncio.sleep(0)
        spool.fail(SourceError(key="source_gone", retry=False))

    assert isinstance(waiting.result(), SpoolFailedError)


async def _outcome(spool: Spool) -> Exception | None:
    try:
        await spool.wait_for(0)
    except SpoolFailedError as error:
        return error
    return None


async def test_resume_clears_a_failure(spool: Spool) -> None:
    spool.fail(SourceError(key="source_gone", retry=True))
    await spool.resume()
    await write_all(spool)

    assert await read_all(spool) == DATA


async def test_finish_refuses_a_truncated_file(spool: Spool) -> None:
    spool.announce(SIZE)
    await spool.write(DATA[:-1])

    with pytest.raises(SourceError, match="source_truncated"):
        spool.finish()
    assert not spool.complete


async def test_full_disk_is_told_and_the_chunk_can_be_written_again(spool: Spool) -> None:
    spool.announce(SIZE)
    await spool.write(DATA[:200_000])
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (250_000, hard))
    try:
        with pytest.raises(DiskFullError):
            await spool.write(DATA[200_000:])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert spool.watermark == 200_000

    await spool.write(DATA[200_000:])
    spool.finish()

    assert spool.sha256 == digest(DATA)
    assert spool.path.read_bytes() == DATA


async def test_space_that_must_stay_free_stops_the_writing(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "post-1.video", room=lambda: -5)
    spool.open()
    spool.announce(100)

    with pytest.raises(DiskFullError) as caught:
        await spool.write(b"x" * 100)
    assert caught.value.needed_bytes == 105
    spool.close()


async def test_cancelled_write_leaves_digest_and_watermark_in_step(spool: Spool) -> None:
    spool.announce(SIZE)
    async with asyncio.TaskGroup() as group:
        writing = group.create_task(spool.write(DATA[:500_000]))
        await asyncio.sleep(0)
        writing.cancel()

    await spool.write(DATA[spool.watermark :])
    spool.finish()
    assert spool.sha256 == digest(DATA)


async def test_file_in_place_is_complete_at_once_and_digested_on_demand(tmp_path: Path) -> None:
    path = tmp_path / "mine.mp4"
    path.write_bytes(DATA)
    spool = Spool(path, in_place=True)
    spool.open()
    spool.adopt(size=SIZE)

    assert await read_all(spool) == DATA
    assert spool.sha256 == ""
    assert await spool.digest() == digest(DATA)
    spool.close()


async def test_file_in_place_that_shrinks_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "mine.mp4"
    path.write_bytes(DATA)
    spool = Spool(path, in_place=True)
    spool.open()
    spool.adopt(size=SIZE)
    path.write_bytes(DATA[:10])

    with pytest.raises(SourceError, match="source_truncated"):
        await read_all(spool)
    spool.close()


async def test_own_file_gives_way_to_one_in_place(spool: Spool, tmp_path: Path) -> None:
    own, path = spool.path, tmp_path / "server.mp4"
    path.write_bytes(DATA)
    spool.adopt_path(path)

    assert await read_all(spool) == DATA
    assert not own.exists()


async def test_file_outside_the_page_cache_is_read_in_a_thread(
    spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    await write_all(spool)
    asked: list[int] = []

    def is_cached(self: Spool, offset: int) -> bool:
        asked.append(offset)
        return False

    monkeypatch.setattr(Spool, "_is_cached", is_cached)

    assert await read_all(spool) == DATA
    assert asked


async def test_a_disk_that_lags_is_written_to_by_threads(
    spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[bool] = []
    append = Spool._append

    def watched(self: Spool, chunk: bytes) -> None:
        threads.append(threading.current_thread() is not threading.main_thread())
        append(self, chunk)

    monkeypatch.setattr(Spool, "_append", watched)
    monkeypatch.setattr(spooling, "SLOW_SECONDS", -1.0)
    monkeypatch.setattr(spooling, "THREADED_WRITES", 2)
    await write_all(spool, DATA, step=SIZE // 4)

    assert threads == [False, True, True, False]
    assert spool.sha256 == digest(DATA)


async def test_content_that_was_not_promised_does_not_become_whole(spool: Spool) -> None:
    spool.announce(SIZE)
    await spool.write(DATA)
    with pytest.raises(SourceError, match="source_damaged"):
        spool.finish(digest(b"other"))

    assert not spool.complete
    spool.finish(digest(DATA))
    assert spool.complete
