"""The whole system in one process: the stand-ins, and Karvon without the chat, in a hurry."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.app import App
from bot.parts import Parts
from core.posts.models import Upload, UploadState, WaitReason
from core.posts.report import incoming_from_command
from core.settings import Settings, load_settings
from tests.chaos.judge import Sending, read_sendings
from tests.chaos.media import write_video
from utils.clock import Clock, SystemClock
from utils.sandbox.server import Sandbox, SandboxOptions

MIB = 1024 * 1024
SIZE = 3 * MIB
BORDER = 256 * 1024
"""Where YouTube cuts what it keeps of a broken request."""
PLATFORMS = ("youtube", "tiktok", "instagram", "facebook", "telegram")
HURRY = 30.0
WAIT_SECONDS = 20.0
Uploads = Mapping[str, Upload]

BYTES_STEP = {
    "youtube": ("youtube", "commit"),
    "tiktok": ("tiktok_upload", "part"),
    "instagram": ("graph_upload", "part"),
    "facebook": ("graph_upload", "part"),
    "telegram": ("telegram", "sendVideo"),
}
"""The request that carries the bytes, as the stand-ins name it."""
BEGIN_STEP = {
    "youtube": ("youtube", "begin"),
    "tiktok": ("tiktok", "begin"),
    "instagram": ("graph", "begin"),
    "facebook": ("graph", "begin"),
    "telegram": ("telegram", "getChat"),
}
COMMIT_STEP = {**BYTES_STEP, "instagram": ("graph", "commit"), "facebook": ("graph", "commit")}
STATUS_STEP = {
    "youtube": ("youtube", "status"),
    "tiktok": ("tiktok", "status"),
    "instagram": ("graph", "status"),
    "facebook": ("graph", "status"),
}


class HurriedClock:
    """The machine's clock, but many times faster: what waits seconds waits moments."""

    def __init__(self) -> None:
        self._real = SystemClock()
        self._wall = self._real.now()
        self._start = time.monotonic()

    def now(self) -> datetime:
        return self._wall + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        return (time.monotonic() - self._start) * HURRY

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / HURRY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Video:
    """A file and its digest."""

    path: Path
    sha256: str
    size_bytes: int


def make_video(folder: Path, name: str = "clip", *, size: int = SIZE, seed: str = "") -> Video:
    path = folder / f"{name}.mp4"
    digest = write_video(path, size_bytes=size, seed=seed or name)
    return Video(path=path, sha256=digest, size_bytes=size)


class World:
    """The stand-ins; they can be taken down and come back as they were."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.sandbox = self._new()

    def _new(self) -> Sandbox:
        options = SandboxOptions(data_dir=self._folder, processing_seconds=0.05)
        return Sandbox(options)

    async def go_down(self) -> None:
        await self.sandbox.stop()

    async def come_back(self) -> None:
        self.sandbox = self._new()
        await self.sandbox.start()

    def fail(self, place: tuple[str, str], action: str, **params: Any) -> None:
        """Order one fault for a step."""
        service, step = place
        self.sandbox.faults.add({"service": service, "step": step, "action": action, **params})

    def heal(self) -> None:
        self.sandbox.release()

    def rows(self, *steps: str) -> list[dict[str, Any]]:
        return [row for row in self.sandbox.journal.rows() if row["step"] in steps]

    def sendings(self, platform: str) -> list[Sending]:
        return [s for s in read_sendings(self.sandbox.journal.rows()) if s.platform == platform]

    def stored_bytes(self) -> int:
        """Return how many bytes of videos the stand-ins hold."""
        return sum(file.stat().st_size for file in (self._folder / "blobs").iterdir())

    async def live(self, video: Video) -> list[str]:
        """Return where the video is live, once for each time it is."""
        await self.sandbox.settle()
        rows = self.sandbox.published()
        return sorted(str(row["service"]) for row in rows if row["sha256"] == video.sha256)

    def settings(self, folder: Path, **changes: Any) -> Settings:
        return load_settings(overrides={**self.raw_settings(), **changes, "data_dir": str(folder)})

    def raw_settings(self) -> dict[str, Any]:
        return {
            **self.sandbox.settings(),
            "min_free_disk": MIB,
            "uploads": {"retry_seconds": 1, "retry_max_seconds": 10, "stall_seconds": 2},
        }


class System:
    """A running Karvon, with the questions that tests ask."""

    def __init__(self, app: App, world: World) -> None:
        self.app = app
        self.world = world

    @property
    def parts(self) -> Parts:
        return self.app.parts

    async def send(self, source: Video | str, *targets: str, caption: str = "A clip #clip") -> int:
        """Send a video and return the number of the accepted post."""
        where = str(source.path) if isinstance(source, Video) else source
        incoming = incoming_from_command(where, to=", ".join(targets), caption=caption)
        outcome = await self.parts.intake.receive(incoming)
        assert outcome.status == "accepted", outcome
        assert outcome.post_id is not None
        return outcome.post_id

    async def uploads(self, post_id: int) -> dict[str, Upload]:
        return {u.platform: u for u in await self.parts.posts.uploads(post_id)}

    async def wait(self, post_id: int, condition: Callable[[Uploads], bool]) -> dict[str, Upload]:
        """Wait until the uploads of the post fulfil a condition."""
        uploads: dict[str, Upload] = {}
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                while True:
                    changed = self.parts.posts.next_change()
                    uploads = await self.uploads(post_id)
                    if condition(uploads):
                        return uploads
                    await _first(changed)
        except TimeoutError:
            told = {name: _told(upload) for name, upload in uploads.items()}
            raise AssertionError(f"never came: {told}") from None

    async def wait_live(self, post_id: int) -> dict[str, Upload]:
        return await self.wait(
            post_id, lambda ups: all(u.state is UploadState.LIVE for u in ups.values())
        )

    async def wait_for(self, post_id: int, platform: str, reason: WaitReason) -> Upload:
        uploads = await self.wait(post_id, lambda ups: ups[platform].reason is reason)
        return uploads[platform]


async def until(condition: Callable[[], bool]) -> None:
    """Wait for something that the stand-ins know."""
    async with asyncio.timeout(WAIT_SECONDS):
        while not condition():  # noqa: ASYNC110 - what is asked tells nobody when it changes
            await asyncio.sleep(0.01)


async def _first(event: asyncio.Event) -> None:
    """Wait for news, or look again: not every commit is news."""
    try:
        async with asyncio.timeout(0.05):
            await event.wait()
    except TimeoutError:
        return


def _told(upload: Upload) -> str:
    why = f"{upload.error_kind} {upload.error_code} {upload.error_text}"
    return f"{upload.state} {upload.reason} {why}"


@asynccontextmanager
async def running(
    world: World, settings: Settings, clock: Clock | None = None
) -> AsyncIterator[System]:
    """Run Karvon until the block ends; then it stops as on SIGTERM."""
    stop = asyncio.Event()
    async with (
        App(settings, chat=False, clock=clock or HurriedClock()) as app,
        asyncio.TaskGroup() as group,
    ):
        group.create_task(app.work(stop))
        try:
            yield System(app, world)
        finally:
            stop.set()


@asynccontextmanager
async def open_world(folder: Path) -> AsyncIterator[World]:
    world = World(folder / "remote")
    async with AsyncExitStack() as stack:
        await world.sandbox.start()

        async def leave() -> None:
            await world.sandbox.stop()

        stack.push_async_callback(leave)
        yield world


@asynccontextmanager
async def whole(folder: Path, **changes: Any) -> AsyncIterator[System]:
    """Run both, with settings changed as wanted."""
    async with (
        open_world(folder) as world,
        running(world, world.settings(folder / "data", **changes)) as system,
    ):
        yield system
