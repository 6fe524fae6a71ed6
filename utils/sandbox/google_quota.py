"""What a Google project may spend on the YouTube API in one Pacific day."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from utils.sandbox.google_errors import QUOTA, VIDEO, ApiError
from utils.sandbox.server import Sandbox

PACIFIC = ZoneInfo("America/Los_Angeles")

UNITS = "units"
UPLOADS = "uploads"
STATISTICS = "statistics"

LIMITS = {UNITS: 10_000, UPLOADS: 100, STATISTICS: 10_000}
"""A day; each can be set by a switch named like `uploads_per_day`."""


class Quota:
    """Counts calls by project and bucket, and uploads by channel."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._spent = sandbox.collection("youtube.quota")

    def day(self) -> str:
        """Return today's date in California, where the count begins anew at midnight."""
        return datetime.fromtimestamp(self._sandbox.clock.now(), PACIFIC).date().isoformat()

    def spent(self, project: str, bucket: str) -> int:
        row = self._spent.get(f"{project}/{bucket}/{self.day()}")
        return 0 if row is None else int(row["spent"])

    def spend(self, project: str, bucket: str, cost: int) -> None:
        """Take `cost` from a bucket; a negative cost gives back.

        Raises:
            ApiError: when that much is not left.
        """
        spent = self.spent(project, bucket) + cost
        if cost > 0 and spent > self._limit(bucket):
            raise exhausted(bucket)
        self._spent.put(f"{project}/{bucket}/{self.day()}", {"spent": spent})

    def spend_channel(self, channel: str) -> None:
        """Count an upload against the channel's own cap, if one is switched on.

        Raises:
            ApiError: when the channel has reached it.
        """
        cap = self._sandbox.options.switch("youtube", "channel_uploads_per_day", 0)
        if cap and self.spent(channel, "channel") >= cap:
            raise upload_limit()
        key = f"{channel}/channel/{self.day()}"
        self._spent.put(key, {"spent": self.spent(channel, "channel") + 1})

    def _limit(self, bucket: str) -> int:
        name = f"{bucket}_per_day"
        return self._sandbox.options.switch("youtube", name, LIMITS[bucket])


def exhausted(bucket: str) -> ApiError:
    """Return how the end of a bucket looks; that of the uploads reads like a rate limit."""
    if bucket == UPLOADS:
        return ApiError(
            429,
            "rateLimitExceeded",
            "Quota exceeded for quota metric 'Video Uploads' and limit 'Video Uploads per day'"
            " of service 'youtube.googleapis.com'.",
            detail={
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": "RATE_LIMIT_EXCEEDED",
                "domain": "googleapis.com",
                "metadata": {"quota_limit": "defaultVideoInsertPerDayPerProject"},
            },
        )
    return ApiError(
        403,
        "quotaExceeded",
        "The request cannot be completed because you have exceeded your quota.",
        domain=QUOTA,
    )


def upload_limit() -> ApiError:
    return ApiError(
        400,
        "uploadLimitExceeded",
        "The user has exceeded the number of videos they may upload.",
        domain=VIDEO,
    )
