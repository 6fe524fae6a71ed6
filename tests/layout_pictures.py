"""`python -m tests.layout_pictures`: make the pictures of the layouts that the README shows."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

import matplotlib

from core.studio.layouts import LAYOUTS
from core.studio.mashup import (
    AssetKind,
    Captions,
    File,
    Mashup,
    Part,
    Transition,
    Watermark,
)
from core.studio.render import render
from tests.media_kit import encode

FOLDER = Path(__file__).parent / "data" / "layouts"
SHOWN = "270x480"
MOST_BYTES = 30_000
FONT = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans-Bold.ttf"
KINDS = (AssetKind.SOURCE, AssetKind.TEMPLATE)
COLOURS = (("0x1b6ca8", "0x65c6c4"), ("0xd9534f", "0xf6c667"))


def picture_of(name: str, folder: Path) -> Path:
    """Make the picture of one layout."""
    layout = LAYOUTS[name]
    count = 2 if layout.is_sequence else len(layout.cells)
    mashup = Mashup(
        layout=name,
        parts=tuple(_part(number) for number in range(count)),
        seconds=3.0,
        captions=Captions(text="Words over it"),
        watermark=Watermark(text="@channel"),
        attribution="Music by somebody, CC BY 4.0",
        transition=Transition(kind="slide", seconds=1.0),
        thumbnail=None,
        preset="ultrafast",
    )
    made = asyncio.run(render(mashup, folder / f"{name}.mp4", folder=folder))
    scale = f"scale={SHOWN.replace('x', ':')}:flags=lanczos"
    still = ("-ss", "1.6", "-i", str(made.path), "-frames:v", "1", "-vf", scale, "-q:v", "3")
    return encode(f"{name}.jpg", *still)


def _part(number: int) -> Part:
    one, other = COLOURS[number]
    size = "s=1080x1920:r=30:d=2"
    words = ("your clip", "template")[number]
    drawn = f"drawtext=fontfile={FONT}:text='{words}':fontsize=66:fontcolor=white"
    place = "x0=0:y0=0:x1=1080:y1=1920:speed=0.00001:seed=1"
    gradient = f"gradients={size}:c0={one}:c1={other}:{place}"
    path = encode(
        f"{KINDS[number]}.mp4",
        *("-f", "lavfi", "-i", f"{gradient},{drawn}:x=(w-tw)/2:y=h*11/20"),
        *("-c:v", "libx264", "-preset", "ultrafast", "-crf", "16", "-pix_fmt", "yuv420p"),
    )
    return Part(file=File(path=str(path)), role=KINDS[number], is_own=number == 0)


def main() -> int:
    """Write them all; the code is 1 when one is too large."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="layouts-") as name:
        for layout in LAYOUTS:
            data = picture_of(layout, Path(name)).read_bytes()
            if len(data) > MOST_BYTES:
                sys.stderr.write(f"{layout}: {len(data)} bytes are too many\n")
                return 1
            (FOLDER / f"{layout}.jpg").write_bytes(data)
    return 0


if __name__ == "__main__":
    sys.exit(main())
