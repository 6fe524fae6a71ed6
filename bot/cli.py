"""The command line; each command imports what it needs when it is chosen."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

from bot.arguments import ARGUMENTS, no_arguments

COMMANDS = {
    "run": ("chat, web and workers in one process", "bot.commands.run"),
    "demo": ("try everything against stand-ins on this machine", "bot.commands.demo"),
    "worker": ("workers without the chat", "bot.commands.run"),
    "send": ("publish a file or a link", "bot.commands.send"),
    "scrape": ("find the videos that a page links to", "bot.commands.scrape"),
    "pull": ("publish the videos that a page links to", "bot.commands.pull"),
    "batch": ("publish many videos from a list", "bot.commands.batch"),
    "fit": ("see what platforms take a file, and make it fit", "bot.commands.fit"),
    "library": ("media that videos are made from: add, find, pick", "bot.commands.library"),
    "renders": ("mashups that are made: list, cancel, make again", "bot.commands.renders"),
    "mashup": ("make one video out of several", "bot.commands.mashup"),
    "diagnostics": ("how it went: figures and what to do", "bot.commands.diagnostics"),
    "failed": ("what failed, by cause: try again or put aside", "bot.commands.failed"),
    "account": ("connect and list accounts", "bot.commands.account"),
    "limits": ("what is used, left and expected of every quota", "bot.commands.limits"),
    "doctor": ("look for what is wrong and say what to do", "bot.commands.doctor"),
    "keys": ("the keys that seal tokens: list, rotate", "bot.commands.keys"),
    "backup": ("write a verified copy of the database", "bot.commands.maintenance"),
    "restore": ("put a backup in place of the database", "bot.commands.maintenance"),
    "migrate": ("bring the database to the newest form", "bot.commands.maintenance"),
    "bench": ("measure against the promised limits", "bot.commands.bench"),
}


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line and leaves with code 2."""

    def error(self, message: str) -> None:  # type: ignore[override]
        self.exit(2, f"karvon: {message} (see karvon --help)\n")


def build_parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="karvon", description="A video sent in chat is live everywhere, once.")
    parser.add_argument("--config", help="settings file (default: config.py)")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, (text, _) in COMMANDS.items():
        sub = commands.add_parser(name, help=text, description=text)
        ARGUMENTS.get(name, no_arguments)(sub)
    return parser


def run_command(argv: Sequence[str]) -> int:
    """Parse and run; every expected failure is one clear line and a code that is not 0."""
    args = build_parser().parse_args(argv)
    module = import_module(COMMANDS[args.command][1])
    from core.errors import KarvonError

    try:
        return int(module.run(args))
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        cause = root_cause(error)
        if isinstance(cause, KeyboardInterrupt):
            return 130
        if not isinstance(cause, (KarvonError, OSError)):
            raise
        sys.stderr.write(f"karvon: {one_line(cause)}\n")
        return 2 if isinstance(cause, KarvonError) else 1


def root_cause(error: BaseException) -> BaseException:
    """Return what a task group failed of: the first failure that is no group itself."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def one_line(error: BaseException) -> str:
    """Return an error for a terminal; refusals have the sentence that the chat has."""
    from core.errors import RefusedError
    from core.studio.errors import StudioError

    if isinstance(error, RefusedError):
        from bot.commands.send import explain_refusal

        return explain_refusal({"key": error.key, "facts": error.facts})
    if isinstance(error, StudioError):
        from bot.chat.studio_text import studio_text
        from bot.chat.texts import plain

        return " ".join(plain(studio_text(error.key, error.facts)).split())
    if isinstance(error, OSError) and error.strerror:
        place = f"{error.filename}: " if error.filename else ""
        return f"{place}{error.strerror}"
    return str(error)
