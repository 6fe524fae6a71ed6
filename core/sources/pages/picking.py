"""Which links of a look are meant: new ones, small ones, those whose name matches."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import translate

from core.errors import RefusedError
from core.sources.pages.addresses import name_of
from core.sources.pages.look import FoundLink

LONGEST_PATTERN = 200
_UNITS = {"": 1, "b": 1, "k": 1024, "m": 1024**2, "g": 1024**3, "t": 1024**4}
_SIZE = re.compile(r"\s*(\d{1,12}(?:[.,]\d{1,6})?)\s*([kmgt]?)(?:i?b)?\s*", re.IGNORECASE)
_RUNS = re.compile(r"\*{2,}")


def new(links: Iterable[FoundLink]) -> list[FoundLink]:
    return [one for one in links if not one.is_seen]


def up_to(links: Iterable[FoundLink], limit_bytes: int) -> list[FoundLink]:
    """Return those of a known size up to a limit."""
    return [
        one
        for one in links
        if one.link.size_bytes is not None and one.link.size_bytes <= limit_bytes
    ]


def matching(links: Iterable[FoundLink], pattern: str) -> list[FoundLink]:
    """Return those whose title, file name or address matches.

    With ``*``, ``?`` or ``[…]`` the pattern is the whole of one of them, else a part of it;
    capitals do not count. Several patterns stand on lines of their own.

    Raises:
        RefusedError: ``scrape_pattern``: it is empty or too long.
    """
    tests = [_test(line) for line in pattern.splitlines() if line.strip()]
    if not tests:
        raise RefusedError("scrape_pattern", given=pattern[:40])
    return [
        one for one in links if any(test.match(name) for test in tests for name in _names(one))
    ]


def _test(line: str) -> re.Pattern[str]:
    wanted = _RUNS.sub("*", line.strip().casefold())
    if len(wanted) > LONGEST_PATTERN or wanted.count("*") > 6:
        raise RefusedError("scrape_pattern", given=wanted[:40])
    glob = wanted if any(sign in wanted for sign in "*?[") else f"*{wanted}*"
    return re.compile(translate(glob))


def _names(found: FoundLink) -> tuple[str, ...]:
    link = found.link
    return link.title.casefold(), name_of(link.url).casefold(), link.url.casefold()


def read_size(text: str) -> int:
    """Return the bytes of ``200MB``, ``1.5 GiB`` or ``700k``; units count in steps of 1024.

    Raises:
        RefusedError: ``scrape_size``.
    """
    found = _SIZE.fullmatch(text)
    if found is None:
        raise RefusedError("scrape_size", given=text[:40])
    return int(float(found[1].replace(",", ".")) * _UNITS[found[2].lower()])
