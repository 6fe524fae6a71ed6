"""What people do to posts, by command or by button, each with the words that follow it."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram.types import User

from bot.chat.deps import ChatDeps
from bot.chat.letters_text import act_text
from bot.chat.refusals import platform_title
from bot.chat.texts import Markup, counted, say
from core.errors import RefusedError
from core.platforms.base import SCHEDULED, Session
from core.posts.letters import Scope
from core.posts.models import Post, PostState, Upload, UploadState


async def act(deps: ChatDeps, post: Post, action: str) -> Markup:
    """Do what a button of a post says.

    Raises:
        RefusedError: the post does not allow it (any more).
    """
    match action:
        case "cancel":
            return await cancel_post(deps, post)
        case "retry":
            return await retry_post(deps, post)
        case "force":
            await deps.posts.force_start(post.id)
            return say("forced", post_id=post.id)
        case _:
            return say("old_button")


async def cancel_post(deps: ChatDeps, post: Post) -> Markup:
    stopped = await deps.posts.cancel_post(post.id, by="person")
    if post.state is PostState.DRAFT:
        return say("cancelled_draft", post_id=post.id)
    uploads = await deps.posts.uploads(post.id)
    kept = [
        *_told("cancel_removable", post, [one for one in uploads if _is_removable(one)]),
    ]
    if stopped:
        told = say("cancelled_some", post_id=post.id, stopped=counted("uploads", stopped))
        return Markup("\n".join([told, *kept]))
    return Markup("\n".join(kept)) if kept else say("cancel_too_late", post_id=post.id)


def _told(key: str, post: Post, uploads: Sequence[Upload]) -> list[Markup]:
    places = Markup("\n".join(say("place_live", **_place(upload)) for upload in uploads))
    return [say(key, post_id=post.id, places=places)] if uploads else []


def _is_removable(upload: Upload) -> bool:
    """Return whether a platform shows it at its time and we are done with it."""
    return upload.state is UploadState.LIVE and upload.visibility == SCHEDULED


def _place(upload: Upload) -> dict[str, str]:
    url = upload.url or Session.from_dict(upload.session).url
    title = platform_title(upload.platform)
    return {"platform": title, "account": upload.account_name, "url": url}


async def retry_post(deps: ChatDeps, post: Post) -> Markup:
    retried = await deps.posts.retry_post(post.id)
    if not retried:
        raise RefusedError("not_failed", post_id=post.id)
    return say("retried", post_id=post.id, retried=counted("uploads", retried))


async def retry_failed(deps: ChatDeps, user: User) -> Markup:
    """Try again whatever failed, of everybody: only admins may."""
    return act_text(await deps.letters.replay(Scope(), user_id=user.id))
