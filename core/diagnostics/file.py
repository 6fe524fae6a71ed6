"""``diagnostics.json``: always whole, whenever the process or the machine ends."""

from __future__ import annotations

import os
from pathlib import Path

from core.diagnostics.model import Diagnostics

NAME = "diagnostics.json"


def write_diagnostics(folder: Path, diagnostics: Diagnostics) -> Path:
    """Put the document in place of the one before, in one step.

    Raises:
        OSError: it cannot be written; the one before stays as it was.
    """
    path = folder / NAME
    fresh = folder / f".{NAME}.new"
    text = diagnostics.model_dump_json(indent=2) + "\n"
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    _sync_folder(folder)
    return path


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
