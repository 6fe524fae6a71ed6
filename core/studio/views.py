"""How people look through the library: what each message shows, as the store keeps it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from core.posts.records import require_time
from core.store.base import Row, Store, Tx
from core.studio.assets import Wanted
from core.studio.mashup import AssetKind
from utils.clock import Clock

A_PAGE = 8
MOST_WORDS = 12
"""Of moods or tags to choose from."""
MOST_USES = 5


class Filters(BaseModel):
    """What is looked for; empty does not matter."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    kind: AssetKind | None = None
    platform: str = ""
    mood: str = ""
    category: str = ""
    tag: str = ""
    text: str = ""

    @property
    def is_empty(self) -> bool:
        return self == Filters()


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryView:
    """One message that shows the library."""

    id: int = 0
    """0 as long as it is not kept."""
    chat_id: int
    user_id: int
    message_id: int
    filters: Filters
    page: int = 1
    menu: str = ""
    """What is shown; empty is the list, see ``bot/chat/library_text.py``."""
    asset_id: int | None = None
    """The asset whose details are shown."""

    @property
    def board(self) -> str:
        return f"library:{self.id}"

    @property
    def wanted(self) -> Wanted:
        return Wanted(
            kind=self.filters.kind,
            platform=self.filters.platform,
            mood=self.filters.mood,
            category=self.filters.category,
            tag=self.filters.tag,
            text=self.filters.text,
            page=self.page,
            per_page=A_PAGE,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """Something that was made with an asset."""

    holder: str
    """Such as ``render:7``."""
    at: datetime


@dataclass(slots=True)
class Views:
    """Reads and writes views."""

    store: Store
    clock: Clock

    async def create(self, tx: Tx, view: LibraryView) -> LibraryView:
        """Keep a view that is not kept yet; return it with its id."""
        row = await tx.one(
            "library_views.insert",
            chat_id=view.chat_id,
            user_id=view.user_id,
            message_id=view.message_id,
            filters=view.filters.model_dump_json(),
            menu=view.menu,
            asset_id=view.asset_id,
            now=self.clock.now().timestamp(),
        )
        if row is None:
            raise AssertionError("an insert returns its id")
        return replace(view, id=int(row["id"]))

    async def get(self, view_id: int) -> LibraryView | None:
        row = await self.store.one("library_views.get", id=view_id)
        return read_view(row) if row else None

    async def by_message(self, chat_id: int, message_id: int) -> LibraryView | None:
        """Return the view that a message is."""
        row = await self.store.one(
            "library_views.by_board", chat_id=chat_id, message_id=message_id
        )
        return read_view(row) if row else None

    async def save(self, view: LibraryView, **changes: Any) -> LibraryView:
        """Remember what a message shows now."""
        changed = replace(view, **changes)
        async with self.store.transaction() as tx:
            await tx.run(
                "library_views.save",
                id=changed.id,
                filters=changed.filters.model_dump_json(),
                page=changed.page,
                menu=changed.menu,
                asset_id=changed.asset_id,
            )
        return changed

    async def words(self, what: str, kind: AssetKind | None) -> list[str]:
        """Return the frequent ``moods``, ``platforms`` or ``tags`` of the library."""
        named = kind.value if kind else ""
        rows = await self.store.all(f"library_views.{what}", kind=named, limit=MOST_WORDS)
        return [str(row["word"]) for row in rows]

    async def uses(self, asset_id: int) -> list[Use]:
        """Return what an asset was used for, the latest first."""
        rows = await self.store.all("library_views.uses", asset_id=asset_id, limit=MOST_USES)
        return [Use(holder=row["holder"], at=require_time(row["at"])) for row in rows]

    async def is_held(self, asset_id: int) -> bool:
        """Return whether something needs the file of an asset now."""
        row = await self.store.one("library_views.holders", asset_id=asset_id)
        return row is not None and int(row["holders"]) > 0


def read_view(row: Row) -> LibraryView:
    return LibraryView(
        id=row["id"],
        chat_id=row["chat_id"],
        user_id=row["user_id"],
        message_id=row["message_id"],
        filters=Filters.model_validate_json(row["filters"]),
        page=row["page"],
        menu=row["menu"],
        asset_id=row["asset_id"],
    )
