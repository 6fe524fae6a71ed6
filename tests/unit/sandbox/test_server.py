from __future__ import annotations

import asyncio
import hashlib
import io
import json
import socket
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, ClassVar

import aiohttp
import pytest
from aiohttp import web

from utils.sandbox import rates
from utils.sandbox.server import (
    BODY_KEY,
    ClientDisconnected,
    Faults,
    Sandbox,
    SandboxOptions,
    Service,
)

MIB = 1024 * 1024
CUT = (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError)


class Echo(Service):
    """A remote without rules."""

    name: ClassVar[str] = "telegram"
    aliases: ClassVar[dict[str, str]] = {"part": "piece"}

    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__(sandbox)
        self.interrupted = asyncio.Event()
        self.begun = asyncio.Event()

    def routes(self) -> list[web.RouteDef]:
        return [
            web.put("/blob/{key}", self.put),
            web.put("/limited/{limit}", self.limited),
            web.put("/streamed", self.streamed),
            web.post("/echo", self.echo),
            web.get("/file", self.file),
            web.get("/broken", self.broken),
        ]

    def step(self, request: web.Request) -> str:
        if request.method == "PUT":
            return "part"
        said = json.loads(request.get(BODY_KEY, b"null"))
        return f"say.{said['say']}" if isinstance(said, dict) and "say" in said else "echo"

    def error(self, status: int, message: str) -> web.Response:
        return web.json_response({"echo_error": message}, status=status)

    def seed(self) -> None:
        if not len(self.sandbox.collection("echo.tokens")):
            self.sandbox.collection("echo.tokens").put("demo", {"secret": "s"})

    def settings(self) -> dict[str, Any]:
        return {"telegram": {"token": "demo"}, "accounts": [{"platform": "telegram"}]}

    async def put(self, request: web.Request) -> web.Response:
        blob = self.sandbox.blob(request.match_info["key"])
        self.begun.set()
        try:
            received = await self.sandbox.read_body(request, blob)
        except ClientDisconnected:
            self.interrupted.set()
            raise
        return web.json_response({"received": received, "sha256": blob.sha256()})

    async def limited(self, request: web.Request) -> web.Response:
        sink = bytearray()
        limit = int(request.match_info["limit"])
        received = await self.sandbox.read_body(request, sink, limit)
        return web.json_response({"received": received, "kept": len(sink)})

    async def streamed(self, request: web.Request) -> web.Response:
        sizes = [len(piece) async for piece in self.sandbox.stream_body(request)]
        return web.json_response({"received": sum(sizes)})

    async def echo(self, request: web.Request) -> web.Response:
        return web.json_response(await request.json())

    async def file(self, request: web.Request) -> web.StreamResponse:
        query = request.query
        end = int(query["end"]) if "end" in query else None
        return await self.sandbox.send_file(
            request,
            Path(query["path"]),
            content_type="video/mp4",
            start=int(query.get("start", "0")),
            end=end,
        )

    async def broken(self, _: web.Request) -> web.Response:
        raise RuntimeError("a bug of the stand-in")


class Remote:
    """The echo service under test and a client for it."""

    def __init__(self, sandbox: Sandbox, http: aiohttp.ClientSession) -> None:
        self.sandbox = sandbox
        self.http = http
        self.address = sandbox.address("telegram")
        service = sandbox.services["telegram"]
        assert isinstance(service, Echo)
        self.service = service

    async def put(self, key: str, data: bytes) -> dict[str, Any]:
        # A generator, because the client would repeat a request that was cut if it could.
        size = {"Content-Length": str(len(data))}
        address = f"{self.address}/blob/{key}"
        async with self.http.put(address, data=pieces(data), headers=size) as answer:
            assert answer.status == 200
            body: dict[str, Any] = await answer.json()
            return body

    async def echo(self, body: object) -> tuple[int, Any]:
        async with self.http.post(f"{self.address}/echo", json=body) as answer:
            return answer.status, await answer.json()

    async def control(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - JSON
        address = f"{self.address}/_sandbox/{path}"
        async with self.http.request(method, address, json=body) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def journal(self, **query: str) -> list[dict[str, Any]]:
        address = f"{self.address}/_sandbox/journal"
        async with self.http.get(address, params=query) as answer:
            rows: list[dict[str, Any]] = await answer.json()
            return rows


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    timeout = aiohttp.ClientTimeout(total=20)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        yield session


@pytest.fixture
async def remote(http: aiohttp.ClientSession) -> AsyncIterator[Remote]:
    async with Sandbox(SandboxOptions(), [Echo]) as sandbox:
        yield Remote(sandbox, http)


async def pieces(data: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(data), 65_536):
        yield data[start : start + 65_536]


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


# Reading and keeping bytes


async def test_upload_is_kept_and_digested(remote: Remote) -> None:
    data = bytes(range(256)) * 5000

    answer = await remote.put("a", data)

    assert answer == {"received": len(data), "sha256": digest(data)}
    path = remote.sandbox.blob("a").path
    assert path is not None
    assert path.read_bytes() == data


async def test_second_request_appends_and_has_its_own_digest(remote: Remote) -> None:
    await remote.put("a", b"one")
    answer = await remote.put("a", b"two")

    assert answer["sha256"] == digest(b"onetwo")
    assert [row["body_sha256"] for row in await remote.journal()] == [
        digest(b"one"),
        digest(b"two"),
    ]


async def test_sink_holds_the_limit_and_the_answer_counts_all(remote: Remote) -> None:
    async with remote.http.put(f"{remote.address}/limited/1000", data=bytes(300_000)) as answer:
        assert await answer.json() == {"received": 300_000, "kept": 1000}


async def test_streamed_body_is_journalled_with_its_digest(remote: Remote) -> None:
    data = b"x" * 300_000
    async with remote.http.put(f"{remote.address}/streamed", data=data) as answer:
        assert await answer.json() == {"received": 300_000}

    (row,) = await remote.journal()
    assert (row["body_size"], row["body_sha256"]) == (300_000, digest(data))


async def test_prefix_is_kept_when_the_client_leaves(remote: Remote) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", _port(remote.address))
    writer.write(b"PUT /blob/a HTTP/1.1\r\nHost: x\r\nContent-Length: 9000000\r\n\r\n")
    writer.write(bytes(700_001))
    await writer.drain()
    writer.close()
    await writer.wait_closed()

    async with asyncio.timeout(5):
        await remote.service.interrupted.wait()

    assert remote.sandbox.blob("a").size == 700_001
    assert reader.at_eof()
    (row,) = await remote.journal()
    assert (row["status"], row["body_size"]) == (None, 700_001)


# Blobs


@pytest.mark.parametrize("keep_bytes", [True, False])
async def test_blob_is_cut_back_to_a_border_or_a_mark(tmp_path: Path, *, keep_bytes: bool) -> None:
    sandbox = Sandbox(SandboxOptions(data_dir=tmp_path, keep_bytes=keep_bytes), [])
    data = bytes(range(250)) * 4000
    blob = sandbox.blob("a")
    blob.append(data[:100])
    blob.mark()
    blob.append(data[100:])

    blob.truncate(3 * 262_144)
    assert blob.sha256() == digest(data[: 3 * 262_144])
    blob.truncate(100)
    assert blob.sha256() == digest(data[:100])
    blob.append(data[100:])
    assert (blob.size, blob.sha256()) == (len(data), digest(data))
    await sandbox.stop()


async def test_blob_without_bytes_refuses_a_cut_it_cannot_digest() -> None:
    sandbox = Sandbox(SandboxOptions(keep_bytes=False), [])
    blob = sandbox.blob("a")
    blob.append(bytes(1000))

    with pytest.raises(ValueError, match="cannot be cut"):
        blob.truncate(500)
    assert blob.path is None
    await sandbox.stop()


# Persistence


async def test_state_survives_a_restart_on_the_same_ports(
    tmp_path: Path, http: aiohttp.ClientSession
) -> None:
    async with Sandbox(SandboxOptions(data_dir=tmp_path), [Echo]) as first:
        remote = Remote(first, http)
        await remote.put("a", b"before")
        first.collection("x").put("k", {"v": 1})
        assert first.collection("x").next_id() == 1
        await remote.control("POST", "clock", {"advance": 1000})
        fault = {"service": "telegram", "action": "delay", "nth": 5}
        await remote.control("POST", "faults", fault)
        option = {"service": "telegram", "name": "strict", "value": True}
        await remote.control("POST", "options", option)

    async with Sandbox(SandboxOptions(data_dir=tmp_path), [Echo]) as second:
        remote = Remote(second, http)
        assert second.addresses() == first.addresses()
        assert (await remote.put("a", b"after"))["sha256"] == digest(b"beforeafter")
        assert second.collection("x").get("k") == {"v": 1}
        assert second.collection("x").next_id() == 2
        assert second.clock.now() > time.time() + 900  # noqa: TID251 - against real time
        assert [fault.seen for fault in second.faults.pending()] == [1]
        assert second.options.switch("telegram", "strict", default=False) is True
        assert [row["seq"] for row in await remote.journal()] == [1, 2]


async def test_collection_keeps_the_order_of_insertion() -> None:
    sandbox = Sandbox(SandboxOptions(), [])
    rows = sandbox.collection("x")
    for key in ("b", "a", "c"):
        rows.put(key, {"n": 1})
    rows.put("b", {"n": 2})
    rows.delete("a")

    assert list(rows.items()) == [("b", {"n": 2}), ("c", {"n": 1})]
    assert rows.get("a") is None
    await sandbox.stop()


# Journal and control


async def test_journal_tells_what_was_asked_and_answered(remote: Remote) -> None:
    await remote.echo({"q": 1})

    (row,) = await remote.journal()
    assert row["seq"] == 1
    assert (row["service"], row["step"]) == ("telegram", "echo")
    assert (row["method"], row["path"]) == ("POST", "/echo")
    assert json.loads(row["body"]) == {"q": 1}
    assert row["body_sha256"] == digest(row["body"].encode())
    assert (row["status"], row["answer"], row["fault"]) == (200, {"q": 1}, None)


async def test_journal_is_filtered(remote: Remote) -> None:
    for number in range(3):
        await remote.echo(number)
    await remote.put("a", b"")

    assert [row["seq"] for row in await remote.journal(after="1", limit="2")] == [2, 3]
    assert [row["seq"] for row in await remote.journal(step="part")] == [4]
    assert await remote.journal(service="groq") == []


async def test_journal_does_not_see_control_requests(remote: Remote) -> None:
    await remote.control("GET", "published")
    assert await remote.journal() == []


async def test_published_is_shown_changed_and_taken_back(remote: Remote) -> None:
    remote.sandbox.publish(
        service="telegram",
        account="c",
        remote_id="1",
        sha256="d",
        size=7,
        text={"caption": "x"},
        visibility="public",
        url="u",
    )
    remote.sandbox.update_published("telegram", "1", visibility="private")

    (row,) = await remote.control("GET", "published")
    assert (row["account"], row["bytes"], row["visibility"]) == ("c", 7, "private")
    assert row["text"] == {"caption": "x"}
    assert row["time"] == pytest.approx(remote.sandbox.clock.now(), abs=5)
    remote.sandbox.unpublish("telegram", "1")
    assert await remote.control("GET", "published") == []


async def test_reset_forgets_all_and_seeds_again(remote: Remote) -> None:
    await remote.put("a", b"one")
    await remote.control("POST", "faults", {"service": "telegram", "action": "reset"})
    await remote.control("POST", "rates", {"telegram": {"up": 1000}})
    await remote.control("POST", "clock", {"advance": 1000})
    remote.sandbox.collection("echo.tokens").delete("demo")

    await remote.control("POST", "reset")

    assert await remote.journal() == []
    assert await remote.control("GET", "faults") == []
    assert await remote.control("GET", "rates") == {}
    assert remote.sandbox.clock.offset == 0
    assert remote.sandbox.collection("echo.tokens").get("demo") == {"secret": "s"}
    assert (await remote.put("a", b"two"))["sha256"] == digest(b"two")


async def test_control_answers_on_its_own_port_as_well(remote: Remote) -> None:
    addresses = await remote.control("GET", "addresses")
    assert set(addresses) == {"control", "telegram"}
    async with remote.http.get(f"{addresses['control']}/_sandbox/addresses") as answer:
        assert await answer.json() == addresses


async def test_settings_point_at_the_stand_ins(remote: Remote) -> None:
    settings = await remote.control("GET", "settings")
    assert settings["telegram"]["token"] == "demo"
    assert settings["accounts"] == [{"platform": "telegram"}]


async def test_general_options_change_while_running(remote: Remote) -> None:
    body = {"service": None, "name": "processing_seconds", "value": 9}
    await remote.control("POST", "options", body)
    assert remote.sandbox.options.processing_seconds == 9


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("faults", {"service": "telegram"}),
        ("faults", {"service": "telegram", "action": "reset", "nth": 0}),
        ("faults", ["reset"]),
        ("rates", {"telegram": {"up": 0}}),
        ("rates", {"telegram": {"sideways": 1}}),
        ("rates", []),
        ("clock", {"advance": "soon"}),
        ("options", {"name": "x"}),
        ("options", {"name": "no_such_option", "value": 1}),
    ],
)
async def test_control_refuses_what_makes_no_sense(
    remote: Remote, path: str, body: object
) -> None:
    async with remote.http.post(f"{remote.address}/_sandbox/{path}", json=body) as answer:
        assert answer.status == 400
        assert (await answer.json())["error"]


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/none", 404), ("DELETE", "/echo", 405)]
)
async def test_generic_errors_have_the_shape_of_the_service(
    remote: Remote, method: str, path: str, status: int
) -> None:
    async with remote.http.request(method, remote.address + path) as answer:
        assert answer.status == status
        assert "echo_error" in await answer.json()


async def test_bug_of_a_handler_is_answered_and_logged(
    remote: Remote, caplog: pytest.LogCaptureFixture
) -> None:
    async with remote.http.get(f"{remote.address}/broken") as answer:
        assert (answer.status, await answer.json()) == (
            500,
            {"echo_error": "RuntimeError in the stand-in"},
        )
    assert "a bug of the stand-in" in caplog.text


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
    received = bytearray()

    async def download() -> None:
        async with remote.http.get(f"{remote.address}/file", params={"path": str(path)}) as got:
            async for piece in got.content.iter_any():
                received.extend(piece)

    with pytest.raises(CUT):
        await download()
    assert len(received) == MIB // 2


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
    connection = socket.create_connection(("127.0.0.1", _port(remote.address)))
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


def _port(address: str) -> int:
    return int(address.rpartition(":")[2])


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
