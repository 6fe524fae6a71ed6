"""Posts, uploads and attempts, their states and the transitions that are allowed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NewType

PostId = NewType("PostId", int)
UploadId = NewType("UploadId", int)
AccountId = NewType("AccountId", int)


class PostState(StrEnum):
    """Where a post stands."""

    DRAFT = "draft"
    ACCEPTED = "accepted"
    PREPARING = "preparing"
    PUBLISHING = "publishing"
    DONE = "done"
    PARTLY_FAILED = "partly_failed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class UploadState(StrEnum):
    """Where an upload stands."""

    WAITING = "waiting"
    UPLOADING = "uploading"
    COMMITTING = "committing"
    PROCESSING = "processing"
    LIVE = "live"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


class WaitReason(StrEnum):
    """What a waiting (or unknown) upload waits for."""

    MEDIA = "media"
    TURN = "turn"
    TIME = "time"
    QUOTA = "quota"
    COOLDOWN = "cooldown"
    RETRY = "retry"
    ACCOUNT = "account"
    PLATFORM = "platform"
    PERSON = "person"
    DISK = "disk"
    FIT = "fit"
    """A file that its platform takes is being made."""


class Privacy(StrEnum):
    """Who may see the published video."""

    PUBLIC = "public"
    UNLISTED = "unlisted"
    FOLLOWERS = "followers"
    FRIENDS = "friends"
    """Those who follow each other."""
    PRIVATE = "private"


POST_FINAL = frozenset(
    {PostState.DONE, PostState.PARTLY_FAILED, PostState.FAILED, PostState.CANCELLED}
)
UPLOAD_FINAL = frozenset({UploadState.LIVE, UploadState.FAILED, UploadState.CANCELLED})

UPLOAD_TRANSITIONS: dict[UploadState, frozenset[UploadState]] = {
    UploadState.WAITING: frozenset(
        {
            UploadState.WAITING,
            UploadState.UPLOADING,
            UploadState.COMMITTING,
            UploadState.PROCESSING,
            UploadState.LIVE,
            UploadState.UNKNOWN,
            UploadState.FAILED,
            UploadState.CANCELLED,
        }
    ),
    UploadState.UPLOADING: frozenset(
        {
            UploadState.UPLOADING,
            UploadState.WAITING,
            UploadState.COMMITTING,
            UploadState.PROCESSING,
            UploadState.LIVE,
            UploadState.FAILED,
            UploadState.CANCELLED,
        }
    ),
    UploadState.COMMITTING: frozenset(
        {
            UploadState.COMMITTING,
            UploadState.WAITING,
            UploadState.UPLOADING,
            UploadState.PROCESSING,
            UploadState.LIVE,
            UploadState.UNKNOWN,
            UploadState.FAILED,
        }
    ),
    UploadState.PROCESSING: frozenset(
        {
            UploadState.PROCESSING,
            UploadState.WAITING,
            UploadState.LIVE,
            UploadState.FAILED,
            UploadState.UNKNOWN,
        }
    ),
    UploadState.UNKNOWN: frozenset(
        {
            UploadState.UNKNOWN,
            UploadState.WAITING,
            UploadState.PROCESSING,
            UploadState.LIVE,
            UploadState.FAILED,
            UploadState.CANCELLED,
        }
    ),
    UploadState.LIVE: frozenset(),
    UploadState.FAILED: frozenset({UploadState.WAITING, UploadState.LIVE}),
    UploadState.CANCELLED: frozenset({UploadState.WAITING}),
}
"""Every allowed step; only a person leads out of failed and cancelled: by a retry, or by saying
that what nobody decided in time is live after all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaFacts:
    """What is known of a media file; None and empty mean not known (yet)."""

    size_bytes: int | None = None
    duration_seconds: float | None = None
    width: int | None = None
    height: int | None = None
    frame_rate: float | None = None
    video_codec: str = ""
    audio_codec: str = ""
    container: str = ""
    """Container names as ffprobe gives them, comma separated, e.g. ``mov,mp4,m4a``."""
    mime_type: str = ""
    bit_rate: int | None = None
    rotation: int = 0
    index_first: bool | None = None
    """Whether the index (moov) stands before the media data."""
    edit_list: bool | None = None
    """Whether an MP4 has an edit list that leaves something out."""
    has_audio: bool | None = None
    audio_rate: int | None = None
    """Samples a second."""
    audio_channels: int | None = None
    pixel_format: str = ""
    color_transfer: str = ""
    """As ffprobe names it; ``smpte2084`` and ``arib-std-b67`` are HDR."""
    variable_rate: bool | None = None
    """Whether frames come at uneven distances."""
    picture_bit_rate: int | None = None
    """Bits a second of the picture alone, where the container tells it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostText:
    """What is written under a video, before it is fitted to a platform."""

    title: str
    description: str
    tags: tuple[str, ...] = ()
    """Without the number sign."""
    by: str = "person"
    """``ai``, ``fallback`` or ``person``."""
    note: str = ""
    """Why the fallback was used, as a key of a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the caption of a video asks for.

    Source of the grammar: ``core/posts/caption.py``.
    """

    prompt: str = ""
    title: str = ""
    tags: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    """Platform names or account names as written; empty means all connected accounts."""
    privacy: Privacy | None = None
    publish_at: datetime | None = None
    channel: str = ""
    options: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One connected channel, page or profile on one platform, without its tokens."""

    id: AccountId
    platform: str
    name: str
    remote_id: str
    """Channel id, open id, Instagram user id, page id or chat id."""
    state: str = "ok"
    """``ok``, ``paused`` (by a person) or ``reconnect`` (its owner must sign in again)."""
    until_at: datetime | None = None
    """End of a cooldown."""
    defaults: dict[str, Any] = field(default_factory=dict)
    """Own defaults: ``privacy``, ``tags`` (list), and options such as ``category`` or ``ai``."""
    is_target: bool = True
    """Whether a video without a ``to:`` line goes here."""
    owner_id: int = 0
    """Who connected it; 0 when the settings did."""
    chat_id: int = 0
    """Where news of it are told; 0: to all admins."""
    scopes: tuple[str, ...] = ()
    """What was granted; empty when it is not known."""
    expires_at: datetime | None = None
    """End of the access token; None when it has none or it is not known."""
    sign_in_expires_at: datetime | None = None
    """When its owner has to sign in again at the latest; None when that is not known."""
    renewed_at: datetime | None = None
    trouble: str = ""
    """Why it is to be connected again, short and redacted."""
    origin: str = "settings"
    """``settings`` or ``person``."""
    project: str = ""
    """Digest of the id of the application that it was connected with; empty: not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What a person asked for: one video, a prompt, the text, the targets, a time, a priority."""

    id: PostId
    state: PostState
    chat_id: int
    """0 when it was not asked for in a chat."""
    user_id: int
    message_id: int
    source: dict[str, Any]
    """``{"kind": "telegram"|"file"|"http", ...}``, see ``core/sources/base.py``."""
    wish: Wish
    facts: MediaFacts
    text: PostText | None
    fingerprint: str
    """Of the source as known at intake, e.g. ``telegram:<file_unique_id>``."""
    sha256: str
    """Of the content, empty until all of it was read."""
    fetched_bytes: int
    """What is safely in the spool."""
    source_version: str
    """What identified the state of the source when its first byte was fetched."""
    priority: int
    generation: int
    """Part of the task key of the ingest."""
    album: str
    question: str
    """What a draft waits for; empty for none.

    ``caption``, ``duplicate``, or ``album``: the answer to the question at another item.
    """
    note: str
    """Why it waits or failed, as a key of a sentence."""
    until_at: datetime | None
    """Until when it waits at most; None while it moves."""
    created_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """One post to one account: the unit that is retried, cancelled and ends with a link."""

    id: UploadId
    post_id: PostId
    account_id: AccountId
    platform: str
    account_name: str
    state: UploadState
    reason: WaitReason | None
    until_at: datetime | None
    """Until when it waits at most; None while it moves."""
    fence: int
    """Rises with each start; whoever holds an older one falls silent."""
    generation: int
    """Part of the task key, rises with each resubmission."""
    copy: int
    """0, or the number of the wanted repetition of content that is already live."""
    session: dict[str, Any] = field(repr=False)
    """The saved ``core.platforms.base.Session``, empty before the first step."""
    size_bytes: int | None
    confirmed_bytes: int
    """The offset that the remote confirmed."""
    resumed_from: int
    """Confirmed offset at the latest start that continued, 0 for none."""
    attempts: int
    intent_at: datetime | None
    """When the irreversible step was about to be taken; cleared when the outcome is known."""
    remote_id: str
    url: str
    visibility: str
    error_kind: str
    error_text: str
    error_code: str
    bytes_sent: int
    """All bytes of the file that were sent, those sent again included."""
    stop_wanted: bool
    """A person wants it cancelled."""
    started_at: datetime | None
    finished_at: datetime | None
    group_id: int | None = None
    """The group of accounts that chose this one; an upload not begun may move inside of it."""
    choice: dict[str, Any] = field(default_factory=dict)
    """Why this account: ``{"key": sentence, "facts": {...}}``, empty when there was no choice."""
    not_before: datetime | None = None
    """Start of its turn where accounts of one post keep a gap."""
    project: str = ""
    """The account's application, see `Account.project`."""
    staged_at: datetime | None = None
    """When it was brought to its last step, in a staged go-live."""
    fit_id: int | None = None
    """The fitted file that it sends instead of the one that came."""
    fit: dict[str, Any] = field(default_factory=dict)
    """What does not fit and what was chosen; empty where nothing is to be fitted."""
    dropped_at: datetime | None = None
    """When a person put a failed upload aside for good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try of an upload."""

    id: int
    upload_id: UploadId
    number: int
    started_at: datetime
    finished_at: datetime | None
    outcome: str
    """``running``, ``live``, ``processing``, ``waiting``, ``failed``, ``unknown``, ``crashed``."""
    error_kind: str
    error_text: str
    bytes_sent: int
    start_offset: int
