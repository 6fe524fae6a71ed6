"""What a file behind a link is called."""

from __future__ import annotations

import re
import unicodedata
from email.message import Message
from urllib.parse import unquote, urlsplit

LONGEST_BYTES = 150
"""Below what file systems and platforms take, with room for an ending."""
UNNAMED = "video.mp4"

_UNSAFE = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]+')


def name_from_url(url: str) -> str:
    """Return the last part of a link's path as a file name."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return UNNAMED
    return clean_name(unquote(path.rpartition("/")[2])) or UNNAMED


def name_from_disposition(header: str) -> str:
    """Return the name in a ``Content-Disposition`` (RFC 6266), or empty for none."""
    message = Message()
    message["content-disposition"] = header
    try:
        name = message.get_filename()
    except (ValueError, LookupError):
        # An encoding that nobody knows, or bytes that are not of it.
        return ""
    return clean_name(unquote(name) if name and "%" in name else name or "")


def clean_name(name: str) -> str:
    """Return a name without folders, control signs and signs that file systems refuse."""
    plain = unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode())
    last = plain.replace("\\", "/").rpartition("/")[2]
    last = " ".join(_UNSAFE.sub("_", last).split()).strip(". ")
    return _short(last)


def _short(name: str) -> str:
    if len(name.encode()) <= LONGEST_BYTES:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 8:
        stem, ending = name, ""
    room = LONGEST_BYTES - len(ending.encode()) - 1
    return stem.encode()[:room].decode(errors="ignore").rstrip() + (f".{ending}" if ending else "")
