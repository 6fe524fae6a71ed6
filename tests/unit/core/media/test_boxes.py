from __future__ import annotations

import struct
from pathlib import Path

import pytest

from core.media.boxes import is_webm_file, promised_bytes, read_layout
from tests.fit_kit import SENT


def box(kind: bytes, *content: bytes) -> bytes:
    body = b"".join(content)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def edits(*entries: tuple[int, int], version: int = 0) -> bytes:
    form = ">Qq" if version else ">Ii"
    rows = (struct.pack(form, *entry) + b"\0\1\0\0" for entry in entries)
    return box(b"elst", struct.pack(">B3xI", version, len(entries)), *rows)


def movie(table: bytes) -> bytes:
    track = box(b"trak", box(b"tkhd", bytes(20)), box(b"edts", table))
    return box(b"ftyp", b"isom") + box(b"moov", box(b"mvhd", bytes(20)), track) + box(b"mdat")


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (edits(), False),
        (edits((4000, 0)), False),
        (edits((4000, 0), version=1), False),
        (edits((4000, 1024)), True),
        (edits((4000, 1024), version=1), True),
        (edits((1000, -1), (4000, 0)), True),
        (box(b"elst", b"\0\0"), False),
    ],
    ids=["none", "all", "all-64", "start", "start-64", "delay", "cut"],
)
def test_an_edit_list_counts_when_it_changes_something(
    tmp_path: Path, table: bytes, *, expected: bool
) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(movie(table))

    layout = read_layout(path)

    assert (layout.index.first, layout.edit_list) == (True, expected)


def test_nothing_is_known_of_edits_before_the_index_is_there(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(movie(edits((1, 0)))[:60])

    assert read_layout(path).edit_list is None


def test_an_index_that_leads_astray_is_left_soon(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    inner = box(b"trak") * 200_000
    path.write_bytes(box(b"ftyp", b"isom") + box(b"moov", inner, box(b"trak", edits((1, 9)))))

    assert read_layout(path).edit_list is False


@pytest.mark.parametrize("name", ["fine", "mkv", "webm"])
def test_a_whole_file_is_as_long_as_it_says(name: str) -> None:
    path = SENT[name]()

    assert promised_bytes(path) == path.stat().st_size


@pytest.mark.parametrize(
    "content", [b"", b"\x1a\x45\xdf\xa3", b"\x1a\x45\xdf\xa3\x80", b"RIFFxxxx"]
)
def test_what_does_not_tell_its_length_promises_nothing(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a"
    path.write_bytes(content)

    assert promised_bytes(path) == 0


def test_live_recordings_do_not_tell_their_length(tmp_path: Path) -> None:
    path = tmp_path / "a.webm"
    path.write_bytes(b"\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67\x01" + b"\xff" * 7 + bytes(20))

    assert promised_bytes(path) == 0


def test_webm_is_told_from_matroska() -> None:
    assert is_webm_file(SENT["webm"]())
    assert not is_webm_file(SENT["vp9"]())
