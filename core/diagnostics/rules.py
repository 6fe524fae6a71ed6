"""What figures advise: rules as data, each with its threshold and the reason for it.

A rule looks at subjects (all, each platform, account, quota, the disk), takes one figure of each
and speaks where that reaches its limit over enough cases. What it says is a sentence
``advice_<name>``, filled with its evidence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from core.diagnostics.cases import (
    Case,
    Circumstances,
    Scene,
    crashes,
    disk_room,
    fallbacks,
    quota_use,
    rejections,
    resumes,
    share_of_tries,
    sign_ins,
    slow_source,
    slower,
    turns,
)
from core.diagnostics.model import DiskFigures, PeriodFigures, QuotaFigures, Recommendation


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Speaks for each case whose figure reaches ``limit`` over at least ``enough`` cases."""

    name: str
    cases: Callable[[Scene], Iterable[Case]]
    limit: float
    enough: int
    why: str
    """Why this limit, and not another one."""


def advise(
    report: PeriodFigures,
    disk: DiskFigures | None,
    quotas: Sequence[QuotaFigures],
    circumstances: Circumstances,
) -> list[Recommendation]:
    """Return what should be done, in the order of the rules; nothing when all is well."""
    scene = Scene(report=report, disk=disk, quotas=quotas, circumstances=circumstances)
    return [
        Recommendation(rule=rule.name, subject=case.subject, evidence=dict(case.evidence))
        for rule in RULES
        for case in rule.cases(scene)
        if case.cases >= rule.enough and case.figure >= rule.limit
    ]


RULES: Sequence[Rule] = (
    Rule(
        name="sign_in",
        cases=sign_ins,
        limit=0.5,
        enough=3,
        why="one refused token is renewed by itself; when most failures are refusals, and not "
        "just once or twice, its owner has to sign in again",
    ),
    Rule(
        name="disk",
        cases=disk_room,
        limit=0.98,
        enough=1,
        why="with less than 2 % of the disk to use, the next large video waits; whatever waited "
        "for it in this time counts as full",
    ),
    Rule(
        name="quota",
        cases=quota_use,
        limit=0.9,
        enough=1,
        why="the warning in the chat comes at 80 %; with a tenth left it is time to spread",
    ),
    Rule(
        name="crashes",
        cases=crashes,
        limit=3,
        enough=3,
        why="one or two ends in the middle are restarts by hand; three are a pattern",
    ),
    Rule(
        name="unsteady",
        cases=share_of_tries("transient", "unknown_outcome", "session_lost"),
        limit=0.2,
        enough=10,
        why="lone failures are mended by a retry; when each fifth of ten or more tries breaks, "
        "the way to that platform is bad",
    ),
    Rule(
        name="rate_limited",
        cases=share_of_tries("rate_limited"),
        limit=0.2,
        enough=5,
        why="a platform that turns away each fifth try wants a slower pace",
    ),
    Rule(
        name="rejected",
        cases=rejections,
        limit=0.3,
        enough=3,
        why="three refused videos that are a third of all are no accident: something about all "
        "of them does not suit",
    ),
    Rule(
        name="resume_vain",
        cases=resumes,
        limit=1.0,
        enough=5,
        why="a resume may find nothing by bad luck; five in a row that kept no byte have a cause",
    ),
    Rule(
        name="turns",
        cases=turns,
        limit=0.5,
        enough=10,
        why="when uploads stand in line longer than everything else takes, more at once helps",
    ),
    Rule(
        name="slow_source",
        cases=slow_source,
        limit=0.5,
        enough=5,
        why="when uploads wait for bytes longer than they send them, the download is what counts",
    ),
    Rule(
        name="fallback",
        cases=fallbacks,
        limit=0.3,
        enough=5,
        why="a text without the model now and then is as meant; a third of them means that its "
        "key, its model or its time limit is wrong",
    ),
    Rule(
        name="slower",
        cases=slower,
        limit=2.0,
        enough=10,
        why="means of ten uploads and more vary by size, but seldom by twice",
    ),
)
