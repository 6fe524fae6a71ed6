from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import pytest

from core.media.probe import (
    THUMBNAIL_BYTES,
    IncompleteError,
    NotAVideoError,
    find_index,
    probe,
    read_report,
    thumbnail,
)
from tests.fit_kit import SENT
from tests.media_kit import noise, rotated, sound, video, webm
from utils.ffmpeg import FfmpegError
from utils.ffmpeg import ffmpeg as run_ffmpeg


def cut(path: Path, folder: Path, size: int) -> Path:
    part = folder / path.name
    part.write_bytes(path.read_bytes()[:size])
    return part


def jpeg_size(data: bytes) -> tuple[int, int]:
    """Return width and height from the frame header; ITU-T T.81, section B.2.2."""
    at = data.index(b"\xff\xc0")
    height, width = struct.unpack(">HH", data[at + 5 : at + 9])
    return width, height


async def test_facts_of_an_mp4() -> None:
    path = video()
    facts = await probe(path)

    assert (facts.width, facts.height) == (320, 180)
    assert facts.duration_seconds == pytest.approx(2, abs=0.1)
    assert facts.frame_rate == 25
    assert (facts.video_codec, facts.audio_codec) == ("h264", "aac")
    assert "mp4" in facts.container.split(",")
    assert facts.mime_type == "video/mp4"
    assert facts.size_bytes == path.stat().st_size
    assert facts.index_first is True


async def test_facts_of_a_webm() -> None:
    facts = await probe(webm())

    assert (facts.video_codec, facts.audio_codec) == ("vp8", "")
    assert facts.mime_type == "video/webm"
    assert facts.index_first is None


async def test_rotation_is_applied_to_width_and_height() -> None:
    facts = await probe(rotated())

    assert facts.rotation == 90
    assert (facts.width, facts.height) == (180, 320)


async def test_index_at_the_end_is_seen() -> None:
    assert (await probe(video(index_first=False))).index_first is False


async def test_beginning_of_a_file_tells_the_same_as_all_of_it(tmp_path: Path) -> None:
    path = video(seconds=20)
    whole = path.stat().st_size
    part = cut(path, tmp_path, 64 * 1024)
    assert whole > 128 * 1024

    assert await probe(part, total_bytes=whole) == await probe(path)


async def test_without_the_index_more_is_needed(tmp_path: Path) -> None:
    path = video(index_first=False)
    part = cut(path, tmp_path, 20_000)

    with pytest.raises(IncompleteError):
        await probe(part, total_bytes=path.stat().st_size)
    with pytest.raises(NotAVideoError):
        await probe(part)


@pytest.mark.parametrize(
    "content",
    [
        b"hello\n" * 1000,
        noise(5000),
        b"<html><body>no</body></html>",
        b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n",
        b"ffconcat version 1.0\nfile /etc/passwd\n",
        b"\x89PNG\r\n\x1a\n" + noise(100),
    ],
    ids=["text", "noise", "html", "playlist", "concat", "picture"],
)
async def test_what_is_no_video_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "file.mp4"
    path.write_bytes(content)

    with pytest.raises(NotAVideoError):
        await probe(path)


async def test_sound_alone_is_no_video() -> None:
    with pytest.raises(NotAVideoError):
        await probe(sound())


def test_cover_picture_is_no_video_stream() -> None:
    report: dict[str, Any] = {
        "streams": [{"codec_type": "video", "disposition": {"attached_pic": 1}}],
        "format": {"format_name": "mov,mp4"},
    }
    with pytest.raises(NotAVideoError):
        read_report(report, size_bytes=1, index_first=None)


def test_unknown_numbers_stay_unknown() -> None:
    stream = {"codec_type": "video", "avg_frame_rate": "0/0", "duration": "N/A"}
    facts = read_report({"streams": [stream]}, size_bytes=7, index_first=None)

    assert facts.duration_seconds is None
    assert facts.frame_rate is None
    assert facts.width is None
    assert facts.bit_rate is None


def box(kind: bytes, size: int, *, is_large: bool = False) -> bytes:
    if is_large:
        return struct.pack(">I4sQ", 1, kind, size) + bytes(size - 16)
    return struct.pack(">I4s", size, kind) + bytes(size - 8)


@pytest.mark.parametrize(
    ("content", "first", "end"),
    [
        (box(b"ftyp", 24) + box(b"moov", 100) + box(b"mdat", 50), True, 124),
        (box(b"ftyp", 24) + box(b"free", 40, is_large=True) + box(b"mdat", 50), False, None),
        (box(b"ftyp", 24) + struct.pack(">I4s", 5000, b"moov"), True, 5024),
        (box(b"ftyp", 24), None, None),
        (b"RIFF" + noise(100), None, None),
        (b"", None, None),
        (struct.pack(">I4s", 0, b"free"), None, None),
    ],
)
def test_finds_the_index(
    tmp_path: Path, content: bytes, *, first: bool | None, end: int | None
) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(content)

    index = find_index(path)

    assert (index.first, index.end) == (first, end)


async def test_thumbnail_is_small_enough_for_telegram() -> None:
    picture = await thumbnail(video(size="1280x720"))

    assert picture.startswith(b"\xff\xd8")
    assert len(picture) < THUMBNAIL_BYTES
    assert jpeg_size(picture) == (320, 180)


async def test_thumbnail_stands_upright() -> None:
    assert jpeg_size(await thumbnail(rotated())) == (180, 320)


async def test_thumbnail_of_a_short_video_is_its_start() -> None:
    assert await thumbnail(video(), at_seconds=60)


async def test_thumbnail_of_no_video_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(b"text")
    with pytest.raises(FfmpegError):
        await thumbnail(path)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("fine", {"has_audio": True, "audio_rate": 48_000, "edit_list": True}),
        ("gif-like", {"has_audio": False, "audio_rate": None, "audio_channels": None}),
        ("surround", {"audio_channels": 6, "container": "matroska", "edit_list": None}),
        ("webm", {"container": "webm", "mime_type": "video/webm"}),
        ("444", {"pixel_format": "yuv444p"}),
        ("hdr", {"color_transfer": "smpte2084", "pixel_format": "yuv420p10le"}),
        ("hlg", {"color_transfer": "arib-std-b67"}),
        ("variable", {"variable_rate": True}),
        ("mkv", {"variable_rate": False}),
        ("cover", {"video_codec": "h264"}),
    ],
)
async def test_facts_that_platforms_have_rules_about(
    name: str, expected: dict[str, object]
) -> None:
    facts = await probe(SENT[name]())

    assert {key: getattr(facts, key) for key in expected} == expected


async def test_bits_of_the_picture_are_those_of_its_track() -> None:
    facts = await probe(SENT["fine"]())

    assert facts.picture_bit_rate
    assert facts.bit_rate
    assert 0.8 < facts.picture_bit_rate / facts.bit_rate < 1


async def test_a_recording_without_a_length_is_measured(tmp_path: Path) -> None:
    path = tmp_path / "live.webm"
    source = ("-i", str(SENT["webm"]()), "-c", "copy", "-f", "webm", "-live", "1", "pipe:1")
    path.write_bytes(await run_ffmpeg(source, timeout_seconds=20))

    facts = await probe(path)

    assert facts.duration_seconds == pytest.approx(4, abs=0.1)
    assert facts.bit_rate


@pytest.mark.parametrize("rotation", ["upside down", "nan", "1e400"])
def test_a_rotation_that_is_none_is_not_believed(rotation: str) -> None:
    stream = {"codec_type": "video", "tags": {"rotate": rotation}}

    assert read_report({"streams": [stream]}, size_bytes=1, index_first=None).rotation == 0
