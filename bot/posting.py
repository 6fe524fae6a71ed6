"""Commands of the control socket about posts and accounts: send, ask, decide, connect."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from bot.control import Answer
from core.accounts.book import AccountBook
from core.errors import KarvonError, RefusedError, RemoteError
from core.platforms.registry import require_platform
from core.posts.models import (
    POST_FINAL,
    UPLOAD_FINAL,
    Upload,
    WaitReason,
)
from core.posts.report import incoming_from_command, report_post
from core.settings import AccountSettings, read_account

if TYPE_CHECKING:
    pass


if TYPE_CHECKING:
    from bot.parts import Parts

TELL_SECONDS = 0.5


def post_commands(parts: Parts) -> dict[str, Any]:
    """Return what the control socket does with posts and accounts."""
    return {
        "send": partial(send, parts),
        "post": partial(_post, parts),
        "decide": partial(_decide, parts),
        "ping": partial(_ping, parts),
        "account_add": partial(_account_add, parts),
        "account_list": partial(_account_list, parts),
    }


async def _account_add(parts: Parts, request: dict[str, Any]) -> AsyncGenerator[Answer]:
    yield await connect_account(parts, read_account(request["account"]))


async def connect_account(parts: Parts, account: AccountSettings) -> Answer:
    """Connect an account after one harmless call has shown that it works.

    Raises:
        KarvonError: the platform refuses it.
    """
    try:
        unchecked = await parts.book.check(account, require_platform(account.platform))
    except RemoteError as error:
        raise KarvonError(
            f"{account.platform} refuses this account ({error.message or error.code}); "
            "nothing was saved. Check the id and the tokens"
        ) from error
    account_id = await parts.book.add(account)
    await parts.posts.wake_accounts()
    return {"ok": True, "account_id": account_id, "unchecked": unchecked}


async def _account_list(parts: Parts, request: dict[str, Any]) -> AsyncGenerator[Answer]:
    del request
    yield {"ok": True, "accounts": await list_accounts(parts.book)}


async def _post(parts: Parts, request: dict[str, Any]) -> AsyncGenerator[Answer]:
    """Tell how one post goes."""
    posts, post_id = parts.posts, int(request["post_id"])
    post = await posts.require(post_id)
    yield report_post(post, await posts.uploads(post_id), parts.progress)


async def _decide(parts: Parts, request: dict[str, Any]) -> AsyncGenerator[Answer]:
    """A person says how the unknown upload of a post to an account ended."""
    posts, post_id = parts.posts, int(request["post_id"])
    for upload in await posts.uploads(post_id):
        if (upload.platform, upload.account_name) == (request["platform"], request["account"]):
            await posts.decide(upload.id, is_live=bool(request["is_live"]))
            yield {"ok": True}
            return
    raise RefusedError("unknown_post", post_id=post_id)


async def _ping(parts: Parts, request: dict[str, Any]) -> AsyncGenerator[Answer]:
    del request
    yield {"ok": True, "open_posts": await parts.posts.count_open()}


async def send(parts: Parts, request: dict[str, Any]) -> AsyncGenerator[Answer]:
    """Publish a file or link and tell how it goes, until the post has ended.

    It also ends when nothing goes on without a person's decision.
    """
    incoming = incoming_from_command(
        str(request["source"]),
        to=str(request["to"]),
        caption=str(request["caption"]),
        guard=parts.links.guard,
    )
    again = bool(request.get("again"))
    outcome = await parts.intake.receive(replace(incoming, again=again))
    post_id = outcome.post_id or 0
    if outcome.status == "asked":
        await parts.intake.choose(post_id, "cancel")
        raise RefusedError("already_there", post_id=post_id)
    while True:
        changed = parts.posts.next_change()
        post = await parts.posts.require(post_id)
        uploads = await parts.posts.uploads(post_id)
        yield report_post(post, uploads, parts.progress)
        if post.state in POST_FINAL or _needs_person(uploads):
            return
        try:
            async with asyncio.timeout(TELL_SECONDS):
                await changed.wait()
        except TimeoutError:
            continue


def _needs_person(uploads: Sequence[Upload]) -> bool:
    open_ones = [upload for upload in uploads if upload.state not in UPLOAD_FINAL]
    return bool(open_ones) and all(upload.reason is WaitReason.PERSON for upload in open_ones)


async def list_accounts(book: AccountBook) -> list[dict[str, Any]]:
    return [
        {
            "id": a.id,
            "platform": a.platform,
            "name": a.name,
            "remote_id": a.remote_id,
            "state": a.state,
        }
        for a in await book.all()
    ]
