"""Wall time of other music under a video that stays as it is, against ``ffmpeg -c:v copy``."""

from __future__ import annotations

import asyncio
import hashlib
import statistics
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from core.studio.mashup import File, Mashup, Music, Part
from core.studio.render import render
from tests.bench.hand import by_hand, swap_by_hand
from tests.bench.pieces import Pieces, make_pieces
from tests.bench.remux import timed
from tests.bench.results import Result, at_most, median_ratio, reference
from utils.ffmpeg import find_ffmpeg

LIMIT = 2.0
ROUNDS = 7
METHOD = (
    "music in place of the sound of 30 s in 1080x1920 whose picture is copied, with looking at "
    "the files, their digests and the check of the result, ÷ `ffmpeg -c:v copy -c:a aac` of the "
    f"same; medians of {ROUNDS} in turn"
)


def run() -> list[Result]:
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        pieces = make_pieces(folder)
        video = by_hand(pieces, folder)
        out = folder / "swap-ours.mp4"
        kinds: dict[str, Callable[[], None]] = {
            "ours": lambda: _ours(video, pieces, out),
            "plain": lambda: _plain(video, pieces, folder),
        }
        seconds = timed(kinds, ROUNDS)
        if _picture(out) != _picture(video):
            raise SystemExit("bench: the picture was not copied")
    plain = statistics.median(seconds["plain"])
    return [
        at_most("swap", median_ratio(seconds["ours"], seconds["plain"]), LIMIT, method=METHOD),
        reference("swap.plain", plain, unit="s", method="ffmpeg -c:v copy alone"),
    ]


def _ours(video: Path, pieces: Pieces, out: Path) -> None:
    out.unlink(missing_ok=True)
    mashup = Mashup(
        layout="full",
        parts=(Part(file=File(path=str(video))),),
        music=Music(file=File(path=str(pieces.music)), replace=True, fade_in=0, fade_out=0),
        loudness=None,
        thumbnail=None,
    )
    asyncio.run(render(mashup, out, folder=out.parent, on_progress=lambda told: None))


def _plain(video: Path, pieces: Pieces, folder: Path) -> None:
    swap_by_hand(video, pieces.music, folder, pieces.seconds)


def _picture(path: Path) -> str:
    """Return the digest of the packets of the picture."""
    command = [find_ffmpeg(), "-nostdin", "-v", "error", "-i", str(path), "-map", "0:v"]
    done = subprocess.run(
        [*command, "-c", "copy", "-bsf:v", "h264_mp4toannexb", "-f", "h264", "-"],
        check=True,
        capture_output=True,
    )
    return hashlib.sha256(done.stdout).hexdigest()
