"""``karvon library move``: alone, over the socket of a running Karvon, and refused."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.commands.library import tell as tell_library
from bot.commands.library_move import read_secret, tell
from bot.control import ask_running
from core.accounts.sealed_values import read_values
from core.errors import KarvonError
from core.settings import Settings
from core.studio.assets import NewAsset
from core.studio.mashup import AssetKind
from tests.integration.test_commands import make_settings, running
from tests.library_kit import clip
from tests.storage_kit import digest, make_file
from tests.terminal import Terminal, restored_log
from utils.sandbox.cloudinary import API_KEY, API_SECRET, Cloudinary
from utils.sandbox.server import Sandbox, SandboxOptions

CLOUD = "cloudinary://karvon/library"


@pytest.fixture(autouse=True)
def own_log() -> Iterator[None]:
    with restored_log():
        yield


@pytest.fixture
async def remotes() -> AsyncIterator[Sandbox]:
    async with Sandbox(SandboxOptions(), [Cloudinary]) as sandbox:
        yield sandbox


@pytest.fixture
def settings(remotes: Sandbox, tmp_path: Path) -> Settings:
    return make_settings(remotes, tmp_path / "data")


def request(remotes: Sandbox, **more: Any) -> dict[str, Any]:
    return {
        "command": "library",
        "action": "move",
        "url": CLOUD,
        "key_id": API_KEY,
        "secret": API_SECRET,
        "public_url": remotes.address("cloudinary"),
        **more,
    }


async def test_a_running_karvon_moves_its_library(
    remotes: Sandbox, settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = clip()
    size = len(path.read_bytes())
    async with running(settings) as app:
        shelves = app.parts.studio.shelves
        wanted = NewAsset(kind=AssetKind.SOURCE, name="clip")
        await app.parts.studio.library.add(path, wanted)

        # As a move that was killed left it: the next one is told how to go on.
        await shelves.places.redirect(CLOUD)
        stats = {"command": "library", "action": "stats"}
        assert await tell_library(settings, dict(stats), as_json=False) == 0
        assert f"go on with moving them: karvon library move {CLOUD}" in capsys.readouterr().out

        assert await tell(settings, request(remotes), as_json=True) == 0

        said = json.loads(capsys.readouterr().out)
        assert (said["storage"], said["files"], said["bytes"]) == (CLOUD, 1, size)
        assert await tell_library(settings, stats, as_json=True) == 0
        assert json.loads(capsys.readouterr().out)["unmoved"] is None
        assert (said["faults"], said["waiting"], said["is_configured"]) == ([], 0, False)
        assert "storage.url" in said["advice"]
        assert said["seconds"] >= 0
        async with shelves.file(digest(path)) as found:
            assert digest(found) == digest(path)
        # Back by its address alone; the keys are remembered, sealed.
        back = {"command": "library", "action": "move", "url": (tmp_path / "data/media").as_uri()}
        assert await tell(settings, back, as_json=False) == 0
        told = f"files moved to {back['url']}: 1 ("
        assert capsys.readouterr().out.startswith(told)
        again = {"command": "library", "action": "move", "url": CLOUD}
        assert await tell(settings, again, as_json=True) == 0
        values = await read_values(app.parts.store)
        assert [value.table for value in values] == ["storage"]
        change = await app.parts.keys.rotate()
        assert change.resealed == 1
    async with running(settings) as app:
        async with app.parts.studio.shelves.file(digest(path)) as found:
            assert digest(found) == digest(path)
        other = make_file(tmp_path, seed=3)
        stored = await app.parts.studio.shelves.put(digest(other), ".mp4", other)
        assert stored.storage == CLOUD
    for log in (tmp_path / "data" / "logs").glob("*"):
        assert API_SECRET not in log.read_text()


async def test_refusals_are_sentences(
    remotes: Sandbox, settings: Settings, tmp_path: Path
) -> None:
    async with running(settings):
        for more, words in (
            ({"secret": "wrongSecret77"}, "does not accept our keys"),
            ({"url": "ftp://x"}, "is no media storage"),
        ):
            with pytest.raises(KarvonError, match=words) as caught:
                await tell(settings, request(remotes, **more), as_json=True)
            assert "wrongSecret77" not in str(caught.value)
        answers = await ask_running(settings, request(remotes))
    assert answers is not None
    assert answers[-1]["ok"]
    assert API_SECRET not in json.dumps(answers)


def test_alone_it_moves_by_itself(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    terminal = Terminal(tmp_path, capsys)
    config = ("--config", str(tmp_path / "config.py"))
    target = (tmp_path / "other").as_uri()

    said = terminal.type(*config, "library", "move", target)

    assert said.code == 0
    assert said.out.startswith(
        f"files moved to {target}: 0 (0 bytes)\nNow set storage.url to {target}"
    )
    refused = terminal.type(*config, "library", "move", "nonsense")
    assert refused.code == 2
    assert refused.line.startswith("“nonsense” is no media storage.")


def test_the_secret_is_read_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    for text in ("secret=abc\n", "abc\nmore"):
        monkeypatch.setattr(sys, "stdin", io.StringIO(text))
        assert read_secret() == "abc"
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    with pytest.raises(KarvonError, match="standard input"):
        read_secret()
