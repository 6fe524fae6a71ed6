"""An asset as a value: one stored file for one purpose, with what is known and said of it."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import PurePath
from typing import Any, Literal

from core.posts.models import MediaFacts
from core.posts.records import dump, dump_value, read_facts, require_time, to_time
from core.store.base import Row
from core.studio.errors import StudioError
from core.studio.mashup import AssetKind

Media = Literal["video", "audio", "image"]
Rights = Literal["mine", "licensed", ""]

RIGHTS: tuple[Rights, ...] = ("mine", "licensed", "")
MEDIA_OF: Mapping[AssetKind, frozenset[Media]] = {
    AssetKind.SOURCE: frozenset({"video", "image"}),
    AssetKind.TEMPLATE: frozenset({"video", "image"}),
    AssetKind.HOT: frozenset({"video"}),
    AssetKind.AUDIO: frozenset({"audio", "video"}),
    AssetKind.PRODUCT: frozenset({"video", "image"}),
    AssetKind.MASHUP: frozenset({"video"}),
    AssetKind.THUMBNAIL: frozenset({"image"}),
}
"""What a file of each kind may be; a video is taken as audio for its sound."""
LONGEST_NAME = 120
LONGEST_WORD = 60
"""Of a tag, a platform, a mood or a category."""
LONGEST_TEXT = 500
"""Of a licence, an origin or an attribution."""
MOST_TAGS = 50
SETTABLE = ("platform", "mood", "category", "licence", "origin", "attribution", "rights")
"""What can be said of an asset besides its name and tags."""
_WORDS = frozenset({"platform", "mood", "category"})
_INVISIBLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]+")


class Deleted(StrEnum):
    """What became of the wish to delete an asset."""

    GONE = "gone"
    LATER = "later"
    """Something needs it; it goes when that lets go, and is not shown until then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAsset:
    """What is said of a file that is to be added."""

    kind: AssetKind
    name: str = ""
    """Empty: that of the file without its ending."""
    tags: frozenset[str] = frozenset()
    platform: str = ""
    """Empty: for any."""
    mood: str = ""
    category: str = ""
    licence: str = ""
    origin: str = ""
    """Where it comes from: a link, a name, a folder."""
    attribution: str = ""
    """The line that must stand under what is made with it."""
    rights: Rights = ""
    """What the person stated; empty: nothing was said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """One file of the library."""

    id: int
    kind: AssetKind
    name: str
    sha256: str
    size_bytes: int
    facts: MediaFacts
    media: Media
    tags: frozenset[str]
    platform: str
    mood: str
    category: str
    licence: str
    origin: str
    attribution: str
    rights: Rights
    uses: int
    """So many things were made with it."""
    last_used_at: datetime | None
    shelf: str
    """Ending of its stored file, such as ``.mp4``."""
    added_by: int
    """User id in Telegram; 0: a command or a watched folder."""
    added_at: datetime
    deleted_at: datetime | None
    """Since when it only waits for those that still need it."""
    thumbnail: bool
    """Whether a picture of it was made."""

    @property
    def seconds(self) -> float:
        """Return how long it lasts; 0 for a picture."""
        return 0.0 if self.media == "image" else self.facts.duration_seconds or 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What came of adding a file."""

    asset: Asset
    is_new: bool
    """False: these bytes were an asset of this kind before, and that is the one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which assets are looked for; what is empty does not matter."""

    kind: AssetKind | None = None
    platform: str = ""
    mood: str = ""
    category: str = ""
    text: str = ""
    """Words, each of which begins a word of the asset's."""
    tag: str = ""
    page: int = 1
    """From 1 on."""
    per_page: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One page of what was looked for."""

    assets: tuple[Asset, ...]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KindStats:
    """How much of one kind there is."""

    kind: AssetKind
    count: int
    size_bytes: int
    seconds: float
    uses: int


def read_asset(row: Row) -> Asset:
    """Return the asset of a row of ``assets``."""
    return Asset(
        id=row["id"],
        kind=AssetKind(row["kind"]),
        name=row["name"],
        sha256=row["sha256"],
        size_bytes=row["size_bytes"],
        facts=read_facts(row["facts"]),
        media=row["media"],
        tags=frozenset(json.loads(row["tags"])),
        platform=row["platform"],
        mood=row["mood"],
        category=row["category"],
        licence=row["licence"],
        origin=row["origin"],
        attribution=row["attribution"],
        rights=row["rights"],
        uses=row["uses"],
        last_used_at=to_time(row["last_used_at"]),
        shelf=row["suffix"],
        added_by=row["added_by"],
        added_at=require_time(row["added_at"]),
        deleted_at=to_time(row["deleted_at"]),
        thumbnail=bool(row["thumbnail"]),
    )


def said(wanted: NewAsset) -> dict[str, Any]:
    """Return the columns that hold what is said of an asset."""
    return {
        "name": wanted.name,
        "tags": dump(sorted(wanted.tags)),
        **{field: getattr(wanted, field) for field in SETTABLE},
    }


def measured(facts: MediaFacts, media: Media) -> dict[str, Any]:
    """Return the columns that hold what was found out about a file."""
    seconds = 0.0 if media == "image" else facts.duration_seconds or 0.0
    return {"media": media, "facts": dump_value(facts), "seconds": seconds}


def clean(wanted: NewAsset, file_name: str = "") -> NewAsset:
    """Return what is said in the form it is kept in: without signs that cannot be seen.

    Raises:
        StudioError: a word is too long, there are too many tags, or the rights are unknown.
    """
    name = clean_name(wanted.name) or clean_name(PurePath(file_name).stem) or wanted.kind.value
    fields: dict[str, Any] = {
        field: clean_field(field, getattr(wanted, field)) for field in SETTABLE
    }
    return NewAsset(kind=wanted.kind, name=name, tags=clean_tags(wanted.tags), **fields)


def clean_name(text: str) -> str:
    """Return a name on one line, cut where it is too long."""
    return _plain(text)[:LONGEST_NAME].rstrip()


def clean_tags(tags: Iterable[str]) -> frozenset[str]:
    """Return tags in small letters, without the number sign.

    Raises:
        StudioError: one is too long, or there are too many.
    """
    found = frozenset(filter(None, (clean_word(tag.strip().lstrip("#")) for tag in tags)))
    if len(found) > MOST_TAGS:
        raise StudioError("too_many_tags", {"limit": MOST_TAGS})
    return found


def clean_word(text: str) -> str:
    """Return a word by which assets are sorted, in small letters.

    Raises:
        StudioError: it is too long.
    """
    word = _plain(text).casefold()
    if len(word) > LONGEST_WORD:
        raise StudioError("text_too_long", {"text": word[:20] + "…", "limit": LONGEST_WORD})
    return word


def clean_field(field: str, value: str) -> str:
    """Return what is said in one field.

    Raises:
        StudioError: there is no such field, or its value cannot be.
    """
    if field not in SETTABLE:
        raise StudioError("unknown_field", {"field": field, "known": ", ".join(SETTABLE)})
    if field in _WORDS:
        return clean_word(value)
    text = _plain(value)
    if field == "rights":
        if text not in RIGHTS:
            raise StudioError("unknown_rights", {"rights": text, "known": "mine, licensed"})
    elif len(text) > LONGEST_TEXT:
        raise StudioError("text_too_long", {"text": text[:20] + "…", "limit": LONGEST_TEXT})
    return text


def require_kind(text: str) -> AssetKind:
    """Return the kind of that name.

    Raises:
        StudioError: there is none.
    """
    try:
        return AssetKind(text.strip().casefold())
    except ValueError as error:
        known = ", ".join(kind.value for kind in AssetKind)
        raise StudioError("unknown_kind", {"kind": text[:LONGEST_WORD], "known": known}) from error


def _plain(text: str) -> str:
    # Names of files may hold bytes that are no text.
    composed = unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode())
    return " ".join(_INVISIBLE.sub(" ", composed).split())
