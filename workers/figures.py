"""Figures of live videos: asked for in batches, kept for a while, told with their age."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from core.errors import CONSEQUENCES, ErrorKind, RefusedError, RemoteError
from core.platforms.base import Job, Operation, Platform, Session, Work
from core.ports import Run
from core.posts.models import Post, Upload, UploadState
from core.posts.operations import ABSENT, PlannedOperation
from core.store.base import Tx
from utils.http import redact
from workers.operator import AftercareDeps, build_job, charge, send

logger = logging.getLogger(__name__)

KEPT = timedelta(minutes=10)
"""So long figures are told again without a question."""
MISSING_SCOPE = "missing_scope"
"""Code of an account that was connected without the right to look."""
NAMES = ("views", "likes", "comments", "shares")


class FigureDesk:
    """Answers ``/stats``: at once where everything is known, else by one operation."""

    def __init__(self, deps: AftercareDeps) -> None:
        self._deps = deps

    async def statistics(
        self, posts: Sequence[Post], *, chat_id: int, reply_to: int = 0, update_id: int | None
    ) -> bool:
        """Have the figures of these posts told in a chat; False for a repeated update.

        Raises:
            RefusedError: ``nothing_live``.
        """
        uploads = [up for post in posts for up in await self._live(post.id)]
        if not uploads:
            raise RefusedError("nothing_live", post_id=posts[0].id if len(posts) == 1 else "")
        numbers = [post.id for post in posts]
        stale = await self._stale(uploads)
        report = [] if stale else await self._report(numbers, {})
        async with self._deps.store.transaction() as tx:
            if not await self._deps.posts.see_update(tx, update_id):
                return False
            if stale:
                await self._deps.operations.plan(
                    tx,
                    stale[0],
                    Operation.STATISTICS,
                    changes={"posts": numbers, "reply_to": reply_to},
                    due_at=self._deps.clock.now(),
                    chat_id=chat_id,
                )
            else:
                await self._say(tx, chat_id, reply_to, report)
        return True

    async def carry_out(self, run: Run, operation: PlannedOperation) -> None:
        """Ask for what is not known lately, then tell all of it, in the commit that ends it."""
        post_ids = [int(number) for number in operation.changes["posts"]]
        uploads = [up for number in post_ids for up in await self._live(number)]
        troubles: dict[int, str] = {}
        for group in _groups(await self._stale(uploads), self._deps.require_platform):
            run.progress()
            troubles |= await self._ask(group)
        report = await self._report(post_ids, troubles)
        async with self._deps.store.transaction() as tx:
            await self._deps.operations.finish(tx, operation)
            reply_to = int(operation.changes.get("reply_to", 0))
            await self._say(tx, operation.chat_id, reply_to, report)

    async def _live(self, post_id: int) -> list[Upload]:
        return [
            upload
            for upload in await self._deps.posts.uploads(post_id)
            if upload.state is UploadState.LIVE and upload.visibility not in ABSENT
        ]

    async def _stale(self, uploads: Iterable[Upload]) -> list[Upload]:
        before = self._deps.clock.now() - KEPT
        stale = []
        for upload in uploads:
            capabilities = self._deps.require_platform(upload.platform).capabilities
            if Operation.STATISTICS not in capabilities.operations or not media_id(upload):
                continue
            known = await self._deps.operations.figures(upload.id)
            if known is None or known.at <= before:
                stale.append(upload)
        return stale

    async def _ask(self, uploads: Sequence[Upload]) -> dict[int, str]:
        """Ask for the figures of one account's videos; return what hindered, by upload."""
        try:
            facts = await self._figures(uploads)
        except RemoteError as error:
            logger.info(
                "no figures",
                extra={
                    "platform": uploads[0].platform,
                    "kind": error.kind.value,
                    "why": redact(error.message),
                },
            )
            if CONSEQUENCES[error.kind].reconnect:
                await self._deps.book.need_reconnect(uploads[0].account_id, error.message)
            missing = error.code == MISSING_SCOPE
            return {upload.id: error.code if missing else error.kind.value for upload in uploads}
        async with self._deps.store.transaction() as tx:
            for upload in uploads:
                told = facts.get(media_id(upload))
                value = {name: (told or {}).get(name) for name in NAMES}
                await self._deps.operations.set_figures(tx, upload.id, value)
        return {}

    async def _figures(self, uploads: Sequence[Upload]) -> Mapping[str, Any]:
        """Ask, with one more try after a token was renewed."""
        account_id = uploads[0].account_id
        for last in (False, True):
            access = await self._deps.book.access(account_id)
            try:
                post = await self._deps.posts.require(uploads[0].post_id)
                account = await self._deps.book.get(account_id)
                job = build_job(self._deps, post, uploads[0], account, access)
                await charge(self._deps, uploads[0], Operation.STATISTICS)
                return await self._walk(uploads, job)
            except RemoteError as error:
                if last or error.kind is not ErrorKind.AUTH_EXPIRED:
                    raise
                if not await self._deps.book.refresh(account_id, access.access_token):
                    raise
        raise AssertionError("the last try returns or raises")

    async def _walk(self, uploads: Sequence[Upload], job: Job) -> Mapping[str, Any]:
        platform = self._deps.require_platform(uploads[0].platform)
        work = Work(
            operation=Operation.STATISTICS,
            media_id=media_id(uploads[0]),
            media_ids=tuple(media_id(upload) for upload in uploads),
            url=uploads[0].url,
            session=uploads[0].session,
        )
        while not work.done:
            response = await send(self._deps.transport, platform.build_operation(work, job))
            work = platform.read_operation(work, job, response)
        return work.facts

    async def _report(
        self, post_ids: Sequence[int], troubles: Mapping[int, str]
    ) -> list[dict[str, Any]]:
        """Return ``[{"post_id", "title", "lines": [...]}]``, lines as `_line` makes them."""
        report = []
        for number in post_ids:
            post = await self._deps.posts.require(number)
            lines = [await self._line(up, troubles) for up in await self._live(number)]
            if lines:
                title = (post.text.title if post.text else "") or post.wish.title
                title = title or post.wish.prompt
                report.append({"post_id": number, "title": title, "lines": lines})
        return report

    async def _line(self, upload: Upload, troubles: Mapping[int, str]) -> dict[str, Any]:
        known = await self._deps.operations.figures(upload.id)
        return {
            "platform": upload.platform,
            "account": upload.account_name,
            "value": known.value if known else {},
            "before": known.before if known else {},
            "at": known.at.timestamp() if known else None,
            "trouble": troubles.get(upload.id, ""),
        }

    async def _say(
        self, tx: Tx, chat_id: int, reply_to: int, report: Sequence[Mapping[str, Any]]
    ) -> None:
        await self._deps.posts.say(
            chat_id,
            "live_figures",
            facts={"posts": list(report), "now": self._deps.clock.now().timestamp()},
            reply_to=reply_to,
            tx=tx,
        )
        tx.after_commit(self._deps.posts.changed)


def media_id(upload: Upload) -> str:
    return Session.from_dict(upload.session).media_id or upload.remote_id


def _groups(
    uploads: Sequence[Upload], require_platform: Callable[[str], Platform]
) -> list[list[Upload]]:
    """Return the uploads by account, as many at once as their platform answers for."""
    accounts: defaultdict[int, list[Upload]] = defaultdict(list)
    for upload in uploads:
        accounts[upload.account_id].append(upload)
    groups = []
    for members in accounts.values():
        platform = require_platform(members[0].platform)
        most = max(1, platform.capabilities.figures_at_once)
        groups += [members[at : at + most] for at in range(0, len(members), most)]
    return groups
