"""Which kind of document came, and what it says: a page, a feed, a sitemap, or a video itself."""

from __future__ import annotations

import codecs
import re

from core.sources.pages.addresses import absolute, is_stream, is_video
from core.sources.pages.feeds import read_feed
from core.sources.pages.fetching import Page, unpack
from core.sources.pages.html import read_html
from core.sources.pages.links import Link, LinkKind, PageError, PageFinding, Reading
from core.sources.pages.sitemaps import ROOTS, local, parse_xml, read_sitemap

FEED_BYTES = 5 * 1024 * 1024
"""Feeds are read by a slower library than pages: of a longer one the beginning counts."""
_GZIP = b"\x1f\x8b"
_MARKUP = ("text/html", "application/xhtml+xml")
_XML = ("text/xml", "application/xml", "application/rss+xml", "application/atom+xml")
_TEXT = ("text/plain", "", "application/octet-stream", "application/gzip", "application/x-gzip")
_ENTITY = re.compile(r"<!(?:ENTITY|DOCTYPE[^>\[]{0,500}\[)", re.IGNORECASE)
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}encoding\s*=\s*["']([\w.:-]{1,40})["']""")
_BEGINNING = 4096
_ADDRESS = re.compile(r"^https?://\S{1,2000}$", re.IGNORECASE)


def read_document(page: Page) -> Reading:
    """Return what came from an address; takes a moment, so call it in a thread.

    Raises:
        PageError: it is nothing that links stand in.
    """
    reading = _file(page) or _read(page)
    reading.findings = [*page.findings, *reading.findings]
    return reading


def _file(page: Page) -> Reading | None:
    """Return the document that is a video or a stream itself."""
    stream = is_stream(page.url, page.media_type)
    is_page = page.media_type.startswith(("text/html", "application/xhtml"))
    is_file = is_video("", page.media_type) or (is_video(page.url) and not is_page)
    if not stream and not is_file:
        return None
    kind = LinkKind.STREAM if stream else LinkKind.VIDEO
    return Reading(links=[Link(url=absolute(page.url, ""), kind=kind, page=page.url)])


def _read(page: Page) -> Reading:
    body, findings = _unpacked(page)
    kind = page.media_type
    if kind.startswith(_MARKUP):
        reading = read_html(body, page.url, page.charset)
    elif kind in _XML or kind.endswith("+xml"):
        reading = _read_xml(body, page)
    elif kind in _TEXT:
        reading = _read_unknown(body, page)
    else:
        raise PageError("page_type", page.url, type=kind[:60])
    reading.findings = [*findings, *reading.findings]
    return reading


def _unpacked(page: Page) -> tuple[bytes, list[PageFinding]]:
    if not page.body.startswith(_GZIP):
        return page.body, []
    try:
        body, is_cut = unpack(page.body)
    except ValueError as error:
        raise PageError("page_broken", page.url) from error
    return body, [PageFinding(key="page_cut", url=page.url)] if is_cut else []


def _read_unknown(body: bytes, page: Page) -> Reading:
    """Read what its server has no name for, by how it begins."""
    start = body[:_BEGINNING].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return read_html(body, page.url, page.charset)
    if start.startswith((b"<?xml", b"<rss", b"<feed", b"<urlset", b"<sitemap")):
        return _read_xml(body, page)
    return _read_lines(body, page)


def _read_lines(body: bytes, page: Page) -> Reading:
    """Read a list of addresses, one a line, as text sitemaps are."""
    reading = Reading()
    for line in decode(body, page.charset).splitlines()[:50_000]:
        if not _ADDRESS.match(line.strip()):
            continue
        url = absolute(page.url, line)
        if is_stream(url) or is_video(url):
            kind = LinkKind.STREAM if is_stream(url) else LinkKind.VIDEO
            reading.links.append(Link(url=url, kind=kind, page=page.url))
    return reading


def _read_xml(body: bytes, page: Page) -> Reading:
    """Read XML that defines no entities: who needs them has something else in mind.

    Raises:
        PageError: ``page_entities``, or ``page_broken`` when it is no XML.
    """
    text = decode(body, page.charset)
    if _ENTITY.search(text, 0, 65_536):
        raise PageError("page_entities", page.url)
    root = parse_xml(_undeclared(text).encode())
    if root is None:
        raise PageError("page_broken", page.url)
    name = local(root)
    if name in ROOTS:
        return read_sitemap(root, page.url)
    if name == "html":
        return read_html(body, page.url, page.charset)
    reading = read_feed(_undeclared(text[:FEED_BYTES]), page.url)
    if len(text) > FEED_BYTES:
        reading.findings.append(PageFinding(key="page_cut", url=page.url))
    return reading


def _undeclared(text: str) -> str:
    """Return XML without its first line, which names an encoding that is not its any more."""
    return re.sub(r"^\s*<\?xml[^>]{0,300}\?>", "", text, count=1)


def decode(body: bytes, charset: str) -> str:
    """Return the text of a document by its mark, its server's word, or its own."""
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if body.startswith(mark):
            return body.decode(name, "replace")
    own = _DECLARED.match(body[:_BEGINNING])
    for name in (charset, own[1].decode("ascii") if own else ""):
        try:
            if name:
                return body.decode(name, "replace")
        except (LookupError, ValueError):
            continue
    return body.decode("utf-8", "replace")
