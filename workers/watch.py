"""The look at a video some time after it went live: still there, not blocked, as visible as asked.

A finding is told once, with what to do; where all is well nothing is said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core.platforms.base import SCHEDULED, Operation, Platform, Session
from core.posts.models import Account, Post, Privacy, Upload
from core.posts.operations import (
    GONE,
    OperationState,
    PlannedOperation,
    read_operation,
)
from core.store.base import Tx
from workers.operator import AftercareDeps

LOOKS = (timedelta(minutes=15), timedelta(hours=24))
"""When we look, counted from the moment at which it is to be seen."""
PUNCTUAL = timedelta(minutes=2)
"""After that time we look whether a platform kept the time that it was given."""
WORDS = {
    "publish": "button_publish_live",
    "check": "button_check_live",
    "show": "button_show_live",
}
"""What stands on the button of a finding, by its action."""
SEEN = frozenset(choice.value for choice in Privacy)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What is not as it should be."""

    key: str
    """``gone``, ``blocked`` or ``visibility``; ``fine`` for what a person wanted to know."""
    why: str = ""
    """What the platform says, or who can see it now."""
    wanted: str = ""
    """Who should."""

    @property
    def mark(self) -> str:
        return f"{self.key}:{self.why}"


def find(facts: Mapping[str, Any], wanted: str) -> Finding | None:
    """Return what is not as it should be.

    Args:
        facts: what `Operation.CHECK` tells.
        wanted: who should see it; empty when nothing is expected.
    """
    if not facts.get("there", True):
        return Finding(key="gone")
    if facts.get("blocked"):
        return Finding(key="blocked", why=str(facts["blocked"]))
    seen = str(facts.get("visibility", ""))
    if wanted and seen in SEEN and seen != wanted:
        return Finding(key="visibility", why=seen, wanted=wanted)
    return None


def expected(upload: Upload, post: Post, defaults: Mapping[str, Any], platform: Platform) -> str:
    """Return who should see a video that just went live; empty when nothing is expected."""
    options = post.wish.options
    if options.get("together") == "stay" or options.get("draft") == "yes":
        return ""
    asked = post.wish.privacy.value if post.wish.privacy else str(defaults.get("privacy") or "")
    if asked:
        return asked if asked in platform.capabilities.privacy else ""
    # Nobody chose: what it was at first is what it should stay.
    return upload.visibility if upload.visibility in SEEN else ""


class Watch:
    """Plans the looks and tells what they find."""

    def __init__(self, deps: AftercareDeps) -> None:
        self._deps = deps

    async def begin(self, tx: Tx, upload: Upload, post: Post, account: Account) -> None:
        """Plan the looks at an upload that became live, in that very commit."""
        platform = self._deps.require_platform(upload.platform)
        media_id = Session.from_dict(upload.session).media_id or upload.remote_id
        if Operation.CHECK not in platform.capabilities.operations or not media_id:
            return
        wanted = expected(upload, post, account.defaults, platform)
        scheduled = upload.visibility == SCHEDULED
        for pause in (PUNCTUAL, *LOOKS) if scheduled else LOOKS:
            await self._deps.operations.plan(
                tx,
                upload,
                Operation.CHECK,
                changes={"privacy": wanted},
                due_at=self._seen_at(post) + pause,
                chat_id=post.chat_id or account.chat_id,
            )

    def _seen_at(self, post: Post) -> datetime:
        now = self._deps.clock.now()
        return max(now, post.wish.publish_at or now)

    async def looked(
        self, tx: Tx, operation: PlannedOperation, upload: Upload, facts: Mapping[str, Any]
    ) -> None:
        """Tell what a look found, in the commit that ends it; the same thing only once."""
        rows = await tx.all("operations.of_upload", upload_id=upload.id)
        others = [read_operation(row) for row in rows]
        finding = find(facts, _wanted_now(operation, others))
        if finding is None:
            await self._deps.operations.seen(tx, upload, str(facts.get("visibility", "")))
            if operation.changes.get("told"):
                await self._tell(tx, operation, upload, Finding(key="fine"))
            return
        if finding.key == "gone":
            await self._deps.operations.absent(tx, upload.id, GONE)
        else:
            await self._deps.operations.seen(tx, upload, str(facts.get("visibility", "")))
        name = f"finding:{upload.id}"
        known = await tx.one("chat.fact", name=name)
        if known is not None and known["value"] == finding.mark:
            return
        await tx.run("chat.set_fact", name=name, value=finding.mark)
        await self._tell(tx, operation, upload, finding)

    async def _tell(
        self, tx: Tx, operation: PlannedOperation, upload: Upload, finding: Finding
    ) -> None:
        if not operation.chat_id:
            return
        await self._deps.posts.say(
            operation.chat_id,
            f"finding_{finding.key}",
            facts={
                "post_id": upload.post_id,
                "platform": upload.platform,
                "account": upload.account_name,
                "url": upload.url,
                "why": finding.why,
                "wanted": finding.wanted,
            },
            buttons=self._buttons(upload, finding),
            post_id=upload.post_id,
            tx=tx,
        )

    def _buttons(self, upload: Upload, finding: Finding) -> list[dict[str, str]]:
        offered = self._deps.require_platform(upload.platform).capabilities.operations
        action = "publish" if finding.key == "gone" else "check"
        if finding.key == "visibility" and Operation.VISIBILITY in offered:
            action = "show"
        buttons = []
        if finding.key != "fine":
            data = f"lu1:{action}:{upload.id}"
            buttons.append({"text_key": WORDS[action], "data": data, "row": "1"})
        if upload.url and finding.key != "gone":
            buttons.append({"text_key": "button_look", "url": upload.url, "row": "1"})
        return buttons

    async def look_now(self, upload: Upload, chat_id: int) -> None:
        """A person wants it looked at again; what is found is told anew."""
        async with self._deps.store.transaction() as tx:
            await tx.run("chat.set_fact", name=f"finding:{upload.id}", value="")
            rows = await tx.all("operations.of_upload", upload_id=upload.id)
            known = [read_operation(row) for row in rows]
            wanted = next((o.changes for o in known if o.kind is Operation.CHECK), {})
            await self._deps.operations.plan(
                tx,
                upload,
                Operation.CHECK,
                changes={**wanted, "told": True},
                due_at=self._deps.clock.now(),
                chat_id=chat_id,
            )


def _wanted_now(operation: PlannedOperation, others: Sequence[PlannedOperation]) -> str:
    """Return who should see it by now: what was asked for last, if that is done."""
    changes = [one for one in others if one.kind is Operation.VISIBILITY]
    if any(one.state is OperationState.WAITING for one in changes):
        return ""
    done = [one for one in changes if one.state is OperationState.DONE]
    if done:
        return str(done[-1].changes.get("privacy", ""))
    return str(operation.changes.get("privacy", ""))
