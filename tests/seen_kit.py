"""Videos whose every pixel and sample tells where it comes from, and what is seen in a result."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from core.studio import profiles
from core.studio.mashup import File, Mashup, Part
from core.studio.render import render
from core.studio.rendered import Rendered
from tests.media_kit import encode
from utils.ffmpeg import find_ffmpeg, find_ffprobe

Picture = NDArray[np.uint8]
"""Row, column, colour."""
SMALL = 6
"""So much smaller is each side of what is rendered here."""
FAST = ("-c:v", "libx264", "-preset", "ultrafast", "-crf", "12", "-pix_fmt", "yuv420p")
BT709 = ("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709")
COLOURS = {
    "red": (255, 0, 0),
    "lime": (0, 255, 0),
    "blue": (0, 0, 255),
    "yellow": (255, 255, 0),
    "white": (255, 255, 255),
    "black": (0, 0, 0),
}


def make_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let all renders be small: their way is the same, only with fewer pixels."""
    sizes = {
        name: (round(wide / SMALL / 2) * 2, round(high / SMALL / 2) * 2)
        for name, (wide, high) in profiles.SIZES.items()
    }
    monkeypatch.setattr(profiles, "SIZES", sizes)


def clip(
    name: str, picture: str, sound: str = "", *, seconds: float = 1, size: str = "180x320"
) -> Path:
    """Return a video of 30 frames a second from the sources of ffmpeg's own."""
    heard = ("-f", "lavfi", "-i", f"{sound}:d={seconds}", "-c:a", "aac") if sound else ()
    colour = picture.replace("@", f"s={size}:r=30:d={seconds}")
    matrix = "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p"
    return encode(f"{name}.mp4", "-f", "lavfi", "-i", f"{colour},{matrix}", *heard, *FAST, *BT709)


def plain(colour: str, *, sound: str = "", seconds: float = 1) -> Path:
    """Return a video of one colour."""
    return clip(colour, f"color={colour}:@", sound, seconds=seconds)


def part(path: Path, **changes: Any) -> Part:
    return Part.model_validate({"file": File(path=str(path)), **changes})


def made(mashup: Mashup, out: Path, **options: Any) -> Rendered:
    """Render and wait."""
    return asyncio.run(render(mashup, out, folder=out.parent, **options))


def picture(path: Path, at: float) -> Picture:
    """Return the frame that is shown at a time."""
    wide, high = shape(path)
    raw = _read(path, "-ss", f"{at}", "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "rgb24")
    return np.frombuffer(raw, np.uint8).reshape(high, wide, 3)


def brightness(path: Path, *, crop: str = "") -> list[float]:
    """Return the mean luminance of each frame, 16 (black) to 235 (white)."""
    cut = f"crop={crop}," if crop else ""
    raw = _read(path, "-vf", f"{cut}format=gray10le,scale=1:1:flags=area", "-f", "rawvideo")
    full = np.frombuffer(raw, "<u2").astype(float) / 1023
    return [16 + value * 219 for value in full]


def samples(path: Path) -> NDArray[np.float32]:
    """Return the sound as one channel of 48,000 a second."""
    raw = _read(path, "-vn", "-ac", "1", "-ar", "48000", "-f", "f32le")
    return np.frombuffer(raw, np.float32)


def colour_at(seen: Picture, x: float, y: float) -> str:
    """Return the nearest colour of a name at a place, in pixels."""
    at = seen[int(y), int(x)].astype(int)
    return min(COLOURS, key=lambda name: int(np.abs(at - np.array(COLOURS[name])).sum()))


def shape(path: Path) -> tuple[int, int]:
    stream = report(path)["streams"][0]
    return stream["width"], stream["height"]


def report(path: Path) -> dict[str, Any]:
    """Return what ffprobe tells; the picture is the first stream."""
    command = [find_ffprobe(), "-v", "error", "-show_streams", "-show_format", "-of", "json"]
    done = subprocess.run([*command, f"file:{path}"], check=True, capture_output=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def loudness(path: Path) -> float:
    """Return the integrated loudness by EBU R 128, in LUFS."""
    command = [find_ffmpeg(), "-nostdin", "-hide_banner", "-nostats", "-i", f"file:{path}"]
    done = subprocess.run(
        [*command, "-vn", "-af", "ebur128=framelog=quiet", "-f", "null", "-"],
        check=True,
        capture_output=True,
        text=True,
    )
    return float(re.findall(r"I:\s+(-?[0-9.]+) LUFS", done.stderr)[-1])


def first(values: Sequence[float], holds: Callable[[float], bool], start: int = 0) -> int:
    """Return the place of the first value, from one on, of which something holds."""
    return next(n for n, value in enumerate(values) if n >= start and holds(value))


def _read(path: Path, *arguments: str) -> bytes:
    command = [
        find_ffmpeg(),
        "-nostdin",
        "-v",
        "error",
        "-i",
        f"file:{path}",
        *arguments,
        "pipe:1",
    ]
    done = subprocess.run(command, check=True, capture_output=True, timeout=60)
    assert done.stderr == b"", done.stderr
    return done.stdout
