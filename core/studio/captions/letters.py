"""Text as it can be shown: without what cannot be seen, cut into what belongs together."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

MOST_MARKS = 3
"""Of one letter; no language needs more, and towers of them would leave the picture."""
JOINER = "\u200d"
NON_JOINER = "\u200c"
_INVISIBLE = frozenset(JOINER + NON_JOINER + "\u200e\u200f")
"""They shape what stands beside them; a font need not have them."""
_LINE_ENDS = re.compile("\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
_DROPPED = re.compile(
    # Controls and halves of characters; soft hyphens, zero-width spaces and the mark of a byte
    # order; directions that reach beyond a word; what chooses between looks of a character.
    "[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\u00ad\u034f\u061c\u180b-\u180f"
    "\u200b\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb\U000e0100-\U000e01ef]"
)
_KEPT_SPACES = frozenset("\u00a0\u2007\u202f")
"""A line is not broken at these."""
_EMOJI = (
    (0x203C, 0x203C),
    (0x2049, 0x2049),
    (0x20E3, 0x20E3),
    (0x2122, 0x2122),
    (0x2139, 0x2139),
    (0x2194, 0x21AA),
    (0x231A, 0x23FF),
    (0x24C2, 0x24C2),
    (0x25AA, 0x27BF),
    (0x2934, 0x2935),
    (0x2B05, 0x2B55),
    (0x3030, 0x3030),
    (0x303D, 0x303D),
    (0x3297, 0x3299),
    (0x1F000, 0x1FAFF),
    (0xE0020, 0xE007F),
)
"""Source: Unicode 16, emoji-data.txt, 2024: its characters lie within these."""


def clean(text: str) -> str:
    """Return the text in composed form, its lines apart by line feeds, its words by one space."""
    composed = unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode("utf-8"))
    composed = _DROPPED.sub("", _LINE_ENDS.sub("\n", composed))
    lines = ("".join(map(_plain_space, line)) for line in composed.split("\n"))
    return "\n".join(" ".join(part for part in line.split(" ") if part) for line in lines).strip()


def _plain_space(char: str) -> str:
    if char == "\t" or (unicodedata.category(char) == "Zs" and char not in _KEPT_SPACES):
        return " "
    return char


def clusters(text: str) -> Iterator[str]:
    """Yield what must not be pulled apart: a letter with its marks, an emoji of several."""
    held, marks = "", 0
    for char in text:
        if held and _continues(held, char):
            held += char
        elif held and unicodedata.category(char)[0] == "M":
            marks += 1
            held += char if marks <= MOST_MARKS else ""
        else:
            if held:
                yield held
            held, marks = char, 0
    if held:
        yield held


def is_emoji(cluster: str) -> bool:
    """Tell whether a cluster is a picture, which a text can do without."""
    return any(low <= ord(char) <= high for char in cluster for low, high in _EMOJI)


def is_neutral(cluster: str) -> bool:
    """Tell whether it belongs to no script: spaces, digits, punctuation, signs."""
    return unicodedata.category(cluster[0])[0] in "ZPNS" and not is_emoji(cluster)


def needed(cluster: str) -> str:
    """Return the characters of a cluster that a font must have."""
    return "".join(char for char in cluster if char not in _INVISIBLE)


def is_wide(char: str) -> bool:
    """Tell whether it is a character of East Asia, between two of which a line may end."""
    return unicodedata.east_asian_width(char) in "WF" and not is_emoji(char)


def is_mark(char: str) -> bool:
    """Tell whether it stands over or under a letter."""
    return unicodedata.category(char) in {"Mn", "Me"}


def _continues(held: str, char: str) -> bool:
    if char in _INVISIBLE or char == "\u20e3":
        return len(held) < 16
    if 0x1F3FB <= ord(char) <= 0x1F3FF or 0xE0020 <= ord(char) <= 0xE007F:
        return is_emoji(held) and len(held) < 16
    if held[-1] == JOINER:
        return is_emoji(held) and is_emoji(char) and len(held) < 16
    return _is_flag(char) and len(held) == 1 and _is_flag(held)


def _is_flag(char: str) -> bool:
    return 0x1F1E6 <= ord(char) <= 0x1F1FF
