"""Structured log, one file a day, with everything that looks like a credential taken out."""

from __future__ import annotations

import logging
import logging.handlers
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from utils.http import redact

if TYPE_CHECKING:
    from structlog.typing import EventDict, WrappedLogger

KEPT_DAYS = 14
NOISY = ("aiogram.event", "aiohttp.access", "apscheduler", "httpx", "httpcore", "groq", "asyncio")


def _redact_event(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    return {
        key: redact(value) if isinstance(value, str) else value for key, value in event.items()
    }


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
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = logging.handlers.TimedRotatingFileHandler(
            folder / "karvon.log", when="midnight", utc=True, backupCount=KEPT_DAYS, delay=True
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
