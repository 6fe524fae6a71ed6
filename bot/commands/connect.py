"""``karvon account connect``: sign in at a platform from a terminal."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import stat
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from bot.commands.run import require_alone
from bot.commands.send import explain_refusal
from bot.control import Answer, ask_running
from core.errors import KarvonError, RefusedError
from core.settings import Settings
from utils.log import set_up_log

logger = logging.getLogger(__name__)

OnAnswer = Callable[[Answer], Awaitable[None]]
Ask = Callable[[dict[str, Any], OnAnswer], Awaitable[list[Answer]]]


async def connect(settings: Settings, login: str, *, as_json: bool) -> int:
    """Print the link, wait for what comes back, print what came of it."""
    async with _open(settings) as ask:
        last = await Talk(ask, as_json=as_json).run(login)
    if not last.get("ok") or last.get("stage") != "connected":
        raise KarvonError(explain_refusal(last))
    return 0


class Talk:
    """One sign-in with the person at the terminal, who may paste and choose meanwhile."""

    def __init__(self, ask: Ask, *, as_json: bool) -> None:
        self._ask = ask
        self._as_json = as_json
        self._sign_in = 0
        self._keys: list[str] = []

    async def run(self, login: str) -> Answer:
        """Return the last answer."""
        async with asyncio.TaskGroup() as group:
            reading = group.create_task(self._read())
            try:
                request = {"command": "account_connect", "login": login}
                answers = await self._ask(request, self._show)
            finally:
                reading.cancel()
        return answers[-1] if answers else {}

    async def _show(self, answer: Answer) -> None:
        if not answer.get("ok"):
            return
        self._sign_in = int(answer.get("sign_in") or answer.get("sign_in_id") or self._sign_in)
        if answer["stage"] == "choose":
            self._keys = [str(choice["key"]) for choice in answer["choices"]]
        _print(json.dumps(answer, default=str) if self._as_json else "\n".join(_lines(answer)))

    async def _read(self) -> None:
        async for line in _typed():
            if not (text := line.strip()):
                continue
            try:
                refused = await self._ask(self._request(text), _nothing)
            except RefusedError as refusal:
                refused = [{"key": refusal.key, "facts": refusal.facts}]
            if refused and not refused[-1].get("ok"):
                sys.stderr.write(f"{explain_refusal(refused[-1])}\n")

    def _request(self, text: str) -> dict[str, Any]:
        if text.isascii() and text.isdigit() and 0 < int(text) <= len(self._keys):
            key = self._keys[int(text) - 1]
            return {"command": "account_choose", "sign_in": self._sign_in, "key": key}
        return {"command": "account_paste", "text": text}


@asynccontextmanager
async def _open(settings: Settings) -> AsyncIterator[Ask]:
    """Speak to the running process, or be one for as long as it takes."""
    if await ask_running(settings, {"command": "ping"}) is not None:

        async def ask(request: dict[str, Any], on_answer: OnAnswer) -> list[Answer]:
            answers = await ask_running(settings, request, on_answer)
            if answers is None:
                raise KarvonError("the running process has ended; start again")
            return answers

        yield ask
        return
    require_alone(settings)
    set_up_log(settings.data_dir / "logs", debug=settings.debug, console=False)
    async with _alone(settings) as own:
        yield own


@asynccontextmanager
async def _alone(settings: Settings) -> AsyncIterator[Ask]:
    from bot.app import App
    from bot.connecting import connect_commands
    from bot.web.connect import ConnectPages

    async with App(settings, chat=False) as app:
        parts = app.parts
        parts.web.mount(ConnectPages(parts.connector).routes())
        _ = await parts.connector.recover()
        commands = connect_commands(parts.connector, parts.clock)

        async def ask(request: dict[str, Any], on_answer: OnAnswer) -> list[Answer]:
            answers = []
            async for answer in commands[str(request["command"])](request):
                answers.append(answer)
                await on_answer(answer)
            return answers

        try:
            _ = await parts.web.start()
            yield ask
        finally:
            await parts.web.stop()


def _lines(answer: Answer) -> list[str]:
    match answer["stage"]:
        case "link":
            return _link_lines(answer)
        case "choose":
            names = [f"  {n}  {c['name']}" for n, c in enumerate(answer["choices"], start=1)]
            return ["Which one? Type its number:", *names]
        case "again":
            return [explain_refusal(answer)]
        case _:
            return _connected_lines(answer)


def _link_lines(answer: Answer) -> list[str]:
    link, elsewhere = answer["link"], answer["paste_link"]
    lines = [f"Open in a browser on this computer:\n  {link}"] if link else []
    if elsewhere and link:
        lines.append("Or on another device:")
    elif elsewhere:
        lines.append("Open in a browser:")
    if elsewhere:
        lines.append(f"  {elsewhere}")
        lines.append("At the end a page cannot be opened there: paste its whole address here.")
    return [*lines, "Waiting …"]


def _connected_lines(answer: Answer) -> list[str]:
    lines = [f"connected: {answer['name']} ({answer['platform']})"]
    if answer["cannot"]:
        lines.append(f"not allowed by what was granted: {', '.join(answer['cannot'])}")
    return lines


async def _typed() -> AsyncIterator[str]:
    """Yield the lines that a person types or a pipe brings; a file cannot be waited for."""
    mode = os.fstat(sys.stdin.fileno()).st_mode
    if stat.S_ISREG(mode) or (stat.S_ISCHR(mode) and not sys.stdin.isatty()):
        return
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    transport, _ = await loop.connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
    )
    try:
        while line := await reader.readline():
            yield line.decode(errors="replace")
    finally:
        transport.close()


async def _nothing(answer: Answer) -> None:
    del answer


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
