"""Which secrets a run had, read from what the stand-ins saw, and a search for them everywhere."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

JSON = dict[str, Any]

SECRET_NAMES = frozenset(
    {
        "access_token",
        "refresh_token",
        "client_secret",
        "code",
        "code_verifier",
        "fb_exchange_token",
        "input_token",
        "secret_token",
        "upload_id",
        "upload_token",
        "upload_url",
        "api_key",
        "webhook_secret",
    }
)
"""Fields of requests, answers, addresses and settings whose values nobody may see."""
PUBLIC = frozenset({"invalid_grant", "access_denied"})
LEAST = 8
"""Shorter values are no secrets: error codes, flags."""


def planted(rows: Iterable[JSON], settings: JSON, keys: Iterable[Path] = ()) -> dict[str, str]:
    """Return every secret of a run, each with where it comes from."""
    found: dict[str, str] = {}
    for name, value in _named(settings):
        found[value] = f"settings: {name}"
    for token in (settings.get("telegram", {}).get("token", ""),):
        found[token] = "settings: telegram.token"
    for row in rows:
        for name, value in _of_row(row):
            found.setdefault(value, f"{row['service']} {row['step']}: {name}")
    for path in keys:
        for key in json.loads(path.read_text())["keys"].values():
            found[key] = f"{path.name}"
    return {value: where for value, where in found.items() if _is_secret(value)}


def _is_secret(value: str) -> bool:
    return len(value) >= LEAST and value not in PUBLIC and not value.isdecimal()


def _of_row(row: JSON) -> Iterator[tuple[str, str]]:
    for part in (row.get("query"), row.get("body")):
        yield from _named(_parsed(part))
    # In answers `code` is that of an error.
    for name, value in _named(_parsed(row.get("answer"))):
        if name != "code":
            yield name, value
    for name, value in row.get("headers", {}).items():
        if name.lower() == "authorization":
            yield name, value.partition(" ")[2]


def _parsed(part: object) -> object:
    """Return a body as data: JSON, a form, or what it is."""
    if not isinstance(part, str):
        return part
    try:
        return json.loads(part)
    except ValueError:
        return dict(parse_qsl(part))


def _named(value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for name, item in value.items():
            if name in SECRET_NAMES and isinstance(item, str):
                yield name, item
                if name == "upload_url":
                    yield from _named(dict(parse_qsl(urlsplit(item).query)))
            else:
                yield from _named(item)
    elif isinstance(value, list):
        for item in value:
            yield from _named(item)


class LeakError(AssertionError):
    """A secret stood somewhere in the clear."""


class Scan:
    """Looks for the same secrets in many places; `check` fails with all that were found."""

    def __init__(self, secrets: Mapping[str, str]) -> None:
        assert secrets, "a run without secrets proves nothing"
        self.secrets = secrets
        self.places: list[str] = []
        self._leaks: list[str] = []

    def text(self, place: str, text: str) -> None:
        self.places.append(place)
        for variant in {text, unquote(text), text.replace("\\/", "/")}:
            for secret, where in self.secrets.items():
                at = variant.find(secret)
                if at >= 0:
                    around = variant[max(0, at - 80) : at + len(secret) + 20]
                    self._leaks.append(f"{place}: {where}: …{around}…")

    def data(self, place: str, data: bytes) -> None:
        self.places.append(place)
        for secret, where in self.secrets.items():
            if secret.encode() in data:
                at = data.find(secret.encode())
                around = data[max(0, at - 200) : at + len(secret) + 40]
                self._leaks.append(f"{place}: {where}: …{around!r}…")

    def value(self, place: str, value: object) -> None:
        self.text(place, json.dumps(value, default=repr, ensure_ascii=False))

    def files(self, folder: Path, *, but: Iterable[str] = ()) -> None:
        """Look into all files below a folder, the database and its side files among them."""
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.name not in but:
                self.data(path.name, path.read_bytes())

    def database(self, path: Path) -> None:
        """Look at every value of every table."""
        with sqlite3.connect(path) as raw:
            names = [
                row[0] for row in raw.execute("SELECT name FROM sqlite_master WHERE type='table'")
            ]
            for name in names:
                for row in raw.execute(f'SELECT * FROM "{name}"'):
                    self.text(f"table {name}", repr(row))
        raw.close()

    def check(self) -> None:
        if self._leaks:
            told = "\n".join(sorted(set(self._leaks))[:40])
            raise LeakError(f"{len(self._leaks)} leaks:\n{told}")
