"""The stand-ins as a process of their own, and the questions that are asked of them."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from tests.chaos.signing import sign_in

ROOT = Path(__file__).parents[2]
START_SECONDS = 60.0
JSON = dict[str, Any]

UNLIMITED: tuple[tuple[str, str, object], ...] = (
    ("telegram", "budgets", False),
    ("tiktok", "rate_limits", False),
    ("tiktok", "daily_posts", None),
    # A renewal that the remote made and we did not survive needs the owner, see `BRIEF`.
    ("tiktok", "rotate", False),
    ("youtube", "uploads_per_day", 1_000_000),
    ("youtube", "units_per_day", 1_000_000),
    ("graph", "publish_quota", 1_000_000),
    ("graph", "daily_reels", 1_000_000),
    # Each of them would look into each file: ours are all the same film.
    ("tiktok", "probe", False),
    ("graph", "probe", False),
)
"""Limits by day and minute that a run of minutes would meet."""
BRIEF: tuple[tuple[str, str, object], ...] = (
    ("tiktok", "rotate", True),
    ("tiktok", "access_seconds", 4),
    ("google_oauth", "access_seconds", 4),
)
"""Tokens that are renewed all the time."""
WORSE = (("telegram", "duplicate_updates", True),)
"""What remotes may do and seldom do."""


class Remote:
    """A client of the control routes and of the phone."""

    def __init__(self, session: aiohttp.ClientSession, ready: JSON, folder: Path) -> None:
        self._session = session
        self.folder = folder
        """Where the stand-ins keep their state."""
        self.settings: JSON = ready["settings"]
        self.addresses: dict[str, str] = ready["addresses"]

    async def get(self, path: str, **query: str | int) -> Any:  # noqa: ANN401 - any JSON value
        url = f"{self.addresses['control']}/_sandbox/{path}"
        async with self._session.get(url, params=query) as answer:
            answer.raise_for_status()
            return await answer.json()

    async def post(self, path: str, value: object) -> Any:  # noqa: ANN401 - any JSON value
        url = f"{self.addresses['control']}/_sandbox/{path}"
        async with self._session.post(url, json=value) as answer:
            answer.raise_for_status()
            return await answer.json()

    async def switch(self, service: str, name: str, value: object) -> None:
        await self.post("options", {"service": service, "name": name, "value": value})

    async def set_up_chaos(self) -> None:
        for service, name, value in (*UNLIMITED, *WORSE):
            await self.switch(service, name, value)

    async def set_up_accounts(self, posts: int, begins: int) -> None:
        """Let tokens end quickly and rotate, and take exactly what is to be published."""
        for service, name, value in (*BRIEF, ("graph", "publish_quota", posts)):
            await self.switch(service, name, value)
        await self.switch("graph", "daily_reels", posts)
        await self.switch("youtube", "uploads_per_day", begins)

    async def fail(self, service: str, step: str, action: str, **params: Any) -> None:
        """Order one fault."""
        await self.post("faults", {"service": service, "step": step, "action": action, **params})

    async def heal(self) -> None:
        """Call off all faults and limits of speed."""
        url = f"{self.addresses['control']}/_sandbox/faults"
        async with self._session.delete(url) as answer:
            answer.raise_for_status()
        rates = await self.get("rates")
        await self.post("rates", {name: {"up": None, "down": None} for name in rates})

    async def published(self, *, deleted: bool = False) -> list[JSON]:
        rows: list[JSON] = await self.get("published", **({"deleted": 1} if deleted else {}))
        return rows

    async def sign_in(self, account: JSON) -> JSON:
        """Return an account of the settings with the tokens of a new sign-in."""
        return await sign_in(self._session, self.settings, account)

    async def journal(self, after: int = 0, **query: str) -> list[JSON]:
        rows: list[JSON] = await self.get("journal", after=after, **query)
        return rows

    async def phone_send(self, path: Path, caption: str) -> JSON:
        """Send a video to the bot, as a person does."""
        url = f"{self.addresses['telegram']}/_phone/send"
        data = {"path": str(path), "caption": caption, "kind": "video"}
        async with self._session.post(url, data=data) as answer:
            answer.raise_for_status()
            value: JSON = await answer.json()
            return value


@asynccontextmanager
async def start_remote(
    folder: Path, *, base_port: int = 0, errors: Path | None = None
) -> AsyncIterator[Remote]:
    """Run the stand-ins until the block ends."""
    with (errors or folder.with_suffix(".log")).open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "utils.sandbox", "--json", "--data", str(folder)),
            *("--base-port", str(base_port)),
            stdout=asyncio.subprocess.PIPE,
            stderr=log,
            cwd=ROOT,
        )
    try:
        if process.stdout is None:
            raise AssertionError("the pipe was asked for")
        async with asyncio.timeout(START_SECONDS):
            line = await process.stdout.readline()
        async with aiohttp.ClientSession() as session:
            yield Remote(session, json.loads(line), folder)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
