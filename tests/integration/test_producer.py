from __future__ import annotations

import asyncio
import base64
import hashlib
import os
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from core.errors import SourceError
from core.media.probe import NotAVideoError
from core.media.spool import DiskFullError, Spool, SpoolFailedError, SpoolResetError, read_span
from core.media.spools import Spools
from core.media.watch import Watcher
from core.posts.models import MediaFacts
from core.progress import Progress
from core.sources.base import download_session
from core.sources.file import FileSource
from core.sources.guard import Guard
from core.sources.http import HttpSource
from tests.http_kit import serve
from tests.media_kit import digest, noise, sound, video
from utils.clock import SystemClock
from workers.producer import FetchResult, FetchStoppedError, Producer

STEP = 64 * 1024


class QuickClock(SystemClock):
    """The machine's clock, but pauses between tries take no time."""

    def __init__(self) -> None:
        self.pauses: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        await asyncio.sleep(0)


class Tape:
    """A remote file; ``cuts`` breaks the connection after so many bytes of each answer."""

    def __init__(self, data: bytes, version: str = '"v1"') -> None:
        self.data = data
        self.version = version
        self.ranges = True
        self.has_size = True
        self.cuts: list[int] = []
        self.starts: list[int] = []
        self.gate: asyncio.Event | None = None
        self.promise: bytes | None = None
        """What the checksum is of that the server tells; None for no checksum."""
        self.later: dict[int, bytes] = {}
        """What the file becomes with the request of that number."""

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        self.data = self.later.get(len(self.starts), self.data)
        if_range = request.headers.get("If-Range", self.version)
        start = 0
        if self.ranges and "Range" in request.headers and if_range == self.version:
            start = int(request.headers["Range"][6:-1])
        self.starts.append(start)
        cut = self.cuts.pop(0) if self.cuts else len(self.data)
        response = web.StreamResponse(status=206 if start else 200)
        response.headers["Content-Type"] = "video/mp4"
        if self.version:
            response.headers["ETag"] = self.version
        if self.promise is not None:
            told = base64.b64encode(hashlib.sha256(self.promise).digest()).decode()
            response.headers["Repr-Digest"] = f"sha-256=:{told}:"
        total = len(self.data)
        if start:
            response.headers["Content-Range"] = f"bytes {start}-{total - 1}/{total}"
        if self.has_size:
            response.content_length = total - start
        await response.prepare(request)
        body = self.data[start : start + cut]
        for offset in range(0, len(body), STEP):
            await response.write(body[offset : offset + STEP])
            if self.gate is not None:
                await self.gate.wait()
        if cut < total - start and request.transport is not None:
            request.transport.close()
        return response


@dataclass
class Ears:
    """Keeps what the producer told."""

    versions: list[tuple[str, bool]] = field(default_factory=list)
    fetched: list[int] = field(default_factory=list)
    facts: list[tuple[MediaFacts, bool]] = field(default_factory=list)
    is_stopping: bool = False

    async def on_version(self, version: str, is_void: bool) -> None:
        self.versions.append((version, is_void))

    async def on_progress(self, fetched: int) -> None:
        self.fetched.append(fetched)

    async def on_facts(self, facts: MediaFacts, final: bool) -> None:
        self.facts.append((facts, final))

    def kwargs(self) -> dict[str, Any]:
        return {
            "on_version": self.on_version,
            "on_progress": self.on_progress,
            "on_facts": self.on_facts,
            "stopping": lambda: self.is_stopping,
        }


@dataclass
class Bench:
    """A producer, its spools and a remote."""

    tape: Tape
    source: HttpSource
    spools: Spools
    clock: QuickClock
    progress: Progress
    ears: Ears = field(default_factory=Ears)
    known_version: str = ""
    tries: int = 4

    def producer(self) -> Producer:
        return Producer(
            clock=self.clock, progress=self.progress, watcher=Watcher(), tries=self.tries
        )

    async def fetch(self, source: HttpSource | FileSource | None = None) -> FetchResult:
        self.spools.open(1)
        with self.spools.use(1) as spool:
            return await self.producer().fetch(
                1,
                source or self.source,
                spool,
                known_version=self.known_version,
                **self.ears.kwargs(),
            )


@pytest.fixture
def data() -> bytes:
    return video(seconds=20).read_bytes()


@pytest.fixture
async def bench(tmp_path: Path, data: bytes) -> AsyncIterator[Bench]:
    tape, clock = Tape(data), QuickClock()
    async with (
        serve(tape) as base,
        download_session(stall_seconds=5.0) as session,
        Spools(tmp_path / "spool") as spools,
    ):
        source = HttpSource(f"{base}/v.mp4", session=session, guard=Guard(["127.0.0.1"]))
        yield Bench(tape, source, spools, clock, Progress(clock))


async def read(spool: Spool, size: int) -> bytes:
    return b"".join([piece async for piece in read_span(spool, 0, size)])


async def test_fetches_probes_and_digests(bench: Bench, data: bytes) -> None:
    result = await bench.fetch()

    assert (result.size, result.sha256, result.version) == (len(data), digest(data), '"v1"')
    assert result.facts.duration_seconds == pytest.approx(20, abs=0.1)
    assert bench.ears.versions == [('"v1"', False)]
    assert bench.ears.fetched[-1] == len(data)
    assert bench.ears.facts[-1] == (result.facts, True)
    assert bench.spools.path(1).read_bytes() == data
    assert bench.progress.get(("post", 1)) is None


async def test_readers_send_while_it_is_fetched(bench: Bench, data: bytes) -> None:
    bench.tape.gate = asyncio.Event()
    spool = bench.spools.open(1)
    async with asyncio.TaskGroup() as group:
        fetching = group.create_task(bench.fetch())
        reading = read_span(spool, 0, len(data))
        assert await anext(reading) == data[: spool.watermark]
        assert not spool.complete
        assert spool.size == len(data)
        bench.tape.gate.set()
        rest = b"".join([piece async for piece in reading])

    assert fetching.result().size == len(data)
    assert data.endswith(rest)


async def test_broken_connections_are_resumed(bench: Bench, data: bytes) -> None:
    bench.tape.cuts = [100_000, 200_000, 300_000]

    result = await bench.fetch()

    assert result.sha256 == digest(data)
    assert bench.tape.starts[0] == 0
    assert sorted(bench.tape.starts) == bench.tape.starts
    assert bench.tape.starts[-1] > 0
    assert len(bench.clock.pauses) == 3


async def test_kill_in_the_middle_keeps_what_is_on_disk(bench: Bench, data: bytes) -> None:
    bench.tape.gate = asyncio.Event()
    spool = bench.spools.open(1)
    async with asyncio.TaskGroup() as group:
        fetching = group.create_task(bench.fetch())
        await spool.wait_for(0)
        fetching.cancel()
    kept = bench.spools.path(1).stat().st_size
    assert 0 < kept < len(data)

    bench.tape.gate.set()
    bench.known_version = '"v1"'
    async with Spools(bench.spools.path(1).parent) as bench.spools:
        result = await bench.fetch()

    assert result.sha256 == digest(data)
    assert bench.tape.starts == [0, kept]


async def test_source_that_changed_while_we_were_away_starts_over(bench: Bench) -> None:
    bench.spools.path(1).write_bytes(noise(100_000))
    bench.known_version = '"v0"'

    result = await bench.fetch()

    assert result.sha256 == digest(bench.tape.data)
    assert bench.ears.versions == [('"v1"', True)]


async def test_source_that_changes_meanwhile_resets_readers(bench: Bench, data: bytes) -> None:
    bench.tape.cuts = [300_000]
    new = video(seconds=10).read_bytes()
    spool = bench.spools.open(1)

    async def change() -> None:
        await spool.wait_for(0)
        bench.tape.data, bench.tape.version = new, '"v2"'

    async def follow() -> Exception | None:
        try:
            await read(spool, len(data))
        except SpoolResetError as error:
            return error
        return None

    async with asyncio.TaskGroup() as group:
        following = group.create_task(follow())
        group.create_task(change())
        result = await bench.fetch()

    assert result.sha256 == digest(new)
    assert isinstance(following.result(), SpoolResetError)
    assert bench.ears.versions == [('"v1"', False), ('"v2"', True)]


async def test_server_without_ranges_is_compared_with_what_is_kept(
    bench: Bench, data: bytes
) -> None:
    bench.tape.ranges = False
    bench.tape.cuts = [500_000]

    result = await bench.fetch()

    assert result.sha256 == digest(data)
    assert bench.tape.starts == [0, 0]
    assert bench.ears.versions == [('"v1"', False), ('"v1"', False)]


async def test_other_bytes_than_those_kept_start_over(bench: Bench, data: bytes) -> None:
    bench.tape.ranges = False
    bench.spools.path(1).write_bytes(noise(100_000))
    bench.known_version = '"v1"'

    result = await bench.fetch()

    assert result.sha256 == digest(data)
    assert bench.ears.versions == [('"v1"', False), ('"v1"', True)]


async def test_size_may_be_unknown(bench: Bench, data: bytes) -> None:
    bench.tape.has_size = False
    bench.tape.version = ""

    result = await bench.fetch()

    assert (result.size, result.sha256) == (len(data), digest(data))


async def test_truncated_source_is_given_up_and_readers_hear_of_it(
    bench: Bench, data: bytes
) -> None:
    bench.tape.cuts = [300_000, *[0] * 10]
    spool = bench.spools.open(1)

    async def follow() -> SpoolFailedError | None:
        try:
            await read(spool, len(data))
        except SpoolFailedError as error:
            return error
        return None

    async with asyncio.TaskGroup() as group:
        following = group.create_task(follow())
        with pytest.raises(SourceError) as caught:
            await bench.fetch()

    assert caught.value.retry
    assert len(bench.tape.starts) == bench.tries
    failure = following.result()
    assert failure is not None
    assert failure.cause is caught.value
    assert bench.spools.path(1).stat().st_size > 0


async def test_fetch_goes_on_after_it_was_given_up(bench: Bench, data: bytes) -> None:
    bench.tape.cuts = [300_000, *[0] * 4]
    with pytest.raises(SourceError):
        await bench.fetch()
    bench.tape.cuts = []

    assert (await bench.fetch()).sha256 == digest(data)
    assert bench.tape.starts[-1] > 0


async def test_failures_that_do_not_pass_are_not_repeated(
    bench: Bench, data: bytes, tmp_path: Path
) -> None:
    with pytest.raises(SourceError, match="source_gone"):
        await bench.fetch(FileSource(tmp_path / "missing.mp4"))

    assert bench.clock.pauses == []


async def test_waiting_time_of_the_source_is_kept(bench: Bench) -> None:
    answers = iter([True, False])

    class Busy(HttpSource):
        async def open(self, offset: int, *, version: str = "") -> Any:  # noqa: ANN401
            if next(answers):
                raise SourceError(key="telegram_refused", retry=True, facts={"retry_after": 40})
            return await bench.source.open(offset, version=version)

    async with aiohttp.ClientSession() as session:
        await bench.fetch(Busy("http://a", session=session, guard=Guard()))

    assert len(bench.clock.pauses) == 1
    assert 40 <= bench.clock.pauses[0] < 41


async def test_full_disk_ends_the_fetch_and_keeps_the_beginning(
    bench: Bench, data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    pwrite = os.pwrite

    def full(descriptor: int, content: memoryview, offset: int) -> int:
        if offset > 200_000:
            raise OSError(28, "No space left on device")
        return pwrite(descriptor, content, offset)

    monkeypatch.setattr(os, "pwrite", full)
    with pytest.raises(DiskFullError):
        await bench.fetch()
    monkeypatch.setattr(os, "pwrite", pwrite)
    bench.known_version = '"v1"'

    assert (await bench.fetch()).sha256 == digest(data)
    assert bench.tape.starts[-1] > 0


async def test_stop_leaves_what_is_on_disk(bench: Bench) -> None:
    bench.ears.is_stopping = True
    spool = bench.spools.open(1)

    with pytest.raises(FetchStoppedError):
        await bench.fetch()
    assert spool.error is None


async def test_no_video_is_told_before_all_of_it_was_fetched(bench: Bench) -> None:
    bench.tape.data = sound().read_bytes() + noise(50_000_000)
    bench.tape.gate = asyncio.Event()
    spool = bench.spools.open(1)

    async def release() -> None:
        await spool.wait_for(0)
        assert bench.tape.gate is not None
        bench.tape.gate.set()

    async with asyncio.TaskGroup() as group:
        group.create_task(release())
        with pytest.raises(NotAVideoError):
            await bench.fetch()


async def test_empty_source_is_told(bench: Bench) -> None:
    bench.tape.data = b""

    with pytest.raises(SourceError, match="empty_file"):
        await bench.fetch()


async def test_local_file_is_used_in_place(bench: Bench, data: bytes) -> None:
    path = video(seconds=20)
    before = path.stat()

    result = await bench.fetch(FileSource(path))

    spool = bench.spools.get(1)
    assert spool is not None
    assert spool.path == path
    assert result.sha256 == digest(data)
    assert not bench.spools.path(1).exists()
    bench.spools.retire(1)
    assert path.stat() == before


async def test_complete_file_is_not_fetched_again(bench: Bench, data: bytes) -> None:
    bench.spools.path(1).write_bytes(data)
    bench.spools.open(1, size=len(data), sha256=digest(data))

    result = await bench.fetch()

    assert result.sha256 == digest(data)
    assert bench.tape.starts == []
    assert bench.ears.facts == [(result.facts, True)]


async def test_temporary_file_goes_with_the_last_reader_also_after_an_error(
    bench: Bench,
) -> None:
    bench.tape.cuts = [0] * 10
    bench.spools.open(1)
    with bench.spools.use(1):
        with pytest.raises(SourceError):
            await bench.fetch()
        bench.spools.retire(1)
        assert bench.spools.path(1).exists()

    assert not bench.spools.path(1).exists()


async def test_memory_and_descriptors_do_not_grow_with_the_file(bench: Bench) -> None:
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - counts descriptors
    bench.tape.data = video(seconds=20).read_bytes() + noise(64 * 1024 * 1024)
    largest = 0
    spool = bench.spools.open(1)

    async def follow() -> None:
        nonlocal largest
        async for piece in _pieces(spool, len(bench.tape.data)):
            largest = max(largest, len(piece))

    async with asyncio.TaskGroup() as group:
        for _ in range(5):
            group.create_task(follow())
        await bench.fetch()

    assert largest <= 256 * 1024
    assert len(os.listdir("/proc/self/fd")) <= before + 4  # noqa: PTH208 - kept connections


async def _pieces(spool: Spool, size: int) -> AsyncGenerator[bytes, None]:
    async for piece in read_span(spool, 0, size):
        yield piece


async def test_what_was_put_together_wrongly_is_fetched_again_in_one_go(
    bench: Bench, data: bytes
) -> None:
    """The server kept its tag, but what it sends after the break is not of the same file."""
    other = data[:1000] + bytes(1) * 1000 + data[2000:]
    bench.tape.data, bench.tape.promise = other, data
    bench.tape.cuts = [300_000]
    bench.tape.later[2] = data

    result = await bench.fetch()

    assert result.sha256 == digest(data)
    assert bench.tape.starts[0] == 0
    assert bench.tape.starts[1] > 0
    assert bench.tape.starts[2] == 0


async def test_a_checksum_that_never_fits_is_told(bench: Bench) -> None:
    bench.tape.promise = b"something else"
    with pytest.raises(SourceError, match="source_damaged") as caught:
        await bench.fetch()

    assert not caught.value.retry
    assert bench.tape.starts == [0]
