"""Words for the full text search: what is indexed of an asset, and what a person looks for.

What a person types never becomes syntax of the search: only letters and digits are left of it,
each word in quotes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

MOST_WORDS = 12
LONGEST_WORD = 64

_APOSTROPHES = re.compile(
    "(?<=\\w)['`\u00b4\u02b9\u02bb-\u02bf\u02c8\u2018\u2019\u201b\u2032](?=\\w)"
)
_SPACELESS = re.compile(
    # Thai to Myanmar, Khmer, kana, ideographs: scripts that put no space between words.
    "([\u0e00-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])"
)
_WORD = re.compile(r"[^\W_]+")


def indexed(
    *, name: str, tags: Iterable[str], mood: str, category: str, origin: str, attribution: str
) -> dict[str, str]:
    """Return the columns of the words of an asset."""
    return {
        "name": spread(name),
        "tags": spread(" ".join(sorted(tags))),
        "mood": spread(mood),
        "category": spread(category),
        "origin": spread(origin),
        "attribution": spread(attribution),
    }


def spread(text: str) -> str:
    """Return a text with signs of scripts without spaces apart, and words without apostrophes.

    So that a word inside such a text is found, ``oʻzbek`` by who types ``o'zbek``, and Russian
    with and without the dots that few people write.
    """
    return " ".join(_SPACELESS.sub(r" \1 ", _simple(text)).split())


def match_of(text: str) -> str:
    """Return the expression that finds assets with words that begin like these; empty for none."""
    words = _WORD.findall(_simple(text))[:MOST_WORDS]
    return " ".join(f'"{spread(word[:LONGEST_WORD])}"*' for word in words)


def _simple(text: str) -> str:
    plain = text.encode("utf-8", "replace").decode()
    return _APOSTROPHES.sub("", unicodedata.normalize("NFKC", plain).casefold()).replace("ё", "е")
