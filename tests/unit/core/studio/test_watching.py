"""Watched folders: what is seen in them and what their folders say."""

from __future__ import annotations

import os
from pathlib import Path, PurePath

import pytest

from core.studio.mashup import AssetKind
from core.studio.watching import is_finished, open_inside, path_key, scan, wanted_of


def names(folder: Path, *apart: Path) -> list[str]:
    return [str(one.relative) for one in scan(folder, apart=apart)]


def put(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    return path


@pytest.mark.parametrize(
    ("path", "kind", "mood", "tags"),
    [
        ("a.mp4", AssetKind.SOURCE, "", set[str]()),
        ("song.MP3", AssetKind.AUDIO, "", set[str]()),
        ("templates/a.mp4", AssetKind.TEMPLATE, "", set[str]()),
        ("Templates/Upbeat/cats/#night drive/a.mp4", AssetKind.TEMPLATE, "upbeat",
         {"cats", "night drive"}),
        ("music/calm/a.mp4", AssetKind.AUDIO, "calm", set[str]()),
        ("hot/a.mp4", AssetKind.HOT, "", set[str]()),
        ("upbeat/a.mp4", AssetKind.SOURCE, "upbeat", set[str]()),
        ("x" * 200 + "/a.mp4", AssetKind.SOURCE, "", set[str]()),
    ],
)  # fmt: skip
def test_folders_say_kind_mood_and_tags(
    path: str, kind: AssetKind, mood: str, tags: set[str]
) -> None:
    wanted = wanted_of(PurePath(path))
    assert (wanted.kind, wanted.mood, set(wanted.tags)) == (kind, mood, tags)
    assert wanted.name in {"a", "song"}


@pytest.mark.parametrize(
    "name", ["a.mp4.part", "a.crdownload", "a.mp4~", "~a.mp4", "A.TMP", "Thumbs.db"]
)
def test_names_of_what_is_written_are_left_out(name: str) -> None:
    assert not is_finished(name)
    assert is_finished("a.mp4")


def test_only_whole_files_inside_are_seen(tmp_path: Path) -> None:
    folder, outside = tmp_path / "watched", tmp_path / "outside"
    put(folder / "a.mp4")
    put(folder / "sub/b.mp4")
    put(folder / ".hidden/c.mp4")
    put(folder / ".a.mp4.Xy12")
    put(folder / "own/d.mp4")
    put(outside / "secret.mp4")
    (folder / "empty.mp4").touch()
    (folder / "link.mp4").symlink_to(outside / "secret.mp4")
    (folder / "linked").symlink_to(outside)
    (folder / "loop").symlink_to(folder)
    os.mkfifo(folder / "pipe.mp4")
    assert names(folder, folder / "own", tmp_path / "nowhere") == ["a.mp4", "sub/b.mp4"]


def test_folders_are_looked_into_only_so_deep(tmp_path: Path) -> None:
    deep = "/".join("abcdefgh")
    put(tmp_path / deep / "in.mp4")
    put(tmp_path / deep / "i" / "out.mp4")
    assert names(tmp_path) == [f"{deep}/in.mp4"]


def test_no_link_is_followed_when_a_file_is_opened(tmp_path: Path) -> None:
    folder, outside = tmp_path / "watched", tmp_path / "outside"
    put(outside / "secret.mp4")
    put(folder / "real/a.mp4")
    (folder / "linked").symlink_to(outside)
    (folder / "real/link.mp4").symlink_to(outside / "secret.mp4")
    with open_inside(folder, PurePath("real/a.mp4")) as file:
        assert file.read() == b"x"
    for path in ("linked/secret.mp4", "real/link.mp4"):
        with pytest.raises(OSError, match=r"(?i)symbolic|directory"):
            open_inside(folder, PurePath(path))


def test_a_name_that_is_no_text_can_be_remembered() -> None:
    assert path_key(PurePath(os.fsdecode(b"/a/\xff.mp4"))) == "/a/\\xff.mp4"
