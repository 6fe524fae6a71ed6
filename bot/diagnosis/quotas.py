"""Quotas: which are used up, which soon are, and when they give room again."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.chat.texts import when
from bot.diagnosis.findings import Finding, fine, warning
from bot.diagnosis.patient import Patient
from core.accounts.limits import AccountLimits, QuotaState
from core.accounts.quotas import Quotas
from core.accounts.rules import RuleBook
from core.platforms.registry import get_platform
from core.settings import Settings

AT_ONCE = 200
"""Accounts of one page."""
SHORT = frozenset({"rolling_minute"})
"""Windows that are over before anybody has read of them."""


async def look_at_quotas(patient: Patient) -> AsyncIterator[Finding]:
    if patient.store is None:
        return
    settings = patient.settings
    zone = ZoneInfo(settings.timezone)
    quotas = Quotas(patient.store, patient.clock, rules_of(settings))
    now, seen, page, pages = patient.clock.now().astimezone(zone), set[tuple[str, str]](), 0, 1
    is_low = False
    while page < pages:
        report = await quotas.report(zone, page, AT_ONCE)
        page, pages = page + 1, report.pages
        for account in report.accounts:
            for finding in judge(account, settings.quotas.warn_percent, now, seen):
                is_low = True
                yield finding
    if not is_low:
        yield fine("quotas", "quotas")


def rules_of(settings: Settings) -> RuleBook:
    return RuleBook(
        per_channel=settings.uploads.per_channel_a_day,
        profile=settings.quotas.profile,
        limits=settings.quotas.limits,
        warn_percent=settings.quotas.warn_percent,
    )


def judge(
    account: AccountLimits, warn_percent: int, now: datetime, seen: set[tuple[str, str]]
) -> Iterator[Finding]:
    """Tell each quota that is low or used up; one that accounts share is told once."""
    for quota in account.quotas:
        place = (account.platform if quota.shared else f"#{account.account_id}", quota.name)
        is_low = quota.used * 100 >= quota.limit * warn_percent or not quota.left
        if quota.window in SHORT or place in seen or not is_low:
            continue
        seen.add(place)
        yield _finding(account, quota, now)


def _finding(account: AccountLimits, quota: QuotaState, now: datetime) -> Finding:
    platform = get_platform(account.platform)
    until = when(quota.back_at.astimezone(now.tzinfo), now) if quota.back_at else None
    return warning(
        f"quota {account.platform}:{account.name}",
        "quota_low" if quota.left else "quota_out",
        platform=platform.capabilities.title if platform else account.platform,
        account=account.name,
        what=quota.name.replace("_", " "),
        used=quota.used,
        limit=quota.limit,
        until=until,
    )
