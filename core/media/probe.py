"""What a video file is: its facts by ffprobe, where its index stands, and a picture of it."""

from __future__ import annotations

import asyncio
import json
import os
import struct
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import ffmpeg

from core.errors import KarvonError
from core.posts.models import MediaFacts
from utils.ffmpeg import FfmpegError, FfmpegMissingError, FfmpegTimeoutError
from utils.ffmpeg import ffmpeg as run_ffmpeg
from utils.ffmpeg import ffprobe as run_ffprobe

PROBE_SECONDS = 20.0
THUMBNAIL_SIDE = 320
THUMBNAIL_BYTES = 200_000
"""Telegram refuses larger thumbnails: 320 px a side, below 200 kB (Bot API, 2026-06-18)."""
FRAME_SIDE = 1920
FRAME_BYTES = 2 * 1024 * 1024
"""YouTube's app takes no larger thumbnails (support answer 72431, 2026); its API takes 50 MB."""

_FORMATS = (
    "mov,matroska,webm,avi,flv,mpegts,mpeg,mpegvideo,asf,ogg,gif,h264,hevc,ivf,m4v,dv,rm,mxf"
)
"""Demuxers of single files: a playlist could make ffprobe read other files and addresses."""
_INPUT = {"protocol_whitelist": "file,pipe", "format_whitelist": _FORMATS}

Json = dict[str, Any]


class NotAVideoError(KarvonError):
    """The file holds no video, whatever else may still come."""


class IncompleteError(KarvonError):
    """Nothing can be said yet: the header or the index is not there."""


async def probe(path: Path, *, total_bytes: int | None = None) -> MediaFacts:
    """Return the facts of a file, also while it still grows.

    Args:
        path: the file; read as far as it is there.
        total_bytes: its size when it is whole; None when it is.

    Raises:
        IncompleteError: more of the file is needed.
        NotAVideoError: it is whole and can not be read, or it surely has no video.
        FfmpegError: ffprobe is missing or took too long.
    """
    there, is_index_first = await asyncio.to_thread(_layout, path)
    size = there if total_bytes is None else total_bytes
    try:
        report = await _report(path)
    except (FfmpegMissingError, FfmpegTimeoutError):
        raise
    except FfmpegError as error:
        if there < size:
            raise IncompleteError(error.message) from error
        raise NotAVideoError(error.message) from error
    return read_report(report, size_bytes=size, index_first=is_index_first)


def _layout(path: Path) -> tuple[int, bool | None]:
    return path.stat().st_size, find_index(path).first


async def _report(path: Path) -> Json:
    options = [part for name, value in _INPUT.items() for part in (f"-{name}", value)]
    output = await run_ffprobe(
        [*options, "-of", "json", "-show_format", "-show_streams", f"file:{path}"],
        timeout_seconds=PROBE_SECONDS,
    )
    report = json.loads(output)
    return report if isinstance(report, dict) else {}


def read_report(report: Json, *, size_bytes: int, index_first: bool | None) -> MediaFacts:
    """Return the facts from the JSON of ``ffprobe -show_format -show_streams``.

    Raises:
        NotAVideoError: there is no video stream (a cover picture is none).
    """
    streams: list[Json] = report.get("streams", [])
    video = next((item for item in streams if _is_video(item)), None)
    audio = next((item for item in streams if item.get("codec_type") == "audio"), {})
    if video is None:
        raise NotAVideoError("the file has no video stream")
    media: Json = report.get("format", {})
    duration = _number(media.get("duration")) or _number(video.get("duration"))
    rotation = _rotation(video)
    width, height = video.get("width"), video.get("height")
    if rotation in {90, 270}:
        width, height = height, width
    container = str(media.get("format_name", ""))
    return MediaFacts(
        size_bytes=size_bytes,
        duration_seconds=duration,
        width=width or None,
        height=height or None,
        frame_rate=_rate(video.get("avg_frame_rate")) or _rate(video.get("r_frame_rate")),
        video_codec=str(video.get("codec_name", "")),
        audio_codec=str(audio.get("codec_name", "")),
        container=container,
        mime_type=_mime_type(container, video, media),
        bit_rate=round(size_bytes * 8 / duration) if duration else None,
        rotation=rotation,
        index_first=index_first,
    )


def _is_video(stream: Json) -> bool:
    is_picture = bool(stream.get("disposition", {}).get("attached_pic"))
    return stream.get("codec_type") == "video" and not is_picture


def _number(value: Any) -> float | None:  # noqa: ANN401 - JSON
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if number > 0 else None


def _rate(value: Any) -> float | None:  # noqa: ANN401 - JSON
    try:
        rate = Fraction(str(value))
    except (ValueError, ZeroDivisionError):
        return None
    return round(float(rate), 3) if rate > 0 else None


def _rotation(video: Json) -> int:
    """Return how far a player turns the picture clockwise: 0, 90, 180 or 270."""
    turned = [
        -float(item["rotation"]) for item in video.get("side_data_list", []) if "rotation" in item
    ]
    turned += [float(video["tags"]["rotate"])] if "rotate" in video.get("tags", {}) else []
    return round(turned[0] / 90) * 90 % 360 if turned else 0


def _mime_type(container: str, video: Json, media: Json) -> str:
    names = container.split(",")
    if "mp4" in names:
        brand = str(media.get("tags", {}).get("major_brand", ""))
        return "video/quicktime" if brand.startswith("qt") else "video/mp4"
    if "matroska" in names:
        is_webm = video.get("codec_name") in {"vp8", "vp9", "av1"}
        return "video/webm" if is_webm else "video/x-matroska"
    known = {"avi": "video/x-msvideo", "flv": "video/x-flv", "mpegts": "video/mp2t"}
    known |= {"asf": "video/x-ms-wmv", "gif": "image/gif", "mpeg": "video/mpeg"}
    return known.get(names[0], "application/octet-stream")


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """Where the index (moov) of an MP4 stands, as far as its outermost boxes are there."""

    first: bool | None = None
    """Whether it stands before the media data; None: no MP4, or neither is there yet."""
    end: int | None = None
    """Offset of its end, if it comes first."""


def find_index(path: Path) -> Index:
    """Look for the index of an MP4; only the heads of its outermost boxes are read.

    Source: ISO/IEC 14496-12, section 4.2.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        offset = 0
        for _ in range(64):
            head = os.pread(descriptor, 16, offset)
            if len(head) < 8:
                return Index()
            size, kind = struct.unpack_from(">I4s", head)
            if size == 1 and len(head) == 16:
                size = struct.unpack_from(">Q", head, 8)[0]
            if kind in {b"moov", b"mdat"}:
                is_first = kind == b"moov"
                return Index(first=is_first, end=offset + size if is_first else None)
            if size < 8 or not kind.isalnum():
                return Index()
            offset += size
    finally:
        os.close(descriptor)
    return Index()


async def thumbnail(path: Path, *, at_seconds: float = 1.0) -> bytes:
    """Return a JPEG of one frame, at most 320 px a side and below 200 kB.

    Raises:
        FfmpegError: no frame could be read there (or at the start).
    """
    try:
        return await _picture(path, at_seconds)
    except FfmpegTimeoutError:
        raise
    except FfmpegError:
        return await _picture(path, 0.0)


async def frame(path: Path, *, at_seconds: float) -> bytes:
    """Return a JPEG of one frame, at most 1920 px a side and below 2 MB.

    Raises:
        FfmpegError: no frame could be read there.
    """
    return await _picture(path, at_seconds, side=FRAME_SIDE, most_bytes=FRAME_BYTES)


async def _picture(
    path: Path,
    at_seconds: float,
    *,
    side: int = THUMBNAIL_SIDE,
    most_bytes: int = THUMBNAIL_BYTES,
) -> bytes:
    for quality in (4, 12, 31):
        output = await run_ffmpeg(
            _picture_arguments(path, at_seconds, quality, side), timeout_seconds=PROBE_SECONDS
        )
        if not output:
            raise FfmpegError(f"there is no frame at {at_seconds:g} s")
        if len(output) < most_bytes:
            return output
    raise FfmpegError("the picture is too large")


def _picture_arguments(path: Path, at_seconds: float, quality: int, most: int) -> list[str]:
    side = f"min({most},%s)"
    graph = (
        ffmpeg.input(f"file:{path}", ss=f"{at_seconds:.3f}", **_INPUT)
        .video.filter("scale", side % "iw", side % "ih", force_original_aspect_ratio="decrease")
        .filter("format", "yuvj420p")
        .output("pipe:", vframes=1, format="image2pipe", vcodec="mjpeg", **{"q:v": quality})
    )
    arguments: list[str] = graph.get_args()
    return arguments
