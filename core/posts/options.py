"""What can be asked for beside words, targets and time: one table of all option keys.

A caption line is ``key: value``; `read_option` makes the canonical string that ``Wish.options``,
``Job.options`` and the defaults of an account hold: ``yes`` or ``no`` for a switch, a word of
``OptionRule.choices``, seconds such as ``2.5``, names joined by commas. Which platform has which
key is told by its ``Capabilities.options``; nothing here knows a platform.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from core.errors import RefusedError


class OptionKind(StrEnum):
    """What a value is."""

    SWITCH = "switch"
    CHOICE = "choice"
    SECONDS = "seconds"
    TEXT = "text"
    NAMES = "names"


Check = Callable[[str], str]
"""From a value as written to its canonical form; a ValueError when it is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionRule:
    """One option key."""

    key: str
    """``title.XX`` stands for ``title.de`` and the like."""
    kind: OptionKind
    choices: tuple[str, ...]
    """Every value it takes, or examples where it takes more than can be listed."""
    help: str
    """Key of the sentence that says what it does."""
    check: Check


class Offer(Protocol):
    """What `core.platforms.base.Capabilities` tells about options."""

    @property
    def name(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def options(self) -> tuple[str, ...]: ...


EVERYWHERE = frozenset({"together", "onfail", "fit"})
"""Kept by us, so every platform has them."""

SWITCH = ("yes", "no")
YES = frozenset({"yes", "on", "true", "✓", "✔"})
NO = frozenset({"no", "off", "false"})

CATEGORIES = {
    "1": "Film & Animation",
    "2": "Autos & Vehicles",
    "10": "Music",
    "15": "Pets & Animals",
    "17": "Sports",
    "19": "Travel & Events",
    "20": "Gaming",
    "22": "People & Blogs",
    "23": "Comedy",
    "24": "Entertainment",
    "25": "News & Politics",
    "26": "Howto & Style",
    "27": "Education",
    "28": "Science & Technology",
    "29": "Nonprofits & Activism",
}
"""YouTube's categories that a video may be put into.

Source: answers of youtube/v3/videoCategories for the region US, as published 2016 and 2017; the
list of a region is told by that call alone, so other numbers pass and YouTube has the last word.
"""

TITLE_LENGTH = 100
TEXT_BYTES = 5000
"""Of a localisation. Source: developers.google.com/youtube/v3/docs/videos, 2026."""
MOST_COLLABORATORS = 3
"""Source: Instagram, reference/ig-user/media, 2026-09-11."""
LONGEST_SECONDS = 24 * 3600
"""No platform takes a longer video."""

# Source: RFC 5646, sections 2.1 and 2.1.1: language, script, region.
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:[-_]([a-z]{4}))?(?:[-_]([a-z]{2}|\d{3}))?", re.IGNORECASE)
_PLAYLIST = re.compile(r"(?:\S*[?&]list=)?([A-Za-z0-9_-]{2,64})(?:&\S*)?")
_USER_NAME = re.compile(r"@?([A-Za-z0-9._]{1,64})")
_CLOCK = re.compile(r"(?:(\d{1,2}):)?(\d{1,2}):(\d{2}(?:\.\d{1,3})?)")
_SECONDS = re.compile(r"(\d{1,6}(?:[.,]\d{1,3})?)\s*(?:s|sec|seconds?)?", re.IGNORECASE)


def read_option(key: str, value: str) -> str:
    """Return the canonical form of a value.

    Raises:
        RefusedError: ``bad_option``, for a key or value that is not known.
    """
    rule = rule_of(key)
    if rule is None:
        raise RefusedError("bad_option", key=key[:40], given=value[:40], known=sorted(OPTIONS))
    try:
        return rule.check(value.strip())
    except ValueError as error:
        raise RefusedError(
            "bad_option", key=canonical_key(key), given=value[:40], known=list(rule.choices)
        ) from error


def rule_of(key: str) -> OptionRule | None:
    """Return the rule of a key, in whatever capitals it is written."""
    word, dot, language = canonical_key(key).partition(".")
    if not dot:
        return OPTIONS.get(word)
    return OPTIONS.get(f"{word}.XX") if _LANGUAGE.fullmatch(language) else None


def canonical_key(key: str) -> str:
    """Return a key as ``Wish.options`` holds it: ``Title.PT-br`` is ``title.pt-BR``."""
    word, dot, language = key.strip().partition(".")
    if not dot:
        return word.casefold()
    try:
        return f"{word.casefold()}.{_language(language)}"
    except ValueError:
        return key.strip().casefold()


def offers(offer: Offer, key: str) -> bool:
    """Return whether a platform has an option."""
    word = _family(key)
    return word in EVERYWHERE or any(_family(own) == word for own in offer.options)


def owners(key: str, every: Iterable[Offer]) -> tuple[str, ...]:
    """Return the titles of the platforms that have an option."""
    return tuple(offer.title for offer in every if offers(offer, key))


def check_options(
    options: Mapping[str, str], targets: Iterable[Offer], every: Iterable[Offer]
) -> dict[str, tuple[str, ...]]:
    """Return by platform name which of the options it will ignore; platforms without are left out.

    Args:
        options: what was asked for, canonical.
        targets: capabilities of the platforms that the video goes to.
        every: capabilities of all platforms.

    Raises:
        RefusedError: ``option_nowhere``, when none of the targets has an option.
    """
    chosen = {offer.name: offer for offer in targets}
    for key in options:
        if not any(offers(offer, key) for offer in chosen.values()):
            raise RefusedError(
                "option_nowhere",
                key=key,
                targets=[offer.title for offer in chosen.values()],
                owners=list(owners(key, every)),
            )
    return ignored_options(options, chosen.values())


def ignored_options(
    options: Mapping[str, str], targets: Iterable[Offer]
) -> dict[str, tuple[str, ...]]:
    """Return by platform name which options it does not have; platforms that have all: none."""
    ignored = {
        offer.name: tuple(key for key in options if not offers(offer, key)) for offer in targets
    }
    return {name: keys for name, keys in ignored.items() if keys}


def _family(key: str) -> str:
    return key.partition(".")[0].casefold()


def _switch(value: str) -> str:
    # A tick from a phone's keyboard comes with a mark that makes it an emoji.
    word = value.casefold().rstrip("\ufe0f")
    if word in YES:
        return "yes"
    if word in NO:
        return "no"
    raise ValueError(value)


def _among(choices: tuple[str, ...], also: Mapping[str, str]) -> Check:
    """Return a check for a closed set; ``also`` leads from other spellings to its words."""

    def check(value: str) -> str:
        word = re.sub(r"[\s_-]+", "", value.casefold())
        word = also.get(word, word)
        if word not in choices:
            raise ValueError(value)
        return word

    return check


def _category(value: str) -> str:
    if value.isascii() and value.isdigit() and len(value) <= 3:
        return str(int(value))
    wanted = _plain(value)
    found = [number for number, name in CATEGORIES.items() if _plain(name) == wanted]
    parts = [n for n, name in CATEGORIES.items() if wanted in map(_plain, name.split("&"))]
    for number in (*found, *parts):
        return number
    raise ValueError(value)


def _plain(name: str) -> str:
    """Return a name without what people write differently: signs, ``and``, capitals."""
    return re.sub(r"\band\b|[^a-z]", "", name.casefold())


def _playlist(value: str) -> str:
    found = _PLAYLIST.fullmatch(value)
    if found is None:
        raise ValueError(value)
    return found[1]


def _language(value: str) -> str:
    found = _LANGUAGE.fullmatch(value)
    if found is None:
        raise ValueError(value)
    language, script, region = found.groups(default="")
    parts = (language.lower(), script.title(), region.upper())
    return "-".join(part for part in parts if part)


def _seconds(value: str) -> str:
    found = _CLOCK.fullmatch(value)
    if found is not None:
        hours, minutes, rest = int(found[1] or 0), int(found[2]), float(found[3])
        if rest >= 60 or (found[1] and minutes >= 60):
            raise ValueError(value)
        total = hours * 3600 + minutes * 60 + rest
    else:
        alone = _SECONDS.fullmatch(value)
        if alone is None:
            raise ValueError(value)
        total = float(alone[1].replace(",", "."))
    if total > LONGEST_SECONDS:
        raise ValueError(value)
    return f"{total:.3f}".rstrip("0").rstrip(".")


def _collaborators(value: str) -> str:
    names: dict[str, None] = {}
    for part in re.split(r"[,;\s]+", value.strip(" ,;")):
        found = _USER_NAME.fullmatch(part)
        if found is None:
            raise ValueError(value)
        names.setdefault(found[1].lower())
    if len(names) > MOST_COLLABORATORS:
        raise ValueError(value)
    return ",".join(names)


def _title(value: str) -> str:
    text = " ".join(value.split())
    if not text or len(text.encode("utf-16-le")) // 2 > TITLE_LENGTH:
        raise ValueError(value)
    return text


def _text(value: str) -> str:
    if not value or len(value.encode()) > TEXT_BYTES:
        raise ValueError(value)
    return value


def _rule(
    key: str, kind: OptionKind, check: Check, choices: tuple[str, ...] = SWITCH
) -> OptionRule:
    name = key.partition(".")[0]
    return OptionRule(key=key, kind=kind, choices=choices, help=_HELP[name], check=check)


_HELP = {
    "category": "option_category",
    "playlist": "option_playlist",
    "kids": "option_kids",
    "ai": "option_ai",
    "notify": "option_notify",
    "language": "option_language",
    "license": "option_license",
    "embed": "option_embed",
    "title": "option_title",
    "text": "option_text",
    "comments": "option_comments",
    "duet": "option_duet",
    "stitch": "option_stitch",
    "brand": "option_brand",
    "draft": "option_draft",
    "cover": "option_cover",
    "feed": "option_feed",
    "collaborators": "option_collaborators",
    "together": "option_together",
    "onfail": "option_onfail",
    "fit": "option_fit",
}
_LICENSES = ("youtube", "creativecommon")
_OTHER_LICENSES = {"creativecommons": "creativecommon", "cc": "creativecommon"}
_BRANDS = ("none", "own", "paid", "both")
_OTHER_BRANDS = {"no": "none", "off": "none"}
_ON_FAIL = ("hold", "go")
_OTHER_ON_FAIL = {"wait": "hold", "goon": "go", "continue": "go"}

_FITS = ("auto", "ask", "off")
_OTHER_FITS = {"yes": "auto", "on": "auto", "all": "auto", "no": "off", "never": "off"}

_SWITCHES = ("kids", "ai", "notify", "embed", "comments", "duet", "stitch", "draft", "feed")
_RULES = (
    _rule("category", OptionKind.CHOICE, _category, tuple(CATEGORIES.values())),
    _rule("playlist", OptionKind.TEXT, _playlist, ("PLrAXtmErZgOe",)),
    _rule("language", OptionKind.TEXT, _language, ("en", "de", "pt-BR")),
    _rule("license", OptionKind.CHOICE, _among(_LICENSES, _OTHER_LICENSES), _LICENSES),
    _rule("title.XX", OptionKind.TEXT, _title, (f"1–{TITLE_LENGTH}",)),
    _rule("text.XX", OptionKind.TEXT, _text, (f"1–{TEXT_BYTES}",)),
    _rule("brand", OptionKind.CHOICE, _among(_BRANDS, _OTHER_BRANDS), _BRANDS),
    _rule("cover", OptionKind.SECONDS, _seconds, ("2.5", "1:05")),
    _rule("collaborators", OptionKind.NAMES, _collaborators, ("ann, bob, eve",)),
    *(_rule(key, OptionKind.SWITCH, _switch) for key in _SWITCHES),
    _rule("together", OptionKind.SWITCH, _switch),
    _rule("onfail", OptionKind.CHOICE, _among(_ON_FAIL, _OTHER_ON_FAIL), _ON_FAIL),
    _rule("fit", OptionKind.CHOICE, _among(_FITS, _OTHER_FITS), _FITS),
)

OPTIONS: Mapping[str, OptionRule] = {rule.key: rule for rule in _RULES}
"""Every option key; ``title.XX`` and ``text.XX`` stand for one key a language."""
