from __future__ import annotations

import asyncio
import json
import stat
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from bot.app import App
from bot.cli import one_line, root_cause
from bot.commands import account as account_command
from bot.commands import doctor, maintenance, send
from bot.control import LINE_LIMIT, ask_running, socket_path
from bot.diagnosis.findings import Line
from bot.posting import connect_account
from core.errors import KarvonError
from core.settings import Settings, load_settings
from core.store.backup import verify
from tests.acceptance.system import HurriedClock
from tests.terminal import SAMPLE, Terminal, restored_log, stand_ins
from utils.sandbox.server import Sandbox
from workers.engine.lock import InUseError


def make_settings(remotes: Sandbox, folder: Path, **changes: Any) -> Settings:
    return load_settings(
        overrides={
            **remotes.settings(),
            "data_dir": str(folder),
            "min_free_disk": 0,
            "groq": {"api_key": ""},
            **changes,
        }
    )


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[App]:
    """Run Karvon without the chat."""
    stop = asyncio.Event()
    async with (
        App(settings, chat=False, clock=HurriedClock()) as app,
        asyncio.TaskGroup() as group,
    ):
        group.create_task(app.work(stop))
        try:
            while await ask_running(settings, {"command": "ping"}) is None:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            yield app
        finally:
            stop.set()


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


def request(source: str | Path = SAMPLE, **changes: Any) -> dict[str, Any]:
    return {
        "command": "send",
        "source": str(source),
        "to": "telegram",
        "caption": "A clip",
        "again": False,
        **changes,
    }


async def say(settings: Settings, line: bytes) -> list[dict[str, Any]]:
    """Write raw bytes to the socket and return the answers."""
    reader, writer = await asyncio.open_unix_connection(str(socket_path(settings)))
    writer.write(line)
    writer.write_eof()
    answers = [json.loads(answer) async for answer in reader]
    writer.close()
    return answers


async def test_the_socket_is_only_for_its_owner_and_goes_with_the_process(
    settings: Settings,
) -> None:
    path = socket_path(settings)
    async with running(settings):
        mode = path.stat().st_mode
        assert stat.S_ISSOCK(mode)
        assert stat.S_IMODE(mode) == 0o600
    assert not path.exists()
    assert await ask_running(settings, {"command": "ping"}) is None


async def test_a_socket_left_by_a_killed_process_is_in_nobodys_way(settings: Settings) -> None:
    settings.data_dir.mkdir()
    server = await asyncio.start_unix_server(lambda *_: None, str(socket_path(settings)))
    server.close()
    assert await ask_running(settings, {"command": "ping"}) is None
    async with running(settings):
        assert await ask_running(settings, {"command": "ping"}) == [{"ok": True, "open_posts": 0}]


@pytest.mark.parametrize("length", [60, 200])
async def test_a_deep_folder_has_a_socket_too(
    remotes: Sandbox, tmp_path: Path, length: int
) -> None:
    settings = make_settings(remotes, tmp_path / ("deep" * (length // 4)))
    async with running(settings):
        answers = await ask_running(settings, {"command": "ping"})
        assert answers is not None
        assert answers[-1]["ok"]


@pytest.mark.parametrize(
    ("line", "part"),
    [
        (b"", "Expecting value"),
        (b"garbage\n", "Expecting value"),
        (b"\xff\xfe\n", "decode"),
        (b"[]\n", "JSON object"),
        (b'"ping"\n', "JSON object"),
        (b"[" * 100_000 + b"\n", ""),
        (b"{}\n", "unknown command"),
        (b'{"command": "rm"}\n', "unknown command"),
        (b'{"command": {"a": 1}}\n', "unknown command"),
        (b'{"command": "send"}\n', "malformed (KeyError)"),
        (b'{"command": "post", "post_id": "x"}\n', "malformed (ValueError)"),
        (b'{"command": "post", "post_id": null}\n', "malformed (TypeError)"),
        (b'{"command": "post", "post_id": 7}\n', ""),
        (b'{"command": "account_add", "account": "x"}\n', "malformed (TypeError)"),
        (b'{"command": "backup"}\n', "malformed (KeyError)"),
    ],
)
async def test_a_bad_request_is_answered_and_harms_nobody(
    settings: Settings, line: bytes, part: str
) -> None:
    async with running(settings):
        answers = await say(settings, line)
        assert answers[0]["ok"] is False
        assert part in answers[0]["message"]
        assert answers[-1] == {"done": True}
        assert await ask_running(settings, {"command": "ping"}) is not None


async def test_a_request_that_is_too_long_is_refused(settings: Settings) -> None:
    async with running(settings):
        # The answer may get lost: what was not read resets the connection.
        with suppress(ConnectionError):
            answers = await say(settings, b"x" * (LINE_LIMIT * 2))
            assert answers[0]["ok"] is False
        assert await ask_running(settings, {"command": "ping"}) is not None


async def test_a_client_that_goes_away_does_not_stop_its_post(settings: Settings) -> None:
    async with running(settings) as app:
        _, writer = await asyncio.open_unix_connection(str(socket_path(settings)))
        writer.write(json.dumps(request()).encode() + b"\n")
        await writer.drain()
        writer.close()
        async with asyncio.timeout(15):
            while True:
                changed = app.parts.posts.next_change()
                recent = await app.parts.posts.recent(limit=1)
                if recent and recent[0].state == "done":
                    return
                await changed.wait()


async def test_a_client_hears_when_everything_stops(settings: Settings, remotes: Sandbox) -> None:
    remotes.set_rates({"telegram": {"up": 20_000}})
    heard = asyncio.Event()

    async def hear(_: object) -> None:
        heard.set()

    with pytest.raises(KarvonError, match="went away"):
        async with asyncio.TaskGroup() as group, running(settings):
            asked = group.create_task(_ask(settings, hear))
            await heard.wait()
        raise _unwrapped(asked)


async def _ask(settings: Settings, hear: Any) -> KarvonError:  # noqa: ANN401
    try:
        await ask_running(settings, request(), hear)
    except KarvonError as error:
        return error
    raise AssertionError("the post cannot have ended")


def _unwrapped(task: asyncio.Task[KarvonError]) -> KarvonError:
    return task.result()


async def test_send_through_the_running_process_ends_with_the_report(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    async with running(settings):
        assert await send._send(settings, request(), as_json=True) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["state"] == "done"
    (upload,) = report["uploads"]
    assert upload["platform"] == "telegram"
    assert upload["state"] == "live"
    assert upload["bytes"] == SAMPLE.stat().st_size


async def test_send_alone_does_the_work_itself(
    settings: Settings, capsys: pytest.CaptureFixture[str], remotes: Sandbox
) -> None:
    assert await send._send(settings, request(to=""), as_json=True) == 0
    report = json.loads(capsys.readouterr().out)
    assert {upload["state"] for upload in report["uploads"]} == {"live"}
    await remotes.settle()
    live = {(row["service"], row["sha256"]) for row in remotes.published()}
    assert len(live) == len(report["uploads"]) == 5
    assert {sha256 for _, sha256 in live} == {report["uploads"][0]["sha256"]}


@pytest.mark.parametrize("alone", [True, False])
async def test_what_is_live_already_is_published_again_only_when_wanted(
    settings: Settings, *, alone: bool
) -> None:
    async def send_twice() -> None:
        assert await send._send(settings, request(), as_json=True) == 0
        with pytest.raises((KarvonError, ExceptionGroup)) as caught:
            await send._send(settings, request(), as_json=True)
        assert "again" in one_line(root_cause(caught.value))
        assert await send._send(settings, request(again=True), as_json=True) == 0

    if alone:
        await send_twice()
        return
    async with running(settings):
        await send_twice()


async def test_again_counts_also_for_the_same_content_under_other_names(
    settings: Settings, tmp_path: Path
) -> None:
    copies = [tmp_path / f"{name}.mp4" for name in ("one", "two", "three")]
    for copy in copies:
        copy.write_bytes(SAMPLE.read_bytes())
    async with running(settings):
        assert await send._send(settings, request(copies[0]), as_json=True) == 0
        assert await send._send(settings, request(copies[1]), as_json=True) == 1
        for copy in copies[1:]:
            assert await send._send(settings, request(copy, again=True), as_json=True) == 0


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"source": "/nowhere/a.mp4"}, "no such file"),
        ({"to": "vimeo"}, "I know no target vimeo"),
        ({"caption": "Words\nprivacy: secret"}, "privacy"),
    ],
)
async def test_refusals_are_sentences(
    settings: Settings, changes: dict[str, Any], part: str
) -> None:
    async with running(settings):
        with pytest.raises(KarvonError, match=part) as caught:
            await send._send(settings, request(**changes), as_json=False)
    assert "<" not in str(caught.value)


async def test_a_failed_post_leaves_with_1_and_says_why(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = tmp_path / "words.mp4"
    words.write_text("these are words")
    async with running(settings):
        assert await send._send(settings, request(words), as_json=False) == 1
    assert "failed - not a video" in capsys.readouterr().out


async def test_a_lost_answer_that_only_a_person_can_judge_ends_the_command(
    settings: Settings, remotes: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    remotes.faults.add({"service": "telegram", "step": "sendVideo", "action": "drop_answer"})
    async with running(settings):
        assert await send._send(settings, request(), as_json=True) == 1
        (upload,) = json.loads(capsys.readouterr().out)["uploads"]
        assert (upload["state"], upload["waits_for"]) == ("unknown", "person")
        decision = {"post_id": 1, "platform": "telegram", "account": upload["account"]}
        answers = await ask_running(settings, {"command": "decide", **decision, "is_live": True})
        assert answers == [{"ok": True}]
        answers = await ask_running(settings, {"command": "post", "post_id": 1})
        assert answers is not None
        assert answers[-1]["state"] == "done"


def account(**changes: str) -> dict[str, Any]:
    return {
        "platform": "telegram",
        "name": "second",
        "remote_id": "@karvon_demo",
        "access_token": "",
        **changes,
    }


@pytest.mark.parametrize("alone", [True, False])
async def test_an_account_is_connected_and_listed(
    settings: Settings, capsys: pytest.CaptureFixture[str], *, alone: bool
) -> None:
    token = settings.telegram.token.get_secret_value()

    async def connect() -> None:
        assert await account_command._add(settings, account(access_token=token)) == 0
        assert capsys.readouterr().out == "connected: second (telegram)\n"
        assert await account_command._list(settings, as_json=True) == 0

    if alone:
        await connect()
    else:
        async with running(settings):
            await connect()
    said = capsys.readouterr().out
    names = [row["name"] for row in json.loads(said)["accounts"]]
    assert "second" in names
    assert token not in said


@pytest.mark.parametrize("alone", [True, False])
async def test_an_account_that_its_platform_refuses_is_not_saved(
    settings: Settings, *, alone: bool
) -> None:
    bad = account(access_token="1234567:bad")

    async def connect() -> list[dict[str, Any]]:
        with pytest.raises(KarvonError, match="telegram refuses this account"):
            await account_command._add(settings, bad)
        answers = await ask_running(settings, {"command": "account_list"})
        return [] if answers is None else answers[-1]["accounts"]

    if alone:
        await connect()
    else:
        async with running(settings):
            assert "second" not in {row["name"] for row in await connect()}
    async with App(settings, chat=False) as app:
        assert "second" not in {found.name for found in await app.parts.book.all()}


async def test_a_malformed_account_is_told_by_place_and_without_its_token(
    settings: Settings,
) -> None:
    values = {**account(access_token="a-secret"), "platform": "vimeo", "extra": 1}
    async with running(settings):
        answers = await ask_running(settings, {"command": "account_add", "account": values})
    assert answers is not None
    message = answers[-1]["message"]
    assert "platform: " in message
    assert "extra: " in message
    assert "a-secret" not in message


async def test_every_demo_account_passes_its_check(settings: Settings) -> None:
    async with running(settings) as app:
        for known in settings.accounts:
            answer = await connect_account(app.parts, known)
            assert answer["unchecked"] == "", known.platform


@pytest.mark.parametrize("platform", ["youtube", "tiktok", "instagram", "facebook", "telegram"])
async def test_every_platform_refuses_a_wrong_token(settings: Settings, platform: str) -> None:
    (known,) = [item for item in settings.accounts if item.platform == platform]
    wrong = {"access_token": "wrong-token-0123456789", "refresh_token": ""}
    values = {**known.model_dump(), **wrong}
    async with running(settings):
        answers = await ask_running(settings, {"command": "account_add", "account": values})
    assert answers is not None
    assert "refuses this account" in answers[-1]["message"]


@pytest.mark.parametrize("alone", [True, False])
async def test_a_backup_is_whole_and_private_and_comes_back(
    settings: Settings, tmp_path: Path, *, alone: bool
) -> None:
    typed = type("Args", (), {"yes": True})()
    file = tmp_path / "copies" / "karvon.db"
    async with running(settings):
        assert await send._send(settings, request(), as_json=True) == 0
        if not alone:
            assert await maintenance._backup(settings, file, typed) == 0
    if alone:
        assert await maintenance._backup(settings, file, typed) == 0
    assert (await verify(file)).tables["posts"] == 1
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert await maintenance._restore(settings, file, typed) == 0
    async with App(settings, chat=False) as app:
        assert (await app.parts.posts.require(1)).state == "done"


async def test_nothing_is_restored_or_migrated_under_a_running_process(
    settings: Settings, tmp_path: Path
) -> None:
    typed = type("Args", (), {"yes": True})()
    async with running(settings):
        assert await maintenance._backup(settings, tmp_path / "copy.db", typed) == 0
        with pytest.raises(InUseError, match="process"):
            await maintenance._restore(settings, tmp_path / "copy.db", typed)
        with pytest.raises(InUseError, match="process"):
            await maintenance._migrate(settings, tmp_path, typed)


async def test_a_backup_never_replaces_the_database_itself(settings: Settings) -> None:
    typed = type("Args", (), {"yes": True})()
    async with running(settings):
        for name in ("karvon.db", "karvon.db-wal", "karvon.db.lock"):
            with pytest.raises(KarvonError, match="belongs to the database itself"):
                await maintenance._backup(settings, settings.data_dir / name, typed)


async def test_a_database_is_replaced_only_after_a_yes(settings: Settings, tmp_path: Path) -> None:
    async with App(settings, chat=False):
        pass
    copy = tmp_path / "copy.db"
    assert await maintenance._backup(settings, copy, type("Args", (), {})()) == 0
    with pytest.raises(KarvonError, match="say --yes"):
        await maintenance._restore(settings, copy, type("Args", (), {"yes": False})())


async def test_the_doctor_finds_everything_well(settings: Settings) -> None:
    async with running(settings):
        findings = {item.name: item for item in await doctor._collect(settings)}
    assert {name for name, item in findings.items() if item.state != "ok"} == set()
    assert {"ffmpeg", "disk", "keys", "process", "database", "telegram", "accounts"} <= set(
        findings
    )
    assert findings["telegram"].text.startswith("Telegram: @karvon_bot, ")


async def test_the_doctor_names_what_is_wrong_and_a_remedy(
    settings: Settings, remotes: Sandbox
) -> None:
    async with running(settings) as app:
        _ = await app.parts.book.mark(1, "reconnect")
        findings = {item.name: item for item in await doctor._collect(settings)}
        assert findings["accounts"].state == "broken"
    broken = make_settings(
        remotes,
        settings.data_dir,
        telegram={"api_base": remotes.address("youtube"), "token": "1234567:wrong"},
        min_free_disk=2**60,
    )
    (settings.data_dir / "keys.json").write_text("{}")
    (settings.data_dir / "karvon.db").write_bytes(b"no database at all" * 100)
    found = {item.name: item for item in await doctor._collect(broken)}
    assert {name for name, item in found.items() if item.state == "broken"} == {
        "disk",
        "keys",
        "database",
        "telegram",
    }
    assert all(item.remedy for item in found.values() if item.state != "ok")


def test_the_doctor_keeps_its_columns_with_long_names() -> None:
    names = ["disk", "account 12 of a long kind", "x" * 60]
    lines = [Line(name=name, state="ok", text="fine", remedy="") for name in names]
    told = list(doctor.table(lines))
    assert len({line.index("fine") for line in told}) == 1
    assert "account 12 of a long kind " in told[1]


def test_the_doctor_speaks_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    terminal = Terminal(tmp_path, capsys)
    said = terminal.type("--config", str(tmp_path / "config.py"), "doctor", "--json")
    assert said.code == 1
    assert said.json["ok"] is False
    assert {"name", "state", "text", "remedy"} == set(said.json["findings"][0])
    assert not terminal.data.exists()
