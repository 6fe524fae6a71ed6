"""Videos of any size that still play: a film with bytes of its own where no player looks."""

from __future__ import annotations

import hashlib
import random
import struct
from pathlib import Path

from tests.media_kit import encode

SAMPLE = Path(__file__).parents[2] / "utils" / "sandbox" / "sample.mp4"
LEAST_BYTES = 300_000
BLOCK = 1024 * 1024


def write_video(path: Path, *, size_bytes: int, seed: str) -> str:
    """Write a video of exactly that size and return its digest; the same seed makes the same."""
    sample = SAMPLE.read_bytes()
    box = size_bytes - len(sample)
    if box < 8:
        raise ValueError(f"a video has at least {len(sample) + 8} bytes, not {size_bytes}")
    rng = random.Random(seed)
    digest = hashlib.sha256()
    with path.open("wb") as file:
        for piece in (sample, box.to_bytes(4, "big") + b"free"):
            digest.update(piece)
            file.write(piece)
        left = box - 8
        while left:
            piece = rng.randbytes(min(left, BLOCK))
            digest.update(piece)
            file.write(piece)
            left -= len(piece)
    return digest.hexdigest()


def write_late(path: Path, *, size_bytes: int, seed: str) -> str:
    """Write one whose index stands last; its own bytes stay when the index is put first."""
    content = _film("late.mp4", rate=25, faststart=False).read_bytes()
    start, end = _box(content, b"mdat")
    grown = end - start + size_bytes - len(content)
    if grown < end - start:
        raise ValueError(f"a video has at least {len(content)} bytes, not {size_bytes}")
    padding = random.Random(seed).randbytes(size_bytes - len(content))
    media = struct.pack(">I4s", grown, b"mdat") + content[start + 8 : end] + padding
    return _written(path, content[:start] + media + content[end:])


def write_fast(path: Path, *, size_bytes: int, seed: str) -> str:
    """Write one with more pictures a second than some platforms take."""
    content = _film("fast.mp4", rate=120, faststart=True).read_bytes()
    box = size_bytes - len(content)
    padding = random.Random(seed).randbytes(box - 8)
    return _written(path, content + struct.pack(">I4s", box, b"free") + padding)


def _film(name: str, *, rate: int, faststart: bool) -> Path:
    return encode(
        name,
        *("-f", "lavfi", "-i", f"testsrc2=s=540x960:r={rate}:d=4"),
        *("-f", "lavfi", "-i", "sine=d=4:r=48000"),
        *("-c:v", "libx264", "-preset", "ultrafast", "-crf", "45", "-pix_fmt", "yuv420p"),
        *("-c:a", "aac", "-movflags", "+faststart" if faststart else "0"),
    )


def _box(content: bytes, kind: bytes) -> tuple[int, int]:
    """Return where a box begins and ends."""
    at = 0
    while at < len(content):
        length, name = struct.unpack_from(">I4s", content, at)
        if name == kind:
            return at, at + length
        at += length
    raise ValueError(f"there is no {kind!r}")


def _written(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    return hashlib.sha256(content).hexdigest()
