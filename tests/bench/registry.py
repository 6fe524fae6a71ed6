"""Which benchmarks there are; a name or the beginning of one chooses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module

from tests.bench.results import Result

BENCHMARKS = {
    "overlap": "wall time of a post against the slowest of its links",
    "pull": "a pull of 200 videos of a page, against one after another",
    "latency": "a resumable upload where each request costs 100 ms",
    "cpu": "CPU time of an upload over TLS",
    "http": "CPU time of a link's video into the spool",
    "memory": "peak memory of a large post against a small one",
    "accept": "from a Telegram update to `accepted` on disk",
    "tasks": "claiming, completing and starting tasks",
    "limits": "reserving quotas for an upload, and `/limits` with much queued",
    "figures": "figures of 30 days over 100,000 uploads against a tenth of them",
    "batch": "a dry run over thousands of clips against ffprobe alone",
    "remux": "writing a container anew against `ffmpeg -c copy`",
    "fit": "fitting for three targets from one decode against three runs",
    "mashup": "a whole mashup against commands by hand, several passes and moviepy",
    "swap": "other music under a copied picture against `ffmpeg -c:v copy`",
    "renders": "what two hundred renders leave behind",
    "cli": "start and stop of the command",
}
"""In the order in which they run; each has a module of its name with a `run`."""


class UnknownBenchmarkError(Exception):
    """No benchmark is called so."""


def choose(name: str) -> list[str]:
    """Return the benchmarks that a name means: all for none, else those that begin so.

    Raises:
        UnknownBenchmarkError: there is none.
    """
    if name in BENCHMARKS:
        return [name]
    chosen = [known for known in BENCHMARKS if known.startswith(name)]
    if not chosen:
        raise UnknownBenchmarkError(
            f"no benchmark is called {name!r}; there are {', '.join(BENCHMARKS)}"
        )
    return chosen


def load(name: str) -> Callable[[], Sequence[Result]]:
    run: Callable[[], Sequence[Result]] = import_module(f"tests.bench.{name}").run
    return run
