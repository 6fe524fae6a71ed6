"""The command of the control socket about renders: list, show, log, cancel, again, want."""

from __future__ import annotations

import random
import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.control import Answer, Command
from core.errors import RefusedError
from core.studio import orders
from core.studio.errors import StudioError
from core.studio.library import Library
from core.studio.mashup import Mashup
from core.studio.naming import named
from core.studio.renders import NewRender, Renders
from core.studio.wizard import MANY_FIELDS, MOST_AT_ONCE, Choices

if TYPE_CHECKING:
    from bot.parts import Parts

NAMED = ("from", "templates", "music")
"""What names assets in a request, in the order of `MANY_FIELDS`."""
SEEDS = 100_000
TO_LINE = re.compile(r"^\s*to\s*:", re.IGNORECASE | re.MULTILINE)


def render_commands(parts: Parts) -> dict[str, Command]:
    """Return ``renders``: ``{"action", "id"?, …}``, answered with ``"ok"`` and what was asked.

    ``list`` (``page``) answers ``{"renders": [FACTS]}``, the open ones on the first page too;
    ``show``, ``cancel`` and ``first`` answer ``{"render": FACTS}``, ``again`` (``publish``) that
    and ``{"published"}``, ``log`` ``{"log"}``, ``want`` (``mashup``, ``caption``, ``name``,
    ``preview``, ``twins``) ``{"render_id"}``. What ``make`` takes and answers is told there.
    FACTS are those of `Renders.facts`.
    """
    desk = _Desk(parts.studio.renders, parts.studio.library)

    async def renders(request: dict[str, Any]) -> AsyncGenerator[Answer]:
        work = getattr(desk, str(request["action"]))
        try:
            yield {"ok": True, **await work(request)}
        except StudioError as error:
            raise RefusedError(f"studio_{error.key}", **error.facts) from error

    return {"renders": renders}


@dataclass(frozen=True, slots=True)
class _Desk:
    renders: Renders
    library: Library

    async def list(self, request: dict[str, Any]) -> Answer:
        page = int(request.get("page") or 1)
        found = await self.renders.recent(page=page)
        if page == 1:
            known = {render.id for render in found}
            found = [one for one in await self.renders.open() if one.id not in known] + found
        return {"renders": [await self.renders.facts(render.id) for render in found]}

    async def show(self, request: dict[str, Any]) -> Answer:
        return {"render": await self.renders.facts(int(request["id"]))}

    async def log(self, request: dict[str, Any]) -> Answer:
        return {"log": await self.renders.log(int(request["id"]))}

    async def cancel(self, request: dict[str, Any]) -> Answer:
        _ = await self.renders.cancel(int(request["id"]))
        return await self.show(request)

    async def first(self, request: dict[str, Any]) -> Answer:
        _ = await self.renders.raise_priority(int(request["id"]))
        return await self.show(request)

    async def again(self, request: dict[str, Any]) -> Answer:
        publish = bool(request.get("publish"))
        again = await self.renders.again(int(request["id"]), publish=publish)
        return {**await self.show(request), "published": again.published}

    async def want(self, request: dict[str, Any]) -> Answer:
        wanted = NewRender(
            mashup=Mashup.model_validate(request["mashup"]),
            caption=str(request.get("caption", "")),
            name=str(request.get("name", "")),
            preview=bool(request.get("preview")),
            twins_wanted=bool(request.get("twins")),
        )
        return {"render_id": await self.renders.create(None, wanted)}

    async def make(self, request: dict[str, Any]) -> Answer:
        """Have many made: ``count``, and what `Choices` has of such an order.

        ``from``, ``templates`` and ``music`` are lists of lines that name assets; ``to`` and
        ``caption`` say where they are published, ``twins`` that this may be the same file,
        ``dry_run`` only tells. The answer is ``{"seed", "names", "batch_id", "renders":
        [FACTS]}``, of ``dry_run`` without the last two.
        """
        choices, caption = await self._choices(request), _caption(request)
        if choices.count > MOST_AT_ONCE:
            raise StudioError("bad_count", {"count": choices.count, "limit": MOST_AT_ONCE})
        made = await orders.plan(self.library, choices)
        names = await orders.names_of(self.library, made)
        told = {"seed": choices.seed, "names": names}
        if request.get("dry_run"):
            return told
        wanted = [
            NewRender(mashup=one, caption=caption, name=name, twins_wanted=choices.twins)
            for one, name in zip(made, names, strict=True)
        ]
        batch_id, ids = await self.renders.create_many(wanted)
        facts = [await self.renders.facts(render_id) for render_id in ids]
        return {**told, "batch_id": batch_id, "renders": facts}

    async def _choices(self, request: dict[str, Any]) -> Choices:
        named_ids = {
            field: await named(self.library, "\n".join(request.get(word) or ()), step)
            for (step, field), word in zip(MANY_FIELDS.items(), NAMED, strict=True)
        }
        seed = request.get("seed")
        return Choices(
            count=int(request["count"]),
            mood=str(request.get("mood") or ""),
            aspect=request.get("aspect") or "9:16",
            seconds=int(request.get("seconds") or 0),
            seed=random.SystemRandom().randrange(SEEDS) if seed is None else int(seed),
            twins=bool(request.get("twins")),
            **named_ids,
        )


def _caption(request: dict[str, Any]) -> str:
    """Return the caption with the line that says where.

    Raises:
        RefusedError: one of both is missing.
    """
    words, places = str(request.get("caption") or "").strip(), str(request.get("to") or "").strip()
    if places and not words:
        raise RefusedError("renders_no_caption")
    if words and not places and not TO_LINE.search(words):
        raise RefusedError("renders_no_place")
    return f"{words}\nto: {places}" if places else words
