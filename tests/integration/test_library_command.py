"""``karvon library``: alone and over the socket of a running Karvon."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.app import App
from bot.arguments import ASSET_KINDS
from bot.commands.library import tell
from bot.control import ask_running
from core.errors import KarvonError
from core.settings import Settings, load_settings
from core.studio.mashup import AssetKind
from tests.library_kit import clip, song, still
from tests.terminal import Terminal, restored_log


@pytest.fixture(autouse=True)
def own_log() -> Iterator[None]:
    with restored_log():
        yield


def test_the_command_knows_every_kind() -> None:
    assert set(ASSET_KINDS) == {kind.value for kind in AssetKind}


def test_without_a_running_karvon_it_works_by_itself(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal = Terminal(tmp_path, capsys)
    terminal.write("words.mp4", b"only words")
    config = ("--config", str(tmp_path / "config.py"))

    def library(*words: str) -> Any:  # noqa: ANN401 - JSON
        said = terminal.type(*config, "library", *words, "--json")
        return said.json | {"code": said.code}

    files = (str(clip()), str(tmp_path / "words.mp4"), str(clip()))
    added = library("add", *files, "--kind", "source", "--tag", "Sea", "--rights", "mine")
    assert [one["is_new"] for one in added["added"]] == [True, False]
    (failed,) = added["failed"]
    assert failed["key"] == "not_media"
    assert failed["message"].startswith("The file is no video, sound or picture")
    assert added["code"] == 1
    asset = added["added"][0]
    assert (asset["id"], asset["rights"], asset["tags"]) == (1, "mine", ["sea"])
    assert library("tag", "1", "+night", "-sea")["tags"] == ["night"]
    refused = terminal.type(*config, "library", "set", "1", "--mood", "x" * 99)
    assert (refused.code, refused.line) == (
        2, "“xxxxxxxxxxxxxxxxxxxx…” is too long; at most 60 characters are kept.",
    )  # fmt: skip
    assert "set: --platform" in terminal.type(*config, "library", "set", "1").line
    said = terminal.type(*config, "library", "list", "--tag", "night")
    assert "clip" in said.out
    assert "1 in all, page 1 of 1" in said.out


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    watched = tmp_path / "watched"
    watched.mkdir()
    return load_settings(
        overrides={
            "data_dir": str(tmp_path / "data"),
            "min_free_disk": 0,
            "groq": {"api_key": ""},
            "library": {"watch": [str(watched)]},
        }
    )


async def test_a_running_karvon_is_asked(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    async def library(action: str, **more: Any) -> Any:  # noqa: ANN401 - JSON
        request = {"command": "library", "action": action, **more}
        assert await tell(settings, request, as_json=True) == 0
        return json.loads(capsys.readouterr().out)

    stop = asyncio.Event()
    async with App(settings, chat=False) as app, asyncio.TaskGroup() as group:
        working = group.create_task(app.work(stop))
        try:
            while await ask_running(settings, {"command": "ping"}) is None:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            for file, kind in ((clip(), "template"), (song(), "audio"), (still(), "product")):
                await library("add", files=[str(file)], kind=kind, mood="upbeat")
            found = await library("list", text="cli", per_page=1)
            assert [one["kind"] for one in found["assets"]] == ["template"]
            assert (found["total"], found["pages"]) == (1, 1)
            number = found["assets"][0]["id"]
            renamed = await library("rename", id=number, name="Loop")
            assert renamed["name"] == "Loop"
            changed = await library("set", id=number, fields={"licence": "CC0"})
            assert changed["licence"] == "CC0"
            picked = await library("pick", kind="template", mood="upbeat", seed="1")
            assert [one["id"] for one in picked["assets"]] == [number]
            stats = {one["kind"]: one["count"] for one in (await library("stats"))["kinds"]}
            assert (stats["template"], stats["audio"], stats["hot"]) == (1, 1, 0)
            await app.parts.studio.library.hold([number], "render:1")
            gone = await library("delete", id=number)
            assert (gone["outcome"], gone["holders"]) == ("later", ["render:1"])
            shown = await library("show", id=number)
            assert (shown["is_going"], shown["holders"]) == (True, ["render:1"])
            assert shown["thumbnail"].endswith(f"{shown['sha256']}.jpg")
            with pytest.raises(KarvonError, match="not in the library"):
                await library("show", id=99)
            with pytest.raises(KarvonError, match="kind"):
                await library("pick", kind="film")
        finally:
            stop.set()
        await working
