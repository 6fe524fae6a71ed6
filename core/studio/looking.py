"""What goes into a mashup: each file's streams, lengths, colours and digest, before any work."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, BinaryIO, Literal

import ffmpeg

from core.media.probe import INPUT_OPTIONS, CutOffError, read_report, require_end
from core.media.probe import NotAVideoError as NoPictureError
from core.posts.models import MediaFacts
from core.studio.errors import StudioError
from core.studio.examining import HEAD_BYTES, MOST_PIXELS, png_size, still_of
from core.studio.incoming import open_file
from core.studio.mashup import File
from core.studio.trouble import explain
from utils.ffmpeg import FfmpegError
from utils.ffmpeg import ffmpeg as run_ffmpeg
from utils.ffmpeg import ffprobe as run_ffprobe
from utils.threads import in_thread

Json = dict[str, Any]

LOOK_SECONDS = 30.0
PIECE_BYTES = 256 * 1024**2
"""So much is digested before it is seen whether anybody still wants it."""
BLOCK_BYTES = 1024**2
LEAST_SIDE = 16
"""A smaller picture cannot be cut and scaled."""
_SOUNDS = "mp3,wav,w64,flac,aiff,caf,aac,ac3,eac3,amr"
"""Readers of single files that hold nothing but sound; the rest also read videos."""
SOUND_OPTIONS = {
    **INPUT_OPTIONS,
    "format_whitelist": f"{INPUT_OPTIONS['format_whitelist']},{_SOUNDS}",
}
FIRST_PACKETS = 24
"""So many are looked at; the first one of the picture is among them."""
BEGIN_SECONDS = 0.02
"""What begins so much later begins at once: the sound of some encoders starts a little early."""
_BROADCAST = frozenset({"bt470bg", "smpte170m", "smpte240m", "fcc"})
"""Colours of standard television, as ffprobe names them."""
_STANDARD_LINES = 576
"""A picture that does not tell its colours and has no more lines is taken for such."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """By what it is seen that a file was changed, without reading it."""

    file: tuple[int, int]
    size: int
    changed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """One file that goes in, looked at."""

    path: Path
    """Absolute."""
    kind: Literal["video", "image", "audio", "text"]
    options: Mapping[str, str]
    """With which it is opened: nothing but single files of known kinds."""
    facts: MediaFacts
    seconds: float = 0.0
    """Of the picture; 0 for a still one, and where there is none."""
    sound_seconds: float = 0.0
    """Of its sound; 0 where there is none."""
    shape: float = 1.0
    """Width of a pixel by its height, as displayed."""
    colours: Literal["hd", "sd", "rgb"] = "hd"
    """Of high or standard television, or as the file tells ffmpeg."""
    is_full_range: bool = False
    begins: bool = False
    """Whether the first packet of its picture is seen, and first of all: then its packets can be
    copied. Else an edit list leaves out what is before, or the sound begins earlier."""
    sha256: str = ""
    size_bytes: int = 0
    stamp: Stamp | None = None
    """Of the file when it was looked at."""

    @property
    def source(self) -> str:
        """Return how ffmpeg is told to open it; nothing in a name has a meaning there."""
        return f"file:{self.path}"

    @property
    def has_sound(self) -> bool:
        return self.sound_seconds > 0

    @property
    def is_still(self) -> bool:
        return self.kind == "image"


async def look_at_all(files: Iterable[File], *, text: File | None = None) -> dict[str, Looked]:
    """Look at each file once, side by side; the keys are the paths as they were given.

    Args:
        files: all of them.
        text: the one of them that holds words.

    Raises:
        StudioError: one of them cannot be used.
    """
    paths = list(dict.fromkeys(file.path for file in files))
    words = text.path if text else None
    try:
        async with asyncio.TaskGroup() as group:
            tasks = {
                path: group.create_task((look_at_text if path == words else look)(Path(path)))
                for path in paths
            }
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from None
    return {path: task.result() for path, task in tasks.items()}


def require_same(file: File, looked: Looked) -> None:
    """Look whether a file still holds the bytes that are meant.

    Raises:
        StudioError: ``changed``.
    """
    if file.sha256 and looked.sha256 and file.sha256 != looked.sha256:
        raise StudioError("changed", {"name": looked.path.name})


async def require_unchanged(looked: Looked, *, gone_is_fine: bool) -> None:
    """Look whether a file still is what it was when it was looked at.

    Raises:
        StudioError: ``replaced``, or ``missing``.
    """
    try:
        if _stamp(looked.path) == looked.stamp:
            return
        sha256 = await _digest(looked.path)
    except FileNotFoundError as error:
        if gone_is_fine:
            return
        raise StudioError("missing", {"name": looked.path.name}) from error
    if sha256 != looked.sha256:
        raise StudioError("replaced", {"name": looked.path.name}, retry=True)


async def look_at_text(path: Path) -> Looked:
    """Take the digest of a file of words; who reads it looks into it.

    Raises:
        StudioError: it is not there or empty.
    """
    path = full_path(path)
    await asyncio.to_thread(_head, path)
    stamp = _stamp(path)
    return Looked(
        path=path,
        kind="text",
        options={},
        facts=MediaFacts(),
        sha256=await _digest(path),
        size_bytes=stamp.size,
        stamp=stamp,
    )


async def look(path: Path) -> Looked:
    """Look at one file.

    Raises:
        StudioError: it is not there, empty, broken, no medium, or ffprobe is missing.
    """
    path = full_path(path)
    head = await asyncio.to_thread(_head, path)
    stamp = _stamp(path)
    try:
        async with asyncio.TaskGroup() as group:
            digest = group.create_task(_digest(path))
            report = group.create_task(_report(path, head))
            _ = group.create_task(_whole(path))
    except ExceptionGroup as failed:
        raise _trouble(path, failed.exceptions[0]) from failed
    looked = _read(path, head, report.result(), digest.result(), stamp.size)
    return await _with_lengths(replace(looked, stamp=stamp))


def _trouble(path: Path, error: Exception) -> Exception:
    if isinstance(error, CutOffError):
        return StudioError("cut_off_input", {"name": path.name})
    if isinstance(error, FfmpegError):
        found = explain(error)
        is_file = found.key == "broken"
        return StudioError("unreadable", {"name": path.name}) if is_file else found
    return error


def full_path(path: Path) -> Path:
    """Return the whole path; ``~`` is the home folder, unless it only begins a name."""
    try:
        return path.expanduser().absolute()
    except RuntimeError:
        return path.absolute()


def _head(path: Path) -> bytes:
    _require_name(path)
    try:
        with open_file(path) as file:
            head = file.read(HEAD_BYTES)
    except FileNotFoundError as error:
        raise StudioError("missing", {"name": path.name}) from error
    except (OSError, ValueError) as error:
        facts = {"name": path.name, "text": getattr(error, "strerror", None) or str(error)}
        raise StudioError("no_access", facts, retry=isinstance(error, OSError)) from error
    if not head:
        raise StudioError("empty", {"name": path.name})
    return head


def _require_name(path: Path) -> None:
    """Refuse a name that can neither be told nor be written down."""
    try:
        str(path).encode()
    except UnicodeEncodeError as error:
        name = path.name.encode("utf-8", "replace").decode()
        facts = {"name": name, "text": f"{name}: not UTF-8"}
        raise StudioError("no_access", facts) from error


def _stamp(path: Path) -> Stamp:
    found = path.stat()
    return Stamp(file=(found.st_dev, found.st_ino), size=found.st_size, changed=found.st_mtime_ns)


async def _digest(path: Path) -> str:
    """Return the digest; in pieces, so that who cancels does not wait for a large file."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        while await in_thread(_digested, file, found):
            pass
    return found.hexdigest()


def _digested(file: BinaryIO, found: Any) -> bool:  # noqa: ANN401 - hashlib does not tell it
    """Read the next piece; return whether there may be more."""
    left = PIECE_BYTES
    while left and (block := file.read(min(left, BLOCK_BYTES))):
        found.update(block)
        left -= len(block)
    return not left


async def _whole(path: Path) -> None:
    await require_end(path)


def _options(head: bytes) -> dict[str, str]:
    still = still_of(head)
    if still is not None and still.reader != "gif":
        return dict(still.options)
    return SOUND_OPTIONS


async def _report(path: Path, head: bytes) -> Json:
    options = [part for name, value in _options(head).items() for part in (f"-{name}", value)]
    shown = ["-show_frames"] if still_of(head) else ["-show_packets"]
    shown += ["-show_format", "-show_streams", "-read_intervals", f"%+#{FIRST_PACKETS}"]
    output = await run_ffprobe(
        [*options, "-of", "json", *shown, f"file:{path}"], timeout_seconds=LOOK_SECONDS
    )
    try:
        report = json.loads(output)
    except ValueError as error:
        raise FfmpegError("ffprobe gave no report") from error
    return report if isinstance(report, dict) else {}


def _read(path: Path, head: bytes, report: Json, sha256: str, size: int) -> Looked:
    options = _options(head)
    is_still = "f" in options
    common: dict[str, Any] = {
        "path": path, "options": options, "sha256": sha256, "size_bytes": size,
    }  # fmt: skip
    lengths = _lengths(report)
    try:
        facts = read_report(_turned(report), size_bytes=size, index_first=None)
    except NoPictureError:
        return _sound(path, report, common)
    if told := png_size(head):
        told = told[::-1] if facts.rotation in {90, 270} else told
        facts = replace(facts, width=told[0], height=told[1])
    _require_size(path, facts, is_still=is_still)
    video = next(one for one in report["streams"] if _is_picture(one))
    is_still = is_still or _is_one_picture(video, facts)
    return Looked(
        kind="image" if is_still else "video",
        facts=facts,
        seconds=0.0 if is_still else lengths.get("video", facts.duration_seconds or 0.0),
        sound_seconds=lengths.get("audio", facts.duration_seconds or 0.0) * bool(facts.has_audio),
        shape=_shape(video, facts.rotation),
        colours="rgb" if is_still else _colours(video, facts),
        is_full_range=video.get("color_range") == "pc",
        begins=_begins(video, report),
        **common,
    )


def _turned(report: Json) -> Json:
    """Return the report of a still picture with how it is turned, which its frame tells."""
    frames = [one for one in report.get("frames", []) if "side_data_list" in one]
    if not frames:
        return report
    streams = [
        {**one, "side_data_list": frames[0]["side_data_list"]} if _is_picture(one) else one
        for one in report["streams"]
    ]
    return {**report, "streams": streams}


def _is_one_picture(video: Json, facts: MediaFacts) -> bool:
    return facts.container == "gif" and video.get("nb_frames") == "1"


def _begins(video: Json, report: Json) -> bool:
    start = _offset(video, report)
    packets = (one for one in report.get("packets", []) if _is_of(one, video))
    first = next(packets, None)
    if first is None or start > BEGIN_SECONDS:
        return False
    return "D" not in str(first.get("flags", ""))


def _is_of(packet: Json, stream: Json) -> bool:
    return bool(packet.get("stream_index") == stream.get("index"))


def _offset(stream: Json, report: Json) -> float:
    """Return how much later than the file a stream begins."""
    try:
        first = float(report.get("format", {})["start_time"])
        return max(0.0, float(stream["start_time"]) - first)
    except (KeyError, TypeError, ValueError):
        return 0.0


def _sound(path: Path, report: Json, common: Mapping[str, Any]) -> Looked:
    streams: list[Json] = report.get("streams", [])
    audio = next((one for one in streams if one.get("codec_type") == "audio"), None)
    if audio is None:
        raise StudioError("unreadable", {"name": path.name})
    whole = _number(report.get("format", {}).get("duration"))
    seconds = _lengths(report).get("audio", whole)
    facts = MediaFacts(
        size_bytes=common["size_bytes"],
        duration_seconds=seconds or None,
        audio_codec=str(audio.get("codec_name", "")),
        has_audio=True,
        container=str(report.get("format", {}).get("format_name", "")),
    )
    return Looked(kind="audio", facts=facts, sound_seconds=seconds, **common)


def _require_size(path: Path, facts: MediaFacts, *, is_still: bool) -> None:
    wide, high = facts.width or 0, facts.height or 0
    if min(wide, high) < LEAST_SIDE:
        raise StudioError("too_small", {"name": path.name, "size": f"{wide}x{high}"})
    if is_still and wide * high > MOST_PIXELS:
        raise StudioError("too_many_pixels", {"name": path.name, "size": f"{wide}x{high}"})


async def _with_lengths(looked: Looked) -> Looked:
    """Measure what the container does not tell."""
    if looked.kind == "video" and not looked.seconds:
        seconds = await _measured(looked, "V:0")
        looked = replace(looked, seconds=seconds)
    is_heard = looked.kind == "audio" or (looked.kind == "video" and looked.facts.has_audio)
    if is_heard and not looked.sound_seconds:
        looked = replace(looked, sound_seconds=await _measured(looked, "a:0"))
    if looked.kind == "audio" and not looked.sound_seconds:
        raise StudioError("zero_length", {"name": looked.path.name})
    if looked.kind == "video" and not looked.seconds:
        raise StudioError("zero_length", {"name": looked.path.name})
    return looked


async def _measured(looked: Looked, stream: str) -> float:
    """Return how long a stream lasts, from its packets."""
    graph = ffmpeg.input(looked.source, **looked.options)[stream]
    arguments = graph.output("-", format="null", c="copy").get_args()
    try:
        said = await run_ffmpeg(
            ["-nostats", "-progress", "pipe:1", *arguments], timeout_seconds=LOOK_SECONDS
        )
    except FfmpegError as error:
        raise _trouble(looked.path, error) from error
    lines = said.decode("ascii", "replace").split()
    times = [line.partition("=")[2] for line in lines if line.startswith("out_time_us=")]
    return _number(times[-1]) / 1e6 if times else 0.0


def _lengths(report: Json) -> dict[str, float]:
    found: dict[str, float] = {}
    for stream in report.get("streams", []):
        kind = "video" if _is_picture(stream) else str(stream.get("codec_type"))
        seconds = _number(stream.get("duration"))
        if seconds and kind not in found:
            # What begins late is waited for.
            found[kind] = seconds + _offset(stream, report)
    return found


def _is_picture(stream: Json) -> bool:
    is_cover = bool(stream.get("disposition", {}).get("attached_pic"))
    return stream.get("codec_type") == "video" and not is_cover


def _number(value: object) -> float:
    try:
        number = float(str(value))
    except ValueError:
        return 0.0
    return number if 0 < number < 1e9 else 0.0


def _shape(video: Json, rotation: int) -> float:
    try:
        shape = Fraction(str(video.get("sample_aspect_ratio", "1:1")).replace(":", "/"))
    except (ValueError, ZeroDivisionError):
        return 1.0
    if not Fraction(1, 20) <= shape <= 20:
        return 1.0
    return float(1 / shape if rotation in {90, 270} else shape)


def _colours(video: Json, facts: MediaFacts) -> Literal["hd", "sd", "rgb"]:
    if any(facts.pixel_format.startswith(one) for one in ("rgb", "bgr", "gbr", "pal", "argb")):
        return "rgb"
    told = str(video.get("color_space", "unknown"))
    if told in _BROADCAST:
        return "sd"
    is_standard = max(facts.height or 0, 1) <= _STANDARD_LINES
    return "sd" if told in {"unknown", "unspecified", ""} and is_standard else "hd"
