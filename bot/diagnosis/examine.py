"""The whole examination, in the order in which people read it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable

from bot.diagnosis.accounts import look_at_accounts
from bot.diagnosis.database import look_at_database
from bot.diagnosis.findings import Finding, State, broken
from bot.diagnosis.keys import look_at_keys
from bot.diagnosis.library import look_at_library
from bot.diagnosis.machine import look_at_disk, look_at_tools
from bot.diagnosis.network import Network, open_network
from bot.diagnosis.outside import look_at_clock, look_at_web
from bot.diagnosis.patient import Patient
from bot.diagnosis.quotas import look_at_quotas
from bot.diagnosis.telegram import look_at_bot
from bot.diagnosis.work import look_at_work

logger = logging.getLogger(__name__)

Look = Callable[[Patient], AsyncIterator[Finding]]
LookOutside = Callable[[Patient, Network], AsyncIterator[Finding]]

INSIDE: tuple[tuple[str, Look], ...] = (
    ("ffmpeg", look_at_tools),
    ("disk", look_at_disk),
    ("keys", look_at_keys),
    ("database", look_at_database),
)
OUTSIDE: tuple[tuple[str, LookOutside], ...] = (
    ("telegram", look_at_bot),
    ("web", look_at_web),
    ("clock", look_at_clock),
)
BUSINESS: tuple[tuple[str, Look], ...] = (
    ("accounts", look_at_accounts),
    ("quotas", look_at_quotas),
    ("work", look_at_work),
    ("library", look_at_library),
)


async def examine(patient: Patient) -> list[Finding]:
    """Look at everything that can be seen without changing anything, all at once."""
    async with open_network(patient.clock) as network, asyncio.TaskGroup() as group:
        looks = [
            *((name, look(patient)) for name, look in INSIDE),
            *((name, look_outside(patient, network)) for name, look_outside in OUTSIDE),
            *((name, look(patient)) for name, look in BUSINESS),
        ]
        tasks = [group.create_task(_looked(name, found)) for name, found in looks]
    return [finding for task in tasks for finding in task.result()]


async def _looked(name: str, found: AsyncIterator[Finding]) -> list[Finding]:
    """Collect what one look finds; one that fails is a finding and hides no other."""
    findings = []
    try:
        async for finding in found:
            findings.append(finding)  # noqa: PERF401 - what was found before a failure counts
    except Exception as error:
        logger.exception("the doctor failed", extra={"part": name})
        findings.append(broken(name, "blind", part=name, why=type(error).__name__))
    return findings


def is_well(findings: list[Finding]) -> bool:
    return all(finding.state is not State.BROKEN for finding in findings)
