"""What YouTube's error answers mean: its codes as rows, its reasons in words.

Pages (developers.google.com/youtube/v3): docs/errors and the error tables of videos.insert,
videos.update, videos.delete, thumbnails.set and captions.insert; determine_quota_cost; read
2026-11-21.
"""

from __future__ import annotations

from core.errors import ErrorKind, RemoteError
from core.platforms.base import ErrorRow
from core.platforms.faults import Fault, child, children, classify, header_wait, words
from utils.http import Response

_REJECTED = (
    # videos.insert and videos.update
    "defaultLanguageNotSet",
    "invalidCategoryId",
    "invalidDefaultBroadcastPrivacySetting",
    "invalidDescription",
    "invalidFilename",
    "invalidPublishAt",
    "invalidRecordingDate",
    "invalidRecordingDetails",
    "invalidTags",
    "invalidTitle",
    "invalidVideoGameRating",
    "invalidVideoMetadata",
    "forbidden",
    "forbiddenEmbedSetting",
    "forbiddenLicenseSetting",
    "forbiddenPrivacySetting",
    "uploadTooLarge",
    # what is not there
    "videoNotFound",
    "notFound",
    "deleted",
    # thumbnails.set and captions.insert
    "invalidImage",
    "contentRequired",
    "invalidMetadata",
    "nameTooLong",
    "captionExists",
    "conflict",
    # the project
    "accessNotConfigured",
    "SERVICE_DISABLED",
)
_BUGS = (
    "mediaBodyRequired",
    "badRequest",
    "invalidParameter",
    "missingRequiredParameter",
    "unexpectedParameter",
    "unknownPart",
    "unexpectedPart",
    "invalidPart",
    "invalidPageToken",
    "incompatibleParameters",
    "videoChartNotFound",
    "parseError",
    "wrongUrlForUpload",
    "notUpload",
    "keyInvalid",
    "sslRequired",
    "conditionNotMet",
    "requestedRangeNotSatisfiable",
)
_REVOKED = (
    "youtubeSignupRequired",
    "insufficientPermissions",
    "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
    "authenticatedUserNotChannel",
    "authenticatedUserAccountClosed",
    "authenticatedUserAccountSuspended",
    "channelClosed",
    "channelNotFound",
    "channelSuspended",
)
_DAY = 24 * 3600.0

# Source: the pages above; googleapis/google-api-python-client issue 2753, 2026-05-27 (a 429 may
# mean the whole day).
ERRORS = (
    ErrorRow(kind=ErrorKind.QUOTA_EXHAUSTED, code="rateLimitExceeded", contains="per day"),
    ErrorRow(kind=ErrorKind.QUOTA_EXHAUSTED, code="rateLimitExceeded", contains="perday"),
    ErrorRow(kind=ErrorKind.QUOTA_EXHAUSTED, code="quotaExceeded"),
    ErrorRow(kind=ErrorKind.QUOTA_EXHAUSTED, code="dailyLimitExceeded"),
    # The channel's own cap: hours, up to a day.
    ErrorRow(kind=ErrorKind.QUOTA_EXHAUSTED, code="uploadLimitExceeded", wait_seconds=6 * 3600.0),
    # Too many thumbnails: usually the next day.
    ErrorRow(kind=ErrorKind.QUOTA_EXHAUSTED, code="uploadRateLimitExceeded", wait_seconds=_DAY),
    ErrorRow(kind=ErrorKind.RATE_LIMITED, code="rateLimitExceeded", wait_seconds=60.0),
    ErrorRow(kind=ErrorKind.RATE_LIMITED, code="userRateLimitExceeded", wait_seconds=60.0),
    ErrorRow(kind=ErrorKind.RATE_LIMITED, code="servingLimitExceeded", wait_seconds=60.0),
    ErrorRow(kind=ErrorKind.RATE_LIMITED, status=429, wait_seconds=60.0),
    *(ErrorRow(kind=ErrorKind.AUTH_REVOKED, code=code) for code in _REVOKED),
    ErrorRow(kind=ErrorKind.AUTH_EXPIRED, status=401),
    *(ErrorRow(kind=ErrorKind.REJECTED, code=code) for code in _REJECTED),
    *(ErrorRow(kind=ErrorKind.BUG, code=code) for code in _BUGS),
    ErrorRow(kind=ErrorKind.TRANSIENT, code="internalError"),
    ErrorRow(kind=ErrorKind.TRANSIENT, code="backendError"),
)

REASONS = {
    "conversion": "YouTube could not convert the video",
    "invalidFile": "YouTube could not read the file",
    "emptyFile": "the file is empty",
    "tooSmall": "the file is too small",
    "codec": "YouTube does not know the codec of the file",
    "uploadAborted": "the upload was aborted",
    "copyright": "rejected for a copyright claim",
    "inappropriate": "rejected as inappropriate",
    "duplicate": "this channel has the same video already",
    "termsOfUse": "rejected under YouTube's terms of use",
    "uploaderAccountSuspended": "the account is suspended",
    "length": "the video is too long for this channel",
    "claim": "rejected for a rights claim",
    "uploaderAccountClosed": "the account is closed",
    "trademark": "rejected for a trademark complaint",
    "legal": "rejected after a legal complaint",
}
"""``failureReason`` and ``rejectionReason`` in words. Source: API description, 20261104."""

MISSING_SCOPE = frozenset({"insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"})


def read_error(response: Response) -> RemoteError:
    """Return the classified error of an answer in Google's envelope.

    Shape: ``{"error": {"code", "message", "errors": [{"domain", "reason", "message"}],
    "details": [{"reason", "metadata"}]}}``; ``errors`` and ``details`` may be absent.
    """
    error = child(response.json(), "error")
    first = next(iter(children(error, "errors")), {})
    details = children(error, "details")
    reason = words(first, "reason")
    if not reason and details:
        reason = words(details[0], "reason")
    fault = Fault(
        status=response.status,
        code=reason,
        message=words(error, "message") or words(first, "message"),
        details=f"{words(first, 'message')} {details}" if details else words(first, "message"),
        wait=header_wait(response.headers),
    )
    return classify(ERRORS, fault)


def tell_state(status: dict[str, object]) -> tuple[str, str]:
    """Return ``uploadStatus`` and, where it means an end without a video, why in words and code.

    The second is empty while nothing is wrong.
    """
    state = words(status, "uploadStatus")
    if state not in {"failed", "rejected", "deleted"}:
        return state, ""
    return state, words(status, "failureReason") or words(status, "rejectionReason") or state


def tell_reason(state: str, reason: str) -> str:
    """Return why YouTube has no video of it, in words."""
    return REASONS.get(reason, f"YouTube: {state}, {reason}")
