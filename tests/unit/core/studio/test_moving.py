from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from core.media.storage.base import Stored
from core.media.storage.cloudinary import CloudinaryStorage
from core.media.storage.folder import FolderStorage
from core.settings import StorageSettings
from core.studio.errors import StudioError
from core.studio.moving import CHECK, Moved, Moving
from core.studio.shelves import Shelves
from tests.storage_kit import (
    Desk,
    World,
    digest,
    fill,
    make_file,
    make_world,
    open_desk,
    require_all,
    stored_in,
)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with make_world(tmp_path) as made:
        yield made


async def move(desk: Desk, place: StorageSettings, told: list[Moving] | None = None) -> Moved:
    return await desk.mover.move(place, (told if told is not None else []).append)


async def claims(desk: Desk) -> int:
    return len(await desk.store.all("shelves.claims"))


@pytest.mark.parametrize(
    ("source", "target"),
    [("folder", "cloudinary"), ("cloudinary", "folder"), ("folder", "s3"), ("s3", "folder")],
)
async def test_everything_moves(world: World, tmp_path: Path, source: str, target: str) -> None:
    told: list[Moving] = []
    async with open_desk(world, source) as desk:
        files = await fill(desk.shelves, tmp_path, 4)
        moved = await move(desk, world.place(target), told)

        assert (moved.files, moved.faults, moved.waiting) == (4, (), 0)
        assert moved.bytes == sum(path.stat().st_size for path in files.values())
        assert [held.files for held in await desk.shelves.held()] == [4]
        await require_all(desk.shelves, files)
        assert await claims(desk) == 0
        for kind, count in ((source, 0), (target, 4)):
            if kind != "s3":
                assert stored_in(world, kind) == count
    assert told[0] == Moving(files_total=4, bytes_total=moved.bytes)
    assert (told[-1].files, told[-1].bytes) == (4, moved.bytes)
    assert not moved.is_configured


async def test_there_and_back(world: World, tmp_path: Path) -> None:
    async with open_desk(world) as desk:
        files = await fill(desk.shelves, tmp_path, 3)
        await move(desk, world.place("cloudinary"))
        back = await move(desk, world.place("folder"))
        assert (back.files, back.is_configured) == (3, True)
        assert (stored_in(world, "folder"), stored_in(world, "cloudinary")) == (3, 0)
        await require_all(desk.shelves, files)
        again = await move(desk, world.place("folder"))
        assert again.files == 0


async def test_new_files_go_to_the_new_place_from_the_start(world: World, tmp_path: Path) -> None:
    async with open_desk(world) as desk:
        files = await fill(desk.shelves, tmp_path, 2)
        path = make_file(tmp_path, seed=77)
        during: list[asyncio.Task[Any]] = []

        async with asyncio.TaskGroup() as group:

            def on_moving(now: Moving) -> None:
                if not during:
                    put = desk.shelves.put(digest(path), ".mp4", path)
                    during.append(group.create_task(put))

            await desk.mover.move(world.place("cloudinary"), on_moving)
        assert during[0].result().storage == "cloudinary://karvon/library"
        await require_all(desk.shelves, {**files, digest(path): path})
    # The settings still name the folder.
    async with open_desk(world) as desk:
        later = make_file(tmp_path, seed=78)
        stored = await desk.shelves.put(digest(later), ".mp4", later)
        assert stored.storage == "cloudinary://karvon/library"
    # A person changes them; the old place can be chosen again after that.
    async with open_desk(world, "cloudinary"):
        pass
    async with open_desk(world) as desk:
        last = make_file(tmp_path, seed=79)
        stored = await desk.shelves.put(digest(last), ".mp4", last)
        assert stored.storage == (tmp_path / "library").as_uri()


async def test_what_is_being_put_away_moves_too(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go, real = asyncio.Event(), asyncio.Event(), FolderStorage.put

    async def slow(self: FolderStorage, key: str, path: Path, **more: Any) -> Stored:
        begun.set()
        await go.wait()
        return await real(self, key, path, **more)

    async def wait(self: Shelves) -> None:
        go.set()
        await put_so_far(self)

    put_so_far = Shelves.put_so_far
    async with open_desk(world) as desk, asyncio.TaskGroup() as group:
        monkeypatch.setattr(FolderStorage, "put", slow)
        monkeypatch.setattr(Shelves, "put_so_far", wait)
        path = make_file(tmp_path)
        group.create_task(desk.shelves.put(digest(path), ".mp4", path))
        await begun.wait()
        moved = await move(desk, world.place("cloudinary"))
        assert moved.files == 1
        assert stored_in(world, "folder") == 0


async def test_readers_keep_the_old_file_until_they_end(world: World, tmp_path: Path) -> None:
    async with open_desk(world) as desk:
        files = await fill(desk.shelves, tmp_path, 1)
        [(sha256, path)] = files.items()
        async with desk.shelves.file(sha256) as old:
            moved = await move(desk, world.place("cloudinary"))
            assert moved.waiting == 1
            assert old.read_bytes() == path.read_bytes()
            await require_all(desk.shelves, files)
        assert stored_in(world, "folder") == 0
        assert await claims(desk) == 0


async def test_a_file_deleted_meanwhile_is_gone(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_desk(world) as desk:
        files = await fill(desk.shelves, tmp_path, 2)
        real, doomed = CloudinaryStorage.put, max(files)

        async def put(self: CloudinaryStorage, key: str, path: Path, **more: Any) -> Stored:
            stored = await real(self, key, path, **more)
            if doomed in key:
                await desk.shelves.delete(doomed)
            return stored

        monkeypatch.setattr(CloudinaryStorage, "put", put)
        moved = await move(desk, world.place("cloudinary"))

        assert (moved.files, moved.faults, moved.waiting) == (1, (), 0)
        assert (stored_in(world, "folder"), stored_in(world, "cloudinary")) == (0, 1)
        assert await desk.shelves.get(doomed) is None


async def test_what_is_wrong_with_one_file_does_not_keep_the_others(
    world: World, tmp_path: Path
) -> None:
    async with open_desk(world) as desk:
        files = await fill(desk.shelves, tmp_path, 4)
        lost, damaged, *_ = sorted(files)
        async with desk.shelves.file(lost) as path:
            path.unlink()
        async with desk.shelves.file(damaged) as path:
            path.write_bytes(b"x" * path.stat().st_size)

        moved = await move(desk, world.place("cloudinary"))

        assert moved.files == 2
        assert dict(moved.faults) == {lost: "storage_gone", damaged: "storage_changed"}
        assert stored_in(world, "folder") == 1
        assert stored_in(world, "cloudinary") == 2


async def test_a_copy_that_differs_is_made_anew(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_desk(world) as desk:
        files = await fill(desk.shelves, tmp_path, 1)
        real, puts = FolderStorage.put, []

        async def put(self: FolderStorage, key: str, path: Path, **more: Any) -> Stored:
            stored = await real(self, key, path, **{**more, "given": False})
            if not key.endswith(CHECK):
                puts.append(key)
            if len(puts) == 1:
                local = self.local(key)
                assert local is not None
                local.write_bytes(b"x" * stored.size_bytes)
            return stored

        monkeypatch.setattr(FolderStorage, "put", put)
        moved = await move(desk, world.place("folder", "other"))
        assert (moved.files, len(puts)) == (1, 2)
        await require_all(desk.shelves, files)
        assert (stored_in(world, "folder"), stored_in(world, "folder", "other")) == (0, 1)


async def test_a_place_that_cannot_be_used_changes_nothing(world: World, tmp_path: Path) -> None:
    bad = world.place("cloudinary").model_copy(update={"key_id": "1"})
    async with open_desk(world) as desk:
        await fill(desk.shelves, tmp_path, 1)
        for place, key in (
            (bad, "storage_sign_in"),
            (StorageSettings(url="cloudinary://karvon"), "storage_keys"),
            (StorageSettings(url="ftp://x"), "storage_url"),
        ):
            with pytest.raises(StudioError, match=key):
                await move(desk, place)
        later = make_file(tmp_path, seed=5)
        stored = await desk.shelves.put(digest(later), ".mp4", later)
        assert stored.storage == (tmp_path / "library").as_uri()


async def test_cancelled_while_it_looks_at_a_place_it_leaves_nothing_there(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, real = asyncio.Event(), FolderStorage.delete

    async def never(*_: object) -> None:
        begun.set()
        await asyncio.Future()

    async with open_desk(world) as desk:
        monkeypatch.setattr(FolderStorage, "delete", never)
        async with asyncio.TaskGroup() as group:
            moving = group.create_task(move(desk, world.place("folder", "other")))
            await begun.wait()
            moving.cancel()
        assert stored_in(world, "folder", "other") == 1
        monkeypatch.setattr(FolderStorage, "delete", real)
        await desk.shelves.sweep()
        assert (stored_in(world, "folder", "other"), await claims(desk)) == (0, 0)


async def test_from_a_setting_that_never_worked(world: World, tmp_path: Path) -> None:
    place = {**world.place("folder").model_dump(), "url": "cloudinary://karvon"}
    async with open_desk(world, storage=place) as desk:
        moved = await move(desk, world.place("folder"))
        assert (moved.files, moved.is_configured) == (0, False)
        await require_all(desk.shelves, await fill(desk.shelves, tmp_path, 1))
    async with open_desk(world, storage=place) as desk:
        later = make_file(tmp_path, seed=5)
        assert (await desk.shelves.put(digest(later), ".mp4", later)).storage == moved.storage


async def test_an_interrupted_move_goes_on(world: World, tmp_path: Path) -> None:
    async with open_desk(world) as desk:
        files = await fill(desk.shelves, tmp_path, 4)
        world.sandbox.faults.add(
            {
                "service": "cloudinary",
                "step": "upload",
                "action": "status",
                "nth": 4,
                "times": 100,
            }
        )
        with pytest.raises(StudioError, match="storage_unreachable") as caught:
            await move(desk, world.place("cloudinary"))
        assert caught.value.retry
        assert (stored_in(world, "folder"), stored_in(world, "cloudinary")) == (2, 2)
        await require_all(desk.shelves, files)
        world.sandbox.release()

        moved = await move(desk, world.place("cloudinary"))

        assert moved.files == 2
        await require_all(desk.shelves, files)
        assert (stored_in(world, "folder"), await claims(desk)) == (0, 0)


async def test_a_cancelled_move_goes_on(world: World, tmp_path: Path) -> None:
    async with open_desk(world) as desk:
        files = await fill(desk.shelves, tmp_path, 3)
        half = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            moving = group.create_task(
                desk.mover.move(
                    world.place("cloudinary"), lambda now: half.set() if now.files else None
                )
            )
            await half.wait()
            moving.cancel()
        await move(desk, world.place("cloudinary"))
        await require_all(desk.shelves, files)
        assert (stored_in(world, "folder"), stored_in(world, "cloudinary")) == (0, 3)


async def test_one_move_at_a_time(world: World, tmp_path: Path) -> None:
    async with open_desk(world) as desk:
        await fill(desk.shelves, tmp_path, 1)
        refusals: list[str] = []

        def on_moving(now: Moving) -> None:
            del now
            with pytest.raises(StudioError) as caught:
                move(desk, world.place("folder", "third")).send(None)
            refusals.append(caught.value.key)

        await desk.mover.move(world.place("folder", "other"), on_moving)
        assert set(refusals) == {"storage_moving"}


async def test_known_places_need_no_keys_again(world: World, tmp_path: Path) -> None:
    async with open_desk(world, "cloudinary") as desk:
        await fill(desk.shelves, tmp_path, 1)
        await move(desk, world.place("folder"))
    async with open_desk(world, "folder") as desk:
        bare = StorageSettings(url="cloudinary://karvon/library")
        assert await desk.mover.resolve(bare) == world.place("cloudinary")
        other = StorageSettings(url="cloudinary://karvon/library", key_id="new")
        assert await desk.mover.resolve(other) == other
        new = StorageSettings(url="s3://bucket/x")
        assert await desk.mover.resolve(new) == new


@pytest.mark.timeout(90)
@pytest.mark.parametrize(
    "step", ["claimed", "copying", "copied", "compared", "switched", "deleted"]
)
async def test_killed_at_any_step_it_goes_on(world: World, tmp_path: Path, step: str) -> None:
    source, target = world.place("folder"), world.place("folder", "other")
    async with open_desk(world) as desk:
        files = await fill(desk.shelves, tmp_path, 3)
    arguments = (str(tmp_path / "data"), source.url, target.url, step)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.mortal_move", *arguments
    )
    assert await process.wait() == -signal.SIGKILL

    async with open_desk(world) as desk:
        await require_all(desk.shelves, files)
        assert await claims(desk) == 0
        assert stored_in(world, "folder") + stored_in(world, "folder", "other") == 3
        moved = await move(desk, target)
        assert 1 <= moved.files <= 2
        await require_all(desk.shelves, files)
        assert (stored_in(world, "folder"), stored_in(world, "folder", "other")) == (0, 3)
