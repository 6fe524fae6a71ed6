"""Two hundred small renders in one process: what they leave behind."""

from __future__ import annotations

import asyncio
import gc
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from core.studio.errors import StudioError
from core.studio.mashup import Captions, File
from core.studio.render import render
from tests.bench.pieces import Pieces, make_pieces
from tests.bench.results import Result, at_most, reference

COUNT, WARM = 200, 20
"""Of them the first ones fill caches and are not counted."""
BROKEN = 10
"""Every so many is given a file that is none."""
MIB = 1024 * 1024
LIMIT_MIB = 8
METHOD = (
    f"{COUNT} previews one after another in one process, every {BROKEN}th of a broken file; "
    "what there is more of after the last than after"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What a process holds."""

    files: int
    """In the folder, results left out."""
    children: int
    handles: int
    resident_bytes: int


def run() -> list[Result]:
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        pieces = make_pieces(folder, seconds=2, size="180x320", rate=15)
        before, after = asyncio.run(_many(pieces, folder))
    grown = (after.resident_bytes - before.resident_bytes) / MIB
    warm = f"{METHOD} {WARM}"
    return [
        at_most("renders.files", after.files - before.files, 0, unit="files", method=warm),
        at_most("renders.processes", after.children, 0, unit="processes", method="after the last"),
        at_most("renders.handles", after.handles - before.handles, 0, unit="files", method=warm),
        at_most("renders.memory", grown, LIMIT_MIB, unit="MiB", method=f"resident size, {warm}"),
        reference("renders.resident", after.resident_bytes / MIB, unit="MiB", method="at the end"),
    ]


async def _many(pieces: Pieces, folder: Path) -> tuple[Left, Left]:
    work, results = folder / "work", folder / "results"
    for made in (work, results):
        made.mkdir()
    broken = folder / "broken.mp4"
    broken.write_bytes(pieces.own.read_bytes()[2000:])
    before = _left(work)
    for number in range(COUNT):
        await _one(pieces, broken if number % BROKEN == BROKEN - 1 else None, work, results)
        if number == WARM:
            before = _left(work)
    return before, _left(work)


async def _one(pieces: Pieces, broken: Path | None, work: Path, results: Path) -> None:
    mashup = pieces.mashup
    out = results / "small.mp4"
    if broken is not None:
        first = mashup.parts[0].model_copy(update={"file": File(path=str(broken))})
        mashup = mashup.model_copy(update={"parts": (first, *mashup.parts[1:])})
    mashup = mashup.model_copy(update={"captions": Captions(text="Small")})
    try:
        await render(mashup, out, folder=work, on_progress=lambda told: None, preview=True)
    except StudioError:
        if broken is None:
            raise
    else:
        if broken is not None:
            raise SystemExit("bench: a broken file was rendered")
    _clear(results)


def _clear(folder: Path) -> None:
    for path in list(folder.iterdir()):
        path.unlink()


def _left(folder: Path) -> Left:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return Left(
        files=sum(1 for path in folder.rglob("*") if path.is_file()),
        children=len(_children()),
        handles=len(list(Path("/proc/self/fd").iterdir())),
        resident_bytes=pages * os.sysconf("SC_PAGE_SIZE"),
    )


def _children() -> list[str]:
    tasks = Path("/proc/self/task").iterdir()
    return [pid for task in tasks for pid in (task / "children").read_text().split()]
