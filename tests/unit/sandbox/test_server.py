from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.sandbox_echo import Echo, Remote, digest, port_of
from utils.sandbox.server import (
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
    reader, writer = await asyncio.open_connection("127.0.0.1", port_of(remote.address))
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
        await remote.control("POST", "options", {"name": "latency_seconds", "value": 0.01})

    async with Sandbox(SandboxOptions(data_dir=tmp_path), [Echo]) as second:
        remote = Remote(second, http)
        assert second.addresses() == first.addresses()
        assert (await remote.put("a", b"after"))["sha256"] == digest(b"beforeafter")
        assert second.collection("x").get("k") == {"v": 1}
        assert second.collection("x").next_id() == 2
        assert second.clock.now() > time.time() + 900  # noqa: TID251 - against real time
        assert [fault.seen for fault in second.faults.pending()] == [1]
        assert second.options.switch("telegram", "strict", default=False) is True
        assert second.options.latency_seconds == 0.01
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
    await remote.control("POST", "reset")
    assert remote.sandbox.options.processing_seconds == 0.3


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
