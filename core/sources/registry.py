"""Which source a post's ``source`` means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from core.errors import SourceError
from core.ports import Source
from core.sources.asset import AssetFiles, AssetSource
from core.sources.fetch import DEFAULT_RULES, FetchRules
from core.sources.file import FileSource
from core.sources.guard import Guard
from core.sources.http import HttpSource, PageReader
from core.sources.render import RenderAccess, RenderSource
from core.sources.telegram import TelegramSource

RIGHTS_MINE = "mine"
"""Value of ``rights`` in a source: the person states that they may publish it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkAccess:
    """What links need besides their own address."""

    session: aiohttp.ClientSession
    """A guarded one, of `core.sources.guard.link_session`."""
    guard: Guard
    rules: FetchRules = DEFAULT_RULES
    reader: PageReader | None = None
    """Finds the file that a page plays; None when nothing may."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceAccess:
    """What sources need besides their own address."""

    session: aiohttp.ClientSession
    """For files of Telegram, whose server may be a private one."""
    links: LinkAccess
    telegram_base: str = ""
    telegram_token: str = field(default="", repr=False)
    local_files: bool = False
    """Whether the Bot API server shares its disk with us."""
    assets: AssetFiles | None = None
    renders: RenderAccess | None = None


def open_source(spec: Mapping[str, Any], access: SourceAccess) -> Source:
    """Return the source for ``Post.source``; its shapes stand in ``core/sources/base.py``.

    Raises:
        SourceError: there is no such kind.
    """
    kind = spec.get("kind")
    if kind == "telegram":
        return TelegramSource(
            session=access.session,
            api_base=access.telegram_base,
            token=access.telegram_token,
            file_id=str(spec["file_id"]),
            file_unique_id=str(spec["file_unique_id"]),
            local_files=access.local_files,
        )
    if kind == "http":
        return _open_link(spec, access.links)
    if kind == "file":
        return FileSource(Path(str(spec["path"])))
    if kind == "asset" and access.assets is not None:
        return AssetSource(int(spec["asset_id"]), access.assets)
    if kind == "render" and access.renders is not None:
        return RenderSource(int(spec["render_id"]), access.renders)
    raise SourceError(key="bad_url", retry=False, facts={"kind": str(kind)})


def _open_link(spec: Mapping[str, Any], links: LinkAccess) -> HttpSource:
    return HttpSource(
        str(spec["url"]),
        session=links.session,
        guard=links.guard,
        rules=links.rules,
        mirrors=[str(url) for url in spec.get("mirrors", ())],
        reader=links.reader,
        may_publish=spec.get("rights") == RIGHTS_MINE,
    )
