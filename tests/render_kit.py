"""Renders for tests: a maker that does what it is told, and questions about what came of it."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

from bot import studio as composition
from core.posts.models import MediaFacts
from core.studio.assets import Asset, NewAsset
from core.studio.mashup import AssetKind, File, Mashup, Part
from core.studio.rendered import Rendered
from core.studio.renders import NewRender, Render, Renders, RenderState
from tests.acceptance.system import WAIT_SECONDS, System, World, open_world, running
from tests.media_kit import encode
from utils.ffmpeg import journal

FACTS = MediaFacts(
    duration_seconds=4.0,
    width=540,
    height=960,
    frame_rate=24.0,
    video_codec="h264",
    audio_codec="aac",
    container="mov,mp4,m4a,3gp,3g2,mj2",
    index_first=True,
    has_audio=True,
)


def small(*, fragments: bool = False) -> Path:
    """Return a video that every platform takes, as one file or in fragments."""
    moves = "+frag_keyframe+empty_moov+default_base_moof" if fragments else "+faststart"
    return encode(
        f"made-{fragments}.mp4",
        *("-f", "lavfi", "-i", "testsrc2=s=540x960:r=24:d=4"),
        *("-f", "lavfi", "-i", "sine=d=4:r=48000"),
        *("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "24"),
        *("-c:a", "aac", "-b:a", "64k", "-use_editlist", "0", "-movflags", moves),
    )


def unlike(data: bytes, word: str) -> bytes:
    """Return the same video in other bytes: with a box that players skip."""
    note = word.encode()
    return data + (len(note) + 8).to_bytes(4, "big") + b"free" + note


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a maker tells of itself."""

    share: float
    stage: str
    speed: float = 2.0
    eta_seconds: float | None = 1.0


@dataclass(slots=True)
class FakeMaker:
    """Makes at once, unless it is held; fails with what it is given, once each."""

    errors: list[BaseException] = field(default_factory=list)
    held: bool = False
    unlike: bool = False
    """Whether each attempt makes other bytes."""
    calls: int = 0
    began: asyncio.Event = field(default_factory=asyncio.Event)
    go_on: asyncio.Event = field(default_factory=asyncio.Event)
    ended: list[str] = field(default_factory=list)
    mashups: list[Mashup] = field(default_factory=list)

    async def __call__(
        self,
        mashup: Mashup,
        out: Path,
        *,
        folder: Path,
        on_progress: Callable[[Told], None],
        preview: bool = False,
        growing: bool = False,
    ) -> Rendered:
        self.calls += 1
        self.mashups.append(mashup)
        word = f"{mashup.attribution} {self.calls if self.unlike else ''}"
        data = unlike(small(fragments=growing).read_bytes(), word)
        try:
            await self._write(out, data, on_progress, growing=growing, waits=not preview)
        except BaseException as error:
            self.ended.append(type(error).__name__)
            raise
        lines = journal.get()
        assert lines is not None
        lines.append("ffmpeg -i a.mp4 out.mp4")
        return self._made(out, data)

    async def _write(
        self,
        out: Path,
        data: bytes,
        on_progress: Callable[[Told], None],
        *,
        growing: bool,
        waits: bool,
    ) -> None:
        on_progress(Told(share=0.0, stage="looking"))
        on_progress(Told(share=0.1, stage="rendering"))
        half = len(data) // 2
        part = out if growing else out.with_suffix(".part")
        part.write_bytes(data[:half])
        self.began.set()
        if self.held and waits:
            await self.go_on.wait()
        if self.errors:
            raise self.errors.pop(0)
        with part.open("ab") as file:
            file.write(data[half:])
        on_progress(Told(share=1.0, stage="checking"))
        part.replace(out)

    def _made(self, out: Path, data: bytes) -> Rendered:
        picture = out.with_name(f"{out.stem}-1080x1920.jpg")
        picture.write_bytes(b"\xff\xd8\xff\xd9")
        sheet = {"measures": {"seconds": 4.0}, "tools": {"ffmpeg": "9.0"}}
        out.with_suffix(".json").write_text(json.dumps(sheet))
        return Rendered(
            path=out,
            facts=FACTS,
            size_bytes=len(data),
            sha256=hashlib.sha256(data).hexdigest(),
            wall_seconds=0.1,
            thumbnails={"1080x1920": picture},
            sheet=sheet,
        )


def mashup_of(*assets: Asset, name: str = "") -> Mashup:
    """Return a mashup of assets; another name makes other bytes of it."""
    parts = tuple(
        Part(file=File(path="", asset_id=asset.id, sha256=asset.sha256)) for asset in assets
    )
    return Mashup(layout="full", parts=parts, attribution=name)


class Studio:
    """A running Karvon whose renders are made by a fake."""

    def __init__(self, system: System, maker: FakeMaker) -> None:
        self.system = system
        self.maker = maker
        self.parts = system.parts

    @property
    def renders(self) -> Renders:
        return self.parts.studio.renders

    async def source(self, name: str = "clip") -> Asset:
        added = await self.parts.studio.library.add(
            small(), NewAsset(kind=AssetKind.SOURCE, name=name, rights="mine")
        )
        return added.asset

    async def want(self, name: str = "one", **more: Any) -> int:
        mashup = mashup_of(await self.source(), name=name)
        return await self.renders.create(None, NewRender(mashup=mashup, name=name, **more))

    async def wait(self, render_id: int, condition: Callable[[Render], bool]) -> Render:
        render = await self.renders.require(render_id)
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                while True:
                    changed = self.parts.posts.next_change()
                    render = await self.renders.require(render_id)
                    if condition(render):
                        return render
                    await changed.wait()
        except TimeoutError:
            told = f"{render.state} {render.reason} {render.error_key} {render.error_facts}"
            raise AssertionError(f"never came: {told}") from None

    async def wait_state(self, render_id: int, state: RenderState) -> Render:
        return await self.wait(render_id, lambda render: render.state is state)

    async def holders(self, asset_id: int) -> list[str]:
        rows = await self.parts.store.all("library.holders", id=asset_id)
        return [row["holder"] for row in rows]

    def leftovers(self) -> list[str]:
        work = self.renders.workshop.folder(0).parent
        return sorted(path.name for path in work.rglob("*")) if work.exists() else []


@asynccontextmanager
async def studio_in(
    world: World, folder: Path, maker: FakeMaker, **changes: Any
) -> AsyncIterator[Studio]:
    settings = world.settings(folder, **changes)
    with mock.patch.object(composition, "_make", return_value=maker):
        async with running(world, settings) as system:
            yield Studio(system, maker)


@asynccontextmanager
async def open_studio(
    folder: Path, maker: FakeMaker | None = None, **changes: Any
) -> AsyncIterator[Studio]:
    async with (
        open_world(folder) as world,
        studio_in(world, folder / "data", maker or FakeMaker(), **changes) as studio,
    ):
        yield studio
