from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from core.media.storage.folder import FolderStorage
from core.studio.errors import StudioError
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
