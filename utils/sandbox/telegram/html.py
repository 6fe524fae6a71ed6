"""The Bot API's HTML: a strict parser into entities, and back into HTML for the chat page."""

from __future__ import annotations

import html as markup
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

Entity = dict[str, Any]

TAG_TYPES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "a": "text_link",
    "span": "spoiler",
    "tg-emoji": "custom_emoji",
}
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
LINK_SCHEMES = ("http://", "https://", "tg://", "mailto:", "tel:")

_ATTRIBUTE = r"""\s+([A-Za-z][\w-]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s<>"']+)))?"""
_ATTRIBUTES = re.compile(_ATTRIBUTE)
_NAME = re.compile(r"[A-Za-z0-9-]*")
_OPEN_REST = re.compile(rf"((?:{_ATTRIBUTE})*)\s*>")
_CLOSE_REST = re.compile(r"\s*>")
_REFERENCE = re.compile(r"&(?:#([0-9]{1,8})|#[xX]([0-9a-fA-F]{1,7})|([a-z]{1,4}));")


class MarkupError(ValueError):
    """The text is not the HTML that the Bot API reads; the message is in its own words."""


@dataclass(slots=True, kw_only=True)
class _Open:
    """A tag that waits for its end."""

    tag: str
    attributes: dict[str, str]
    offset: int


@dataclass(slots=True)
class _Parser:
    source: str
    position: int = 0
    length: int = 0
    """UTF-16 units written so far."""
    pieces: list[str] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)

    def run(self) -> tuple[str, list[Entity]]:
        while self.position < len(self.source):
            if self.source[self.position] == "<":
                self._tag()
            else:
                self._text()
        if self.stack:
            tag = self.stack[-1].tag
            raise MarkupError(f'Can\'t find end tag corresponding to start tag "{tag}"')
        return "".join(self.pieces), self.entities

    def _text(self) -> None:
        end = self.source.find("<", self.position)
        stop = len(self.source) if end < 0 else end
        piece = _REFERENCE.sub(_decoded, self.source[self.position : stop])
        self.pieces.append(piece)
        self.length += utf16_length(piece)
        self.position = stop

    def _tag(self) -> None:
        start = self.position
        is_end = self.source.startswith("</", start)
        found = _NAME.match(self.source, start + (2 if is_end else 1))
        name, after = (found[0].lower(), found.end()) if found else ("", start + 1)
        if is_end:
            self._close(name, start, after)
        else:
            self._begin(name, start, after)

    def _begin(self, name: str, start: int, after: int) -> None:
        if name not in TAG_TYPES:
            raise MarkupError(
                f'Unsupported start tag "{name}" at byte offset {self._bytes(start)}'
            )
        rest = _OPEN_REST.match(self.source, after)
        if rest is None:
            raise MarkupError(f"Unclosed start tag at byte offset {self._bytes(start)}")
        attributes = dict(_attributes(rest[1]))
        if name == "span" and attributes.get("class") != "tg-spoiler":
            place = self._bytes(start)
            raise MarkupError(f'Tag "span" must have class "tg-spoiler" at byte offset {place}')
        self.stack.append(_Open(tag=name, attributes=attributes, offset=self.length))
        self.position = rest.end()

    def _close(self, name: str, start: int, after: int) -> None:
        rest = _CLOSE_REST.match(self.source, after)
        place = self._bytes(start)
        if rest is None:
            raise MarkupError(f"Unclosed end tag at byte offset {place}")
        if not self.stack:
            raise MarkupError(f"Unexpected end tag at byte offset {place}")
        opened = self.stack.pop()
        if name not in {opened.tag, ""}:
            expected = f'expected "</{opened.tag}>", found "</{name}>"'
            raise MarkupError(f"Unmatched end tag at byte offset {place}, {expected}")
        self._finish(opened)
        self.position = rest.end()

    def _finish(self, opened: _Open) -> None:
        length = self.length - opened.offset
        if length == 0:
            return
        if any(outer.tag in {"code", "pre"} for outer in self.stack):
            self._keep_language(opened)
            return
        entity: Entity = {"type": TAG_TYPES[opened.tag], "offset": opened.offset, "length": length}
        finished = _finished(entity, opened, self._written_since(opened.offset))
        if finished is not None:
            self.entities.append(finished)

    def _keep_language(self, opened: _Open) -> None:
        """`<pre><code class="language-x">` gives its language to the block around it."""
        language = opened.attributes.get("class", "")
        if opened.tag == "code" and language.startswith("language-"):
            self.stack[-1].attributes["language"] = language.removeprefix("language-")

    def _written_since(self, offset: int) -> str:
        return utf16_slice("".join(self.pieces), offset, self.length)

    def _bytes(self, position: int) -> int:
        return len(self.source[:position].encode())


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """Return the text without markup and its entities; offsets count UTF-16 units.

    Raises:
        MarkupError: when a tag is unknown, unclosed or crossed, or a ``<`` stands bare.
    """
    text, entities = _Parser(source).run()
    return text, in_order(entities)


def trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Cut white space off both ends, as the server does, and move the entities along."""
    cut = utf16_length(text) - utf16_length(text.lstrip())
    text = text.strip()
    end = utf16_length(text)
    kept = []
    for entity in entities:
        start = max(0, entity["offset"] - cut)
        stop = min(end, entity["offset"] + entity["length"] - cut)
        if stop > start:
            kept.append({**entity, "offset": start, "length": stop - start})
    return text, kept


def utf16_length(text: str) -> int:
    return len(text) + sum(character > "\uffff" for character in text)


def utf16_slice(text: str, start: int, end: int) -> str:
    return text.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le", "replace")


def in_order(entities: Iterable[Entity]) -> list[Entity]:
    return sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))


_DETECTED = (
    ("url", re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,:;!?)\]]")),
    ("bot_command", re.compile(r"(?<![\w/])/[A-Za-z0-9_]{1,64}(?:@\w+)?(?![\w/])")),
    ("mention", re.compile(r"(?<!\w)@[A-Za-z][A-Za-z0-9_]{3,31}\b")),
    ("hashtag", re.compile(r"(?<!\w)#\w*[^\W\d]\w*")),
)


def detected(text: str, entities: list[Entity]) -> list[Entity]:
    """Add the entities that the server finds by itself: links, commands, mentions, tags."""
    found = list(entities)
    for kind, pattern in _DETECTED:
        for match in pattern.finditer(text):
            offset = utf16_length(text[: match.start()])
            entity = {"type": kind, "offset": offset, "length": utf16_length(match[0])}
            if not any(_overlap(entity, other) for other in found if _is_exclusive(other)):
                found.append(entity)
    return in_order(found)


def render(text: str, entities: list[Entity]) -> str:
    """Return safe HTML for the chat page."""
    units = text.encode("utf-16-le")
    return _render(units, in_order(entities), 0, len(units) // 2)


def _render(units: bytes, entities: list[Entity], start: int, end: int) -> str:
    pieces = []
    position = start
    rest = list(entities)
    while rest:
        entity = rest.pop(0)
        first = max(entity["offset"], position)
        last = min(entity["offset"] + entity["length"], end)
        if last <= first:
            continue
        inner = [other for other in rest if other["offset"] < last]
        rest = [other for other in rest if other["offset"] >= last]
        pieces.append(_escaped(units, position, first))
        pieces.append(_wrapped(units, entity, _render(units, inner, first, last), first, last))
        position = last
    pieces.append(_escaped(units, position, end))
    return "".join(pieces)


def _escaped(units: bytes, start: int, end: int) -> str:
    return markup.escape(units[2 * start : 2 * end].decode("utf-16-le", "replace"))


_PAGE_TAGS = {
    "bold": ("<b>", "</b>"),
    "italic": ("<i>", "</i>"),
    "underline": ("<u>", "</u>"),
    "strikethrough": ("<s>", "</s>"),
    "spoiler": ('<span class="spoiler">', "</span>"),
    "code": ("<code>", "</code>"),
    "blockquote": ("<blockquote>", "</blockquote>"),
    "expandable_blockquote": ('<blockquote class="expandable">', "</blockquote>"),
    "mention": ('<span class="mark">', "</span>"),
    "hashtag": ('<span class="mark">', "</span>"),
    "bot_command": ('<a class="command" href="#">', "</a>"),
}


def _wrapped(units: bytes, entity: Entity, inner: str, start: int, end: int) -> str:
    kind = entity["type"]
    if kind in {"text_link", "url"}:
        address = entity.get("url") or units[2 * start : 2 * end].decode("utf-16-le", "replace")
        return _link(str(address), inner)
    if kind == "pre":
        language = markup.escape(str(entity.get("language", "")))
        return f'<pre data-language="{language}">{inner}</pre>'
    before, after = _PAGE_TAGS.get(kind, ("", ""))
    return f"{before}{inner}{after}"


def _link(address: str, inner: str) -> str:
    if not address.lower().startswith(LINK_SCHEMES):
        return inner
    return f'<a href="{markup.escape(address)}" target="_blank" rel="noopener">{inner}</a>'


def _decoded(match: re.Match[str]) -> str:
    decimal, hexadecimal, name = match.groups()
    if name is not None:
        return NAMED.get(name, match[0])
    code = int(decimal) if decimal else int(hexadecimal, 16)
    is_character = 0 < code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF
    return chr(code) if is_character else match[0]


def _attributes(source: str) -> Iterable[tuple[str, str]]:
    for match in _ATTRIBUTES.finditer(source):
        value = match[2] or match[3] or match[4] or ""
        yield match[1].lower(), _REFERENCE.sub(_decoded, value)


def _finished(entity: Entity, opened: _Open, inner: str) -> Entity | None:
    attributes = opened.attributes
    if opened.tag == "a":
        return _finished_link(entity, attributes.get("href") or inner)
    if opened.tag == "tg-emoji":
        return {**entity, "custom_emoji_id": attributes.get("emoji-id", "")}
    if opened.tag == "pre" and attributes.get("language"):
        return {**entity, "language": attributes["language"]}
    if opened.tag == "blockquote" and "expandable" in attributes:
        return {**entity, "type": "expandable_blockquote"}
    return entity


def _finished_link(entity: Entity, address: str) -> Entity | None:
    """A link without a usable address stays plain text."""
    known = address.lower().startswith(LINK_SCHEMES)
    if not known and "." not in address:
        return None
    url = address if known else f"http://{address}"
    return {**entity, "url": url}


def _overlap(one: Entity, other: Entity) -> bool:
    return bool(
        one["offset"] < other["offset"] + other["length"]
        and other["offset"] < one["offset"] + one["length"]
    )


def _is_exclusive(entity: Entity) -> bool:
    """Formatting may lie over a detected link; another address or code may not."""
    return entity["type"] in {
        *("text_link", "url", "code", "pre", "mention", "hashtag", "bot_command"),
    }
