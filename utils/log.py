"""Structured log, one file a day, with everything that looks like a credential taken out."""

from __future__ import annotations

import logging
import logging.handlers
import os
import sys
from collections.abc import Mapping
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from utils.http import redact

if TYPE_CHECKING:
    from structlog.typing import EventDict, WrappedLogger

KEPT_DAYS = 14
NOISY = (
    *("aiogram.event", "aiohttp.access", "aiosqlite", "apscheduler", "httpx", "httpcore", "groq"),
    *("asyncio", "matplotlib", "PIL"),
)


def _redact_event(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    # What starts with an underscore is structlog's own and never written.
    return {key: value if key.startswith("_") else _clean(value) for key, value in event.items()}


def _clean(value: object) -> object:
    """Return a value that can be written: plain data, without credentials at any depth."""
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, Mapping):
        return {str(key): _clean(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_clean(item) for item in value]
    return redact(str(value))


def _shared() -> list[structlog.typing.Processor]:
    return [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _redact_event,
    ]


def _formatter(renderer: structlog.typing.Processor) -> logging.Formatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_shared(),
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
    )


class _PrivateFile(logging.handlers.TimedRotatingFileHandler):
    """A log file that only its owner can read."""

    def _open(self) -> TextIOWrapper:
        handle = os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.close(handle)
        return super()._open()


def make_private(folder: Path) -> None:
    """Make a folder that only its owner can enter; one that is there keeps its rights."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)


def set_up_log(folder: Path | None, *, debug: bool, console: bool = True) -> None:
    """Send every log record to ``folder/karvon.log`` (turned each midnight UTC) and to stderr."""
    root = logging.getLogger()
    for old in list(root.handlers):
        root.removeHandler(old)
        old.close()
    root.setLevel(logging.DEBUG if debug else logging.INFO)
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.INFO if debug else logging.WARNING)
    if console:
        stream = logging.StreamHandler(sys.stderr)
        colors = sys.stderr.isatty()
        stream.setFormatter(_formatter(structlog.dev.ConsoleRenderer(colors=colors)))
        root.addHandler(stream)
    if folder is not None:
        make_private(folder.parent)
        make_private(folder)
        file = _PrivateFile(
            folder / "karvon.log",
            when="midnight",
            utc=True,
            backupCount=KEPT_DAYS,
            delay=True,
            encoding="utf-8",
        )
        file.setFormatter(_formatter(structlog.processors.JSONRenderer(ensure_ascii=False)))
        root.addHandler(file)


def clear_logs(folder: Path) -> int:
    """Empty the log of today and delete those of earlier days; returns how many files."""
    count = 0
    for path in folder.glob("karvon.log*"):
        if path.name == "karvon.log":
            path.write_text("")
        else:
            path.unlink()
        count += 1
    return count
