from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from core.batches.entries import Clip
from core.batches.folders import Folders, PlaceError
from tests.batch_kit import make_file


@pytest.fixture
def inside(tmp_path: Path) -> Path:
    folder = tmp_path / "inside"
    make_file(folder, "clips/a.mp4")
    make_file(tmp_path, "outside/b.mp4")
    return folder


def find(folders: Folders, **values: Any) -> str:
    return folders.find(Clip(**values)).path


def key_of(folders: Folders, **values: Any) -> str:
    with pytest.raises(PlaceError) as caught:
        folders.find(Clip(**values))
    return caught.value.key


def test_a_path_is_meant_from_the_folder_of_the_file(inside: Path) -> None:
    assert find(Folders([], inside), path="clips/a.mp4") == str(inside / "clips/a.mp4")


def test_an_absolute_path_inside_is_fine(inside: Path) -> None:
    path = str(inside / "clips" / "a.mp4")
    assert find(Folders([], inside), path=path) == path


def test_a_name_alone_is_enough(inside: Path) -> None:
    assert find(Folders([], inside / "clips"), filename="a.mp4").endswith("clips/a.mp4")


def test_the_name_helps_where_the_path_does_not(inside: Path) -> None:
    assert find(Folders([], inside / "clips"), path="clips/a.mp4", filename="a.mp4")


def test_in_chat_only_the_allowed_folders_count(inside: Path) -> None:
    assert find(Folders([inside]), path="clips/a.mp4")
    assert key_of(Folders([inside / "clips"]), path="../../outside/b.mp4") == "path_outside"
    assert Folders([]).is_empty


@pytest.mark.parametrize(
    "path",
    [
        "../outside/b.mp4",
        "clips/../../outside/b.mp4",
        "/etc/passwd",
        "~/secret.mp4",
        "clips/../..",
        "/",
        "..",
        ".",
        "/proc/self/environ",
    ],
)
def test_nothing_outside_is_taken(inside: Path, path: str) -> None:
    assert key_of(Folders([], inside), path=path, filename="clips/a.mp4") == "path_outside"


def test_links_that_lead_out_are_followed_before_they_are_judged(inside: Path) -> None:
    (inside / "link.mp4").symlink_to(inside.parent / "outside" / "b.mp4")
    (inside / "folder").symlink_to(inside.parent / "outside")
    (inside / "fine.mp4").symlink_to(inside / "clips" / "a.mp4")
    folders = Folders([], inside)
    assert key_of(folders, path="link.mp4") == "path_outside"
    assert key_of(folders, path="folder/b.mp4") == "path_outside"
    assert find(folders, path="fine.mp4") == str(inside / "clips" / "a.mp4")


def test_a_folder_with_the_same_beginning_is_another_one(inside: Path) -> None:
    make_file(inside.parent, "inside-too/c.mp4")
    assert key_of(Folders([], inside), path="../inside-too/c.mp4") == "path_outside"


def test_an_allowed_folder_may_itself_be_a_link(inside: Path) -> None:
    alias = inside.parent / "alias"
    alias.symlink_to(inside)
    assert find(Folders([alias]), path="clips/a.mp4") == str(inside / "clips" / "a.mp4")


def test_rings_of_links_and_long_names_are_missing_files(inside: Path) -> None:
    (inside / "ring").symlink_to(inside / "ring")
    folders = Folders([], inside)
    assert key_of(folders, path="ring") in {"missing_file", "path_outside"}
    assert key_of(folders, path="x" * 300) == "missing_file"
    assert key_of(folders, path="x/" * 3000) == "bad_path"


@pytest.mark.parametrize("path", ["a\x00b", "\ud800.mp4"])
def test_what_is_no_path(inside: Path, path: str) -> None:
    assert key_of(Folders([], inside), path=path) == "bad_path"


def test_folders_pipes_and_empty_files_are_no_videos(inside: Path) -> None:
    os.mkfifo(inside / "pipe.mp4")
    (inside / "empty.mp4").touch()
    folders = Folders([], inside)
    assert key_of(folders, path="clips") == "no_file"
    assert key_of(folders, path="pipe.mp4") == "no_file"
    assert key_of(folders, path="empty.mp4") == "empty_file"
    assert key_of(folders, path="clips/none.mp4") == "missing_file"
    assert key_of(folders) == "no_path"


def test_a_file_that_was_replaced_by_a_link_holds_no_more(inside: Path) -> None:
    folders = Folders([], inside)
    path = inside / "clips" / "a.mp4"
    assert folders.holds(str(path))
    path.unlink()
    path.symlink_to(inside.parent / "outside" / "b.mp4")
    assert not folders.holds(str(path))
