"""What a video file is: its facts by ffprobe, where its index stands, and a picture of it."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from fractions import Fraction
from math import inf
from pathlib import Path
from typing import Any

import ffmpeg

from core.errors import KarvonError
from core.media.boxes import (
    Layout,
    find_index,
    is_webm_file,
    promised_bytes,
    read_layout,
)
from core.posts.models import MediaFacts
from utils.ffmpeg import FfmpegError, FfmpegMissingError, FfmpegTimeoutError
from utils.ffmpeg import ffmpeg as run_ffmpeg
from utils.ffmpeg import ffprobe as run_ffprobe

__all__ = [
    "CutOffError",
    "IncompleteError",
    "NotAVideoError",
    "examine",
    "find_index",
    "frame",
    "probe",
    "read_report",
    "require_end",
    "thumbnail",
]

PROBE_SECONDS = 20.0
THUMBNAIL_SIDE = 320
THUMBNAIL_BYTES = 200_000
"""Telegram refuses larger thumbnails: 320 px a side, below 200 kB (Bot API, 2026-06-18)."""
FRAME_SIDE = 1920
FRAME_BYTES = 2 * 1024 * 1024
"""YouTube's app takes no larger thumbnails (support answer 72431, 2026); its API takes 50 MB."""
UNEVEN_SHARE = 0.05
"""Clocks of containers round the distance of frames by less."""

_FORMATS = (
    "mov,matroska,webm,avi,flv,mpegts,mpeg,mpegvideo,asf,ogg,gif,h264,hevc,ivf,m4v,dv,rm,mxf"
)
"""Demuxers of single files: a playlist could make ffprobe read other files and addresses."""
INPUT_OPTIONS = {"protocol_whitelist": "file,pipe", "format_whitelist": _FORMATS}

Json = dict[str, Any]


class NotAVideoError(KarvonError):
    """The file holds no video, whatever else may still come."""

    key = "not_a_video"
    """Names the sentence ``source_<key>``."""


class CutOffError(NotAVideoError):
    """The file ends before its own index says that it does."""

    key = "cut_off"


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
        OSError: there is no such file, or it may not be read.
    """
    return (await examine(path, total_bytes=total_bytes))[0]


async def examine(
    path: Path, *, total_bytes: int | None = None
) -> tuple[MediaFacts, dict[str, float]]:
    """Return the facts as `probe` does, and how long the first stream of each kind lasts.

    The kinds are ``video`` and ``audio``; one that is not there, or whose length the container
    does not tell, is left out.
    """
    is_whole = total_bytes is None or await asyncio.to_thread(_has, path, total_bytes)
    try:
        report = await _report(path)
    except (FfmpegMissingError, FfmpegTimeoutError):
        raise
    except FfmpegError as error:
        if not is_whole:
            raise IncompleteError(error.message) from error
        _ = await asyncio.to_thread(path.stat)
        raise NotAVideoError(error.message) from error
    there, layout = await asyncio.to_thread(_layout, path, is_whole=is_whole)
    size = there if total_bytes is None else total_bytes
    facts = read_report(report, size_bytes=size, index_first=layout.index.first)
    facts = replace(facts, edit_list=layout.edit_list)
    if layout.in_fragments and there < size:
        # What is told now is how long the fragments are that have come.
        facts = replace(facts, duration_seconds=None, bit_rate=None)
    if facts.duration_seconds is None and is_whole:
        facts = _with_length(facts, await _measured(path))
    if "matroska" in facts.container.split(","):
        # ffprobe tells both names for either; platforms that take WebM do not take Matroska.
        is_webm = await asyncio.to_thread(is_webm_file, path)
        container, kind = ("webm", "webm") if is_webm else ("matroska", "x-matroska")
        facts = replace(facts, container=container, mime_type=f"video/{kind}")
    return facts, _stream_seconds(report)


async def require_end(path: Path) -> None:
    """Look whether a file that is as long as it gets has its end.

    Raises:
        CutOffError: more than a thousandth of it is missing.
    """
    await asyncio.to_thread(_require_end, path)


def _require_end(path: Path) -> int:
    size, promised = path.stat().st_size, promised_bytes(path)
    if promised - size > size // 1000:
        raise CutOffError(f"the file is cut off: {size} of {promised} bytes are there")
    return size


def _has(path: Path, size: int) -> bool:
    return path.stat().st_size >= size


def _layout(path: Path, *, is_whole: bool) -> tuple[int, Layout]:
    """Return how long a file is and where its parts stand."""
    size = _require_end(path) if is_whole else path.stat().st_size
    return size, read_layout(path)


async def _measured(path: Path) -> float | None:
    """Return how long a video lasts whose container does not tell, from its packets.

    Recorders in browsers and of live streams write such files.

    Raises:
        NotAVideoError: there is no picture that could be shown.
    """
    graph = ffmpeg.input(f"file:{path}", **INPUT_OPTIONS)["V:0"]
    arguments = graph.output("-", format="null", vcodec="copy").get_args()
    try:
        said = await run_ffmpeg(
            ["-nostats", "-progress", "pipe:1", *arguments], timeout_seconds=PROBE_SECONDS
        )
    except (FfmpegMissingError, FfmpegTimeoutError):
        return None
    except FfmpegError as error:
        raise NotAVideoError(error.message) from error
    lines = said.decode("ascii", "replace").split()
    times = [line.partition("=")[2] for line in lines if line.startswith("out_time_us=")]
    seconds = (_number(times[-1]) or 0) / 1e6 if times else 0
    if seconds <= 0:
        raise NotAVideoError("the file has no picture that lasts")
    return seconds


def _with_length(facts: MediaFacts, seconds: float | None) -> MediaFacts:
    size = facts.size_bytes
    bit_rate = round(size * 8 / seconds) if seconds and size else None
    return replace(facts, duration_seconds=seconds, bit_rate=bit_rate)


def _stream_seconds(report: Json) -> dict[str, float]:
    found: dict[str, float] = {}
    for stream in report.get("streams", []):
        kind = "video" if _is_video(stream) else str(stream.get("codec_type"))
        seconds = _number(stream.get("duration"))
        if kind in {"video", "audio"} and seconds and kind not in found:
            found[kind] = seconds
    return found


async def _report(path: Path) -> Json:
    options = [part for name, value in INPUT_OPTIONS.items() for part in (f"-{name}", value)]
    output = await run_ffprobe(
        [*options, "-of", "json", "-show_format", "-show_streams", f"file:{path}"],
        timeout_seconds=PROBE_SECONDS,
    )
    try:
        report = json.loads(output)
    except ValueError as error:
        raise FfmpegError("ffprobe gave no report") from error
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
        has_audio=bool(audio),
        audio_rate=round(_number(audio.get("sample_rate")) or 0) or None,
        audio_channels=audio.get("channels") or None,
        pixel_format=str(video.get("pix_fmt", "")),
        color_transfer=str(video.get("color_transfer", "")),
        variable_rate=_is_variable(video),
        picture_bit_rate=round(_number(video.get("bit_rate")) or 0) or None,
    )


def _is_video(stream: Json) -> bool:
    is_picture = bool(stream.get("disposition", {}).get("attached_pic"))
    return stream.get("codec_type") == "video" and not is_picture


def _number(value: Any) -> float | None:  # noqa: ANN401 - JSON
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if 0 < number < inf else None


def _rate(value: Any) -> float | None:  # noqa: ANN401 - JSON
    try:
        rate = Fraction(str(value))
    except (ValueError, ZeroDivisionError):
        return None
    return round(float(rate), 3) if rate > 0 else None


def _is_variable(video: Json) -> bool | None:
    """Tell whether the average rate is another than that of the densest frames."""
    average, densest = _rate(video.get("avg_frame_rate")), _rate(video.get("r_frame_rate"))
    if average is None or densest is None:
        return None
    # Fields are told as twice the frames.
    return min(abs(densest / average - times) for times in (1, 2)) > UNEVEN_SHARE


def _rotation(video: Json) -> int:
    """Return how far a player turns the picture clockwise: 0, 90, 180 or 270."""
    told = [
        (item["rotation"], -1) for item in video.get("side_data_list", []) if "rotation" in item
    ]
    told += [(video["tags"]["rotate"], 1)] if "rotate" in video.get("tags", {}) else []
    try:
        return round(float(told[0][0]) * told[0][1] / 90) * 90 % 360 if told else 0
    except (ValueError, OverflowError):
        return 0


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
        ffmpeg.input(f"file:{path}", ss=f"{at_seconds:.3f}", **INPUT_OPTIONS)
        .video.filter("scale", side % "iw", side % "ih", force_original_aspect_ratio="decrease")
        .filter("format", "yuvj420p")
        .output("pipe:", vframes=1, format="image2pipe", vcodec="mjpeg", **{"q:v": quality})
    )
    arguments: list[str] = graph.get_args()
    return arguments
