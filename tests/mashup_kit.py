"""Tiny clips in known colours, mashups of them, and eyes for what came out."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path
from typing import Any

from core.posts.models import MediaFacts
from core.studio.looking import SOUND_OPTIONS, Looked
from core.studio.mashup import File, Mashup, Music, Part
from tests.media_kit import encode
from utils.ffmpeg import find_ffmpeg

RED, GREEN, BLUE, YELLOW = (255, 0, 0), (0, 128, 0), (0, 0, 255), (255, 255, 0)
Colour = tuple[int, int, int]
KIND = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac")


@cache
def clip(
    colour: str, *, size: str = "160x284", seconds: float = 1.0, rate: int = 15, sound: bool = True
) -> Path:
    picture = ("-f", "lavfi", "-i", f"color={colour}:s={size}:r={rate}:d={seconds}")
    tone = ("-f", "lavfi", "-i", f"sine=d={seconds}:r=48000") if sound else ()
    return encode(f"{colour}.mp4", *picture, *tone, *KIND)


@cache
def still(colour: str = "yellow", size: str = "300x200") -> Path:
    picture = ("-f", "lavfi", "-i", f"color={colour}:s={size}")
    return encode(f"{colour}.png", *picture, "-frames:v", "1")


@cache
def song(seconds: float = 4.0) -> Path:
    return encode("song.m4a", "-f", "lavfi", "-i", f"sine=220:d={seconds}:r=48000", "-c:a", "aac")


def part(path: Path, **more: Any) -> Part:
    return Part(file=File(path=str(path)), **more)


def music(path: Path, **more: Any) -> Music:
    return Music(file=File(path=str(path)), **more)


def mashup(*parts: Part, **more: Any) -> Mashup:
    fields: dict[str, Any] = {
        "layout": "full" if len(parts) == 1 else "side",
        "loudness": None,
        "thumbnail": None,
        "preset": "ultrafast",
    }
    return Mashup(parts=parts, **(fields | more))


def looked(path: str = "/media/a.mp4", **more: Any) -> Looked:
    """Return what is known of a video of 10 s, 1080x1920, without any file."""
    facts = MediaFacts(
        width=1080,
        height=1920,
        frame_rate=30.0,
        video_codec="h264",
        pixel_format="yuv420p",
        has_audio=True,
        variable_rate=False,
        picture_bit_rate=4_000_000,
    )
    fields: dict[str, Any] = {
        "path": Path(path),
        "kind": "video",
        "options": SOUND_OPTIONS,
        "facts": facts,
        "seconds": 10.0,
        "sound_seconds": 10.0,
        "sha256": "a" * 64,
        "begins": True,
    }
    return Looked(**(fields | more))


def pixel(path: Path, at: float, x: float, y: float) -> Colour:
    """Return the colour at a place, in shares of the picture."""
    look = f"crop=2:2:iw*{x}:ih*{y},scale=1:1,format=rgb24"
    command = [find_ffmpeg(), "-nostdin", "-v", "error", "-ss", f"{at:.3f}", "-i", f"file:{path}"]
    command += ["-vf", look, "-frames:v", "1", "-f", "rawvideo", "pipe:1"]
    shown = subprocess.run(command, check=True, capture_output=True, timeout=30).stdout
    return shown[0], shown[1], shown[2]


def is_near(found: Colour, wanted: Colour, slack: int = 16) -> bool:
    return all(abs(one - other) <= slack for one, other in zip(found, wanted, strict=True))
