"""``karvon keys`` beside a running Karvon and alone, and what a lost key looks like at start."""

from __future__ import annotations

import asyncio
import json
import logging
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.app import App
from bot.cli import run_command
from bot.control import ask_running
from core.accounts.vault import key_of
from core.settings import Settings
from core.store.backup import back_up, restore
from tests.integration.test_commands import make_settings, running
from tests.terminal import Said, Terminal, program, restored_log, stand_ins
from utils.sandbox.server import Sandbox

ADMIN = 4242
ACCOUNTS = 5


@pytest.fixture(autouse=True)
def own_log() -> Iterator[None]:
    with restored_log():
        yield


@pytest.fixture
async def remotes() -> AsyncIterator[Sandbox]:
    async with stand_ins() as sandbox:
        yield sandbox


@pytest.fixture
def settings(remotes: Sandbox, tmp_path: Path) -> Settings:
    told = remotes.settings()["telegram"]
    return make_settings(remotes, tmp_path / "data", telegram={**told, "admins": [ADMIN]})


Type = Callable[..., Any]


@pytest.fixture
def typed(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Any]:
    """Type a command while the loop of the test goes on."""
    terminal = Terminal(tmp_path, capsys)
    config = settings.model_dump(mode="json", include={"endpoints", "min_free_disk"})
    accounts = [{**account.model_dump(), **secrets_of(account)} for account in settings.accounts]
    terminal.configure({**config, "accounts": accounts})

    async def type_it(*words: str) -> Said:
        config_file = str(tmp_path / "config.py")
        code = await asyncio.to_thread(run_command, ["--config", config_file, *words])
        said = capsys.readouterr()
        return Said(code=code, out=said.out, err=said.err)

    return type_it


def secrets_of(account: Any) -> dict[str, str]:  # noqa: ANN401
    names = ("access_token", "refresh_token", "client_secret")
    return {name: getattr(account, name).get_secret_value() for name in names}


async def opened(app: App) -> set[str]:
    """Return the access tokens of all accounts as the running program opens them."""
    book = app.parts.book
    return {(await book.access(account.id)).access_token for account in await book.all()}


async def sealed_with(app: App) -> set[str]:
    return {key_of(row["sealed"]) for row in await app.parts.store.all("keys.account_values")}


def tokens(settings: Settings) -> set[str]:
    return {account.access_token.get_secret_value() for account in settings.accounts}


@pytest.mark.parametrize("is_running", [True, False])
async def test_keys_are_listed_and_rotated(
    settings: Settings, typed: Type, *, is_running: bool
) -> None:
    async with maybe_running(settings, is_running=is_running):
        listed = (await typed("keys", "list", "--json")).json
        assert [(key["id"], key["state"], key["values"]) for key in listed["keys"]] == [
            ("k1", "current", ACCOUNTS)
        ]
        change = await typed("keys", "rotate", "--json")
        assert change.code == 0
        assert change.json["retired"] == ["k1"]
        assert change.json["resealed"] == ACCOUNTS
        said = await typed("keys", "list")
        assert "k2     current      5 values" in said.out
        assert "kept for older backups" in said.out
    async with App(settings, chat=False) as app:
        assert await sealed_with(app) == {"k2"}
        assert await opened(app) == tokens(settings)


@asynccontextmanager
async def maybe_running(settings: Settings, *, is_running: bool) -> AsyncIterator[None]:
    if not is_running:
        async with App(settings, chat=False):
            pass
        yield
        return
    async with running(settings) as app:
        yield
        # The running process seals with the new key from then on.
        assert app.parts.keys._vault.current == "k2"


async def test_no_key_is_ever_shown(settings: Settings, typed: Type) -> None:
    async with running(settings):
        said = [
            await typed("keys", *words) for words in (["list"], ["rotate"], ["list", "--json"])
        ]
    files = [settings.data_dir / name for name in ("keys.json", "keys.retired.json")]
    secrets = [key for file in files for key in json.loads(file.read_text())["keys"].values()]
    assert len(secrets) == 2
    assert not [key for key in secrets for each in said if key in each.out + each.err]


async def test_the_rotation_says_what_older_backups_need(settings: Settings, typed: Type) -> None:
    async with running(settings):
        said = await typed("keys", "rotate")
    assert "k2 is the current key now; sealed anew: 5" in said.out
    assert "keys.retired.json" in said.out


async def test_a_rotation_goes_on_when_its_client_goes_away(settings: Settings) -> None:
    async with running(settings) as app:
        path = settings.data_dir / "control.sock"
        _, writer = await asyncio.open_unix_connection(str(path))
        writer.write(b'{"command": "keys_rotate"}\n')
        await writer.drain()
        writer.close()
        async with asyncio.timeout(10):
            while not (settings.data_dir / "keys.retired.json").exists():  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        assert await sealed_with(app) == {"k2"}


async def test_a_backup_from_before_a_rotation_comes_back(
    settings: Settings, typed: Type, tmp_path: Path
) -> None:
    async with App(settings, chat=False):
        pass
    database, copy = settings.data_dir / "karvon.db", tmp_path / "copy.db"
    await back_up(database, copy)
    assert (await typed("keys", "rotate")).code == 0
    await restore(copy, database)
    without_settings = settings.model_copy(update={"accounts": []})
    async with running(settings) as app:
        assert await opened(app) == tokens(settings)
        await app.parts.keys.finish()
        assert await sealed_with(app) == {"k2"}
    assert without_settings.accounts == []


async def connected(settings: Settings) -> Settings:
    """Connect by hand what the settings have, so that only the database holds the tokens."""
    alone = settings.model_copy(update={"accounts": []})
    async with App(alone, chat=False) as app:
        for account in settings.accounts:
            await app.parts.book.add(account)
    return alone


async def test_a_lost_file_of_keys_is_told_and_nothing_else_breaks(
    settings: Settings, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    alone = await connected(settings)
    lost = tmp_path / "older.json"
    shutil.move(settings.data_dir / "keys.json", lost)
    with caplog.at_level(logging.ERROR):
        async with running(alone) as app:
            accounts = await app.parts.book.all()
            assert {account.state for account in accounts} == {"reconnect"}
            messages = await app.parts.posts.due_messages()
            assert [(m.chat_id, m.sentence) for m in messages] == [(ADMIN, "key_lost")]
            assert len(messages[0].facts["accounts"]) == ACCOUNTS
            request = {"command": "keys_restore", "file": str(lost)}
            answers = await ask_running(alone, request)
            assert answers is not None
            assert answers[-1]["resealed"] == ACCOUNTS
            assert await opened(app) == tokens(settings)
    assert "karvon keys restore FILE" in caplog.text


async def test_the_terminal_hears_of_a_lost_key_and_takes_an_older_one_back(
    settings: Settings, typed: Type, tmp_path: Path
) -> None:
    alone = await connected(settings)
    lost = tmp_path / "older.json"
    shutil.move(settings.data_dir / "keys.json", lost)
    async with running(alone):
        said = await typed("keys", "list")
        assert said.code == 1
        assert "lost: k1 sealed the tokens of" in said.out
        back = await typed("keys", "restore", str(lost))
        assert back.code == 0
        assert "sealed anew: 5" in back.out
        assert (await typed("keys", "list")).code == 0


async def test_what_is_no_file_of_keys_is_one_line(
    settings: Settings, typed: Type, tmp_path: Path
) -> None:
    async with running(settings):
        for name in ("missing.json", "config.py"):
            said = await typed("keys", "restore", str(tmp_path / name))
            assert said.code == 2
            assert len(said.err.splitlines()) == 1


async def test_a_start_without_its_keys_says_so_on_stderr_and_goes_on(
    remotes: Sandbox, settings: Settings, tmp_path: Path
) -> None:
    alone = await connected(settings)
    (settings.data_dir / "keys.json").unlink()
    values = {**remotes.settings(), "accounts": [], "data_dir": str(alone.data_dir)}
    (tmp_path / "config.py").write_text(f"APP_CONFIG = { ({**values, 'min_free_disk': 0})!r}\n")
    async with program(tmp_path, "worker") as started:
        async with asyncio.timeout(20):
            while await ask_running(alone, {"command": "ping"}) is None:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        limits = await asyncio.to_thread(Path(f"/proc/{started.process.pid}/limits").read_text)
        assert await started.stop() == 0
        said = await started.read()
    assert "the key 'k1' is lost: the tokens of " in said.err
    assert "karvon keys restore FILE" in said.err
    # A crash leaves no image of the memory.
    (core,) = [line for line in limits.splitlines() if line.startswith("Max core file size")]
    assert core.split()[4] == "0"
