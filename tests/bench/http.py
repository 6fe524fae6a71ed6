"""CPU time of a link's video into the spool, against curl into a file."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.bench.cpu import MIB, ROUNDS, measure, write_random
from tests.bench.files import file_server
from tests.bench.results import Result, at_most, reference
from tests.bench.tls import write_certificate

SIZE_BYTES = 512 * MIB
METHOD = (
    f"{SIZE_BYTES // MIB} MiB from one local server in its own process onto disk; user and system "
    f"seconds of each client's process without its start; medians of {ROUNDS} interleaved rounds"
)


def run() -> list[Result]:
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        video = folder / "video.mp4"
        write_random(video, SIZE_BYTES)
        certificate = write_certificate(folder)
        with file_server(video) as plain, file_server(video, certificate) as sealed:
            kinds: dict[str, Callable[[], float]] = {
                "ours": lambda: _ours(sealed, folder, certificate[0]),
                "curl": lambda: _curl(sealed, folder, certificate[0]),
                "ours_plain": lambda: _ours(plain, folder, certificate[0]),
                "curl_plain": lambda: _curl(plain, folder, certificate[0]),
            }
            seconds = measure(kinds)
    return _results(seconds)


def _results(seconds: dict[str, float]) -> list[Result]:
    gib = SIZE_BYTES / 1024**3
    plain = f"ours / curl -o without TLS, where our SHA-256 weighs most: {METHOD}"
    return [
        at_most(
            "http.curl",
            seconds["ours"] / seconds["curl"],
            1.3,
            method=f"ours with SHA-256 / curl -o, over TLS: {METHOD}",
        ),
        reference("http.plain", seconds["ours_plain"] / seconds["curl_plain"], method=plain),
        reference(
            "http.seconds", seconds["ours"] / gib, unit="s/GiB", method=f"ours, TLS: {METHOD}"
        ),
    ]


def _ours(base: str, folder: Path, ca_file: Path) -> float:
    with tempfile.TemporaryDirectory(dir=folder) as spool:
        done = subprocess.run(
            (sys.executable, "-m", "tests.bench.downloader", f"{base}/video.mp4", spool),
            env={**os.environ, "SSL_CERT_FILE": str(ca_file)},
            check=True,
            capture_output=True,
            text=True,
        )
    return float(json.loads(done.stdout)["cpu_seconds"])


def _curl(base: str, folder: Path, ca_file: Path) -> float:
    """Return the CPU seconds of a whole curl, less those of one that fetches nothing."""
    return _run_curl(f"{base}/video.mp4", folder, ca_file) - _run_curl(
        f"{base}/empty", folder, ca_file
    )


def _run_curl(url: str, folder: Path, ca_file: Path) -> float:
    curl = shutil.which("curl")
    if curl is None:
        raise SystemExit("bench: curl is needed for this comparison and is not installed")
    target = folder / "curl.mp4"
    command = [curl, "--silent", "--show-error", "--fail", "--http1.1", "--noproxy", "*"]
    command += ["--cacert", str(ca_file), "-o", str(target), url]
    process = subprocess.Popen(command)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    target.unlink(missing_ok=True)
    if process.returncode:
        raise SystemExit(f"bench: curl failed with {process.returncode}")
    return used.ru_utime + used.ru_stime
