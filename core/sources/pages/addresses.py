"""Addresses on pages: made absolute, told apart, and recognised by how they end."""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Mapping
from urllib.parse import unquote, urljoin, urlsplit, urlunsplit

VIDEO_ENDINGS = (
    ".mp4", ".mov", ".m4v", ".webm", ".mkv", ".avi", ".mpg", ".mpeg", ".3gp", ".ts", ".mts",
    ".m2ts", ".ogv", ".wmv", ".flv",
)  # fmt: skip
STREAM_ENDINGS = (".m3u8", ".mpd", ".ism/manifest")
STREAM_TYPES = frozenset(
    {
        "application/vnd.apple.mpegurl",
        "application/x-mpegurl",
        "audio/mpegurl",
        "audio/x-mpegurl",
        "application/dash+xml",
        "application/vnd.ms-sstr+xml",
    }
)
"""Source: RFC 8216, section 4 (HLS); ISO/IEC 23009-1, annex C (DASH)."""
LONGEST = 2048
"""Characters of an address; longer ones are no links that people made."""


def absolute(base: str, reference: str) -> str:
    """Return where a reference on a page leads, without its fragment; empty for no web address.

    ``javascript:``, ``data:``, ``file:``, ``blob:`` and addresses with a name or password in
    them are none.
    """
    try:
        joined = urlsplit(urljoin(base, reference.strip()))
        host, port = joined.hostname or "", joined.port
    except ValueError:
        return ""
    if joined.scheme not in {"http", "https"} or not host or "@" in joined.netloc:
        return ""
    usual = {"http": 80, "https": 443}[joined.scheme]
    name = f"[{host}]" if ":" in host else host
    place = name if port in {None, usual} else f"{name}:{port}"
    url = urlunsplit((joined.scheme, place, joined.path or "/", joined.query, ""))
    url = "".join("%20" if sign == " " else sign for sign in url if sign >= " ")
    return url if len(url) <= LONGEST else ""


def digest(url: str) -> str:
    """Return what a link is remembered by."""
    return hashlib.sha256(url.partition("#")[0].encode()).hexdigest()


def is_video(url: str, media_type: str = "") -> bool:
    """Return whether an address is a video's by its declared type or by how it ends."""
    kind = bare_type(media_type)
    if kind.startswith("video/"):
        return kind not in STREAM_TYPES
    return path_of(url).endswith(VIDEO_ENDINGS)


def is_stream(url: str, media_type: str = "") -> bool:
    return bare_type(media_type) in STREAM_TYPES or path_of(url).endswith(STREAM_ENDINGS)


def bare_type(media_type: str) -> str:
    """Return a media type without its parameters, in lower case."""
    return media_type.partition(";")[0].strip().lower()


def path_of(url: str) -> str:
    try:
        return urlsplit(url).path.lower()
    except ValueError:
        return ""


def host_of(url: str) -> str:
    """Return host and port as they stand in an address, in lower case."""
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return ""


def name_of(url: str) -> str:
    """Return the name of the file that an address ends with; empty for none."""
    return unquote(urlsplit(url).path).rstrip("/").rpartition("/")[2]


def words_of(url: str) -> str:
    """Return a title made of the name of a file: ``my_first-clip.mp4`` is “my first clip”."""
    name = name_of(url)
    stem = name.rpartition(".")[0] or name
    return one_line(stem.replace("_", " ").replace("-", " "))


def one_line(text: str, longest: int = 300) -> str:
    """Return foreign text on one line, without signs that are not shown."""
    kept = "".join(sign if sign.isprintable() else " " for sign in text[: 4 * longest])
    return " ".join(kept.split())[:longest]


def file_name(url: str, media_type: str = "") -> str:
    """Return a name for the file behind a link, with an ending."""
    name = name_of(url)[-120:] or "video"
    if name.lower().endswith(VIDEO_ENDINGS):
        return name
    return name + (mimetypes.guess_extension(bare_type(media_type)) or ".mp4")


def first_of(values: Mapping[str, str], *names: str) -> str:
    """Return the first value that is there and not empty."""
    return next((value for name in names if (value := values.get(name, "").strip())), "")
