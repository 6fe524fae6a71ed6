"""A report that can be shared: versions, settings, findings and counts, without secrets and names.

Tokens never were in what it is made of; names of accounts, ids, hosts and paths are shortened.
"""

from __future__ import annotations

import asyncio
import json
import platform
import re
import sqlite3
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, SecretStr

from bot.diagnosis.findings import Finding, Line
from bot.diagnosis.patient import Patient
from core.store.base import Store
from utils.http import redact

JSON = dict[str, Any]
LIBRARIES = ("aiogram", "aiohttp", "aiosqlite", "cryptography", "httpx", "pydantic")
LATELY = timedelta(days=7)
LOG_LINES, LOG_BYTES = 20, 256 * 1024
COUNTED = frozenset({"accounts", "admins", "users"})
OWN = frozenset({"client_id", "public_url"})
"""Settings that are no secrets but tell whose Karvon it is."""
PEOPLE = frozenset({"chat", "chat_id", "user", "user_id"})
"""Names of log facts that are ids of people."""
TOLD_LEVELS = ("warning", "error", "critical")
LONG_NUMBER = re.compile(r"(?<![\d.])-?\d{7,}(?![\d.])")
ADDRESS = re.compile(r"https?://[^\s\"'<>,)]+")


async def build_report(patient: Patient, findings: Sequence[Finding | Line]) -> JSON:
    """Return the report: ``{made_at, versions, settings, findings, counts, errors, log}``."""
    lines = [item.line() if isinstance(item, Finding) else item for item in findings]
    folder = patient.settings.data_dir / "logs"
    report = {
        "made_at": patient.clock.now().isoformat(timespec="seconds"),
        "running": patient.is_running,
        "versions": read_versions(),
        "settings": tell_settings(patient.settings),
        "findings": [asdict(line) for line in lines],
        **(await _figures(patient, patient.store) if patient.store else {}),
        "log": await asyncio.to_thread(read_log, folder / "karvon.log"),
    }
    hidden: JSON = hide(report, await _names(patient))
    return hidden


def write_report(report: JSON) -> bytes:
    return json.dumps(report, ensure_ascii=False, indent=1).encode()


def read_versions() -> dict[str, str]:
    found = {name: _version(name) for name in ("karvon", *LIBRARIES)}
    return {
        **found,
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "executable": "frozen" if getattr(sys, "frozen", False) else "python",
    }


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def tell_settings(settings: BaseModel) -> JSON:
    """Return the settings; a secret is only told to be set or not, and nothing of accounts."""
    told: JSON = {}
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        told[name] = _told(value)
        if name in COUNTED:
            told[name] = f"{len(value)} of them"
        elif name in OWN:
            told[name] = "set" if value else "not set"
    return told


def _told(value: object) -> object:
    if isinstance(value, SecretStr):
        return "set" if value.get_secret_value() else "not set"
    if isinstance(value, BaseModel):
        return tell_settings(value)
    if isinstance(value, Mapping):
        return {str(name): _told(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_told(item) for item in value]
    return value if value is None or isinstance(value, (bool, int, float)) else str(value)


async def _figures(patient: Patient, store: Store) -> JSON:
    since = (patient.clock.now() - LATELY).timestamp()
    accounts = await store.all("accounts.all")
    return {
        "counts": {
            "accounts": _counted(f"{row['platform']} {row['state']}" for row in accounts),
            "posts": {row["state"]: row["n"] for row in await store.all("doctor.posts_by_state")},
            "uploads": {
                " ".join(filter(None, (row["platform"], row["state"], row["reason"]))): row["n"]
                for row in await store.all("doctor.uploads_by_state")
            },
        },
        "errors": [dict(row) for row in await store.all("doctor.errors", since=since)],
    }


def _counted(words: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for word in words:
        found[word] = found.get(word, 0) + 1
    return found


def read_log(path: Path) -> list[JSON]:
    """Return the latest warnings and errors of today's log, oldest first."""
    if not path.exists():
        return []
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - LOG_BYTES))
        lines = file.read().decode("utf-8", "replace").splitlines()
    values = [value for line in lines if (value := _log_line(line)) is not None]
    return values[-LOG_LINES:]


def _log_line(line: str) -> JSON | None:
    try:
        value = json.loads(line)
    except ValueError:
        return None
    known = isinstance(value, dict) and value.get("level") in TOLD_LEVELS
    return value if known else None


async def _names(patient: Patient) -> dict[str, str]:
    """Return what stands in the report instead of names and ids that only belong here."""
    rows = await patient.store.all("accounts.everything") if patient.store else []
    names = {row["name"]: f"{row['platform']}#{row['id']}" for row in rows}
    ids = {row["remote_id"]: f"{row['platform']}#{row['id']}" for row in rows}
    settings = {
        account.name: f"{account.platform}#{number}"
        for number, account in enumerate(patient.settings.accounts, start=1)
    }
    # Folders first: a name may be a part of them.
    folders = {str(patient.settings.data_dir): "DATA", str(Path.home()): "~"}
    return {name: short for name, short in {**folders, **settings, **ids, **names}.items() if name}


def hide(value: Any, names: Mapping[str, str]) -> Any:  # noqa: ANN401 - any JSON
    """Return a value without names, long ids, addresses and what looks like a credential."""
    if isinstance(value, Mapping):
        return {
            key: _short_id(str(item)) if key in PEOPLE else hide(item, names)
            for key, item in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [hide(item, names) for item in value]
    if isinstance(value, str):
        return _hidden(value, names)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**12:
        return _short_id(str(value))
    return value


def _hidden(text: str, names: Mapping[str, str]) -> str:
    for name, short in sorted(names.items(), key=lambda pair: -len(pair[0])):
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", short.replace("\\", ""), text)
    text = ADDRESS.sub(lambda found: _host(found[0]), redact(text))
    return LONG_NUMBER.sub(lambda found: _short_id(found[0]), text)


def _host(address: str) -> str:
    """Return scheme, host and port of an address: a path may hold ids, a query credentials."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def _short_id(digits: str) -> str:
    return f"…{digits[-3:]}"
