"""Wall time of a whole mashup, against commands by hand, several passes and moviepy."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from core.studio.render import render
from tests.bench.hand import by_hand, in_passes, preview_by_hand
from tests.bench.likeness import likeness
from tests.bench.moviepy_home import by_moviepy, home
from tests.bench.pieces import HEIGHT, WIDTH, Pieces, make_pieces
from tests.bench.results import Result, at_least, at_most, median_ratio, reference

ROUNDS = 5
SLOW_ROUNDS = {"passes": 2, "moviepy": 1}
"""Of what takes so long that its ratio cannot be missed by noise."""
LIMIT, PASSES, MOVIEPY, ALIKE = 1.05, 1.8, 4.0, 0.98
PREVIEW = 0.2
WHAT = (
    f"two videos of {WIDTH}x{HEIGHT} and 30 s at 2/3 and 1/3, music with fades that gives way, "
    "a caption, a mark, -14 LUFS, two stills; veryfast"
)


def run() -> list[Result]:
    home()
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        pieces = make_pieces(folder)
        seconds = _measured(pieces, folder)
        alike = likeness(folder / "ours.mp4", folder / "hand.mp4")
    hand = statistics.median(seconds["hand"])
    return [
        at_most("mashup", median_ratio(seconds["ours"], seconds["hand"]), LIMIT, method=_whole()),
        at_least(
            "mashup.passes",
            median_ratio(seconds["passes"], seconds["ours"]),
            PASSES,
            method="scaling each part, then stacking, then the sound, then the stills ÷ ours",
        ),
        at_least(
            "mashup.moviepy",
            median_ratio(seconds["moviepy"], seconds["ours"]),
            MOVIEPY,
            method="moviepy 2 with the same ffmpeg and encoder, without any loudness ÷ ours",
        ),
        at_least(
            "mashup.alike",
            alike,
            ALIKE,
            unit="SSIM",
            method="our picture against that of the command by hand, words and mark included",
        ),
        at_most(
            "mashup.preview",
            median_ratio(seconds["preview"], seconds["hand"]),
            PREVIEW,
            method="three small seconds ÷ the whole command by hand, which takes about 10 s",
        ),
        reference("mashup.hand", hand, unit="s", method="the command by hand alone"),
        reference(
            "mashup.preview_seconds",
            statistics.median(seconds["preview"]),
            unit="s",
            method="the preview alone",
        ),
        reference(
            "mashup.preview_hand",
            median_ratio(seconds["preview"], seconds["preview_hand"]),
            method="the preview ÷ the same three seconds by hand, nothing looked at or hashed",
        ),
    ]


def _whole() -> str:
    return (
        f"{WHAT}; our render, with looking at the files, their digests, the check of the result "
        f"and its sheet ÷ the best single command by hand; medians of {ROUNDS} in turn"
    )


def _measured(pieces: Pieces, folder: Path) -> dict[str, list[float]]:
    kinds: dict[str, Callable[[], object]] = {
        "hand": lambda: by_hand(pieces, folder),
        "ours": lambda: _ours(pieces, folder / "ours.mp4", preview=False),
        "preview": lambda: _ours(pieces, folder / "preview.mp4", preview=True),
        "preview_hand": lambda: preview_by_hand(pieces, folder),
        "passes": lambda: in_passes(pieces, folder),
        "moviepy": lambda: by_moviepy(pieces, folder),
    }
    seconds: dict[str, list[float]] = {kind: [] for kind in kinds}
    for number in range(ROUNDS + 1):
        for kind, call in kinds.items():
            if number > SLOW_ROUNDS.get(kind, ROUNDS) or (number == 0 and kind in SLOW_ROUNDS):
                continue
            began = time.perf_counter()
            call()
            if number:
                seconds[kind].append(time.perf_counter() - began)
    return seconds


def _ours(pieces: Pieces, out: Path, *, preview: bool) -> None:
    out.unlink(missing_ok=True)
    asyncio.run(
        render(
            pieces.mashup,
            out,
            folder=out.parent,
            on_progress=lambda told: None,
            preview=preview,
        )
    )
