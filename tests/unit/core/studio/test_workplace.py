"""Tests of where a mashup is made, and of how it gets its names."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.studio.errors import StudioError
from core.studio.workplace import Workplace, hand_out


def test_one_result_has_one_maker(tmp_path: Path) -> None:
    mine, other = Workplace(tmp_path / "o.mp4", tmp_path), Workplace(tmp_path / "o.mp4", tmp_path)
    mine.enter()
    (mine.path / "video.mp4").touch()
    with pytest.raises(StudioError, match="busy"):
        other.enter()
    other.leave()
    assert (mine.path / "video.mp4").exists()
    mine.leave()
    other.enter()
    other.leave()
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_maker_left_is_cleared(tmp_path: Path) -> None:
    place = Workplace(tmp_path / "o.mp4", tmp_path)
    (place.path / "fonts").mkdir(parents=True)
    (place.path / "fonts" / "0.ttf").symlink_to("/nowhere")
    (place.path / "link").symlink_to(tmp_path)
    place.enter()
    assert list(place.path.iterdir()) == []
    place.leave()


def test_all_get_their_names_or_none(tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    (tmp_path / "b").mkdir()
    for name in "abc":
        (work / name).write_text(name)
    named: list[Path] = []
    with pytest.raises(OSError, match="directory"):
        hand_out([(work / name, tmp_path / name) for name in "abc"], named)
    assert {path.name for path in tmp_path.iterdir()} == {"b", "work"}
