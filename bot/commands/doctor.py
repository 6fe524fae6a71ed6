"""``karvon doctor``: what is wrong and what to do about it."""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import sys
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.control import ask_running, require_ok
from core.accounts.vault import open_vault
from core.errors import KarvonError
from core.settings import Settings, load_settings
from core.store.backup import verify
from core.store.errors import StoreError
from core.store.open import sqlite_path
from utils.ffmpeg import find_ffmpeg, find_ffprobe

OK, WARNING, BROKEN = "ok", "warning", "broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line of the doctor."""

    name: str
    state: str
    text: str
    remedy: str = ""


NO_ACCOUNT = Finding(
    name="accounts",
    state=WARNING,
    text="none in the settings",
    remedy="Connect one: karvon account add --help",
)


def run(args: argparse.Namespace) -> int:
    settings = load_settings(config=Path(args.config) if args.config else None)
    findings = asyncio.run(_collect(settings))
    ok = all(finding.state != BROKEN for finding in findings)
    if args.json:
        lines = [asdict(finding) for finding in findings]
        sys.stdout.write(json.dumps({"ok": ok, "findings": lines}) + "\n")
    else:
        for finding in findings:
            remedy = f"  → {finding.remedy}" if finding.remedy else ""
            sys.stdout.write(f"{finding.state:8} {finding.name:10} {finding.text}{remedy}\n")
    return 0 if ok else 1


async def _collect(settings: Settings) -> list[Finding]:
    return [finding async for finding in examine(settings)]


async def examine(settings: Settings) -> AsyncIterator[Finding]:
    """Look at everything that can be seen without changing anything."""
    yield _tools()
    yield _disk(settings)
    yield _keys(settings)
    yield await _process(settings)
    yield await _database(settings)
    yield await _telegram(settings)
    yield await _accounts(settings)


def _tools() -> Finding:
    try:
        return Finding(name="ffmpeg", state=OK, text=f"{find_ffmpeg()}, {find_ffprobe()}")
    except KarvonError as error:
        return Finding(
            name="ffmpeg", state=BROKEN, text=str(error), remedy="Set KARVON_FFMPEG and _FFPROBE."
        )


def _disk(settings: Settings) -> Finding:
    folder = settings.data_dir
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    text = f"{free / 1024**3:.1f} GiB free, {settings.min_free_disk / 1024**3:.1f} stay free"
    if free > settings.min_free_disk:
        return Finding(name="disk", state=OK, text=text)
    return Finding(
        name="disk", state=BROKEN, text=text, remedy="Free some room or lower min_free_disk."
    )


def _keys(settings: Settings) -> Finding:
    if not (settings.data_dir / "keys.json").exists():
        return Finding(name="keys", state=OK, text="are made at the first start")
    try:
        open_vault(settings.data_dir)
    except KarvonError as error:
        return Finding(name="keys", state=BROKEN, text=str(error), remedy="Restore keys.json.")
    return Finding(name="keys", state=OK, text="readable")


async def _process(settings: Settings) -> Finding:
    try:
        answers = await ask_running(settings, {"command": "ping"})
        if answers is None:
            return Finding(name="process", state=WARNING, text="not running", remedy="karvon run")
        text = f"running, {require_ok(answers)['open_posts']} posts open"
    except KarvonError as error:
        return Finding(
            name="process", state=BROKEN, text=str(error), remedy="Look at its log, start again."
        )
    return Finding(name="process", state=OK, text=text)


async def _database(settings: Settings) -> Finding:
    file = sqlite_path(settings.database_url)
    if not file.exists():
        return Finding(name="database", state=OK, text="is made at the first start")
    try:
        found = await verify(file)
    except StoreError as error:
        return Finding(name="database", state=BROKEN, text=str(error), remedy=error.remedy)
    return Finding(
        name="database", state=OK, text=f"sound, {found.tables.get('posts', 0)} posts in all"
    )


async def _telegram(settings: Settings) -> Finding:
    import httpx

    token = settings.telegram.token.get_secret_value()
    if not token:
        return Finding(
            name="telegram", state=BROKEN, text="no token", remedy="Get one from @BotFather."
        )
    base = settings.telegram.api_base.rstrip("/")
    try:
        async with httpx.AsyncClient(timeout=10) as client:
            answer = (await client.get(f"{base}/bot{token}/getMe")).json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        return Finding(
            name="telegram",
            state=BROKEN,
            text=f"{base} does not answer ({type(error).__name__})",
            remedy="Check the network and telegram.api_base.",
        )
    if not isinstance(answer, dict) or not answer.get("ok"):
        said = answer.get("description") if isinstance(answer, dict) else None
        return Finding(
            name="telegram",
            state=BROKEN,
            text=str(said or f"{base} is no Bot API server"),
            remedy="Check telegram.token.",
        )
    return Finding(name="telegram", state=OK, text=f"@{answer['result'].get('username')}")


async def _accounts(settings: Settings) -> Finding:
    try:
        answers = await ask_running(settings, {"command": "account_list"})
        accounts = require_ok(answers)["accounts"] if answers is not None else None
    except KarvonError:
        accounts = None
    if accounts is None:
        return _known_accounts(settings)
    waiting = [account["name"] for account in accounts if account["state"] == "reconnect"]
    if waiting:
        return Finding(
            name="accounts",
            state=BROKEN,
            text=f"to be connected again: {', '.join(waiting)}",
            remedy="karvon account add --help",
        )
    if not accounts:
        return NO_ACCOUNT
    return Finding(name="accounts", state=OK, text=f"{len(accounts)} connected")


def _known_accounts(settings: Settings) -> Finding:
    """Without a running process only the settings tell."""
    if settings.accounts:
        return Finding(name="accounts", state=OK, text=f"{len(settings.accounts)} in the settings")
    return NO_ACCOUNT
