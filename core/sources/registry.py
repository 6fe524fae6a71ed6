"""Which source a post's ``source`` means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from core.errors import SourceError
from core.ports import Source
from core.sources.file import FileSource
from core.sources.http import HttpSource
from core.sources.telegram import TelegramSource


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceAccess:
    """What sources need besides their own address."""

    session: aiohttp.ClientSession
    telegram_base: str = ""
    telegram_token: str = field(default="", repr=False)
    local_files: bool = False
    """Whether the Bot API server shares its disk with us."""
    allowed_hosts: Iterable[str] = ()


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
        return HttpSource(
            str(spec["url"]), session=access.session, allowed_hosts=access.allowed_hosts
        )
    if kind == "file":
        return FileSource(Path(str(spec["path"])))
    raise SourceError(key="bad_url", retry=False, facts={"kind": str(kind)})
