"""The command line; each command imports what it needs when it is chosen."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

COMMANDS = {
    "run": ("chat, web and workers in one process", "bot.commands.run"),
    "demo": ("try everything against stand-ins on this machine", "bot.commands.demo"),
    "worker": ("workers without the chat", "bot.commands.run"),
    "send": ("publish a file or a link", "bot.commands.send"),
    "account": ("connect and list accounts", "bot.commands.account"),
    "limits": ("what is used, left and expected of every quota", "bot.commands.limits"),
    "doctor": ("look for what is wrong and say what to do", "bot.commands.doctor"),
    "keys": ("the keys that seal tokens: list, rotate", "bot.commands.keys"),
    "backup": ("write a verified copy of the database", "bot.commands.maintenance"),
    "restore": ("put a backup in place of the database", "bot.commands.maintenance"),
    "migrate": ("bring the database to the newest form", "bot.commands.maintenance"),
    "bench": ("measure against the promised limits", "bot.commands.bench"),
}

LAST_PORT = 65_000


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
        _ARGUMENTS.get(name, _nothing)(sub)
    return parser


def _nothing(parser: argparse.ArgumentParser) -> None:
    del parser


def _send(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", metavar="FILE|URL", help="video file or link")
    parser.add_argument("--to", default="", help="targets: youtube, tiktok, an account's name, …")
    parser.add_argument("--caption", default="", help="caption, with the same lines as in chat")
    parser.add_argument("--again", action="store_true", help="publish although it is live already")
    parser.add_argument("--json", action="store_true", help="end with one JSON object")


def _demo(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--once", action="store_true", help="send one video and leave")
    parser.add_argument("--video", default="", help="video file (default: a bundled sample)")
    parser.add_argument("--caption", default="", help="caption of the video")
    parser.add_argument("--json", action="store_true", help="end with one JSON object")
    parser.add_argument(
        "--port", type=_port, default=0, help="first of the fixed ports of the stand-ins"
    )


def _port(text: str) -> int:
    """Read a port that leaves room for those that follow it."""
    port = int(text) if text.isascii() and text.isdigit() else -1
    if not 0 <= port <= LAST_PORT:
        raise argparse.ArgumentTypeError(f"{text!r} is no port from 0 (any) to {LAST_PORT}")
    return port


def _account(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    add = actions.add_parser("add", help="connect an account with tokens you have")
    add.add_argument(
        "platform", choices=["youtube", "tiktok", "instagram", "facebook", "telegram"]
    )
    add.add_argument("name", help="how it is called in captions and cards")
    add.add_argument("remote_id", help="channel, page or user id; @name or id of a channel")
    add.add_argument("--client-id", default="")
    add.add_argument(
        "--option", action="append", default=[], metavar="KEY=VALUE", help="account option"
    )
    add.epilog = (
        "Tokens are read from standard input, one KEY=VALUE a line: access_token, "
        "refresh_token, client_secret."
    )
    sign_in = actions.add_parser("connect", help="connect an account by signing in")
    sign_in.add_argument(
        "login", choices=["google", "tiktok", "instagram", "instagram_facebook", "facebook"]
    )
    sign_in.add_argument("--json", action="store_true", help="one JSON object a line")
    listing = actions.add_parser("list", help="list connected accounts")
    listing.add_argument("--json", action="store_true")
    pause = actions.add_parser("pause", help="begin nothing for an account until it is resumed")
    resume = actions.add_parser("resume", help="go on with an account that was paused")
    rename = actions.add_parser("rename", help="call an account something else")
    leave = actions.add_parser("disconnect", help="give the access back and forget the sign-in")
    for action in (pause, resume, rename, leave):
        action.add_argument("account", help="its number, name, or platform:name")
    rename.add_argument("name", help="the new name")
    leave.add_argument("--yes", action="store_true", help="do not ask")


def _doctor(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument(
        "--report", default="", metavar="FILE", help="write a report without secrets, to share"
    )


def _keys(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="ids, age and use of the keys, never a key")
    rotate = actions.add_parser("rotate", help="make a new key and seal everything with it")
    restore = actions.add_parser("restore", help="take the keys of an older keys.json into use")
    restore.add_argument("file", help="the older keys.json")
    for action in (listing, rotate, restore):
        action.add_argument("--json", action="store_true", help="one JSON object")


def _backup(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", help="where the copy is written")


def _restore(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", help="the backup")
    parser.add_argument("--yes", action="store_true", help="replace the database that is there")


def _bench(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("only", nargs="?", default="", help="name of one benchmark")


_ARGUMENTS = {
    "send": _send,
    "demo": _demo,
    "account": _account,
    "doctor": _doctor,
    "limits": _doctor,
    "keys": _keys,
    "backup": _backup,
    "restore": _restore,
    "bench": _bench,
}


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

    if isinstance(error, RefusedError):
        from bot.commands.send import explain_refusal

        return explain_refusal({"key": error.key, "facts": error.facts})
    if isinstance(error, OSError) and error.strerror:
        place = f"{error.filename}: " if error.filename else ""
        return f"{place}{error.strerror}"
    return str(error)
