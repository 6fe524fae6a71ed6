"""Figures of a time as text, short enough for a chat; the same lines are told in a terminal."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.chat.limits_text import quota_name
from bot.chat.refusals import finding_text, platform_title, source_text
from bot.chat.studio_text import studio_text
from bot.chat.texts import Markup, counted, day, has, human, say
from bot.chat.view import View
from core.diagnostics.model import (
    Diagnostics,
    ErrorExample,
    ErrorFigures,
    GroupFigures,
    PeriodFigures,
    QuotaFigures,
    Recommendation,
    RenderCause,
    RenderFigures,
    RenderStageFigures,
    StageFigures,
)

LEAST_SECONDS = 0.5
"""A stage that takes less on average is not worth a line."""
LINES = 8
"""Most lines of one list."""
WAITS = 3
BYTES = ("free_bytes", "room_bytes", "spool_bytes", "keep_free_bytes")
SPANS: Mapping[str, str] = {
    "waited_seconds": "waited",
    "worked_seconds": "worked",
    "sent_seconds": "sent",
    "fetch_seconds": "fetched",
    "mean_seconds": "mean",
    "before_seconds": "before",
}
"""Figures of the evidence that are told as a length of time, under another name."""


def period_blocks(diagnostics: Diagnostics, report: PeriodFigures) -> list[Markup]:
    """Return everything about one time, what matters most first."""
    blocks = [
        [say("figures_head", period=say(f"figures_{report.period}"))],
        _summary(report),
        _advice(report),
        _stages(report),
        _errors(report.errors),
        _places(report),
        _renders(report.renders),
        _now(diagnostics),
    ]
    return [Markup("\n".join(lines)) for lines in blocks if lines]


def summary_lines(report: PeriodFigures) -> list[Markup]:
    """Return the few lines that end a run."""
    return [*_summary(report), *_error_lines(report.errors[:WAITS]), *_advice_lines(report)]


def advice_text(advice: Recommendation) -> Markup:
    """Return the remedy as a sentence, filled with its evidence."""
    facts: dict[str, object] = dict(advice.evidence)
    for name in BYTES:
        if name in facts:
            facts[name.removesuffix("_bytes")] = human.size(float(advice.evidence[name]))
    for name, told in SPANS.items():
        if name in facts:
            facts[told] = human.span(float(advice.evidence[name]))
    if "platform" in facts:
        facts["platform"] = platform_title(str(facts["platform"]))
    if "stage" in facts:
        facts["stage"] = stage_name(str(facts["stage"]))
    if "quota" in facts:
        facts["quota"] = quota_name(str(facts["quota"]))
    return say(f"advice_{advice.rule}", **facts)


def cause_text(cause: RenderCause) -> Markup:
    """Return why mashups failed, as a sentence."""
    return studio_text(cause.key, cause.facts)


def error_words(error: ErrorExample) -> Markup:
    """Return what an error said, as a sentence of ours where there is one."""
    if error.code.startswith("fit."):
        finding = {"key": error.code.removeprefix("fit."), **_facts(error.message)}
        return finding_text(platform_title(error.platform), finding)
    if error.code and has(f"source_{error.code}"):
        return source_text(error.code)
    return Markup(human.escape(error.message or error.code or "?"))


def _facts(text: str) -> dict[str, Any]:
    """Read the facts of a finding; they are cut off where they were too long to keep."""
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def stage_name(stage: str) -> Markup:
    return say(f"stage_{stage}") if has(f"stage_{stage}") else Markup(human.escape(stage))


def reason_name(reason: str) -> Markup:
    return say(f"reason_{reason}") if has(f"reason_{reason}") else say("reason_other")


def kind_name(kind: str) -> Markup:
    return say(f"kind_{kind}") if has(f"kind_{kind}") else Markup(human.escape(kind))


def _summary(report: PeriodFigures) -> list[Markup]:
    every, lines = report.all, []
    if report.posts:
        lines.append(say("figures_posts", posts=counted("posts", report.posts)))
    if not every.uploads:
        return lines if report.renders.ended else [*lines, say("figures_nothing")]
    lines.append(
        say(
            "figures_counts",
            uploads=counted("uploads", every.uploads),
            live=every.live,
            failed=every.failed,
            cancelled=every.cancelled,
        )
    )
    lines += [*_rate(report), *_time(report)]
    if report.slowest_stage:
        lines.append(say("figures_slowest", stage=stage_name(report.slowest_stage)))
    return [*lines, *_bytes(report)]


def _rate(report: PeriodFigures) -> list[Markup]:
    rate, before = report.all.success_rate, report.before
    if rate is None:
        return []
    tries = counted("tries", report.all.attempts)
    facts = {"rate": human.percent(rate), "tries": tries}
    if before is None or before.success_rate is None:
        return [say("figures_rate", **facts)]
    return [say("figures_rate_before", before=human.percent(before.success_rate), **facts)]


def _time(report: PeriodFigures) -> list[Markup]:
    total, before = report.all.total, report.before
    if total.mean_seconds is None:
        return []
    facts = {"mean": human.span(total.mean_seconds), "p95": human.span(total.p95_seconds or 0)}
    if before is None or before.mean_seconds is None:
        return [say("figures_time", **facts)]
    return [say("figures_time_before", before=human.span(before.mean_seconds), **facts)]


def _bytes(report: PeriodFigures) -> list[Markup]:
    every, lines = report.all, []
    if every.bytes_sent:
        size = human.size(every.bytes_sent)
        if every.bytes_per_second:
            speed = human.speed(every.bytes_per_second)
            lines.append(say("figures_sent_speed", size=size, speed=speed))
        else:
            lines.append(say("figures_sent", size=size))
    if report.bytes_fetched and report.fetch_bytes_per_second:
        size, speed = human.size(report.bytes_fetched), human.speed(report.fetch_bytes_per_second)
        lines.append(say("figures_fetched", size=size, speed=speed))
    if every.resumes_helped:
        kept = human.size(every.bytes_not_resent)
        lines.append(say("figures_resumed", count=every.resumes_helped, size=kept))
    return lines


def _advice(report: PeriodFigures) -> list[Markup]:
    lines = _advice_lines(report)
    if lines:
        return [say("figures_advice"), *lines]
    return [say("figures_well")] if report.all.uploads and not report.all.failed else []


def _advice_lines(report: PeriodFigures) -> list[Markup]:
    return [Markup(f"• {advice_text(advice)}") for advice in report.recommendations[:LINES]]


def _stages(report: PeriodFigures) -> list[Markup]:
    told = [one for one in report.stages if (one.mean_seconds or 0) >= LEAST_SECONDS]
    if not told:
        return []
    told.sort(key=lambda one: -one.seconds)
    lines = [say("figures_stages"), *(_stage(one, stage_name(one.stage)) for one in told)]
    if report.waits:
        waits = [
            say("figures_wait", reason=reason_name(wait.reason), time=human.span(wait.seconds))
            for wait in report.waits[:WAITS]
        ]
        lines.append(say("figures_waits", waits=Markup(", ".join(waits))))
    return lines


def _stage(one: StageFigures | RenderStageFigures, name: Markup) -> Markup:
    return say(
        "figures_stage",
        stage=name,
        mean=human.span(one.mean_seconds or 0),
        p95=human.span(one.p95_seconds or 0),
        share=human.percent(one.share),
    )


def _renders(renders: RenderFigures) -> list[Markup]:
    if not renders.ended:
        return []
    counts = {"made": renders.made, "failed": renders.failed, "cancelled": renders.cancelled}
    lines = [say("figures_renders", time=human.span(renders.video_seconds), **counts)]
    if renders.cause is not None:
        what = cause_text(renders.cause)
        lines.append(say("figures_render_cause", count=renders.cause.count, what=what))
    told = [one for one in renders.stages if (one.mean_seconds or 0) >= LEAST_SECONDS]
    return [*lines, *(_stage(one, say(f"render_stage_{one.stage}")) for one in told)]


def _errors(errors: Sequence[ErrorFigures]) -> list[Markup]:
    return [say("figures_errors"), *_error_lines(errors)] if errors else []


def _error_lines(errors: Sequence[ErrorFigures]) -> list[Markup]:
    return [
        say(
            "figures_error",
            kind=kind_name(error.kind),
            count=error.count,
            post_id=error.last.post_id,
            place=_place_name(error.last.platform, error.last.account),
            what=error_words(error.last),
        )
        for error in errors[:LINES]
    ]


def _places(report: PeriodFigures) -> list[Markup]:
    """Return lines of platforms, and of accounts where a platform has several."""
    lines = []
    if len(report.platforms) > 1:
        lines += [say("figures_places"), *_list(report.platforms, _place)]
    if len(report.accounts) > len(report.platforms):
        lines += [say("figures_accounts"), *_list(report.accounts, _place)]
    return lines


def _list(groups: Sequence[GroupFigures], line: Callable[[GroupFigures], Markup]) -> list[Markup]:
    left = len(groups) - LINES
    more = [say("figures_left", count=left)] if left > 0 else []
    return [*map(line, sorted(groups, key=lambda one: -one.uploads)[:LINES]), *more]


def _place(group: GroupFigures) -> Markup:
    facts = {
        "place": _place_name(group.platform, group.account),
        "live": group.live,
        "failed": group.failed,
    }
    mean = group.total.mean_seconds
    if mean is None:
        return say("figures_place", **facts)
    return say("figures_place_time", mean=human.span(mean), **facts)


def _place_name(platform: str, account: str) -> Markup:
    title = platform_title(platform)
    return say("place", platform=title, account=account) if account else human.escape(title)


def _now(diagnostics: Diagnostics) -> list[Markup]:
    still, disk = diagnostics.open, diagnostics.disk
    lines = [say("figures_now", waiting=still.uploads, unknown=still.unknown)]
    if used := sorted(diagnostics.quotas, key=_left)[:WAITS]:
        lines.append(say("figures_quota", quotas=Markup(", ".join(map(_quota, used)))))
    if disk is not None:
        room, spool = human.size(disk.room_bytes), human.size(disk.spool_bytes)
        lines.append(say("figures_disk", room=room, spool=spool))
    lines.append(say("figures_session", time=human.span(diagnostics.session_seconds)))
    return lines


def _left(quota: QuotaFigures) -> float:
    return 1 - quota.used / quota.limit if quota.limit else 0.0


def _quota(quota: QuotaFigures) -> Markup:
    account = _place_name(quota.platform, quota.account)
    name = quota_name(quota.name)
    return say(
        "figures_quota_item", account=account, used=quota.used, limit=quota.limit, quota=name
    )


def step_label(at: datetime, period: str, view: View) -> str:
    """Return how a step of the course is called: by its hour, or by its day."""
    local = at.astimezone(view.zone)
    if period == "today":
        return view.moment(at)
    return day(local.date(), view.now.astimezone(view.zone).date())
