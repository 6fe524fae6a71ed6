"""The keys of the vault: readable by nobody else, none lost, none left over."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from bot.diagnosis.findings import Finding, broken, fine, warning
from bot.diagnosis.patient import Patient
from core.accounts.keyfile import OTHERS, KeyFile
from core.accounts.keys import KeyReport, Keys
from core.accounts.sealed_values import used_keys
from core.accounts.vault import Keyring, Vault, VaultError

OURS = ("keys.json", "keys.retired.json")


async def look_at_keys(patient: Patient) -> AsyncIterator[Finding]:
    file = KeyFile(patient.settings.data_dir, patient.clock)
    for finding in look_at_files(patient.settings.data_dir):
        yield finding
    used = await used_keys(patient.store) if patient.store else set()
    if not file.from_environment and not file.path.exists():
        is_lost = bool(used)
        yield (
            broken("keys", "keys_gone", keys=sorted(used)) if is_lost else fine("keys", "no_keys")
        )
        return
    try:
        ring = file.read()
    except VaultError as error:
        yield broken("keys", "bad_keys", why=str(error))
        return
    if patient.store is None:
        yield fine("keys", "keys_readable", current=ring.current)
        return
    report = await Keys(patient.store, Vault.of(ring), file, patient.clock).report()
    for finding in judge(report, ring):
        yield finding


def judge(report: KeyReport, ring: Keyring) -> Iterator[Finding]:
    for key, names in report.lost.items():
        yield broken("keys", "lost_key", key=key, accounts=names)
    if report.damaged:
        yield broken("keys", "damaged_tokens", accounts=report.damaged)
    older = [use.id for use in report.keys if use.state == "old"]
    if older:
        yield warning("keys", "older_keys", keys=older, current=ring.current)
    if report.lost or report.damaged or older:
        return
    values = sum(use.values for use in report.keys)
    yield fine("keys", "keys", current=ring.current, count=values)


def look_at_files(folder: Path) -> Iterator[Finding]:
    """Look for keys that others can read, and for copies of keys that nobody needs."""
    for name in OURS:
        path = folder / name
        if path.exists() and path.stat().st_mode & OTHERS:
            yield broken("key files", "open_keys", path=path)
    strays = [path.name for path in folder.glob("keys*") if path.name not in OURS]
    if strays:
        yield warning("key files", "stray_keys", files=sorted(strays), folder=folder)
