"""What every platform promises: capabilities as data, steps as pairs without I/O.

The engine walks ``BEGIN → PARTS → READY → COMMIT → STATUS → DONE`` and does all I/O, pacing,
retries and checkpoints. A platform only builds the request of a step and reads its answer: it
returns the next `Session` or raises a classified `core.errors.RemoteError`.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar, Self

from core.errors import ErrorKind
from core.posts.models import MediaFacts, Privacy
from utils.http import Request, Response, Span

MIB = 1024 * 1024
PART_BYTES = "part_bytes"
"""Key in the options of a wish: how many bytes a part shall have."""
SCHEDULED = "scheduled"
"""Visibility of what the platform itself makes public at a time."""


class Step(StrEnum):
    """What a session does next."""

    BEGIN = "begin"
    """Open the remote session; may take several requests (`Session.stage` tells which)."""
    PARTS = "parts"
    """Send bytes from `Session.offset` on."""
    READY = "ready"
    """All bytes are there; ask until the remote is ready for the commit."""
    COMMIT = "commit"
    """Take the irreversible step by a call of its own."""
    STATUS = "status"
    """The irreversible step was taken; ask until the remote says how it ended."""
    DONE = "done"


class CommitBy(StrEnum):
    """Which request is the irreversible one."""

    LAST_BYTES = "last_bytes"
    CALL = "call"


class TextUnit(StrEnum):
    """How a remote counts the length of a text."""

    CHARACTERS = "characters"
    UTF16 = "utf16"
    BYTES = "bytes"


@dataclass(frozen=True, slots=True, kw_only=True)
class TextLimits:
    """Limits of the words under a video; None means that the platform has no such field."""

    title: int | None
    title_unit: TextUnit = TextUnit.UTF16
    description: int | None
    description_unit: TextUnit = TextUnit.UTF16
    tags_total: int | None = None
    """Length of all tags together by YouTube's rule; None when tags go into the text."""
    hashtags: int | None = None
    """How many hashtags a text may hold."""
    hashtags_wanted: int | None = None
    """How many hashtags are added unless a person asks for more; None means up to ``hashtags``."""
    mentions: int | None = None
    forbidden: str = ""
    """Characters that are refused in title and description."""


NO_LIMIT = 1 << 62
"""More bytes than any file has, for advice that says nothing about the size."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaLimits:
    """Limits of the file; None, empty and False mean that no limit is known."""

    max_bytes: int
    min_seconds: float | None = None
    max_seconds: float | None = None
    min_frame_rate: float | None = None
    max_frame_rate: float | None = None
    min_width: int | None = None
    min_height: int | None = None
    max_width: int | None = None
    max_height: int | None = None
    min_side: int | None = None
    """Least length of the shorter side in pixels."""
    max_side: int | None = None
    min_long_side: int | None = None
    """Least length of the longer side in pixels."""
    min_aspect: float | None = None
    """Least width divided by height."""
    max_aspect: float | None = None
    containers: frozenset[str] = frozenset()
    """Any of these ffprobe container names; empty means any."""
    video_codecs: frozenset[str] = frozenset()
    audio_codecs: frozenset[str] = frozenset()
    pixel_formats: frozenset[str] = frozenset()
    """As ffprobe names them."""
    max_bit_rate: int | None = None
    """Bits a second of the picture."""
    max_audio_rate: int | None = None
    """Samples a second."""
    max_audio_channels: int | None = None
    index_first: bool = False
    """Whether the index must stand before the media data."""
    no_edit_list: bool = False
    needs_audio: bool = False
    sdr_only: bool = False
    constant_rate: bool = False
    """Whether frames must come at even distances."""
    advice: MediaLimits | None = None
    """What is recommended: who breaks it is taken all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartRule:
    """How bytes are cut into requests."""

    streamed: bool
    """One request carries everything from the confirmed offset on."""
    resumable: bool
    """Whether the remote tells how far it is and goes on from there."""
    minimum: int = 0
    """Above 0 where the protocol knows parts of a chosen size."""
    maximum: int | None = None
    multiple: int = 1

    def wanted(self, options: Mapping[str, str]) -> int | None:
        """Return the part size that was asked for, as the protocol takes it; None for none."""
        asked = options.get(PART_BYTES, "")
        if not self.minimum or not asked.isdigit():
            return None
        size = max(int(asked), self.minimum)
        size = size if self.maximum is None else min(size, self.maximum)
        return size - size % self.multiple


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaRule:
    """A budget of the platform; reserved when a commit is planned, settled by its outcome.

    ``source`` names page and date of the number.
    """

    name: str
    limit: int
    window: str
    """``pacific_day``, ``rolling_day``, ``rolling_hour`` or ``rolling_minute``."""
    scope: str
    """``account`` or ``project`` (all accounts of the same application)."""
    source: str
    costs: Mapping[str, int] = field(default_factory=lambda: {"publish": 1})
    """Units by action: ``publish``, ``status``, or the value of an `Operation`."""
    spent_at: str = "commit"
    """``begin``: the remote counts the first request; ``commit``: it counts the publication."""
    codes: tuple[str, ...] = ()
    """Remote codes that say that it is used up."""


class Operation(StrEnum):
    """What can be done with a video that is live."""

    EDIT = "edit"
    """Other words: ``changes`` holds any of ``title``, ``description``, ``tags`` (list), and
    options."""
    DELETE = "delete"
    THUMBNAIL = "thumbnail"
    """Another picture: `Work.body` is a JPEG or PNG."""
    VISIBILITY = "visibility"
    """``changes = {"privacy": "public"}``; also the flip of a staged go-live."""
    CHECK = "check"
    """Is it still there, not blocked, as visible as asked? Facts: ``there`` (bool),
    ``visibility``, ``blocked`` (why, empty for not)."""
    STATISTICS = "statistics"
    """Facts: ``{media id: {"views", "likes", "comments", "shares"}}``, None for what is not
    told."""
    CAPTIONS = "captions"
    """A subtitle file: ``changes = {"language", "name"}``, `Work.body` is SRT or VTT."""
    PLAYLIST = "playlist"
    """Put into a list of the account, once: ``changes = {"playlist": id}``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One operation under way; frozen, serialisable but for its body, saved after each step."""

    operation: Operation
    media_id: str
    """The id of what is live (`Session.media_id` or ``remote_id``)."""
    media_ids: tuple[str, ...] = ()
    """For a batch of figures; else empty."""
    url: str = ""
    session: Mapping[str, Any] = field(default_factory=dict)
    """The session that the upload ended with, for what only it tells."""
    changes: Mapping[str, Any] = field(default_factory=dict)
    body: bytes | None = field(default=None, repr=False)
    stage: str = ""
    """The platform's own sub-step; empty at first."""
    data: Mapping[str, Any] = field(default_factory=dict)
    """What the platform keeps between its steps."""
    done: bool = False
    facts: Mapping[str, Any] = field(default_factory=dict)
    """What came of it, see `Operation`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveLimit:
    """What a platform itself says about a quota, now."""

    name: str
    """Name of the `QuotaRule`, or one of the platform's own."""
    scope: str = "account"
    allowed: int | None = None
    used: int | None = None
    wait: timedelta | None = None
    """How long nothing is allowed any more; None while something is."""


class StageBy(StrEnum):
    """How a platform holds what is published at one minute with others."""

    PRIVACY = "privacy"
    """Published as private, flipped by `Operation.VISIBILITY`."""
    COMMIT = "commit"
    """Everything is there but the commit: an unpublished container or draft."""
    LAST_PART = "last_part"
    """The last bytes are held back; where nothing resumes, the whole file is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PollRule:
    """How often to ask the remote while it works."""

    first_seconds: float = 1.0
    factor: float = 1.5
    max_seconds: float = 60.0
    give_up_seconds: float = 6 * 3600.0
    """After this an upload is shown as still processing and asked once an hour."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """Everything about a platform that is data."""

    name: str
    title: str
    """As people write it."""
    endpoint: str
    """Key of `endpoints` in the settings that the calls go to."""
    scopes: tuple[str, ...]
    text: TextLimits
    media: MediaLimits
    parts: PartRule
    commit: CommitBy
    askable: bool
    """Whether a lost outcome can be asked for; if not, a person decides."""
    lost_session_may_be_live: bool = False
    """A session that is gone says nothing about whether its video was published."""
    privacy: tuple[Privacy, ...]
    """First entry is the default."""
    quotas: tuple[QuotaRule, ...] = ()
    polls: PollRule = PollRule()
    operations: Mapping[Operation, tuple[str, ...]] = field(default_factory=dict)
    """What can be done with a live video, with the scopes of which one is needed (none: any)."""
    options: tuple[str, ...] = ()
    """Keys of ``core/posts/options.py`` that it has."""
    stage: StageBy = StageBy.LAST_PART
    stage_holds: timedelta = timedelta(days=7)
    """How long what is brought to its last step stays usable."""
    schedules: tuple[timedelta, timedelta] | None = None
    """Earliest and latest distance of a publication that the platform itself keeps the time
    for; None where it has no schedule."""
    figures_at_once: int = 1
    """How many videos one question for figures covers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What a request of an account needs; never logged, never in ``repr``."""

    remote_id: str
    access_token: str = field(repr=False)
    options: Mapping[str, str] = field(default_factory=dict)
    """Account options from the settings, such as ``login`` of Instagram."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedText:
    """Words that keep the platform's limits."""

    title: str
    description: str
    """What stands under the video; hashtags are already in it where the platform has no tags."""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What one upload is about, the same for every step."""

    upload_id: int
    access: Access
    endpoints: Mapping[str, str]
    """Base addresses without a trailing slash, by settings key."""
    text: FittedText
    privacy: Privacy
    privacy_asked: bool = True
    """A person chose it, now or as the account's default; else the platform may know better."""
    facts: MediaFacts
    size_bytes: int
    filename: str
    content_type: str
    thumbnail: bytes | None = field(default=None, repr=False)
    """JPEG, at most 320 px a side and 200 kB."""
    options: Mapping[str, str] = field(default_factory=dict)
    """Account options, and the options of ``core/posts/options.py`` that were asked for."""
    publish_at: datetime | None = None
    """When the platform itself shall make it seen; only where `Capabilities.schedules`."""

    def base(self, key: str) -> str:
        return self.endpoints[key].rstrip("/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """The saved state of a remote upload; serialisable, saved after each step.

    ``upload_url`` may carry a credential: it is never logged or shown.
    """

    step: Step = Step.BEGIN
    source: str = ""
    """Which content it is for: the mark that the source had when the session was made."""
    stage: str = ""
    """The platform's own sub-step within ``step``."""
    size_bytes: int = 0
    offset: int = 0
    """What the remote confirmed."""
    part_bytes: int | None = None
    """Planned size of a part; None for one streamed request."""
    upload_url: str = field(default="", repr=False)
    remote_id: str = ""
    """The id to ask by: container, publish id, video id."""
    media_id: str = ""
    """The id of what is live."""
    url: str = ""
    visibility: str = ""
    """What the platform says: ``public``, ``private``, …; empty while not known."""
    pending: bool = False
    """The remote is still working: ask again after a pause."""
    progress: float | None = None
    """Share of the remote's own processing, 0 to 1, where it tells."""
    data: dict[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        return {item.name: getattr(self, item.name) for item in fields(self)}

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> Self:
        known = {item.name for item in fields(cls)}
        values = {key: item for key, item in value.items() if key in known}
        if "step" in values:
            values["step"] = Step(values["step"])
        return cls(**values)


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorRow:
    """One row of a platform's error table: remote code → kind.

    ``code`` is matched against the code the platform extracted, ``contains`` (lower case) against
    the message, ``status`` against the HTTP status; what is empty or None matches everything.
    """

    kind: ErrorKind
    code: str = ""
    contains: str = ""
    status: int | None = None
    wait_seconds: float | None = None
    """Waiting time that the sheet gives when the remote itself tells none."""

    def matches(self, *, code: str, message: str, status: int) -> bool:
        if self.code and self.code != code:
            return False
        if self.contains and self.contains not in message.lower():
            return False
        return self.status is None or self.status == status


class Platform(ABC):
    """One remote. All methods are pure: no clock, no network, no state."""

    capabilities: ClassVar[Capabilities]
    errors: ClassVar[tuple[ErrorRow, ...]]
    wants_thumbnail: ClassVar[bool] = False
    """Whether the first request already carries a picture and the facts of the probe."""

    @property
    def name(self) -> str:
        return self.capabilities.name

    def media_limits(self, options: Mapping[str, str]) -> MediaLimits:
        """Return the limits of the file for an account with these options."""
        del options
        return self.capabilities.media

    def build_check(self, job: Job) -> Request:
        """Build one harmless call that shows whether the account can be published to."""
        return self.build_begin(Session(), job)

    def read_check(self, job: Job, response: Response) -> None:
        """Read its answer; raises when the account is not there or the token does not do."""
        self.read_begin(Session(), job, response)

    @abstractmethod
    def build_begin(self, session: Session, job: Job) -> Request:
        """Build the next request of opening the session (`Session.stage` may tell which)."""

    def quota_action(self, job: Job) -> str:
        """Return as which action of `QuotaRule.costs` an upload counts."""
        del job
        return "publish"

    def counts_begin(self, session: Session, job: Job) -> bool:
        """Return whether that request is the one that quotas with ``spent_at="begin"`` count."""
        del session, job
        return True

    @abstractmethod
    def read_begin(self, session: Session, job: Job, response: Response) -> Session:
        """Read it; the step stays ``BEGIN`` while further requests are needed."""

    def next_span(self, session: Session, job: Job) -> Span:
        """Return the bytes of the next request, from the confirmed offset on."""
        end = job.size_bytes
        if session.part_bytes is not None:
            end = min(end, session.offset + session.part_bytes)
        return Span(start=session.offset, end=end)

    @abstractmethod
    def build_part(self, session: Session, job: Job, span: Span) -> Request:
        """Build the request that carries these bytes (`Request.span` is ``span``)."""

    @abstractmethod
    def read_part(self, session: Session, job: Job, span: Span, response: Response) -> Session:
        """Read its answer: a larger offset, or the next step when all bytes are there."""

    def build_recover(self, session: Session, job: Job) -> Request:
        """Build the question how far the remote is (before ``COMMIT``) or how it ended."""
        return self.build_status(session, job)

    def read_recover(self, session: Session, job: Job, response: Response) -> Session:
        """Read the answer.

        The step of the returned session tells: ``PARTS`` with the confirmed offset, ``READY`` or
        ``COMMIT`` when the irreversible step was surely not taken, ``STATUS`` or ``DONE`` when it
        was.

        Raises:
            RemoteError: ``SESSION_LOST`` when a new session must be opened and the old one can
                surely not publish; ``UNKNOWN_OUTCOME`` when the remote does not tell.
        """
        return self.read_status(session, job, response)

    def build_commit(self, session: Session, job: Job) -> Request:
        """Build the irreversible call; only for ``CommitBy.CALL``."""
        raise AssertionError(f"{self.name} commits by its last bytes")

    def read_commit(self, session: Session, job: Job, response: Response) -> Session:
        raise AssertionError(f"{self.name} commits by its last bytes")

    @abstractmethod
    def build_status(self, session: Session, job: Job) -> Request:
        """Build the question of ``READY`` and ``STATUS``."""

    @abstractmethod
    def read_status(self, session: Session, job: Job, response: Response) -> Session:
        """Read it: ``pending`` while the remote works, else the next step."""

    # After publishing; only for what is among `Capabilities.operations`.

    def build_operation(self, work: Work, job: Job) -> Request:
        """Build the next request of an operation; `Work.stage` tells which."""
        raise AssertionError(f"{self.name} cannot {work.operation}")

    def read_operation(self, work: Work, job: Job, response: Response) -> Work:
        """Read its answer: the next stage, or ``done`` with facts.

        Raises:
            RemoteError: ``REJECTED`` with code ``gone`` when the video is not there any more
                (for ``DELETE`` and ``CHECK`` that is no error but a fact).
        """
        raise AssertionError(f"{self.name} cannot {work.operation}")

    def build_live_limits(self, job: Job) -> Request | None:
        """Build the question what is left of the account's quotas; None where none is told."""
        del job
        return None

    def read_live_limits(self, job: Job, response: Response) -> tuple[LiveLimit, ...]:
        """Read what is left."""
        raise AssertionError(f"{self.name} tells no limits")

    def read_usage(self, response: Response) -> tuple[LiveLimit, ...]:
        """Read what any answer tells of quotas, in its headers; nothing for most."""
        del response
        return ()

    def public_url(self, session: Session, job: Job) -> str:
        """Return the link to what is live, or an empty string where there is none."""
        del job
        return session.url


def check_job(access: Access, endpoints: Mapping[str, str], capabilities: Capabilities) -> Job:
    """Return a job about no video, for the call that tries an account."""
    return Job(
        upload_id=0,
        access=access,
        endpoints=endpoints,
        text=FittedText(title="", description=""),
        privacy=capabilities.privacy[0],
        facts=MediaFacts(),
        size_bytes=0,
        filename="",
        content_type="video/mp4",
        options=access.options,
    )


def find_row(
    rows: tuple[ErrorRow, ...], *, code: str, message: str, status: int
) -> ErrorRow | None:
    """Return the first row that matches."""
    for row in rows:
        if row.matches(code=code, message=message, status=status):
            return row
    return None


def clean_message(message: str, limit: int = 200) -> str:
    """Return a remote's message on one line and short enough for the chat."""
    text = re.sub(r"\s+", " ", message).strip()
    return text if len(text) <= limit else text[: limit - 1] + "…"
