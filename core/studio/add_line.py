"""What a person says of a file that they add to the library: `/add template #tag mood:upbeat …`.

Words that no key stands before are, in any order: the kind, a link, tags with their sign; what is
left is the name. A value goes on until the next key or the end of its line; a mood, a platform, a
category and rights are one word, or more in quotes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches

from core.errors import RefusedError
from core.platforms.registry import platform_names
from core.posts.linking import is_link
from core.studio.assets import Rights, clean_field, clean_name, clean_tags
from core.studio.mashup import AssetKind

KEYS = (
    *("name", "mood", "platform", "category"),
    *("licence", "origin", "attribution", "rights"),
)
PLAIN = ("mood", "category", "licence", "origin", "attribution")
SPELLINGS = {"license": "licence", "title": "name", "credit": "attribution", "source": "origin"}
KIND_WORDS = {"music": AssetKind.AUDIO, "song": AssetKind.AUDIO, "clip": AssetKind.SOURCE}
"""What people also say for a kind."""
RIGHTS = {
    **dict.fromkeys(("mine", "own", "yes"), "mine"),
    **dict.fromkeys(("licensed", "licence", "license"), "licensed"),
}
LONGEST_GIVEN = 40
"""What was said is repeated up to here."""

SHORT = frozenset({"mood", "platform", "category", "rights"})
"""Keys whose value is one word."""

_QUOTED = re.compile(r'\s*["“](.*?)["”](?:\s|$)')
_KEY = re.compile(r"(?<!\S)([A-Za-z]{3,12})[:=][^\S\n]*(?!//)", re.ASCII)
_TAG = re.compile(r"(?<!\S)#(\w[\w-]*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class AddLine:
    """What was said; empty where nothing was."""

    kind: AssetKind | None = None
    link: str = ""
    name: str = ""
    tags: frozenset[str] = frozenset()
    mood: str = ""
    platform: str = ""
    category: str = ""
    licence: str = ""
    origin: str = ""
    attribution: str = ""
    rights: Rights = ""


def read_add(text: str) -> AddLine:
    """Return what stands after `/add`.

    Raises:
        RefusedError: ``add_unknown_word``, ``add_bad_platform`` or ``add_bad_rights``.
        StudioError: a value is too long, or there are too many tags.
    """
    free, values = _split(text)
    kind, link, words = _free(free)
    return AddLine(
        kind=kind,
        link=link,
        name=clean_name(values.get("name") or words),
        tags=clean_tags(_TAG.findall(text)),
        platform=read_platform(values.get("platform", "")),
        rights=read_rights(values.get("rights", "")),
        **{name: clean_field(name, values.get(name, "")) for name in PLAIN},
    )


def read_kind(word: str) -> AssetKind | None:
    """Return the kind that a word names, None for another word."""
    found = word.casefold()
    plural = found.removesuffix("s")
    for one in (found, plural):
        if one in KIND_WORDS:
            return KIND_WORDS[one]
        if one in set(AssetKind):
            return AssetKind(one)
    return None


def read_tags(text: str) -> frozenset[str]:
    """Return the tags of words with or without their sign.

    Raises:
        StudioError: one is too long, or there are too many.
    """
    return clean_tags(re.split(r"[\s,]+", text))


def read_platform(value: str) -> str:
    """Return the name of a platform.

    Raises:
        RefusedError: ``add_bad_platform``.
    """
    word = clean_name(value).casefold()
    if word and word not in platform_names():
        raise RefusedError(
            "add_bad_platform", given=word[:LONGEST_GIVEN], known=sorted(platform_names())
        )
    return word


def read_rights(value: str) -> Rights:
    """Return what a person states of their rights.

    Raises:
        RefusedError: ``add_bad_rights``.
    """
    word = clean_name(value).casefold().rstrip(".!")
    if not word:
        return ""
    if word not in RIGHTS:
        raise RefusedError("add_bad_rights", given=word[:LONGEST_GIVEN])
    return "mine" if RIGHTS[word] == "mine" else "licensed"


def _split(text: str) -> tuple[str, dict[str, str]]:
    """Part a text into what has no key, and the values by key."""
    free: list[str] = []
    values: dict[str, str] = {}
    for line in text.replace("\r", "\n").split("\n"):
        marks = [mark for mark in _KEY.finditer(line) if _key(mark[1])]
        ends = [*(mark.start() for mark in marks[1:]), len(line)]
        free.append(_strange(line[: marks[0].start()] if marks else line))
        for mark, end in zip(marks, ends, strict=True) if marks else ():
            key, value = _key(mark[1]), _TAG.sub(" ", line[mark.end() : end])
            values[key], rest = _first(value) if key in SHORT else (value, "")
            free.append(rest)
    return " ".join(free), values


def _first(value: str) -> tuple[str, str]:
    """Part a value into its first word, or what stands in quotes, and the rest."""
    quoted = _QUOTED.match(value)
    if quoted is not None:
        return quoted[1], value[quoted.end() :]
    word, _, rest = value.strip().partition(" ")
    return word, rest


def _key(word: str) -> str:
    """Return the key that a word is, empty for none."""
    name = SPELLINGS.get(word.lower(), word.lower())
    return name if name in KEYS else ""


def _strange(free: str) -> str:
    """Refuse a key that there is not, so that no typo becomes a part of the name."""
    found = _KEY.search(free)
    if found is None:
        return free
    near = get_close_matches(found[1].lower(), (*KEYS, *SPELLINGS), n=1)
    raise RefusedError(
        "add_unknown_word", given=found[1], suggestion=near[0] if near else "name", known=KEYS
    )


def _free(text: str) -> tuple[AssetKind | None, str, str]:
    """Return the kind, the link and the other words."""
    kind: AssetKind | None = None
    link = ""
    rest: list[str] = []
    for word in _TAG.sub(" ", text).split():
        if not link and is_link(word):
            link = word
        elif kind is None and not rest and read_kind(word) is not None:
            kind = read_kind(word)
        else:
            rest.append(word)
    return kind, link, " ".join(rest)
