from __future__ import annotations

import os
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.diagnostics.file import NAME, write_diagnostics
from core.diagnostics.model import Diagnostics
from tests.terminal import ROOT

NOW = datetime(2026, 1, 1, tzinfo=UTC)
STEPS = 6
"""More than writing takes: handing over the text, two synchronisations, one new name."""


def document(seconds: float) -> Diagnostics:
    return Diagnostics(made_at=NOW, started_at=NOW, session_seconds=seconds)


def read(folder: Path) -> Diagnostics:
    return Diagnostics.model_validate_json((folder / NAME).read_text())


def test_what_is_written_is_read_back_by_its_owner_alone(tmp_path: Path) -> None:
    path = write_diagnostics(tmp_path, document(1))
    assert read(tmp_path) == document(1)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    write_diagnostics(tmp_path, document(2))
    assert read(tmp_path) == document(2)
    assert [file.name for file in tmp_path.iterdir()] == [NAME]


def test_a_kill_at_any_step_leaves_a_whole_document(tmp_path: Path) -> None:
    ends = []
    for last in range(STEPS):
        folder = tmp_path / str(last)
        folder.mkdir()
        write_diagnostics(folder, document(1))
        command = [sys.executable, "-m", "tests.mortal_figures", str(folder), str(last)]
        ends.append(subprocess.run(command, cwd=ROOT, check=False, timeout=15).returncode)
        assert read(folder).session_seconds in {1, 2}
        write_diagnostics(folder, document(3))
        assert read(folder) == document(3)
    assert ends[0] != 0
    assert ends[-1] == 0


def test_a_full_disk_leaves_the_one_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_diagnostics(tmp_path, document(1))

    def full(_handle: int) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_diagnostics(tmp_path, document(2))
    assert read(tmp_path) == document(1)
