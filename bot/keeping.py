"""Commands of the control socket for who keeps Karvon running: keys, backups, the doctor."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.control import Answer, Command
from bot.diagnosis.doctor import Doctor
from core.accounts.keys import KeyChange, KeyReport, Keys
from core.accounts.vault import VaultError
from core.errors import KarvonError
from core.posts.repository import Posts
from workers.supervisor import Supervisor

if TYPE_CHECKING:
    from bot.parts import Parts

Step = tuple[int, int]


def key_commands(keys: Keys, posts: Posts, supervisor: Supervisor) -> dict[str, Command]:
    """Return the commands by name; a rotation goes on when its client goes away."""

    async def listing(request: dict[str, Any]) -> AsyncGenerator[Answer]:
        del request
        yield report_answer(await keys.report())

    async def rotate(request: dict[str, Any]) -> AsyncGenerator[Answer]:
        del request
        steps: asyncio.Queue[Step | None] = asyncio.Queue()

        def told(done: int, total: int) -> None:
            steps.put_nowait((done, total))

        work = supervisor.spawn("key rotation", _outcome(lambda: keys.rotate(told)))
        work.add_done_callback(lambda _: steps.put_nowait(None))
        while (step := await steps.get()) is not None:
            yield {"ok": True, "position": step[0], "total": step[1]}
        outcome = await work
        if isinstance(outcome, KarvonError):
            raise outcome
        yield change_answer(outcome)

    async def restore(request: dict[str, Any]) -> AsyncGenerator[Answer]:
        text = await asyncio.to_thread(read_keys, Path(str(request["file"])))
        yield change_answer(await keys.take_back(text))
        await posts.wake_accounts()

    return {"keys_list": listing, "keys_rotate": rotate, "keys_restore": restore}


def doctor_commands(parts: Parts) -> dict[str, Command]:
    """Return the commands by name."""
    doctor = Doctor(parts)

    async def examine(request: dict[str, Any]) -> AsyncGenerator[Answer]:
        findings = await doctor.examine()
        answer = {
            "ok": True,
            "open_posts": await parts.posts.count_open(),
            "findings": [asdict(finding.line()) for finding in findings],
        }
        if request.get("report"):
            answer["report"] = await doctor.report(findings)
        yield answer

    async def backup(request: dict[str, Any]) -> AsyncGenerator[Answer]:
        made = await doctor.back_up(Path(str(request["file"])))
        yield {"ok": True, "bytes": made.size_bytes}

    return {"doctor": examine, "backup": backup}


async def _outcome(work: Callable[[], Awaitable[KeyChange]]) -> KeyChange | KarvonError:
    """Return also what was refused: the client is told, nothing has crashed."""
    try:
        return await work()
    except KarvonError as error:
        return error


def read_keys(path: Path) -> str:
    """Read a file of keys that a person names.

    Raises:
        VaultError: it cannot be read.
    """
    try:
        return path.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise VaultError(f"{path}: cannot be read; name an older keys.json") from error


def report_answer(report: KeyReport) -> Answer:
    """Return ``{"ok", "from", "keys": [{id, state, values, made_at, retired_at}], "lost", …}``."""
    return {
        "ok": True,
        "from": "environment" if report.from_environment else "file",
        "keys": [
            {name: _plain(value) for name, value in asdict(key).items()} for key in report.keys
        ],
        "lost": {key: list(names) for key, names in report.lost.items()},
        "damaged": list(report.damaged),
    }


def change_answer(change: KeyChange) -> Answer:
    """Return ``{"ok", "current", "is_new", "resealed", "retired", "removable", "unreadable"}``."""
    return {"ok": True, **{name: _plain(value) for name, value in asdict(change).items()}}


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return list(value)
    return value if value is None or isinstance(value, (bool, int, str)) else f"{value}"
