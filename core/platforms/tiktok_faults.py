"""What TikTok's error answers mean: its codes as rows, its reasons in words.

Pages (developers.tiktok.com/doc): content-posting-api-reference-direct-post and -photo-post,
2026-08-24; -upload-video, -get-video-status, -query-creator-info, tiktok-api-v2-error-handling,
2026-08-04.
"""

from __future__ import annotations

from core.errors import ErrorKind, RemoteError
from core.platforms.base import ErrorRow
from core.platforms.faults import Fault, child, classify, header_wait, unreadable, words
from utils.http import JSON, Response

DAY_SECONDS = 24 * 3600.0
_FATAL = (
    "spam_risk_user_banned_from_posting",
    "unaudited_client_can_only_post_to_private_accounts",
    "url_ownership_unverified",
    "privacy_level_option_mismatch",
    "invalid_param",
    "invalid_params",
    "invalid_file_upload",
    "token_not_authorized_for_specified_publish_id",
    "publish_not_cancellable",
    "app_version_check_failed",
)
_FAILED = (
    "file_format_check_failed",
    "duration_check_failed",
    "frame_rate_check_failed",
    "picture_size_check_failed",
    "publish_cancelled",
    "spam_risk_user_banned_from_posting",
    "spam_risk_text",
    "spam_risk",
)
# The task is over and published nothing: a new one meets the cause at its first call, where the
# account's own answer says how long to wait or that its owner is needed.
_OVER = (
    "internal",
    "video_pull_failed",
    "photo_pull_failed",
    "auth_removed",
    "spam_risk_too_many_posts",
)
_WAIT_A_DAY = (
    "spam_risk_too_many_posts",
    "spam_risk_too_many_pending_share",
    "reached_active_user_cap",
)
MISSING_SCOPE = frozenset({"scope_not_authorized", "scope_permission_missed"})

# Codes ``failed/…`` are the fail_reason of a publish task that ended.
ERRORS = (
    *(
        ErrorRow(kind=ErrorKind.QUOTA_EXHAUSTED, code=code, wait_seconds=DAY_SECONDS)
        for code in _WAIT_A_DAY
    ),
    ErrorRow(kind=ErrorKind.RATE_LIMITED, code="rate_limit_exceeded", wait_seconds=60.0),
    ErrorRow(kind=ErrorKind.AUTH_EXPIRED, code="access_token_invalid"),
    ErrorRow(kind=ErrorKind.AUTH_REVOKED, code="scope_not_authorized"),
    ErrorRow(kind=ErrorKind.AUTH_REVOKED, code="scope_permission_missed"),
    ErrorRow(kind=ErrorKind.TRANSIENT, code="internal_error"),
    ErrorRow(kind=ErrorKind.SESSION_LOST, code="invalid_publish_id"),
    *(ErrorRow(kind=ErrorKind.REJECTED, code=code) for code in _FATAL),
    *(ErrorRow(kind=ErrorKind.REJECTED, code=f"failed/{code}") for code in _FAILED),
    *(ErrorRow(kind=ErrorKind.SESSION_LOST, code=f"failed/{code}") for code in _OVER),
    # Answers to a chunk.
    ErrorRow(kind=ErrorKind.BUG, code="chunk", status=400),
    ErrorRow(kind=ErrorKind.SESSION_LOST, code="chunk", status=403),
    ErrorRow(kind=ErrorKind.SESSION_LOST, code="chunk", status=404),
    ErrorRow(kind=ErrorKind.TRANSIENT, code="chunk", status=416),
)

REASONS = {
    "file_format_check_failed": "TikTok does not take this file format",
    "duration_check_failed": "TikTok does not take a video of this length",
    "frame_rate_check_failed": "TikTok wants 23 to 60 frames a second",
    "picture_size_check_failed": "TikTok wants each side between 360 and 4096 pixels",
    "publish_cancelled": "the post was cancelled at TikTok",
    "spam_risk_user_banned_from_posting": "TikTok has banned this account from posting",
    "spam_risk_text": "TikTok took the caption for spam",
    "spam_risk": "TikTok took the post for spam",
    "spam_risk_too_many_posts": "this account has reached TikTok's posts of the day",
    "spam_risk_too_many_pending_share": "five drafts wait in the inbox of this account: "
    "its owner has to finish or discard one in the app",
    "reached_active_user_cap": "the app has reached TikTok's users of the day",
    "unaudited_client_can_only_post_to_private_accounts": "TikTok has not audited the app: "
    "until then the account must be private and the post too",
    "internal": "TikTok failed inside",
    "auth_removed": "the account withdrew its permission",
}
"""Codes and fail_reasons in words. Source: get-video-status and direct-post, 2026-08."""


def read_error(response: Response) -> RemoteError:
    """Return the classified error of an answer in the v2 envelope.

    Shape: ``{"data": {…}, "error": {"code", "message", "log_id"}}``.
    """
    error = child(response.json(), "error")
    code = words(error, "code")
    if not code and response.status < 300:
        return unreadable(response)
    return classify(
        ERRORS,
        Fault(
            status=response.status,
            code=code,
            message=REASONS.get(code) or words(error, "message") or code,
            wait=header_wait(response.headers),
        ),
    )


def read_data(response: Response) -> JSON:
    """Return ``data`` of an answer whose ``error.code`` is ok, else raise."""
    value = response.json()
    if response.status >= 300 or words(child(value, "error"), "code") != "ok":
        raise read_error(response)
    return child(value, "data")
