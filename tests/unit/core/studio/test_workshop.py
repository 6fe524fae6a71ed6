from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import NamedTuple
from unittest import mock

import pytest

from core.media.spool import DiskFullError
from core.studio.workshop import Workshop


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def free(size: int) -> mock._patch[mock.MagicMock]:
    return mock.patch("core.studio.workshop.shutil.disk_usage", return_value=Usage(0, 0, size))


def test_a_folder_is_empty_when_it_is_lent_and_gone_afterwards(tmp_path: Path) -> None:
    shop = Workshop(tmp_path)
    left = shop.folder(7) / "inside"
    left.mkdir(parents=True)
    with shop.use(7, 0) as folder:
        assert list(folder.iterdir()) == []
        (folder / "result.mp4").write_bytes(b"x" * 100)
        assert shop.used_bytes() == 100
    assert not folder.exists()


def test_who_was_given_up_does_not_clear_the_folder_of_the_next_attempt(tmp_path: Path) -> None:
    shop = Workshop(tmp_path)
    old = shop.use(7, 0)
    with old as stale:
        new = shop.use(7, 0)
        fresh = new.__enter__()
        (fresh / "result.mp4").write_bytes(b"x")
    assert not stale.exists()
    shop.sweep(())
    assert (fresh / "result.mp4").exists()
    new.__exit__(None, None, None)
    assert not fresh.exists()


def test_room_is_set_aside_for_what_is_still_to_be_written(tmp_path: Path) -> None:
    shop = Workshop(tmp_path, min_free_bytes=50)
    with shop.use(1, 100) as folder:
        with free(160), pytest.raises(DiskFullError) as caught, shop.use(2, 20):
            pass
        assert (caught.value.needed_bytes, caught.value.free_bytes) == (120, 110)
        assert not shop.folder(2).exists()
        (folder / "result.mp4").write_bytes(b"x" * 90)
        with free(160), shop.use(2, 20):
            shop.require_room()
        with free(55), pytest.raises(DiskFullError):
            shop.require_room()


def test_a_sweep_ends_what_runs_in_left_folders_and_spares_what_is_made(tmp_path: Path) -> None:
    shop = Workshop(tmp_path)
    inner = shop.folder(8) / ".mashup-1"
    inner.mkdir(parents=True)
    sleeper = [sys.executable, "-c", "input()"]
    process = subprocess.Popen(sleeper, cwd=inner, stdin=subprocess.PIPE, start_new_session=True)
    (inner / "ffmpeg.pid").write_text(str(process.pid))
    with shop.use(9, 0) as mine:
        shop.sweep(())
        assert mine.is_dir()
    assert not shop.folder(8).exists()
    assert process.wait(timeout=10) < 0
    assert process.stdin is not None
    process.stdin.close()


def test_what_is_shown_stays_as_long_as_its_render(tmp_path: Path) -> None:
    shop = Workshop(tmp_path)
    with shop.use(7, 0) as folder:
        video, picture, sheet = folder / "r.mp4", folder / "r.jpg", folder / "r.json"
        for path in (video, picture, sheet):
            path.write_bytes(path.name.encode())
        shown = shop.show(7, thumbnails={"1280x720": picture}, sheet=sheet, video=video)
    assert shown == shop.shown(7)
    assert shown.thumbnail is not None
    assert shown.thumbnail.read_bytes() == b"r.jpg"
    assert shown.video is not None
    assert shown.sheet is not None
    shop.sweep({7})
    assert shown.video.is_file()
    shop.sweep({8})
    assert shop.shown(7).thumbnail is None
