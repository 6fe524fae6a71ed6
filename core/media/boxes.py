"""The boxes of an MP4: where its index stands and whether an edit list changes a track.

Source: ISO/IEC 14496-12, sections 4.2, 8.6.5 and 8.6.6.
"""

from __future__ import annotations

import itertools
import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

_OUTERMOST = 64
"""More outermost boxes than that are not looked through for an index."""
_INNER = 4096
_BIG = frozenset({b"moov", b"mdat", b"moof"})
"""Boxes that a cut goes through; the sizes of others may be wrong in files that play."""
_EBML, _SEGMENT = b"\x1a\x45\xdf\xa3", b"\x18\x53\x80\x67"
_PARENTS = frozenset({b"moov", b"trak", b"edts"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """Where the index (moov) of an MP4 stands, as far as its outermost boxes are there."""

    first: bool | None = None
    """Whether it stands before the media data; None: no MP4, or neither is there yet."""
    end: int | None = None
    """Offset of its end, if it comes first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What the boxes of a file tell."""

    index: Index
    edit_list: bool | None = None
    """Whether one shifts or cuts a track; None: no MP4, or its index is not there yet."""
    in_fragments: bool = False
    """Whether the index at the front says that more of it follows with the media data.

    Source: ISO/IEC 14496-12, section 8.8.1.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class _Box:
    kind: bytes
    start: int
    """Offset of its content."""
    end: int


def promised_bytes(path: Path) -> int:
    """Return how long a whole MP4 or Matroska file says that it is at least; 0: not told."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        head = os.pread(descriptor, 64, 0)
        if head.startswith(_EBML):
            return _segment_end(head)
        big = [box.end for box in _outer(descriptor, None) if box.kind in _BIG]
        return max(big, default=0)
    finally:
        os.close(descriptor)


def _segment_end(head: bytes) -> int:
    """Return where the segment of a Matroska file ends. Source: RFC 8794, sections 4 and 5."""
    header, at = _element_size(head, len(_EBML))
    at += header
    if header < 0 or not head.startswith(_SEGMENT, at):
        return 0
    size, start = _element_size(head, at + len(_SEGMENT))
    return start + size if size > 0 else 0


def _element_size(head: bytes, at: int) -> tuple[int, int]:
    """Return the size of an element and where its content begins; -1 where it is not told."""
    first = head[at] if at < len(head) else 0
    length = 9 - first.bit_length()
    if length > 8 or at + length > len(head):
        return -1, at
    most = (1 << 7 * length) - 1
    size = int.from_bytes(head[at : at + length], "big") & most
    return (size if size != most else -1), at + length


def is_webm_file(path: Path) -> bool:
    """Tell whether a Matroska file says that it is a WebM.

    Source: RFC 8794, section 11.2.6 (DocType).
    """
    with path.open("rb") as file:
        return b"\x42\x82\x84webm" in file.read(64)


def find_index(path: Path) -> Index:
    """Look for the index of an MP4; only the heads of its outermost boxes are read."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return _find_index(descriptor)
    finally:
        os.close(descriptor)


def read_layout(path: Path) -> Layout:
    """Look for the index and, if it is there, for edit lists in it."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        size = os.fstat(descriptor).st_size
        index = _find_index(descriptor)
        if index.first is None:
            return Layout(index=index)
        moov = next((box for box in _outer(descriptor, size) if box.kind == b"moov"), None)
        if moov is None:
            return Layout(index=index)
        there = replace(moov, end=min(moov.end, size))
        has_edits = _has_edits(descriptor, there)
        return Layout(
            index=index,
            edit_list=has_edits if moov.end <= size else has_edits or None,
            in_fragments=_is_extended(descriptor, there),
        )
    finally:
        os.close(descriptor)


def _find_index(descriptor: int) -> Index:
    for box in _outer(descriptor, None):
        if box.kind in {b"moov", b"mdat"}:
            is_first = box.kind == b"moov"
            return Index(first=is_first, end=box.end if is_first else None)
    return Index()


def _outer(descriptor: int, size: int | None) -> Iterator[_Box]:
    for number, box in enumerate(_boxes(descriptor, 0, size)):
        if number >= _OUTERMOST:
            return
        yield box


def _boxes(descriptor: int, offset: int, end: int | None) -> Iterator[_Box]:
    """Yield the boxes from an offset on; ``end`` is that of what holds them, if it is known."""
    while end is None or offset + 8 <= end:
        head = os.pread(descriptor, 16, offset)
        if len(head) < 8:
            return
        size, kind = struct.unpack_from(">I4s", head)
        start = offset + 8
        if size == 1 and len(head) == 16:
            size = struct.unpack_from(">Q", head, 8)[0]
            start += 8
        # A size of 0 means: to the end of the file.
        stop = end if size == 0 and end is not None else offset + size
        yield _Box(kind=kind, start=start, end=stop)
        if stop < start or not kind.isalnum():
            return
        offset = stop


def _is_extended(descriptor: int, index: _Box) -> bool:
    inner = itertools.islice(_boxes(descriptor, index.start, index.end), _OUTERMOST)
    return any(box.kind == b"mvex" for box in inner)


def _has_edits(descriptor: int, index: _Box) -> bool:
    """Walk through the index; what is made to lead astray ends after so many boxes."""
    left, seen = [index], 0
    while left:
        parent = left.pop()
        for box in _boxes(descriptor, parent.start, parent.end):
            seen += 1
            if seen > _INNER:
                return False
            if box.kind in _PARENTS:
                left.append(box)
            elif box.kind == b"elst" and _changes_something(descriptor, box.start):
                return True
    return False


def _changes_something(descriptor: int, start: int) -> bool:
    """Tell whether an edit list is more than one entry that plays the track from its start."""
    head = os.pread(descriptor, 24, start)
    if len(head) < 16:
        return False
    version, entries = struct.unpack_from(">B3xI", head)
    if entries != 1:
        return bool(entries)
    if version == 1:
        return len(head) == 24 and struct.unpack_from(">q", head, 16)[0] != 0
    return bool(struct.unpack_from(">i", head, 12)[0])
