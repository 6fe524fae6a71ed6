"""Why uploads failed: what tells two causes apart, and what helps against each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from core.errors import ErrorKind
from core.posts.models import Upload

NOBODY_DECIDED = "nobody_decided"
"""Code of an upload whose outcome is not known and that nobody has decided in time."""
DUPLICATE = "duplicate"
"""Code of an upload whose content is on the account already."""
SOURCE = "source"
"""Kind of the failure of a video that could not be fetched."""
FIT = "fit."
"""How the codes begin that say how a file does not fit."""
LONGEST_TEXT = 120
ACCOUNTS_FAULT = frozenset(
    {
        ErrorKind.AUTH_EXPIRED,
        ErrorKind.AUTH_REVOKED,
        ErrorKind.QUOTA_EXHAUSTED,
        ErrorKind.RATE_LIMITED,
    }
)
"""Kinds that have to do with one account; others concern a platform."""
SIGN_IN = frozenset({ErrorKind.AUTH_EXPIRED, ErrorKind.AUTH_REVOKED})
"""Kinds that are cured by signing in again."""

_ADDRESS = re.compile(r"\b[a-z][a-z0-9+.-]*://\S+")
_QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”|«[^»]*»|(?<!\w)'[^']*'(?!\w)|`[^`]*`")
_MARKED = re.compile(r"\b(?=\w*\d)[\w-]{2,}|\d+")
"""Whatever has a digit in it: numbers, ids, times, names of files."""
_SPACES = re.compile(r"\s+")


class Cure(StrEnum):
    """What helps; each has a sentence ``cure_<value>``."""

    CONNECT = "connect"
    CONNECTED = "connected"
    """The account was connected again since then: try again."""
    WAIT = "wait"
    FIX_FILE = "fix_file"
    CHANGE = "change"
    """Change what the platform refused."""
    SEND_AGAIN = "send_again"
    """The video itself cannot be had any more."""
    THERE = "there"
    """It is there already; only a person publishes it once more."""
    DECIDE = "decide"
    """A person looks whether it is live."""
    RETRY = "retry"
    REPORT = "report"
    """A fault inside: the log tells more."""


CURES = {
    ErrorKind.TRANSIENT: Cure.RETRY,
    ErrorKind.RATE_LIMITED: Cure.WAIT,
    ErrorKind.QUOTA_EXHAUSTED: Cure.WAIT,
    ErrorKind.AUTH_EXPIRED: Cure.CONNECT,
    ErrorKind.AUTH_REVOKED: Cure.CONNECT,
    ErrorKind.REJECTED: Cure.CHANGE,
    ErrorKind.SESSION_LOST: Cure.RETRY,
    ErrorKind.UNKNOWN_OUTCOME: Cure.RETRY,
    ErrorKind.BUG: Cure.REPORT,
}
KEPT = frozenset({Cure.THERE, Cure.DECIDE})
"""What is never tried again together with others: each is a person's own decision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """What failed uploads have in common."""

    platform: str
    """Empty where the video itself could not be had, whatever the platform."""
    account_id: int
    """0 unless it is this account's own trouble."""
    kind: str
    """An `ErrorKind`, or ``source``."""
    code: str
    text: str
    """What was said, without numbers, names and addresses."""


def cause_of(upload: Upload) -> Cause:
    """Return why an upload failed, as far as others fail of the same."""
    if upload.error_kind == SOURCE:
        return Cause(platform="", account_id=0, kind=SOURCE, code=upload.error_code, text="")
    is_told = upload.error_code in {DUPLICATE, NOBODY_DECIDED} or upload.error_code.startswith(FIT)
    return Cause(
        platform=upload.platform,
        account_id=int(upload.account_id) if upload.error_kind in ACCOUNTS_FAULT else 0,
        kind=upload.error_kind,
        code=upload.error_code,
        text="" if is_told else normal_text(upload.error_text),
    )


def normal_text(text: str) -> str:
    """Return what two messages of the same cause share."""
    bare = _ADDRESS.sub("…", text.casefold())
    bare = _MARKED.sub("#", _QUOTED.sub("…", bare))
    return _SPACES.sub(" ", bare).strip(" .")[:LONGEST_TEXT]


def cure_of(kind: str, code: str) -> Cure:
    """Return what helps against a cause."""
    if code == NOBODY_DECIDED:
        return Cure.DECIDE
    if code == DUPLICATE:
        return Cure.THERE
    if code.startswith(FIT):
        return Cure.FIX_FILE
    if kind == SOURCE:
        return Cure.SEND_AGAIN
    return CURES[ErrorKind(kind)] if kind in set(ErrorKind) else Cure.REPORT
