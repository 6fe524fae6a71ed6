from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.commands.limits import tell
from bot.control import socket_path
from core.errors import SettingsError
from core.settings import Settings
from tests.acceptance.system import open_world, until, whole
from tests.terminal import restored_log


@pytest.fixture(autouse=True)
def own_log() -> Iterator[None]:
    with restored_log():
        yield


async def test_a_running_karvon_is_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with whole(tmp_path) as system:
        await until(lambda: socket_path(system.parts.settings).exists())
        assert await tell(system.parts.settings, as_json=True) == 0
    accounts = json.loads(capsys.readouterr().out)["accounts"]
    youtube = next(one for one in accounts if one["platform"] == "youtube")
    assert {"per_channel_a_day", "video_uploads", "units"} <= {
        q["name"] for q in youtube["quotas"]
    }
    assert youtube["forecast"] == {
        "queued": 0,
        "days": [],
        "done_at": None,
        "never": 0,
        "spill": None,
        "ready": 0,
        "ready_at": None,
    }


async def test_without_one_the_database_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with open_world(tmp_path) as world:
        assert await tell(world.settings(tmp_path / "data"), as_json=False) == 0
    said = capsys.readouterr().out
    assert "videos in 24 hours, our own cap: 0 of 50 used, 50 left" in said
    assert "Nothing is queued." in said
    assert "<" not in said


async def test_a_limit_that_nobody_has_is_refused_at_the_start(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        settings = world.settings(tmp_path / "data")
        quotas = settings.quotas.model_copy(update={"limits": {"youtube.videos": 5}})
        wrong = settings.model_copy(update={"quotas": quotas})
        assert isinstance(wrong, Settings)
        with pytest.raises(SettingsError, match=r"known are youtube\.video_uploads"):
            await tell(wrong, as_json=True)


def test_the_command_line_knows_it() -> None:
    from bot.cli import build_parser

    args = build_parser().parse_args(["limits", "--json"])
    assert isinstance(args, Namespace)
    assert args.json
