"""The grammar of captions: a prompt with hashtags and lines such as ``to: youtube, tiktok``.

Beside its own keys it takes every key of ``core/posts/options.py``, also for one language
(``title.de: …``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from difflib import get_close_matches
from zoneinfo import ZoneInfo

from core.errors import RefusedError
from core.posts.models import Privacy, Wish
from core.posts.options import OPTIONS, canonical_key, read_option, rule_of

KEYS = ("to", "at", "privacy", "title", "channel", "tags")
"""Every line of our own, as ``key: value``; capitals do not matter."""

OPTION_WORDS = tuple(key for key in OPTIONS if "." not in key)
LANGUAGE_WORDS = tuple(key.partition(".")[0] for key in OPTIONS if "." in key)
"""Words that take a language behind a dot."""

PLANNED = {
    "account": "to",
    "accounts": "to",
    "platform": "to",
    "platforms": "to",
    "target": "to",
    "targets": "to",
    "schedule": "at",
    "publish": "at",
    "visibility": "privacy",
    "audience": "privacy",
    "hashtag": "tags",
    "hashtags": "tags",
    "keywords": "tags",
    "description": "",
    "template": "",
}
"""Words that look like an order to us: refused, with the key that is meant where there is one."""

ALIASES = {
    "thumbnail": "cover",
    "thumb": "cover",
    "collab": "collaborators",
    "children": "kids",
    "aigc": "ai",
    "synthetic": "ai",
    "lang": "language",
    "licence": "license",
    "embeddable": "embed",
    "subscribers": "notify",
    "branded": "brand",
    "inbox": "draft",
    "staged": "together",
}
"""Other words for options: refused with the key that is meant, but only before a value that the
option takes; people write “Children: …” in a text, too."""

_LINE = re.compile(r"\s*([^\W\d_]{2,20}(?:\.[A-Za-z0-9_-]{1,20})?)\s*:(?!//)\s*(.*)", re.UNICODE)
_HASHTAG = re.compile(r"(?<![\w&#/])#(\w*[^\W\d_]\w*)", re.UNICODE)
_TIME = re.compile(
    r"(?:(?P<day>today|tomorrow|\d{4}-\d{1,2}-\d{1,2})(?:\s+|[tT]))?"
    r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})\s*(?P<half>am|pm)?"
    r"(?:\s*(?P<zone>utc|z|[+-]\d{2}:\d{2}))?",
    re.IGNORECASE,
)
_CLOSE = 0.8
_NEAR = 0.75
"""How close a word is to an option when its value is one of that option's."""
_MANY_BLANK_LINES = re.compile(r"\n{3,}")


def parse_caption(text: str, *, now: datetime, timezone: tzinfo | str = UTC) -> Wish:
    """Return what a caption asks for.

    Single values (``at``, ``privacy``, ``title``, ``channel``, options) given twice: the later one
    counts; ``to`` and ``tags`` add up.

    Args:
        text: what the person wrote.
        now: the current time, aware.
        timezone: the zone that times without a zone are meant in, or its IANA name.

    Raises:
        RefusedError: ``unknown_line``, ``empty_value``, ``bad_time``, ``time_in_past``,
            ``time_twice``, ``time_skipped``, ``bad_privacy`` or ``bad_option``.
    """
    zone = ZoneInfo(timezone) if isinstance(timezone, str) else timezone
    prose: list[str] = []
    wish = Wish()
    for line in text.replace("\r\n", "\n").split("\n"):
        key, value = _order(line)
        if key == "at":
            wish = replace(wish, publish_at=parse_time(value, now=now, zone=zone))
        elif key in _READERS:
            wish = _READERS[key](wish, value)
        elif key:
            wish = replace(wish, options={**wish.options, key: read_option(key, value)})
        else:
            prose.append(line.rstrip())
    prompt = _MANY_BLANK_LINES.sub("\n\n", "\n".join(prose)).strip()
    tags = unique([*hashtags(prompt), *hashtags(wish.title), *wish.tags])
    return replace(wish, prompt=prompt, tags=tags)


def hashtags(text: str) -> list[str]:
    """Return the tags of a text without the number sign; a number alone is none."""
    return _HASHTAG.findall(text)


def unique(words: Iterable[str]) -> tuple[str, ...]:
    """Return the words in order, each once whatever its capitals."""
    seen: dict[str, str] = {}
    for word in words:
        seen.setdefault(word.casefold(), word)
    return tuple(seen.values())


def parse_time(value: str, *, now: datetime, zone: tzinfo) -> datetime:
    """Return the moment that is meant, in UTC.

    Raises:
        RefusedError: it cannot be read, has passed, or falls into a change of the clocks.
    """
    found = _TIME.fullmatch(value.strip())
    if found is None:
        raise RefusedError("bad_time", given=value)
    if found["zone"]:
        zone = _offset(found["zone"])
    here = now.astimezone(zone)
    try:
        wanted = _day(found["day"], here).replace(hour=_hour(found), minute=int(found["minute"]))
        moment = _settle(wanted, value)
    except (ValueError, OverflowError) as error:
        raise RefusedError("bad_time", given=value) from error
    if moment <= now:
        raise RefusedError(
            "time_in_past", given=value, now=f"{here:%Y-%m-%d %H:%M}", zone=str(zone)
        )
    return moment


def _order(line: str) -> tuple[str, str]:
    """Return key and value of an order line, or empty strings for prose."""
    found = _LINE.fullmatch(line)
    if found is None:
        return "", ""
    word, value = canonical_key(found[1]), found[2].strip()
    if word not in KEYS and rule_of(word) is None:
        suggestion = _meant(word, value)
        if suggestion is None:
            return "", ""
        raise RefusedError(
            "unknown_line", word=word, line=line.strip()[:80], suggestion=suggestion
        )
    if not value:
        raise RefusedError("empty_value", word=word)
    return word, value


def _meant(word: str, value: str) -> str | None:
    """Return the key that a word we do not know stands for; empty for none, None for prose."""
    word, dot, language = word.partition(".")
    if dot:
        return _meant_language(word, language)
    if word in PLANNED:
        return PLANNED[word]
    near = get_close_matches(word, [key for key in KEYS if len(key) > 2], n=1, cutoff=_CLOSE)
    if near:
        return near[0]
    option = ALIASES.get(word) or _nearest(word, OPTION_WORDS, _NEAR)
    return option if option and _is_value(option, value) else None


def _meant_language(word: str, language: str) -> str | None:
    """Return what ``titel.de`` or ``title.german`` means; ``x.com`` is prose."""
    base = "text" if word == "description" else _nearest(word, LANGUAGE_WORDS)
    if not base:
        return None
    return f"{base}.{language}" if rule_of(f"{base}.{language}") else f"{base}.de"


def _nearest(word: str, words: Iterable[str], cutoff: float = _CLOSE) -> str:
    return next(iter(get_close_matches(word, list(words), n=1, cutoff=cutoff)), "")


def _is_value(option: str, value: str) -> bool:
    try:
        _ = read_option(option, value)
    except RefusedError:
        return False
    return True


def _words(value: str) -> list[str]:
    return [word for part in re.split(r"[,;]", value) if (word := part.strip().lstrip("@#"))]


def _read_to(wish: Wish, value: str) -> Wish:
    words = _words(value)
    if [word.casefold() for word in words] == ["all"]:
        return replace(wish, targets=())
    return replace(wish, targets=unique([*wish.targets, *words]))


def _read_tags(wish: Wish, value: str) -> Wish:
    parts = value if re.search(r"[,;]", value) or "#" not in value else value.replace(" ", ",")
    return replace(wish, tags=unique([*wish.tags, *_words(parts)]))


def _read_privacy(wish: Wish, value: str) -> Wish:
    word = value.casefold()
    if word not in set(Privacy):
        raise RefusedError("bad_privacy", given=value[:40], known=[str(one) for one in Privacy])
    return replace(wish, privacy=Privacy(word))


def _read_title(wish: Wish, value: str) -> Wish:
    return replace(wish, title=value)


def _read_channel(wish: Wish, value: str) -> Wish:
    return replace(wish, channel=value.lstrip("@"))


_READERS: dict[str, Callable[[Wish, str], Wish]] = {
    "to": _read_to,
    "tags": _read_tags,
    "privacy": _read_privacy,
    "title": _read_title,
    "channel": _read_channel,
}


def _offset(text: str) -> tzinfo:
    return datetime.strptime(text.upper().replace("UTC", "+00:00"), "%z").tzinfo or UTC


def _day(word: str | None, here: datetime) -> datetime:
    start = here.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    match (word or "today").casefold():
        case "today":
            return start
        case "tomorrow":
            return start + timedelta(days=1)
        case written:
            year, month, day = (int(part) for part in written.split("-"))
            return start.replace(year=year, month=month, day=day)


def _hour(found: re.Match[str]) -> int:
    hour = int(found["hour"])
    if not found["half"]:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError(hour)
    return hour % 12 + (12 if found["half"].casefold() == "pm" else 0)


def _settle(wanted: datetime, given: str) -> datetime:
    """Return a local time in UTC, refusing one that happens twice or never."""
    first, second = wanted.astimezone(UTC), wanted.replace(fold=1).astimezone(UTC)
    back = first.astimezone(wanted.tzinfo)
    if back.replace(tzinfo=None) != wanted.replace(tzinfo=None):
        raise RefusedError("time_skipped", given=given)
    if first != second:
        raise RefusedError("time_twice", given=given)
    return first
