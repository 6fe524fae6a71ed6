"""A link that somebody sends, with the lines under it that are about the link itself.

``mirror: URL`` (also several) names another address of the same file; ``rights: mine`` states
that the person may publish what a page plays. They are taken out of the caption.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from core.errors import RefusedError, SourceError
from core.posts.intake import Incoming
from core.posts.models import MediaFacts
from core.sources.guard import Guard
from core.sources.http import MOST_ADDRESSES, link_fingerprint
from core.sources.names import UNNAMED, name_from_url
from core.sources.registry import RIGHTS_MINE
from core.sources.shares.registry import direct_address

MOST_MIRRORS = MOST_ADDRESSES - 1

_LINE = re.compile(r"\s*(mirror|rights)\s*:\s*(.*?)\s*", re.IGNORECASE)
_MINE = frozenset({"mine", "own", "yes"})


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkWish:
    """What a message that begins with a link asks for."""

    url: str
    mirrors: tuple[str, ...] = ()
    may_publish: bool = False
    """The person states that they may publish what the link leads to."""
    caption: str = ""

    @property
    def source(self) -> dict[str, Any]:
        """Return it as ``Post.source``."""
        source: dict[str, Any] = {"kind": "http", "url": self.url}
        if self.mirrors:
            source["mirrors"] = list(self.mirrors)
        if self.may_publish:
            source["rights"] = RIGHTS_MINE
        return source


def is_link(text: str) -> bool:
    """Tell whether a text is a link and nothing else."""
    return text.lower().startswith(("http://", "https://")) and not re.search(r"\s", text)


def read_link(text: str) -> LinkWish | None:
    """Return what a message asks for whose first line is a link; None for other messages.

    Raises:
        RefusedError: ``bad_url``, ``bad_rights``, ``many_mirrors`` or ``empty_value``.
    """
    link, _, rest = text.strip().partition("\n")
    return read_lines(link.strip(), rest) if is_link(link.strip()) else None


def read_lines(url: str, caption: str) -> LinkWish:
    """Take the lines about the link out of its caption.

    Raises:
        RefusedError: as `read_link`.
    """
    kept: list[str] = []
    mirrors: list[str] = []
    may_publish = False
    for line in caption.replace("\r\n", "\n").split("\n"):
        match = _LINE.fullmatch(line)
        if match is None:
            kept.append(line)
            continue
        word, value = match[1].lower(), match[2]
        if not value:
            raise RefusedError("empty_value", word=word)
        if word == "rights":
            may_publish = _read_rights(value)
        else:
            mirrors.append(_read_mirror(value))
    unique = tuple(one for one in dict.fromkeys(mirrors) if one != url)
    if len(unique) > MOST_MIRRORS:
        raise RefusedError("many_mirrors", most=MOST_MIRRORS)
    return LinkWish(
        url=url, mirrors=unique, may_publish=may_publish, caption="\n".join(kept).strip()
    )


def require_link(wish: LinkWish, guard: Guard) -> None:
    """Refuse at once what surely leads nowhere; names are judged when they are looked up.

    Raises:
        RefusedError: ``bad_url``, ``link_private`` or ``link_folder``.
    """
    try:
        for url in (wish.url, *wish.mirrors):
            _ = guard.check(direct_address(url) or url)
    except SourceError as error:
        raise RefusedError(error.key, **error.facts) from error


def incoming_link(wish: LinkWish, **who: Any) -> Incoming:
    """Return a link as the intake takes it; ``who`` are the other fields of `Incoming`."""
    return Incoming(
        source=wish.source,
        caption=wish.caption,
        facts=MediaFacts(),
        fingerprint=link_fingerprint(wish.url),
        filename=UNNAMED if direct_address(wish.url) else name_from_url(wish.url),
        **who,
    )


def _read_rights(value: str) -> bool:
    if value.casefold().rstrip(".!") not in _MINE:
        raise RefusedError("bad_rights", given=value[:40])
    return True


def _read_mirror(value: str) -> str:
    if not is_link(value):
        raise RefusedError("bad_url")
    return value
