"""The control socket: how other commands speak to a running process instead of its database.

One request is one line of JSON; the answer is one or more lines of JSON, the last of which has
``"done": true``.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

from core.errors import KarvonError, RefusedError
from core.settings import Settings

logger = logging.getLogger(__name__)

LINE_LIMIT = 1024 * 1024
Answer = dict[str, Any]
Command = Callable[[dict[str, Any]], AsyncIterator[Answer]]


def socket_path(settings: Settings) -> Path:
    return settings.data_dir / "control.sock"


class ControlServer:
    """Serves commands on a socket in ``data_dir`` that only its owner can open."""

    def __init__(self, path: Path, commands: dict[str, Command]) -> None:
        self._path = path
        self._commands = commands
        self._server: asyncio.AbstractServer | None = None

    async def start(self) -> None:
        self._path.unlink(missing_ok=True)
        before = os.umask(0o177)
        try:
            self._server = await asyncio.start_unix_server(
                self._serve, path=str(self._path), limit=LINE_LIMIT
            )
        finally:
            os.umask(before)

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
            self._path.unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = json.loads(await reader.readline())
            command = self._commands.get(str(request.get("command")))
            if command is None:
                await _write(writer, {"ok": False, "message": "unknown command", "done": True})
                return
            await self._answer(writer, command, request)
        except (ValueError, ConnectionError, AttributeError) as error:
            logger.warning("control request dropped", extra={"why": str(error)})
        finally:
            writer.close()

    async def _answer(
        self, writer: asyncio.StreamWriter, command: Command, request: dict[str, Any]
    ) -> None:
        try:
            async for answer in command(request):
                await _write(writer, {**answer, "done": False})
        except RefusedError as refusal:
            await _write(
                writer,
                {"ok": False, "key": refusal.key, "facts": refusal.facts, "message": str(refusal)},
            )
        except KarvonError as error:
            await _write(writer, {"ok": False, "message": str(error)})
        await _write(writer, {"done": True})


async def _write(writer: asyncio.StreamWriter, value: Answer) -> None:
    writer.write(json.dumps(value, default=str).encode() + b"\n")
    await writer.drain()


async def ask_running(
    settings: Settings,
    request: dict[str, Any],
    on_answer: Callable[[Answer], Awaitable[None]] | None = None,
) -> list[Answer] | None:
    """Ask the running process; None when none runs.

    Raises:
        KarvonError: it runs but went away before the answer was whole.
    """
    try:
        reader, writer = await asyncio.open_unix_connection(
            str(socket_path(settings)), limit=LINE_LIMIT
        )
    except (FileNotFoundError, ConnectionRefusedError):
        return None
    answers: list[Answer] = []
    try:
        await _write(writer, request)
        while line := await reader.readline():
            answer = json.loads(line)
            if answer.pop("done", False) and not answer:
                return answers
            answers.append(answer)
            if on_answer is not None:
                await on_answer(answer)
    finally:
        writer.close()
    raise KarvonError("the running process went away before it had answered")
