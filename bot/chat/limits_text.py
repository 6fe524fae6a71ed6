"""Quotas and forecasts as people read them, in the chat and in a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from bot.chat.refusals import platform_title
from bot.chat.texts import Markup, counted, day, has, human, say, when
from core.accounts.limits import (
    AccountLimits,
    DayPlan,
    Forecast,
    LimitsReport,
    QuotaState,
    Spill,
    Told,
)

DAYS_SHOWN = 2
QUIET = frozenset({"drafts", "figures", "containers"})
"""Quotas that are only shown once something of them is used."""


SHARES = frozenset({"app_calls", "page_calls", "business_calls"})
"""What is told as a share of 100. Source: graph-api/overview/rate-limiting, read 2026-11-21."""


class LimitsText:
    """Writes a report for somebody at a time in a zone."""

    def __init__(self, now: datetime, zone: tzinfo) -> None:
        self._zone = zone
        self._now = now.astimezone(zone)

    def report(self, report: LimitsReport) -> list[Markup]:
        """Return the paragraphs of a page."""
        if not report.total:
            return [say("limits_none")]
        accounts = counted("accounts", report.total)
        head = (
            say("limits_head_pages", accounts=accounts, page=report.page + 1, pages=report.pages)
            if report.pages > 1
            else say("limits_head", accounts=accounts)
        )
        return [head, *map(self.account, report.accounts)]

    def account(self, account: AccountLimits) -> Markup:
        title = platform_title(account.platform)
        key = f"limits_account_{account.state}"
        lines = [
            say(
                key if has(key) else "limits_account",
                name=account.name,
                platform=title,
            )
        ]
        if account.held_until is not None:
            lines.append(say("limits_held", until=self._moment(account.held_until)))
        shown = [one for one in account.quotas if one.used or one.name not in QUIET]
        lines += [self._quota(one, title) for one in shown]
        lines += [self._told(one, title) for one in account.told]
        lines += self._queue(account)
        return Markup("\n".join(lines))

    def line(self, quota: QuotaState, platform: str) -> Markup:
        """Return how one quota stands, for lists of accounts."""
        return self._quota(quota, platform_title(platform))

    def _quota(self, quota: QuotaState, title: str) -> Markup:
        facts: dict[str, object] = {
            "quota": quota_name(quota.name),
            "used": human.number(quota.used),
            "limit": human.number(quota.limit),
            "left": human.number(quota.left),
            "platform": title,
        }
        held = quota.told.held_until if quota.told is not None else None
        if held is not None and held > self._now:
            return say("limits_quota_held", until=self._moment(held), **facts)
        if quota.back_at is None:
            return say("limits_quota", **facts)
        key = "limits_quota_resets" if quota.window == "pacific_day" else "limits_quota_back"
        return say(key, until=self._moment(quota.back_at), **facts)

    def _told(self, told: Told, title: str) -> Markup:
        facts = {"platform": title, "what": quota_name(told.name), "at": self._moment(told.at)}
        if told.held_until is not None and told.held_until > self._now:
            return say("limits_told_wait", until=self._moment(told.held_until), **facts)
        used = grouped(told.used)
        if told.name in SHARES:
            return say("limits_told_share", used=used, **facts)
        return say("limits_told", used=used, limit=grouped(told.allowed), **facts)

    def _queue(self, account: AccountLimits) -> list[Markup]:
        """Return what starts when, and what is ready to go live."""
        plan = account.forecast
        ready = [self._ready(plan)] if plan.ready else []
        if not plan.queued:
            return ready or [say("limits_queue_none")]
        return [self._queued(account, plan), *ready]

    def _ready(self, plan: Forecast) -> Markup:
        if plan.ready_at is None or plan.ready_at <= self._now:
            return say("limits_ready", count=plan.ready)
        return say("limits_ready_at", count=plan.ready, until=self._moment(plan.ready_at))

    def _queued(self, account: AccountLimits, plan: Forecast) -> Markup:
        videos = counted("videos", plan.queued)
        if account.state != "ok":
            return say("limits_queue_paused", videos=videos)
        days = Markup(", ".join(self._days(plan)))
        if plan.spill is None:
            return say("limits_queue", videos=videos, days=days)
        return say("limits_queue_spill", videos=videos, days=days, spill=self._spill(plan.spill))

    def _days(self, plan: Forecast) -> list[Markup]:
        shown, rest = plan.days[:DAYS_SHOWN], plan.days[DAYS_SHOWN:]
        if len(rest) == 1:
            shown, rest = plan.days, ()
        words = [self._day(one) for one in shown]
        if rest:
            words.append(self._rest(rest))
        if plan.never:
            words.append(say("limits_never", count=plan.never))
        return words

    def _day(self, plan: DayPlan) -> Markup:
        first = plan.first_at.astimezone(self._zone)
        facts = {"count": plan.count, "time": f"{first:%H:%M}"}
        if first <= self._now:
            return say("limits_now", **facts)
        word = self._word(plan.day)
        return say(f"limits_{word}", day=self._date(plan.day), **facts)

    def _rest(self, days: Sequence[DayPlan]) -> Markup:
        last = days[-1].day
        return say("limits_rest", count=sum(one.count for one in days), day=self._date(last))

    def _spill(self, spill: Spill) -> Markup:
        on = spill.done_at.astimezone(self._zone).date()
        return say(f"limits_spill_{self._word(on)}", account=spill.account, day=self._date(on))

    def _date(self, on: date) -> str:
        return day(on, self._now.date())

    def _word(self, on: date) -> str:
        today = self._now.date()
        if on <= today:
            return "today"
        return "tomorrow" if on == today + timedelta(days=1) else "later"

    def _moment(self, at: datetime) -> str:
        return when(at.astimezone(self._zone), self._now)


def grouped(number: int | None) -> str:
    """Return a number with its thousands apart."""
    return "?" if number is None else human.number(number)


def quota_name(name: str) -> Markup:
    """Return what a quota counts; a third party's is called as it calls it."""
    key = f"quota_{name}"
    return say(key) if has(key) else Markup(name.replace("_", " "))


def warning_text(facts: Mapping[str, Any]) -> Markup:
    """Return the words of a warning that a quota nears its end."""
    title = platform_title(str(facts["platform"]))
    told = {**facts, "platform": title, "quota": quota_name(str(facts["quota"]))}
    told |= {name: grouped(facts[name]) for name in ("used", "limit")}
    return say("quota_warning", **told)
