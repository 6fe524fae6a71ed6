from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import App
from bot.cli import one_line
from bot.commands.diagnostics import ask
from bot.commands.summary import end_summary, run_start
from bot.control import socket_path
from bot.figures import DiagnosticsFile
from core.diagnostics.file import NAME
from core.diagnostics.model import Diagnostics
from core.errors import RefusedError
from core.settings import Settings
from tests.acceptance.system import (
    BYTES_STEP,
    MIB,
    System,
    make_video,
    open_world,
    running,
    until,
)
from tests.terminal import Terminal, restored_log
from utils.clock import SystemClock

pytestmark = pytest.mark.timeout(60)


@pytest.fixture(autouse=True)
def own_log() -> Iterator[None]:
    with restored_log():
        yield


async def document(settings: Settings, period: str) -> Diagnostics:
    answers = await ask(settings, period)
    return Diagnostics.model_validate_json("".join(one["piece"] for one in answers[1:]))


async def reachable(system: System) -> Settings:
    settings = system.parts.settings
    await until(lambda: socket_path(settings).exists())
    return settings


async def test_a_running_karvon_tells_of_a_resumed_upload_and_leaves_the_file(
    tmp_path: Path,
) -> None:
    video = make_video(tmp_path)
    async with open_world(tmp_path) as world:
        settings = world.settings(tmp_path / "data")
        world.fail(BYTES_STEP["youtube"], "reset", after_bytes=MIB, times=1)
        async with running(world, settings) as system:
            await reachable(system)
            post_id = await system.send(video, "youtube")
            await system.wait_live(post_id)
            found = await document(settings, "today")
            of_post = (await document(settings, str(post_id))).post
    every = found.periods["today"].all
    assert (every.live, every.attempts, every.failed_attempts) == (1, 2, 1)
    assert (every.resumes, every.resumes_helped) == (1, 1)
    assert every.bytes_not_resent == MIB
    stages = {one.stage for one in found.periods["today"].stages}
    assert {"probe", "describe", "wait", "begin", "send", "resume", "processing"} <= stages
    (error,) = found.periods["today"].errors
    assert (error.kind, error.count, error.last.post_id) == ("transient", 1, post_id)
    assert of_post is not None
    (upload,) = of_post.uploads
    assert sum(step.bytes for step in upload.steps if step.stage == "send") == upload.bytes_sent
    assert upload.total_seconds == every.total.seconds
    left = Diagnostics.model_validate_json((tmp_path / "data" / NAME).read_text())
    assert set(left.periods) == {"today", "7d", "30d"}
    assert left.periods["7d"].all == every


async def test_without_a_running_one_the_database_is_read(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        settings = world.settings(tmp_path / "data")
        async with running(world, settings, SystemClock()) as system:
            post_id = await system.send(make_video(tmp_path), "telegram")
            await system.wait_live(post_id)
        text = (await ask(settings, "30d"))[0]["text"]
        assert "1 upload ended: 1 live" in text
        assert "<" not in text
        assert f"Post {post_id}: live everywhere" in (await ask(settings, "1"))[0]["text"]


@pytest.mark.parametrize(
    ("asked", "words"), [("soon", "I do not know the time soon"), ("99", "I know no post 99")]
)
async def test_what_is_not_known_is_refused_in_one_line(
    tmp_path: Path, asked: str, words: str
) -> None:
    async with open_world(tmp_path) as world:
        settings = world.settings(tmp_path / "data")
        with pytest.raises(RefusedError) as alone:
            await ask(settings, asked)
        async with running(world, settings) as system:
            await reachable(system)
            with pytest.raises(RefusedError) as told:
                await ask(settings, asked)
    assert words in one_line(alone.value)
    assert one_line(told.value) == one_line(alone.value)


async def test_a_run_ends_with_what_became_of_it(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        settings = world.settings(tmp_path / "data")
        since = run_start()
        assert await end_summary(settings, since) == []
        async with running(world, settings) as system:
            await reachable(system)
            post_id = await system.send(make_video(tmp_path), "telegram")
            await system.wait_live(post_id)
            asked = await end_summary(settings, since)
            read = await end_summary(settings, since, parts=system.parts)
            later = await end_summary(settings, system.parts.clock.now() + timedelta(days=1))
    assert asked[0] == "1 post accepted"
    assert asked == read
    assert later == ["Nothing has ended in this time."]


async def test_a_file_that_cannot_be_written_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("bot.figures.write_diagnostics", full)
    async with (
        open_world(tmp_path) as world,
        App(world.settings(tmp_path / "data"), chat=False) as app,
    ):
        await DiagnosticsFile(app.parts).write()
    assert "diagnostics_not_written" in caplog.text


def test_the_schema_tells_every_field(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = Terminal(tmp_path, capsys).type("diagnostics", "--schema")
    assert said.code == 0
    schema = said.json
    shapes = [schema, *schema["$defs"].values()]
    assert len(shapes) > 10
    for shape in shapes:
        for name, field in shape["properties"].items():
            assert field.get("description"), name


def test_the_command_speaks_json_and_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = Terminal(tmp_path, capsys)
    monkeypatch.chdir(tmp_path)
    said = terminal.type("diagnostics", "7d", "--json")
    assert said.code == 0
    assert Diagnostics.model_validate(json.loads(said.out)).periods["7d"].all.uploads == 0
    assert "Nothing has ended" in terminal.type("diagnostics").out
    refused = terminal.type("diagnostics", "soon")
    assert refused.code == 2
    assert "Write /diagnostics today, 7d or 30d" in refused.line
