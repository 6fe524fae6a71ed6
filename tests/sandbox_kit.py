"""What the tests of the stand-ins share: a plain HTTP client and small clips."""

from __future__ import annotations

import asyncio
import io
import json
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import aiohttp
import imageio_ffmpeg

JSON = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One HTTP answer, read to its end."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:  # noqa: ANN401 - any JSON value
        return json.loads(self.body)


class Remote:
    """A client of one stand-in that adds nothing of its own."""

    def __init__(self, session: aiohttp.ClientSession, base: str) -> None:
        self._session = session
        self.base = base

    async def __call__(self, method: str, path: str, **options: Any) -> Answer:
        url = path if path.startswith("http") else self.base + path
        options.setdefault("allow_redirects", False)
        if isinstance(options.get("data"), bytes):
            options["data"] = io.BytesIO(options["data"])
        async with self._session.request(method, url, **options) as response:
            body = await response.read()
            headers = {name.lower(): value for name, value in response.headers.items()}
            return Answer(status=response.status, headers=headers, body=body)


def new_session() -> aiohttp.ClientSession:
    """Return a session that sends each request once."""
    session = aiohttp.ClientSession()
    # aiohttp repeats idempotent requests by itself when a connection is reset.
    session._retry_connection = False
    return session


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Ask again and again until something holds, for at most 5 seconds."""
    async with asyncio.timeout(5):
        while not await holds():  # noqa: ASYNC110 - what is asked is behind HTTP
            await asyncio.sleep(0)


async def broken_off(data: bytes, after: asyncio.Event) -> AsyncIterator[bytes]:
    """Yield a body that never ends: some bytes, then nothing until the test has ended."""
    yield data
    await after.wait()


@cache
def clip(
    folder: Path,
    *,
    size: str = "540x960",
    seconds: float = 3.2,
    fps: float = 30,
    codec: str = "libx264",
    audio: tuple[str, ...] = ("-c:a", "aac", "-ac", "2", "-ar", "48000"),
    layout: tuple[str, ...] = ("-movflags", "+faststart", "-use_editlist", "0"),
    suffix: str = ".mp4",
) -> Path:
    """Return a small clip that every platform takes unless told otherwise."""
    name = abs(hash((size, seconds, fps, codec, audio, layout)))
    path = folder / f"{name}{suffix}"
    video = f"color=c=teal:s={size}:r={fps}:d={seconds}"
    arguments = [
        *(imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-v", "error", "-y"),
        *("-f", "lavfi", "-i", video, "-f", "lavfi", "-i", f"sine=d={seconds}:r=48000"),
        *("-c:v", codec, "-pix_fmt", "yuv420p", *audio, *layout, "-shortest", str(path)),
    ]
    subprocess.run(arguments, check=True, timeout=60)
    return path
