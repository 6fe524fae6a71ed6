from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from core.errors import SourceError
from core.media.storage.base import Stored
from core.media.storage.folder import FolderStorage
from core.studio.errors import StudioError
from core.studio.library import Library
from core.studio.publishing import LibraryFiles
from core.studio.shelves import Shelves, StoredFile
from tests.storage_kit import (
    Desk,
    World,
    digest,
    fill,
    make_file,
    make_vault,
    make_world,
    open_desk,
    require_all,
    stored_in,
)

KINDS = ["folder", "cloudinary"]


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with make_world(tmp_path) as made:
        yield made


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def claims(desk: Desk) -> int:
    return len(await desk.store.all("shelves.claims"))


async def test_what_is_put_away_is_found(world: World, kind: str, tmp_path: Path) -> None:
    path = make_file(tmp_path)
    sha256 = digest(path)
    async with open_desk(world, kind) as desk:
        stored = await desk.shelves.put(sha256, ".MP4", path)

        assert stored == await desk.shelves.get(sha256)
        assert stored.key.endswith(".mp4")
        async with desk.shelves.file(sha256) as found:
            assert digest(found) == sha256
        assert await claims(desk) == 0
    async with open_desk(world, kind) as desk:
        await require_all(desk.shelves, {sha256: path})


async def test_a_folder_lends_its_own_file(world: World, tmp_path: Path) -> None:
    async with open_desk(world) as desk:
        [sha256] = await fill(desk.shelves, tmp_path, 1)
        async with desk.shelves.file(sha256) as found:
            assert found.is_relative_to(tmp_path / "library")


async def test_the_same_bytes_lie_once(world: World, kind: str, tmp_path: Path) -> None:
    path = make_file(tmp_path)
    async with open_desk(world, kind) as desk:
        async with asyncio.TaskGroup() as group:
            puts = [
                group.create_task(desk.shelves.put(digest(path), ".mp4", path)) for _ in range(5)
            ]
        assert len({one.result() for one in puts}) == 1
        assert stored_in(world, kind) == 1


async def test_a_file_that_was_lost_is_put_away_anew(world: World, tmp_path: Path) -> None:
    async with open_desk(world) as desk:
        files = await fill(desk.shelves, tmp_path, 1)
        [(sha256, path)] = files.items()
        async with desk.shelves.file(sha256) as found:
            found.unlink()

        await desk.shelves.put(sha256, ".mp4", path)

        await require_all(desk.shelves, files)
        assert await claims(desk) <= 1


async def test_a_put_that_fails_leaves_nothing(world: World, kind: str, tmp_path: Path) -> None:
    async with open_desk(world, kind) as desk:
        with pytest.raises(StudioError, match="storage_changed"):
            await desk.shelves.put("0" * 64, ".mp4", make_file(tmp_path))
        assert await desk.shelves.get("0" * 64) is None
        await desk.shelves.sweep()
        assert (stored_in(world, kind), await claims(desk)) == (0, 0)


async def test_deleted_with_its_last_user(world: World, kind: str, tmp_path: Path) -> None:
    async with open_desk(world, kind) as desk:
        [sha256] = await fill(desk.shelves, tmp_path, 1)
        async with desk.shelves.file(sha256) as found:
            await desk.shelves.delete(sha256)
            await desk.shelves.delete(sha256)
            assert digest(found) == sha256
            with pytest.raises(StudioError, match="storage_gone"):
                async with desk.shelves.file(sha256):
                    pass
            assert stored_in(world, kind) == 1
        assert stored_in(world, kind) == 0
        assert not found.exists()
        assert await claims(desk) == 0


async def test_what_somebody_holds_stays_where_it_was(world: World, tmp_path: Path) -> None:
    async with open_desk(world) as desk:
        [sha256] = await fill(desk.shelves, tmp_path, 1)
        await hold(desk, sha256)
        await desk.shelves.delete(sha256)
        assert stored_in(world, "folder") == 1
        assert await desk.shelves.waiting("elsewhere") == 1
        await release(desk)
        await desk.shelves.sweep()
        assert stored_in(world, "folder") == 0


async def hold(desk: Desk, sha256: str) -> None:
    values: dict[str, Any] = dict.fromkeys(
        ("suffix", "platform", "mood", "category", "licence", "origin", "attribution", "rights"),
        "",
    )
    values |= {"kind": "source", "sha256": sha256, "size_bytes": 1, "media": "video", "name": "x"}
    values |= {"facts": "{}", "tags": "[]", "seconds": 1.0, "thumbnail": 0, "added_by": 0}
    async with desk.store.transaction() as tx:
        row = await tx.one("library.insert", **values, now=0.0)
        assert row is not None
        await tx.run("library.hold", asset_id=row["id"], holder="post:1", now=0.0)


async def release(desk: Desk) -> None:
    async with desk.store.transaction() as tx:
        await tx.run("library.let_go", holder="post:1")


async def test_a_storage_that_is_away_keeps_what_is_to_be_deleted(
    world: World, tmp_path: Path
) -> None:
    async with open_desk(world, "cloudinary") as desk:
        [sha256] = await fill(desk.shelves, tmp_path, 1)
        world.sandbox.faults.add(
            {"service": "cloudinary", "step": "destroy", "action": "status", "times": 7}
        )
        await desk.shelves.delete(sha256)
        assert (stored_in(world, "cloudinary"), await claims(desk)) == (1, 1)
        assert await desk.shelves.sweep() == 0
        assert (stored_in(world, "cloudinary"), await claims(desk)) == (0, 0)


async def test_a_start_needs_no_storage(world: World, tmp_path: Path) -> None:
    async with open_desk(world, "cloudinary") as desk:
        files = await fill(desk.shelves, tmp_path, 1)
        await require_all(desk.shelves, files)
    world.sandbox.faults.add(
        {"service": "cloudinary", "step": "*", "action": "status", "times": 1000, "status": 500}
    )
    async with open_desk(world, "cloudinary") as desk:
        await require_all(desk.shelves, files)  # from its copy
        with pytest.raises(StudioError, match="storage_unreachable"):
            other = make_file(tmp_path, seed=5)
            await desk.shelves.put(digest(other), ".mp4", other)


async def test_a_bad_setting_keeps_nobody_from_starting(world: World, tmp_path: Path) -> None:
    async with open_desk(world) as desk:
        files = await fill(desk.shelves, tmp_path, 1)
    place = {**world.place("folder").model_dump(), "url": "cloudinary://karvon"}
    async with open_desk(world, storage=place) as desk:
        await require_all(desk.shelves, files)
        with pytest.raises(StudioError, match="storage_keys"):
            await desk.shelves.put("1" * 64, ".mp4", make_file(tmp_path))


async def test_files_are_found_after_the_settings_changed(world: World, tmp_path: Path) -> None:
    async with open_desk(world, "cloudinary") as desk:
        files = await fill(desk.shelves, tmp_path, 2)
    async with open_desk(world, "folder", library={"cache_bytes": 0}) as desk:
        await require_all(desk.shelves, files)
        more = await fill(desk.shelves, tmp_path, 3)
        assert {held.storage: held.files for held in await desk.shelves.held()} == {
            "cloudinary://karvon/library": 2,
            (tmp_path / "library").as_uri(): 1,
        }
        await require_all(desk.shelves, more)


async def test_secrets_lie_sealed_in_the_database(world: World, tmp_path: Path) -> None:
    async with open_desk(world, "cloudinary") as desk:
        await fill(desk.shelves, tmp_path, 1)
        [row] = await desk.store.all("shelves.storages")
    secret = world.place("cloudinary").secret.get_secret_value()
    assert secret not in str(dict(row))
    opened = make_vault().open(row["secret"], context=f"storage:{row['name']}", field="secret")
    assert opened == secret
    for path in (tmp_path / "data").glob("karvon.db*"):
        assert secret.encode() not in path.read_bytes()


async def test_a_changed_key_is_remembered(world: World, tmp_path: Path) -> None:
    async with open_desk(world, "cloudinary") as desk:
        files = await fill(desk.shelves, tmp_path, 1)
        bad = world.place("cloudinary").model_copy(update={"secret": SecretStr("x")})
        await desk.shelves.places.add(bad)
        await desk.shelves.places.add(world.place("cloudinary"))
        await require_all(desk.shelves, files)
        assert len(await desk.store.all("shelves.storages")) == 1


async def test_what_dead_writers_left_goes_at_the_start(world: World, tmp_path: Path) -> None:
    async with open_desk(world) as desk:
        await fill(desk.shelves, tmp_path, 1)
    left = tmp_path / "library" / ".unfinished" / "left"
    left.write_bytes(b"half")
    async with open_desk(world):
        assert not left.exists()


async def test_a_sweep_takes_nothing_that_was_put_away_while_it_ran(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_file(tmp_path, seed=9)
    writing, go, put, delete = (
        asyncio.Event(),
        asyncio.Event(),
        FolderStorage.put,
        FolderStorage.delete,
    )
    async with open_desk(world) as desk, asyncio.TaskGroup() as group:
        [old] = await fill(desk.shelves, tmp_path, 1)
        await hold(desk, old)
        await desk.shelves.delete(old)
        await release(desk)

        async def slow_put(self: FolderStorage, key: str, path: Path, **more: Any) -> Stored:
            writing.set()
            await go.wait()
            return await put(self, key, path, **more)

        async def slow_delete(self: FolderStorage, key: str) -> None:
            go.set()
            await asyncio.wait([putting])
            await delete(self, key)

        monkeypatch.setattr(FolderStorage, "put", slow_put)
        monkeypatch.setattr(FolderStorage, "delete", slow_delete)
        putting = group.create_task(desk.shelves.put(digest(path), ".mp4", path))
        await writing.wait()
        await desk.shelves.sweep()
        await require_all(desk.shelves, {digest(path): path})
        assert stored_in(world, "folder") == 1


async def test_what_is_just_being_committed_is_put_away_once(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who is cancelled while he commits lets go of his turn before others can read his row."""
    async with open_desk(world) as desk:
        files = await fill(desk.shelves, tmp_path, 1)
        [(sha256, path)] = files.items()
        get, asked = Shelves.get, list[str]()

        async def late(self: Shelves, sha256: str) -> StoredFile | None:
            asked.append(sha256)
            return None if len(asked) == 1 else await get(self, sha256)

        monkeypatch.setattr(Shelves, "get", late)
        await desk.shelves.put(sha256, ".mp4", path)
        await desk.shelves.sweep()
        await require_all(desk.shelves, files)
        assert (stored_in(world, "folder"), await claims(desk)) == (1, 0)


async def test_what_is_damaged_in_its_storage_is_put_away_anew(
    world: World, tmp_path: Path
) -> None:
    async with open_desk(world, "cloudinary", library={"cache_bytes": 0}) as desk:
        files = await fill(desk.shelves, tmp_path, 1)
        [(sha256, path)] = files.items()
        [(_, asset)] = world.sandbox.collection("cloudinary.assets").items()
        blob = world.sandbox.blob(asset["blob"])
        assert blob.path is not None
        blob.path.write_bytes(bytes(blob.size))
        with pytest.raises(StudioError, match="storage_damaged"):
            await require_all(desk.shelves, files)
        await desk.shelves.put(sha256, ".mp4", path)
        await require_all(desk.shelves, files)
        await desk.shelves.sweep()
        assert (stored_in(world, "cloudinary"), await claims(desk)) == (1, 0)


async def test_nobody_waits_for_what_is_never_there(world: World) -> None:
    async with open_desk(world) as desk:
        with pytest.raises(StudioError, match="storage_gone") as caught:
            async with desk.shelves.file("2" * 64):
                pass
        assert not caught.value.retry
        await desk.shelves.delete("2" * 64)


async def test_tidying_tries_again(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_desk(world) as desk:
        [sha256] = await fill(desk.shelves, tmp_path, 1)
        real = FolderStorage.delete
        failed: list[str] = []

        async def delete(self: FolderStorage, key: str) -> None:
            if not failed:
                failed.append(key)
                raise StudioError("storage_unreachable", {"storage": "x"}, retry=True)
            await real(self, key)
            gone.set()

        gone = asyncio.Event()
        monkeypatch.setattr(FolderStorage, "delete", delete)
        await desk.shelves.delete(sha256)
        async with asyncio.TaskGroup() as group:
            tidying = group.create_task(desk.shelves.tidy())
            await gone.wait()
            tidying.cancel()
        assert stored_in(world, "folder") == 0


def copied(world: World) -> list[Path]:
    return [*(world.folder / "data" / "copies").glob("*")]


def break_storage(world: World) -> None:
    world.sandbox.faults.add(
        {"service": "cloudinary", "step": "*", "action": "status", "times": 1000, "status": 500}
    )


async def test_what_was_put_away_elsewhere_is_its_own_copy(world: World, tmp_path: Path) -> None:
    path = make_file(tmp_path)
    sha256, content = digest(path), path.read_bytes()
    async with open_desk(world, "cloudinary") as desk:
        await desk.shelves.put(sha256, ".mp4", path, given=True)
        [copy] = copied(world)
        assert copy.samefile(path)
        path.unlink()
        break_storage(world)
        async with desk.shelves.file(sha256) as found:
            assert found.read_bytes() == content
        pieces = [piece async for piece in desk.shelves.open(sha256, 1000)]
        assert b"".join(pieces) == content[1000:]


async def test_what_lies_in_a_folder_or_may_change_is_not_copied(
    world: World, tmp_path: Path
) -> None:
    async with open_desk(world) as desk:
        path = make_file(tmp_path)
        await desk.shelves.put(digest(path), ".mp4", path, given=True)
    async with open_desk(world, "cloudinary") as desk:
        path = make_file(tmp_path, seed=2)
        await desk.shelves.put(digest(path), ".mp4", path)
    assert copied(world) == []


async def test_an_asset_is_read_from_its_storage_without_a_copy(
    world: World, kind: str, tmp_path: Path
) -> None:
    async with open_desk(world, kind) as desk:
        [(sha256, path)] = (await fill(desk.shelves, tmp_path, 1)).items()
        await hold(desk, sha256)
        library = Library(desk.store, world.clock, desk.shelves, folder=tmp_path / "in")
        files = LibraryFiles(library, desk.shelves)
        file = await files.find(1)
        assert file is not None
        assert (file.path is None) == (kind != "folder")
        assert await files.find(2) is None

        reading = files.read(file, 7000)
        first = await anext(reading)
        # Who reads keeps it, wherever it moves or who lets go of it.
        await release(desk)
        await desk.shelves.delete(sha256)
        rest = b"".join([first, *[piece async for piece in reading]])

        assert rest == path.read_bytes()[7000:]
        assert (copied(world), stored_in(world, kind)) == ([], 0)
        with pytest.raises(SourceError, match="source_gone"):
            await anext(files.read(file, 0))


async def test_a_storage_that_is_away_may_be_read_later(world: World, tmp_path: Path) -> None:
    async with open_desk(world, "cloudinary") as desk:
        [sha256] = await fill(desk.shelves, tmp_path, 1)
        await hold(desk, sha256)
        library = Library(desk.store, world.clock, desk.shelves, folder=tmp_path / "in")
        files = LibraryFiles(library, desk.shelves)
        file = await files.find(1)
        assert file is not None
        break_storage(world)
        with pytest.raises(SourceError, match="source_unavailable") as caught:
            await anext(files.read(file, 0))
        assert caught.value.retry
