"""Batches on a fresh database, with lists of clips and videos for them."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from core.batches.book import BatchBook
from core.batches.checking import CheckDeps, Checked, Report
from core.batches.earlier import Earlier
from core.batches.findings import Finding
from core.batches.folders import Folders
from core.batches.listing import Kind
from core.batches.publisher import Config
from core.batches.publishing import Publishing
from core.batches.reach import Reaches
from core.batches.service import Batches
from core.media.fit.plan import Choices
from core.platforms.registry import require_platform
from core.posts.models import MediaFacts
from tests.factories import Desk

JSON = dict[str, Any]
FACTS = MediaFacts(
    size_bytes=1000,
    duration_seconds=12.0,
    width=720,
    height=1280,
    frame_rate=30.0,
    video_codec="h264",
    audio_codec="aac",
    container="mov,mp4,m4a",
    mime_type="video/mp4",
    index_first=True,
    has_audio=True,
)
BOX = (24).to_bytes(4, "big") + b"ftypisom" + bytes(12)


async def no_source(spec: Mapping[str, Any]) -> bytes:
    raise AssertionError(f"{spec} was fetched")


async def easy_probe(path: Path) -> MediaFacts:
    """Say of every file that it is a fine short clip."""
    del path
    return FACTS


def make_batches(
    desk: Desk,
    folders: Sequence[Path] = (),
    *,
    probe: Callable[[Path], Awaitable[MediaFacts]] = easy_probe,
    read_source: Callable[[JSON], Awaitable[bytes]] = no_source,
    probes: int = 2,
) -> Batches:
    book = BatchBook(desk.store, desk.clock, desk.engine, desk.posts)
    earlier = Earlier(desk.store, desk.posts)
    reaches = partial(
        Reaches,
        intake=desk.intake,
        require_platform=require_platform,
        options={},
        choices=Choices(),
    )
    return Batches(
        book=book,
        publishing=Publishing(desk.store, book, desk.intake, earlier, list(folders)),
        check=CheckDeps(
            reaches=reaches,
            earlier=earlier,
            limits=desk.posts.quotas,
            clock=desk.clock,
            probe=probe,
            probes=probes,
        ),
        clock=desk.clock,
        timezone="UTC",
        sort_by_size=False,
        read_source=read_source,
    )


def make_file(folder: Path, name: str, content: bytes = b"") -> Path:
    """Write something that looks like a video from outside, different for each name."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content or BOX + name.encode())
    return path


def make_clip(number: int = 0, **changes: Any) -> JSON:
    name = f"abc_{number:04}.mp4"
    return {"clip_id": number, "filename": name, "path": f"clips/{name}", **changes}


def make_clips(*clips: JSON, **header: Any) -> bytes:
    return json.dumps({"video_id": "abc", **header, "clips": list(clips)}, indent=1).encode()


def make_config(**values: Any) -> bytes:
    return json.dumps(values, indent=1).encode()


class Look:
    """One dry run and what it saw."""

    def __init__(self, report: Report, seen: list[Checked]) -> None:
        self.report = report
        self.seen = sorted(seen, key=lambda one: one.entry.number)
        self.findings = list(report.findings)

    @property
    def keys(self) -> list[str]:
        return [one.key for one in self.findings]

    def one(self, key: str) -> Finding:
        """Return the one finding of a kind."""
        (found,) = [one for one in self.findings if one.key == key]
        return found


async def look(
    batches: Batches,
    folder: Path,
    data: bytes,
    *,
    config: bytes | None = None,
    kind: Kind = Kind.CLIPS,
    allowed: Sequence[Path] = (),
) -> Look:
    """Look into a list as a person at a terminal would."""
    seen: list[Checked] = []

    async def keep(checked: Checked) -> None:
        seen.append(checked)

    read = batches.config(config) if config is not None else Config()
    check = batches.look(batches.listing(data, kind), read, Folders(allowed, folder), keep)
    return Look(await check.run(), seen)
