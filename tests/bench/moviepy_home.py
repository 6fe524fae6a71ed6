"""An environment with moviepy: it wants a Pillow that our own one is too new for."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.bench.pieces import (
    CAPTION,
    FADE_IN,
    FADE_OUT,
    HEIGHT,
    MARK,
    RATE,
    WIDTH,
    Pieces,
)
from utils.ffmpeg import find_ffmpeg

LOCK = Path(__file__).parents[2] / ".ci" / "moviepy.lock"
PEER = Path(__file__).with_name("moviepy_peer.py")


def home() -> Path:
    """Return its Python; it is made once for a lock, inside of our own environment."""
    digest = hashlib.sha256(LOCK.read_bytes()).hexdigest()[:12]
    folder = Path(sys.prefix) / f"moviepy-{digest}"
    python = folder / "bin" / "python"
    ready = folder / "ready"
    if ready.exists():
        return python
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet"]
    subprocess.run(
        [*pip, "--disable-pip-version-check", "-r", str(LOCK)],
        check=True,
        stderr=subprocess.DEVNULL,
    )
    ready.touch()
    return python


def by_moviepy(pieces: Pieces, folder: Path) -> Path:
    """Make the mashup in a process of its own."""
    out = folder / "moviepy.mp4"
    order = {
        "own": str(pieces.own),
        "template": str(pieces.template),
        "music": str(pieces.music),
        "font": str(pieces.font),
        "seconds": pieces.seconds,
        "width": WIDTH,
        "height": HEIGHT,
        "rate": RATE,
        "caption": CAPTION,
        "mark": MARK,
        "fade_in": FADE_IN,
        "fade_out": FADE_OUT,
        "out": str(out),
        "end": ["-pix_fmt", "yuv420p", "-movflags", "+faststart"],
        "stills": [str(folder / "moviepy-1.png"), str(folder / "moviepy-2.png")],
    }
    subprocess.run(
        [str(home()), str(PEER)],
        input=json.dumps(order),
        text=True,
        check=True,
        cwd=folder,
        env={**os.environ, "FFMPEG_BINARY": find_ffmpeg(), "IMAGEIO_FFMPEG_EXE": find_ffmpeg()},
        stdout=subprocess.DEVNULL,
    )
    return out
