from __future__ import annotations

import asyncio
import contextlib
import io
import socket
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.sandbox_echo import CUT, MIB, Echo, Remote, port_of
from utils.sandbox import rates
from utils.sandbox.server import (
    Faults,
    Sandbox,
    SandboxOptions,
)


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    timeout = aiohttp.ClientTimeout(total=20)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        yield session


@pytest.fixture
async def remote(http: aiohttp.ClientSession) -> AsyncIterator[Remote]:
    async with Sandbox(SandboxOptions(), [Echo]) as sandbox:
        yield Remote(sandbox, http)


# Failures on command


async def fault(remote: Remote, action: str, step: str = "*", **names: Any) -> None:
    body = {"service": "telegram", "step": step, "action": action, **names}
    await remote.control("POST", "faults", body)


@pytest.mark.parametrize("after_bytes", [None, 300_000, 5_000_000])
async def test_reset_cuts_the_connection(remote: Remote, after_bytes: int | None) -> None:
    names = {} if after_bytes is None else {"after_bytes": after_bytes}
    await fault(remote, "reset", "part", **names)

    with pytest.raises(CUT):
        await remote.put("a", bytes(MIB))

    (row,) = await remote.journal()
    assert (row["status"], row["fault"]) == (None, "reset")
    assert row["body_size"] == min(MIB, after_bytes or 0)
    assert remote.sandbox.blob("a").size == min(MIB, after_bytes or 0)


async def test_reset_after_bytes_hits_small_bodies_too(remote: Remote) -> None:
    await fault(remote, "reset", after_bytes=3)
    with pytest.raises(CUT):
        await remote.echo({"text": "hello"})
    (row,) = await remote.journal()
    assert (row["status"], row["fault"]) == (None, "reset")


async def test_step_can_depend_on_a_small_body(remote: Remote) -> None:
    await fault(remote, "status", "say.bye", status=500)
    assert await remote.echo({"say": "hello"}) == (200, {"say": "hello"})
    assert (await remote.echo({"say": "bye"}))[0] == 500
    assert [row["status"] for row in await remote.journal(step="say.bye")] == [500]


@pytest.mark.parametrize("after_bytes", [0, 300_000])
async def test_stall_goes_on_when_failures_are_called_off(
    remote: Remote, after_bytes: int
) -> None:
    await fault(remote, "stall", "part", after_bytes=after_bytes)
    async with asyncio.TaskGroup() as tasks:
        upload = tasks.create_task(remote.put("a", bytes(MIB)))
        await _until(lambda: _stalled_at(remote, after_bytes))
        assert not upload.done()
        await remote.control("DELETE", "faults")

    assert upload.result()["received"] == MIB


async def test_stall_ends_by_itself(remote: Remote) -> None:
    await fault(remote, "stall", seconds=0.05)
    assert await remote.echo(1) == (200, 1)


async def test_stop_does_not_wait_for_a_stalled_request(http: aiohttp.ClientSession) -> None:
    sandbox = Sandbox(SandboxOptions(), [Echo])
    await sandbox.start()
    remote = Remote(sandbox, http)
    await fault(remote, "stall")
    async with asyncio.TaskGroup() as tasks:
        cut = tasks.create_task(_is_cut(remote))
        await _until(lambda: _journalled(sandbox))
        async with asyncio.timeout(5):
            await sandbox.stop()
    assert cut.result()


async def test_status_is_answered_instead_of_the_handler(remote: Remote) -> None:
    await fault(
        remote, "status", status=503, body={"busy": True}, headers={"Retry-After": "7"}, times=2
    )
    for _ in range(2):
        async with remote.http.put(
            f"{remote.address}/blob/a", data=io.BytesIO(bytes(MIB))
        ) as answer:
            assert (answer.status, answer.headers["Retry-After"]) == (503, "7")
            assert await answer.json() == {"busy": True}

    assert remote.sandbox.blob("a").size == 0
    assert await remote.echo(1) == (200, 1)


async def test_status_without_a_body_has_the_shape_of_the_service(remote: Remote) -> None:
    await fault(remote, "status", status=500)
    status, body = await remote.echo(1)
    assert status == 500
    assert "echo_error" in body


async def test_status_can_come_after_the_work_is_done(remote: Remote) -> None:
    await fault(remote, "status", status=502, after_handler=True, body="bad gateway")
    async with remote.http.put(f"{remote.address}/blob/a", data=b"123") as answer:
        assert (answer.status, await answer.text()) == (502, "bad gateway")
    assert remote.sandbox.blob("a").size == 3


async def test_dropped_answer_leaves_the_work_done(remote: Remote) -> None:
    await fault(remote, "drop_answer", "part")
    with pytest.raises(CUT):
        await remote.put("a", b"123")
    assert remote.sandbox.blob("a").size == 3
    (row,) = await remote.journal()
    assert (row["status"], row["fault"]) == (None, "drop_answer")


async def test_truncated_answer_keeps_its_announced_length(remote: Remote) -> None:
    await fault(remote, "truncate")
    with pytest.raises(CUT):
        await remote.echo({"text": "x" * 1000})


async def test_truncated_file_ends_in_the_middle(remote: Remote, tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes(bytes(MIB))
    await fault(remote, "truncate")
    assert len(await download(remote, path)) == MIB // 2


async def test_delayed_answer_comes_late(remote: Remote) -> None:
    await fault(remote, "delay", seconds=0.2)
    begun = time.monotonic()
    await remote.echo(1)
    assert time.monotonic() - begun >= 0.2


async def test_slow_request_alone_is_slow(remote: Remote) -> None:
    await fault(remote, "slow", "part", rate=500_000)
    begun = time.monotonic()
    await remote.put("a", bytes(150_000))
    slow = time.monotonic() - begun
    await remote.put("b", bytes(150_000))

    assert 0.25 < slow < 1
    assert time.monotonic() - begun - slow < 0.2


async def test_slow_requests_can_be_several(remote: Remote) -> None:
    await fault(remote, "slow", "part", rate=1_000_000, times=2)
    for key in "abc":
        await remote.put(key, bytes(100_000))
    rows = await remote.journal()
    assert [row["fault"] for row in rows] == ["slow", "slow", None]


async def download(remote: Remote, path: Path) -> bytearray:
    """Return what comes, and stop where the connection breaks."""
    received = bytearray()
    with contextlib.suppress(*CUT):
        async with remote.http.get(f"{remote.address}/file", params={"path": str(path)}) as got:
            async for piece in got.content.iter_any():
                received.extend(piece)
    return received


async def test_download_is_reset_within_the_answer(remote: Remote, tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes(bytes(MIB))
    await fault(remote, "reset", "file", after_bytes=700_001)
    reader, writer = await asyncio.open_connection("127.0.0.1", port_of(remote.address))
    writer.write(f"GET /file?path={path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    async with asyncio.timeout(5):
        answer = await reader.read()
    writer.close()
    assert len(answer.partition(b"\r\n\r\n")[2]) == 700_001
    assert (await remote.journal())[0]["status"] is None


async def test_download_stalls_within_the_answer(remote: Remote, tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes(bytes(MIB))
    await fault(remote, "stall", "file", after_bytes=700_001, seconds=0.2)
    begun = time.monotonic()
    assert len(await download(remote, path)) == MIB
    assert time.monotonic() - begun >= 0.2


async def test_dropped_answer_of_a_download_sends_nothing(remote: Remote, tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes(bytes(MIB))
    await fault(remote, "drop_answer", times=2)  # the client asks twice by itself
    assert len(await download(remote, path)) == 0


async def test_head_of_a_file_has_no_body(remote: Remote, tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes(bytes(1000))
    async with remote.http.head(f"{remote.address}/file", params={"path": str(path)}) as answer:
        assert (answer.headers["Content-Length"], await answer.read()) == ("1000", b"")


async def test_latency_comes_before_each_answer(remote: Remote) -> None:
    remote.sandbox.options.latency_seconds = 0.1
    begun = time.monotonic()
    await remote.echo(1)
    assert 0.1 <= time.monotonic() - begun < 1


async def test_fault_counts_matching_requests_from_now_on(remote: Remote) -> None:
    await fault(remote, "status", "echo", status=500, nth=2, times=2)
    await remote.put("a", b"1")

    statuses = [(await remote.echo(n))[0] for n in range(4)]

    assert statuses == [200, 500, 500, 200]
    assert await remote.control("GET", "faults") == []


async def test_fault_reaches_a_step_by_its_other_name(remote: Remote) -> None:
    await fault(remote, "status", "piece", status=500)
    async with remote.http.put(f"{remote.address}/blob/a", data=b"1") as answer:
        assert answer.status == 500


async def test_faults_of_another_service_are_left_alone(remote: Remote) -> None:
    body = {"service": "groq", "action": "reset"}
    await remote.control("POST", "faults", [body, {**body, "service": "*", "nth": 2}])
    assert await remote.echo(1) == (200, 1)
    with pytest.raises(CUT):
        await remote.echo(2)


async def test_other_actions_are_left_to_the_service() -> None:
    sandbox = Sandbox(SandboxOptions(), [])
    faults = Faults(sandbox.collection("f"))
    faults.add({"service": "youtube", "step": "begin", "action": "quota", "why": "x"})

    assert faults.fire("youtube", "begin") is None
    assert faults.take("youtube", "status", "quota") is None
    taken = faults.take("youtube", "begin", "quota")
    assert taken is not None
    assert taken.params == {"why": "x"}
    assert faults.take("youtube", "begin", "quota") is None
    await sandbox.stop()


# Rates


async def test_bucket_is_exact_over_a_long_transfer(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = FakeTime()
    monkeypatch.setattr(rates, "time", clock)
    monkeypatch.setattr(rates, "asyncio", clock)
    bucket = rates.Bucket(2_000_000)
    left = 18 * MIB
    while left:
        piece = min(left, bucket.piece)
        await bucket.take(piece)
        left -= piece
        clock.now += 0.003  # the sleeper wakes late, and works
    assert clock.now == pytest.approx(18 * MIB / 2_000_000, rel=0.01)


class FakeTime:
    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


async def test_upload_takes_as_long_as_the_rate_says(remote: Remote) -> None:
    remote.sandbox.set_rates({"telegram": {"up": 2_000_000}})
    begun = time.monotonic()
    await remote.put("a", bytes(3_000_000))
    assert time.monotonic() - begun == pytest.approx(1.5, rel=0.06)


async def test_parallel_uploads_share_the_link_evenly(remote: Remote) -> None:
    remote.sandbox.set_rates({"*": {"up": 2_000_000}})
    begun = time.monotonic()
    ends: list[float] = []

    async def upload(key: str) -> None:
        await remote.put(key, bytes(1_000_000))
        ends.append(time.monotonic() - begun)

    async with asyncio.TaskGroup() as tasks:
        for key in "abc":
            tasks.create_task(upload(key))

    assert min(ends) == pytest.approx(1.5, rel=0.15)
    assert max(ends) == pytest.approx(1.5, rel=0.1)


async def test_download_takes_as_long_as_the_rate_says(remote: Remote, tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes(bytes(1_000_000))
    remote.sandbox.set_rates({"telegram": {"down": 2_000_000}})
    begun = time.monotonic()
    async with remote.http.get(f"{remote.address}/file", params={"path": str(path)}) as answer:
        assert len(await answer.read()) == 1_000_000
    assert time.monotonic() - begun == pytest.approx(0.5, rel=0.15)


async def test_slowed_reader_holds_the_sender_back(remote: Remote) -> None:
    remote.sandbox.set_rates({"telegram": {"up": 50_000}})
    connection = socket.create_connection(("127.0.0.1", port_of(remote.address)))
    connection.setblocking(False)
    loop = asyncio.get_running_loop()
    head = b"PUT /blob/a HTTP/1.1\r\nHost: x\r\nContent-Length: 99000000\r\n\r\n"
    await loop.sock_sendall(connection, head)
    sent = 0
    with connection:
        while True:
            try:
                async with asyncio.timeout(0.3):
                    await loop.sock_sendall(connection, bytes(65_536))
            except TimeoutError:
                break
            sent += 65_536
    assert 0 < sent < 6 * MIB


async def test_rate_is_lifted_by_null(remote: Remote) -> None:
    await remote.control("POST", "rates", {"telegram": {"up": 1000, "down": 5}})
    assert await remote.control("POST", "rates", {"telegram": {"up": None}}) == {
        "telegram": {"down": 5.0}
    }
    assert (await remote.put("a", bytes(MIB)))["received"] == MIB


async def test_part_of_a_file_is_sent_as_such(remote: Remote, tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes(b"0123456789")
    query = {"path": str(path), "start": "2", "end": "5"}
    async with remote.http.get(f"{remote.address}/file", params=query) as answer:
        assert (answer.status, await answer.read()) == (206, b"234")
        assert answer.headers["Content-Range"] == "bytes 2-4/10"
        assert answer.content_type == "video/mp4"


def _stalled_at(remote: Remote, size: int) -> bool:
    rows = remote.sandbox.journal.rows()
    return bool(rows) and (remote.sandbox.blob("a").size == size)


def _journalled(sandbox: Sandbox) -> bool:
    return bool(sandbox.journal.rows())


async def _is_cut(remote: Remote) -> bool:
    with pytest.raises(CUT):
        await remote.echo(1)
    return True


async def _until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - the other side tells nobody
            await asyncio.sleep(0.005)
