"""The words of each video of a pull: its title from the page, and what the person wrote.

In what the person wrote ``{title}``, ``{name}``, ``{number}``, ``{host}`` and ``{page}`` are
filled. Lines such as ``to:`` count only where the person wrote them, never in a title of a page.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from core.errors import RefusedError
from core.posts.caption import parse_caption
from core.sources.pages.addresses import host_of, words_of
from core.sources.pages.look import FoundLink, Look

PLACES = ("title", "name", "number", "host", "page")
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
_PLACE = re.compile(r"\{([^{}\n]{0,40})\}")


def check_words(caption: str) -> None:
    """See that a caption names only places that there are.

    Raises:
        RefusedError: ``pull_place``.
    """
    for word in _PLACE.findall(caption):
        if word.strip() not in PLACES:
            raise RefusedError("pull_place", given=word, known=list(PLACES))


def caption_of(look: Look, found: FoundLink, *, now: datetime, timezone: str) -> str:
    """Return the caption of one video."""
    title = harmless(found.link.title or words_of(found.link.url) or "Video")
    facts = {
        "title": title,
        "name": harmless(words_of(found.link.url)),
        "number": str(found.number),
        "host": host_of(look.url),
        "page": harmless(look.title),
    }
    written = _PLACE.sub(lambda place: facts.get(place[1].strip(), place[0]), look.caption)
    wish = parse_caption(written, now=now, timezone=timezone)
    return written if wish.prompt or wish.title else f"{title}\n{written}".strip()


def harmless(text: str) -> str:
    """Return foreign text as prose: a line that would be an order is none any more."""
    line = " ".join(text.split())
    try:
        wish = parse_caption(line, now=_LONG_AGO)
    except RefusedError:
        return line.replace(":", " –")
    return line if wish.prompt == line else line.replace(":", " –")
