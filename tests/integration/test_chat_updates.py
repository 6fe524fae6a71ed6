"""Updates that come twice, strange or by webhook, and a database that is down."""

from __future__ import annotations

import asyncio
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import aiohttp
import pytest

from bot.chat.webhook import PATH, SECRET_HEADER
from core.store.errors import StoreLockedError
from core.store.sqlite import SqliteStore
from tests.live_chat import JSON, STRANGE, LiveChat, until

HERE = "A day at the sea\nto: telegram"
LATER = f"{HERE}\nat: 2040-01-01 10:00"
SECRET = "a-secret_of_ours"


@pytest.fixture
def address() -> str:
    """Return an address of this machine that is free."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{listener.getsockname()[1]}"


def hooked(address: str) -> dict[str, Any]:
    return {
        "web": {"listen": address, "public_url": f"http://{address}"},
        "telegram": {"webhook_secret": SECRET},
    }


@contextmanager
def broken_store(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Let every transaction fail within the block; yields how many did, as a list's length."""
    failed: list[int] = []

    def transaction(store: SqliteStore) -> Any:  # noqa: ANN401 - it only raises
        del store
        failed.append(1)
        raise StoreLockedError("another program holds the database")

    with monkeypatch.context() as patch:
        patch.setattr(SqliteStore, "transaction", transaction)
        yield failed


async def test_an_update_that_comes_twice_counts_once(live: LiveChat) -> None:
    live.sandbox.set_option("telegram", "duplicate_updates", value=True)
    async with live.running():
        await live.send(LATER)
        card = await live.says("starts at 2040")
        await live.ask("/start", "Send me a video")
        await live.send("x\nto: vimeo")
        await live.says("I know no target vimeo")
        await live.press(card, "Cancel")
        await live.says("1 upload stopped")
        await live.says("Cancelled · post 1")
        await live.ask("/status", "Nothing runs")
        texts = [row["body"]["text"] for row in live.calls("sendMessage")]
        assert len(texts) == len(set(texts)) == 5


async def test_unknown_updates_and_fields_are_passed_over(live: LiveChat) -> None:
    live.sandbox.set_option("telegram", "unknown_updates", value=True)
    async with live.running():
        await live.send(HERE)
        await live.says("Live everywhere")
        await live.ask("/status", "Nothing runs")
        await live.heard()


async def test_an_update_that_cannot_be_read_does_not_stop_the_rest(live: LiveChat) -> None:
    async with live.running():
        live.telegram.updates.add("message", {STRANGE[0]: 1, "message_id": "no number"})
        await live.send(HERE)
        await live.says("Live everywhere")
        await live.heard()


async def test_a_database_that_is_down_keeps_the_update_at_telegram(
    live: LiveChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with live.running():
        await live.ask("/status", "Nothing runs")
        with broken_store(monkeypatch) as failed:
            await live.send(LATER)
            await until(lambda: len(failed) >= 2, lambda: "the store was not asked")
            assert len(live.telegram.updates) == 1
            assert len(live.seen()) == 1
        await live.says("starts at 2040")
        await live.ask("/status", "1 post open")
        await live.heard()
        assert len(live.tellings("Accepted</b> · post 1")) >= 1
        assert await live.parts.posts.count_open() == 1


async def test_a_locked_database_is_waited_for(live: LiveChat) -> None:
    async with live.running(speed=1.0) as app:
        await live.ask("/status", "Nothing runs")
        file = app.parts.settings.data_dir / "karvon.db"
        other = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        # In a thread: what is being written meanwhile needs this loop to end.
        await asyncio.to_thread(other.execute, "BEGIN IMMEDIATE")
        try:
            await live.send(LATER)
            await until(lambda: _handed_out(live), lambda: "the video was not fetched")
            assert len(live.seen()) == 1
            assert len(live.telegram.updates) == 1
        finally:
            other.execute("ROLLBACK")
            other.close()
        await live.says("starts at 2040")


async def test_a_webhook_takes_videos_and_presses(live: LiveChat, address: str) -> None:
    live.sandbox.set_option("telegram", "plain_webhooks", value=True)
    async with live.running(**hooked(address)):
        await _announced(live)
        await live.send(HERE)
        await live.says("Live everywhere")
        await live.send(LATER)
        await live.press(await live.says("starts at 2040"), "Cancel")
        await live.says("Cancelled · post 2")
        await live.heard()
        assert live.calls("getUpdates") == []
        assert live.calls("setWebhook")[0]["body"]["secret_token"] == SECRET
    async with live.running():
        await live.ask("/status", "Nothing runs")


async def test_a_webhook_is_only_for_telegram(live: LiveChat, address: str) -> None:
    live.sandbox.set_option("telegram", "plain_webhooks", value=True)
    async with live.running(**hooked(address)), aiohttp.ClientSession() as http:
        await _announced(live)
        url = f"http://{address}{PATH}"
        for secret, body, status in (
            (None, b"{}", 401),
            ("wrong", b"{}", 401),
            ("s\u00e9cret-\u0442\u0430\u0439\u043d\u0430", b"{}", 401),
            (SECRET, b"no json", 400),
            (SECRET, b'{"update_id": 5, "quantum": {}}', 200),
        ):
            headers = {} if secret is None else {SECRET_HEADER: secret}
            async with http.post(url, data=body, headers=headers) as response:
                assert response.status == status
        await live.ask("/status", "Nothing runs")


async def test_a_webhook_says_503_while_the_database_is_down_and_gets_it_again(
    live: LiveChat, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    live.sandbox.set_option("telegram", "plain_webhooks", value=True)
    async with live.running(**hooked(address)):
        await _announced(live)
        with broken_store(monkeypatch):
            await live.send(LATER)
            problem = await until(lambda: _problem(live), lambda: "nothing was refused")
            assert problem == "Wrong response from the webhook: 503"
            assert len(live.telegram.updates) == 1
        live.sandbox.advance(10)
        await live.says("starts at 2040")
        await live.heard()
        assert len(live.tellings("Accepted</b> · post")) == 1


def _handed_out(live: LiveChat) -> bool:
    """Return whether an update with a video was given to the bot."""
    answers = [row["answer"] or {} for row in live.calls("getUpdates")]
    return any("video" in u.get("message", {}) for a in answers for u in a.get("result", []))


def _problem(live: LiveChat) -> str:
    return str((live.telegram.webhook.setting() or {}).get("last_error_message") or "")


async def _announced(live: LiveChat) -> JSON:
    setting = await until(live.telegram.webhook.setting, lambda: "no webhook was set")
    assert isinstance(setting, dict)
    return setting
