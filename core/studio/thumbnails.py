"""The still pictures of a mashup: several are written by its own graph, the best one is kept."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ffmpeg

from core.studio.layouts import Size
from core.studio.picture import FAST_SCALER, SCALER, blurred_size, over_blurred
from core.studio.timeline import Timeline

Stream = Any
"""A stream of ffmpeg-python, which is untyped."""

SIZES: tuple[Size, ...] = ((1280, 720), (1080, 1920))
PLACES = (0.1, 0.3, 0.5, 0.7, 0.9)
"""Where the pictures are taken that are compared, in shares of the whole."""
SCORES_NAME = "scores.txt"
QUALITY = 3
"""Of the JPEG encoder, 2 to 31; lower is better."""
SCORE_LINES = 480
DARK = 32.0
"""A mean brightness (of 255) below is black or nearly so."""
FLAT = 16.0
"""A picture whose brightest and darkest tenths are nearer shows nothing."""
_FRAME = re.compile(r"^frame:(\d+)")
_VALUE = re.compile(r"^lavfi\.(?:signalstats\.)?(blur|YAVG|YLOW|YHIGH)=(.+)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What was measured of one of the pictures."""

    blur: float = 1e9
    """Width of its edges; less is sharper."""
    brightness: float = 0.0
    contrast: float = 0.0

    @property
    def is_good(self) -> bool:
        return self.brightness >= DARK and self.contrast >= FLAT


def name_of(size: Size) -> str:
    """Return how a size is called in names and results, such as ``1080x1920``."""
    return f"{size[0]}x{size[1]}"


def still_path(result: Path, size: str) -> Path:
    """Return where the picture of that size lies beside a result."""
    return result.with_name(f"{result.stem}-{size}.jpg")


def chosen_frames(line: Timeline, at: float | None) -> tuple[int, ...]:
    """Return the frames that become pictures, in order, each once."""
    if at is not None:
        return (min(round(at * line.rate), line.frames - 1),)
    return tuple(dict.fromkeys(int(line.frames * place) for place in PLACES))


def pictures(stream: Stream, frames: Sequence[int]) -> list[Stream]:
    """Return each of these frames of a stream alone.

    Trimming, not selecting: ffmpeg 5.1 cuts the sound of the video beside a selection.
    """
    copies = parted(stream, len(frames))
    return [
        copy.filter("trim", start_frame=frame, end_frame=frame + 1)
        for copy, frame in zip(copies, frames, strict=True)
    ]


def parted(stream: Stream, count: int) -> list[Stream]:
    """Return a stream so many times."""
    if count == 1:
        return [stream]
    copies = stream.filter_multi_output("split", count)
    return [copies[number] for number in range(count)]


def outputs(stills: Sequence[Stream], size: Size) -> list[Stream]:
    """Return the outputs that write each picture in every size, and measure it."""
    stills = [still.filter("setpts", 0) for still in stills]
    stream = stills[0] if len(stills) == 1 else ffmpeg.concat(*stills, v=1, a=0)
    stream = stream.filter("settb", "1/30").filter("setpts", "N")
    measured, *copies = parted(stream, 1 + len(SIZES))
    written = [
        ffmpeg.output(
            _shaped(copy, size, wanted),
            f"still-{name_of(wanted)}-%d.jpg",
            format="image2",
            vcodec="mjpeg",
            fps_mode="passthrough",
            threads=1,
            **{"q:v": QUALITY, "flags:v": "+bitexact"},
        )
        for copy, wanted in zip(copies, SIZES, strict=True)
    ]
    return [*written, ffmpeg.output(_measured(measured), "-", format="null")]


def _measured(stream: Stream) -> Stream:
    """Measure small pictures: it is ten times as quick, and tells the same."""
    stream = stream.filter("scale", -2, SCORE_LINES, flags=FAST_SCALER).filter("signalstats")
    stream = stream.filter("blurdetect", block_width=32, block_height=32)
    return stream.filter("metadata", "print", file=SCORES_NAME)


def _shaped(stream: Stream, size: Size, wanted: Size) -> Stream:
    if size[0] * wanted[1] != size[1] * wanted[0]:
        both = parted(stream, 2)
        small = blurred_size(wanted)
        back = both[0].filter(
            "scale", *small, flags=FAST_SCALER, force_original_aspect_ratio="increase"
        )
        factor = min(wanted[0] / size[0], wanted[1] / size[1])
        inner = [max(2, round(side * factor / 2) * 2) for side in size]
        front = both[1].filter("scale", *inner, flags=SCALER)
        stream = over_blurred(back.filter("crop", *small), front, wanted)
    # Source: ITU-T T.871 (JFIF), section 7: full range, colours of BT.601.
    stream = stream.filter(
        "scale", *wanted, flags=SCALER, out_range="pc", out_color_matrix="smpte170m"
    )
    return stream.filter("format", "yuvj420p").filter("setsar", 1)


def read_scores(text: str) -> list[Score]:
    """Read what the filters told of each picture, in their order."""
    found: list[dict[str, float]] = []
    for line in text.splitlines():
        if _FRAME.match(line):
            found.append({})
        elif found and (value := _VALUE.match(line)):
            found[-1][value[1]] = _number(value[2])
    return [
        Score(
            blur=values.get("blur", 1e9),
            brightness=values.get("YAVG", 0.0),
            contrast=values.get("YHIGH", 0.0) - values.get("YLOW", 0.0),
        )
        for values in found
    ]


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        return 1e9
    return number if abs(number) < 1e9 else 1e9


def best(scores: Sequence[Score]) -> int:
    """Return which picture is the sharpest of those that are not black; else the brightest."""
    good = [number for number, score in enumerate(scores) if score.is_good]
    if good:
        return min(good, key=lambda number: scores[number].blur)
    return max(range(len(scores)), key=lambda number: scores[number].brightness, default=0)


def is_any_good(folder: Path) -> bool:
    """Tell whether one of the pictures in a folder shows something."""
    return any(score.is_good for score in _scores(folder))


def _scores(folder: Path) -> list[Score]:
    notes = folder / SCORES_NAME
    return read_scores(notes.read_text("utf-8", "replace")) if notes.is_file() else []


def pick(folder: Path) -> Mapping[str, Path]:
    """Return the best picture in each size; the others are deleted. Empty where none came."""
    number = best(_scores(folder)) + 1
    found: dict[str, Path] = {}
    for size in map(name_of, SIZES):
        path = folder / f"still-{size}-{number}.jpg"
        if path.is_file() and path.stat().st_size:
            found[size] = path
        for other in folder.glob(f"still-{size}-*.jpg"):
            if other != path:
                other.unlink()
    return found
