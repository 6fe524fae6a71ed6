from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.media.probe import NotAVideoError
from core.media.spool import Spool
from core.media.watch import Watcher
from core.posts.models import MediaFacts
from tests.media_kit import encode, sound, video, webm


class Heard:
    """What the watcher told, and an event for the first of it."""

    def __init__(self) -> None:
        self.calls: list[tuple[MediaFacts, bool]] = []
        self.first = asyncio.Event()

    async def __call__(self, facts: MediaFacts, final: bool) -> None:
        self.calls.append((facts, final))
        self.first.set()


@pytest.fixture
async def spool(tmp_path: Path) -> AsyncIterator[Spool]:
    spool = Spool(tmp_path / "post-1.video")
    spool.open()
    yield spool
    spool.close()


async def test_facts_are_told_before_the_end_when_the_index_comes_first(spool: Spool) -> None:
    data, heard = video(seconds=20).read_bytes(), Heard()
    spool.announce(len(data))
    async with asyncio.TaskGroup() as group:
        watching = group.create_task(Watcher().watch(spool, heard))
        await spool.write(data[: len(data) // 2])
        await heard.first.wait()
        assert not heard.calls[0][1]
        await spool.write(data[len(data) // 2 :])
        spool.finish()

    assert [final for _, final in heard.calls] == [False, True]
    assert heard.calls[0][0] == heard.calls[1][0] == watching.result()


async def test_waits_for_the_end_when_the_index_comes_last(spool: Spool) -> None:
    data, heard = video(index_first=False, seconds=20).read_bytes(), Heard()
    spool.announce(len(data))
    async with asyncio.TaskGroup() as group:
        group.create_task(Watcher().watch(spool, heard))
        await spool.write(data[:-1])
        await asyncio.sleep(0)
        await spool.write(data[-1:])
        spool.finish()

    assert [final for _, final in heard.calls] == [True]
    assert heard.calls[0][0].index_first is False


async def test_small_file_is_probed_once(spool: Spool) -> None:
    data, heard = webm().read_bytes(), Heard()
    async with asyncio.TaskGroup() as group:
        group.create_task(Watcher().watch(spool, heard))
        await spool.write(data)
        spool.finish()

    assert [final for _, final in heard.calls] == [True]


async def test_size_stays_unknown_until_the_end(spool: Spool) -> None:
    data, heard = video(seconds=20).read_bytes(), Heard()
    async with asyncio.TaskGroup() as group:
        group.create_task(Watcher().watch(spool, heard))
        await spool.write(data[: len(data) // 2])
        await heard.first.wait()
        assert heard.calls[0][0].size_bytes is None
        await spool.write(data[len(data) // 2 :])
        spool.finish()

    assert heard.calls[-1][0].size_bytes == len(data)


async def test_how_long_fragments_last_is_told_when_all_have_come(spool: Spool) -> None:
    fragments = encode(
        "fragments.mp4",
        *("-i", str(video(seconds=20)), "-c", "copy"),
        *("-movflags", "+frag_keyframe+empty_moov+default_base_moof"),
    )
    data, heard = fragments.read_bytes(), Heard()
    async with asyncio.TaskGroup() as group:
        group.create_task(Watcher().watch(spool, heard))
        await spool.write(data[: len(data) // 2])
        await heard.first.wait()
        assert heard.calls[0][0].duration_seconds is None
        assert heard.calls[0][0].height == 180
        await spool.write(data[len(data) // 2 :])
        spool.finish()

    assert heard.calls[-1][0].duration_seconds == pytest.approx(20, abs=0.2)


async def test_facts_of_a_source_that_changed_are_taken_again(spool: Spool) -> None:
    old, new = video(seconds=20).read_bytes(), video(seconds=1, size="160x90").read_bytes()
    heard = Heard()
    spool.announce(len(old))
    async with asyncio.TaskGroup() as group:
        watching = group.create_task(Watcher().watch(spool, heard))
        await spool.write(old[:-1])
        await heard.first.wait()
        spool.reset()
        await spool.write(new)
        spool.finish()

    assert watching.result().width == 160
    assert heard.calls[-1] == (watching.result(), True)


async def test_what_is_no_video_is_told(spool: Spool) -> None:
    await spool.write(sound().read_bytes())
    spool.finish()

    with pytest.raises(NotAVideoError):
        await Watcher().watch(spool, Heard())
