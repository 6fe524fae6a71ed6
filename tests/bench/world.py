"""What several benchmarks need: the stand-ins, a running Karvon and videos of any size."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from bot.app import App
from core.posts.intake import Incoming
from core.posts.models import POST_FINAL, MediaFacts, Post, PostState
from core.settings import Settings
from utils.clock import SystemClock

MIB = 1024 * 1024
HOST = "127.0.0.1"
PERSON = 1001
SAMPLE = Path(__file__).parents[2] / "utils" / "sandbox" / "sample.mp4"
START_SECONDS = 30.0
BOX_HEAD_BYTES = 8
PLATFORMS = ("telegram", "youtube", "tiktok", "instagram", "facebook")

JSON = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class StandIns:
    """The stand-ins of all remotes in their own process, and a client of their control routes."""

    addresses: Mapping[str, str]
    settings: Mapping[str, Any]
    pid: int
    client: httpx.AsyncClient

    async def post(self, path: str, body: object) -> JSON:
        answer = await self.client.post(self.addresses["control"] + path, json=body)
        answer.raise_for_status()
        document: JSON = answer.json()
        return document

    async def rates(self, rates: Mapping[str, Mapping[str, float | None]]) -> None:
        await self.post("/_sandbox/rates", rates)

    async def option(self, name: str, value: object, *, service: str | None = None) -> None:
        body = {"name": name, "value": value}
        await self.post("/_sandbox/options", body | ({"service": service} if service else {}))

    async def phone_send(self, **fields: str) -> JSON:
        """Send as a person; returns the row of the message."""
        data = {"user_id": str(PERSON), **fields}
        base = self.addresses["telegram"]
        answer = await self.client.post(f"{base}/_phone/send", data=data)
        answer.raise_for_status()
        row: JSON = answer.json()["messages"][0]
        return row


@asynccontextmanager
async def stand_ins() -> AsyncIterator[StandIns]:
    """Run the stand-ins, which keep no bytes, as long as the block."""
    async with (
        child("utils.sandbox", "--json", "--no-keep-bytes") as (process, ready),
        httpx.AsyncClient(timeout=60) as client,
    ):
        yield StandIns(
            addresses=ready["addresses"],
            settings=ready["settings"],
            pid=process.pid,
            client=client,
        )


@asynccontextmanager
async def child(
    module: str, *arguments: str
) -> AsyncIterator[tuple[asyncio.subprocess.Process, JSON]]:
    """Run a module as a process that says in one line of JSON when it is ready."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module, *arguments), stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(START_SECONDS):
            line = await process.stdout.readline()
        yield process, json.loads(line)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


def settings_for(stand_ins: Mapping[str, Any], folder: Path, **changes: Any) -> Settings:
    """Return settings that point every remote at the stand-ins; the machine's own play no part."""
    values: JSON = {
        **stand_ins,
        "groq": {},
        "sources": {"allowed_hosts": [HOST]},
        "data_dir": folder,
        "min_free_disk": 0,
        "upload_workers": 4,
        **changes,
    }
    return Settings(**values)


@asynccontextmanager
async def running(settings: Settings, *, chat: bool = False) -> AsyncIterator[App]:
    """Run Karvon in this process as long as the block."""
    stop = asyncio.Event()
    async with App(settings, chat=chat) as app, asyncio.TaskGroup() as group:
        work = group.create_task(app.work(stop))
        try:
            yield app
        finally:
            stop.set()
            await asyncio.wait([work])


def make_video(path: Path, size: int) -> Path:
    """Write a playable video of exactly that size: the sample and a `free` box of random bytes."""
    shutil.copyfile(SAMPLE, path)
    box = size - path.stat().st_size
    if box < BOX_HEAD_BYTES:
        raise ValueError(f"a video of {size} bytes is smaller than the sample")
    with path.open("ab") as file:
        file.write(box.to_bytes(4, "big") + b"free")
        left = box - BOX_HEAD_BYTES
        while left:
            left -= file.write(os.urandom(min(MIB, left)))
    return path


def from_link(url: str, *, to: Sequence[str]) -> Incoming:
    return Incoming(
        source={"kind": "http", "url": url},
        caption=_caption(to),
        facts=MediaFacts(),
        fingerprint=f"http:{url}",
        filename="video.mp4",
    )


def from_file(path: Path, *, to: Sequence[str], name: str) -> Incoming:
    """Return a file in place; ``name`` makes it another video to the ledger."""
    return Incoming(
        source={"kind": "file", "path": str(path)},
        caption=_caption(to),
        facts=MediaFacts(size_bytes=path.stat().st_size, mime_type="video/mp4"),
        fingerprint=f"file:{name}",
        filename=path.name,
    )


async def from_chat(remotes: StandIns, path: Path, *, to: Sequence[str]) -> Incoming:
    """Let a person send the video in chat, and return what the bot hears of it."""
    row = await remotes.phone_send(path=str(path), kind="video")
    size = path.stat().st_size  # noqa: ASYNC240 - a local file, no wait
    unique = str(row["file_unique_id"])
    return Incoming(
        source={
            "kind": "telegram",
            "file_id": str(row["file_id"]),
            "file_unique_id": unique,
            "mime_type": "video/mp4",
        },
        caption=_caption(to),
        facts=MediaFacts(size_bytes=size, mime_type="video/mp4"),
        fingerprint=f"telegram:{unique}",
        filename="video.mp4",
    )


def _caption(to: Sequence[str]) -> str:
    return f"A benchmark\nto: {', '.join(to)}"


async def publish(app: App, *incoming: Incoming, seconds: float = 120.0) -> float:
    """Send videos at once; return the seconds until the last byte of the last was accepted.

    What a platform does with a whole video afterwards is its own time and not counted.
    """
    clock = SystemClock()
    started = clock.now()
    ids = [(await app.parts.intake.receive(item)).post_id or 0 for item in incoming]
    async with asyncio.timeout(seconds):
        posts = [await _ended(app, post_id) for post_id in ids]
    failed = [post for post in posts if post.state is not PostState.DONE]
    if failed:
        raise RuntimeError(f"post {failed[0].id} ended as {failed[0].state}: {failed[0].note}")
    ends = [await taken_at(app, post.id) for post in posts]
    return (max(ends) - started).total_seconds()


async def _ended(app: App, post_id: int) -> Post:
    while True:
        changed = app.parts.posts.next_change()
        post = await app.parts.posts.require(post_id)
        if post.state in POST_FINAL:
            return post
        await changed.wait()


async def taken_at(app: App, post_id: int) -> datetime:
    events = await app.parts.posts.timeline(post_id)
    return max(event.at for event in events if event.event == "committed")
