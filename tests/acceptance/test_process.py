from __future__ import annotations

import asyncio
import json
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.control import ask_running
from core.settings import Settings, fixed_settings
from tests.acceptance.system import make_video
from tests.terminal import SAMPLE, WAIT_SECONDS, Program, program, stand_ins
from utils.sandbox.server import Sandbox

MIB = 1024 * 1024


@pytest.fixture
async def remotes() -> AsyncIterator[Sandbox]:
    async with stand_ins() as sandbox:
        yield sandbox


@pytest.fixture
def settings(remotes: Sandbox, tmp_path: Path) -> Settings:
    """Write a ``config.py`` and return what it says."""
    values = {
        **remotes.settings(),
        "data_dir": str(tmp_path / "data"),
        "min_free_disk": 0,
        "uploads": {"retry_seconds": 0.2, "retry_max_seconds": 1},
        "debug": True,
    }
    (tmp_path / "config.py").write_text(f"APP_CONFIG = {values!r}\n")
    return fixed_settings(values)


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Look again and again: the other process tells nobody when something changes."""
    async with asyncio.timeout(WAIT_SECONDS):
        while not await holds():  # noqa: ASYNC110
            await asyncio.sleep(0.03)


async def until_running(settings: Settings, run: Program) -> None:
    async def answers() -> bool:
        assert run.process.returncode is None, await run.read()
        return await ask_running(settings, {"command": "ping"}) is not None

    await until(answers)


async def until_polling(remotes: Sandbox) -> None:
    async def polls() -> bool:
        return bool(remotes.journal.rows(service="telegram", step="getUpdates"))

    await until(polls)


async def phone_send(remotes: Sandbox, path: Path, caption: str) -> None:
    base = remotes.address("telegram")
    data = {"path": str(path), "kind": "video", "user_id": "1001", "caption": caption}
    async with httpx.AsyncClient() as client:
        answer = await client.post(f"{base}/_phone/send", data=data)
    answer.raise_for_status()


async def said_in_chat(remotes: Sandbox) -> str:
    base = remotes.address("telegram")
    async with httpx.AsyncClient() as client:
        answer = await client.get(f"{base}/_phone/messages", params={"chat_id": 1001})
    return answer.text


async def report(settings: Settings, post_id: int = 1) -> dict[str, Any]:
    answers = await ask_running(settings, {"command": "post", "post_id": post_id})
    return answers[-1] if answers else {}


async def until_state(settings: Settings, state: str, post_id: int = 1) -> dict[str, Any]:
    told: dict[str, Any] = {}

    async def is_so() -> bool:
        nonlocal told
        told = await report(settings, post_id)
        return bool(told.get("state") == state)

    try:
        await until(is_so)
    except TimeoutError:
        raise AssertionError(told) from None
    return told


async def test_an_idle_process_leaves_within_two_seconds(
    settings: Settings, remotes: Sandbox, tmp_path: Path
) -> None:
    async with program(tmp_path, "run") as run:
        await until_running(settings, run)
        await until_polling(remotes)
        asked_at = time.monotonic()
        assert await run.stop() == 0
        assert time.monotonic() - asked_at <= 2.0
    assert not (settings.data_dir / "control.sock").exists()


async def test_ctrl_c_leaves_without_a_traceback(settings: Settings, tmp_path: Path) -> None:
    async with program(tmp_path, "worker") as run:
        await until_running(settings, run)
        run.process.send_signal(signal.SIGINT)
        said = await run.read()
    assert said.code == 0
    assert "Traceback" not in said.err


async def test_a_second_process_names_the_first_and_leaves_with_2(
    settings: Settings, tmp_path: Path
) -> None:
    async with program(tmp_path, "worker") as first:
        await until_running(settings, first)
        for command in (["run"], ["worker"], ["migrate"], ["restore", str(SAMPLE), "--yes"]):
            async with program(tmp_path, *command) as second:
                said = await second.read()
            assert said.code == 2
            assert f"process {first.process.pid}" in said.line
        assert await ask_running(settings, {"command": "ping"}) is not None
        assert await first.stop() == 0


async def test_only_the_owner_can_read_what_it_keeps(settings: Settings, tmp_path: Path) -> None:
    async with program(tmp_path, "worker") as run:
        await until_running(settings, run)
        open_to_others = [
            path.name
            for path in (settings.data_dir, *settings.data_dir.rglob("*"))
            if path.stat().st_mode & 0o077
        ]
        names = {path.name for path in settings.data_dir.iterdir()}
        await run.stop()
    assert open_to_others == []
    assert {"karvon.db", "keys.json", "control.sock", "logs", "spool"} <= names


async def test_terminated_amid_an_upload_it_keeps_the_queue_and_goes_on(
    settings: Settings, remotes: Sandbox, tmp_path: Path
) -> None:
    video = make_video(tmp_path, size=16 * MIB)
    # So much and so slow that the last byte is not even in the kernel's hands when it leaves.
    remotes.set_rates({"youtube": {"up": MIB}, "telegram": {"up": MIB}})
    async with program(tmp_path, "run") as run:
        await until_running(settings, run)
        await phone_send(remotes, video.path, "A clip\nto: youtube, telegram")
        await until(lambda: _has_sent(settings, MIB))
        queue = _shape(await report(settings))
        assert await run.stop() == 0
    remotes.set_rates({"youtube": {"up": None}, "telegram": {"up": None}})
    async with program(tmp_path, "run") as run:
        await until_running(settings, run)
        assert _shape(await report(settings)) == queue
        told = await until_state(settings, "done")
        assert {upload["state"] for upload in told["uploads"]} == {"live"}
        await run.stop()
    await remotes.settle()
    live = sorted(row["service"] for row in remotes.published() if row["sha256"] == video.sha256)
    assert live == ["telegram", "youtube"]


async def _has_sent(settings: Settings, size: int) -> bool:
    told = await report(settings)
    return any(upload["bytes_done"] >= size for upload in told.get("uploads", []))


def _shape(told: dict[str, Any]) -> list[tuple[str, str]]:
    return [(upload["platform"], upload["account"]) for upload in told["uploads"]]


def secrets_of(settings: Settings) -> Iterator[str]:
    yield settings.telegram.token.get_secret_value()
    yield settings.groq.api_key.get_secret_value()
    for account in settings.accounts:
        yield account.access_token.get_secret_value()
        yield account.refresh_token.get_secret_value()
        yield account.client_secret.get_secret_value()


async def test_no_secret_is_in_any_log_message_or_report(
    settings: Settings, remotes: Sandbox, tmp_path: Path
) -> None:
    for service, step, action in (
        ("youtube", "begin", "expire_token"),
        ("tiktok", "begin", "status"),
        ("graph", "begin", "reset"),
        ("graph", "status", "truncate"),
        ("telegram", "getChat", "reset"),
        ("telegram", "getUpdates", "reset"),
        ("groq", "*", "status"),
    ):
        remotes.faults.add({"service": service, "step": step, "action": action, "status": 500})
    async with program(tmp_path, "run") as run:
        await until_running(settings, run)
        await phone_send(remotes, SAMPLE, "A clip")
        told = [json.dumps(await until_state(settings, "done"))]
        for words in (
            ["send", str(SAMPLE), "--to", "youtube", "--again", "--json"],
            ["account", "list", "--json"],
            ["doctor", "--json"],
        ):
            async with program(tmp_path, *words) as command:
                said = await command.read()
            assert said.code == 0, said
            told += [said.out, said.err]
        told.append(await said_in_chat(remotes))
        run.process.send_signal(signal.SIGTERM)
        last = await run.read()
        told += [last.out, last.err]
    logs = sorted((settings.data_dir / "logs").iterdir())
    assert logs
    for path in logs:
        text = path.read_text()
        told.append(text)
        assert all(isinstance(json.loads(line), dict) for line in text.splitlines())
    secrets = {secret for secret in secrets_of(settings) if secret}
    assert len(secrets) >= 5
    everything = "\n".join(told)
    assert [secret for secret in secrets if secret in everything] == []
    stored = b"".join(path.read_bytes() for path in settings.data_dir.glob("karvon.db*"))
    assert [secret for secret in secrets if secret.encode() in stored] == []
