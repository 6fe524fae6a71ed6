"""`python -m tests.bench [NAME]`: measure, show a table, write bench.json."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence

from tests.bench.registry import UnknownBenchmarkError, choose, load
from tests.bench.results import Result, table, write_report


def main(arguments: Sequence[str]) -> int:
    """Return 0 when all goals are met, 1 when one is missed, 2 for a wrong call."""
    if len(arguments) > 1 or any(argument.startswith("-") for argument in arguments):
        sys.stderr.write("bench: at most one name of a benchmark is expected\n")
        return 2
    try:
        names = choose(arguments[0] if arguments else "")
    except UnknownBenchmarkError as error:
        sys.stderr.write(f"bench: {error}\n")
        return 2
    results: list[Result] = []
    for name in names:
        results += _measure(name)
    write_report(results)
    sys.stdout.write(table(results) + "\n")
    missed = [result.name for result in results if not result.ok]
    if missed:
        sys.stdout.write(f"missed: {', '.join(missed)}\n")
    return 1 if missed else 0


def _measure(name: str) -> Sequence[Result]:
    sys.stderr.write(f"bench: {name} …")
    sys.stderr.flush()
    started = time.monotonic()
    results = load(name)()
    sys.stderr.write(f" {time.monotonic() - started:.0f} s\n")
    return results


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
