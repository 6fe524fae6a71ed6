"""Routers and middlewares put together, in the order in which they are asked."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from aiogram import BaseMiddleware, Dispatcher
from aiogram.types import TelegramObject, Update

from bot.talk.deps import ChatDeps
from bot.talk.middlewares import Access, Failures, Handler
from bot.talk.routers import owner, people, queue, videos


class UpdateId(BaseMiddleware):
    """Gives handlers the id of the update, by which a repeated one is known."""

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:  # noqa: ANN401 - aiogram's seam
        if isinstance(event, Update):
            data["update_id"] = event.update_id
        return await handler(event, data)


def build_dispatcher(deps: ChatDeps, *, admins: set[int], users: set[int]) -> Dispatcher:
    """Return a dispatcher whose handlers get ``deps``, ``update_id`` and ``is_admin``."""
    dispatcher = Dispatcher(deps=deps)
    outer = dispatcher.update.outer_middleware
    outer(UpdateId())
    outer(Failures())
    outer(Access(deps.posts, deps.clock, admins=admins, users=users))
    for module in (people, owner, videos, queue):
        # A router can be included once; a copy lets several dispatchers live in one process.
        dispatcher.include_router(deepcopy(module.router))
    return dispatcher
