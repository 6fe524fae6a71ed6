"""Small real videos for tests, made once for all processes of a run."""

from __future__ import annotations

import atexit
import fcntl
import hashlib
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from utils.ffmpeg import find_ffmpeg


def noise(size: int, seed: str = "noise") -> bytes:
    """Return bytes without a pattern, the same for the same seed."""
    return hashlib.shake_128(seed.encode()).digest(size)


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


FFMPEG = find_ffmpeg()
"""The real one, whatever a test puts in its place."""
FOLDER = "TEST_MEDIA_FOLDER"
"""In the environment: where all processes of a test run find what one of them made."""


@cache
def _folder() -> Path:
    return Path(os.environ.get(FOLDER) or make_folder())


def make_folder() -> Path:
    """Return a new folder that goes with this process."""
    folder = Path(mkdtemp(prefix="karvon-media-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def encode(name: str, *arguments: str) -> Path:
    """Run ffmpeg once for a name with these arguments and return the file."""
    path = _folder() / hashlib.sha256(repr(arguments).encode()).hexdigest()[:16] / name
    path.parent.mkdir(exist_ok=True)
    with path.with_name(f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            made = path.with_name(f"new-{name}")
            command = [FFMPEG, "-nostdin", "-v", "error", "-y", *arguments, str(made)]
            subprocess.run(command, check=True, timeout=60)
            made.replace(path)
    return path


@cache
def video(*, index_first: bool = True, seconds: int = 2, size: str = "320x180") -> Path:
    """Return an MP4 with H.264 and AAC."""
    place = "front" if index_first else "end"
    return encode(
        f"{place}-{seconds}-{size}.mp4",
        *("-f", "lavfi", "-i", f"testsrc2=s={size}:r=25:d={seconds}"),
        *("-f", "lavfi", "-i", f"sine=d={seconds}"),
        *("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"),
        *("-movflags", "+faststart" if index_first else "0"),
    )


@cache
def webm() -> Path:
    return encode(
        "small.webm",
        *("-f", "lavfi", "-i", "testsrc2=s=160x90:r=10:d=1"),
        *("-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8"),
    )


@cache
def rotated() -> Path:
    """Return a video that lies on its side and is turned by the player."""
    return encode(
        "rotated.mp4",
        *("-display_rotation", "-90", "-i", str(video(seconds=1)), "-c", "copy"),
    )


@cache
def sound() -> Path:
    return encode("sound.m4a", "-f", "lavfi", "-i", "sine=d=1", "-c:a", "aac")
