"""The doctor against the stand-ins: clocks, the Bot API and our own address; and its buttons."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.app import App
from bot.commands import doctor as command
from bot.diagnosis.findings import Action, Finding, State
from bot.diagnosis.network import Network, open_network
from bot.diagnosis.outside import look_at_clock, look_at_web
from bot.diagnosis.patient import Patient
from bot.diagnosis.telegram import look_at_bot
from core.settings import Settings, load_settings
from tests.clocks import ManualClock
from tests.integration.test_commands import make_settings, running
from tests.live_chat import LiveChat, until
from tests.terminal import Terminal, restored_log, stand_ins
from utils.clock import SystemClock
from utils.sandbox.server import Sandbox
from utils.sandbox.telegram.state import PERSON_ID

JSON = dict[str, Any]


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
    return make_settings(remotes, tmp_path / "data")


def patient_of(settings: Settings, *, ahead: timedelta = timedelta(0), **more: Any) -> Patient:
    clock = ManualClock(SystemClock().now() + ahead)
    patient = Patient(settings=settings, clock=clock, store=None, is_running=True)
    return replace(patient, **more)


async def found(look: Any, patient: Patient) -> dict[str, Finding]:  # noqa: ANN401
    async with open_network(patient.clock) as network:
        return {finding.key: finding async for finding in _looked(look, patient, network)}


async def _looked(look: Any, patient: Patient, network: Network) -> AsyncIterator[Finding]:  # noqa: ANN401
    async with aclosing(look(patient, network)) as stream:
        async for finding in stream:
            assert "{" not in finding.text + finding.remedy
            assert bool(finding.remedy) == (finding.state is not State.OK)
            yield finding


# Clocks


@pytest.mark.parametrize(
    ("seconds", "key"),
    [
        (0, "clock"),
        (20, "clock"),
        (60, "skewed_clock"),
        (-60, "skewed_clock"),
        (3600, "wrong_clock"),
        (-86_400, "wrong_clock"),
    ],
)
async def test_the_clock_is_compared_with_those_of_others(
    settings: Settings, seconds: int, key: str
) -> None:
    patient = patient_of(settings, ahead=timedelta(seconds=seconds))
    (finding,) = (await found(look_at_clock, patient)).values()
    assert finding.key == key
    if key != "clock":
        assert ("ahead" if seconds > 0 else "behind") in finding.text


async def test_one_other_clock_that_is_wrong_does_not_make_ours_wrong(
    settings: Settings, unused_tcp_port: int
) -> None:
    async with serving(unused_tcp_port, date="Thu, 01 Jan 2015 00:00:00 GMT"):
        address = f"http://127.0.0.1:{unused_tcp_port}"
        changed = with_settings(settings, telegram={"api_base": address})
        assert list(await found(look_at_clock, patient_of(changed))) == ["clock"]


async def test_without_an_answer_the_clock_is_not_known(
    settings: Settings, unused_tcp_port: int
) -> None:
    nowhere = f"http://127.0.0.1:{unused_tcp_port}"
    endpoints = {"google_oauth": nowhere, "tiktok": nowhere, "graph": nowhere}
    changed = with_settings(settings, telegram={"api_base": nowhere}, endpoints=endpoints)
    assert (await found(look_at_clock, patient_of(changed)))["no_clock"].state is State.WARNING


def with_settings(settings: Settings, **changes: JSON) -> Settings:
    values = settings.model_dump()
    merged = {name: {**values[name], **group} for name, group in changes.items()}
    return load_settings(overrides={**values, **merged})


@asynccontextmanager
async def serving(port: int, *, date: str = "", ok: bool = True) -> AsyncIterator[None]:
    """Serve one answer at every path."""

    async def answer(request: web.Request) -> web.Response:
        del request
        headers = {"Date": date} if date else {}
        return web.json_response({"ok": ok, "result": []}, headers=headers)

    application = web.Application()
    application.router.add_get("/{path:.*}", answer)
    runner = web.AppRunner(application)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        yield
    finally:
        await runner.cleanup()


@pytest.fixture
def unused_tcp_port() -> int:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


# Our own address


async def test_without_a_public_address_nothing_is_asked(settings: Settings) -> None:
    assert list(await found(look_at_web, patient_of(settings))) == ["no_public_url"]


async def test_our_public_address_is_asked(settings: Settings, unused_tcp_port: int) -> None:
    public = with_settings(settings, web={"public_url": f"http://127.0.0.1:{unused_tcp_port}/"})
    missing = (await found(look_at_web, patient_of(public)))["not_reached"]
    assert missing.state is State.BROKEN
    assert "ConnectError" in missing.text
    async with serving(unused_tcp_port):
        assert list(await found(look_at_web, patient_of(public))) == ["reached"]
    async with serving(unused_tcp_port, ok=False):
        assert list(await found(look_at_web, patient_of(public))) == ["not_reached"]
    asleep = patient_of(public, is_running=False)
    assert list(await found(look_at_web, asleep)) == ["public_url_not_asked"]


# The Bot API


async def test_the_bot_and_its_server(settings: Settings, remotes: Sandbox) -> None:
    assert set(await found(look_at_bot, patient_of(settings))) == {"bot_cloud", "updates_polling"}
    local = with_settings(settings, telegram={"local_files": True})
    assert "bot_local" in await found(look_at_bot, patient_of(local))
    wrong = with_settings(settings, telegram={"token": "1234567:wrong"})
    assert (await found(look_at_bot, patient_of(wrong)))["bot_api_refuses"].state is State.BROKEN
    other = with_settings(settings, telegram={"api_base": remotes.address("youtube")})
    assert "bot_api_refuses" in await found(look_at_bot, patient_of(other))
    none = with_settings(settings, telegram={"token": ""})
    assert list(await found(look_at_bot, patient_of(none))) == ["no_token"]


async def test_a_bot_api_that_is_away(settings: Settings, unused_tcp_port: int) -> None:
    away = with_settings(settings, telegram={"api_base": f"http://127.0.0.1:{unused_tcp_port}"})
    finding = (await found(look_at_bot, patient_of(away)))["bot_api_down"]
    assert finding.state is State.BROKEN
    assert "AAH" not in finding.text


async def test_a_webhook_in_the_way_of_polling(settings: Settings) -> None:
    await set_webhook(settings, "https://other.test/x")
    finding = (await found(look_at_bot, patient_of(settings)))["webhook_in_the_way"]
    assert (finding.state, finding.action) == (State.BROKEN, Action.DROP_WEBHOOK)


async def test_a_webhook_as_it_should_be(settings: Settings) -> None:
    web = {"public_url": "https://karvon.test"}
    hooked = with_settings(settings, telegram={"webhook_secret": "words-of-ours"}, web=web)
    assert "no_webhook" in await found(look_at_bot, patient_of(hooked))
    await set_webhook(settings, "https://karvon.test/telegram")
    assert "updates_webhook" in await found(look_at_bot, patient_of(hooked))


async def set_webhook(settings: Settings, address: str) -> None:
    token = settings.telegram.token.get_secret_value()
    url = f"{settings.telegram.api_base}/bot{token}/setWebhook"
    async with (
        aiohttp.ClientSession() as http,
        http.post(url, json={"url": address}) as answer,
    ):
        assert answer.status == 200


# In the chat


async def test_all_is_well_in_the_chat(live: LiveChat) -> None:
    async with live.running(speed=1.0):
        told = await live.ask("/doctor", "All is well")
        assert "❌" not in told["text"]
        assert "⚠️" not in told["text"]
        assert "Accounts: 5 connected" in told["text"]
        await live.press(told, "Look again")


async def test_an_account_is_connected_again_from_the_doctor(live: LiveChat) -> None:
    async with live.running(speed=1.0) as app:
        _ = await app.parts.book.need_reconnect(2, "the password was changed")
        told = await live.ask("/doctor", "Something is broken")
        assert "must be connected again (the password was changed)" in told["text"]
        assert "→ Connect it" in told["text"]
        await live.press(told, "Connect")
        await live.says("Sign in to YouTube", after=told["message_id"])
        report = next(v for v in live.seen() if v["message_id"] == told["message_id"])
        assert report["text"] == told["text"]


async def test_a_paused_account_is_resumed_by_a_button(live: LiveChat) -> None:
    async with live.running(speed=1.0) as app:
        await app.parts.book.pause(1)
        told = await live.ask("/doctor", "look at this")
        assert "⚠️" in told["text"]
        await live.press(told, "Resume")
        await live.says("goes on.")
        account = await app.parts.book.get(1)
        assert account is not None
        assert account.state == "ok"
        await live.press(told, "Look again")
        await live.says("All is well")


async def test_what_failed_is_tried_again_by_a_button(live: LiveChat) -> None:
    live.fail("telegram", "sendVideo", "status", status=400, times=1)
    async with live.running(speed=1.0):
        await live.send("A day at the sea\nto: telegram")
        await live.says("Not published · post 1")
        told = await live.ask("/doctor", "One upload failed in 24 hours")
        await live.press(told, "Try the failed again")
        await live.says("Live everywhere · post 1")


async def test_the_webhook_is_deleted_by_a_button(live: LiveChat) -> None:
    async with live.running(speed=1.0):
        told = await live.ask("/doctor", "All is well")
        before = len(live.calls("deleteWebhook"))
        await live.press_data(told, "d1:drop_webhook:0")
        await live.says("The webhook is deleted")
        assert len(live.calls("deleteWebhook")) == before + 1


async def test_a_backup_is_made_by_a_button(live: LiveChat) -> None:
    async with live.running(speed=1.0):
        await live.send("A day at the sea\nto: telegram")
        await live.says("Live everywhere")
        told = await live.ask("/doctor", "No backup is known")
        await live.press(told, "Make a backup")
        said = await live.says("Backup made")
        (copy,) = (live.folder / "data" / "backups").iterdir()
        assert copy.name in said["text"]
        assert copy.stat().st_mode & 0o777 == 0o600
        await live.ask("/doctor", "Backup: ")


async def test_the_report_comes_as_a_document_without_names_and_secrets(live: LiveChat) -> None:
    async with live.running(speed=1.0) as app:
        _ = await app.parts.book.need_reconnect(2, "the password was changed")
        told = await live.ask("/doctor", "Something is broken")
        await live.press(told, "Report")
        await until(lambda: live.calls("sendDocument"), lambda: "no document")
        report = report_of(live)
        text = json.dumps(report, ensure_ascii=False)
        names = {account.name for account in await app.parts.book.all()}
        ids = {account.remote_id for account in await app.parts.book.all()}
        assert {"versions", "settings", "findings", "counts", "errors", "log"} <= set(report)
        assert report["settings"]["telegram"]["token"] == "set"
        assert report["settings"]["telegram"]["admins"] == "1 of them"
        assert not [word for word in {*names, *ids, str(live.folder)} if word in text]
        assert "youtube#2" in text


def report_of(live: LiveChat) -> JSON:
    """Return the document that the bot sent."""
    documents = live.telegram.state.messages_since(0, PERSON_ID)
    (sent,) = [item["file"] for item in documents if item.get("file") and item["is_from_bot"]]
    report: JSON = json.loads(Path(sent["path"]).read_bytes())
    return report


async def test_only_admins_see_the_doctor(live: LiveChat) -> None:
    async with live.running(speed=1.0, telegram={"admins": [], "users": [PERSON_ID]}):
        await live.ask("/doctor", "Only an admin can do that")


# In the terminal


async def test_a_running_karvon_is_asked_over_its_socket(settings: Settings) -> None:
    async with running(settings) as app:
        await app.parts.book.pause(1)
        lines = {line.name: line for line in await command._collect(settings)}
    assert lines["process"].text == "Karvon runs, 0 posts are open"
    assert any("paused" in line.text for line in lines.values())


async def test_at_rest_the_accounts_of_the_database_are_looked_at(settings: Settings) -> None:
    async with App(settings, chat=False) as app:
        await app.parts.book.pause(1)
    lines = await command._collect(settings)
    assert any("paused" in line.text for line in lines)
    assert any(line.name == "process" and line.state == "warning" for line in lines)


def test_the_report_is_written_to_a_file_for_its_owner(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    terminal = Terminal(tmp_path, capsys)
    terminal.configure(
        {"telegram": {"api_base": "http://127.0.0.1:1", "token": "1:secret-of-mine"}}
    )
    said = terminal.type("doctor", "--json", "--report", "report.json")
    assert said.code == 1
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["findings"] == said.json["findings"]
    assert "secret-of-mine" not in (tmp_path / "report.json").read_text()
    assert (tmp_path / "report.json").stat().st_mode & 0o777 == 0o600
