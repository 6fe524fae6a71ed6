"""What the head of an answer says: which bytes, of which state of which file."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass

from core.errors import SourceError
from core.sources.names import name_from_disposition

_CONTENT_RANGE = re.compile(r"bytes (?:(\d+)-(\d+)|\*)/(\d+|\*)")
_PAGES = ("text/html", "application/xhtml", "text/plain", "application/json", "text/xml")
_PLAYLISTS = (
    "application/vnd.apple.mpegurl",
    "application/x-mpegurl",
    "audio/mpegurl",
    "audio/x-mpegurl",
    "application/dash+xml",
)
_DIGEST = re.compile(r"sha-256\s*=\s*:?([A-Za-z0-9+/]{43}=):?", re.IGNORECASE)
_MARK = " sha-256:"
_DUPLICATE = re.compile(r"<([^<>]*)>((?:\s*;\s*[^;,]+)*)")
_REL = re.compile(r";\s*rel\s*=\s*\"?([^\";]+)\"?", re.IGNORECASE)
_PRIORITY = re.compile(r";\s*pri\s*=\s*\"?(\d{1,6})\"?", re.IGNORECASE)
LEAST_PRIORITY = 999_999
"""Source: RFC 6249, section 3.1: 1 is the best; what has none comes last."""
LONGEST_WAIT_SECONDS = 60
"""A server may not keep a place for downloads busy for longer by asking for patience."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What an answer that carries a file promises."""

    size: int | None
    """Of the whole file; None when it is not told."""
    start: int
    version: str
    """Identifies the state of the file: its tag or time, else its size; and its digest."""
    filename: str = ""
    duplicates: tuple[str, ...] = ()
    """Other addresses of the same file, the best first; they may be relative."""


def range_headers(offset: int, version: str) -> dict[str, str]:
    """Return the headers that ask for the rest of a file, if it is still the same."""
    if not offset:
        return {}
    headers = {"range": f"bytes={offset}-"}
    tag = version.partition(_MARK)[0]
    # A weak tag names the content but does not vouch for its bytes: RFC 9110, section 13.1.5.
    if tag and not tag.startswith(("W/", "size:")):
        headers["if-range"] = tag
    return headers


def read_head(
    status: int, headers: Mapping[str, str], offset: int, version: str, *, strict: bool = False
) -> Head | None:
    """Return what is sent, or None when the file must be asked for again from its beginning.

    Args:
        status: of the answer.
        headers: of the answer; they are found in any spelling.
        offset: where the bytes should begin.
        version: what the kept bytes before ``offset`` are of; empty when that is not known.
        strict: the version was told by another server, so only a proof counts.

    Raises:
        SourceError: the answer is not a file.
    """
    total = _total(headers)
    found = version_of(headers, total)
    if status == 416 and offset:
        is_same = is_same_content(found, version, strict=strict) or not version
        if total != offset or not is_same:
            return None
        return Head(size=total, start=offset, version=version)
    if status not in {200, 206}:
        raise refusal(status, headers)
    _require_file(headers)
    if status == 200:
        size = _length(headers)
        return _head(headers, size=size, start=0, version=version_of(headers, size))
    match = _CONTENT_RANGE.fullmatch(headers.get("content-range", ""))
    is_known = not version or is_same_content(found, version, strict=strict)
    if match is not None and match[1] == str(offset) and is_known:
        return _head(headers, size=total, start=offset, version=version or found)
    if offset:
        return None
    raise SourceError(key="source_status", retry=False, facts={"status": status})


def version_of(headers: Mapping[str, str], size: int | None) -> str:
    """Return what identifies the state of a file, with its digest where the server tells it."""
    told = headers.get("etag") or headers.get("last-modified")
    known = told or (f"size:{size}" if size is not None else "")
    digest = _digest(headers)
    return promise(known, digest) if digest else known


def promise(tag: str, sha256: str) -> str:
    """Return a version that promises the digest of the whole file."""
    return f"{tag}{_MARK}{sha256}"


def promised_digest(version: str) -> str:
    """Return the SHA-256 that the server promised, in hex; empty when it did not."""
    return version.partition(_MARK)[2]


def is_same_content(found: str, version: str, *, strict: bool) -> bool:
    """Tell whether two versions are surely of the same bytes.

    Between servers (``strict``) only an equal digest or an equal strong tag is a proof.
    """
    tag, _, digest = found.partition(_MARK)
    known_tag, _, known_digest = version.partition(_MARK)
    if digest and known_digest:
        return digest == known_digest
    return tag == known_tag and (not strict or tag.startswith('"'))


def refusal(status: int, headers: Mapping[str, str]) -> SourceError:
    """Return what a status means that is no success; ``retry_after`` are seconds."""
    facts = {"status": status}
    wait = headers.get("retry-after", "")
    if wait.isascii() and wait.isdigit():
        facts["retry_after"] = min(int(wait), LONGEST_WAIT_SECONDS)
    if status in {401, 403}:
        return SourceError(key="source_forbidden", retry=False, facts=facts)
    if status in {404, 410}:
        return SourceError(key="source_gone", retry=False, facts=facts)
    if status in {408, 425, 429} or status >= 500:
        return SourceError(key="source_unavailable", retry=True, facts=facts)
    return SourceError(key="source_status", retry=False, facts=facts)


def read_duplicates(header: str) -> tuple[str, ...]:
    """Return the mirrors in a ``Link`` header, the best first (RFC 6249, section 3)."""
    ranked = []
    for target, parameters in _DUPLICATE.findall(header):
        rel = _REL.search(parameters)
        if rel is None or "duplicate" not in rel[1].lower().split():
            continue
        priority = _PRIORITY.search(parameters)
        ranked.append((int(priority[1]) if priority else LEAST_PRIORITY, target))
    return tuple(target for _, target in sorted(ranked, key=lambda one: one[0]))


def _head(headers: Mapping[str, str], *, size: int | None, start: int, version: str) -> Head:
    return Head(
        size=size,
        start=start,
        version=version,
        filename=name_from_disposition(headers.get("content-disposition", "")),
        duplicates=read_duplicates(headers.get("link", "")),
    )


def _require_file(headers: Mapping[str, str]) -> None:
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in _PLAYLISTS:
        raise SourceError(key="link_playlist", retry=False, facts={"type": kind})
    if kind.startswith(_PAGES):
        raise SourceError(key="not_a_file", retry=False, facts={"type": kind})
    if headers.get("content-encoding", "identity").lower() != "identity":
        raise SourceError(key="source_encoded", retry=False)
    if headers.get("transfer-encoding", "chunked").lower() not in {"chunked", "identity"}:
        raise SourceError(key="source_encoded", retry=False)


def _length(headers: Mapping[str, str]) -> int | None:
    text = headers.get("content-length", "")
    is_chunked = "chunked" in headers.get("transfer-encoding", "").lower()
    return int(text) if text.isascii() and text.isdigit() and not is_chunked else None


def _total(headers: Mapping[str, str]) -> int | None:
    match = _CONTENT_RANGE.fullmatch(headers.get("content-range", ""))
    return int(match[3]) if match and match[3] != "*" else None


def _digest(headers: Mapping[str, str]) -> str:
    """Return the SHA-256 of the whole file in hex.

    Source: RFC 9530, section 3 (``Repr-Digest``); RFC 3230, section 4.3.2 (``Digest``).
    """
    found = _DIGEST.search(headers.get("repr-digest") or headers.get("digest") or "")
    if found is None:
        return ""
    try:
        return base64.b64decode(found[1], validate=True).hex()
    except binascii.Error:
        return ""
