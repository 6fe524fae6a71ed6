"""Video links in a web page, and the pages that it goes on with.

Where a video may stand: ``<video>``, ``<source>``, ``<a>``, ``<object>``, ``<embed>``, any
``data-…`` attribute (players that load late keep the address there), Open Graph and player card
(``og:video``, ``twitter:player:stream``), microdata (``itemprop=contentUrl``) and JSON-LD.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from itertools import islice
from typing import TypeAlias

from lxml import etree, html

from core.sources.pages import jsonld
from core.sources.pages.addresses import (
    LONGEST,
    absolute,
    first_of,
    host_of,
    is_stream,
    is_video,
    one_line,
)
from core.sources.pages.links import Link, LinkKind, Reading

Element: TypeAlias = etree._Element  # noqa: SLF001 - the one name that its elements have
MOST_ELEMENTS = 300_000
"""A page with more is read up to there."""
FEEDS = frozenset({"application/rss+xml", "application/atom+xml"})
_META_VIDEO = frozenset(
    {
        "og:video",
        "og:video:url",
        "og:video:secure_url",
        "twitter:player:stream",
        "contenturl",
    }
)
"""Source: ogp.me, section “video”, and schema.org/VideoObject, 2026-11-21."""
_PLAIN = frozenset({"src", "href", "data", "content", "value"})
_PAGER = re.compile(r"\bpag(?:e|er|ed|ing|ination)\b|page-num|pagenav|page-link", re.IGNORECASE)
_PAGE_QUERY = re.compile(r"[?&](?:page|paged|p|pg|offset|start)=\d+", re.IGNORECASE)
_PAGE_PATH = re.compile(r"/page[/-]?\d+/?(?:\.html?)?$", re.IGNORECASE)
_NEXT_WORDS = frozenset({"next", "next page", "older", "older posts", "more", "›", "»", "→", ">"})
_GENERIC = frozenset(
    {"", "download", "watch", "play", "video", "mp4", "link", "here", "open", "view", "hd", "sd"}
)
"""Texts of links that say nothing about the video."""
_REFRESH = re.compile(r"^\s*\d{1,3}\s*[;,]\s*url\s*=\s*['\"]?([^'\"]+)", re.IGNORECASE)
TEXT_ELEMENTS, TEXT_LONGEST = 30, 2000
"""What is read for the words of a link."""
_UP = 6
"""How many elements above a link are looked at for what it is a part of."""


def read_html(body: bytes, url: str, charset: str) -> Reading:
    """Return what a page says; damaged markup is read as browsers do."""
    root = _parse(body, charset)
    if root is None:
        return Reading()
    return _Page(root, url).read()


def _parse(body: bytes, charset: str) -> Element | None:
    parser = html.HTMLParser(
        encoding=_known(charset), no_network=True, remove_comments=True, huge_tree=False
    )
    try:
        return html.document_fromstring(body, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def _known(charset: str) -> str | None:
    """Return a charset's name if there is such a charset; the page itself may tell else."""
    try:
        return codecs.lookup(charset).name if charset else None
    except LookupError:
        return None


class _Page:
    """One page while it is read."""

    def __init__(self, root: Element, url: str) -> None:
        self._root = root
        self._url = url
        self._base = url
        self._title = ""
        self._found: list[Link] = []
        self._next: list[str] = []
        self._pages: list[str] = []
        self._feeds: list[str] = []

    def read(self) -> Reading:
        for number, element in enumerate(self._root.iter(etree.Element)):
            if number >= MOST_ELEMENTS:
                break
            tag = element.tag
            if isinstance(tag, str):
                self._look(tag.lower(), element)
        following = [url for url in (*self._next, *self._pages, *self._feeds) if url != self._url]
        return Reading(
            links=self._found, following=list(dict.fromkeys(following)), title=self._title
        )

    def _look(self, tag: str, element: Element) -> None:
        match tag:
            case "base" if self._base == self._url:
                self._base = absolute(self._url, element.get("href", "")) or self._url
            case "title" if not self._title:
                self._title = one_line(_text(element))
            case "meta":
                self._meta(element)
            case "script":
                self._script(element)
            case "a" | "area" | "link":
                self._anchor(tag, element)
            case "video" | "source" | "object" | "embed" | "track":
                self._player(tag, element)
            case _:
                pass
        self._lazy(element)

    def _meta(self, element: Element) -> None:
        name = first_of(_attributes(element), "property", "name", "itemprop").lower()
        content = element.get("content", "")
        if name in _META_VIDEO:
            self._add(content, title=self._title, sure=name == "contenturl")
        elif element.get("http-equiv", "").lower() == "refresh":
            onward = _REFRESH.match(content[:LONGEST])
            if onward:
                self._follow(self._next, onward[1])

    def _script(self, element: Element) -> None:
        if element.get("type", "").partition(";")[0].strip().lower() != "application/ld+json":
            return
        self._found += jsonld.read_links(element.text or "", self._base, self._url)

    def _anchor(self, tag: str, element: Element) -> None:
        href, kind = element.get("href", ""), element.get("type", "")
        relations = element.get("rel", "").lower().split()
        if tag == "link" and element.get("itemprop", "").lower() == "contenturl":
            self._add(href, sure=True)
        elif "next" in relations:
            self._follow(self._next, href)
        elif tag == "link":
            is_feed = "alternate" in relations and kind.lower() in FEEDS
            if is_feed or "sitemap" in relations:
                self._follow(self._feeds, href)
        elif not self._add(href, kind, title=_words(element)) and self._is_pager(element, href):
            self._follow(self._pages, href)

    def _player(self, tag: str, element: Element) -> None:
        """Take what a player shows; a picture's or a sound's ``<source>`` is none."""
        if tag == "track":
            return
        kind = element.get("type", "")
        address = element.get("data" if tag == "object" else "src", "")
        parent = element.getparent()
        inside = tag == "source" and parent is not None and parent.tag == "video"
        shown = parent if inside and parent is not None else element
        title = _words(shown) or self._title
        self._add(address, kind, title=title, sure=tag == "video" or inside)

    def _lazy(self, element: Element) -> None:
        for name, value in _attributes(element).items():
            if name in _PLAIN or not name.startswith("data-") or len(value) > LONGEST:
                continue
            owner = element.tag in {"video", "source"} and name in {"data-src", "data-video"}
            if owner or is_video(value) or is_stream(value):
                title = _words(element) or self._title
                self._add(value, element.get("type", ""), title=title, sure=owner)

    def _add(self, reference: str, kind: str = "", *, title: str = "", sure: bool = False) -> bool:
        """Keep a link when it leads to a video, and tell whether it does."""
        url = absolute(self._base, reference) if reference.strip() else ""
        if not url:
            return False
        if is_stream(url, kind):
            link_kind = LinkKind.STREAM
        elif is_video(url, kind) or sure:
            link_kind = LinkKind.VIDEO
        else:
            return False
        self._found.append(Link(url=url, kind=link_kind, title=title, page=self._url))
        return True

    def _follow(self, where: list[str], reference: str) -> None:
        url = absolute(self._base, reference)
        if url and host_of(url) == host_of(self._url):
            where.append(url)

    def _is_pager(self, element: Element, href: str) -> bool:
        """Return whether a link turns the pages of what is shown."""
        if not href or href.startswith("#"):
            return False
        text = one_line(_text(element), 30).lower()
        if _PAGE_QUERY.search(href) or _PAGE_PATH.search(href.partition("?")[0]):
            return text.isdigit() or text in _NEXT_WORDS or any(_pager_around(element))
        return (text.isdigit() or text in _NEXT_WORDS) and any(_pager_around(element))


def _pager_around(element: Element) -> Iterator[bool]:
    here: Element | None = element
    for _ in range(_UP):
        if here is None:
            return
        marks = first_of(_attributes(here), "class", "aria-label", "id", "role")
        yield bool(_PAGER.search(marks[:200]))
        here = here.getparent()


def _attributes(element: Element) -> dict[str, str]:
    return {str(name): str(value) for name, value in element.items()}


def _text(element: Element) -> str:
    """Return the text inside an element; of a large one the beginning, as pages nest anything."""
    parts = []
    for inner in islice(element.iter(), TEXT_ELEMENTS):
        parts.append(inner.text if isinstance(inner.tag, str) else "")
        parts.append(inner.tail if inner is not element else "")
    return " ".join(part[:TEXT_LONGEST] for part in parts if part)[:TEXT_LONGEST]


def _words(element: Element) -> str:
    """Return what an element calls the video; empty when it does not."""
    told = _attributes(element)
    for text in (_text(element), first_of(told, "title", "aria-label", "data-title")):
        line = one_line(text)
        if line.lower().strip(" .…!:▶►") not in _GENERIC:
            return line
    return ""
