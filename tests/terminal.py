"""Commands as a person types them: in this process where that is enough, else as a process."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

import pytest

from bot.cli import run_command
from utils.sandbox.server import Sandbox, SandboxOptions

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "utils" / "sandbox" / "sample.mp4"
WAIT_SECONDS = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """How a command ended and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - any JSON value
        return json.loads(self.out)

    @property
    def line(self) -> str:
        """The one line that a command refused with."""
        lines = self.err.splitlines()
        assert len(lines) == 1, self.err
        assert lines[0].startswith("karvon: ")
        return lines[0].removeprefix("karvon: ")


class Terminal:
    """A folder with a ``config.py`` in which commands are typed."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.data = folder / "data"
        self._capsys = capsys
        self.configure({})

    def configure(self, values: Mapping[str, Any]) -> None:
        config = {"data_dir": str(self.data), "min_free_disk": 0, **values}
        (self.folder / "config.py").write_text(f"APP_CONFIG = {config!r}\n")

    def write(self, name: str, content: bytes = b"") -> Path:
        path = self.folder / name
        path.write_bytes(content)
        return path

    def type(self, *arguments: str, stdin: str | bytes = "") -> Said:
        """Run a command in this process."""
        data = stdin.encode() if isinstance(stdin, str) else stdin
        with restored_log(), pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))
            try:
                code = run_command(arguments)
            except SystemExit as leave:
                code = int(leave.code or 0)
        said = self._capsys.readouterr()
        return Said(code=code, out=said.out, err=said.err)


@contextmanager
def restored_log() -> Iterator[None]:
    """Put back the handlers of the tests, which commands that log replace by their own."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    try:
        yield
    finally:
        for handler in root.handlers:
            if handler not in handlers:
                handler.close()
        root.handlers[:] = handlers
        root.setLevel(level)


class Program:
    """One started command, which the test ends; what it says goes to files, so it never waits."""

    def __init__(
        self, process: asyncio.subprocess.Process, out: IO[bytes], err: IO[bytes]
    ) -> None:
        self.process = process
        self._out = out
        self._err = err

    async def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return await self.wait()

    async def wait(self) -> int:
        async with asyncio.timeout(WAIT_SECONDS * 2):
            return await self.process.wait()

    async def read(self) -> Said:
        """Wait for the end and return what was said."""
        code = await self.wait()
        self._out.seek(0)
        self._err.seek(0)
        return Said(code=code, out=self._out.read().decode(), err=self._err.read().decode())


@asynccontextmanager
async def program(folder: Path, *arguments: str, stdin: bytes = b"") -> AsyncIterator[Program]:
    """Start ``python -m bot …`` in a folder; killed if it still runs at the end."""
    with TemporaryFile() as out, TemporaryFile() as err:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", *arguments),
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=asyncio.subprocess.PIPE,
            stdout=out,
            stderr=err,
        )
        try:
            assert process.stdin is not None
            process.stdin.write(stdin)
            process.stdin.close()
            yield Program(process, out, err)
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()


def run_python(code: str, *arguments: str) -> str:
    """Run a script in a process of its own and return what it wrote."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
        timeout=30,
    )
    return done.stdout


@asynccontextmanager
async def stand_ins(**options: Any) -> AsyncIterator[Sandbox]:
    """Run the stand-ins in this process, in a hurry."""
    async with Sandbox(SandboxOptions(**{"processing_seconds": 0.05, **options})) as sandbox:
        yield sandbox
