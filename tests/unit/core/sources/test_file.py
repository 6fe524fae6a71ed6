from __future__ import annotations

import os
from pathlib import Path

import pytest

from core.errors import SourceError
from core.sources.base import download_session
from core.sources.file import FileSource
from core.sources.guard import Guard
from core.sources.registry import LinkAccess, SourceAccess, open_source
from tests.media_kit import noise

DATA = noise(2_500_000)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "mine.mp4"
    path.write_bytes(DATA)
    return path


async def test_file_is_there_at_once(path: Path) -> None:
    stream = await FileSource(path).open(0)

    assert stream.local_path == str(path)
    assert stream.size == len(DATA)


async def test_bytes_can_be_read_from_anywhere(path: Path) -> None:
    stream = await FileSource(path).open(100)

    assert b"".join([chunk async for chunk in stream.chunks()]) == DATA[100:]


async def test_changed_file_starts_over(path: Path) -> None:
    before = await FileSource(path).open(0)
    os.utime(path, ns=(1, 1))
    after = await FileSource(path).open(100, version=before.version)

    assert after.start == 0
    assert after.version != before.version


async def test_missing_empty_and_foreign_things_are_told(tmp_path: Path) -> None:
    empty = tmp_path / "empty.mp4"
    empty.touch()
    for path, key in ((tmp_path / "no", "source_gone"), (empty, "empty_file"), (tmp_path, "")):
        with pytest.raises(SourceError) as caught:
            await FileSource(path).open(0)
        assert caught.value.key == (key or "not_a_file")


async def test_each_kind_has_its_source(path: Path) -> None:
    async with download_session() as session:
        access = SourceAccess(
            session=session,
            telegram_base="http://telegram",
            telegram_token="1:x",
            links=LinkAccess(session=session, guard=Guard()),
        )
        telegram = {"kind": "telegram", "file_id": "a", "file_unique_id": "b"}

        assert open_source(telegram, access).fingerprint == "telegram:b"
        assert open_source({"kind": "http", "url": "http://a"}, access).fingerprint[:5] == "http:"
        assert open_source({"kind": "file", "path": str(path)}, access).fingerprint[:5] == "file:"
        with pytest.raises(SourceError):
            open_source({"kind": "tape"}, access)
        assert "1:x" not in repr(access)
