"""Telegram: one video to a channel by the Bot API; what was sent cannot be asked for.

::

    BEGIN   getChat      the channel is there and the token is good, before any byte
    PARTS   sendVideo    one multipart request; its last byte publishes

Pages (core.telegram.org/bots): api 10.3 of 2026-08-24, faq; tdlib/telegram-bot-api 10.0,
2026-05-07; read 2026-11-21.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Final

from core.errors import ErrorKind, RemoteError
from core.platforms.base import (
    Capabilities,
    CommitBy,
    ErrorRow,
    Job,
    MediaLimits,
    PartRule,
    Platform,
    QuotaRule,
    Session,
    Step,
    TextLimits,
    TextUnit,
)
from core.platforms.faults import (
    Fault,
    child,
    classify,
    header_wait,
    unknown,
    unreadable,
    wants,
    whole,
    words,
)
from core.posts.models import Privacy
from utils.http import JSON, FilePart, Request, Response, Span

CLOUD_MAX: Final = 50_000_000
"""Largest upload to api.telegram.org (50 MB in its smaller reading). Source: api, 2026-08."""
LOCAL_MAX: Final = 2_000_000_000
"""Largest upload to an own server with ``--local``. Source: api, 2026-08."""

CAPABILITIES = Capabilities(
    name="telegram",
    title="Telegram",
    endpoint="telegram",
    scopes=(),
    # Source: api, 2026-08: 1024 characters after the markup is parsed, in UTF-16 units.
    text=TextLimits(title=None, description=1024, description_unit=TextUnit.UTF16),
    # Source: api, 2026-08: only MPEG-4 plays, a video lasts up to 24 h.
    media=MediaLimits(max_bytes=CLOUD_MAX, max_seconds=24 * 3600.0, containers=frozenset({"mp4"})),
    parts=PartRule(streamed=True, resumable=False),
    commit=CommitBy.LAST_BYTES,
    askable=False,
    privacy=(Privacy.PUBLIC,),
    quotas=(
        QuotaRule(
            name="messages",
            limit=20,
            window="rolling_minute",
            scope="account",
            source="bots/faq, 2026 (exact limits are not published)",
        ),
    ),
    # Source: bots/faq, 2026: about one message a second in one chat.
)

_NO_ACCESS = (
    "chat not found",
    "need administrator rights",
    "not enough rights",
    "chat_id is empty",
    "logged out",
)

# Source: tdlib/telegram-bot-api 10.0, 2026-05-07. The code is the error_code of the answer,
# ``html`` for an answer of the web server in front.
ERRORS = (
    ErrorRow(kind=ErrorKind.RATE_LIMITED, status=429, wait_seconds=60.0),
    ErrorRow(kind=ErrorKind.AUTH_REVOKED, status=401),
    ErrorRow(kind=ErrorKind.AUTH_REVOKED, status=403),
    ErrorRow(kind=ErrorKind.BUG, status=404),
    ErrorRow(kind=ErrorKind.BUG, status=421),
    *(ErrorRow(kind=ErrorKind.AUTH_REVOKED, contains=text, status=400) for text in _NO_ACCESS),
    ErrorRow(kind=ErrorKind.REJECTED, status=413),
    ErrorRow(kind=ErrorKind.REJECTED, status=400),
    ErrorRow(kind=ErrorKind.TRANSIENT, code="500"),
)

TOO_BIG = (
    "the file is larger than this Bot API server takes: "
    "50 MB in the cloud, 2000 MB with an own local server"
)
FIGURES = ("width", "height")


class Telegram(Platform):
    """The steps of Telegram."""

    capabilities = CAPABILITIES
    errors = ERRORS
    wants_thumbnail = True

    def media_limits(self, options: Mapping[str, str]) -> MediaLimits:
        if wants(options, "local"):
            return replace(CAPABILITIES.media, max_bytes=LOCAL_MAX)
        return CAPABILITIES.media

    def build_begin(self, session: Session, job: Job) -> Request:
        del session
        return Request(
            method="POST", url=_address(job, "getChat"), form={"chat_id": job.access.remote_id}
        )

    def read_begin(self, session: Session, job: Job, response: Response) -> Session:
        chat = read_result(response)
        return replace(
            session,
            step=Step.PARTS,
            size_bytes=job.size_bytes,
            offset=0,
            data={"username": words(chat, "username")},
        )

    def build_part(self, session: Session, job: Job, span: Span) -> Request:
        del session
        attachments: tuple[tuple[FilePart, bytes], ...] = ()
        if job.thumbnail:
            part = FilePart(name="thumbnail", filename="thumbnail.jpg", content_type="image/jpeg")
            attachments = ((part, job.thumbnail),)
        return Request(
            method="POST",
            url=_address(job, "sendVideo"),
            form=_fields(job),
            span=span,
            file=FilePart(
                name="video",
                filename=job.filename or "video.mp4",
                content_type=job.content_type or "video/mp4",
            ),
            attachments=attachments,
            # The server answers after it has passed the file on.
            timeout_seconds=600.0,
        )

    def read_part(self, session: Session, job: Job, span: Span, response: Response) -> Session:
        del span
        message = _read_sent(response)
        message_id = words(message, "message_id")
        if not message_id or message_id == "0":
            raise unknown("Telegram answered without naming the message", status=response.status)
        username = words(child(message, "chat"), "username") or session.data.get("username", "")
        return replace(
            session,
            step=Step.DONE,
            offset=job.size_bytes,
            remote_id=message_id,
            media_id=message_id,
            url=message_url(job.access.remote_id, str(username), message_id),
            visibility="public" if username else "members",
        )

    def read_recover(self, session: Session, job: Job, response: Response) -> Session:
        del job
        if session.step is Step.DONE:
            return session
        raise unknown("Telegram cannot be asked what was sent", status=response.status)

    def build_status(self, session: Session, job: Job) -> Request:
        return self.build_begin(session, job)

    def read_status(self, session: Session, job: Job, response: Response) -> Session:
        return self.read_recover(session, job, response)


def read_result(response: Response) -> JSON:
    """Return ``result`` of a successful answer, else raise.

    Shape: ``{"ok": true, "result": {…}}`` or ``{"ok": false, "error_code", "description",
    "parameters": {"retry_after", "migrate_to_chat_id"}}``; the web server in front answers HTML.
    """
    value = response.json()
    if response.status >= 300 or value.get("ok") is False:
        raise _read_error(response, value)
    result = child(value, "result")
    if value.get("ok") is not True or not result:
        raise unreadable(response)
    return result


def message_url(chat_id: str, username: str, message_id: str) -> str:
    """Return the link to a message of a channel, public or private."""
    if username:
        return f"https://t.me/{username}/{message_id}"
    if chat_id.startswith("@"):
        return f"https://t.me/{chat_id[1:]}/{message_id}"
    return f"https://t.me/c/{chat_id.removeprefix('-100')}/{message_id}"


def _read_sent(response: Response) -> JSON:
    """Read the answer to the video itself, where only Telegram's own word is an outcome."""
    try:
        return read_result(response)
    except RemoteError as error:
        own_word = response.json().get("ok") is False
        if error.kind is ErrorKind.TRANSIENT and not own_word:
            # A gateway gave up waiting; the server behind it may have sent the message.
            raise unknown(error.message, code=error.code, status=error.status) from error
        raise


def _read_error(response: Response, value: JSON) -> RemoteError:
    parameters = child(value, "parameters")
    seconds, moved = whole(parameters, "retry_after"), words(parameters, "migrate_to_chat_id")
    message = words(value, "description")
    if response.status == 413:
        message = TOO_BIG
    elif moved:
        message = f"the group became a supergroup with the id {moved}: connect it anew"
    return classify(
        ERRORS,
        Fault(
            status=response.status,
            code=words(value, "error_code") or "html",
            message=message,
            wait=timedelta(seconds=seconds) if seconds else header_wait(response.headers),
        ),
    )


def _address(job: Job, method: str) -> str:
    return f"{job.base('telegram')}/bot{job.access.access_token}/{method}"


def _fields(job: Job) -> dict[str, str]:
    fields = {"chat_id": job.access.remote_id, "supports_streaming": "true"}
    if job.text.description:
        fields["caption"] = html.escape(job.text.description, quote=False)
        fields["parse_mode"] = "HTML"
    sides = (job.facts.width, job.facts.height)
    if job.facts.rotation % 180 == 90:
        sides = sides[::-1]
    for name, side in zip(FIGURES, sides, strict=True):
        if side:
            fields[name] = str(side)
    if job.facts.duration_seconds:
        fields["duration"] = str(round(job.facts.duration_seconds))
    if wants(job.options, "silent"):
        fields["disable_notification"] = "true"
    return fields


PLATFORM = Telegram()
