from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.commands.failed import tell
from bot.control import socket_path
from core.errors import KarvonError, RefusedError
from core.posts.models import UploadState
from core.settings import Settings
from tests.acceptance.system import open_world, until, whole
from tests.terminal import restored_log

SEVEN = 7


@pytest.fixture(autouse=True)
def own_log() -> Iterator[None]:
    with restored_log():
        yield


async def with_failures(settings: Settings) -> None:
    """Leave posts whose uploads to YouTube failed in a database that nobody works on."""
    from bot.app import App
    from tests.factories import make_incoming

    async with App(settings, chat=False) as app:
        posts = app.parts.posts
        for number in range(SEVEN):
            incoming = make_incoming(
                fingerprint=f"x:{number}", update_id=None, caption="The sea\nto: youtube"
            )
            outcome = await app.parts.intake.receive(incoming)
            (upload,) = await posts.uploads(outcome.post_id or 0)
            started = await posts.start(upload.id)
            await posts.save(
                started, UploadState.FAILED, error_kind="transient", error_text="reset"
            )


async def told(
    settings: Settings, capsys: pytest.CaptureFixture[str], act: str = "", group: str = ""
) -> Any:  # noqa: ANN401 - JSON
    request = {"command": "failed", "act": act, "group": group}
    assert await tell(settings, request, as_json=True) == 0
    return json.loads(capsys.readouterr().out)


async def test_alone_it_lists_puts_aside_and_tries_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with open_world(tmp_path) as world:
        settings = world.settings(tmp_path / "data")
        await with_failures(settings)
        listed = await told(settings, capsys)
        assert listed["failed"] == SEVEN
        (group,) = listed["groups"]
        assert (group["platform"], group["kind"], group["cure"]) == (
            "youtube",
            "transient",
            "retry",
        )
        cause = f"c{group['cause']}"
        dropped = await told(settings, capsys, "drop", cause)
        assert dropped["counts"] == {"dropped": SEVEN}
        assert (await told(settings, capsys))["groups"] == []
        outcome = await told(settings, capsys, "replay", "youtube")
        assert outcome == {"act": "replay", "total": 0, "counts": {}, "running": False}


async def test_alone_a_replay_begins_all_of_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with open_world(tmp_path) as world:
        settings = world.settings(tmp_path / "data")
        await with_failures(settings)
        assert (await told(settings, capsys, "replay", "all"))["counts"] == {"retried": SEVEN}
        assert (
            await tell(settings, {"command": "failed", "act": "", "group": ""}, as_json=False) == 0
        )
    assert "Nothing failed" in capsys.readouterr().out


async def test_a_running_karvon_is_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with whole(tmp_path) as system:
        settings = system.parts.settings
        await until(lambda: socket_path(settings).exists())
        assert await told(settings, capsys) == {"failed": 0, "groups": []}
        request = {"command": "failed", "act": "replay", "group": "c9"}
        with pytest.raises(RefusedError, match="unknown_cause"):
            await tell(settings, request, as_json=False)
        request["group"] = "nonsense"
        with pytest.raises(KarvonError, match="no cause, platform, account or batch"):
            await tell(settings, request, as_json=False)
