"""``karvon`` and ``python -m bot``: nothing heavy is imported until a command is chosen."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line; returns the exit code."""
    from bot.cli import run_command

    return run_command(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
