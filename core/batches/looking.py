"""Looks into the files of a batch: what they are, whether they are whole, which are the same."""

from __future__ import annotations

import asyncio
import os
import struct
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from hashlib import blake2b, sha256
from pathlib import Path

from core.batches.folders import File
from core.media.probe import IncompleteError, NotAVideoError
from core.posts.models import MediaFacts
from utils.ffmpeg import FfmpegError, FfmpegMissingError, FfmpegTimeoutError

SAMPLE_BYTES = 16 * 1024
KEPT = 256
MOST_BOXES = 10_000
FIRST_BOXES = frozenset({b"ftyp", b"moov", b"mdat", b"free", b"wide", b"skip"})

Probe = Callable[[Path], Awaitable[MediaFacts]]


class LookError(Exception):
    """A file cannot be published; ``key`` names the finding."""

    def __init__(self, key: str, why: str = "") -> None:
        super().__init__(key)
        self.key = key
        self.why = why


class Looker:
    """Probes files; one that lies there under several names is probed once."""

    def __init__(self, probe: Probe) -> None:
        self._probe = probe
        self._known: OrderedDict[tuple[int, int, int], MediaFacts] = OrderedDict()

    async def facts(self, file: File) -> MediaFacts:
        """Return what a file is.

        Raises:
            LookError: it is no video, not whole, or cannot be looked into.
            FfmpegMissingError: no file can be looked into.
        """
        key = (file.device, file.number, file.modified_ns)
        if key in self._known:
            return self._known[key]
        facts = await self._look(Path(file.path))
        self._known[key] = facts
        if len(self._known) > KEPT:
            _ = self._known.popitem(last=False)
        return facts

    async def _look(self, path: Path) -> MediaFacts:
        try:
            facts = await self._probe(path)
        except FfmpegMissingError:
            raise
        except FfmpegTimeoutError as error:
            raise LookError("probe_slow") from error
        except (NotAVideoError, IncompleteError, FfmpegError) as error:
            why = str(error)
            lacks_index = "moov atom not found" in why and begins_as_mp4(path)
            key = "cut_off" if lacks_index or is_cut_off(path) else "not_a_video"
            raise LookError(key, why) from error
        except OSError as error:
            raise LookError("missing_file") from error
        if is_cut_off(path):
            raise LookError("cut_off")
        return facts


def begins_as_mp4(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(8)[4:] in FIRST_BOXES


def is_cut_off(path: Path) -> bool:
    """Return whether an MP4 ends before its outermost boxes do.

    Source: ISO/IEC 14496-12, section 4.2.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        end = os.fstat(descriptor).st_size
        offset = 0
        for _ in range(MOST_BOXES):
            head = os.pread(descriptor, 16, offset)
            if len(head) < 8:
                return False
            size, kind = struct.unpack_from(">I4s", head)
            if size == 1 and len(head) == 16:
                size = struct.unpack_from(">Q", head, 8)[0]
            if offset == 0 and kind not in FIRST_BOXES:
                return False
            if size < 8 or not kind.isalnum():
                return False
            offset += size
            if offset > end:
                return kind in {b"mdat", b"moov", b"moof"}
    finally:
        os.close(descriptor)
    return False


def sample(file: File) -> int:
    """Return a number that copies of a file share and other files surely do not."""
    digest = blake2b(file.size_bytes.to_bytes(8, "big"), digest_size=8)
    try:
        descriptor = os.open(file.path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError as error:
        raise LookError("file_forbidden") from error
    try:
        digest.update(os.pread(descriptor, SAMPLE_BYTES, 0))
        digest.update(os.pread(descriptor, SAMPLE_BYTES, max(0, file.size_bytes - SAMPLE_BYTES)))
    finally:
        os.close(descriptor)
    return int.from_bytes(digest.digest(), "big")


async def content_digest(path: str) -> str:
    """Return the digest of all of a file, read in a thread."""

    def read() -> str:
        digest = sha256()
        with Path(path).open("rb") as stream:
            while chunk := stream.read(1024 * 1024):
                digest.update(chunk)
        return digest.hexdigest()

    return await asyncio.to_thread(read)
