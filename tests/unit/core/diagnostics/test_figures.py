from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core.diagnostics.figures import EVERYBODY, Figures, Scope
from core.diagnostics.model import GroupFigures, PeriodFigures
from core.diagnostics.periods import PERIODS, Period, period_of
from core.posts.measuring import Stage
from tests.factories import Desk
from tests.figures_kit import CHATS, STAGES, History, make_figures, make_history, nearest_rank

JSON = dict[str, Any]
UPLOADS = 400
SCOPES = [EVERYBODY, *(Scope(chat_id=chat) for chat in CHATS)]


class Told:
    """The same history, counted row by row."""

    def __init__(self, history: History, period: Period, scope: Scope) -> None:
        self._since, self._until = period.since.timestamp(), period.until.timestamp()
        self._chat = scope.chat_id
        self._history = history
        self._posts = {row["id"]: row for row in history.posts}
        self._uploads = {row["id"]: row for row in history.uploads}

    def uploads(self, **of: Any) -> list[JSON]:
        return [
            row
            for row in self._history.uploads
            if self._is_in(row["finished_at"]) and self._is_ours(row) and _fits(row, of)
        ]

    def attempts(self, **of: Any) -> list[JSON]:
        handed_over = {
            row["upload_id"] for row in self._history.attempts if row["outcome"] == "processing"
        }
        return [
            {**row, **_place(self._uploads[row["upload_id"]])}
            for row in self._history.attempts
            if self._is_in(row["started_at"])
            and self._is_ours(self._uploads[row["upload_id"]])
            and _fits(self._uploads[row["upload_id"]], of)
            and _is_try(row, handed_over)
        ]

    def errors(self, **of: Any) -> list[JSON]:
        return [
            row
            for row in self._history.attempts
            if row["error_kind"]
            and self._is_in(row["finished_at"])
            and self._is_ours(self._uploads[row["upload_id"]])
            and _fits(self._uploads[row["upload_id"]], of)
        ]

    def measures(self, **of: Any) -> list[JSON]:
        return [
            row
            for row in self._history.measures
            if self._is_in(row["at"]) and self._chat in {None, row["chat_id"]} and _fits(row, of)
        ]

    def posts(self) -> int:
        ours = [row for row in self._history.posts if self._chat in {None, row["chat_id"]}]
        return sum(1 for row in ours if self._is_in(row["created_at"]))

    def _is_in(self, at: float) -> bool:
        return self._since <= at < self._until

    def _is_ours(self, upload: JSON) -> bool:
        return self._chat in {None, self._posts[upload["post_id"]]["chat_id"]}


def _fits(row: JSON, of: JSON) -> bool:
    return all(row[name] == value for name, value in of.items())


def _place(upload: JSON) -> JSON:
    return {"platform": upload["platform"], "account_id": upload["account_id"]}


def _is_try(row: JSON, handed_over: set[int]) -> bool:
    if row["error_kind"] or row["outcome"] in {"processing", "failed", "unknown", "crashed"}:
        return True
    return row["outcome"] == "live" and row["upload_id"] not in handed_over


@pytest.fixture
async def figures(desk: Desk, tmp_path: Path) -> Figures:
    return make_figures(desk, tmp_path / "spool")


@pytest.fixture
def history(desk: Desk, database: Path) -> History:
    """A history in place of the accounts that the desk began with."""
    made = make_history(desk.clock.now(), UPLOADS)
    made.accounts = [{**row, "id": row["id"] + 10} for row in made.accounts]
    for rows in (made.uploads, made.measures):
        for row in rows:
            row["account_id"] = row["account_id"] and row["account_id"] + 10
    made.write(database)
    return made


async def _report(desk: Desk, figures: Figures, name: str, scope: Scope) -> PeriodFigures:
    period = period_of(name, desk.clock.now(), figures.zone)
    assert period is not None
    return await figures.period(period, scope)


def _period(desk: Desk, figures: Figures, name: str) -> Period:
    period = period_of(name, desk.clock.now(), figures.zone)
    assert period is not None
    return period


@pytest.mark.parametrize("scope", SCOPES, ids=str)
@pytest.mark.parametrize("name", PERIODS)
async def test_counts_and_times_are_those_counted_row_by_row(
    desk: Desk, figures: Figures, history: History, name: str, scope: Scope
) -> None:
    told = Told(history, _period(desk, figures, name), scope)
    report = await _report(desk, figures, name, scope)
    _compare_group(report, told)
    assert report.posts == told.posts()
    _compare_stages(report, told)


def _compare_group(report: PeriodFigures, told: Told) -> None:
    groups: list[tuple[GroupFigures, JSON]] = [(report.all, {})]
    groups += [(one, {"platform": one.platform}) for one in report.platforms]
    groups += [(one, {"account_id": one.account_id}) for one in report.accounts]
    for group, of in groups:
        uploads, attempts = told.uploads(**of), told.attempts(**of)
        states = Counter(row["state"] for row in uploads)
        assert group.uploads == len(uploads)
        counted = (states["live"], states["failed"], states["cancelled"])
        assert (group.live, group.failed, group.cancelled) == counted
        ended = states["live"] + states["failed"]
        assert group.success_rate == (states["live"] / ended if ended else None)
        assert group.bytes_sent == sum(row["bytes_sent"] for row in uploads)
        assert group.attempts == len(attempts)
        assert group.failed_attempts == sum(1 for row in attempts if row["error_kind"])
        assert group.errors == Counter(row["error_kind"] for row in told.errors(**of))
        totals = [row["seconds"] for row in told.measures(stage="total", **of)]
        assert group.total.count == len(totals)
        assert group.total.seconds == pytest.approx(sum(totals))
        assert group.total.p95_seconds == nearest_rank(totals)
        resumes = [row["bytes"] for row in told.measures(stage="resume", **of)]
        assert group.resumes == len(resumes)
        assert group.resumes_helped == sum(1 for size in resumes if size)
        assert group.bytes_not_resent == sum(resumes)


def _compare_stages(report: PeriodFigures, told: Told) -> None:
    names = [stage.value for stage in Stage if stage is not Stage.TOTAL]
    assert [one.stage for one in report.stages] == [n for n in names if told.measures(stage=n)]
    for one in report.stages:
        rows = told.measures(stage=one.stage)
        seconds = [row["seconds"] for row in rows]
        assert one.count == len(rows)
        assert one.seconds == pytest.approx(sum(seconds))
        assert one.mean_seconds == pytest.approx(sum(seconds) / len(seconds))
        assert one.p95_seconds == nearest_rank(seconds)
        assert one.bytes == sum(row["bytes"] for row in rows)
    shares = sum(one.share for one in report.stages)
    assert shares == pytest.approx(1.0 if report.stages else 0.0)
    waits = told.measures(stage="wait")
    assert {wait.reason for wait in report.waits} == {row["detail"] for row in waits}
    for wait in report.waits:
        found = [row["seconds"] for row in waits if row["detail"] == wait.reason]
        assert wait.count == len(found)
        assert wait.seconds == pytest.approx(sum(found))


async def test_the_time_before_and_the_course_are_those_counted_row_by_row(
    desk: Desk, figures: Figures, history: History
) -> None:
    period = _period(desk, figures, "30d")
    report = await figures.period(period)
    before = Told(history, period.before, EVERYBODY)
    assert report.before is not None
    assert report.before.uploads == len(before.uploads())
    totals = [row["seconds"] for row in before.measures(stage="total")]
    assert report.before.p95_seconds == nearest_rank(totals)
    told = Told(history, period, EVERYBODY)
    assert sum(point.live for point in report.course) == len(told.uploads(state="live"))
    assert sum(point.failed for point in report.course) == len(told.uploads(state="failed"))
    for point in report.course:
        start, end = point.at.timestamp(), (point.at + timedelta(days=1)).timestamp()
        live = [u for u in told.uploads(state="live") if start <= u["finished_at"] < end]
        assert point.live == len(live)


async def test_errors_tell_their_last_example(
    desk: Desk, figures: Figures, history: History
) -> None:
    period = _period(desk, figures, "30d")
    told = Told(history, period, EVERYBODY)
    report = await figures.period(period)
    for error in report.errors:
        rows = [row for row in told.errors() if row["error_kind"] == error.kind]
        last = max(rows, key=lambda row: row["finished_at"])
        assert error.count == len(rows)
        assert error.last.at.timestamp() == pytest.approx(last["finished_at"])
        assert error.last.message == f"{error.kind} happened"


@pytest.mark.parametrize("scope", SCOPES, ids=str)
async def test_mashups_are_those_counted_one_by_one(
    desk: Desk, figures: Figures, history: History, scope: Scope
) -> None:
    since, chat = _period(desk, figures, "30d").since.timestamp(), scope.chat_id
    ours = {
        row["id"]: row
        for row in history.renders
        if row["finished_at"] >= since and not row["preview"] and chat in {None, row["chat_id"]}
    }
    failed = [row for row in ours.values() if row["state"] == "failed"]
    made = [row for row in ours.values() if row["state"] == "ready"]
    found = (await _report(desk, figures, "30d", scope)).renders

    assert found.made == len(made) > 0
    assert (found.failed, found.ended) == (len(failed), len(ours))
    seconds = sum(json.loads(row["facts"])["duration_seconds"] for row in made)
    assert found.video_seconds == pytest.approx(seconds)
    causes = Counter(row["error_key"] for row in failed)
    assert (found.cause is None) == (not causes)
    if found.cause is not None:
        last = max(row["id"] for row in failed if row["error_key"] == found.cause.key)
        assert found.cause.count == causes[found.cause.key] == max(causes.values())
        assert (found.cause.render_id, found.cause.facts) == (last, {"missing_bytes": last})
    assert [one.stage for one in found.stages] == list(STAGES)
    for one in found.stages:
        spent = [
            row["seconds"]
            for row in history.render_stages
            if row["render_id"] in ours and row["stage"] == one.stage
        ]
        assert one.count == len(spent)
        assert one.seconds == pytest.approx(sum(spent))
        assert one.p95_seconds == nearest_rank(spent)
    assert sum(one.share for one in found.stages) == pytest.approx(1)


async def test_the_slowest_stage_leaves_out_what_people_chose(
    desk: Desk, figures: Figures, history: History
) -> None:
    period = _period(desk, figures, "30d")
    told = Told(history, period, EVERYBODY)
    sums: Counter[str] = Counter()
    for row in told.measures():
        if row["stage"] != "total" and row["detail"] not in {"time", "person"}:
            sums[row["stage"]] += row["seconds"]
    report = await figures.period(period)
    assert report.slowest_stage == max(sums, key=lambda stage: sums[stage])


@pytest.mark.parametrize("name", PERIODS)
async def test_nothing_at_all_is_told_as_nothing(desk: Desk, figures: Figures, name: str) -> None:
    report = (await figures.diagnostics([_period(desk, figures, name)])).periods[name]
    assert report.all.uploads == report.posts == 0
    assert report.all.success_rate is None
    assert report.all.total.p95_seconds is None
    assert (report.stages, report.errors, report.course, report.before) == ([], [], [], None)
    assert report.recommendations == []


async def test_today_begins_at_midnight_of_the_place(desk: Desk) -> None:
    zone = ZoneInfo("Asia/Tashkent")
    period = period_of("today", desk.clock.now(), zone)
    assert period is not None
    start = period.since.astimezone(zone)
    assert (start.hour, start.minute, start.second) == (0, 0, 0)
    assert period.before.since == period.since - timedelta(days=1)
