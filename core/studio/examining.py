"""What a file is that is to be added: video, sound or still picture, with its facts and a picture.

Nothing is believed of a name. The first bytes say which reader of still pictures is asked; all
other files are read by a list of readers of single files, never by one of lists.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import ffmpeg

from core.media.probe import CutOffError, NotAVideoError, probe, require_end, thumbnail
from core.posts.models import MediaFacts
from core.studio.assets import Media
from core.studio.errors import StudioError
from utils.ffmpeg import FfmpegError, FfmpegMissingError, FfmpegTimeoutError
from utils.ffmpeg import ffmpeg as run_ffmpeg
from utils.ffmpeg import ffprobe as run_ffprobe

Json = dict[str, Any]

LOOK_SECONDS = 20.0
WAVE_SECONDS = 60.0
"""Longest time of drawing a sound."""
WAVE_LENGTH = 600.0
"""So much of a sound is drawn."""
MOST_PIXELS = 100_000_000
"""Of a picture, also one of a video: more would not fit into the memory of a render."""
PICTURE_SIDE = 320
HEAD_BYTES = 512

_SOUNDS = "mp3,wav,w64,flac,ogg,mov,aac,matroska,webm,aiff,caf,ac3,eac3,amr,asf"
"""Readers of single files that hold sound."""
_WHITELISTS = {"protocol_whitelist": "file,pipe"}
_SOUND_OPTIONS = {**_WHITELISTS, "format_whitelist": _SOUNDS}
_PICTURE_BRANDS = frozenset(
    {b"avif", b"avis", b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1"}
)
"""Still pictures in the container of videos, which most builds of ffmpeg cannot put together.

Source: ISO/IEC 23008-12, clause 10; AV1 Image File Format, section 6."""
_ARCHIVES = (
    *(b"PK\x03\x04", b"PK\x05\x06", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b"),
    *(b"BZh", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd", b"%PDF-"),
)
"""How files begin that hold others: a reader of sounds finds one in them that lies there bare."""
_WITHOUT_LENGTH = frozenset({"aac", "mp3", "ac3", "eac3"})
"""Their length is only guessed from the bit rate unless all of it is read."""
_WAVE = {"s": f"{PICTURE_SIDE}x180", "colors": "0x3b82f6", "split_channels": 0}
_ENDINGS = {
    "video/mp4": ".mp4",
    "video/quicktime": ".mov",
    "video/webm": ".webm",
    "video/x-matroska": ".mkv",
    "video/x-msvideo": ".avi",
    "video/x-flv": ".flv",
    "video/mp2t": ".ts",
    "video/x-ms-wmv": ".wmv",
    "video/mpeg": ".mpg",
}
_SOUND_TYPES = {
    "mp3": ("audio/mpeg", ".mp3"),
    "wav": ("audio/wav", ".wav"),
    "flac": ("audio/flac", ".flac"),
    "ogg": ("audio/ogg", ".ogg"),
    "mov": ("audio/mp4", ".m4a"),
    "aac": ("audio/aac", ".aac"),
    "matroska": ("audio/webm", ".webm"),
    "aiff": ("audio/aiff", ".aiff"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What a file turned out to be."""

    media: Media
    facts: MediaFacts
    suffix: str
    """An ending that fits it, such as ``.mp4``; empty where none is known."""
    picture: bytes
    """A JPEG of at most 320 px a side: a frame, or the wave of a sound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Still:
    """A kind of still pictures and the one reader that is asked for it."""

    reader: str
    mime_type: str
    suffix: str

    @property
    def options(self) -> dict[str, str]:
        # Without the named reader a file could be taken for a pattern of many.
        return {**_WHITELISTS, "format_whitelist": self.reader, "f": self.reader}


async def look(path: Path) -> Looked:
    """Look at a whole file.

    Raises:
        StudioError: it is no media, broken, cut off or too large, or ffmpeg is missing.
    """
    try:
        return await _look(path)
    except FfmpegMissingError as error:
        raise StudioError("no_ffmpeg", {"text": error.message}, retry=True) from error
    except FfmpegTimeoutError as error:
        raise StudioError("look_too_long", {}, retry=True) from error
    except CutOffError as error:
        raise StudioError("cut_off") from error
    except FfmpegError as error:
        raise StudioError("broken_media") from error


async def _look(path: Path) -> Looked:
    head = await asyncio.to_thread(_head, path)
    is_picture = head[4:8] == b"ftyp" and head[8:12] in _PICTURE_BRANDS
    # The mark of tar stands behind the name of its first file. Source: POSIX.1, pax, ustar.
    is_archive = head.startswith(_ARCHIVES) or head[257:262] == b"ustar"
    if is_picture or is_archive:
        raise StudioError("not_media")
    still = still_of(head)
    if still is not None and not (still.reader == "gif" and await _moves(path, still)):
        return await _still(path, still, head)
    try:
        facts = await probe(path)
    except CutOffError:
        raise
    except NotAVideoError:
        return await _sound(path)
    return await _video(path, facts)


def still_of(head: bytes) -> _Still | None:
    """Return which kind of still picture begins with these bytes."""
    if head.startswith(b"\xff\xd8\xff"):
        return _Still(reader="jpeg_pipe", mime_type="image/jpeg", suffix=".jpg")
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return _Still(reader="png_pipe", mime_type="image/png", suffix=".png")
    if head.startswith((b"GIF87a", b"GIF89a")):
        return _Still(reader="gif", mime_type="image/gif", suffix=".gif")
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return _Still(reader="webp_pipe", mime_type="image/webp", suffix=".webp")
    return None


def png_size(head: bytes) -> tuple[int, int] | None:
    """Return width and height of a PNG; a reader without zlib does not tell them.

    Source: PNG specification, third edition, 5.6 and 11.2.1: the header chunk comes first.
    """
    if not head.startswith(b"\x89PNG") or head[12:16] != b"IHDR":
        return None
    return int.from_bytes(head[16:20]), int.from_bytes(head[20:24])


async def _moves(path: Path, still: _Still) -> bool:
    counted = ["-count_packets", "-select_streams", "v:0"]
    stream = _first(await _report(path, still.options, *counted), "video")
    return int(stream.get("nb_read_packets") or 0) > 1


async def _video(path: Path, facts: MediaFacts) -> Looked:
    _require_pixels(facts.width or 0, facts.height or 0)
    middle = min(1.0, (facts.duration_seconds or 0.0) / 2)
    picture = await thumbnail(path, at_seconds=middle)
    suffix = _ENDINGS.get(facts.mime_type, "")
    if facts.mime_type == "image/gif":
        suffix = ".gif"
    return Looked(media="video", facts=facts, suffix=suffix, picture=picture)


async def _still(path: Path, still: _Still, head: bytes) -> Looked:
    stream = _first(await _report(path, still.options), "video")
    width, height = png_size(head) or (stream.get("width"), stream.get("height"))
    if not width or not height:
        raise StudioError("broken_media")
    _require_pixels(width, height)
    facts = MediaFacts(
        size_bytes=await asyncio.to_thread(_size, path),
        width=width,
        height=height,
        video_codec=str(stream.get("codec_name", "")),
        container=still.reader.removesuffix("_pipe"),
        mime_type=still.mime_type,
        has_audio=False,
        pixel_format=str(stream.get("pix_fmt", "")),
    )
    drawn = ffmpeg.input(f"file:{path}", **still.options).video
    return Looked(media="image", facts=facts, suffix=still.suffix, picture=await _draw(drawn))


def _require_pixels(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        raise StudioError("large_picture", {"width": width, "height": height})


async def _sound(path: Path) -> Looked:
    try:
        report = await _report(path, _SOUND_OPTIONS)
    except (FfmpegMissingError, FfmpegTimeoutError):
        raise
    except FfmpegError as error:
        raise StudioError("not_media") from error
    stream = _first(report, "audio")
    if not stream:
        raise StudioError("not_media")
    await require_end(path)
    facts = read_sound(report, stream, await asyncio.to_thread(_size, path))
    container = facts.container.split(",")[0]
    if facts.duration_seconds is None or container in _WITHOUT_LENGTH:
        facts = replace(facts, duration_seconds=await _length(path))
    _, suffix = _SOUND_TYPES.get(container, ("", ""))
    heard = ffmpeg.input(f"file:{path}", t=WAVE_LENGTH, **_SOUND_OPTIONS)["a:0"]
    wave = await _draw(heard.filter("showwavespic", **_WAVE), seconds=WAVE_SECONDS)
    return Looked(media="audio", facts=facts, suffix=suffix, picture=wave)


def read_sound(report: Json, stream: Json, size_bytes: int) -> MediaFacts:
    """Return the facts of a file of sound from the JSON of ffprobe."""
    told: Json = report.get("format", {})
    container = str(told.get("format_name", ""))
    seconds = _positive(told.get("duration")) or _positive(stream.get("duration"))
    mime_type, _ = _SOUND_TYPES.get(container.split(",")[0], ("", ""))
    return MediaFacts(
        size_bytes=size_bytes,
        duration_seconds=seconds,
        audio_codec=str(stream.get("codec_name", "")),
        container=container,
        mime_type=mime_type,
        bit_rate=round(size_bytes * 8 / seconds) if seconds else None,
        has_audio=True,
        audio_rate=round(_positive(stream.get("sample_rate")) or 0) or None,
        audio_channels=stream.get("channels") or None,
    )


async def _length(path: Path) -> float:
    """Return how long a sound lasts, from its packets."""
    read = ffmpeg.input(f"file:{path}", **_SOUND_OPTIONS)["a:0"]
    arguments = read.output("-", format="null", acodec="copy").get_args()
    said = await run_ffmpeg(
        ["-nostats", "-progress", "pipe:1", *arguments], timeout_seconds=LOOK_SECONDS
    )
    lines = said.decode("ascii", "replace").split()
    times = [line.partition("=")[2] for line in lines if line.startswith("out_time_us=")]
    seconds = (_positive(times[-1]) or 0) / 1e6 if times else 0
    if seconds <= 0:
        raise StudioError("broken_media")
    return seconds


async def _draw(picture: Any, *, seconds: float = LOOK_SECONDS) -> bytes:  # noqa: ANN401 - ffmpeg-python has no types
    side = f"min({PICTURE_SIDE},%s)"
    graph = (
        picture.filter("scale", side % "iw", side % "ih", force_original_aspect_ratio="decrease")
        .filter("format", "yuvj420p")
        .output("pipe:", vframes=1, format="image2pipe", vcodec="mjpeg", **{"q:v": 4})
    )
    drawn = await run_ffmpeg(graph.get_args(), timeout_seconds=seconds)
    if not drawn:
        raise StudioError("broken_media")
    return drawn


async def _report(path: Path, options: dict[str, str], *more: str) -> Json:
    given = [part for name, value in options.items() for part in (f"-{name}", value)]
    output = await run_ffprobe(
        [*given, *more, "-of", "json", "-show_format", "-show_streams", f"file:{path}"],
        timeout_seconds=LOOK_SECONDS,
    )
    try:
        report = json.loads(output)
    except ValueError as error:
        raise FfmpegError("ffprobe gave no report") from error
    return report if isinstance(report, dict) else {}


def _first(report: Json, kind: str) -> Json:
    streams: list[Json] = report.get("streams", [])
    return next((one for one in streams if one.get("codec_type") == kind), {})


def _positive(value: Any) -> float | None:  # noqa: ANN401 - JSON
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if 0 < number < float("inf") else None


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD_BYTES)


def _size(path: Path) -> int:
    return path.stat().st_size
