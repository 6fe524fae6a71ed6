"""What tests of mashups in chat share: a stocked library, a quick maker, the wizard."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any
from unittest import mock

from bot import studio as composition
from bot.app import App
from core.studio.assets import Asset, NewAsset
from core.studio.mashup import AssetKind
from core.studio.rendered import Rendered
from tests.library_kit import clip, song
from tests.live_chat import JSON, WAIT_SECONDS, LiveChat, until
from tests.media_kit import encode
from tests.render_kit import FakeMaker

HEAD = "Mashup · step"
LOOK_SECONDS = 0.05
"""That a message is written down as sent wakes nobody."""


class PictureMaker(FakeMaker):
    """Makes a picture that can be shown, too."""

    def _made(self, out: Path, data: bytes) -> Rendered:
        made = super()._made(out, data)
        picture = encode("p.jpg", "-f", "lavfi", "-i", "testsrc2=s=216x384", "-frames:v", "1")
        made.thumbnails["1080x1920"].write_bytes(picture.read_bytes())
        return made


@asynccontextmanager
async def studio_chat(
    live: LiveChat, maker: FakeMaker | None = None, **changes: Any
) -> AsyncIterator[App]:
    """Run Karvon with its chat and one account; what is made is made at once."""
    accounts = {"accounts": live.only("telegram"), **changes}
    with mock.patch.object(composition, "_make", return_value=maker or PictureMaker()):
        async with live.running(**accounts) as app:
            yield app


async def stock(app: App) -> dict[str, Asset]:
    """Put a source, a template and a piece of music into the library."""
    library = app.parts.studio.library
    files = {
        "source": (clip("a.mp4", "red"), NewAsset(kind=AssetKind.SOURCE, name="My clip")),
        "template": (
            clip("b.mp4", "blue"),
            NewAsset(kind=AssetKind.TEMPLATE, name="Slime <b>&\n'quoted'"),
        ),
        "music": (song(), NewAsset(kind=AssetKind.AUDIO, name="Sunny", mood="upbeat")),
    }
    added = {}
    for name, (path, wanted) in files.items():
        own = NewAsset(kind=wanted.kind, name=wanted.name, mood=wanted.mood, rights="mine")
        added[name] = (await library.add(path, own)).asset
    return added


async def at_step(live: LiveChat, number: int, needle: str = "") -> JSON:
    """Wait until the wizard is at a step and says something."""
    found: JSON = await until(
        lambda: next(
            (
                one
                for one in reversed(live.seen())
                if f"{HEAD} {number} of" in one["text"] and needle in one["text"]
            ),
            None,
        ),
        lambda: f"never at step {number} with {needle!r}: {[o['text'] for o in live.seen()]}",
    )
    return found


async def becomes(live: LiveChat, message: JSON, needle: str) -> JSON:
    """Wait until one message says something else."""
    number = message["message_id"]
    found: JSON = await until(
        lambda: next(
            (one for one in live.seen() if one["message_id"] == number and needle in one["text"]),
            None,
        ),
        lambda: f"message {number} never said {needle!r}: {[o['text'] for o in live.seen()]}",
    )
    return found


async def settled(live: LiveChat) -> None:
    """Wait until what was sent is written down, so that replies to it are understood."""
    await until(lambda: not live.telegram.updates, lambda: "updates are kept")
    posts = live.parts.posts
    async with asyncio.timeout(WAIT_SECONDS):
        while True:
            changed = posts.next_change()
            if not await posts.due_messages():
                return
            with suppress(TimeoutError):
                await asyncio.wait_for(changed.wait(), LOOK_SECONDS)
