"""A contact sheet: the pictures of several assets in one, each with its number."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import ffmpeg

from utils.ffmpeg import ffmpeg as run_ffmpeg

TILE = 240
"""Side of one picture in the sheet, in pixels."""
GAP = 4
A_ROW = 4
DRAW_SECONDS = 20.0
_PICTURE = {"f": "jpeg_pipe", "protocol_whitelist": "file,pipe", "format_whitelist": "jpeg_pipe"}
_LABEL = {
    "x": 10,
    "y": 8,
    "fontsize": 34,
    "fontcolor": "white",
    "box": 1,
    "boxcolor": "black@0.6",
    "boxborderw": 6,
}


async def contact_sheet(pictures: Mapping[int, Path]) -> bytes:
    """Return a JPEG of numbered pictures.

    Raises:
        FfmpegError: one of them cannot be drawn.
    """
    tiles = [_tile(number, path) for number, path in pictures.items()]
    sheet = tiles[0] if len(tiles) == 1 else _grid(tiles)
    arguments = sheet.output(
        "pipe:", vframes=1, format="image2pipe", vcodec="mjpeg", pix_fmt="yuvj420p", **{"q:v": 4}
    ).get_args()
    return await run_ffmpeg(arguments, timeout_seconds=DRAW_SECONDS)


def places(count: int) -> str:
    """Return where the tiles of a sheet stand, as the filter ``xstack`` takes it."""
    columns = min(A_ROW, count)
    step = TILE + GAP
    spots = (divmod(number, columns) for number in range(count))
    return "|".join(f"{column * step}_{row * step}" for row, column in spots)


def _grid(tiles: list[Any]) -> Any:  # noqa: ANN401 - ffmpeg-python has no types
    columns = min(A_ROW, len(tiles))
    rows = math.ceil(len(tiles) / columns)
    stacked = ffmpeg.filter(
        tiles, "xstack", inputs=len(tiles), layout=places(len(tiles)), fill="black"
    )
    width, height = (count * (TILE + GAP) - GAP for count in (columns, rows))
    return stacked.filter("pad", width, height)


def _tile(number: int, path: Path) -> Any:  # noqa: ANN401 - ffmpeg-python has no types
    picture = ffmpeg.input(f"file:{path}", **_PICTURE).video
    fitted = picture.filter("scale", TILE, TILE, force_original_aspect_ratio="decrease")
    padded = fitted.filter("pad", TILE, TILE, "(ow-iw)/2", "(oh-ih)/2", color="0x202020")
    return padded.filter("setsar", 1).drawtext(text=str(number), fontfile=_font(), **_LABEL)


@cache
def _font() -> str:
    found = find_spec("matplotlib")
    if found is None or found.origin is None:
        raise AssertionError("matplotlib is installed with us")
    return str(Path(found.origin).parent / "mpl-data/fonts/ttf/DejaVuSans-Bold.ttf")
