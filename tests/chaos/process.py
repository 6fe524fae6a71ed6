"""A Karvon process that can be killed, and how a person speaks to it."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

from tests.chaos.remote import ROOT

JSON = dict[str, Any]
LINE_LIMIT = 1024 * 1024
LEAVE_SECONDS = 30.0


class AwayError(Exception):
    """The process is not there (any more)."""


class Karvon:
    """Starts, kills and stops the process; its data folder stays."""

    def __init__(
        self, folder: Path, settings: JSON, *, lift_quotas: bool, window_seconds: float = 0.0
    ) -> None:
        self.folder = folder
        self._config = folder.with_suffix(".json")
        self._process: asyncio.subprocess.Process | None = None
        self._log = folder.with_suffix(".log")
        config = {
            "settings": {**settings, "data_dir": str(folder)},
            "lift_quotas": lift_quotas,
            "window_seconds": window_seconds,
        }
        self._config.write_text(json.dumps(config))

    async def start(self, *, chat: bool = False, die: str = "") -> None:
        """Start it; ``die`` is the moment at which it kills itself (``mortality.py``)."""
        options = [*(["--chat"] if chat else []), *(["--die", die] if die else [])]
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-m", "tests.chaos.worker", str(self._config), *options),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=ROOT,
            )

    @property
    def exit_code(self) -> int | None:
        return None if self._process is None else self._process.returncode

    async def kill(self) -> None:
        """End it as a power cut would.

        Raises:
            AwayError: it had ended by itself, which is worse.
        """
        process = self._require()
        if process.returncode is not None:
            raise AwayError(f"the process ended by itself: {process.returncode}; see {self._log}")
        process.kill()
        await process.wait()

    async def wait_end(self) -> int:
        """Wait until it has ended by itself, and return its exit code."""
        async with asyncio.timeout(LEAVE_SECONDS):
            return await self._require().wait()

    async def stop(self) -> int:
        """Ask it to leave, and return its exit code."""
        process = self._require()
        if process.returncode is None:
            process.terminate()
        try:
            async with asyncio.timeout(LEAVE_SECONDS):
                return await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()
            raise

    async def close(self) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    def _require(self) -> asyncio.subprocess.Process:
        if self._process is None:
            raise AwayError("the process was never started")
        return self._process

    async def answers(self, request: JSON) -> AsyncIterator[JSON]:
        """Yield what the process answers to a command.

        Raises:
            AwayError: it is not there, or went away before it had answered.
        """
        try:
            reader, writer = await asyncio.open_unix_connection(
                str(self.folder / "control.sock"), limit=LINE_LIMIT
            )
        except OSError as error:
            raise AwayError(str(error)) from error
        try:
            writer.write(json.dumps(request).encode() + b"\n")
            await writer.drain()
            while line := await reader.readline():
                answer = json.loads(line)
                if answer.pop("done", False) and not answer:
                    return
                yield answer
        except (OSError, ValueError) as error:
            raise AwayError(str(error)) from error
        finally:
            writer.close()
        raise AwayError("it went away before it had answered")

    async def ask(self, request: JSON) -> JSON:
        """Return the only answer to a command."""
        async with aclosing(self.answers(request)) as stream:  # type: ignore[type-var]
            found = [answer async for answer in stream]
        return found[0]

    async def first_answer(self, request: JSON) -> JSON:
        """Return the first answer and hang up."""
        async with aclosing(self.answers(request)) as stream:  # type: ignore[type-var]
            async for answer in stream:
                return answer
        raise AwayError("there was no answer")

    async def wait_ready(self) -> None:
        """Wait until it answers.

        Raises:
            AwayError: it ended instead.
        """
        async with asyncio.timeout(LEAVE_SECONDS):
            while True:
                if self.exit_code is not None:
                    raise AwayError(f"it ended with {self.exit_code}; see {self._log}")
                try:
                    await self.ask({"command": "ping"})
                except AwayError:
                    await asyncio.sleep(0.02)
                else:
                    return

    async def reports(self) -> list[JSON]:
        """Return what it says about all posts, oldest first."""
        found: list[JSON] = []
        while True:
            request = {"command": "post", "post_id": len(found) + 1}
            answer = await self.ask(request)
            if "post_id" not in answer:
                return found
            found.append(as_sent(answer))


def as_sent(report: JSON) -> JSON:
    """Name every upload's content by the video that was sent, whatever was made of it."""
    for upload in report["uploads"]:
        upload["made_sha256"] = upload["sha256"]
    plain = [u["sha256"] for u in report["uploads"] if not u.get("fit", {}).get("recipe")]
    for upload in report["uploads"]:
        upload["sha256"] = next(iter(plain), "")
    return report
