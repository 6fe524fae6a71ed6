"""``karvon account``: connect accounts by a sign-in or with tokens you have, and list them."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from bot.control import ask_running, require_ok
from core.errors import KarvonError
from core.settings import Settings, load_settings, read_account

SECRETS = {"access_token", "refresh_token", "client_secret"}


def run(args: argparse.Namespace) -> int:
    settings = load_settings(config=Path(args.config) if args.config else None)
    if args.action == "list":
        return asyncio.run(_list(settings, as_json=args.json))
    if args.action in {"pause", "resume", "rename", "disconnect"}:
        from bot.commands.account_change import change

        return asyncio.run(change(settings, args))
    if args.action == "connect":
        from bot.commands.connect import connect

        return asyncio.run(connect(settings, args.login, as_json=args.json))
    account = {
        "platform": args.platform,
        "name": args.name,
        "remote_id": args.remote_id,
        "client_id": args.client_id,
        "options": dict(_pair(text, "--option: write KEY=VALUE") for text in args.option),
        **read_secrets(_read_input()),
    }
    _ = read_account(account)
    return asyncio.run(_add(settings, account))


def _read_input() -> str:
    if sys.stdin.isatty():
        sys.stderr.write("access_token=… and what else there is, one a line; end with Ctrl+D\n")
    try:
        return sys.stdin.read()
    except UnicodeDecodeError:
        raise KarvonError("standard input is no text; write KEY=VALUE, one on each line") from None


def read_secrets(text: str) -> dict[str, str]:
    """Read ``KEY=VALUE`` lines; tokens never stand in a command line, which others can see.

    Raises:
        KarvonError: a line has another form or another key.
    """
    secrets = dict(_pair(line) for line in text.splitlines() if line.strip())
    unknown = set(secrets) - SECRETS
    if unknown:
        raise KarvonError(
            f"unknown {', '.join(sorted(unknown))}; known are {', '.join(sorted(SECRETS))}"
        )
    if not secrets.get("access_token"):
        raise KarvonError("write access_token=… on standard input")
    return secrets


def _pair(
    text: str, remedy: str = "standard input: write KEY=VALUE, one on each line"
) -> tuple[str, str]:
    key, sign, value = text.partition("=")
    if not sign or not key.strip():
        raise KarvonError(remedy)
    return key.strip(), value.strip()


async def _add(settings: Settings, account: dict[str, Any]) -> int:
    answers = await ask_running(settings, {"command": "account_add", "account": account})
    if answers is None:
        from bot.app import App
        from bot.posting import connect_account

        async with App(settings, chat=False) as app:
            answers = [await connect_account(app.parts, read_account(account))]
    answer = require_ok(answers)
    note = f" - not checked: {answer['unchecked']}" if answer.get("unchecked") else ""
    sys.stdout.write(f"connected: {account['name']} ({account['platform']}){note}\n")
    return 0


async def _list(settings: Settings, *, as_json: bool) -> int:
    answers = await ask_running(settings, {"command": "account_list"})
    if answers is None:
        from bot.app import App
        from bot.posting import list_accounts

        async with App(settings, chat=False) as app:
            accounts = await list_accounts(app.parts.book)
    else:
        accounts = require_ok(answers)["accounts"]
    if as_json:
        sys.stdout.write(json.dumps({"accounts": accounts}) + "\n")
        return 0
    for account in accounts:
        sys.stdout.write(
            f"{account['id']:<4} {account['platform']:10} {account['name']:24} "
            f"{account['remote_id']:24} {account['state']}\n"
        )
    if not accounts:
        sys.stdout.write("no account is connected; see `karvon account connect --help`\n")
    return 0
