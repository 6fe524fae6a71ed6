"""Pictures of a video whose file has left: what is fetched again, and what is said instead."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from core.errors import RefusedError, SourceError
from core.media.spools import Spools
from core.ports import Source
from core.posts.models import MediaFacts, Post
from tests.aftercare_kit import make_aftercare
from tests.factories import Desk, make_incoming
from tests.media_kit import digest, video
from workers.frames import MOST_BYTES, FrameDesk

JPEG = b"\xff\xd8\xff"


@dataclass(slots=True, kw_only=True)
class Stream:
    """A source that is opened once."""

    body: bytes = b""
    size: int | None = None
    error: SourceError | None = None
    local_path: str = ""
    start: int = 0
    version: str = ""
    is_closed: bool = False
    fingerprint: str = "x"

    async def open(self, offset: int, *, version: str = "") -> Stream:
        del offset, version
        if self.error is not None:
            raise self.error
        return self

    async def chunks(self) -> AsyncIterator[bytes]:
        for start in range(0, len(self.body), 10_000):
            yield self.body[start : start + 10_000]

    async def close(self) -> None:
        self.is_closed = True


@pytest.fixture
async def post(desk: Desk) -> Post:
    """A video with facts of a real one."""
    await desk.intake.receive(make_incoming())
    post = await desk.posts.require(1)
    body = video().read_bytes()
    facts = MediaFacts(size_bytes=len(body), duration_seconds=2.0)
    return replace(post, facts=facts, sha256=digest(body))


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """Takes pictures of a post from a source, with so much room on the disk."""

    desk: Desk
    folder: Path

    async def take(self, post: Post, stream: Stream, *, min_free_bytes: int = 0) -> list[bytes]:
        def open_source(spec: Mapping[str, Any]) -> Source:
            assert spec == post.source
            return stream

        async with Spools(self.folder, min_free_bytes=min_free_bytes) as spools:
            deps = make_aftercare(self.desk, self.folder)._deps
            changed = replace(deps, open_source=open_source, spools=spools)
            try:
                return await FrameDesk(changed).take(post)
            finally:
                assert not spools._wanted


@pytest.fixture
def room(desk: Desk, tmp_path: Path) -> Room:
    return Room(desk=desk, folder=tmp_path / "spool")


async def test_a_source_is_fetched_again_and_nothing_of_it_stays(room: Room, post: Post) -> None:
    stream = Stream(body=video().read_bytes())
    pictures = await room.take(post, stream)
    assert len({picture[:3] for picture in pictures}) == 1
    assert len(set(pictures)) == 3
    assert pictures[0].startswith(JPEG)
    assert stream.is_closed
    assert not list(room.folder.iterdir())


async def test_a_file_that_lies_here_is_used_in_place(room: Room, post: Post) -> None:
    pictures = await room.take(post, Stream(local_path=str(video())))
    assert len(pictures) == 3
    assert video().is_file()


@pytest.mark.parametrize(
    ("stream", "key"),
    [
        (Stream(error=SourceError(key="source_gone", retry=False)), "frames_no_file"),
        (Stream(error=SourceError(key="source_unavailable", retry=True)), "frames_not_now"),
        (Stream(size=MOST_BYTES + 1), "frames_too_large"),
        (Stream(body=b"another video"), "frames_no_file"),
        (Stream(local_path="/nowhere/at/all"), "frames_no_file"),
    ],
)
async def test_what_cannot_be_had_is_told(
    room: Room, post: Post, stream: Stream, key: str
) -> None:
    with pytest.raises(RefusedError, match=key):
        await room.take(post, stream)
    assert not room.folder.is_dir() or not list(room.folder.iterdir())


async def test_a_full_disk_is_left_alone(room: Room, post: Post) -> None:
    stream = Stream(body=video().read_bytes())
    with pytest.raises(RefusedError, match="frames_no_room"):
        await room.take(post, stream, min_free_bytes=1 << 62)
    assert not list(room.folder.iterdir())
