"""What the headers of Meta's answers tell of call limits.

Page (developers.facebook.com): docs/graph-api/overview/rate-limiting, undated copy, read
2026-11-21. Shares are percent of the limit; calls are refused at 100, and calling on while they
are makes the wait longer.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from core.platforms.base import LiveLimit
from core.platforms.faults import children
from utils.http import JSON

APP_CALLS = "app_calls"
PAGE_CALLS = "page_calls"
BUSINESS_CALLS = "business_calls"
FULL = 100
APP_WAIT = timedelta(hours=1)
"""The app's window is an hour and no header tells the rest of it."""
LONGEST_WAIT = timedelta(days=1)
"""The longest window of Meta's call limits: what is longer is no wait that they could mean."""

_SHARES = ("call_count", "total_time", "total_cputime")


def usage_limits(headers: Mapping[str, str]) -> tuple[LiveLimit, ...]:
    """Return the call limits that an answer tells of.

    ``X-App-Usage``: ``{"call_count", "total_time", "total_cputime"}``, for all accounts of the
    application; ``X-Page-Usage``: the same shape, for one page;
    ``X-Business-Use-Case-Usage``: ``{"<id>": [{"type", the three,
    "estimated_time_to_regain_access": minutes}]}``, up to 32 entries.
    """
    app = _parsed(headers, "x-app-usage")
    page = _parsed(headers, "x-page-usage")
    limits = []
    if app:
        limits.append(_limit(APP_CALLS, "project", [app], APP_WAIT))
    if page:
        limits.append(_limit(PAGE_CALLS, "account", [page], APP_WAIT))
    if entries := business_entries(headers):
        limits.append(_limit(BUSINESS_CALLS, "account", entries, None, usage_wait(headers)))
    return tuple(limits)


def business_entries(headers: Mapping[str, str]) -> list[JSON]:
    """Return all entries of ``X-Business-Use-Case-Usage``, whatever the id they are for."""
    usage = _parsed(headers, "x-business-use-case-usage")
    return [entry for business in usage for entry in children(usage, business)]


def usage_wait(headers: Mapping[str, str]) -> timedelta | None:
    """Return the longest wait that ``X-Business-Use-Case-Usage`` names; it counts in minutes."""
    longest = _largest(business_entries(headers), ("estimated_time_to_regain_access",))
    return min(timedelta(minutes=min(longest, 1e6)), LONGEST_WAIT) if longest > 0 else None


def _limit(
    name: str,
    scope: str,
    entries: Iterable[JSON],
    full_wait: timedelta | None,
    told_wait: timedelta | None = None,
) -> LiveLimit:
    used = int(_largest(entries, _SHARES))
    wait = told_wait or (full_wait if used >= FULL else None)
    return LiveLimit(name=name, scope=scope, allowed=FULL, used=used, wait=wait)


def _largest(entries: Iterable[JSON], keys: Iterable[str]) -> float:
    names = tuple(keys)
    found = (entry.get(name) for entry in entries for name in names)
    numbers = [item for item in found if isinstance(item, int | float) and math.isfinite(item)]
    return max(numbers, default=0)


def _parsed(headers: Mapping[str, str], name: str) -> dict[str, Any]:
    try:
        value = json.loads(headers.get(name, "{}"))
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
