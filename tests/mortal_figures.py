"""A writing of ``diagnostics.json`` that dies: ``python -m tests.mortal_figures FOLDER STEP``."""

from __future__ import annotations

import itertools
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from core.diagnostics.file import write_diagnostics
from core.diagnostics.model import Diagnostics
from tests.mortal import mortal


def write(folder: Path, last: int) -> None:
    steps = itertools.count()
    os.open = mortal(os.open, steps, last)
    os.fsync = mortal(os.fsync, steps, last)
    Path.replace = mortal(Path.replace, steps, last)  # type: ignore[method-assign]
    now = datetime(2026, 1, 1, tzinfo=UTC)
    write_diagnostics(folder, Diagnostics(made_at=now, started_at=now, session_seconds=2))


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]))
