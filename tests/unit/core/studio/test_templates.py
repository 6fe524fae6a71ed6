"""Tests of prepared templates: what is kept, for how long, and what becomes of damage."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from core.studio.mashup import Mashup
from core.studio.picture import Feed
from core.studio.profiles import PROFILES
from core.studio.render import render
from core.studio.templates import NOTE, NOTE_DAYS, PART, Templates
from core.studio.timeline import Slot
from tests.mashup_kit import GREEN, RED, clip, is_near, looked, mashup, part, pixel
from tests.seen_kit import make_small

pytestmark = pytest.mark.timeout(90)


def feed(digest: str = "a", frames: int = 90) -> Feed:
    source = part(Path("/m/a.mp4"))
    slot = Slot(part=source, looked=looked(sha256=digest * 64), frames=frames, has=30)
    return Feed(slot=slot, size=(64, 64), rate=PROFILES["general"].frame_rate, number=0)


@pytest.fixture
def made(tmp_path: Path) -> Path:
    path = tmp_path / "made.mp4"
    path.write_bytes(b"frames" * 99)
    return path


@pytest.fixture
def kept(tmp_path: Path, made: Path) -> Templates:
    templates = Templates(folder=tmp_path / "kept")
    assert not templates.is_known(feed())
    assert templates.is_known(feed())
    templates.keep(feed(), made)
    return templates


def two_loops() -> Mashup:
    """Return one with two parts of one length in cells of one width."""
    parts = (part(clip("red")), part(clip("green")))
    return mashup(*parts, layout="stack", seconds=2.5)


def harm(kept: Path, change: Callable[[bytes], bytes]) -> None:
    for path in kept.glob("*.mp4"):
        path.write_bytes(change(path.read_bytes()))


async def test_damage_and_equal_lengths_change_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_small(monkeypatch)
    kept, digests = tmp_path / "kept", set()
    for number in range(4):
        out = tmp_path / f"{number}.mp4"
        made = await render(two_loops(), out, folder=tmp_path, templates=kept)
        assert is_near(pixel(out, 2.2, 0.5, 0.3), RED)
        assert is_near(pixel(out, 2.2, 0.5, 0.9), GREEN)
        digests.add(made.sha256)
        if number == 1:
            assert len(list(kept.glob("*.mp4"))) == 2
        if number == 2:
            harm(kept, lambda content: content[:200] + bytes(len(content) - 200))
    assert len(digests) == 1
    assert list(kept.glob("*.mp4")) == []


def test_what_is_kept_is_found(tmp_path: Path, kept: Templates, made: Path) -> None:
    held = kept.find(feed(), tmp_path)
    assert held
    assert held.read_bytes() == made.read_bytes()
    assert kept.find(feed("b"), tmp_path) is None


def test_on_another_disk_it_is_copied(
    tmp_path: Path, kept: Templates, made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EXDEV, "Invalid cross-device link")

    monkeypatch.setattr("os.link", refuse)
    held = kept.find(feed(), tmp_path)
    assert held
    shutil.rmtree(kept.folder)
    assert held.read_bytes() == made.read_bytes()


def test_a_folder_that_is_gone_is_made_again(tmp_path: Path, kept: Templates, made: Path) -> None:
    shutil.rmtree(kept.folder)
    assert kept.find(feed(), tmp_path) is None
    assert not kept.is_known(feed())
    shutil.rmtree(kept.folder)
    kept.keep(feed(), made)
    assert kept.find(feed(), tmp_path)


def test_no_more_is_kept_than_there_is_room_for(tmp_path: Path, made: Path) -> None:
    size = made.stat().st_size
    templates = Templates(folder=tmp_path / "kept", most_bytes=2 * size)
    for age, digest in enumerate("abc"):
        templates.keep(feed(digest), made)
        os.utime(templates.path(feed(digest)), (age, age))
    assert templates.find(feed("a"), tmp_path) is None
    assert templates.find(feed("b"), tmp_path)
    templates.keep(feed("d"), made)
    assert not templates.path(feed("c")).exists()


def test_a_disk_that_is_nearly_full_is_left_alone(
    tmp_path: Path, made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.studio.templates.FREE_SHARE", 2**62)
    templates = Templates(folder=tmp_path / "kept")
    templates.keep(feed(), made)
    assert list(templates.folder.iterdir()) == []


def test_old_notes_and_leftovers_go(kept: Templates) -> None:
    old = [kept.folder / f"old{NOTE}", kept.folder / f"old.7{PART}"]
    new = [kept.folder / f"new{NOTE}", kept.folder / f"new.7{PART}"]
    note = kept.path(feed()).with_suffix(NOTE)
    for path in (*old, *new):
        path.touch()
    now = note.stat().st_mtime
    for path in (*old, note):
        os.utime(path, (now - NOTE_DAYS * 86400 - 9,) * 2)
    assert not kept.is_known(feed("b"))
    assert not any(path.exists() for path in old)
    assert all(path.exists() for path in (*new, note))
