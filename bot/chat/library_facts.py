"""What is known of the library for what a message shows of it; drawn by ``library_text.py``."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from aiogram.types import User

from bot.chat.deps import ChatDeps
from core.errors import RefusedError
from core.platforms.registry import platform_names
from core.studio.assets import Asset
from core.studio.telling import asset_facts
from core.studio.views import A_PAGE, MOST_WORDS, LibraryView

MOODS = ("upbeat", "calm", "happy", "sad", "dramatic", "funny")
"""Moods that are offered besides those of the library."""
LIST = ""
OF_LIST = frozenset({LIST, "kind", "mood", "platform", "tag", "stats"})
"""Menus that are about the library, and not about one file."""


class Viewer:
    """Reads what one person may see."""

    def __init__(self, deps: ChatDeps, user: User, *, is_admin: bool) -> None:
        self._deps = deps
        self._user = user
        self._is_admin = is_admin

    @property
    def user_id(self) -> int:
        return self._user.id

    async def facts(self, view: LibraryView) -> dict[str, Any]:
        """Return the facts of the board of a view.

        Raises:
            RefusedError: ``library_gone``; its file is not there any more.
        """
        base = {
            "view_id": view.id,
            "menu": view.menu,
            "filters": view.filters.model_dump(mode="json"),
        }
        if view.menu not in OF_LIST:
            return {**base, **await self._of_asset(view)}
        match view.menu:
            case "kind":
                stats = await self._deps.library.stats()
                return {**base, "counts": {one.kind.value: one.count for one in stats}}
            case "stats":
                stats = await self._deps.library.stats()
                return {**base, "stats": [asdict(one) for one in stats]}
            case "mood" | "platform" | "tag" as what:
                return {**base, "words": await self._words(view, what)}
            case _:
                return {**base, **await self._of_list(view)}

    async def word(self, view: LibraryView, number: int) -> str:
        """Return the word that a button of a message means.

        Raises:
            RefusedError: ``old_button``; the message shows something else by now.
        """
        board = await self._deps.posts.board(view.board)
        words = board.facts.get("words", []) if board else []
        if not 0 <= number < len(words):
            raise RefusedError("old_button")
        return str(words[number])

    def may_change(self, asset: Asset) -> bool:
        """Return whether this person may change a file: their own, or one that is nobody's."""
        return self._is_admin or asset.added_by in {0, self._user.id}

    async def asset(self, asset_id: int | None) -> Asset:
        """Return a file.

        Raises:
            RefusedError: ``library_gone``.
        """
        asset = await self._deps.library.get(asset_id) if asset_id else None
        if asset is None:
            raise RefusedError("library_gone")
        return asset

    async def _of_list(self, view: LibraryView) -> dict[str, Any]:
        found = await self._deps.library.find(view.wanted)
        page_count = max(1, -(-found.total // A_PAGE))
        page = min(view.page, page_count)
        if page != view.page:
            found = await self._deps.library.find(replace(view, page=page).wanted)
        return {
            "rows": [asset_facts(one) for one in found.assets],
            "page": page,
            "page_count": page_count,
            "total": found.total,
        }

    async def _words(self, view: LibraryView, what: str) -> list[str]:
        kind = view.filters.kind
        if what == "tag":
            return [tag for tag, _ in await self._deps.library.tags(kind, limit=MOST_WORDS)]
        return await self._deps.views.words(f"{what}s", kind)

    async def _of_asset(self, view: LibraryView) -> dict[str, Any]:
        asset = await self.asset(view.asset_id)
        uses = await self._deps.views.uses(asset.id) if self.may_change(asset) else []
        return {
            "asset": asset_facts(asset),
            "may_change": self.may_change(asset),
            "is_held": await self._deps.views.is_held(asset.id),
            "added": self._moment(asset.added_at),
            "added_by": asset.added_by if self._is_admin else 0,
            "last_used": self._moment(asset.last_used_at),
            "uses": [{"holder": one.holder, "at": self._moment(one.at)} for one in uses],
            "words": await self._choices(view),
        }

    async def _choices(self, view: LibraryView) -> list[str]:
        if view.menu == "set_platform":
            return sorted(platform_names())
        if view.menu == "set_mood":
            known = await self._deps.views.words("moods", None)
            return list(dict.fromkeys([*known, *MOODS]))[:MOST_WORDS]
        return []

    def _moment(self, at: datetime | None) -> str:
        return self._deps.view().moment(at) if at else ""
