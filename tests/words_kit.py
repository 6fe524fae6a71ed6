"""Words drawn over a grey picture, as numbers."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import ffmpeg
import numpy as np
from numpy.typing import NDArray

from core.studio.captions import Written, burn, write
from core.studio.mashup import Captions, Watermark
from core.studio.profiles import SafeZone
from utils.ffmpeg import find_ffmpeg

SIZE = (160, 284)
SAFE = SafeZone(top=0.1, right=0.12, bottom=0.2, left=0.05)
BACK = 128
LIMITS = (SAFE.top * SIZE[1], (1 - SAFE.right) * SIZE[0], (1 - SAFE.bottom) * SIZE[1])

Pictures = NDArray[np.uint8]
"""Number, row, column; grey."""


def written(
    folder: Path,
    captions: Captions | None,
    *,
    seconds: float = 1.0,
    attribution: str = "",
    watermark: Watermark | None = None,
    fonts: tuple[Path, ...] = (),
    size: tuple[int, int] = SIZE,
) -> Written | None:
    return write(
        captions,
        attribution=attribution,
        watermark=watermark,
        size=size,
        safe=SAFE,
        seconds=seconds,
        folder=folder,
        fonts=fonts,
    )


def pictures(
    what: Written | None,
    *,
    seconds: float = 1.0,
    rate: int = 1,
    size: tuple[int, int] = SIZE,
    environment: Mapping[str, str] | None = None,
) -> Pictures:
    """Return what is seen, so many pictures a second."""
    assert what is not None
    source = f"color=0x808080:s={size[0]}x{size[1]}:r={rate}:d={seconds},format=rgb24"
    stream: Any = burn(ffmpeg.input(source, f="lavfi"), what)
    arguments = ffmpeg.output(stream, "-", format="rawvideo", pix_fmt="gray").get_args()
    done = subprocess.run(
        [find_ffmpeg(), "-nostdin", "-v", "error", *arguments],
        cwd=what.folder,
        env={**os.environ, **(environment or {})},
        capture_output=True,
        check=True,
        timeout=60,
    )
    found = np.frombuffer(done.stdout, np.uint8).reshape(-1, size[1], size[0])
    # Of a second without a picture of its own, a change of the words makes one.
    return found[: round(seconds * rate)]


def bounds(picture: NDArray[np.uint8]) -> tuple[int, int, int, int] | None:
    """Return where something is drawn: top, right, bottom, left; None: nowhere."""
    drawn = np.abs(picture.astype(int) - BACK) > 12
    rows, columns = np.flatnonzero(drawn.any(axis=1)), np.flatnonzero(drawn.any(axis=0))
    if not rows.size:
        return None
    return int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1, int(columns[0])


def is_safe(picture: NDArray[np.uint8], size: tuple[int, int] = SIZE) -> bool:
    """Tell whether all that is drawn lies within the safe zone, to a pixel."""
    found = bounds(picture)
    if found is None:
        return False
    top, right, bottom, left = found
    return (
        top >= SAFE.top * size[1] - 1
        and left >= SAFE.left * size[0] - 1
        and right <= (1 - SAFE.right) * size[0] + 1
        and bottom <= (1 - SAFE.bottom) * size[1] + 1
    )
