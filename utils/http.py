"""HTTP as values: what a platform asks for and what came back, with secrets kept out of sight."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit, urlunsplit

JSON = dict[str, Any]

SECRET_HEADERS = frozenset({"authorization", "cookie", "x-telegram-bot-api-secret-token"})
_TOKEN_PATTERN = re.compile(
    r"((?<!\d)\d{6,}:[A-Za-z0-9_-]{20,})"  # Telegram bot token
    r"|(\b(?:act|rft)\.[A-Za-z0-9._!%-]{6,})"  # TikTok
    r"|(\bya29\.[A-Za-z0-9._-]{6,})|(\b1//[A-Za-z0-9_-]{10,})"  # Google
    r"|(\b(?:EAA|IGA|IGQ)[A-Za-z0-9]{10,})|(\bgsk_[A-Za-z0-9]{10,})"  # Meta, Groq
    r"|(\bGOCSPX-[A-Za-z0-9_-]{4,})|(\b4/0[A-Za-z0-9_-]{16,})"  # Google's secrets and codes
    r"|((?<=[Bb]earer )\S{12,})|((?<=OAuth )\S{12,})"
    r"|((?<=://)[^\s/@:]*:[^\s/@]+(?=@))"  # a name and a password in an address
)
_NAMED_PATTERN = re.compile(
    r"(?i)\b((?:(?:access|refresh|upload|id|input|secret)_token|fb_exchange_token|client_secret"
    r"|code_verifier|webhook_secret|api_key)[\"']?\s*[=:]\s*[\"']?)[^&\s\"',;)}\]]+"
    r"|\b(upload_id[\"']?\s*[=:]\s*[\"']?)[^&\s\"',;)}\]]{8,}"
    r"|\b((?:code|state)[\"']?\s*[=:]\s*[\"']?)[^&\s\"',;)}\]]{16,}"
    # What signs an address that somebody was given.
    r"|\b((?:sig|signature|credential|security-token|token|password)=)[^&\s\"',;)}\]]{6,}"
)
"""Values that stand after their name, in an address, as JSON or as Python writes it."""


def redact(text: str) -> str:
    """Return the text with everything that looks like a credential replaced by ``***``."""
    named = _NAMED_PATTERN.sub(lambda found: f"{found[found.lastindex or 0]}***", text)
    return _TOKEN_PATTERN.sub("***", named)


def redact_url(url: str) -> str:
    """Return scheme, host and path of an address; query values may be credentials."""
    parts = urlsplit(url)
    return redact(urlunsplit((parts.scheme, parts.netloc, parts.path, "", "")))


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePart:
    """Where a file's bytes stand in a multipart form."""

    name: str
    filename: str
    content_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Bytes of the media file to be sent as (part of) a body, half-open: ``[start, end)``."""

    start: int
    end: int

    @property
    def size(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One HTTP request, built without I/O.

    At most one of ``json``, ``content``, ``form`` and ``span`` carries the body. With ``form`` and
    ``file`` together the body is multipart: the form's fields, the extra ``attachments`` (small
    files held in memory), then the ``span`` of the media file as ``file``.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    json: JSON | None = None
    content: bytes | None = field(default=None, repr=False)
    """A small body as it is, such as a picture; its type stands in the headers."""
    form: Mapping[str, str] | None = None
    span: Span | None = None
    file: FilePart | None = None
    attachments: tuple[tuple[FilePart, bytes], ...] = ()
    timeout_seconds: float = 30.0
    """Limit for the whole request, or for the wait after the last byte when ``span`` is set."""

    def __repr__(self) -> str:
        return f"<Request {self.method} {redact_url(self.url)}>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One HTTP answer, read to its end."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    """Header names in lower case."""
    body: bytes = b""

    def json(self) -> JSON:
        """Return the body as a JSON object, or an empty one when it is none."""
        try:
            value = json.loads(self.body)
        except ValueError:
            return {}
        return value if isinstance(value, dict) else {}

    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    def __repr__(self) -> str:
        return f"<Response {self.status} {len(self.body)} bytes>"


class NotSentError(Exception):
    """Nothing of the request reached the remote."""


class LostAnswerError(Exception):
    """The request went out, at least in part, and no whole answer came back."""


def content_range(span: Span, total: int) -> str:
    """Return the header value of a half-open span; the only place that makes inclusive ranges."""
    return f"bytes {span.start}-{span.end - 1}/{total}"
