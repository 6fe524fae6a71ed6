"""The worker that adds new files of watched folders."""

from __future__ import annotations

import asyncio
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.chat.texts import plain
from bot.chat.watch_text import WATCH_TEXTS
from core.media.storage.open import folders_of
from core.settings import load_settings
from core.store.base import Tx
from core.store.sqlite import SqliteStore
from core.studio.assets import Added, Asset, Wanted
from core.studio.library import Library
from core.studio.mashup import AssetKind
from tests.clocks import ManualClock
from tests.library_kit import FolderShelf, clip, make_library, song
from workers.collector import IDLE_SECONDS, LOOK_SECONDS, Collector, CollectorDeps


@dataclass(slots=True)
class Said:
    """What the admins were told."""

    told: list[str] = field(default_factory=list)

    async def say(
        self,
        chat_id: int,
        sentence: str,
        *,
        facts: dict[str, Any] | None = None,
        tx: Tx | None = None,
    ) -> None:
        del tx
        self.told.append(f"{chat_id}: {plain(WATCH_TEXTS[sentence](facts or {}))}")


@dataclass(slots=True)
class World:
    """A watched folder and its library; `start` is what a new process does."""

    store: SqliteStore
    clock: ManualClock
    folder: Path
    library: Library
    collector: Collector
    said: Said
    base: Path

    def start(self) -> None:
        self.collector = Collector(
            CollectorDeps(
                library=self.library,
                store=self.store,
                clock=self.clock,
                posts=self.said,
                folders=[self.folder],
                admins=[7],
                apart=[self.base / "data"],
            )
        )

    def put(self, name: str, file: Path) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return Path(shutil.copy(file, path))

    async def looks(self, times: int = 2) -> int:
        return sum([await self.collector.look() for _ in range(times)])

    async def assets(self) -> tuple[Asset, ...]:
        return (await self.library.find(Wanted())).assets


@pytest.fixture
def world(store: SqliteStore, clock: ManualClock, tmp_path: Path) -> World:
    library = make_library(
        store, clock, tmp_path / "data/library", FolderShelf(tmp_path / "data/shelf")
    )
    folder = tmp_path / "watched"
    folder.mkdir()
    said = Said()
    deps = CollectorDeps(
        library=library, store=store, clock=clock, posts=said, folders=[folder], admins=[7]
    )
    made = World(store, clock, folder, library, Collector(deps), said, tmp_path)
    made.start()
    return made


async def test_a_file_is_added_once_it_stays_as_it_is(world: World) -> None:
    path = world.put("templates/upbeat/clip.mp4", clip())
    with path.open("r+b") as file:
        file.truncate(500)
    assert await world.looks(1) == 0
    shutil.copy(clip(), path)
    assert await world.looks(1) == 0
    assert await world.looks(1) == 1
    (asset,) = await world.assets()
    assert (asset.kind, asset.mood, asset.name) == (AssetKind.TEMPLATE, "upbeat", "clip")
    assert path.exists()
    assert world.said.told == []


async def test_a_file_that_somebody_has_open_to_write_is_left_until_it_is_closed(
    world: World,
) -> None:
    path = world.put("songs/song.mp3", song())
    now = world.clock.now().timestamp()
    with path.open("ab"):
        os.utime(path, (now, now))
        assert await world.looks(3) == 0
    assert await world.looks(1) == 1
    # Some programs never close a file.
    with world.put("clip.mp4", clip()).open("ab") as held:
        os.utime(held.name, (now, now))
        assert await world.looks(2) == 0
        os.utime(held.name, (now - IDLE_SECONDS, now - IDLE_SECONDS))
        assert await world.looks(2) == 1
    assert world.said.told == []


async def test_a_restart_adds_nothing_twice_and_brings_nothing_back(world: World) -> None:
    world.put("clip.mp4", clip())
    world.put("song.mp3", song())
    assert await world.looks() == 2
    await world.library.delete((await world.assets())[0].id)
    world.start()
    assert await world.looks(3) == 0
    assert len(await world.assets()) == 1
    world.put("clip.mp4", clip(colour="blue"))
    assert await world.looks() == 1


async def test_what_cannot_be_added_is_told_once_and_left(world: World) -> None:
    path = world.folder / "notes <b>.mp4"
    path.write_bytes(b"no media at all")
    world.put("templates/song.mp3", song())
    world.put("clip.mp4", clip())
    assert await world.looks(3) == 1
    world.start()
    assert await world.looks(3) == 0
    (told,) = world.said.told
    assert told.startswith("7: 📂 2 files")
    assert "notes <b>.mp4: The file is no video" in told
    assert "song.mp3: The file is a sound" in told
    assert path.read_bytes() == b"no media at all"


async def test_what_went_away_meanwhile_is_no_trouble(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [world.put(name, clip()) for name in ("a.mp4", "b.mp4")]
    add = world.library.add_opened

    async def taken(*values: Any, **more: Any) -> Added:
        paths[1].unlink()
        monkeypatch.setattr(world.library, "add_opened", add)
        return await add(*values, **more)

    monkeypatch.setattr(world.library, "add_opened", taken)
    assert await world.looks(3) == 1
    assert world.said.told == []


def test_the_folder_of_the_storage_is_not_watched(tmp_path: Path) -> None:
    place = {"storage": {"url": tmp_path.as_uri()}}
    assert folders_of(load_settings(overrides=place)) == [tmp_path]
    assert folders_of(load_settings(overrides={"storage": {"url": "s3://bucket"}})) == []


async def test_what_may_pass_is_told_once_and_tried_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.put("clip.mp4", clip())
    monkeypatch.setattr(world.library.incoming, "_min_free_bytes", 1 << 60)
    assert await world.looks(4) == 0
    assert len(world.said.told) == 1
    assert "disk is full" in world.said.told[0]
    monkeypatch.setattr(world.library.incoming, "_min_free_bytes", 0)
    assert await world.looks(1) == 1


async def test_a_folder_that_is_away_is_told_once_and_forgets_nothing(world: World) -> None:
    world.put("clip.mp4", clip())
    assert await world.looks() == 1
    away = world.folder.rename(world.base / "away")
    assert await world.looks(3) == 0
    assert len(world.said.told) == 1
    away.rename(world.folder)
    await world.library.delete((await world.assets())[0].id)
    assert await world.looks(3) == 0


async def test_a_folder_that_is_empty_for_a_while_brings_nothing_back(world: World) -> None:
    path = world.put("clip.mp4", clip())
    assert await world.looks() == 1
    await world.library.delete((await world.assets())[0].id)
    away = path.rename(world.base / "clip.mp4")
    assert await world.looks() == 0
    away.rename(path)
    assert await world.looks(3) == 0


async def test_it_looks_every_few_seconds(world: World) -> None:
    world.put("clip.mp4", clip())
    async with asyncio.TaskGroup() as group, asyncio.timeout(10):
        keeping = group.create_task(world.collector.keep())
        await world.clock.sleepers()
        assert await world.assets() == ()
        await world.clock.advance(LOOK_SECONDS)
        await world.clock.sleepers()
        keeping.cancel()
    assert len(await world.assets()) == 1
