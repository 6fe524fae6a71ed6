"""The library: adding, finding, changing, deleting."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import os
import tarfile
import threading
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from core.posts.models import MediaFacts
from core.store.base import Row
from core.store.sqlite import SqliteStore
from core.studio.assets import Added, Deleted, NewAsset, Wanted
from core.studio.errors import StudioError
from core.studio.examining import _video
from core.studio.library import Library
from core.studio.mashup import AssetKind
from tests.clocks import ManualClock
from tests.library_kit import FolderShelf, clip, make_library, plant, song, still

SOURCE = NewAsset(kind=AssetKind.SOURCE)


@pytest.fixture
def shelf(tmp_path: Path) -> FolderShelf:
    return FolderShelf(tmp_path / "shelf")


@pytest.fixture
def library(store: SqliteStore, clock: ManualClock, tmp_path: Path, shelf: FolderShelf) -> Library:
    return make_library(store, clock, tmp_path / "library", shelf)


def incoming(library: Library) -> list[Path]:
    return list(library.incoming.folder.iterdir())


async def test_a_video_is_kept_with_what_is_known_and_said_of_it(
    library: Library, shelf: FolderShelf
) -> None:
    said = NewAsset(
        kind=AssetKind.TEMPLATE,
        name="  Sea \u202eside\n",
        tags=frozenset({"#Calm", "blue"}),
        mood="Upbeat",
        attribution="Music by Ann",
        rights="licensed",
    )
    added = await library.add(clip(), said, user_id=5)
    asset = added.asset
    assert added.is_new
    assert (asset.name, asset.mood) == ("Sea side", "upbeat")
    assert asset.tags == {"calm", "blue"}
    assert (asset.media, asset.facts.width, asset.facts.height) == ("video", 160, 284)
    assert asset.sha256 == hashlib.sha256(clip().read_bytes()).hexdigest()
    assert (asset.added_by, asset.rights, asset.shelf) == (5, "licensed", ".mp4")
    assert shelf.files == {asset.sha256}
    assert await library.require(asset.id) == asset
    picture = library.thumbnail(asset)
    assert picture is not None
    assert picture.read_bytes().startswith(b"\xff\xd8")
    assert incoming(library) == []


async def test_same_bytes_and_kind_are_one_asset(library: Library, shelf: FolderShelf) -> None:
    first = await library.add(clip(), SOURCE)
    again = await library.add(clip(), NewAsset(kind=AssetKind.SOURCE, name="other"))
    other_kind = await library.add(clip(), NewAsset(kind=AssetKind.HOT))
    assert (again.is_new, again.asset) == (False, first.asset)
    assert other_kind.is_new
    assert other_kind.asset.facts == first.asset.facts
    assert len(shelf.files) == 1
    await library.delete(first.asset.id)
    assert len(shelf.files) == 1
    await library.delete(other_kind.asset.id)
    assert shelf.files == set()
    assert library.thumbnail(other_kind.asset) is None


async def test_two_adds_of_the_same_bytes_at_once_make_one_asset(library: Library) -> None:
    added: list[Added] = []

    async def add() -> None:
        added.append(await library.add(clip(), SOURCE))

    async with asyncio.TaskGroup() as group:
        for _ in range(4):
            _ = group.create_task(add())
    assert Counter(one.is_new for one in added) == {True: 1, False: 3}
    assert len({one.asset.id for one in added}) == 1


async def test_sound_and_pictures_have_their_facts(library: Library) -> None:
    sound = (await library.add(song(), NewAsset(kind=AssetKind.AUDIO))).asset
    picture = (await library.add(still(), NewAsset(kind=AssetKind.PRODUCT))).asset
    assert (sound.media, sound.shelf, sound.facts.has_audio) == ("audio", ".mp3", True)
    assert sound.seconds == pytest.approx(2, abs=0.1)
    assert (picture.media, picture.shelf, picture.facts.height) == ("image", ".png", 284)
    assert picture.seconds == 0
    assert library.thumbnail(sound)
    assert library.thumbnail(picture)


@pytest.mark.parametrize(
    ("content", "kind", "key"),
    [
        (b"", "source", "empty_file"),
        (b"only text, no media\n" * 50, "source", "not_media"),
        (b"#EXTM3U\n#EXTINF:1,\nfile:///etc/hostname\n", "audio", "not_media"),
        (b"ffconcat version 1.0\nfile /etc/hostname\n", "source", "not_media"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "product", "not_media"),
        (b"\0\0\0\x1cftypheic" + b"x" * 100, "product", "not_media"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 100, "product", "broken_media"),
        (b"\xff\xd8\xff" + b"x" * 100, "product", "broken_media"),
    ],
)
async def test_what_is_no_media_is_refused_and_leaves_nothing(
    library: Library, shelf: FolderShelf, tmp_path: Path, content: bytes, kind: str, key: str
) -> None:
    path = tmp_path / "file.mp4"
    path.write_bytes(content)
    with pytest.raises(StudioError) as refused:
        await library.add(path, NewAsset(kind=AssetKind(kind)))
    assert refused.value.key == key
    assert shelf.files == set()
    assert incoming(library) == []


@pytest.mark.parametrize("pack", ["w", "zip"])
async def test_a_sound_in_an_archive_is_no_sound(
    library: Library, tmp_path: Path, pack: str
) -> None:
    path = tmp_path / "song.mp3"
    if pack == "zip":
        with zipfile.ZipFile(path, "w") as packed:
            packed.write(song(), "song.mp3")
    else:
        with tarfile.open(path, "w") as packed_too:
            packed_too.add(song(), "song.mp3")
    with pytest.raises(StudioError, match="not_media"):
        await library.add(path, NewAsset(kind=AssetKind.AUDIO))


async def test_a_kind_takes_only_its_media(library: Library, shelf: FolderShelf) -> None:
    with pytest.raises(StudioError, match="wrong_media"):
        await library.add(song(), SOURCE)
    await library.add(still(), NewAsset(kind=AssetKind.PRODUCT))
    with pytest.raises(StudioError, match="wrong_media"):
        await library.add(still(), NewAsset(kind=AssetKind.HOT))
    assert len(shelf.files) == 1


async def test_a_cut_off_video_is_refused(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "cut.mp4"
    path.write_bytes(clip().read_bytes()[:-1500])
    with pytest.raises(StudioError, match="cut_off"):
        await library.add(path, SOURCE)


async def test_only_files_are_read(library: Library, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    names = (
        ("pipe", "not_a_file"),
        ("", "not_a_file"),
        ("gone", "cannot_read"),
        ("bad\0", "cannot_read"),
    )
    for name, key in names:
        with pytest.raises(StudioError, match=key):
            await library.add(tmp_path / name, SOURCE)


async def test_sizes_and_room_are_limited(
    store: SqliteStore, clock: ManualClock, tmp_path: Path, shelf: FolderShelf
) -> None:
    small = Library(store, clock, shelf, folder=tmp_path / "a", max_bytes=100)
    with pytest.raises(StudioError, match="too_big"):
        await small.add(clip(), SOURCE)
    full = Library(store, clock, shelf, folder=tmp_path / "b", min_free_bytes=1 << 60)
    with pytest.raises(StudioError, match="disk_full") as refused:
        await full.add(clip(), SOURCE)
    assert refused.value.retry


async def test_the_words_of_an_asset_find_it(library: Library) -> None:
    said = NewAsset(
        kind=AssetKind.TEMPLATE,
        name="Ёлка у моря — 海边日落 Café",
        tags=frozenset({"o\u02bbzbek"}),
        mood="upbeat",
        attribution="Ann O'Neil",
    )
    asset = (await library.add(clip(), said)).asset
    await library.add(clip(colour="blue"), NewAsset(kind=AssetKind.TEMPLATE, name="plain"))
    for text in ("елк мор", "日落", "海边", "cafe", "CAFÉ", "o'zb", "ozbek", "upb", "oneil"):
        found = await library.find(Wanted(text=text))
        assert [one.id for one in found.assets] == [asset.id], text
    await library.rename(asset.id, "Mountain")
    await library.tag(asset.id, add=["snow"], remove=["o\u02bbzbek"])
    assert (await library.find(Wanted(text="日落"))).total == 0
    assert (await library.find(Wanted(text="ozbek"))).total == 0
    assert (await library.find(Wanted(text="mount snow"))).total == 1
    await library.delete(asset.id)
    assert (await library.find(Wanted(text="mount"))).total == 0


@pytest.mark.parametrize(
    "text",
    ['"', "a OR b", "name:x", "NEAR(a b)", "* ^ + -", "a\0b", "x" * 5000, "'; DROP TABLE assets",
     "\udc80", "_", "(", "-plain", "{name}: plain"],
)  # fmt: skip
async def test_what_is_typed_never_becomes_syntax(
    store: SqliteStore, library: Library, text: str
) -> None:
    await plant(store, 1)
    found = await library.find(Wanted(text=text))
    assert (found.assets, found.total) == ((), 0)


async def test_matches_of_the_name_come_first_then_the_newest(library: Library) -> None:
    ids = []
    for colour, name in (("red", "x"), ("green", "cat"), ("blue", "cat")):
        attribution = "cat" if name == "x" else ""
        path = clip(colour=colour)
        said = NewAsset(kind=AssetKind.SOURCE, name=name, attribution=attribution)
        ids.append((await library.add(path, said)).asset.id)
    found = await library.find(Wanted(text="cat"))
    assert [one.id for one in found.assets] == [ids[2], ids[1], ids[0]]


async def test_pages_and_filters(store: SqliteStore, library: Library) -> None:
    await plant(store, 5)
    page = await library.find(Wanted(kind=AssetKind.TEMPLATE, page=2, per_page=2))
    assert ([one.id for one in page.assets], page.total) == ([3, 2], 5)
    assert (await library.find(Wanted(kind=AssetKind.AUDIO))).total == 0
    assert (await library.find(Wanted(mood="Upbeat"))).total == 2
    await library.tag(4, add=["#New"])
    assert [one.id for one in (await library.find(Wanted(tag="new"))).assets] == [4]
    assert await library.tags() == [("new", 1)]
    assert await library.moods(AssetKind.TEMPLATE) == [("upbeat", 2)]


async def test_what_is_said_can_be_changed_within_bounds(
    store: SqliteStore, library: Library
) -> None:
    await plant(store, 1)
    changed = await library.set(1, licence=" CC-BY  4.0 ", rights="mine", platform="TikTok")
    assert (changed.licence, changed.rights, changed.platform) == ("CC-BY 4.0", "mine", "tiktok")
    for fields, key in (
        ({"rights": "stolen"}, "unknown_rights"),
        ({"kind": "hot"}, "unknown_field"),
        ({"mood": "x" * 100}, "text_too_long"),
    ):
        with pytest.raises(StudioError, match=key):
            await library.set(1, **fields)
    with pytest.raises(StudioError, match="no_name"):
        await library.rename(1, " \n")
    with pytest.raises(StudioError, match="too_many_tags"):
        await library.tag(1, add=[f"t{number}" for number in range(60)])
    for number in (9, 0, -1, 2**70):
        with pytest.raises(StudioError, match="no_asset"):
            await library.tag(number, add=["x"])
        with pytest.raises(StudioError, match="no_asset"):
            await library.delete(number)
    assert (await library.find(Wanted(page=2**70, per_page=2**70))).total == 1


async def test_stats_are_by_kind(store: SqliteStore, library: Library) -> None:
    await plant(store, 3)
    await library.use([1, 2], "render:1")
    stats = {one.kind: one for one in await library.stats()}
    template = stats[AssetKind.TEMPLATE]
    assert (template.count, template.size_bytes, template.uses) == (3, 30, 2)
    assert template.seconds == pytest.approx(4.5)
    assert len(stats) == len(AssetKind)


async def test_what_is_held_goes_with_its_last_holder(
    library: Library, shelf: FolderShelf
) -> None:
    asset = (await library.add(clip(), SOURCE)).asset
    await library.hold([asset.id], "render:1")
    await library.hold([asset.id], "render:2")
    assert await library.counts.holders(asset.id) == ["render:1", "render:2"]
    assert await library.delete(asset.id) is Deleted.LATER
    assert (await library.find(Wanted())).total == 0
    await library.release("render:1")
    assert shelf.files == {asset.sha256}
    await library.hold([asset.id], "render:2")
    with pytest.raises(StudioError, match="no_asset"):
        await library.hold([asset.id], "render:3")
    await library.release("render:2")
    assert shelf.files == set()
    assert await library.get(asset.id) is None


async def test_adding_again_what_waits_to_go_keeps_it(library: Library) -> None:
    asset = (await library.add(clip(), SOURCE)).asset
    await library.hold([asset.id], "render:1")
    await library.delete(asset.id)
    added = await library.add(clip(), NewAsset(kind=AssetKind.SOURCE, name="back"))
    assert (added.is_new, added.asset.id, added.asset.name) == (False, asset.id, "back")
    await library.release("render:1")
    assert (await library.find(Wanted(text="back"))).total == 1


async def test_what_goes_while_it_is_added_again_is_added_anew(
    store: SqliteStore, library: Library, shelf: FolderShelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    asset = (await library.add(clip(), SOURCE)).asset
    await library.hold([asset.id], "render:1")
    await library.delete(asset.id)
    put = FolderShelf.put

    async def slow(self: FolderShelf, *values: Any, **more: Any) -> None:
        async with store.transaction() as tx:
            await library.release("render:1", tx)
        await put(self, *values, **more)

    monkeypatch.setattr(FolderShelf, "put", slow)
    added = await library.add(clip(), NewAsset(kind=AssetKind.SOURCE, name="back"))
    await library.clear()
    assert (added.is_new, added.asset.name) == (True, "back")
    assert shelf.files == {asset.sha256}
    assert library.thumbnail(added.asset)


async def test_what_is_just_being_committed_is_neither_added_twice_nor_removed(
    library: Library, shelf: FolderShelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who is cancelled while he commits lets go of his turn before others can read his row."""
    asset = (await library.add(clip(), SOURCE)).asset
    read = SqliteStore.all

    async def late(self: SqliteStore, name: str, /, **more: Any) -> list[Row]:
        return [] if name == "library.of_bytes" else await read(self, name, **more)

    monkeypatch.setattr(SqliteStore, "all", late)
    again = await library.add(clip(), SOURCE)
    assert (again.is_new, again.asset) == (False, asset)
    library._files.leave([asset.sha256])
    await library.clear()
    assert shelf.files == {asset.sha256}


async def test_a_copy_that_is_cancelled_while_it_is_created_leaves_nothing(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, loop = clip(), asyncio.get_running_loop()
    begun, go = asyncio.Event(), threading.Event()

    def slow(path: Path) -> BinaryIO:
        loop.call_soon_threadsafe(begun.set)
        assert go.wait(5)
        return path.open("xb")

    monkeypatch.setattr("core.studio.incoming.create", slow)
    async with asyncio.TaskGroup() as group:
        adding = group.create_task(library.add(path, SOURCE))
        await begun.wait()
        adding.cancel()
        loop.call_soon(go.set)
    assert incoming(library) == []


@pytest.mark.parametrize(
    ("number", "key"), [(errno.ENOSPC, "disk_full"), (errno.EROFS, "cannot_write")]
)
async def test_a_disk_that_takes_nothing_is_told_wherever_it_fails(
    library: Library, monkeypatch: pytest.MonkeyPatch, number: int, key: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    path = clip()
    for place in ("save_picture", "mkdir", "fsync"):
        with monkeypatch.context() as patch:
            owner = {"save_picture": library._files, "mkdir": Path, "fsync": os}[place]
            patch.setattr(owner, place, refuse)
            with pytest.raises(StudioError, match=key) as refused:
                await library.add(path, SOURCE)
        assert refused.value.retry
    assert (await library.find(Wanted())).total == 0


async def test_a_video_of_too_many_pixels_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    facts = MediaFacts(size_bytes=1, width=20_000, height=20_000, duration_seconds=1.0)
    with pytest.raises(StudioError, match="large_picture"):
        await _video(tmp_path / "nothing.mp4", facts)


async def test_a_use_counts_once_and_can_be_taken_back(
    store: SqliteStore, library: Library, clock: ManualClock
) -> None:
    await plant(store, 1)
    await library.use([1], "render:1")
    await library.use([1], "render:1", accounts=[7, 8])
    assert (await library.require(1)).uses == 1
    await clock.advance(60)
    await library.use([1], "render:2")
    assert (await library.require(1)).last_used_at == clock.now()
    await library.unuse("render:2")
    used = await library.require(1)
    assert used.uses == 1
    assert used.last_used_at is not None
    assert used.last_used_at < clock.now()


async def test_what_cannot_be_removed_is_tried_again(
    library: Library, shelf: FolderShelf, clock: ManualClock
) -> None:
    asset = (await library.add(clip(), SOURCE)).asset
    shelf.broken = OSError("away")
    await library.delete(asset.id)
    shelf.broken = None
    async with asyncio.TaskGroup() as group:
        tidy = group.create_task(library.tidy())
        async with asyncio.timeout(5):
            await shelf.emptied.wait()
        tidy.cancel()
    assert shelf.files == set()
    assert shelf.deleted == [asset.sha256]


async def test_a_row_that_cannot_be_written_leaves_no_file(
    library: Library, shelf: FolderShelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(library, "_index", refuse)
    with pytest.raises(OSError, match="full"):
        await library.add(clip(), SOURCE)
    await library.clear()
    assert shelf.files == set()
    assert (await library.find(Wanted())).total == 0
