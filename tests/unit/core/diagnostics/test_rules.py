from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.chat.figures_text import advice_text
from core.diagnostics.cases import Circumstances
from core.diagnostics.model import (
    Before,
    DiskFigures,
    GroupFigures,
    PeriodFigures,
    QuotaFigures,
    StageFigures,
    Timing,
    WaitFigures,
)
from core.diagnostics.rules import RULES, advise

NOW = datetime(2026, 1, 1, tzinfo=UTC)
GIB = 1 << 30
JSON = dict[str, Any]


def group(platform: str = "", account: str = "", **changes: Any) -> GroupFigures:
    values = {"platform": platform, "account": account, "uploads": 20, "live": 20, "attempts": 20}
    return GroupFigures(**{**values, **changes})


def stage(name: str, seconds: float, count: int = 20) -> StageFigures:
    return StageFigures(stage=name, count=count, seconds=seconds)


def wait(reason: str, seconds: float, count: int = 20) -> WaitFigures:
    return WaitFigures(reason=reason, count=count, seconds=seconds)


def report(**changes: Any) -> PeriodFigures:
    values: JSON = {
        "period": "7d",
        "since": NOW,
        "until": NOW,
        "all": group(),
        "platforms": [group("youtube")],
        "accounts": [group("youtube", "main", account_id=1)],
        "stages": [stage("fetch", 100), stage("send", 900), stage("wait", 30)],
        "waits": [wait("turn", 20), wait("media", 10)],
        "texts": {"ai": 20},
        "slowest_stage": "send",
    }
    return PeriodFigures(**{**values, **changes})


def disk(room: int = 50 * GIB) -> DiskFigures:
    return DiskFigures(
        free_bytes=room + 5 * GIB,
        total_bytes=100 * GIB,
        spool_bytes=GIB,
        keep_free_bytes=5 * GIB,
        room_bytes=room,
    )


def quota(used: int, limit: int = 50) -> QuotaFigures:
    return QuotaFigures(
        platform="youtube",
        account="main",
        name="channel_day",
        used=used,
        limit=limit,
        back_at=None,
    )


def names(told: PeriodFigures, **changes: Any) -> list[str]:
    circumstances = Circumstances(
        has_ai=changes.get("has_ai", True),
        upload_workers=2,
        sequential=changes.get("sequential", False),
    )
    found = advise(told, changes.get("disk", disk()), changes.get("quotas", ()), circumstances)
    return [one.rule for one in found]


def errors(kind: str, count: int, **changes: Any) -> JSON:
    """Return platforms and accounts with failures of a kind."""
    failed = {"errors": {kind: count}, "failed_attempts": count, **changes}
    return {
        "platforms": [group("youtube", **failed)],
        "accounts": [group("youtube", "main", account_id=1, **failed)],
    }


def before(mean: float, live: int = 20) -> Before:
    return Before(
        since=NOW,
        until=NOW,
        uploads=live,
        live=live,
        failed=0,
        success_rate=1.0,
        mean_seconds=mean,
        p95_seconds=mean,
        bytes_sent=0,
    )


def slower(now: float, count: int = 20) -> JSON:
    time = Timing(count=count, seconds=now * count, mean_seconds=now)
    return {"all": group(total=time), "before": before(10.0, count)}


def starving(seconds: float, count: int = 5) -> JSON:
    return {"waits": [wait("source", seconds, count)]}


FIRES: list[tuple[str, JSON, JSON]] = [
    ("sign_in", errors("auth_revoked", 3), {}),
    ("disk", {}, {"disk": disk(GIB)}),
    ("disk", {"waits": [wait("disk", 30, 1)]}, {}),
    ("quota", {}, {"quotas": [quota(45)]}),
    ("quota", {}, {"quotas": [quota(1, 0)]}),
    ("crashes", {"all": group(crashed_attempts=3)}, {}),
    ("unsteady", errors("transient", 4), {}),
    ("rate_limited", errors("rate_limited", 4), {}),
    ("rejected", errors("rejected", 6), {}),
    ("resume_vain", {"platforms": [group("youtube", resumes=5)]}, {}),
    ("turns", {"waits": [wait("turn", 1000, 10)]}, {}),
    ("slow_source", starving(900), {}),
    ("fallback", {"texts": {"ai": 3, "fallback": 2}}, {}),
    ("slower", slower(20.0), {}),
]
SILENT: list[tuple[str, JSON, JSON]] = [
    ("sign_in", errors("auth_revoked", 2), {}),
    (
        "sign_in",
        {"accounts": [group("youtube", "main", errors={"auth_expired": 4, "transient": 5})]},
        {},
    ),
    ("disk", {}, {"disk": disk(3 * GIB)}),
    ("disk", {}, {"disk": None}),
    ("quota", {}, {"quotas": [quota(44)]}),
    ("crashes", {"all": group(crashed_attempts=2)}, {}),
    ("unsteady", errors("transient", 3), {}),
    ("unsteady", errors("transient", 5, attempts=9), {}),
    ("rate_limited", errors("rate_limited", 3), {}),
    ("rejected", errors("rejected", 5), {}),
    ("rejected", errors("rejected", 2, uploads=2), {}),
    ("resume_vain", {"platforms": [group("youtube", resumes=4)]}, {}),
    ("resume_vain", {"platforms": [group("youtube", resumes=9, resumes_helped=1)]}, {}),
    ("turns", {"waits": [wait("turn", 999, 10)]}, {}),
    ("turns", {"waits": [wait("turn", 1000, 9)]}, {}),
    ("turns", {"waits": [wait("turn", 5000, 10)]}, {"sequential": True}),
    ("slow_source", starving(899), {}),
    ("slow_source", starving(900, 4), {}),
    ("slow_source", {**starving(59), "stages": [stage("fetch", 60), stage("send", 1)]}, {}),
    ("slow_source", {**starving(900), "stages": [stage("send", 900)]}, {}),
    ("fallback", {"texts": {"ai": 4, "fallback": 1}}, {}),
    ("fallback", {"texts": {"fallback": 9}}, {"has_ai": False}),
    ("slower", slower(19.9), {}),
    ("slower", slower(90.0, 9), {}),
]


def test_nothing_is_advised_when_all_is_well() -> None:
    assert names(report()) == []


@pytest.mark.parametrize(("rule", "figures", "more"), FIRES)
def test_a_rule_speaks_on_its_evidence_and_no_other_does(
    rule: str, figures: JSON, more: JSON
) -> None:
    assert names(report(**figures), **more) == [rule]


@pytest.mark.parametrize(("rule", "figures", "more"), SILENT)
def test_a_rule_is_silent_below_its_limit(rule: str, figures: JSON, more: JSON) -> None:
    assert rule not in names(report(**figures), **more)


def test_every_rule_has_a_case_and_a_reason() -> None:
    assert {rule for rule, _, _ in FIRES} == {rule.name for rule in RULES}
    assert {rule for rule, _, _ in SILENT} == {rule.name for rule in RULES}
    assert all(len(rule.why) > 30 for rule in RULES)


@pytest.mark.parametrize(("rule", "figures", "more"), FIRES)
def test_each_advice_is_a_whole_sentence_with_its_evidence(
    rule: str, figures: JSON, more: JSON
) -> None:
    circumstances = Circumstances(has_ai=True, upload_workers=2)
    (advice,) = advise(
        report(**figures), more.get("disk", disk()), more.get("quotas", ()), circumstances
    )
    assert advice.evidence
    text = advice_text(advice)
    assert "–" not in text, rule
    assert text.endswith(".")
