"""The doctor of a running Karvon: examines, reports, and does what the bot can do itself."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.diagnosis.database import BACKED_UP
from bot.diagnosis.examine import examine
from bot.diagnosis.findings import Finding
from bot.diagnosis.patient import Patient
from bot.diagnosis.report import build_report
from core.store.backup import Backup, back_up
from core.store.open import sqlite_path

if TYPE_CHECKING:
    from bot.parts import Parts


class Doctor:
    """Looks at the running program from inside."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._patient = Patient(
            settings=parts.settings, clock=parts.clock, store=parts.store, is_running=True
        )

    async def examine(self) -> list[Finding]:
        return await examine(self._patient)

    async def report(self, findings: Sequence[Finding] | None = None) -> dict[str, Any]:
        """Return what can be shared; without findings everything is looked at anew."""
        return await build_report(self._patient, findings or await self.examine())

    async def resume(self, account_id: int) -> str:
        """Let a paused account go on and return its name.

        Raises:
            RefusedError: it is not paused, or not there.
        """
        await self._parts.book.resume(account_id)
        await self._parts.posts.wake_accounts()
        account = await self._parts.book.get(account_id)
        return account.name if account else ""

    async def back_up(self, target: Path | None = None) -> Backup:
        """Copy the database and note when; without a target into ``backups`` in the data folder.

        Raises:
            StoreError: the copy could not be made.
        """
        now = self._parts.clock.now()
        if target is None:
            folder = self._parts.settings.data_dir / "backups"
            folder.mkdir(exist_ok=True, mode=0o700)
            target = folder / f"karvon-{now:%Y%m%d-%H%M%S}.db"
        made = await back_up(sqlite_path(self._parts.settings.database_url), target)
        await self._parts.posts.set_fact(BACKED_UP, str(now.timestamp()))
        return made
