"""How long each stage of a post takes: written inside of commits that happen anyway."""

from __future__ import annotations

from collections import deque
from datetime import timedelta
from enum import StrEnum
from typing import Any

from core.accounts.vault import Vault
from core.posts.models import UPLOAD_FINAL, Upload, UploadState, WaitReason
from core.posts.reading import Reading
from core.store.base import Store, Tx
from utils.clock import Clock

KEPT = timedelta(days=90)
"""So long measures are kept: twice the longest period that is told (30 days), and some more."""
PENDING = 10_000
"""Most measures that wait for a commit; the oldest are lost beyond."""
FORGOTTEN_AT_ONCE = 5_000
"""Rows of one commit: nobody else writes meanwhile."""

ASKED = frozenset({WaitReason.PLATFORM.value, WaitReason.PERSON.value})
"""What an attempt only asks about: the wait goes on."""


class Stage(StrEnum):
    """A part of the way of a post."""

    FETCH = "fetch"
    """From the question to the source until its last byte is on the disk."""
    PROBE = "probe"
    """From the last byte until it is known what the video is."""
    DESCRIBE = "describe"
    """Title, description and tags; the detail says by whom: ``ai``, ``fallback``, ``person``."""
    FIT = "fit"
    WAIT = "wait"
    """Nothing could be done; the detail says what was waited for: a `WaitReason`, ``outcome``
    (unknown), ``text`` (not written yet), or ``source`` (in the middle of a request, for bytes
    that had not come yet)."""
    BEGIN = "begin"
    SEND = "send"
    """Requests with bytes of the video, without what they waited for the source."""
    RESUME = "resume"
    """Asking where to go on; its bytes were not sent again."""
    COMMIT = "commit"
    PROCESSING = "processing"
    """At the platform, from the last step of ours until it is live or failed."""
    TOTAL = "total"
    """From accepted to live, without what a person or a chosen time kept waiting."""


class Measuring(Reading):
    """Keeps measures until somebody commits, and derives those of states from their changes."""

    def __init__(self, store: Store, clock: Clock, vault: Vault | None = None) -> None:
        super().__init__(store, clock, vault)
        self._unwritten: deque[dict[str, Any]] = deque(maxlen=PENDING)

    def measure(
        self,
        stage: str,
        seconds: float,
        *,
        post_id: int,
        upload_id: int | None = None,
        platform: str = "",
        bytes: int = 0,  # noqa: A002 - what it counts
        detail: str = "",
    ) -> None:
        """Note how long a stage took; written with the next change of any post.

        A measure that a crash takes away is lost: it costs no commit of its own.
        """
        row = {
            "at": self._seconds(),
            "post_id": post_id,
            "upload_id": upload_id,
            "platform": platform,
            "stage": str(stage),
            "detail": detail,
            "seconds": max(0.0, seconds),
            "bytes": bytes,
        }
        self._unwritten.append(row)

    async def _write_measures(self, tx: Tx) -> None:
        """Write what is kept in the caller's transaction."""
        if self._unwritten:
            rows = list(self._unwritten)
            self._unwritten.clear()
            await tx.many("measures.add", rows=rows)

    async def write_measures(self) -> None:
        """Write what is kept in a commit of its own: now and then, and at the end."""
        if self._unwritten:
            async with self._store.transaction() as tx:
                await self._write_measures(tx)

    async def forget_measures(self, kept: timedelta = KEPT) -> int:
        """Delete what is older, a bounded number a commit; returns how many rows."""
        before = (self._clock.now() - kept).timestamp()
        total = 0
        while True:
            async with self._store.transaction() as tx:
                gone = await tx.run("measures.forget", before=before, most=FORGOTTEN_AT_ONCE)
            total += gone
            if gone < FORGOTTEN_AT_ONCE:
                return total

    async def _measure_change(self, tx: Tx, before: Upload, after: Upload) -> None:
        """Measure the state that an upload leaves, and the whole way when it is live."""
        now = self._seconds()
        old, new = _spell(before), _spell(after)
        if old is not None and old != new:
            await self._end_spell(tx, before, old)
        if new is not None and old != new:
            await tx.run("measures.begin_spell", id=after.id, at=now)
        if before.state in UPLOAD_FINAL and after.state not in UPLOAD_FINAL:
            await tx.run("measures.accept_again", id=after.id, at=now)
        if after.state is UploadState.LIVE and before.state is not UploadState.LIVE:
            await tx.run("measures.total", id=after.id, at=now)

    async def _measure_start(self, tx: Tx, upload: Upload) -> None:
        """An attempt begins: what it waited for before is over, whatever it waits for next."""
        spell = _spell(upload)
        if spell is not None and upload.state is UploadState.WAITING and spell[1] not in ASKED:
            await self._end_spell(tx, upload, spell)
            await tx.run("measures.begin_spell", id=upload.id, at=None)

    async def _measure_leave(self, tx: Tx, upload: Upload) -> None:
        """An attempt has ended: where the upload still waits, that wait begins now."""
        await tx.run("measures.go_on", id=upload.id, at=self._seconds())

    async def _end_spell(self, tx: Tx, upload: Upload, spell: tuple[Stage, str]) -> None:
        await tx.run(
            "measures.end_spell",
            id=upload.id,
            account_id=upload.account_id,
            at=self._seconds(),
            stage=spell[0].value,
            detail=spell[1],
        )


def _spell(upload: Upload) -> tuple[Stage, str] | None:
    """Return what an upload goes through in a state that lasts; None where it moves or ended."""
    reason = upload.reason.value if upload.reason else ""
    match upload.state:
        case UploadState.WAITING:
            return Stage.WAIT, reason
        case UploadState.UNKNOWN:
            return Stage.WAIT, reason if reason == "person" else "outcome"
        case UploadState.PROCESSING:
            return Stage.PROCESSING, ""
        case _:
            return None
