"""What rules look at: the figures of a time by subject, as cases with their evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.diagnostics.model import DiskFigures, GroupFigures, PeriodFigures, QuotaFigures

Evidence = Mapping[str, float | int | str]

WORTH_SECONDS = 60.0
"""Who waited less than this in all would not notice a faster link."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What of the settings decides whether an advice makes sense."""

    has_ai: bool = False
    """Texts are to be written by a model."""
    upload_workers: int = 1
    sequential: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Everything that rules look at."""

    report: PeriodFigures
    disk: DiskFigures | None
    quotas: Sequence[QuotaFigures]
    circumstances: Circumstances

    def seconds(self, stage: str) -> float:
        return sum(one.seconds for one in self.report.stages if one.stage == stage)

    def waited(self, *reasons: str) -> float:
        return sum(one.seconds for one in self.report.waits if one.reason in reasons)

    def waits(self, reason: str) -> int:
        return sum(one.count for one in self.report.waits if one.reason == reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One subject of a rule: its figure, how many cases it is of, and what proves it."""

    figure: float
    cases: int
    evidence: Evidence
    subject: str = ""


def _share(part: float, whole: float) -> float:
    return part / whole if whole > 0 else 0.0


def _of_errors(group: GroupFigures, *kinds: str) -> int:
    return sum(group.errors.get(kind, 0) for kind in kinds)


def _name(group: GroupFigures) -> dict[str, Any]:
    return {"platform": group.platform, "account": group.account}


def _subject(group: GroupFigures) -> str:
    return f"{group.platform}:{group.account}" if group.account else group.platform


def sign_ins(scene: Scene) -> Iterable[Case]:
    for group in scene.report.accounts:
        failed = sum(group.errors.values())
        refused = _of_errors(group, "auth_expired", "auth_revoked")
        yield Case(
            figure=_share(refused, failed),
            cases=refused,
            subject=_subject(group),
            evidence={**_name(group), "refused": refused, "failed": failed},
        )


def share_of_tries(*kinds: str) -> Callable[[Scene], Iterable[Case]]:
    """Return cases by platform: failed tries of these kinds of all tries."""

    def cases(scene: Scene) -> Iterable[Case]:
        for group in scene.report.platforms:
            failed = _of_errors(group, *kinds)
            yield Case(
                figure=_share(failed, group.attempts),
                cases=group.attempts,
                subject=group.platform,
                evidence={"platform": group.platform, "failed": failed, "tries": group.attempts},
            )

    return cases


def rejections(scene: Scene) -> Iterable[Case]:
    for group in scene.report.platforms:
        rejected = _of_errors(group, "rejected")
        yield Case(
            figure=_share(rejected, group.uploads),
            cases=rejected,
            subject=group.platform,
            evidence={
                "platform": group.platform,
                "rejected": rejected,
                "uploads": group.uploads,
            },
        )


def resumes(scene: Scene) -> Iterable[Case]:
    for group in scene.report.platforms:
        vain = group.resumes - group.resumes_helped
        yield Case(
            figure=_share(vain, group.resumes),
            cases=group.resumes,
            subject=group.platform,
            evidence={"platform": group.platform, "resumes": group.resumes},
        )


def slow_source(scene: Scene) -> Iterable[Case]:
    waited, sent = scene.waited("source", "media"), scene.seconds("send")
    fetched = scene.seconds("fetch")
    if fetched > 0 and waited >= WORTH_SECONDS:
        yield Case(
            figure=_share(waited, waited + sent),
            cases=scene.waits("source") + scene.waits("media"),
            evidence={"waited_seconds": waited, "sent_seconds": sent, "fetch_seconds": fetched},
        )


def turns(scene: Scene) -> Iterable[Case]:
    if scene.circumstances.sequential:
        return
    waited = scene.waited("turn")
    work = sum(one.seconds for one in scene.report.stages if one.stage != "wait")
    yield Case(
        figure=_share(waited, waited + work),
        cases=scene.waits("turn"),
        evidence={
            "waited_seconds": waited,
            "worked_seconds": work,
            "upload_workers": scene.circumstances.upload_workers,
        },
    )


def fallbacks(scene: Scene) -> Iterable[Case]:
    if not scene.circumstances.has_ai:
        return
    texts = scene.report.texts
    plain, written = texts.get("fallback", 0), texts.get("ai", 0)
    yield Case(
        figure=_share(plain, plain + written),
        cases=plain + written,
        evidence={"fallback": plain, "texts": plain + written},
    )


def quota_use(scene: Scene) -> Iterable[Case]:
    for quota in scene.quotas:
        yield Case(
            figure=_share(quota.used, quota.limit) if quota.limit else 1.0,
            cases=quota.used,
            subject=f"{quota.platform}:{quota.account}:{quota.name}",
            evidence={
                "platform": quota.platform,
                "account": quota.account,
                "quota": quota.name,
                "used": quota.used,
                "limit": quota.limit,
            },
        )


def disk_room(scene: Scene) -> Iterable[Case]:
    disk = scene.disk
    if disk is not None and disk.total_bytes:
        waits = scene.waits("disk")
        yield Case(
            figure=1.0 if waits else 1 - _share(disk.room_bytes, disk.total_bytes),
            cases=1,
            evidence={
                "free_bytes": disk.free_bytes,
                "room_bytes": disk.room_bytes,
                "spool_bytes": disk.spool_bytes,
                "keep_free_bytes": disk.keep_free_bytes,
                "waits": waits,
            },
        )


def crashes(scene: Scene) -> Iterable[Case]:
    crashed = scene.report.all.crashed_attempts
    yield Case(figure=crashed, cases=crashed, evidence={"crashed": crashed})


def slower(scene: Scene) -> Iterable[Case]:
    report, before = scene.report, scene.report.before
    now = report.all.total
    if before is None or not before.mean_seconds or now.mean_seconds is None:
        return
    yield Case(
        figure=now.mean_seconds / before.mean_seconds,
        cases=min(now.count, before.live),
        evidence={
            "mean_seconds": now.mean_seconds,
            "before_seconds": before.mean_seconds,
            "stage": report.slowest_stage,
        },
    )
