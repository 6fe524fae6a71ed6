"""The command of the control socket about renders: list, show, log, cancel, again, want."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.control import Answer, Command
from core.errors import RefusedError
from core.studio.errors import StudioError
from core.studio.mashup import Mashup
from core.studio.renders import NewRender, Renders

if TYPE_CHECKING:
    from bot.parts import Parts


def render_commands(parts: Parts) -> dict[str, Command]:
    """Return ``renders``: ``{"action", "id"?, …}``, answered with ``"ok"`` and what was asked.

    ``list`` (``page``) answers ``{"renders": [FACTS]}``, the open ones on the first page too;
    ``show``, ``cancel`` and ``first`` answer ``{"render": FACTS}``, ``again`` (``publish``) that
    and ``{"published"}``, ``log`` ``{"log"}``, ``want`` (``mashup``, ``caption``, ``name``,
    ``preview``) ``{"render_id"}``. FACTS are those of `Renders.facts`.
    """
    desk = _Desk(parts.studio.renders)

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
        )
        return {"render_id": await self.renders.create(None, wanted)}
