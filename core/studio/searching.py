"""Words for the full text search: what is indexed of an asset, and what a person looks for.

What a person types never becomes syntax of the search: only letters, their marks and digits are
left of it, each word in quotes. Marks that people leave out as often as not, such as stress in
Russian or the vowels of Arabic, are left out of both; in scripts that cannot be read without their
marks, such as Devanagari, they belong to the word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from unicodedata import category, normalize

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
_OPTIONAL = (
    # Marks over Latin, Greek and Cyrillic letters that no letter of its own stands for.
    *((0x0300, 0x036F), (0x0483, 0x0487), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF)),
    *((0xFE20, 0xFE2F),),
    # Vowels and accents of Hebrew and Arabic, and the stroke that only makes a word longer.
    *((0x0591, 0x05BD), (0x05BF, 0x05C7), (0x0610, 0x061A), (0x0640, 0x0640), (0x064B, 0x065F)),
    *((0x0670, 0x0670), (0x06D6, 0x06DC), (0x06DF, 0x06E8), (0x06EA, 0x06ED)),
    # What cannot be seen: soft hyphens, joiners, choices among shapes.
    *((0x00AD, 0x00AD), (0x200D, 0x200D), (0x2060, 0x2060), (0xFE00, 0xFE0F)),
    *((0xE0100, 0xE01EF),),
)
_FOLDED: dict[int, str | None] = {
    **{sign: None for first, last in _OPTIONAL for sign in range(first, last + 1)},
    # Letters that no mark makes, by those that are typed for them.
    **{ord(sign): plain for sign, plain in zip("ёđłøıħ", "еdloih", strict=True)},
}


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
    words = "".join(one if category(one)[0] in "LMN" else " " for one in _simple(text)).split()
    words = words[:MOST_WORDS]
    return " ".join(f'"{spread(word[:LONGEST_WORD])}"*' for word in words)


def _simple(text: str) -> str:
    plain = text.encode("utf-8", "replace").decode()
    folded = normalize("NFKC", normalize("NFKC", plain).casefold())
    return _APOSTROPHES.sub("", folded.translate(_FOLDED))
