"""The library on the control socket: add, find, change, pick, delete."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.chat.studio_text import studio_text
from bot.chat.texts import plain
from bot.control import Answer, Command
from bot.library_moving import move
from core.errors import RefusedError, SourceError
from core.media.storage.open import folders_of
from core.posts.linking import is_link
from core.studio.assets import SETTABLE, Added, Asset, NewAsset, Wanted, clean, require_kind
from core.studio.errors import StudioError
from core.studio.fetching import add_link
from core.studio.library import MOST_PER_PAGE
from core.studio.moving import how_it_lies
from workers.collector import Collector, CollectorDeps

if TYPE_CHECKING:
    from bot.parts import Parts

Action = Callable[["Parts", dict[str, Any]], AsyncGenerator[Answer]]

TELL_BYTES = 16 * 1024 * 1024
"""A client is told of about so many more bytes at a time."""
A_PAGE = 20
A_PIECE = 50
"""Assets in one line of the socket, which has a limit."""


def library_commands(parts: Parts) -> dict[str, Command]:
    """Return what the control socket does with the library."""
    return {"library": partial(library, parts)}


def build_collector(parts: Parts) -> Collector:
    """Return what adds new files of watched folders."""
    settings = parts.settings
    return Collector(
        CollectorDeps(
            library=parts.studio.library,
            store=parts.store,
            clock=parts.clock,
            posts=parts.posts,
            folders=[folder.expanduser() for folder in settings.library.watch],
            admins=settings.telegram.admins,
            apart=[settings.data_dir, settings.spool_dir, *folders_of(settings)],
        )
    )


async def library(parts: Parts, request: dict[str, Any]) -> AsyncGenerator[Answer]:
    """Do what ``action`` says; what cannot be done is an answer with ``key`` and ``facts``."""
    try:
        async for answer in ACTIONS[str(request["action"])](parts, request):
            yield answer
    except StudioError as error:
        yield refusal(error)


def refusal(error: StudioError | SourceError | RefusedError) -> Answer:
    """Return what is told of an error, with its sentence."""
    return {"ok": False, "key": error.key, "facts": dict(error.facts), "message": words_of(error)}


def words_of(error: StudioError | SourceError | RefusedError) -> str:
    """Return the sentence of an error on one line."""
    from bot.chat.refusals import refusal_text, source_text

    if isinstance(error, StudioError):
        text = studio_text(error.key, error.facts)
    elif isinstance(error, SourceError):
        text = source_text(error.key)
    else:
        text = refusal_text(error.key, error.facts)
    return " ".join(plain(text).split())


async def _add(parts: Parts, request: dict[str, Any]) -> AsyncGenerator[Answer]:
    """Add files and links: ``{"bytes", "total"}`` meanwhile, ``{"added"}`` or ``{"failed"}``."""
    wanted = _new_asset(request)
    _ = clean(wanted)
    for number, place in enumerate(map(str, request["files"])):
        about = {"ok": True, "number": number, "file": place}
        try:
            async for answer in _add_one(parts, place, wanted):
                yield {**about, **answer}
        except (StudioError, SourceError) as error:
            yield {**about, "failed": refusal(error)}


def _new_asset(request: Mapping[str, Any]) -> NewAsset:
    fields: dict[str, Any] = {name: str(request.get(name) or "") for name in SETTABLE}
    return NewAsset(
        kind=require_kind(str(request["kind"])),
        name=str(request.get("name") or ""),
        tags=frozenset(map(str, request.get("tags") or ())),
        **fields,
    )


async def _add_one(parts: Parts, place: str, wanted: NewAsset) -> AsyncGenerator[Answer]:
    def work(on_bytes: Callable[[int, int | None], None]) -> Awaitable[Added]:
        if is_link(place):
            links, clock = parts.links, parts.clock
            return add_link(parts.studio.library, place, wanted, links, clock, on_bytes=on_bytes)
        return parts.studio.library.add(Path(place), wanted, on_bytes=on_bytes)

    async for answer in _followed(work):
        yield answer


async def _followed(
    work: Callable[[Callable[[int, int | None], None]], Awaitable[Added]],
) -> AsyncGenerator[Answer]:
    """Yield how far it is, and last what was added."""
    news: asyncio.Queue[Answer] = asyncio.Queue()
    told = 0

    def on_bytes(done: int, total: int | None) -> None:
        nonlocal told
        if done - told >= TELL_BYTES or done == total:
            told = done
            news.put_nowait({"bytes": done, "total": total})

    async def add() -> None:
        added = await work(on_bytes)
        news.put_nowait({"added": asset_report(added.asset), "is_new": added.is_new})

    try:
        async with asyncio.TaskGroup() as group:
            task = group.create_task(add())
            task.add_done_callback(lambda _: news.put_nowait({}))
            while answer := await news.get():
                yield answer
    except* (StudioError, SourceError) as errors:
        raise errors.exceptions[0] from None


async def _list(parts: Parts, request: dict[str, Any]) -> AsyncGenerator[Answer]:
    kind = str(request.get("kind") or "")
    per_page = max(1, min(int(request.get("per_page") or A_PAGE), MOST_PER_PAGE))
    wanted = Wanted(
        kind=require_kind(kind) if kind else None,
        platform=str(request.get("platform") or ""),
        mood=str(request.get("mood") or ""),
        category=str(request.get("category") or ""),
        text=str(request.get("text") or ""),
        tag=str(request.get("tag") or ""),
        page=max(1, int(request.get("page") or 1)),
        per_page=per_page,
    )
    found = await parts.studio.library.find(wanted)
    pages = max(1, -(-found.total // per_page))
    for at in range(0, len(found.assets), A_PIECE):
        yield {"ok": True, "assets": [*map(asset_report, found.assets[at : at + A_PIECE])]}
    yield {"ok": True, "total": found.total, "page": wanted.page, "pages": pages}


async def _show(parts: Parts, request: dict[str, Any]) -> AsyncGenerator[Answer]:
    asset = await parts.studio.library.require(int(request["id"]))
    picture = parts.studio.library.thumbnail(asset)
    yield {
        "ok": True,
        "asset": {
            **asset_report(asset),
            "holders": await parts.studio.library.counts.holders(asset.id),
            "thumbnail": str(picture) if picture else None,
        },
    }


async def _tag(parts: Parts, request: dict[str, Any]) -> AsyncGenerator[Answer]:
    asset = await parts.studio.library.tag(
        int(request["id"]), add=map(str, request["add"]), remove=map(str, request["remove"])
    )
    yield {"ok": True, "asset": asset_report(asset)}


async def _rename(parts: Parts, request: dict[str, Any]) -> AsyncGenerator[Answer]:
    asset = await parts.studio.library.rename(int(request["id"]), str(request["name"]))
    yield {"ok": True, "asset": asset_report(asset)}


async def _set(parts: Parts, request: dict[str, Any]) -> AsyncGenerator[Answer]:
    fields = {str(name): str(value) for name, value in dict(request["fields"]).items()}
    asset = await parts.studio.library.set(int(request["id"]), **fields)
    yield {"ok": True, "asset": asset_report(asset)}


async def _delete(parts: Parts, request: dict[str, Any]) -> AsyncGenerator[Answer]:
    asset = await parts.studio.library.require(int(request["id"]))
    outcome = await parts.studio.library.delete(asset.id)
    holders = await parts.studio.library.counts.holders(asset.id)
    yield {"ok": True, "id": asset.id, "outcome": outcome.value, "holders": holders}


async def _stats(parts: Parts, request: dict[str, Any]) -> AsyncGenerator[Answer]:
    del request
    kinds = [
        {
            "kind": one.kind.value,
            "count": one.count,
            "size_bytes": one.size_bytes,
            "seconds": round(one.seconds, 3),
            "uses": one.uses,
        }
        for one in await parts.studio.library.stats()
    ]
    lies = await how_it_lies(parts.store, parts.studio.shelves.places.configured)
    unmoved = {
        "storage": lies.storage,
        "files": lies.files_left,
        "bytes": lies.bytes_left,
        "is_moving": parts.studio.shelves.is_moving,
        "command": lies.command,
    }
    yield {"ok": True, "kinds": kinds, "unmoved": unmoved if lies.files_left else None}


async def _pick(parts: Parts, request: dict[str, Any]) -> AsyncGenerator[Answer]:
    picked = await parts.studio.library.pick(
        require_kind(str(request["kind"])),
        platform=str(request.get("platform") or ""),
        mood=str(request.get("mood") or ""),
        seed=request.get("seed") or None,
        count=int(request.get("count") or 1),
    )
    yield {"ok": True, "assets": [*map(asset_report, picked)]}


ACTIONS: dict[str, Action] = {
    "add": _add,
    "list": _list,
    "show": _show,
    "tag": _tag,
    "rename": _rename,
    "set": _set,
    "delete": _delete,
    "stats": _stats,
    "pick": _pick,
    "move": move,
}


def asset_report(asset: Asset) -> Answer:
    """Return an asset as other programs are told of it."""
    facts = asset.facts
    return {
        "id": asset.id,
        "kind": asset.kind.value,
        "name": asset.name,
        "media": asset.media,
        "sha256": asset.sha256,
        "size_bytes": asset.size_bytes,
        "seconds": round(asset.seconds, 3),
        "width": facts.width,
        "height": facts.height,
        "frame_rate": facts.frame_rate,
        "has_audio": facts.has_audio,
        "mime_type": facts.mime_type,
        "tags": sorted(asset.tags),
        **{name: getattr(asset, name) for name in SETTABLE},
        "uses": asset.uses,
        "last_used_at": asset.last_used_at.isoformat() if asset.last_used_at else None,
        "added_at": asset.added_at.isoformat(),
        "is_going": asset.deleted_at is not None,
    }
