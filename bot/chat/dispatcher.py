"""Routers and middlewares put together, in the order in which they are asked."""

from __future__ import annotations

from aiogram import Dispatcher

from bot.chat.deps import ChatDeps
from bot.chat.middlewares import Entrance, Failures, Once
from bot.chat.routers import (
    accounts,
    add,
    batches,
    buttons,
    channels,
    connect,
    doctor,
    figures,
    fit,
    groups,
    language,
    letters,
    library,
    limits,
    live,
    mashup,
    mashup_words,
    owner,
    people,
    queue,
    renders,
    scrape,
    videos,
    waiting,
)


def build_dispatcher(deps: ChatDeps) -> Dispatcher:
    """Return a dispatcher whose handlers get ``deps``, ``voice``, ``user`` and ``is_admin``."""
    dispatcher = Dispatcher(deps=deps, disable_fsm=True)
    for middleware in (Entrance(deps), Once(deps), Failures()):
        dispatcher.update.outer_middleware(middleware)
    for module in (
        channels,
        connect,
        accounts,
        mashup,
        mashup_words,
        renders,
        live,
        add,
        library,
        batches,
        scrape,
        videos,
        people,
        queue,
        owner,
        figures,
        doctor,
        groups,
        limits,
        fit,
        language,
        letters,
        waiting,
        buttons,
    ):
        dispatcher.include_router(module.build_router())
    return dispatcher
