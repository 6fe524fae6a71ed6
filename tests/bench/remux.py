"""Wall time of writing a container anew, against plain ``ffmpeg -c copy``."""

from __future__ import annotations

import asyncio
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from core.media.fit.make import Output, make
from core.media.fit.plan import plan
from core.media.probe import probe
from core.platforms.base import NO_LIMIT, MediaLimits
from core.posts.models import MediaFacts
from tests.bench.results import Result, at_most, median_ratio, reference
from utils.ffmpeg import find_ffmpeg

LIMITS = MediaLimits(
    max_bytes=NO_LIMIT, containers=frozenset({"mp4"}), index_first=True, no_edit_list=True
)
LIMIT = 1.1
ROUNDS = 5
SECONDS, LOOPS = 5, 64
METHOD = (
    f"an MP4 of about 1 GB whose index is last, made to fit and looked at afterwards, "
    f"÷ `ffmpeg -c copy` of it; medians of {ROUNDS} in turn"
)


def run() -> list[Result]:
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        return [
            *_compared("remux", _video(folder, "last.mp4"), folder, METHOD),
            *_compared("remux.mkv", _video(folder, "other.mkv"), folder, OTHER),
        ]


OTHER = f"the same video as Matroska: only ffmpeg can write it anew; medians of {ROUNDS} in turn"


def _compared(name: str, source: Path, folder: Path, method: str) -> list[Result]:
    facts = asyncio.run(probe(source))
    kinds: dict[str, Callable[[], None]] = {
        "ours": lambda: asyncio.run(_ours(source, facts, folder, digests=False)),
        "digest": lambda: asyncio.run(_ours(source, facts, folder, digests=True)),
        "plain": lambda: copy(source, folder / "plain.mp4"),
    }
    outputs = [folder / "ours.mp4", folder / "plain.mp4"]
    seconds = timed(kinds, ROUNDS, lambda: [path for path in outputs if path.exists()])
    ratio = median_ratio(seconds["ours"], seconds["plain"])
    result = at_most(name, ratio, LIMIT, method=method)
    plain = statistics.median(seconds["plain"])
    digest = median_ratio(seconds["digest"], seconds["plain"])
    return [
        result,
        reference(f"{name}.digest", digest, method="the same with the SHA-256 of the result"),
        reference(f"{name}.plain", plain, unit="s", method="ffmpeg -c copy alone"),
    ]


def timed(
    kinds: dict[str, Callable[[], None]],
    rounds: int,
    leftovers: Callable[[], list[Path]] = list,
) -> dict[str, list[float]]:
    """Call each once to warm up, then in turns; return the seconds of each call.

    What was made before is cleared away in between.
    """
    seconds: dict[str, list[float]] = {kind: [] for kind in kinds}
    for number in range(rounds + 1):
        for kind, call in kinds.items():
            for left in leftovers():
                left.unlink()
            started = time.perf_counter()
            call()
            if number:
                seconds[kind].append(time.perf_counter() - started)
    return seconds


def copy(source: Path, target: Path) -> None:
    ffmpeg("-i", str(source), "-c", "copy", str(target))


def ffmpeg(*arguments: str) -> None:
    command = [find_ffmpeg(), "-nostdin", "-v", "error", "-y", *arguments]
    subprocess.run(command, check=True)


async def _ours(source: Path, facts: MediaFacts, folder: Path, *, digests: bool) -> None:
    found = plan(facts, LIMITS)
    if found.recipe is None or not found.recipe.copy:
        raise SystemExit(f"bench: this is no video to remux: {found.findings}")
    output = Output(recipe=found.recipe, path=folder / "ours.mp4")
    await make(
        source,
        facts,
        [output],
        threads=0,
        on_progress=lambda share, left: None,
        folder=folder,
        digests=digests,
    )


def _video(folder: Path, name: str) -> Path:
    once = folder / "once.mp4"
    if not once.exists():
        ffmpeg(
            *("-f", "lavfi", "-i", f"testsrc2=s=1280x720:r=30:d={SECONDS},noise=alls=18:allf=t"),
            *("-f", "lavfi", "-i", f"sine=d={SECONDS}:r=48000", "-c:v", "libx264", "-crf", "20"),
            *("-preset", "ultrafast", "-b:v", "60M", "-pix_fmt", "yuv420p", "-c:a", "aac"),
            *("-maxrate", "22M", "-bufsize", "11M", str(once)),
        )
    path = folder / name
    ffmpeg("-stream_loop", str(LOOPS), "-i", str(once), "-c", "copy", str(path))
    return path
