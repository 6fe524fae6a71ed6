"""What people do while Karvon is killed: sign in again, edit, delete, ask for a new key."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from typing import Any

from tests.chaos.plan import PlannedPost
from tests.chaos.process import AwayError, Karvon
from tests.chaos.remote import Remote
from tests.chaos.signing import PAGES, SignInError

log = logging.getLogger(__name__)

JSON = dict[str, Any]
LOOK_SECONDS = 0.5
EDITABLE = frozenset({"youtube", "facebook", "telegram"})
"""Where words can be changed and videos removed.

Source: the stand-ins' rules; TikTok has neither, Instagram only removes by hand."""
FINAL = frozenset({"live", "failed", "cancelled"})


@dataclass(slots=True, kw_only=True)
class Deeds:
    """What was done."""

    reconnected: int = 0
    rotated: int = 0
    edited: dict[str, str] = field(default_factory=dict)
    """Last words by the digest of the video."""
    deleted: set[str] = field(default_factory=set)
    """Digests."""


class People:
    """Speaks to Karvon until it has taken what they want, however often it dies meanwhile."""

    def __init__(self, remote: Remote, karvon: Karvon) -> None:
        self._remote = remote
        self._karvon = karvon
        self.deeds = Deeds()

    async def sign_in_for_ever(self) -> None:
        """Connect accounts again that wait for their owner."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                known = await self._karvon.ask({"command": "account_list"})
                for row in known["accounts"]:
                    if row["state"] == "reconnect" and row["platform"] in PAGES:
                        await self._sign_in(row["remote_id"])
            except (AwayError, SignInError):
                continue

    async def _sign_in(self, remote_id: str) -> None:
        accounts = self._remote.settings["accounts"]
        account = next(one for one in accounts if one["remote_id"] == remote_id)
        fresh = await self._remote.sign_in(account)
        answer = await self._karvon.ask({"command": "account_add", "account": fresh})
        if answer.get("ok"):
            self.deeds.reconnected += 1
            log.info("connected again: %s", account["platform"])

    async def rotate_key(self) -> None:
        while True:
            try:
                answers = [one async for one in self._karvon.answers({"command": "keys_rotate"})]
            except AwayError:
                await asyncio.sleep(LOOK_SECONDS)
                continue
            if answers and answers[-1].get("ok") and "current" in answers[-1]:
                self.deeds.rotated += 1
                log.info("a new key: %s", answers[-1]["current"])
                return
            raise AssertionError(f"no new key: {answers}")

    async def treat(self, post: PlannedPost, digest: str) -> None:
        """Do with a video what is planned for it, once it is live somewhere."""
        if post.afterwards.startswith("edit"):
            await self._edit(post, digest, "First words")
        if post.afterwards == "edit_twice":
            await self._edit(post, digest, "Last words")
        if post.afterwards == "delete":
            await self._delete(digest)

    async def _edit(self, post: PlannedPost, digest: str, words: str) -> None:
        post_id = await self._wait_live(digest, everywhere=False)
        words = f"{words} on clip {post.number:04d}"
        self.deeds.edited[digest] = words
        await self._insist({"command": "chaos_edit", "post_id": post_id, "text": words})

    async def _delete(self, digest: str) -> None:
        post_id = await self._wait_live(digest, everywhere=True)
        self.deeds.deleted.add(digest)
        await self._insist({"command": "chaos_delete", "post_id": post_id})

    async def _insist(self, request: JSON) -> None:
        while True:
            try:
                answer = await self._karvon.ask(request)
            except AwayError:
                await asyncio.sleep(LOOK_SECONDS)
                continue
            # Said twice, when the first answer was lost: it is gone already.
            if answer.get("ok") or answer.get("key") == "nothing_live":
                return
            raise AssertionError(f"{request} was refused: {answer}")

    async def _wait_live(self, digest: str, *, everywhere: bool) -> int:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                reports = await self._karvon.reports()
            except AwayError:
                continue
            for report in reports:
                uploads = report["uploads"]
                live = [one["state"] == "live" for one in uploads if one["sha256"] == digest]
                if live and (all(live) if everywhere else any(live)):
                    return int(report["post_id"])


def unfulfilled(
    deeds: Deeds, published: list[JSON], accounts: list[JSON], reports: list[JSON]
) -> list[str]:
    """Return which wishes of people did not come true, or came true where nobody wished it.

    Where a person had to say that a video is live, nobody knows its address.
    """
    uploads = [upload for report in reports for upload in report["uploads"]]
    unseen = {(u["sha256"], u["platform"]) for u in uploads if not u["remote_id"]}
    platforms = {account["remote_id"]: account["platform"] for account in accounts}
    wrong = []
    for row in published:
        digest, platform = row["sha256"], platforms.get(row["account"])
        if platform not in EDITABLE or (digest, platform) in unseen:
            continue
        words = deeds.edited.get(digest)
        if words is not None and words not in str(row["text"]):
            wrong.append(f"{platform} shows {row['text']} instead of {words!r}")
        if digest in deeds.deleted:
            wrong.append(f"{platform} still shows {digest}")
    return wrong
