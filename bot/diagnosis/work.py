"""What lies undone: messages that were not sent, uploads and renders that wait or failed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

from bot.chat.texts.human import span
from bot.diagnosis.findings import Action, Finding, broken, fine, warning
from bot.diagnosis.patient import Patient
from core.store.base import Store

LATE, VERY_LATE = timedelta(minutes=2), timedelta(hours=1)
LATELY = timedelta(days=1)


async def look_at_work(patient: Patient) -> AsyncIterator[Finding]:
    if patient.store is None:
        return
    yield await _outbox(patient, patient.store)
    yield await _people(patient.store)
    yield await _failed(patient, patient.store)
    yield await _renders(patient, patient.store)


async def _outbox(patient: Patient, store: Store) -> Finding:
    """Messages wait in the database until Telegram takes them; when nothing runs, they may."""
    now = patient.clock.now()
    row = await store.one("doctor.late_messages", before=(now - LATE).timestamp())
    if not patient.is_running or row is None or not row["n"]:
        return fine("messages", "outbox")
    age = now - datetime.fromtimestamp(row["oldest"], UTC)
    build = broken if age > VERY_LATE else warning
    return build("messages", "late_outbox", count=row["n"], age=span(age.total_seconds()))


async def _people(store: Store) -> Finding:
    row = await store.one("doctor.for_people")
    if row is None or not row["n"]:
        return fine("decisions", "no_decisions")
    return warning("decisions", "decisions", count=row["n"], post_id=row["post_id"])


async def _failed(patient: Patient, store: Store) -> Finding:
    since = (patient.clock.now() - LATELY).timestamp()
    row = await store.one("doctor.failed", since=since)
    if row is None or not row["n"]:
        return fine("uploads", "no_failures")
    return warning("uploads", "failures", Action.RETRY, count=row["n"])


async def _renders(patient: Patient, store: Store) -> Finding:
    since = (patient.clock.now() - LATELY).timestamp()
    row = await store.one("doctor.renders", since=since)
    if row is not None and row["waiting"]:
        return warning("renders", "late_renders", count=row["waiting"])
    if row is not None and row["failed"]:
        return warning("renders", "failed_renders", count=row["failed"])
    return fine("renders", "renders")
