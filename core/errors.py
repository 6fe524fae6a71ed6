"""The error tree, the kinds of failure, and what follows from each kind.

::

    KarvonError                something a person or the engine can act on
    ├── SettingsError          a setting is unknown or bad; names the place and the remedy
    ├── RefusedError           what a person asked for cannot be done; ``key`` names the sentence
    ├── TransitionError        a compare-and-set found another state
    ├── LostFenceError         somebody newer owns this upload: fall silent
    ├── SourceError            a source cannot be read (kind, remedy)
    └── RemoteError            a remote refused or failed, already classified
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any

TOKEN_SERVER = "token_server"  # noqa: S105 - a code, no secret
"""Code of the error that says: the sign-in cannot be renewed now; no fault of the upload."""


class ErrorKind(StrEnum):
    """What a failure means for the upload; everything after ``classify`` reads only this."""

    TRANSIENT = "transient"
    RATE_LIMITED = "rate_limited"
    QUOTA_EXHAUSTED = "quota_exhausted"
    AUTH_EXPIRED = "auth_expired"
    AUTH_REVOKED = "auth_revoked"
    REJECTED = "rejected"
    SESSION_LOST = "session_lost"
    UNKNOWN_OUTCOME = "unknown_outcome"
    BUG = "bug"


class UploadEffect(StrEnum):
    """What happens to the upload."""

    BACKOFF = "backoff"
    WAIT = "wait"
    REFRESH = "refresh"
    HOLD = "hold"
    FAIL = "fail"
    RESTART = "restart"
    ASK = "ask"


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequence:
    """What follows from a kind."""

    effect: UploadEffect
    counts: bool
    """Whether the attempt is counted against the limit of attempts."""
    reconnect: bool = False
    """Whether the account needs its owner."""


CONSEQUENCES: dict[ErrorKind, Consequence] = {
    ErrorKind.TRANSIENT: Consequence(effect=UploadEffect.BACKOFF, counts=True),
    ErrorKind.RATE_LIMITED: Consequence(effect=UploadEffect.WAIT, counts=False),
    ErrorKind.QUOTA_EXHAUSTED: Consequence(effect=UploadEffect.WAIT, counts=False),
    ErrorKind.AUTH_EXPIRED: Consequence(effect=UploadEffect.REFRESH, counts=False),
    ErrorKind.AUTH_REVOKED: Consequence(effect=UploadEffect.HOLD, counts=False, reconnect=True),
    ErrorKind.REJECTED: Consequence(effect=UploadEffect.FAIL, counts=True),
    ErrorKind.SESSION_LOST: Consequence(effect=UploadEffect.RESTART, counts=True),
    ErrorKind.UNKNOWN_OUTCOME: Consequence(effect=UploadEffect.ASK, counts=False),
    ErrorKind.BUG: Consequence(effect=UploadEffect.FAIL, counts=True),
}


class KarvonError(Exception):
    """Base of everything that can be explained to a person."""


class SettingsError(KarvonError):
    """A setting is unknown or bad; the message names the place and the remedy."""


class RefusedError(KarvonError):
    """What a person asked for cannot be done.

    ``key`` names the sentence in ``bot/chat/texts`` and ``facts`` fill it.
    """

    def __init__(self, key: str, /, **facts: Any) -> None:
        super().__init__(f"{key}: {facts}" if facts else key)
        self.key = key
        self.facts = facts


class TransitionError(KarvonError):
    """A compare-and-set found another state than expected."""


class LostFenceError(KarvonError):
    """Another attempt owns the upload now; the holder of an old fence stops silently."""


@dataclass(slots=True, kw_only=True)
class SourceError(KarvonError):
    """A source could not be read.

    ``retry`` tells whether asking again makes sense; ``key`` and ``facts`` make the sentence.
    """

    key: str
    retry: bool
    facts: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.key}: {self.facts}" if self.facts else self.key


@dataclass(slots=True, kw_only=True)
class RemoteError(KarvonError):
    """A remote refused or failed; ``kind`` comes from the platform's table or the generic one."""

    kind: ErrorKind
    message: str
    """What the remote said, redacted and short enough for the chat."""
    code: str = ""
    """The remote's own code, such as ``quotaExceeded`` or ``9007/2207027``."""
    retry_after: timedelta | None = None
    """The remote's own waiting time."""
    status: int | None = None

    def __str__(self) -> str:
        return f"{self.kind}: {self.code} {self.message}".strip()


def classify_status(status: int) -> ErrorKind:
    """Return the kind for an HTTP status no platform row explains.

    Source: RFC 9110, section 15.
    """
    if status == 401:
        return ErrorKind.AUTH_EXPIRED
    if status == 429:
        return ErrorKind.RATE_LIMITED
    if status in {408, 425} or status >= 500:
        return ErrorKind.TRANSIENT
    if 400 <= status < 500:
        return ErrorKind.REJECTED
    return ErrorKind.BUG
