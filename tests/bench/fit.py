"""Wall time of fitting one video for three targets, against three runs of ffmpeg."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from core.media.fit.make import Output, make
from core.media.fit.plan import plan
from core.media.fit.recipe import Recipe
from core.media.probe import probe
from core.platforms.base import MediaLimits
from core.posts.models import MediaFacts
from tests.bench.remux import ffmpeg, timed
from tests.bench.results import Result, at_most, median_ratio, reference

LIMIT = 0.75
ROUNDS = 3
SECONDS = 8
LIMITS = (
    MediaLimits(max_bytes=1 << 40, max_side=640, video_codecs=frozenset({"h264"})),
    MediaLimits(max_bytes=1 << 40, max_width=480, video_codecs=frozenset({"h264"})),
    MediaLimits(max_bytes=1 << 40, max_side=640, max_frame_rate=24, max_seconds=6),
)
METHOD = (
    f"{SECONDS} s of HEVC in 4K with 10 bits for three targets of at most 640 px, from one "
    f"decode (probes and digests included), ÷ three plain runs of ffmpeg, one after another, with "
    f"the same size, rate and encoder; medians of {ROUNDS} in turn"
)


def run() -> list[Result]:
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        source = _video(folder)
        facts = asyncio.run(probe(source))
        recipes = [_recipe(facts, limits) for limits in LIMITS]
        kinds: dict[str, Callable[[], None]] = {
            "ours": lambda: asyncio.run(_ours(source, facts, recipes, folder)),
            "three": lambda: _three(source, facts, recipes, folder),
        }
        seconds = timed(kinds, ROUNDS)
    ratio = median_ratio(seconds["ours"], seconds["three"])
    alone = statistics.median(seconds["three"])
    return [
        at_most("fit", ratio, LIMIT, method=METHOD),
        reference("fit.three", alone, unit="s", method="the three plain runs together"),
    ]


def _recipe(facts: MediaFacts, limits: MediaLimits) -> Recipe:
    recipe = plan(facts, limits).recipe
    if recipe is None or recipe.copy:
        raise SystemExit("bench: this is no video to encode")
    return recipe


async def _ours(source: Path, facts: MediaFacts, recipes: Sequence[Recipe], folder: Path) -> None:
    outputs = [
        Output(recipe=recipe, path=folder / f"ours-{number}.mp4")
        for number, recipe in enumerate(recipes)
    ]
    await make(
        source, facts, outputs, threads=0, on_progress=lambda share, left: None, folder=folder
    )


def _three(source: Path, facts: MediaFacts, recipes: Sequence[Recipe], folder: Path) -> None:
    for number, recipe in enumerate(recipes):
        rate = recipe.frame_rate or facts.frame_rate
        graph = f"fps={rate},scale={recipe.width}:{recipe.height}:flags=bicubic,format=yuv420p"
        ffmpeg(
            *("-i", str(source), "-vf", graph, "-c:v", "libx264", "-preset", "veryfast"),
            *("-crf", "20", "-c:a", "aac", "-b:a", "128k", "-ac", "2", "-ar", "48000"),
            *("-t", str(recipe.seconds or facts.duration_seconds), "-movflags", "+faststart"),
            str(folder / f"three-{number}.mp4"),
        )


def _video(folder: Path) -> Path:
    path = folder / "source.mkv"
    ffmpeg(
        *("-f", "lavfi", "-i", f"testsrc2=s=3840x2160:r=30:d={SECONDS}"),
        *("-f", "lavfi", "-i", f"sine=d={SECONDS}:r=48000"),
        *("-c:v", "libx265", "-preset", "ultrafast", "-pix_fmt", "yuv420p10le"),
        *("-x265-params", "log-level=none", "-c:a", "libopus", str(path)),
    )
    return path
