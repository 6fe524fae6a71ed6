"""Words fitted to a platform's limits, without cutting a word, a link or a hashtag.

The same words and limits always give the same result. A text that is too long ends with an
ellipsis after its last whole word; scripts without spaces are cut between two characters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from core.platforms.base import FittedText, TextLimits, TextUnit
from core.posts.models import PostText

ELLIPSIS = "…"
UNTITLED = "Video"
"""Title where the platform demands one and no word of ours fits."""
TAG_SHARE = 3
"""The line of hashtags takes at most this part of a text that is too long: one third."""

_MARKED = re.compile(r"[#@]\w")
_HASHTAG = re.compile(r"#\w+")
_MENTION = re.compile(r"@\w+")
_URL = re.compile(r"(?:\w+://|\bwww\.)\S*|(?<![#@\w])\w[\w.-]*\.[A-Za-z]{2,}/\S*")
_DOMAIN = re.compile(r"\w\.[A-Za-z]{2,}(?:[/:?]|$)")
# Han, kana and full-width signs stand without spaces; marks that follow stay with their sign.
_UNSPACED = "\u3000-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff01-\uff60"
_MARKS = "\u3099\u309a\ufe00-\ufe0f\U000e0100-\U000e01ef"
_PIECES = re.compile(f"[{_UNSPACED}][{_MARKS}]*|[^{_UNSPACED}]+")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_REPLACEMENTS = {"<": "‹", ">": "›"}


def measure(text: str, unit: TextUnit) -> int:
    """Return the length of a text as the remote counts it."""
    match unit:
        case TextUnit.CHARACTERS:
            return len(text)
        case TextUnit.UTF16:
            return len(text.encode("utf-16-le")) // 2
        case TextUnit.BYTES:
            return len(text.encode("utf-8"))


def tags_length(tags: Sequence[str]) -> int:
    """Return the length of all tags by YouTube's rule.

    Commas between tags count, a tag with a space counts two more for its quotes.
    Source: developers.google.com/youtube/v3/docs/videos, 2026.
    """
    lengths = [measure(tag, TextUnit.UTF16) + (2 if " " in tag else 0) for tag in tags]
    return sum(lengths) + max(0, len(tags) - 1)


def fit_text(
    text: PostText, limits: TextLimits, options: Mapping[str, str] | None = None
) -> FittedText:
    """Return the words as this platform takes them.

    Args:
        text: what the post says.
        limits: what the platform takes.
        options: of the wish: ``hashtags`` is how many may be added (``0`` or ``none`` for none).
    """
    title = clean(text.title, limits.forbidden)
    description = clean(text.description, limits.forbidden)
    tags = [clean(tag, limits.forbidden) for tag in text.tags]
    if limits.title is None:
        description = join_title(title, description)
        title = ""
    else:
        title = _fit_title(title, description, limits)
    if limits.tags_total is not None:
        fitted = _fit_body(description, limits)
        return FittedText(title=title, description=fitted, tags=fit_tags(tags, limits.tags_total))
    return FittedText(title=title, description=_fit_caption(description, tags, limits, options))


def clean(text: str, forbidden: str = "") -> str:
    """Return the text without control characters and what the platform refuses."""
    text = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    for sign in forbidden:
        text = text.replace(sign, _REPLACEMENTS.get(sign, ""))
    return text.strip()


def join_title(title: str, description: str) -> str:
    """Return both as one text, the title once."""
    if not title or description.casefold().startswith(title.casefold()):
        return description
    return f"{title}\n\n{description}" if description else title


def cut(text: str, limit: int, unit: TextUnit) -> str:
    """Return the text when it fits, else its longest whole beginning with an ellipsis."""
    if measure(text, unit) <= limit:
        return text
    best, grown = "", ""
    for piece, is_word in _pieces(text):
        grown += piece
        if not is_word:
            continue
        ended = grown + (f" {ELLIPSIS}" if _is_solid(piece) else ELLIPSIS)
        if measure(ended, unit) <= limit:
            best = ended
        elif measure(grown, unit) > limit:
            break
    return best


def fit_tags(tags: Iterable[str], total: int) -> tuple[str, ...]:
    """Return the tags, each once, as long as all together keep YouTube's rule."""
    kept: list[str] = []
    seen: set[str] = set()
    for raw in tags:
        # A comma would end the tag at the remote.
        tag = " ".join(raw.replace(",", " ").lstrip("#").split())
        if not tag or tag.casefold() in seen or tags_length([*kept, tag]) > total:
            continue
        seen.add(tag.casefold())
        kept.append(tag)
    return tuple(kept)


def hashtag(tag: str) -> str:
    """Return a tag as one hashtag, or an empty string when no letter is left of it."""
    joined = "".join(sign for sign in tag if unicodedata.category(sign)[0] in "LMN" or sign == "_")
    return f"#{joined}" if joined and not joined.isdigit() else ""


def count_hashtags(text: str) -> int:
    return _count(text, _HASHTAG)


def count_mentions(text: str) -> int:
    return _count(text, _MENTION)


def _pieces(text: str) -> Iterable[tuple[str, bool]]:
    """Yield white space (False) and what must not be cut (True), in order."""
    for chunk in re.findall(r"\s+|\S+", text):
        if chunk[0].isspace():
            yield chunk, False
        elif _is_solid(chunk):
            yield chunk, True
        else:
            for piece in _PIECES.findall(chunk):
                yield piece, True


def _is_solid(chunk: str) -> bool:
    return any(pattern.search(chunk) for pattern in (_MARKED, _URL, _DOMAIN))


def _count(text: str, pattern: re.Pattern[str]) -> int:
    return len(pattern.findall(_URL.sub(" ", text)))


def _fit_title(title: str, description: str, limits: TextLimits) -> str:
    limit = limits.title or 0
    for source in (title, description.split("\n", 1)[0]):
        fitted = cut(" ".join(source.split()), limit, limits.title_unit)
        if fitted:
            return fitted
    return UNTITLED if measure(UNTITLED, limits.title_unit) <= limit else ""


def _fit_body(description: str, limits: TextLimits) -> str:
    body = _drop_surplus(description, _HASHTAG, limits.hashtags)
    body = _drop_surplus(body, _MENTION, limits.mentions)
    if limits.description is None:
        return ""
    return cut(body, limits.description, limits.description_unit)


def _fit_caption(
    description: str,
    tags: Sequence[str],
    limits: TextLimits,
    options: Mapping[str, str] | None,
) -> str:
    """Return the text with a last line of hashtags; the text is cut before the hashtags are."""
    if limits.description is None:
        return ""
    body = _fit_body(description, limits)
    line = _tag_line(body, tags, limits, options)
    room, unit = limits.description, limits.description_unit
    whole = f"{body}\n\n{line}" if body and line else body or line
    if measure(whole, unit) <= room:
        return whole
    line = _shorten(line, room // TAG_SHARE, unit)
    if not line:
        return body
    shorter = cut(body, room - measure(f"\n\n{line}", unit), unit)
    return f"{shorter}\n\n{line}" if shorter else body


def _tag_line(
    body: str, tags: Sequence[str], limits: TextLimits, options: Mapping[str, str] | None
) -> str:
    allowed = _allowed(limits, options or {})
    written = {found.casefold() for found in _HASHTAG.findall(body)}
    room = None if allowed is None else max(0, allowed - count_hashtags(body))
    added: list[str] = []
    for tag in tags:
        mark = hashtag(tag)
        if not mark or mark.casefold() in written or (room is not None and len(added) >= room):
            continue
        written.add(mark.casefold())
        added.append(mark)
    return " ".join(added)


def _allowed(limits: TextLimits, options: Mapping[str, str]) -> int | None:
    """Return how many hashtags the text may end up with; None means any number."""
    asked = options.get("hashtags", "").strip().lower()
    if asked == "none":
        return 0
    wanted = int(asked) if asked.isascii() and asked.isdigit() else limits.hashtags_wanted
    if limits.hashtags is None or wanted is None:
        return limits.hashtags if wanted is None else wanted
    return min(wanted, limits.hashtags)


def _shorten(line: str, limit: int, unit: TextUnit) -> str:
    """Return as many whole hashtags from the front as fit."""
    kept = ""
    for mark in line.split():
        longer = f"{kept} {mark}".strip()
        if measure(longer, unit) > limit:
            break
        kept = longer
    return kept


def _drop_surplus(text: str, pattern: re.Pattern[str], limit: int | None) -> str:
    """Return the text without the words that hold more of these marks than are allowed."""
    if limit is None or _count(text, pattern) <= limit:
        return text
    kept: list[str] = []
    used = 0
    for chunk in re.findall(r"\s+|\S+", text):
        marks = _count(chunk, pattern)
        if used + marks > limit:
            continue
        used += marks
        kept.append(chunk)
    return "".join(kept).strip()
