"""Pages of links on the control socket: look at one, pull its videos, tell how it goes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from bot.chat.texts import plain
from bot.control import Answer, Command
from bot.scrape_words import as_refusal, finding_text
from core.posts.report import report_post
from core.sources.pages import picking
from core.sources.pages.links import Link, PageError
from core.sources.pages.look import FoundLink, Known, LookState, PullMode, Wanted, offered
from core.sources.pages.looks import Looks
from core.sources.pages.scraper import Scraped, Scraper, ScrapeRules, require_web
from core.sources.pages.telling import pull_facts
from core.sources.pages.wording import check_words
from workers.looker import Looker

if TYPE_CHECKING:
    from bot.parts import Parts
    from core.ports import Engine
    from core.settings import Settings
    from core.sources.registry import LinkAccess
    from core.store.base import Store
    from utils.clock import Clock

TELL_SECONDS = 0.5
BREATH_SECONDS = 0.25
A_PIECE = 50
"""Links or results in one line of the socket, which has a limit."""
MEASURE_ALL_SECONDS = 3600.0
"""How long sizes are asked for where the choice depends on them."""


def build_scraper(settings: Settings, links: LinkAccess, clock: Clock) -> Scraper:
    """Return what pages are read with, guarded like every link."""
    scrape = settings.scrape
    rules = ScrapeRules(
        pages=scrape.pages,
        pace_seconds=scrape.pace_seconds,
        obey_robots=scrape.obey_robots,
        redirects=settings.sources.redirects,
    )
    return Scraper(session=links.session, check=links.guard.check, clock=clock, rules=rules)


def build_looks(settings: Settings, store: Store, clock: Clock, engine: Engine) -> Looks:
    """Return where looks at pages are kept."""
    return Looks(
        store,
        clock,
        engine,
        mode=PullMode(settings.mode),
        smallest_first=settings.sort_by_size,
    )


def pull_commands(parts: Parts) -> dict[str, Command]:
    """Return what the control socket does with pages of links."""
    return {"scrape": partial(scrape, parts), "pull": partial(pull, parts)}


async def scrape(parts: Parts, request: dict[str, Any]) -> AsyncGenerator[Answer]:
    """Look at a page: ``{"pages", "links"}`` while it is read, then its links, then the rest.

    The links come as ``{"found": [...]}``, some at a time; the last answer has ``"ok"``.
    """
    async for answer in _read(parts.looker, str(request["url"]), None):
        if not isinstance(answer, _Found):
            yield answer
            continue
        rows = [
            {"number": number, **_link_report(link), "seen": mark.is_seen}
            for number, (link, mark) in enumerate(
                zip(answer.scraped.links, answer.known, strict=True), start=1
            )
        ]
        for at in range(0, len(rows), A_PIECE):
            yield {"ok": True, "found": rows[at : at + A_PIECE]}
        yield {"ok": True, "look": _look_report(answer.scraped)}


async def pull(parts: Parts, request: dict[str, Any]) -> AsyncGenerator[Answer]:
    """Publish what a page leads to; a pull with the same words that has not ended goes on.

    ``{"pages", "links"}`` while it is read, ``{"pull": ...}`` while it goes, then
    ``{"items": [...]}``, and last ``{"ok", "end": ...}``.
    """
    url, caption = str(request["url"]), str(request["caption"])
    look = await parts.looks.same_pull(_web(url), caption)
    if look is None:
        async for answer in _begin(parts, request):
            yield answer
            look = await parts.looks.get(int(answer.get("look_id", 0)))
        if look is None:
            return
    async for answer in _watch(parts, look.id):
        yield answer
    for pieces in await _items(parts, look.id):
        yield {"ok": True, "items": pieces}
    ended = await parts.looks.require(look.id)
    facts = pull_facts(ended, await parts.looks.tally(look.id))
    seconds = (ended.finished_at or parts.clock.now().timestamp()) - (
        ended.started_at or ended.created_at
    )
    yield {"ok": True, "end": {**facts, "url": ended.url, "wall_seconds": round(seconds, 3)}}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    scraped: Scraped
    known: list[Known]


async def _read(
    looker: Looker, url: str, measure_seconds: float | None
) -> AsyncGenerator[Answer | _Found]:
    """Yield how the reading goes, and last what was found."""
    news: asyncio.Queue[Answer | _Found] = asyncio.Queue()

    async def on_progress(pages: int, links: int) -> None:
        await news.put({"ok": True, "pages": pages, "links": links})

    async def work() -> None:
        found, known = await looker.scrape(url, on_progress, measure_seconds=measure_seconds)
        await news.put(_Found(scraped=found, known=known))

    try:
        async with asyncio.TaskGroup() as group:
            task = group.create_task(work())
            task.add_done_callback(lambda done: news.put_nowait({}))
            while (answer := await news.get()) or not task.done():
                yield answer
    except* PageError as errors:
        raise as_refusal(_first(errors).finding) from None


def _first(errors: ExceptionGroup[PageError]) -> PageError:
    error = errors.exceptions[0]
    return _first(error) if isinstance(error, ExceptionGroup) else error


def _web(url: str) -> str:
    try:
        return require_web(url)
    except PageError as error:
        raise as_refusal(error.finding) from error


async def _begin(parts: Parts, request: dict[str, Any]) -> AsyncGenerator[Answer]:
    """Look at a page, choose, and let the pull begin; its number is the last answer."""
    wanted = _wanted(parts, request)
    await _check(parts, wanted.caption)
    limit = picking.read_size(str(request["max_size"])) if request.get("max_size") else 0
    seconds = MEASURE_ALL_SECONDS if limit else None
    async for answer in _read(parts.looker, wanted.url, seconds):
        if not isinstance(answer, _Found):
            yield answer
            continue
        look_id = await _open(parts, wanted, answer)
        picked = choose(offered(await parts.looks.links(look_id)), request, limit)
        look = await parts.looks.require(look_id)
        if not picked:
            await parts.looks.move(look, LookState.LEFT)
            facts = pull_facts(look, await parts.looks.tally(look_id))
            end = {**facts, "state": "done", "url": wanted.url, "wall_seconds": 0.0}
            yield {"ok": True, "end": {**end, "found": len(answer.scraped.offered)}}
            return
        await parts.looks.pick(look_id, {one.number: True for one in picked})
        await parts.looks.move(look, LookState.PULLING)
        parts.posts.changed()
        yield {"ok": True, "look_id": look_id}


def choose(
    links: Sequence[FoundLink], request: dict[str, Any], limit_bytes: int
) -> list[FoundLink]:
    """Return what a command wants of what was found."""
    chosen = list(links) if request.get("all") else picking.new(links)
    if request.get("match"):
        chosen = picking.matching(chosen, str(request["match"]))
    if limit_bytes:
        chosen = picking.up_to(chosen, limit_bytes)
    most = int(request.get("limit") or 0)
    return chosen[:most] if most else chosen


def _wanted(parts: Parts, request: dict[str, Any]) -> Wanted:
    return Wanted(
        url=_web(str(request["url"])),
        caption=str(request["caption"]),
        mode=PullMode(request.get("mode") or parts.looks.mode),
        smallest_first=parts.looks.smallest_first,
    )


async def _check(parts: Parts, caption: str) -> None:
    """Refuse words that no video could be published with, before anything is read."""
    check_words(caption)
    await parts.intake.require_words(caption)


async def _open(parts: Parts, wanted: Wanted, found: _Found) -> int:
    async with parts.store.transaction() as tx:
        look_id = await parts.looks.create(tx, wanted, read=False)
        await parts.looks.save_found(tx, look_id, found.scraped, found.known)
    look = await parts.looks.require(look_id)
    await parts.looks.move(look, LookState.OPEN)
    return look_id


async def _watch(parts: Parts, look_id: int) -> AsyncGenerator[Answer]:
    """Yield how a pull stands until it ended, or nothing goes on without a person."""
    fetched = 0
    while True:
        changed = parts.posts.next_change()
        look = await parts.looks.require(look_id)
        tally = await parts.looks.tally(look_id)
        facts = pull_facts(look, tally)
        # Between two looks a byte is counted here or there, and for a moment in neither.
        fetched = max(fetched, tally.fetched_bytes + await _moving(parts, look_id))
        facts["fetched_bytes"] = fetched
        yield {"ok": True, "pull": facts}
        if look.state not in {LookState.PULLING, LookState.CANCELLING}:
            return
        if not tally.waiting and await parts.looks.is_stuck(look_id):
            return
        try:
            async with asyncio.timeout(TELL_SECONDS):
                await changed.wait()
        except TimeoutError:
            continue
        await parts.clock.sleep(BREATH_SECONDS)


async def _moving(parts: Parts, look_id: int) -> int:
    """Return the bytes that downloads have and that are not written down yet."""
    mine = set(await parts.looks.open_posts(look_id))
    keys = parts.progress.keys()
    moving = [key for key in keys if isinstance(key, tuple) and key[1] in mine]
    more = 0
    for key in moving:
        snapshot, post = parts.progress.get(key), await parts.posts.require(key[1])
        if snapshot is not None:
            more += max(0, snapshot.done - post.fetched_bytes)
    return more


async def _items(parts: Parts, look_id: int) -> list[list[Answer]]:
    """Return what became of each picked link, some at a time."""
    rows = [await _item(parts, one) for one in await parts.looks.links(look_id) if one.is_picked]
    return [rows[at : at + A_PIECE] for at in range(0, len(rows), A_PIECE)]


async def _item(parts: Parts, found: FoundLink) -> Answer:
    item: Answer = {
        "number": found.number,
        "url": found.link.url,
        "title": found.link.title,
        "outcome": found.outcome,
        "note": found.note,
        "post_id": found.post_id,
        "state": "",
        "uploads": [],
    }
    if found.post_id is not None:
        post = await parts.posts.require(found.post_id)
        uploads = await parts.posts.uploads(post.id)
        told = report_post(post, uploads, parts.progress)
        item |= {"state": told["state"], "uploads": told["uploads"]}
    return item


def _link_report(link: Link) -> Answer:
    report = asdict(link)
    report.pop("version")
    return report


def _look_report(found: Scraped) -> Answer:
    return {
        "url": found.url,
        "title": found.title,
        "pages": found.pages,
        "findings": [
            {**asdict(one), "message": plain(finding_text(one.key, one.facts))}
            for one in found.findings
        ],
    }
