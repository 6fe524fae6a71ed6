"""Takes the figures of a time out of the database: sums by statements, never row by row."""

from __future__ import annotations

import asyncio
import shutil
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from core.accounts.quotas import Quotas
from core.diagnostics.cases import Circumstances
from core.diagnostics.clean import shown_error
from core.diagnostics.groups import ALL, Groups, Trouble, beyond_p95, rate, timing
from core.diagnostics.model import (
    Before,
    Diagnostics,
    DiskFigures,
    ErrorExample,
    ErrorFigures,
    OpenFigures,
    PeriodFigures,
    Point,
    PostFigures,
    QuotaFigures,
    StageFigures,
    WaitFigures,
)
from core.diagnostics.of_renders import render_figures
from core.diagnostics.periods import Period
from core.diagnostics.rules import advise
from core.media.spools import Spools
from core.posts.measuring import Stage
from core.posts.records import require_time
from core.store.base import Row, Store
from utils.clock import Clock

ACCOUNTS_AT_ONCE = 100
CHOSEN = frozenset({"time", "person"})
"""Waits that somebody chose: no part of what is slow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Whose posts count."""

    chat_id: int | None = None
    """None for all chats."""

    def params(self, period: Period) -> dict[str, Any]:
        return {
            "since": period.since.timestamp(),
            "until": period.until.timestamp(),
            **self.whose(),
        }

    def whose(self) -> dict[str, Any]:
        return {"every": int(self.chat_id is None), "chat_id": self.chat_id or 0}


EVERYBODY = Scope()


class Figures:
    """Reads what happened; one object serves a process and knows since when that runs."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        quotas: Quotas,
        spools: Spools,
        circumstances: Circumstances,
        zone: tzinfo,
    ) -> None:
        self.zone = zone
        self._store = store
        self._clock = clock
        self._quotas = quotas
        self._spools = spools
        self._circumstances = circumstances
        self._started_at = clock.now()

    def now(self) -> datetime:
        return self._clock.now()

    async def diagnostics(
        self,
        periods: Sequence[Period],
        scope: Scope = EVERYBODY,
        post: PostFigures | None = None,
    ) -> Diagnostics:
        """Return the figures of these times, and of how things stand now."""
        disk, quotas = await self._disk(), await self._quota_use()
        reports = {}
        for period in periods:
            report = await self.period(period, scope)
            advice = advise(report, disk, quotas, self._circumstances)
            reports[period.name] = report.model_copy(update={"recommendations": advice})
        now = self._clock.now()
        return Diagnostics(
            made_at=now,
            started_at=self._started_at,
            session_seconds=(now - self._started_at).total_seconds(),
            open=await self._open(scope),
            disk=disk,
            quotas=quotas,
            periods=reports,
            post=post,
        )

    async def period(self, period: Period, scope: Scope = EVERYBODY) -> PeriodFigures:
        """Return the figures of one time, without recommendations."""
        params = scope.params(period)
        measures = await self._store.all("diagnostics.measures", **params)
        groups = await self._groups(params, measures)
        stages = await self._stages(params, measures)
        posts = await self._store.one("diagnostics.posts", **params)
        fetched = next((one for one in stages if one.stage == Stage.FETCH), None)
        return PeriodFigures(
            period=period.name,
            since=period.since,
            until=period.until,
            posts=posts["posts"] if posts else 0,
            all=groups.build(ALL),
            platforms=[groups.build(key) for key in groups.platforms()],
            accounts=[groups.build(key) for key in groups.accounts()],
            stages=stages,
            waits=_waits(measures),
            slowest_stage=_slowest(measures),
            bytes_fetched=fetched.bytes if fetched else 0,
            fetch_bytes_per_second=rate(fetched.bytes, fetched.seconds) if fetched else None,
            texts=_texts(measures),
            errors=await self._errors(groups.troubles),
            renders=await render_figures(self._store, params),
            before=await self._before(period.before, scope),
            course=await self._course(period, params),
        )

    async def _groups(self, params: Mapping[str, Any], measures: Sequence[Row]) -> Groups:
        groups = Groups()
        for name in ("diagnostics.uploads", "diagnostics.attempts"):
            for row in await self._store.all(name, **params):
                groups.add(row)
        for several, single in (("errors", "error"), ("failures", "failure")):
            for row in await self._store.all(f"diagnostics.{several}", **params):
                groups.add_trouble(f"diagnostics.{single}", row)
        for row in measures:
            groups.add_measure(row)
        ranks = await self._store.all("diagnostics.account_ranks", **params)
        groups.p95 |= {(row["platform"], row["account_id"]): row["p95"] for row in ranks}
        for key in groups.platforms():
            count = groups.lives(key)
            groups.p95[key] = await self._rank("platform_rank", count, params, platform=key[0])
        groups.p95[ALL] = await self._stage_rank(Stage.TOTAL, groups.lives(ALL), params)
        return groups

    async def _stage_rank(
        self, stage: Stage, count: int, params: Mapping[str, Any]
    ) -> float | None:
        return await self._rank("stage_rank", count, params, stage=stage.value)

    async def _rank(
        self, name: str, count: int, params: Mapping[str, Any], **of: str
    ) -> float | None:
        """Return the nearest rank: the least value that 95 of 100 do not exceed."""
        if not count:
            return None
        skip = beyond_p95(count)
        row = await self._store.one(f"diagnostics.{name}", skip=skip, **of, **params)
        return None if row is None else float(row["seconds"])

    async def _stages(
        self, params: Mapping[str, Any], measures: Sequence[Row]
    ) -> list[StageFigures]:
        """Return the stages in their order."""
        sums: defaultdict[str, list[float]] = defaultdict(lambda: [0, 0.0, 0])
        for row in measures:
            for place, name in enumerate(("n", "seconds", "bytes")):
                sums[row["stage"]][place] += row[name]
        whole = sum(seconds for stage, (_, seconds, _) in sums.items() if stage != Stage.TOTAL)
        found = []
        for stage in Stage:
            if stage is not Stage.TOTAL and stage in sums:
                p95 = await self._stage_rank(stage, int(sums[stage][0]), params)
                found.append(_stage(stage, *sums[stage], p95=p95, whole=whole))
        return found

    async def _errors(self, troubles: Mapping[str, Trouble]) -> list[ErrorFigures]:
        found = []
        for kind, trouble in troubles.items():
            statement, number = trouble.last
            row = await self._store.one(statement, id=number)
            if row is not None:
                last = error_example(row)
                found.append(ErrorFigures(kind=kind, count=trouble.count, last=last))
        return sorted(found, key=lambda one: (-one.count, one.kind))

    async def _before(self, period: Period, scope: Scope) -> Before | None:
        """Return the time before; None where nothing ended in it."""
        params = scope.params(period)
        groups = Groups()
        for row in await self._store.all("diagnostics.uploads", **params):
            groups.add(row)
        totals = await self._store.one("diagnostics.totals", **params)
        figures = groups.build(ALL)
        if not figures.uploads or totals is None:
            return None
        p95 = await self._stage_rank(Stage.TOTAL, totals["n"], params)
        time = timing(totals["n"], totals["seconds"], p95)
        return Before(
            since=period.since,
            until=period.until,
            uploads=figures.uploads,
            live=figures.live,
            failed=figures.failed,
            success_rate=figures.success_rate,
            mean_seconds=time.mean_seconds,
            p95_seconds=time.p95_seconds,
            bytes_sent=figures.bytes_sent,
        )

    async def _course(self, period: Period, params: Mapping[str, Any]) -> list[Point]:
        origin, step = int(period.since.timestamp()), int(period.step.total_seconds())
        params = {"origin": origin, "step": step, **params}
        rows = await self._store.all("diagnostics.course_seconds", **params)
        means = {row["place"]: row["mean"] for row in rows}
        return [
            Point(
                at=require_time(origin + row["place"] * step),
                live=row["live"],
                failed=row["failed"],
                mean_seconds=means.get(row["place"]),
            )
            for row in await self._store.all("diagnostics.course", **params)
        ]

    async def _open(self, scope: Scope) -> OpenFigures:
        row = await self._store.one("diagnostics.open", **scope.whose())
        return OpenFigures(**row) if row else OpenFigures()

    async def _disk(self) -> DiskFigures:
        folder, keep = self._spools.folder, self._spools.min_free_bytes
        usage = await asyncio.to_thread(shutil.disk_usage, folder)
        return DiskFigures(
            free_bytes=usage.free,
            total_bytes=usage.total,
            spool_bytes=await asyncio.to_thread(self._spools.used_bytes),
            keep_free_bytes=keep,
            room_bytes=max(0, usage.free - keep),
        )

    async def _quota_use(self) -> list[QuotaFigures]:
        page, pages, found = 0, 1, []
        while page < pages:
            report = await self._quotas.report(self.zone, page, ACCOUNTS_AT_ONCE)
            found += [
                QuotaFigures(
                    platform=account.platform,
                    account=account.name,
                    name=quota.name,
                    used=quota.used,
                    limit=quota.limit,
                    back_at=quota.back_at,
                )
                for account in report.accounts
                for quota in account.quotas
                if quota.used > 0
            ]
            page, pages = page + 1, report.pages
        return found


def error_example(row: Row) -> ErrorExample:
    return ErrorExample(
        kind=row["kind"],
        at=require_time(row["at"]),
        platform=row["platform"],
        account=row["account"],
        post_id=row["post_id"],
        code=shown_error(row["code"]),
        message=shown_error(row["message"]),
    )


def _stage(
    stage: str, count: float, seconds: float, size: float, *, p95: float | None, whole: float
) -> StageFigures:
    time = timing(int(count), seconds, p95)
    share = seconds / whole if whole > 0 else 0.0
    return StageFigures(stage=stage, bytes=int(size), share=share, **time.model_dump())


def _waits(measures: Sequence[Row]) -> list[WaitFigures]:
    sums: defaultdict[str, list[float]] = defaultdict(lambda: [0, 0.0])
    for row in measures:
        if row["stage"] == Stage.WAIT:
            sums[row["detail"]][0] += row["n"]
            sums[row["detail"]][1] += row["seconds"]
    waits = [
        WaitFigures(reason=reason, count=int(count), seconds=seconds)
        for reason, (count, seconds) in sums.items()
    ]
    return sorted(waits, key=lambda one: (-one.seconds, one.reason))


def _slowest(measures: Sequence[Row]) -> str:
    """Return the stage with most seconds, of those that nobody chose."""
    sums: defaultdict[str, float] = defaultdict(float)
    for row in measures:
        chosen = row["stage"] == Stage.WAIT and row["detail"] in CHOSEN
        if row["stage"] != Stage.TOTAL and not chosen:
            sums[row["stage"]] += row["seconds"]
    return max(sums, key=lambda stage: sums[stage], default="")


def _texts(measures: Sequence[Row]) -> dict[str, int]:
    texts: defaultdict[str, int] = defaultdict(int)
    for row in measures:
        if row["stage"] == Stage.DESCRIBE:
            texts[row["detail"]] += row["n"]
    return dict(sorted(texts.items()))
