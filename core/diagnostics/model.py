"""The shape of the diagnostics: what ``diagnostics.json`` and ``--json`` hold, and its schema."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

VERSION = 1


class Model(BaseModel):
    """A value of the report; every field says what it counts."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Timing(Model):
    """How long something took, over all its occurrences."""

    count: int = Field(0, description="How often it happened.")
    seconds: float = Field(0.0, description="Seconds in all.")
    mean_seconds: float | None = Field(None, description="Mean of one occurrence.")
    p95_seconds: float | None = Field(
        None, description="95 of 100 took no longer (nearest rank, no interpolation)."
    )


class StageFigures(Timing):
    """One stage of the way of a post."""

    stage: str = Field(
        description="fetch, probe, describe, fit, wait, begin, send, resume, commit or processing."
    )
    bytes: int = Field(0, description="Bytes that went through it; for resume: not sent again.")
    share: float = Field(0.0, description="Of the seconds of all stages, 0 to 1.")


class WaitFigures(Model):
    """What uploads waited for."""

    reason: str = Field(
        description="media, turn, time, quota, cooldown, retry, account, platform, person, disk, "
        "fit, outcome (not known yet), text or source (for bytes, in the middle of a request)."
    )
    count: int = Field(description="How often.")
    seconds: float = Field(description="Seconds in all.")


class ErrorExample(Model):
    """One failure."""

    kind: str = Field(description="Its kind.")
    at: datetime = Field(description="When.")
    platform: str = Field(description="On which platform.")
    account: str = Field(description="Name of the account.")
    post_id: int = Field(description="Number of the post.")
    code: str = Field(description="The platform's or our own code; empty when there is none.")
    message: str = Field(description="What was answered, without anything secret, shortened.")


class ErrorFigures(Model):
    """Failures of one kind, those that a retry mended included."""

    kind: str = Field(description="Kind of error, such as transient or auth_revoked.")
    count: int = Field(description="How many attempts failed so.")
    last: ErrorExample = Field(description="The last one.")


class GroupFigures(Model):
    """What one platform, or one account of it, did."""

    platform: str = Field(description="Name of the platform.")
    account: str = Field("", description="Name of the account; empty for the whole platform.")
    account_id: int = Field(0, description="Its number; 0 for the whole platform.")
    uploads: int = Field(0, description="Uploads that ended.")
    live: int = Field(0, description="Of them, live.")
    failed: int = Field(0, description="Of them, failed.")
    cancelled: int = Field(0, description="Of them, cancelled.")
    success_rate: float | None = Field(None, description="live / (live + failed).")
    attempts: int = Field(0, description="Tries that ended: each success and each failed try.")
    failed_attempts: int = Field(0, description="Of them, failed.")
    crashed_attempts: int = Field(0, description="Of them, cut off by the end of the process.")
    errors: dict[str, int] = Field({}, description="Failed attempts by kind of error.")
    total: Timing = Field(
        Timing(), description="Accepted to live, without waits for a person or a chosen time."
    )
    bytes_sent: int = Field(0, description="Bytes sent by the ended uploads, repeated ones too.")
    bytes_per_second: float | None = Field(
        None, description="While sending, without waits for the source."
    )
    resumes: int = Field(0, description="Continuations of what was interrupted.")
    resumes_helped: int = Field(0, description="Of them, those that kept bytes.")
    bytes_not_resent: int = Field(0, description="Bytes that they kept.")


class Before(Model):
    """The same figures of the time of equal length before."""

    since: datetime = Field(description="Start of that time.")
    until: datetime = Field(description="Its end, not included.")
    uploads: int = Field(description="Uploads that ended.")
    live: int = Field(description="Of them, live.")
    failed: int = Field(description="Of them, failed.")
    success_rate: float | None = Field(description="live / (live + failed).")
    mean_seconds: float | None = Field(description="Mean, accepted to live.")
    p95_seconds: float | None = Field(description="95 of 100 took no longer.")
    bytes_sent: int = Field(description="Bytes sent.")


class Point(Model):
    """One step of the course of a time."""

    at: datetime = Field(description="Start of the step.")
    live: int = Field(0, description="Uploads that became live.")
    failed: int = Field(0, description="Uploads that failed.")
    mean_seconds: float | None = Field(None, description="Mean of those, accepted to live.")


class Recommendation(Model):
    """What a figure says should be done."""

    rule: str = Field(description="Name of the rule.")
    subject: str = Field("", description="Platform, account or quota it is about; may be empty.")
    evidence: dict[str, float | int | str] = Field(description="The figures it follows from.")
    text: str = Field("", description="The remedy as a sentence.")


class RenderStageFigures(Timing):
    """One stage of the making of mashups, all attempts included."""

    stage: str = Field(description="looking, preparing, rendering, checking or keeping.")
    share: float = Field(0.0, description="Of the seconds of all stages, 0 to 1.")


class RenderCause(Model):
    """Why mashups failed most often."""

    key: str = Field(description="Its kind, such as disk_full.")
    count: int = Field(description="How many failed so.")
    render_id: int = Field(description="Number of the last one.")
    facts: dict[str, Any] = Field({}, description="What was found with the last one.")
    text: str = Field("", description="The same as a sentence.")


class RenderFigures(Model):
    """The mashups that ended; previews do not count."""

    made: int = Field(0, description="Mashups that are ready.")
    failed: int = Field(0, description="Mashups that could not be made.")
    cancelled: int = Field(0, description="Mashups that somebody stopped.")
    video_seconds: float = Field(0.0, description="Length of all that were made.")
    cause: RenderCause | None = Field(None, description="Why they failed most often.")
    stages: list[RenderStageFigures] = Field([], description="Where the time went, in order.")

    @property
    def ended(self) -> int:
        return self.made + self.failed + self.cancelled


class PeriodFigures(Model):
    """Everything about one time."""

    period: str = Field(description="today, 7d, 30d, or run for one run of a command.")
    since: datetime = Field(description="Start.")
    until: datetime = Field(description="End, not included.")
    posts: int = Field(0, description="Posts that were accepted.")
    all: GroupFigures = Field(description="All platforms together.")
    platforms: list[GroupFigures] = Field([], description="By platform.")
    accounts: list[GroupFigures] = Field([], description="By account.")
    stages: list[StageFigures] = Field([], description="By stage.")
    waits: list[WaitFigures] = Field([], description="What uploads waited for.")
    slowest_stage: str = Field(
        "", description="Where most seconds went, chosen times and people left out."
    )
    bytes_fetched: int = Field(0, description="Bytes that came from sources.")
    fetch_bytes_per_second: float | None = Field(None, description="While fetching.")
    texts: dict[str, int] = Field({}, description="Texts by who wrote them: ai, fallback.")
    errors: list[ErrorFigures] = Field([], description="By kind, the most frequent first.")
    renders: RenderFigures = Field(RenderFigures(), description="Mashups that were made.")
    before: Before | None = Field(None, description="The time before, of equal length.")
    course: list[Point] = Field([], description="Step by step; steps without uploads left out.")
    recommendations: list[Recommendation] = Field([], description="Empty when all is well.")


class QuotaFigures(Model):
    """How much of a quota is used."""

    platform: str = Field(description="Name of the platform.")
    account: str = Field(description="Name of the account.")
    name: str = Field(description="Name of the quota.")
    used: int = Field(description="Units spent and set aside.")
    limit: int = Field(description="Units allowed in its window.")
    back_at: datetime | None = Field(description="When the next units come back.")


class DiskFigures(Model):
    """The disk on which videos lie for a while."""

    free_bytes: int = Field(description="Free on the disk.")
    total_bytes: int = Field(description="Size of the disk.")
    spool_bytes: int = Field(description="Taken by videos that are being published.")
    keep_free_bytes: int = Field(description="What stays free by the settings.")
    room_bytes: int = Field(description="What may still be used: free less what stays free.")


class OpenFigures(Model):
    """What has not ended."""

    uploads: int = Field(0, description="Uploads that move or wait.")
    unknown: int = Field(0, description="Uploads whose outcome is not known.")


class Step(Model):
    """One stage of one post or upload."""

    at: datetime = Field(description="When it ended.")
    stage: str = Field(description="Its name, as in the stages of a time.")
    detail: str = Field("", description="What was waited for, or who wrote the text.")
    seconds: float = Field(description="How long it took.")
    bytes: int = Field(0, description="Bytes that went through it.")


class UploadFigures(Model):
    """What one upload of a post went through."""

    upload_id: int = Field(description="Its number.")
    platform: str = Field(description="Name of the platform.")
    account: str = Field(description="Name of the account.")
    state: str = Field(description="Where it stands.")
    reason: str = Field("", description="What it waits for now.")
    size_bytes: int = Field(0, description="Size of the file.")
    bytes_sent: int = Field(0, description="Bytes sent, repeated ones too.")
    attempts: int = Field(0, description="Tries that ended.")
    total_seconds: float | None = Field(None, description="Accepted to live.")
    steps: list[Step] = Field([], description="Its stages in order.")
    errors: list[ErrorExample] = Field([], description="Failed tries in order.")


class PostFigures(Model):
    """Everything about one post."""

    post_id: int = Field(description="Its number.")
    state: str = Field(description="Where it stands.")
    created_at: datetime = Field(description="When it came.")
    finished_at: datetime | None = Field(description="When its last upload ended.")
    steps: list[Step] = Field([], description="Stages of all its uploads together, in order.")
    uploads: list[UploadFigures] = Field([], description="Its uploads.")


class Diagnostics(Model):
    """How it went, in figures."""

    version: int = Field(VERSION, description="Of this shape; rises when a field changes.")
    made_at: datetime = Field(description="When the figures were taken.")
    started_at: datetime = Field(description="Start of the process that took them.")
    session_seconds: float = Field(description="Since then.")
    open: OpenFigures = Field(OpenFigures(), description="How much has not ended.")
    disk: DiskFigures | None = Field(None, description="The disk of the spool.")
    quotas: list[QuotaFigures] = Field([], description="Quotas of which something is used.")
    periods: dict[str, PeriodFigures] = Field({}, description="Figures by period.")
    post: PostFigures | None = Field(None, description="The post that was asked for.")
