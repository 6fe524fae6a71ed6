"""Sitemaps, sitemap indexes and video sitemaps.

Source: sitemaps.org/protocol.html and developers.google.com/search/docs/crawling-indexing/
sitemaps/video-sitemaps, 2026-11-21: at most 50,000 addresses a file.
"""

from __future__ import annotations

from lxml import etree

from core.sources.pages.addresses import absolute, is_stream, is_video, one_line
from core.sources.pages.jsonld import seconds
from core.sources.pages.links import Link, LinkKind, PageFinding, Reading

MOST_ADDRESSES = 50_000
ROOTS = frozenset({"urlset", "sitemapindex"})


def parse_xml(body: bytes) -> etree._Element | None:
    """Return the root of a document; entities stay as they are and nothing else is loaded."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        recover=True,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def local(element: etree._Element) -> str:
    """Return the name of an element without its namespace."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def read_sitemap(root: etree._Element, url: str) -> Reading:
    """Return the videos of a sitemap, and the pages or sitemaps that it leads to."""
    reading = Reading()
    for number, entry in enumerate(root):
        if number >= MOST_ADDRESSES:
            reading.findings.append(PageFinding(key="page_cut", url=url))
            break
        _entry(entry, url, reading)
    return reading


def _entry(entry: etree._Element, url: str, reading: Reading) -> None:
    parts = {local(child): child for child in entry if local(child) != "video"}
    place = absolute(url, _text(parts.get("loc")))
    videos = [link for child in entry if local(child) == "video" for link in _video(child, url)]
    reading.links += videos
    if not place or videos:
        return
    if is_video(place) or is_stream(place):
        kind = LinkKind.STREAM if is_stream(place) else LinkKind.VIDEO
        reading.links.append(Link(url=place, kind=kind, page=url))
    else:
        reading.following.append(place)


def _video(element: etree._Element, url: str) -> list[Link]:
    parts = {local(child): _text(child) for child in element}
    address = absolute(url, parts.get("content_loc", "")) if parts.get("content_loc") else ""
    if not address:
        return []
    return [
        Link(
            url=address,
            kind=LinkKind.STREAM if is_stream(address) else LinkKind.VIDEO,
            title=one_line(parts.get("title", "")),
            duration_seconds=seconds(_number(parts.get("duration", ""))),
            page=url,
        )
    ]


def _number(text: str) -> float | None:
    try:
        return float(text[:20]) if text else None
    except ValueError:
        return None


def _text(element: etree._Element | None) -> str:
    return (element.text or "").strip() if element is not None else ""
