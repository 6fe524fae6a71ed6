"""Telegram: one video to a channel by the Bot API; what was sent cannot be asked for.

::

    BEGIN   getChat      the channel is there and the token is good, before any byte
    PARTS   sendVideo    one multipart request; its last byte publishes

    EDIT    editMessageCaption
    DELETE  deleteMessage         within 48 hours

A bot cannot read a message, and every call that shows whether it is there changes something, be
it the buttons that other bots put under it: so there is no look and there are no figures.

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
    NO_LIMIT,
    Capabilities,
    CommitBy,
    ErrorRow,
    Job,
    MediaLimits,
    Operation,
    PartRule,
    Platform,
    QuotaRule,
    Session,
    Step,
    TextLimits,
    TextUnit,
    Work,
)
from core.platforms.faults import (
    Fault,
    child,
    classify,
    header_wait,
    refuse,
    unknown,
    unreadable,
    wants,
    whole,
    words,
)
from core.platforms.works import GONE, finish, gone, missing_scope, new_words, subject
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
    media=MediaLimits(
        max_bytes=CLOUD_MAX,
        max_seconds=24 * 3600.0,
        containers=frozenset({"mp4"}),
        # MPEG-4 alone plays; the index first, or all must be there before it does.
        advice=MediaLimits(
            max_bytes=NO_LIMIT,
            video_codecs=frozenset({"h264", "hevc", "mpeg4"}),
            audio_codecs=frozenset({"aac", "mp3"}),
            index_first=True,
        ),
    ),
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
    # Source: api, 2026-08: rights are those of the bot in the channel, there are no scopes.
    operations={Operation.EDIT: (), Operation.DELETE: ()},
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
    # Nothing needs to be done when it says already what it shall say; see `_read_edit`.
    ErrorRow(kind=ErrorKind.REJECTED, contains="message is not modified", status=400),
    # Older than 48 hours, or somebody else's.
    ErrorRow(kind=ErrorKind.REJECTED, contains="message can't be", status=400),
    ErrorRow(kind=ErrorKind.REJECTED, status=413),
    ErrorRow(kind=ErrorKind.REJECTED, status=400),
    ErrorRow(kind=ErrorKind.TRANSIENT, code="500"),
)

TOO_BIG = (
    "the file is larger than this Bot API server takes: "
    "50 MB in the cloud, 2000 MB with an own local server"
)
FIGURES = ("width", "height")
TITLE = "Telegram"
NOT_FOUND = ("message to edit not found", "message to delete not found")
NOT_MODIFIED = "message is not modified"
LOCKED = "message can't be deleted"
TOO_OLD = "a bot can delete a message only for 48 hours: delete it in the channel"


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

    def build_operation(self, work: Work, job: Job) -> Request:
        fields = {"chat_id": job.access.remote_id, "message_id": subject(work)}
        if work.operation is Operation.DELETE:
            return Request(method="POST", url=_address(job, "deleteMessage"), form=fields)
        if work.operation is not Operation.EDIT:
            raise AssertionError(f"telegram cannot {work.operation}")
        form = fields | _caption(_new_text(work, job))
        return Request(method="POST", url=_address(job, "editMessageCaption"), form=form)

    def read_operation(self, work: Work, job: Job, response: Response) -> Work:
        if work.operation is Operation.DELETE:
            return _read_delete(work, response)
        return _read_edit(work, job, response)


def read_result(response: Response) -> JSON:
    """Return ``result`` of a successful answer, else raise.

    Shape: ``{"ok": true, "result": {…}}`` or ``{"ok": false, "error_code", "description",
    "parameters": {"retry_after", "migrate_to_chat_id"}}``; the web server in front answers HTML.
    """
    value = response.json()
    _require_ok(response, value)
    result = child(value, "result")
    if not result:
        raise unreadable(response)
    return result


def _require_ok(response: Response, value: JSON) -> None:
    if response.status >= 300 or value.get("ok") is False:
        raise _read_error(response, value)
    if value.get("ok") is not True:
        raise unreadable(response)


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


def _new_text(work: Work, job: Job) -> str:
    return new_words(work, TITLE, CAPABILITIES.text, job.text.description).description


def _read_edit(work: Work, job: Job, response: Response) -> Work:
    try:
        _require_ok(response, response.json())
    except RemoteError as error:
        if NOT_MODIFIED not in error.message.lower():
            raise _explain(error) from error
    return finish(work, {"description": _new_text(work, job)})


def _read_delete(work: Work, response: Response) -> Work:
    try:
        _require_ok(response, response.json())
    except RemoteError as error:
        told = _explain(error)
        if LOCKED in error.message.lower():
            told = refuse(TOO_OLD, code="locked")
        if told.code != GONE:
            raise told from error
    return finish(work, {"there": False})


def _explain(error: RemoteError) -> RemoteError:
    """Return an error as it is meant for an operation on one message."""
    if error.kind is ErrorKind.AUTH_REVOKED and "rights" in error.message.lower():
        return missing_scope(TITLE, error.message)
    if any(text in error.message.lower() for text in NOT_FOUND):
        return gone(TITLE, error.status)
    return error


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
    fields |= _caption(job.text.description)
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


def _caption(text: str) -> dict[str, str]:
    """Return the fields of a caption; without them there is none, and an edit takes it away."""
    if not text:
        return {}
    return {"caption": html.escape(text, quote=False), "parse_mode": "HTML"}


PLATFORM = Telegram()
