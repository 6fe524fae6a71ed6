"""What operations on live videos of Instagram and Facebook share.

Pages (developers.facebook.com): docs/graph-api/guides/error-handling, 2024 copy; Instagram
Platform, instagram-media and insights, 2026-09-11; read 2026-11-21.
"""

from __future__ import annotations

from urllib.parse import urlencode

from core.errors import RemoteError
from core.platforms import works
from core.platforms.base import ErrorRow, Job
from core.platforms.faults import child, children
from core.platforms.graph import GONE, VERSION, bearer, read_error
from utils.http import JSON, Request, Response

PERMISSIONS = frozenset({"3", "10", *(str(code) for code in range(200, 300))})
"""Codes for a capability or permission that is missing. Source: error-handling, 2024 copy."""


ABSENT_CODES = frozenset({GONE, "24/2207006"})
"""Codes for an object that is not there. Source: Instagram, reference/error-codes, 2026-06-02."""


def build_delete(base: str, path: str, job: Job) -> Request:
    """Build a removing Graph call."""
    return Request(
        method="DELETE",
        url=f"{base}/{VERSION}/{path}",
        headers=bearer(job.access.access_token),
        timeout_seconds=60.0,
    )


def build_metrics(base: str, edge: str, job: Job, metrics: str) -> Request:
    """Build a question for metrics of insights."""
    asked = urlencode({"metric": metrics}, safe=",")
    return Request(
        method="GET",
        url=f"{base}/{VERSION}/{edge}?{asked}",
        headers=bearer(job.access.access_token),
    )


def read_answer(title: str, response: Response, rows: tuple[ErrorRow, ...]) -> JSON:
    """Return the body of a success, which may be empty: not every call documents one.

    Raises:
        RemoteError: ``REJECTED`` with code ``gone`` or ``missing_scope``, or what else it means.
    """
    value = response.json()
    if "error" not in value and response.status < 300:
        return value
    raise explain(title, read_error(response, rows))


def explain(title: str, error: RemoteError) -> RemoteError:
    """Return an error as it is meant for an operation on one video."""
    if error.code in ABSENT_CODES:
        return works.gone(title, error.status)
    if error.code.partition("/")[0] in PERMISSIONS:
        return works.missing_scope(title, error.message)
    return error


def is_gone(error: RemoteError) -> bool:
    return error.code == works.GONE


def metric_values(value: JSON) -> dict[str, object]:
    """Return the newest value of each metric.

    Shape: ``{"data": [{"name", "period", "values": [{"value"}]}]}``; what has no data is left
    out, which does not mean zero.
    """
    found: dict[str, object] = {}
    for row in children(value, "data"):
        values = children(row, "values")
        name = row.get("name")
        if isinstance(name, str) and values:
            found[name] = values[-1].get("value")
    return found


def count(value: object) -> int | None:
    """Return a figure, or None when it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return max(0, int(value))


def summary_count(node: JSON, edge: str) -> int | None:
    """Return ``summary.total_count`` of an edge such as ``likes.summary(true)``."""
    return count(child(child(node, edge), "summary").get("total_count"))
