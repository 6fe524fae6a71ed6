"""Videos of any size that still play: the sample with bytes of its own in a free box behind it."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path

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
