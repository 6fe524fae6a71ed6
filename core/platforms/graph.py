"""What Instagram and Facebook share: Graph calls, the upload host, their errors and waits.

Pages (developers.facebook.com): docs/graph-api/guides/error-handling,
docs/graph-api/overview/rate-limiting, docs/graph-api/changelog/version26.0; read 2026-11-21.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

from core.errors import ErrorKind, RemoteError
from core.platforms.base import ErrorRow, Job, Session
from core.platforms.faults import (
    Fault,
    child,
    classify,
    header_wait,
    unreadable,
    whole,
    words,
)
from core.platforms.graph_usage import usage_wait
from utils.http import JSON, Request, Response, Span

VERSION = "v26.0"
"""Released 2026-07-29. Source: changelog, seen 2026-08-09."""
PROCESSING_FAILED = "ProcessingFailedError"
"""The upload host's complaint that may be wrong: the container or video itself is asked then."""
GONE = "100/33"
"""Missing or not allowed; also what fresh ids answered for days. Source: gitroomhq/postiz-app
issue 1562, 2026-05-26."""

_HOUR = 3600.0
_WAITS = ("4", "17", "32", "341", "613", "80001", "80002")
_NO_ACCESS = ("3", "10", "102", "190", *(str(code) for code in range(200, 300)))

# Source: error-handling, 2024 copy; rate-limiting, undated copy. Asking on while limited prolongs
# the block, so the wait is an hour where no header tells a shorter one.
META_ERRORS = (
    ErrorRow(kind=ErrorKind.SESSION_LOST, code="-2/2207020"),
    *(ErrorRow(kind=ErrorKind.TRANSIENT, code=code) for code in ("-2", "-1", "1", "2")),
    *(ErrorRow(kind=ErrorKind.RATE_LIMITED, code=code, wait_seconds=_HOUR) for code in _WAITS),
    *(ErrorRow(kind=ErrorKind.AUTH_REVOKED, code=code) for code in _NO_ACCESS),
    # A temporary block for policy or, on a page, for too many reels: stop for hours.
    ErrorRow(kind=ErrorKind.QUOTA_EXHAUSTED, code="368", wait_seconds=6 * _HOUR),
    ErrorRow(kind=ErrorKind.REJECTED, code="100"),
    ErrorRow(kind=ErrorKind.BUG, code="2635"),
    # The upload host.
    ErrorRow(kind=ErrorKind.TRANSIENT, code="OffsetInvalidError"),
    ErrorRow(kind=ErrorKind.TRANSIENT, code="PartialRequestError"),
    ErrorRow(kind=ErrorKind.TRANSIENT, code=PROCESSING_FAILED),
    ErrorRow(kind=ErrorKind.REJECTED, code="FileUrlProcessingError"),
    ErrorRow(kind=ErrorKind.BUG, code="ParameterValidationError"),
)


def build_get(base: str, path: str, job: Job, fields: str, **query: str) -> Request:
    """Build a reading Graph call; the token travels in a header, never in the address."""
    asked = urlencode({"fields": fields, **query}, safe=",")
    return Request(
        method="GET",
        url=f"{base}/{VERSION}/{path}?{asked}",
        headers=bearer(job.access.access_token),
    )


def build_post(base: str, path: str, job: Job, form: Mapping[str, str]) -> Request:
    """Build a writing Graph call."""
    return Request(
        method="POST",
        url=f"{base}/{VERSION}/{path}",
        headers=bearer(job.access.access_token),
        form=dict(form),
        timeout_seconds=60.0,
    )


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def build_upload(session: Session, job: Job, span: Span) -> Request:
    """Build the request to the upload host, which wants the word OAuth and its own headers."""
    return Request(
        method="POST",
        url=session.upload_url,
        headers={
            "Authorization": f"OAuth {job.access.access_token}",
            "offset": str(span.start),
            "file_size": str(job.size_bytes),
            "Content-Type": "application/octet-stream",
            "Content-Length": str(span.size),
        },
        span=span,
        timeout_seconds=180.0,
    )


def require_upload_url(job: Job, url: str) -> str:
    """Return the address the remote named when it lies on the upload host.

    The token goes there, so another host is refused.
    """
    expected, found = urlsplit(job.base("graph_upload")), urlsplit(url)
    if (found.scheme, found.hostname) != (expected.scheme, expected.hostname):
        raise RemoteError(
            kind=ErrorKind.BUG, message="the upload address is not on the upload host"
        )
    return url


def read_graph(response: Response, rows: tuple[ErrorRow, ...]) -> JSON:
    """Return the body of a Graph answer, or raise what its ``error`` means."""
    value = response.json()
    if "error" in value or response.status >= 300:
        raise read_error(response, rows)
    if not value:
        raise unreadable(response)
    return value


def read_error(response: Response, rows: tuple[ErrorRow, ...]) -> RemoteError:
    """Return the classified error of an answer in one of Meta's two shapes.

    Graph: ``{"error": {"message", "code", "error_subcode", "is_transient", "error_user_msg"}}``;
    upload host: ``{"debug_info": {"type", "message", "retriable"}}``.
    """
    value = response.json()
    return classify((*rows, *META_ERRORS), _read_fault(response, value))


def _read_fault(response: Response, value: JSON) -> Fault:
    wait = usage_wait(response.headers) or header_wait(response.headers)
    debug = child(value, "debug_info")
    if debug:
        return Fault(
            status=response.status,
            code=words(debug, "type"),
            message=words(debug, "message"),
            wait=wait,
            retriable=debug.get("retriable") is True,
        )
    error = child(value, "error")
    code, subcode = words(error, "code"), words(error, "error_subcode")
    return Fault(
        status=response.status,
        code=f"{code}/{subcode}" if subcode and subcode != "0" else code,
        family=code,
        message=words(error, "error_user_msg") or words(error, "message"),
        details=words(error, "message"),
        wait=wait,
        retriable=error.get("is_transient") is True,
    )


def uploaded(response: Response, rows: tuple[ErrorRow, ...]) -> bool:
    """Return whether the upload host took the bytes; False when only the object itself can tell.

    Raises:
        RemoteError: the upload host refused for another reason.
    """
    value = response.json()
    if response.status < 300 and value.get("success") is True:
        return True
    silent = response.status < 300 and not {"error", "debug_info"} & value.keys()
    if silent or words(child(value, "debug_info"), "type") == PROCESSING_FAILED:
        return False
    raise read_error(response, rows)


def transferred(phase: JSON) -> int | None:
    """Return the bytes that an uploading phase counts; both spellings are in use."""
    count = whole(phase, "bytes_transferred")
    return count if count is not None else whole(phase, "bytes_transfered")
