from __future__ import annotations

import asyncio
import hashlib
import json
import os
import signal
import socket
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.google_remote import CHUNK, METADATA, pieces
from utils.sandbox.google_accounts import DEMO_ACCESS_TOKEN
from utils.sandbox.server import PORT_ORDER

ROOT = Path(__file__).parents[2]


@asynccontextmanager
async def running(*arguments: str) -> AsyncIterator[tuple[Process, dict[str, Any]]]:
    """Start the stand-ins as a process and yield it with the line that it prints."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "utils.sandbox", *arguments),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(30):
            line = await process.stdout.readline()
        yield process, json.loads(line)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    headers = {"Authorization": f"Bearer {DEMO_ACCESS_TOKEN}"}
    timeout = aiohttp.ClientTimeout(total=20)
    async with aiohttp.ClientSession(headers=headers, timeout=timeout) as session:
        yield session


async def begin(http: aiohttp.ClientSession, address: str, size: int) -> str:
    async with http.post(
        f"{address}/upload/youtube/v3/videos",
        params={"uploadType": "resumable", "part": "snippet,status"},
        json=METADATA,
        headers={"X-Upload-Content-Length": str(size)},
    ) as answer:
        assert answer.status == 200
        return answer.headers["Location"]


async def put(
    http: aiohttp.ClientSession, session: str, data: bytes, content_range: str
) -> tuple[int, str | None]:
    headers = {"Content-Range": f"bytes {content_range}", "Content-Length": str(len(data))}
    async with http.put(
        session, data=pieces(data), headers=headers, allow_redirects=False
    ) as answer:
        return answer.status, answer.headers.get("Range")


async def test_killed_process_loses_nothing_that_was_answered(
    tmp_path: Path, http: aiohttp.ClientSession
) -> None:
    data = os.urandom(3 * CHUNK)
    total = len(data)
    async with running("--data", str(tmp_path)) as (process, ready):
        addresses = ready["addresses"]
        session = await begin(http, addresses["youtube"], total)
        head, span = data[: 2 * CHUNK], f"0-{2 * CHUNK - 1}/{total}"
        assert await put(http, session, head, span) == (308, f"bytes=0-{2 * CHUNK - 1}")
        process.send_signal(signal.SIGKILL)
        await process.wait()

    async with running("--data", str(tmp_path)) as (_, ready):
        assert ready["addresses"] == addresses
        assert await put(http, session, b"", f"*/{total}") == (308, f"bytes=0-{2 * CHUNK - 1}")
        rest, span = data[2 * CHUNK :], f"{2 * CHUNK}-{total - 1}/{total}"
        assert (await put(http, session, rest, span))[0] == 200
        async with http.get(f"{addresses['control']}/_sandbox/published") as answer:
            (row,) = await answer.json()
        async with http.get(f"{addresses['control']}/_sandbox/journal") as answer:
            rows = await answer.json()

    assert row["sha256"] == hashlib.sha256(data).hexdigest()
    assert [row["step"] for row in rows] == ["begin", "part", "recover", "commit"]


async def test_fixed_ports_follow_the_base_and_a_signal_ends_all(tmp_path: Path) -> None:
    base = _free_run_of_ports(len(PORT_ORDER))
    async with running("--base-port", str(base), "--data", str(tmp_path)) as (process, ready):
        expected = {name: f"http://127.0.0.1:{base + n}" for n, name in enumerate(PORT_ORDER)}
        assert ready["addresses"] == expected
        assert ready["settings"]["endpoints"]["youtube"] == expected["youtube"]
        process.terminate()
        assert await process.wait() == 0


async def test_settings_have_an_account_on_every_platform() -> None:
    async with running("--no-keep-bytes") as (_, ready):
        accounts = ready["settings"]["accounts"]
        platforms = {account["platform"] for account in accounts}
        assert platforms == {"telegram", "youtube", "tiktok", "instagram", "facebook"}
        assert all(account["access_token"] and account["remote_id"] for account in accounts)


def _free_run_of_ports(count: int) -> int:
    for base in range(21_000, 30_000, 50):
        held: list[socket.socket] = []
        try:
            for port in range(base, base + count):
                held.append(socket.socket())
                held[-1].bind(("127.0.0.1", port))
        except OSError:
            continue
        else:
            return base
        finally:
            for listener in held:
                listener.close()
    raise AssertionError("no free ports")
