"""Trying failed uploads again together, and what nobody decided in time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from enum import StrEnum

from core.errors import ErrorKind
from core.posts.causes import DUPLICATE, NOBODY_DECIDED
from core.posts.deciding import Deciding
from core.posts.models import Post, PostState, Upload, UploadState, WaitReason
from core.store.base import Tx

REPLAY_PRIORITY = -1_000_000_000
"""Behind everything that was asked for since; among each other in the order of their posts."""

AccountsBack = Callable[[], Awaitable[object]]


class Replayed(StrEnum):
    """What became of a failed upload that was to be tried again."""

    RETRIED = "retried"
    THERE = "there"
    """Its content is (being) published on the account: a person publishes it once more."""
    UNDECIDED = "undecided"
    """It may be live: a person looks first."""
    NO_ACCOUNT = "no_account"
    """Its account is not connected any more."""
    GONE = "gone"
    """It is not failed any more, or was put aside."""


class Replaying(Deciding):
    """Begins failed uploads again, never what may be there already."""

    _when_back: AccountsBack | None = None

    def when_accounts_back(self, follow: AccountsBack) -> None:
        """Have something follow whenever accounts came back."""
        self._when_back = follow

    async def wake_accounts(self) -> int:
        """Go on with what waited for an account that was connected again."""
        woken = await super().wake_accounts()
        if self._when_back is not None:
            await self._when_back()
        return woken

    async def replay(self, tx: Tx, upload_id: int) -> Replayed:
        """Begin one of many failed uploads again, behind what is newer."""
        upload = await self._upload(tx, upload_id)
        kept = await self._kept_from_replay(tx, upload)
        if kept is not None:
            return kept
        await self._again(tx, upload, priority=REPLAY_PRIORITY - int(upload.post_id))
        await self._gather_again(tx, upload.post_id)
        return Replayed.RETRIED

    async def _kept_from_replay(self, tx: Tx, upload: Upload) -> Replayed | None:
        if upload.state is not UploadState.FAILED or upload.dropped_at is not None:
            return Replayed.GONE
        if upload.error_code == NOBODY_DECIDED:
            return Replayed.UNDECIDED
        account = await tx.one("accounts.get", id=upload.account_id)
        if account is None or account["state"] == "removed":
            return Replayed.NO_ACCOUNT
        post = await self._post(tx, upload.post_id)
        if upload.error_code == DUPLICATE or await self._is_there(tx, upload, post):
            return Replayed.THERE
        return None

    async def _is_there(self, tx: Tx, upload: Upload, post: Post) -> bool:
        """Return whether its content is claimed, unless a person wanted this very copy."""
        if upload.copy:
            return False
        known = [post.fingerprint] + ([f"sha256:{post.sha256}"] if post.sha256 else [])
        for fingerprint in known:
            key = {"account_id": upload.account_id, "fingerprint": fingerprint}
            if await tx.one("posts.ledger_owner", **key) is not None:
                return True
        return False

    async def nobody_decided(self, upload_id: int) -> bool:
        """End an upload of which nobody said whether it is live; False when somebody has.

        It is not sent again and keeps its claim on the content, so nothing else publishes that
        unasked; a person can still decide (see ``decide``).
        """
        async with self._store.transaction() as tx:
            upload = await self._upload(tx, upload_id)
            asked = upload.state is UploadState.UNKNOWN and upload.reason is WaitReason.PERSON
            if not asked:
                return False
            await self._move(
                tx,
                upload,
                UploadState.FAILED,
                event="expired",
                error_kind=ErrorKind.UNKNOWN_OUTCOME.value,
                error_code=NOBODY_DECIDED,
            )
        return True

    async def cancel_draft(self, post_id: int, question: str, *, by: str) -> bool:
        """Cancel a draft that still waits for that answer; False when it does not."""
        async with self._store.transaction() as tx:
            post = await self._post(tx, post_id)
            if post.state is not PostState.DRAFT or post.question != question:
                return False
            await self._set_post_state(tx, post.id, PostState.CANCELLED)
            await self._event(tx, post.id, None, "cancelled", by=by)
            tx.after_commit(self.changed)
        return True
