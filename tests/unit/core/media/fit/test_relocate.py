from __future__ import annotations

import errno
import hashlib
import os
import struct
from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest

from core.media.boxes import read_layout
from core.media.fit.relocate import NotMovableError, digest_moved, plan_move, write_moved
from core.media.probe import probe
from tests.fit_kit import AAC, FAST, SENT, decoded, fault, mutations, picture, tone
from tests.media_kit import encode
from utils.ffmpeg import find_ffprobe, run


def silent(done: int) -> None:
    del done


def relocate(source: Path, target: Path, *, stop: Event, on_bytes: Callable[[int], None]) -> str:
    move = plan_move(source)
    write_moved(source, target, move, stop=stop, on_bytes=on_bytes)
    return digest_moved(source, move, stop=stop)


def moved(source: Path, folder: Path) -> Path:
    target = folder / "moved.mp4"
    digest = relocate(source, target, stop=Event(), on_bytes=silent)
    assert digest == hashlib.sha256(target.read_bytes()).hexdigest()
    return target


def last(*arguments: str) -> Path:
    name = f"last-{abs(hash(arguments))}.mp4"
    return encode(name, *picture(), *tone(), *FAST, *AAC, *arguments)


async def packets(path: Path) -> list[str]:
    shown = ["-v", "error", "-show_entries", "packet=stream_index,pts,size", "-of", "csv=p=0"]
    return (await run(find_ffprobe(), [*shown, str(path)], timeout_seconds=20)).decode().split()


@pytest.mark.parametrize(
    "arguments",
    [(), ("-bf", "3"), ("-use_editlist", "0"), ("-movflags", "+faststart", "-bf", "2")],
    ids=["plain", "reordered", "no-edits", "index-first"],
)
async def test_pictures_and_sound_stay_as_they_are(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    source = last(*arguments)

    target = moved(source, tmp_path)

    layout = read_layout(target)
    assert (layout.index.first, layout.edit_list) == (True, False)
    hashed = ("-map", "0:v", "-f", "streamhash")
    assert decoded(target, *hashed) == decoded(source, *hashed)
    facts, before = await probe(target), await probe(source)
    assert facts.frame_rate == before.frame_rate
    assert facts.duration_seconds == pytest.approx(before.duration_seconds, abs=0.08)
    assert await fault("instagram", target) is None


async def test_frames_are_shown_when_they_were(tmp_path: Path) -> None:
    source = last("-bf", "3")

    before, after = await packets(source), await packets(moved(source, tmp_path))

    assert [line for line in after if line.startswith("0,")] == [
        line for line in before if line.startswith("0,")
    ]


@pytest.mark.parametrize("name", ["edited", "late-picture", "mkv", "avi"])
def test_what_would_change_more_than_the_index_is_left(tmp_path: Path, name: str) -> None:
    with pytest.raises(NotMovableError):
        moved(SENT[name](), tmp_path)


def test_fragments_are_left(tmp_path: Path) -> None:
    with pytest.raises(NotMovableError):
        moved(last("-movflags", "+frag_keyframe+empty_moov"), tmp_path)


def test_places_that_do_not_fit_into_their_table_are_left(tmp_path: Path) -> None:
    """Frames in another order need a brand more, so every place becomes larger."""
    content = bytearray(last("-bf", "3").read_bytes())
    struct.pack_into(">I", content, content.index(b"stco") + 12, 0xFFFFFFFF)
    path = tmp_path / "far.mp4"
    path.write_bytes(content)

    with pytest.raises(NotMovableError):
        moved(path, tmp_path)


def test_it_works_without_copying_inside_the_kernel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*arguments: object, **options: object) -> int:
        raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))

    monkeypatch.setattr(os, "copy_file_range", refuse)

    assert moved(last(), tmp_path).stat().st_size > 100_000


def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object, **options: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "copy_file_range", refuse)

    with pytest.raises(OSError, match="No space"):
        moved(last(), tmp_path)


def test_it_stops_when_it_is_told_to(tmp_path: Path) -> None:
    stop, told = Event(), list[int]()
    stop.set()

    relocate(last(), tmp_path / "a.mp4", stop=stop, on_bytes=told.append)

    assert told == []


@pytest.mark.parametrize("source", [last, lambda: last("-bf", "3")])
def test_damage_is_never_more_than_not_movable(tmp_path: Path, source: Callable[[], Path]) -> None:
    content, done = source().read_bytes(), 0
    for number, damaged in enumerate(mutations(content, 150, seed=3)):
        path = tmp_path / f"{number}.mp4"
        path.write_bytes(damaged)
        try:
            relocate(path, tmp_path / f"{number}.made", stop=Event(), on_bytes=silent)
            done += 1
        except NotMovableError:
            continue
    assert 0 < done < 150
