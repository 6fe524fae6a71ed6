from __future__ import annotations

import asyncio
import hashlib
import random
import signal
import socket
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.terminal import SAMPLE, WAIT_SECONDS, Program, program

PLATFORMS = {"youtube", "tiktok", "instagram", "facebook", "telegram"}
UPLOAD_KEYS = {
    *("platform", "account", "state", "url", "remote_id", "bytes", "sha256", "seconds"),
    "attempts",
}


def free_port() -> int:
    """Return the first of ten free ports, somewhere else for each test that runs beside."""
    for _ in range(200):
        first = random.randrange(20_000, 32_000, 10)
        if all(_is_free(port) for port in range(first, first + 10)):
            return first
    raise AssertionError("no ten free ports in a row")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def left_folders(folder: Path) -> list[Path]:
    return list(folder.glob("karvon-demo-*"))


async def listening(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


async def until_ready(port: int, demo: Program) -> None:
    async with asyncio.timeout(WAIT_SECONDS):
        while not await listening(port + 9):
            assert demo.process.returncode is None, await demo.read()
            await asyncio.sleep(0.05)


async def published_before_the_end(port: int, demo: Program) -> list[dict[str, Any]]:
    """Return what was live when the stand-ins were seen last."""
    rows: list[dict[str, Any]] = []
    async with httpx.AsyncClient() as client:
        while demo.process.returncode is None:
            try:
                answer = await client.get(f"http://127.0.0.1:{port}/_sandbox/published")
                rows = answer.json()
            except httpx.HTTPError:
                pass
            await asyncio.sleep(0.1)
    return rows


@pytest.mark.slow
async def test_once_ends_with_one_object_and_all_live(tmp_path: Path) -> None:
    port = free_port()
    video = tmp_path / "my video.mp4"
    video.write_bytes(SAMPLE.read_bytes() + (16).to_bytes(4, "big") + b"freeour own")
    words = ["demo", "--once", "--json", "--video", str(video), "--caption", "Our own #clip"]
    async with program(tmp_path, *words, "--port", str(port)) as demo:
        rows = await published_before_the_end(port, demo)
        said = await demo.read()
    assert said.code == 0, said.err
    assert said.out.count("\n") == 1
    told = said.json
    assert set(told) == {"post_id", "state", "uploads", "wall_seconds"}
    assert told["state"] == "done"
    assert {upload["platform"] for upload in told["uploads"]} == PLATFORMS
    digest = hashlib.sha256(video.read_bytes()).hexdigest()
    for upload in told["uploads"]:
        assert set(upload) == UPLOAD_KEYS
        assert (upload["state"], upload["sha256"]) == ("live", digest)
        assert upload["bytes"] == video.stat().st_size
        assert upload["attempts"] == 1
        assert upload["url"]
        assert upload["remote_id"]
    assert {row["service"] for row in rows if row["sha256"] == digest} == PLATFORMS
    assert told["wall_seconds"] < 20


@pytest.mark.slow
async def test_a_real_setup_plays_no_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KARVON_DATA_DIR", str(tmp_path / "real"))
    monkeypatch.setenv("KARVON_TELEGRAM__TOKEN", "1234567:real")
    (tmp_path / "config.py").write_text("APP_CONFIG = {'mode': 'nonsense'}")
    async with program(tmp_path, "demo", "--once", "--caption", "Words\nto: youtube") as demo:
        said = await demo.read()
    assert said.code == 0, said.err
    assert said.out.startswith("youtube (Demo channel): live https://")
    assert not (tmp_path / "real").exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("caption", "part"),
    [
        ("Words\nto: vimeo", "I know no target vimeo"),
        ("to: youtube", "What is this video about?"),
        ("Words\nat: tomorrow 9:00", "leave out `at:`"),
    ],
)
async def test_a_caption_that_goes_nowhere_ends_with_one_line(
    tmp_path: Path, caption: str, part: str
) -> None:
    async with program(tmp_path, "demo", "--once", "--caption", caption) as demo:
        said = await demo.read()
    assert said.code == 2
    assert part in said.line


async def test_ports_in_use_are_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        async with program(tmp_path, "demo", "--once", "--port", str(min(port, 65_000))) as demo:
            said = await demo.read()
    assert said.code == 2
    assert "did not start" in said.line


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "number"),
    [
        (["demo", "--once"], signal.SIGINT),
        (["demo", "--once"], signal.SIGTERM),
        (["demo", "--once"], signal.SIGKILL),
        (["demo"], signal.SIGINT),
        (["demo"], signal.SIGTERM),
    ],
)
async def test_however_it_ends_no_process_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], number: signal.Signals
) -> None:
    port = free_port()
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    async with program(tmp_path, *words, "--port", str(port)) as demo:
        await until_ready(port, demo)
        code = await demo.stop(number)
        said = await demo.read()
        assert code in ({0, 130} if number is not signal.SIGKILL else {-number})
        assert "Traceback" not in said.err
        async with asyncio.timeout(WAIT_SECONDS):
            while await listening(port):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
    if number is not signal.SIGKILL:
        assert left_folders(tmp_path) == []
