"""What every sign-in promises: its addresses and calls as pairs without I/O.

A person is sent to the platform (``build_authorise``) and comes back with a code; the code is
exchanged (``build_exchange`` / ``read_exchange``); then `Grant.stage` names what is asked next
(``build_next`` / ``read_next``) until nothing is. What is left is one `Candidate` or several.

Parameters, separators, verifiers and shapes of answers differ by platform; each file of a login
carries the pages they come from.
"""

from __future__ import annotations

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar

from core.errors import ErrorKind
from core.platforms.base import ErrorRow
from core.platforms.faults import Fault, child, classify, header_wait, unreadable, whole, words
from core.posts.records import dump
from utils.http import JSON, Request, Response

# Source: developers.google.com/identity/protocols/oauth2/web-server, 2026-09-14;
# developers.tiktok.com/doc/oauth-error-handling, 2026; developers.facebook.com Instagram Platform
# business-login, 2026-03-13, and guides/error-handling. `BUG` is what only the owner of the
# application can mend; everything else that is not temporary refuses this one code.
ERRORS = (
    ErrorRow(kind=ErrorKind.RATE_LIMITED, status=429, wait_seconds=60.0),
    ErrorRow(kind=ErrorKind.TRANSIENT, code="server_error"),
    ErrorRow(kind=ErrorKind.TRANSIENT, code="temporarily_unavailable"),
    ErrorRow(kind=ErrorKind.BUG, code="invalid_client"),
    ErrorRow(kind=ErrorKind.BUG, code="unauthorized_client"),
    ErrorRow(kind=ErrorKind.BUG, code="deleted_client"),
    ErrorRow(kind=ErrorKind.BUG, code="org_internal"),
    ErrorRow(kind=ErrorKind.BUG, code="redirect_uri_mismatch"),
    # Meta: 101 for a wrong application, 1 for a wrong secret (seen, not documented).
    ErrorRow(kind=ErrorKind.BUG, code="101"),
    ErrorRow(kind=ErrorKind.BUG, contains="client secret"),
    ErrorRow(kind=ErrorKind.BUG, contains="invalid platform app"),
    ErrorRow(kind=ErrorKind.TRANSIENT, code="1"),
    ErrorRow(kind=ErrorKind.TRANSIENT, code="2"),
    *(ErrorRow(kind=ErrorKind.RATE_LIMITED, code=code) for code in ("4", "17", "32", "613")),
    # TikTok has answered errors with HTTP 200.
    ErrorRow(kind=ErrorKind.REJECTED, status=200),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What one sign-in is about, the same for every step."""

    client_id: str
    client_secret: str = field(repr=False)
    kind: str
    """``web`` or ``desktop``, as the application is registered."""
    redirect_uri: str
    verifier: str = field(repr=False)
    """43 to 128 unreserved characters."""
    endpoints: Mapping[str, str]
    """Base addresses by settings key."""

    def base(self, key: str) -> str:
        return self.endpoints[key].rstrip("/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One channel, page or profile that this sign-in may connect."""

    remote_id: str
    name: str
    access_token: str = field(default="", repr=False)
    """Its own token; empty where that of the grant is used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What a sign-in has brought so far; serialisable, kept sealed."""

    access_token: str = field(repr=False)
    stage: str = ""
    """What is asked next; empty when nothing is."""
    refresh_token: str = field(default="", repr=False)
    expires_at: datetime | None = None
    refresh_expires_at: datetime | None = None
    scopes: tuple[str, ...] | None = None
    """What was granted; None while it is not known."""
    user_id: str = ""
    cursor: str = ""
    """Where the list of candidates goes on."""
    candidates: tuple[Candidate, ...] = ()

    def dump(self) -> str:
        return dump(asdict(self))

    @classmethod
    def load(cls, text: str) -> Grant:
        value: dict[str, Any] = json.loads(text)
        for name in ("expires_at", "refresh_expires_at"):
            value[name] = datetime.fromisoformat(value[name]) if value[name] else None
        if value["scopes"] is not None:
            value["scopes"] = tuple(value["scopes"])
        value["candidates"] = tuple(Candidate(**item) for item in value["candidates"])
        return cls(**value)


class SignIn(ABC):
    """One login of one platform. All methods are pure: no clock, no network, no state."""

    login: ClassVar[str]
    platform: ClassVar[str]
    app: ClassVar[str]
    """Key of its application in the settings' group ``oauth``."""
    asks: ClassVar[tuple[str, ...]]
    """Scopes that are asked for."""
    needs: ClassVar[tuple[tuple[str, ...], ...]]
    """Of each of these one must be granted, else nothing can be published."""
    options: ClassVar[Mapping[str, str]] = {}
    """Options that all accounts have which it connects."""

    def loopback(self, kind: str) -> str:
        """Return where a browser on this computer comes back, with a place for the port.

        Empty where the platform allows no such address.
        """
        del kind
        return "http://127.0.0.1:{port}"

    @abstractmethod
    def build_authorise(self, visit: Visit, state: str) -> str:
        """Return the address of the platform's own page."""

    @abstractmethod
    def build_exchange(self, visit: Visit, code: str) -> Request:
        """Build the exchange of the code, which was decoded once."""

    @abstractmethod
    def read_exchange(self, visit: Visit, response: Response, now: datetime) -> Grant:
        """Read it; ``now`` is when the answer came.

        Raises:
            RemoteError: ``TRANSIENT`` or ``RATE_LIMITED`` when another try makes sense, ``BUG``
                when the application itself is refused, else what the platform said of the code.
        """

    @abstractmethod
    def build_next(self, visit: Visit, grant: Grant) -> Request:
        """Build what `Grant.stage` asks for."""

    @abstractmethod
    def read_next(self, visit: Visit, grant: Grant, response: Response, now: datetime) -> Grant:
        """Read it: the next stage, or none."""

    def account_options(self, grant: Grant) -> dict[str, str]:
        """Return the options of an account that comes from this grant."""
        del grant
        return dict(self.options)

    def missing(self, scopes: Iterable[str]) -> tuple[str, ...]:
        """Return what was not granted and has to be."""
        granted = set(scopes)
        return tuple(choice[0] for choice in self.needs if not granted & set(choice))


def hex_challenge(verifier: str) -> str:
    """Return TikTok's challenge: lowercase hexadecimal, where RFC 7636 says base64url.

    Source: developers.tiktok.com/doc/login-kit-desktop, 2026.
    """
    return hashlib.sha256(verifier.encode()).hexdigest()


def read_flat(response: Response) -> JSON:
    """Return the body of a token answer, or raise what ``{error, error_description}`` means."""
    value = response.json()
    code = words(value, "error")
    if not code and response.status < 300 and words(value, "access_token"):
        return value
    if response.status < 300 and not code:
        raise unreadable(response)
    raise classify(
        ERRORS,
        Fault(
            status=response.status,
            code=code,
            message=words(value, "error_description") or code,
            wait=header_wait(response.headers),
        ),
    )


def read_meta(response: Response) -> JSON:
    """Return the body of Meta's token answers, or raise what one of its two error forms means."""
    value = response.json()
    error = child(value, "error")
    code = words(error, "code") or words(value, "error_type")
    if response.status < 300 and not code and value:
        return value
    if response.status < 300 and not code:
        raise unreadable(response)
    raise classify(
        ERRORS,
        Fault(
            status=response.status,
            code=code,
            message=words(error, "message") or words(value, "error_message"),
            wait=header_wait(response.headers),
        ),
    )


def after(value: Mapping[str, Any], key: str, now: datetime) -> datetime | None:
    """Return the moment that so many seconds lie ahead; None where it is not told."""
    seconds = whole(value, key)
    return now + timedelta(seconds=seconds) if seconds else None


def split_scopes(value: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """Read scopes however they are separated; also from a list, as Meta sends them at times."""
    given = value.get(key)
    if isinstance(given, list):
        return tuple(str(item) for item in given)
    return tuple(words(value, key).replace(",", " ").split())
