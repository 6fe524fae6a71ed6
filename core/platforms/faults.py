"""From a remote's error answer to a classified error; the only place that reads ``ErrorRow``s."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from core.errors import ErrorKind, RemoteError, classify_status
from core.platforms.base import ErrorRow, clean_message, find_row
from utils.http import JSON, Response, redact

UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What an error answer says, before it is classified."""

    status: int
    code: str = ""
    """The remote's most exact code, such as ``190/463``."""
    family: str = ""
    """The wider code that rows may name instead, such as ``190``."""
    message: str = ""
    details: str = ""
    """Further words that rows may match but nobody is shown."""
    wait: timedelta | None = None
    """The remote's own waiting time."""
    retriable: bool = False
    """Whether the remote itself says that another try makes sense."""


def classify(rows: tuple[ErrorRow, ...], fault: Fault) -> RemoteError:
    """Return the error that the platform's rows, then the generic ones, make of a fault."""
    text = f"{fault.message} {fault.details}"
    row = find_row(rows, code=fault.code, message=text, status=fault.status)
    if row is None and fault.family:
        row = find_row(rows, code=fault.family, message=text, status=fault.status)
    kind = row.kind if row is not None else classify_status(fault.status)
    if fault.retriable and kind in {ErrorKind.REJECTED, ErrorKind.BUG}:
        kind = ErrorKind.TRANSIENT
    wordless = row is None and not (fault.code or fault.message)
    if kind is ErrorKind.REJECTED and wordless:
        # Not the platform's own refusal: its words were cut off, or somebody in between answered.
        kind = ErrorKind.TRANSIENT
    if kind is ErrorKind.BUG and fault.status >= 500:
        # A server that fails does not always choose its words well.
        kind = ErrorKind.TRANSIENT
    wait = fault.wait
    if wait is None and row is not None and row.wait_seconds is not None:
        wait = timedelta(seconds=row.wait_seconds)
    return RemoteError(
        kind=kind,
        message=clean_message(redact(fault.message)) or f"HTTP status {fault.status}",
        code=fault.code or str(fault.status),
        retry_after=wait,
        status=fault.status,
    )


def refuse(message: str, *, code: str = "") -> RemoteError:
    """Return the error for what cannot be published as it is."""
    return RemoteError(kind=ErrorKind.REJECTED, message=clean_message(message), code=code)


def lost(message: str, *, code: str = "", status: int | None = None) -> RemoteError:
    """Return the error for a session that is gone and can surely not publish."""
    return RemoteError(
        kind=ErrorKind.SESSION_LOST, message=clean_message(message), code=code, status=status
    )


def unknown(message: str, *, code: str = "", status: int | None = None) -> RemoteError:
    """Return the error for an irreversible step whose outcome nobody told."""
    return RemoteError(
        kind=ErrorKind.UNKNOWN_OUTCOME, message=clean_message(message), code=code, status=status
    )


def transient(message: str, *, code: str = "", status: int | None = None) -> RemoteError:
    """Return the error for a failure that may be gone at the next try."""
    return RemoteError(
        kind=ErrorKind.TRANSIENT, message=clean_message(message), code=code, status=status
    )


def unreadable(response: Response) -> RemoteError:
    """Return the error for an answer that lacks what the protocol promises.

    It is transient: such answers come from proxies and gateways rather than from the remote.
    """
    return transient(
        f"the answer (HTTP {response.status}) could not be read",
        code=UNREADABLE,
        status=response.status,
    )


def as_unknown(error: RemoteError) -> RemoteError:
    """Return the error of an irreversible call: what was transient leaves the outcome unknown."""
    if error.kind is not ErrorKind.TRANSIENT:
        return error
    return unknown(error.message, code=error.code, status=error.status)


def as_unanswered(error: RemoteError) -> RemoteError:
    """Return the error of a question after the irreversible step: no answer undoes nothing."""
    if error.kind not in {ErrorKind.REJECTED, ErrorKind.BUG, ErrorKind.SESSION_LOST}:
        return error
    return transient(error.message, code=error.code, status=error.status)


def header_wait(headers: Mapping[str, str]) -> timedelta | None:
    """Return the waiting time of ``Retry-After``, in seconds or as a date.

    Source: RFC 9110, section 10.2.3.
    """
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return timedelta(seconds=int(value[:9]))
    until, now = http_date(value), http_date(headers.get("date", ""))
    if until is None or now is None or until <= now:
        return None
    return until - now


def http_date(value: str) -> datetime | None:
    """Return the aware time of an HTTP date, or None."""
    try:
        moment = parsedate_to_datetime(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return moment if moment.tzinfo is not None else None


def answered_at(response: Response) -> datetime | None:
    """Return the remote's own time of an answer; platforms have no clock of their own."""
    return http_date(response.headers.get("date", ""))


def child(value: Mapping[str, Any], key: str) -> JSON:
    """Return the object under a key, empty when there is none."""
    item = value.get(key)
    return item if isinstance(item, dict) else {}


def children(value: Mapping[str, Any], key: str) -> list[JSON]:
    """Return the objects in the list under a key."""
    items = value.get(key)
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def words(value: Mapping[str, Any], key: str) -> str:
    """Return a string or number under a key as text, empty when there is none."""
    item = value.get(key)
    if isinstance(item, bool) or not isinstance(item, str | int | float):
        return ""
    return str(item)


def whole(value: Mapping[str, Any], key: str) -> int | None:
    """Return a whole number under a key, also when it is written as a string."""
    text = words(value, key)
    return int(text) if text.isascii() and text.isdigit() else None


def wants(options: Mapping[str, str], key: str, *, default: bool = False) -> bool:
    """Return a yes-or-no option."""
    value = options.get(key, "").strip().lower()
    if not value:
        return default
    return value in {"1", "true", "yes", "on"}
