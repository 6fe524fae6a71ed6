"""What a Facebook video says of itself: its phases, their errors, and what Graph codes mean.

Page (developers.facebook.com): documentation/video-api/guides/reels-publishing, updated
2026-07-30, read 2026-11-21. Documents and live answers spell ``complete``/``completed`` and
``bytes_transfered``/``bytes_transferred`` both ways.
"""

from __future__ import annotations

from core.errors import ErrorKind, RemoteError
from core.platforms.base import ErrorRow
from core.platforms.faults import Fault, child, children, classify, lost, refuse, words
from core.platforms.graph import META_ERRORS, read_graph
from utils.http import JSON, Response

_SHAPES = ("1363040", "1363127", "1363128", "1363129")

# Source: guides/reels-publishing, 2026-07-30; reference/page/videos, 2026-09-11;
# trypostit/trypost PR 361, 2026-09-18; yikart/AiToEarn issue 592, 2026-09-11. Where the 1363…
# numbers appear is not documented.
ERRORS = (
    *(ErrorRow(kind=ErrorKind.REJECTED, code=code) for code in _SHAPES),
    *(ErrorRow(kind=ErrorKind.REJECTED, code=f"6000/{code}") for code in _SHAPES),
    *(ErrorRow(kind=ErrorKind.REJECTED, code=f"100/{code}") for code in _SHAPES),
    # Bytes are missing or do not fit the declared size: upload once more.
    ErrorRow(kind=ErrorKind.SESSION_LOST, code="6000"),
    ErrorRow(kind=ErrorKind.SESSION_LOST, code="6001"),
    ErrorRow(kind=ErrorKind.UNKNOWN_OUTCOME, code="506"),
    # The file is too small, could not be fetched, or its link not be read.
    *(ErrorRow(kind=ErrorKind.REJECTED, code=code) for code in ("382", "389", "1609005")),
)

REASONS = {
    "1363040": "Facebook wants a shape between 16:9 and 9:16",
    "1363127": "Facebook wants at least 540 × 960 pixels",
    "1363128": "Facebook wants 3 to 90 seconds",
    "1363129": "Facebook wants 24 to 60 frames a second",
}
"""Source: guides/reels-publishing, 2026-07-30."""

COMPLETE = frozenset({"complete", "completed"})


def read_video_status(response: Response) -> JSON:
    return child(read_graph(response, ERRORS), "status")


def phase_status(status: JSON, name: str) -> str:
    return words(child(status, f"{name}_phase"), "status")


def check_phases(status: JSON) -> None:
    """Raise what any phase complains about."""
    state = words(status, "video_status")
    if state == "expired":
        raise lost("the upload expired at Facebook", code=state)
    for name in ("uploading", "processing", "publishing"):
        phase = child(status, f"{name}_phase")
        if words(phase, "status") == "error" or children(phase, "errors"):
            raise _phase_error(name, phase)
    if words(child(status, "publishing_phase"), "publish_status") == "error":
        raise refuse("Facebook could not publish the reel", code="publishing")
    if state == "upload_failed":
        raise lost("the upload failed at Facebook", code=state)
    if state == "error":
        raise refuse("Facebook could not process the video", code=state)


def _phase_error(name: str, phase: JSON) -> RemoteError:
    """Classify the first entry of ``errors: [{"code", "message"}]``."""
    error = next(iter(children(phase, "errors")), {})
    code = words(error, "code") or name
    message = REASONS.get(code) or words(error, "message") or f"Facebook failed while {name}"
    return classify((*ERRORS, *META_ERRORS), Fault(status=400, code=code, message=message))


def publish_status(status: JSON) -> str:
    return words(child(status, "publishing_phase"), "publish_status")
