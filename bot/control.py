"""The control socket: how other commands speak to a running process instead of its database.

One request is one line of JSON; the answer is one or more lines of JSON, the last of which has
``"done": true``.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import aclosing, contextmanager
from pathlib import Path
from typing import Any

from core.errors import KarvonError, RefusedError, SettingsError
from core.settings import Settings

logger = logging.getLogger(__name__)

GONE = "the running process went away before it had answered; look at it with `karvon doctor`"
LINE_LIMIT = 1024 * 1024
REQUEST_SECONDS = 10.0
"""So long a client may take to say what it wants."""
PATH_BYTES = 100
"""Longest path a socket can be bound to, on every system. Source: unix(7): 108 on Linux."""
Answer = dict[str, Any]
Command = Callable[[dict[str, Any]], AsyncGenerator[Answer]]


def socket_path(settings: Settings) -> Path:
    return settings.data_dir / "control.sock"


class ControlServer:
    """Serves commands on a socket in ``data_dir`` that only its owner can open."""

    def __init__(self, path: Path, commands: dict[str, Command]) -> None:
        self._path = path
        self._commands = commands
        self._server: asyncio.AbstractServer | None = None
        self._talks: set[asyncio.Task[Any]] = set()

    async def start(self) -> None:
        self._path.unlink(missing_ok=True)
        before = os.umask(0o177)
        try:
            with _reachable(self._path) as path:
                self._server = await asyncio.start_unix_server(
                    self._serve, path=path, limit=LINE_LIMIT
                )
        finally:
            os.umask(before)

    async def stop(self) -> None:
        """Take no more requests and end the answers that are still being given."""
        if self._server is not None:
            self._server.close()
            self._path.unlink(missing_ok=True)
        for talk in self._talks:
            talk.cancel()
        if self._talks:
            await asyncio.wait(set(self._talks))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = asyncio.current_task()
        if talk is None:
            raise AssertionError("a connection has its own task")
        self._talks.add(talk)
        try:
            await self._talk(reader, writer)
        except ConnectionError as error:
            logger.info("control client went away", extra={"why": str(error)})
        except asyncio.CancelledError:
            # Only `stop` cancels; the stream's own callback would report it as a failure.
            logger.info("control request left unanswered, everything stops")
        finally:
            self._talks.discard(talk)
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(REQUEST_SECONDS):
                request = json.loads(await reader.readline())
        except (ValueError, RecursionError, TimeoutError) as error:
            await self._refuse(writer, str(error) or "no request came")
            return
        if not isinstance(request, dict):
            await self._refuse(writer, "a request is one line with a JSON object")
            return
        command = self._commands.get(str(request.get("command")))
        if command is None:
            await self._refuse(writer, f"unknown command; known are {', '.join(self._commands)}")
            return
        async with aclosing(self._answers(command, request)) as answers:
            async for answer in answers:
                await _write(writer, answer)
        await _write(writer, {"done": True})

    async def _refuse(self, writer: asyncio.StreamWriter, why: str) -> None:
        logger.warning("control request refused", extra={"why": why})
        await _write(writer, {"ok": False, "message": why})
        await _write(writer, {"done": True})

    async def _answers(self, command: Command, request: dict[str, Any]) -> AsyncGenerator[Answer]:
        """Yield the answers of a command, the last of which may say what went wrong."""
        try:
            async with aclosing(command(request)) as answers:
                async for answer in answers:
                    yield {**answer, "done": False}
        except RefusedError as refusal:
            yield {
                "ok": False,
                "key": refusal.key,
                "facts": refusal.facts,
                "message": str(refusal),
            }
        except KarvonError as error:
            yield {"ok": False, "message": str(error)}
        except (KeyError, ValueError, TypeError) as error:
            # Only the kind of error: its text may repeat what was sent.
            logger.warning("control request is malformed", extra={"why": type(error).__name__})
            yield {"ok": False, "message": f"the request is malformed ({type(error).__name__})"}
        except Exception:
            logger.exception("control command failed")
            yield {"ok": False, "message": "internal error; see the log"}


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
        with _reachable(socket_path(settings)) as path:
            reader, writer = await asyncio.open_unix_connection(path, limit=LINE_LIMIT)
    except (FileNotFoundError, ConnectionRefusedError, NotADirectoryError):
        return None
    answers: list[Answer] = []
    try:
        await _write(writer, request)
        while line := await reader.readline():
            answer = json.loads(line)
            if answer.pop("done", False):
                return answers
            answers.append(answer)
            if on_answer is not None:
                await on_answer(answer)
    except ConnectionError as error:
        raise KarvonError(GONE) from error
    finally:
        writer.close()
    raise KarvonError(GONE)


def require_ok(answers: list[Answer]) -> Answer:
    """Return the last answer of the running process.

    Raises:
        KarvonError: it refused, or answered nothing.
    """
    last = answers[-1] if answers else {}
    if not last.get("ok"):
        raise KarvonError(str(last.get("message", "the running process gave no answer")))
    return last


@contextmanager
def _reachable(path: Path) -> Iterator[str]:
    """Yield a name short enough for a socket's address.

    Raises:
        SettingsError: the path is too long, and the system has no other name for its folder.
    """
    if len(os.fsencode(path)) <= PATH_BYTES:
        yield str(path)
        return
    handles = Path("/proc/self/fd")
    if not handles.is_dir():
        raise SettingsError(f"data_dir: {path} is too long for a socket; choose a shorter path")
    handle = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"{handles}/{handle}/{path.name}"
    finally:
        os.close(handle)
