"""Putting the index of an MP4 first and doing without its edit lists, in one pass over it.

Nothing but the index changes: the media data is copied as it stands, so that the digest of the
result is known from the source while the result is still being written.

Source: ISO/IEC 14496-12, sections 4.2, 8.6.1, 8.6.5, 8.6.6 and 8.7.5.
"""

from __future__ import annotations

import errno
import hashlib
import os
import struct
import sys
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from core.errors import KarvonError

PIECE = 4 * 1024 * 1024
HASHED = 512 * 1024
"""What stays in the cache of a core between reading and hashing."""
LARGEST_INDEX = 64 * 1024 * 1024
PRIMING_SECONDS = 0.06
"""An encoder of sound puts up to 2,112 samples before the first one. Source: Apple's TN2258."""
FIRST_FRAMES = 64
"""No codec shows a frame more than 16 later than it is decoded. Source: ITU-T H.264, A.3.1."""
_PARENTS = frozenset({b"trak", b"mdia", b"minf", b"stbl", b"edts"})
_MOVABLE = frozenset({b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"udta", b"uuid"})
_BRAND = b"iso4"
"""The first brand whose frames may be shown earlier than they are decoded."""
_NO_KERNEL_COPY = frozenset({errno.EXDEV, errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP})
_HEAD = 8


class NotMovableError(KarvonError):
    """The file is made otherwise than this knows; nothing was written that counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Box:
    kind: bytes
    start: int
    """Of its head."""
    body: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """How a file is written anew."""

    head: bytes
    """Its new beginning: what kind of file it is, and the index."""
    ranges: tuple[tuple[int, int], ...]
    """Which bytes of the source follow, in order, as half-open ranges."""

    @property
    def size_bytes(self) -> int:
        return len(self.head) + sum(end - start for start, end in self.ranges)


def plan_move(source: Path) -> Move:
    """Decide how the file is written anew, from its index alone.

    Raises:
        NotMovableError: something in the file would change that is more than its index.
    """
    with source.open("rb") as reading:
        try:
            return _planned(reading.fileno())
        except (struct.error, IndexError) as error:
            raise NotMovableError("the index is damaged") from error


def write_moved(
    source: Path, target: Path, move: Move, *, stop: Event, on_bytes: Callable[[int], None]
) -> None:
    """Write the file anew with its index first and no edit list.

    Args:
        source: an MP4 or MOV.
        target: does not exist yet.
        move: what `plan_move` says of the source.
        stop: ends the work soon after it is set; what was written is of no use then.
        on_bytes: told how many bytes are copied.

    Raises:
        NotMovableError: the source became shorter.
        OSError: it could not be read or written.
    """
    with source.open("rb") as reading, target.open("xb") as writing:
        writing.write(move.head)
        writing.flush()
        _copy(reading.fileno(), writing.fileno(), move, stop, on_bytes)


def digest_moved(source: Path, move: Move, *, stop: Event) -> str:
    """Return the SHA-256 of what `write_moved` writes, from the source.

    Raises:
        NotMovableError: the source became shorter.
    """
    digest, piece = hashlib.sha256(move.head), memoryview(bytearray(HASHED))
    with source.open("rb", buffering=0) as reading:
        for start, end in move.ranges:
            while start < end and not stop.is_set():
                read = os.preadv(reading.fileno(), [piece[: end - start]], start)
                if not read:
                    raise NotMovableError("the file became shorter")
                digest.update(piece[:read])
                start += read
    return digest.hexdigest()


def _planned(source: int) -> Move:
    size = os.fstat(source).st_size
    boxes = list(_outer(source, size))
    index = _only(boxes, b"moov")
    if index.end - index.start > LARGEST_INDEX or index.body - index.start != _HEAD:
        raise NotMovableError("the index is too large")
    first = boxes[0]
    if first.kind != b"ftyp":
        raise NotMovableError("the file does not begin with its type")
    kind = bytearray(os.pread(source, first.end, 0))
    content = bytearray(os.pread(source, index.end - index.start, index.start))
    shifts_frames = _drop_edits(content)
    if shifts_frames and _BRAND not in kind[16:]:
        kind += _BRAND
        struct.pack_into(">I", kind, 0, len(kind))
    growth = len(kind) - first.end
    _shift_chunks(content, first.end, index, growth)
    ranges = ((first.end, index.start), (index.end, size))
    return Move(head=bytes(kind + content), ranges=ranges)


def _outer(source: int, size: int) -> Iterator[_Box]:
    offset = 0
    while offset < size:
        head = os.pread(source, 16, offset)
        box = _box(head, 0, offset, size)
        if box.kind not in _MOVABLE:
            raise NotMovableError(f"what {box.kind!r} points to is not known")
        yield box
        offset = box.end


def _only(boxes: list[_Box], kind: bytes) -> _Box:
    found = [box for box in boxes if box.kind == kind]
    if len(found) != 1:
        raise NotMovableError(f"there are {len(found)} of {kind!r}")
    return found[0]


def _box(data: bytes | bytearray, at: int, start: int, end: int) -> _Box:
    """Read the head at ``data[at:]``, which stands at ``start`` of what ends at ``end``."""
    if len(data) < at + _HEAD:
        raise NotMovableError("a box is cut off")
    size, kind = struct.unpack_from(">I4s", data, at)
    body = start + _HEAD
    if size == 1 and len(data) >= at + 16:
        size = struct.unpack_from(">Q", data, at + 8)[0]
        body += 8
    if start + size < body or start + size > end:
        raise NotMovableError(f"the size of {kind!r} is wrong")
    return _Box(kind=bytes(kind), start=start, body=body, end=start + size)


def _inner(content: bytearray, start: int, end: int) -> Iterator[_Box]:
    while start + _HEAD <= end:
        box = _box(content, start, start, end)
        yield box
        start = box.end


def _find(content: bytearray, parent: _Box, *path: bytes) -> _Box | None:
    for kind in path:
        found = [box for box in _inner(content, parent.body, parent.end) if box.kind == kind]
        if not found:
            return None
        parent = found[0]
    return parent


def _tracks(content: bytearray) -> list[_Box]:
    if any(box.kind == b"mvex" for box in _inner(content, _HEAD, len(content))):
        raise NotMovableError("the file is in fragments")
    return [box for box in _inner(content, _HEAD, len(content)) if box.kind == b"trak"]


def _drop_edits(content: bytearray) -> bool:
    """Do without edit lists; return whether frames are shown at earlier times instead."""
    shifted = False
    for track in _tracks(content):
        edits = _find(content, track, b"edts")
        if edits is None:
            continue
        begin = _begin_of(content, track)
        if begin:
            shifted |= _begin_at(content, track, begin)
        content[edits.start + 4 : edits.start + 8] = b"free"
    return shifted


def _begin_of(content: bytearray, track: _Box) -> int:
    """Return at which of its own times a track begins, in its own units."""
    table = _find(content, track, b"edts", b"elst")
    if table is None:
        return 0
    version, entries = struct.unpack_from(">B3xI", content, table.body)
    if entries == 0:
        return 0
    form = ">Qq" if version == 1 else ">Ii"
    if entries > 1 or table.end < table.body + 8 + struct.calcsize(form) + 4:
        raise NotMovableError("an edit list has several entries")
    _, begin = struct.unpack_from(form, content, table.body + 8)
    rate = struct.unpack_from(">I", content, table.body + 8 + struct.calcsize(form))[0]
    if begin < 0 or rate != 1 << 16:
        raise NotMovableError("an edit list delays or slows a track")
    return int(begin)


def _begin_at(content: bytearray, track: _Box, begin: int) -> bool:
    """Let a track begin at a time without an edit list; return whether its frames moved.

    Raises:
        NotMovableError: something before that time would be seen or heard.
    """
    offsets = _find(content, track, b"mdia", b"minf", b"stbl", b"ctts")
    if offsets is None:
        if begin > PRIMING_SECONDS * _timescale(content, track):
            raise NotMovableError("an edit list hides sound or pictures")
        return False
    if begin > _first_shown(content, track, offsets):
        raise NotMovableError("an edit list hides pictures")
    count = struct.unpack_from(">I", content, offsets.body + 4)[0]
    if offsets.body + 8 + 8 * count > offsets.end:
        raise NotMovableError("a table is cut off")
    for at in range(offsets.body + 12, offsets.body + 8 + 8 * count, 8):
        moved = struct.unpack_from(">i", content, at)[0] - begin
        struct.pack_into(">i", content, at, moved)
    content[offsets.body] = 1
    return True


def _timescale(content: bytearray, track: _Box) -> int:
    head = _find(content, track, b"mdia", b"mdhd")
    if head is None:
        raise NotMovableError("a track tells no timescale")
    at = 20 if content[head.body] == 1 else 12
    return int(struct.unpack_from(">I", content, head.body + at)[0])


def _first_shown(content: bytearray, track: _Box, offsets: _Box) -> int:
    """Return the time of the first frame that is shown, before any edit."""
    steps = _find(content, track, b"mdia", b"minf", b"stbl", b"stts")
    if steps is None:
        raise NotMovableError("a track tells no times")
    times, time = [], 0
    shown = _runs(content, offsets)
    for _, (step, offset) in zip(range(FIRST_FRAMES), zip(_runs(content, steps), shown)):  # noqa: B905
        times.append(time + offset)
        time += step
    return min(times, default=0)


def _runs(content: bytearray, table: _Box) -> Iterator[int]:
    """Yield the value of each sample from a table of runs."""
    count = struct.unpack_from(">I", content, table.body + 4)[0]
    for at in range(table.body + 8, min(table.end - 7, table.body + 8 + 8 * count), 8):
        length, value = struct.unpack_from(">Ii", content, at)
        for _ in range(min(length, FIRST_FRAMES)):
            yield value


def _shift_chunks(content: bytearray, first: int, index: _Box, growth: int) -> None:
    """Write the new places of the media data into the index."""
    moved = index.end - index.start + growth
    for track in _tracks(content):
        table = _find(content, track, b"mdia", b"minf", b"stbl")
        if table is None:
            raise NotMovableError("a track has no table")
        for box in _inner(content, table.body, table.end):
            if box.kind == b"saio":
                raise NotMovableError("a track is encrypted")
            if box.kind in {b"stco", b"co64"}:
                _shift_table(content, box, first, index, moved, growth)


def _shift_table(
    content: bytearray, table: _Box, first: int, index: _Box, moved: int, growth: int
) -> None:
    count = struct.unpack_from(">I", content, table.body + 4)[0]
    places = array("I" if table.kind == b"stco" else "Q")
    start, end = table.body + 8, table.body + 8 + places.itemsize * count
    if end > table.end:
        raise NotMovableError("a table is cut off")
    places.frombytes(content[start:end])
    if sys.byteorder == "little":
        places.byteswap()
    try:
        shifted = array(
            places.typecode,
            (at + (moved if first <= at < index.start else growth) for at in places),
        )
    except OverflowError as error:
        raise NotMovableError("the index needs more room") from error
    if sys.byteorder == "little":
        shifted.byteswap()
    content[start:end] = shifted.tobytes()


def _copy(
    source: int, target: int, move: Move, stop: Event, on_bytes: Callable[[int], None]
) -> None:
    done = 0
    for start, end in move.ranges:
        while start < end and not stop.is_set():
            copied = _copy_piece(source, target, start, min(PIECE, end - start))
            if not copied:
                raise NotMovableError("the file became shorter")
            start += copied
            done += copied
            on_bytes(done)


def _copy_piece(source: int, target: int, start: int, length: int) -> int:
    try:
        return os.copy_file_range(source, target, length, offset_src=start)
    except OSError as error:
        if error.errno not in _NO_KERNEL_COPY:
            raise
    return os.write(target, os.pread(source, length, start))
