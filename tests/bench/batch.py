"""A dry run over a list of thousands of clips, against two ffprobes side by side."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.app import App
from bot.batching import batch
from tests.bench.memory import peak_bytes
from tests.bench.results import Result, at_most, median_ratio, reference
from tests.bench.world import MIB, settings_for, stand_ins
from utils.ffmpeg import find_ffmpeg, find_ffprobe

ENTRIES = 5000
FEW = 500
ROUNDS = 3
"""The files are cut into so many pieces, which are measured in turn."""
LIMIT = 1.3
LIMIT_MIB = 8
PROBES = 2
TARGETS = ("telegram", "youtube", "tiktok", "instagram", "facebook")

JSON = dict[str, Any]


def run() -> list[Result]:
    return asyncio.run(_run())


async def _run() -> list[Result]:
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        _write_clips(folder)
        size = ENTRIES // ROUNDS
        ours, theirs = [], []
        async with stand_ins() as remotes:
            values = dict(remotes.settings)
            for piece in range(ROUNDS):
                numbers = range(piece * size, (piece + 1) * size)
                theirs.append(_ffprobes(folder, numbers))
                ours.append((await _look(folder, numbers, values))["seconds"])
            few = await _look(folder, range(FEW), values)
            many = await _look(folder, range(ENTRIES), values)
    how = f"a dry run of {size} clips for {len(TARGETS)} platforms"
    grown = (many["peak_bytes"] - few["peak_bytes"]) / MIB
    return [
        at_most(
            "batch.time",
            median_ratio(ours, theirs),
            LIMIT,
            method=f"{how} ÷ `xargs -P {PROBES} ffprobe` over the same files, wall time, medians",
        ),
        at_most(
            "batch.memory",
            grown,
            LIMIT_MIB,
            unit="MiB",
            strict=True,
            method=f"peak resident size with {ENTRIES} clips, minus that with {FEW}",
        ),
        reference(
            "batch.rate",
            ENTRIES / many["seconds"],
            unit="clips/s",
            method=f"a dry run of {ENTRIES} clips",
        ),
    ]


def _write_clips(folder: Path) -> None:
    """Write small videos that all differ: one clip, with a `free` box of its own behind it."""
    clip = folder / "clip.mp4"
    source = ("-f", "lavfi", "-i", "color=c=teal:s=720x1280:r=30:d=4", "-f", "lavfi")
    sound = ("-i", "sine=d=4", "-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac")
    command = [find_ffmpeg(), "-nostdin", "-v", "error", *source, *sound]
    subprocess.run([*command, "-movflags", "+faststart", str(clip)], check=True)
    content = clip.read_bytes()
    (folder / "clips").mkdir()
    for number in range(ENTRIES):
        box = (16).to_bytes(4, "big") + b"free" + number.to_bytes(8, "big")
        _path(folder, number).write_bytes(content + box)


def _path(folder: Path, number: int) -> Path:
    return folder / "clips" / f"abc_{number:05}.mp4"


def _write_list(folder: Path, numbers: Sequence[int]) -> None:
    clips = [
        {
            "clip_id": number,
            "filename": _path(folder, number).name,
            "path": f"clips/{_path(folder, number).name}",
            "duration": 4.0,
            "score": number / 7,
            "aspect_ratio": "9:16",
        }
        for number in numbers
    ]
    document = {"video_id": "abc", "clips": clips}
    (folder / "clips_metadata.json").write_text(json.dumps(document, indent=1))
    metadata = {"title_template": "Best of {video_id} #{clip_id}", "privacy": "public"}
    publisher = {"platforms": list(TARGETS), "metadata": metadata}
    (folder / "publisher.json").write_text(json.dumps(publisher))


def _ffprobes(folder: Path, numbers: Sequence[int]) -> float:
    """Return how long ffprobe takes over the files, several at once and nothing else."""
    paths = "\0".join(str(_path(folder, number)) for number in numbers)
    probe = ("-hide_banner", "-v", "error", "-of", "json", "-show_format", "-show_streams")
    command = ["xargs", "-0", "-n", "1", "-P", str(PROBES), find_ffprobe(), *probe]
    started = time.perf_counter()
    subprocess.run(command, input=paths.encode(), stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - started


async def _look(folder: Path, numbers: Sequence[int], values: JSON) -> JSON:
    """Make a dry run in a process of its own; return its seconds and its peak of memory."""
    _write_list(folder, numbers)
    with tempfile.TemporaryDirectory(prefix="karvon-", dir=folder) as home:
        order = {"settings": values, "folder": str(folder), "home": home}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.bench.batch"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        said, _ = await process.communicate(json.dumps(order).encode())
    if process.returncode:
        raise SystemExit(f"bench: the measured process left with {process.returncode}")
    answer: JSON = json.loads(said)
    if answer["blocked"] or answer["entries"] != len(numbers):
        raise SystemExit(f"bench: the dry run found what is not there: {answer}")
    return answer


async def _dry_run(order: JSON) -> JSON:
    folder = Path(order["folder"])
    settings = settings_for(order["settings"], Path(order["home"]))
    request = {
        "file": str(folder / "clips_metadata.json"),
        "config": str(folder / "publisher.json"),
        "dry_run": True,
    }
    report: JSON = {}
    blocked = 0
    async with App(settings, chat=False) as app:
        started = time.perf_counter()
        async for answer in batch(app.parts, request):
            report = answer.get("report", report)
            blocked += sum(one["severity"] == "block" for one in answer.get("findings", []))
        seconds = time.perf_counter() - started
    return {"seconds": seconds, "entries": report["entries"], "blocked": blocked}


if __name__ == "__main__":
    measured = asyncio.run(_dry_run(json.load(sys.stdin)))
    sys.stdout.write(json.dumps({**measured, "peak_bytes": peak_bytes()}) + "\n")
