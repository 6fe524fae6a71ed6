"""CPU time of an upload over TLS, against curl and against Google's own client."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.bench.results import Result, at_most, reference
from tests.bench.tls import TlsServer, tls_server

MIB = 1024 * 1024
SIZE_BYTES = 512 * MIB
ROUNDS = 5
METHOD = (
    f"{SIZE_BYTES // MIB} MiB from a cached file to one local TLS server in its own process; user "
    f"and system seconds of each client's process; medians of {ROUNDS} interleaved rounds"
)


def run() -> list[Result]:
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        video, empty = folder / "video.mp4", folder / "empty"
        write_random(video, SIZE_BYTES)
        empty.touch()
        with tls_server(folder) as server:
            kinds: dict[str, Callable[[], float]] = {
                "ours": lambda: _python("ours", server, video),
                "curl": lambda: _curl(server, video) - _curl(server, empty),
                "google": lambda: _python("google", server, video),
            }
            seconds = measure(kinds)
    return _results(seconds)


def measure(kinds: dict[str, Callable[[], float]]) -> dict[str, float]:
    """Call each once to warm up, then in turns; return the medians."""
    for call in kinds.values():
        call()
    seconds: dict[str, list[float]] = {kind: [] for kind in kinds}
    for _ in range(ROUNDS):
        for kind, call in kinds.items():
            seconds[kind].append(call())
    return {kind: statistics.median(values) for kind, values in seconds.items()}


def _results(seconds: dict[str, float]) -> list[Result]:
    ours = seconds["ours"]
    per_gib = ours / (SIZE_BYTES / 1024**3)
    return [
        at_most("cpu.curl", ours / seconds["curl"], 1.2, method=f"ours / curl -T: {METHOD}"),
        at_most(
            "cpu.google",
            ours / seconds["google"],
            0.6,
            method=f"ours / MediaFileUpload of google-api-python-client: {METHOD}",
        ),
        reference("cpu.seconds", per_gib, unit="s/GiB", method=f"ours alone: {METHOD}"),
    ]


def write_random(path: Path, size: int) -> None:
    with path.open("wb") as file:
        for start in range(0, size, MIB):
            file.write(os.urandom(min(MIB, size - start)))


def _python(kind: str, server: TlsServer, file: Path) -> float:
    command: Sequence[str] = (
        *(sys.executable, "-m", "tests.bench.uploader"),
        *(kind, server.base, str(server.ca_file), str(file)),
    )
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return float(json.loads(done.stdout)["cpu_seconds"])


def _curl(server: TlsServer, file: Path) -> float:
    """Return the CPU seconds of a whole curl; the caller takes its start off again."""
    curl = shutil.which("curl")
    if curl is None:
        raise SystemExit("bench: curl is needed for this comparison and is not installed")
    command = [curl, "--silent", "--show-error", "--fail", "--http1.1"]
    command += ["--cacert", str(server.ca_file), "-T", str(file), f"{server.base}/session"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"bench: curl failed with {process.returncode}")
    return used.ru_utime + used.ru_stime
