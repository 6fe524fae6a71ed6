"""``karvon`` and ``python -m bot``: nothing heavy is imported until a command is chosen."""

from __future__ import annotations

import sys
from types import TracebackType


def main() -> int:
    """Run the command line; returns the exit code."""
    from bot.cli import run_command

    sys.excepthook = tell_crash
    return run_command(sys.argv[1:])


def tell_crash(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """Write the traceback of a bug, without what looks like a credential."""
    import traceback

    from utils.http import redact

    sys.stderr.write(redact("".join(traceback.format_exception(kind, error, trace))))


if __name__ == "__main__":
    sys.exit(main())
