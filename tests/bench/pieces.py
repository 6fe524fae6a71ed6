"""What a mashup is made of in benchmarks: two upright videos, music, a font, and the mashup."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import matplotlib

from core.studio.mashup import AssetKind, Captions, File, Mashup, Music, Part, Watermark
from tests.bench.remux import ffmpeg

WIDTH, HEIGHT = 1080, 1920
RATE = 30
CAPTION = "Sunrise over the old city"
MARK = "@karvon"
MUSIC_SECONDS = 45
FADE_IN, FADE_OUT = 1.0, 2.0
LOUDNESS = -14.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pieces:
    """Files on this disk."""

    own: Path
    template: Path
    music: Path
    font: Path
    seconds: float

    @property
    def mashup(self) -> Mashup:
        """Two thirds and one third, music with fades, words and a mark over it, and stills."""
        return Mashup(
            layout="side",
            parts=(
                Part(file=File(path=str(self.own))),
                Part(
                    file=File(path=str(self.template)),
                    role=AssetKind.TEMPLATE,
                    volume=0,
                    is_own=False,
                ),
            ),
            seconds=self.seconds,
            music=Music(file=File(path=str(self.music)), fade_in=FADE_IN, fade_out=FADE_OUT),
            captions=Captions(text=CAPTION),
            watermark=Watermark(text=MARK),
            loudness=LOUDNESS,
        )


def make_pieces(
    folder: Path, *, seconds: float = 30, size: str = f"{WIDTH}x{HEIGHT}", rate: int = RATE
) -> Pieces:
    """Write the files: patterns that move."""
    source = f"testsrc2=s={size}:r={rate}:d={seconds}"
    for name, change, tone in (("own", "null", 220), ("template", "hue=h=120", 440)):
        ffmpeg(
            *("-f", "lavfi", "-i", f"{source},{change}"),
            *("-f", "lavfi", "-i", f"sine={tone}:d={seconds}:r=48000"),
            *("-c:v", "libx264", "-preset", "ultrafast", "-crf", "20", "-pix_fmt", "yuv420p"),
            *("-c:a", "aac", str(folder / f"{name}.mp4")),
        )
    tune = f"sine=330:d={MUSIC_SECONDS}:r=48000,tremolo=f=4:d=0.8"
    ffmpeg("-f", "lavfi", "-i", tune, "-c:a", "aac", str(folder / "music.m4a"))
    fonts = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    font = folder / "font.ttf"
    font.write_bytes((fonts / "DejaVuSans.ttf").read_bytes())
    return Pieces(
        own=folder / "own.mp4",
        template=folder / "template.mp4",
        music=folder / "music.m4a",
        font=font,
        seconds=seconds,
    )
