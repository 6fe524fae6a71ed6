"""What a person says of many mashups: `/mashup 20 upbeat`, and lines that name the parts."""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.errors import RefusedError

KEYS = {
    **dict.fromkeys(("from", "source", "sources", "video", "videos"), "sources"),
    **dict.fromkeys(("template", "templates"), "templates"),
    "music": "music",
    "mood": "mood",
}
"""What may stand before a colon, and what it means."""
SHOWN = ("from", "templates", "music", "mood")

_KEY = re.compile(r"(?<!\S)([^\W\d_]{2,12}):")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine:
    """What was said; empty where nothing was."""

    words: str = ""
    """What stands before every key: the mood."""
    sources: str = ""
    templates: str = ""
    music: str = ""
    mood: str = ""


def read_order(text: str) -> OrderLine:
    """Return what stands after the number; a value goes on until the next key or line.

    A name may have a colon, but no line begins with what is no key.

    Raises:
        RefusedError: ``mashup_many_key``; there is no such key.
    """
    free: list[str] = []
    values: dict[str, list[str]] = {}
    for line in text.replace("\r", "\n").split("\n"):
        begins = len(line) - len(line.lstrip())
        found = list(_KEY.finditer(line))
        marks = [one for one in found if one.start() == begins or one[1].casefold() in KEYS]
        ends = [*(mark.start() for mark in marks[1:]), len(line)]
        free.append(line[: marks[0].start()] if marks else line)
        for mark, end in zip(marks, ends, strict=True) if marks else ():
            values.setdefault(_key(mark[1]), []).append(line[mark.end() : end].strip())
    told = {name: ", ".join(filter(None, said)) for name, said in values.items()}
    return OrderLine(words=" ".join(" ".join(free).split()), **told)


def has_key(text: str) -> bool:
    """Return whether a text names parts of many mashups."""
    return any(mark[1].casefold() in KEYS for mark in _KEY.finditer(text))


def _key(word: str) -> str:
    name = KEYS.get(word.casefold())
    if name is None:
        raise RefusedError("mashup_many_key", given=word, known=list(SHOWN))
    return name
