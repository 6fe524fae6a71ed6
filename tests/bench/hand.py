"""The same mashup as somebody would write it by hand: in one command, and in several passes."""

from __future__ import annotations

from pathlib import Path

from tests.bench.pieces import (
    CAPTION,
    FADE_IN,
    FADE_OUT,
    HEIGHT,
    LOUDNESS,
    MARK,
    RATE,
    WIDTH,
    Pieces,
)
from tests.bench.remux import ffmpeg

LEFT = WIDTH * 2 // 3
STILLS = ("1280x720", "1080x1920")
ENCODER = (
    *("-c:v", "libx264", "-preset", "veryfast", "-crf", "21", "-profile:v", "high"),
    *("-maxrate", "10M", "-bufsize", "20M", "-g", str(2 * RATE), "-pix_fmt", "yuv420p"),
)
SOUND = ("-c:a", "aac", "-b:a", "128k", "-ar", "48000", "-ac", "2")
COLOURS = "setparams=range=tv:colorspace=bt709:color_primaries=bt709:color_trc=bt709"
END = ("-movflags", "+faststart")


def by_hand(pieces: Pieces, folder: Path) -> Path:
    """Make all of it in one process, in the fastest way that is known.

    Words are drawn as glyphs rather than by a renderer of subtitles, the parts are cut and not
    scaled, and the stills are looked for in one frame of every second.
    """
    out = folder / "hand.mp4"
    graph = (
        f"[0:v]{_cell(LEFT)}[a];[1:v]{_cell(WIDTH - LEFT)}[b];"
        f"[a][b]hstack,{words(pieces)},format=yuv420p,split[v][t];"
        f"[t]fps=1,thumbnail={int(pieces.seconds)},split[p][q];[p]{_wide()}[k];[q]null[l];"
        f"{_mix('0:a', '2:a', pieces.seconds)}[x]"
    )
    ffmpeg(
        *("-i", str(pieces.own), "-i", str(pieces.template), "-i", str(pieces.music)),
        *("-filter_complex", graph, "-map", "[v]", "-map", "[x]"),
        *(*ENCODER, *SOUND, "-t", f"{pieces.seconds}", *END, str(out)),
        *("-map", "[k]", "-frames:v", "1", "-q:v", "3", str(folder / f"hand-{STILLS[0]}.jpg")),
        *("-map", "[l]", "-frames:v", "1", "-q:v", "3", str(folder / f"hand-{STILLS[1]}.jpg")),
    )
    return out


def in_passes(pieces: Pieces, folder: Path) -> Path:
    """Make each part fit by itself, then lay them side by side, then write, then add the sound."""
    left, right = folder / "left.mp4", folder / "right.mp4"
    beside, out = folder / "beside.mp4", folder / "passes.mp4"
    for source, wide, target in ((pieces.own, LEFT, left), (pieces.template, WIDTH - LEFT, right)):
        seen = f"scale={wide}:{HEIGHT}:force_original_aspect_ratio=increase,{_cell(wide)}"
        ffmpeg("-i", str(source), "-vf", seen, *ENCODER, "-an", str(target))
    drawn = f"[0:v][1:v]hstack,{words(pieces)}[v]"
    ffmpeg(
        *("-i", str(left), "-i", str(right), "-filter_complex", drawn, "-map", "[v]"),
        *(*ENCODER, str(beside)),
    )
    ffmpeg(
        *("-i", str(beside), "-i", str(pieces.own), "-i", str(pieces.music)),
        *("-filter_complex", f"{_mix('1:a', '2:a', pieces.seconds)}[x]"),
        *("-map", "0:v", "-map", "[x]", "-c:v", "copy", *SOUND, "-t", f"{pieces.seconds}"),
        *(*END, str(out)),
    )
    for size, scaled in zip(STILLS, (_wide(), "null"), strict=True):
        still = ("-vf", f"fps=1,thumbnail=8,{scaled}", "-frames:v", "1", "-q:v", "3")
        ffmpeg("-t", "8", "-i", str(out), *still, str(folder / f"passes-{size}.jpg"))
    return out


def preview_by_hand(pieces: Pieces, folder: Path) -> Path:
    """Make three small seconds of it."""
    out = folder / "hand-preview.mp4"
    graph = (
        f"[0:v]{_cell(LEFT)},scale=240:640[a];[1:v]{_cell(WIDTH - LEFT)},scale=120:640[b];"
        f"[a][b]hstack,{words(pieces)}[v];{_mix('0:a', '2:a', 3)}[x]"
    )
    ffmpeg(
        *("-t", "3", "-i", str(pieces.own), "-t", "3", "-i", str(pieces.template)),
        *("-i", str(pieces.music), "-filter_complex", graph, "-map", "[v]", "-map", "[x]"),
        *("-c:v", "libx264", "-preset", "ultrafast", "-crf", "28", *SOUND, "-t", "3", str(out)),
    )
    return out


def swap_by_hand(video: Path, music: Path, folder: Path, seconds: float) -> Path:
    """Put music under a video whose picture stays as it is."""
    out = folder / "swap-hand.mp4"
    ffmpeg(
        *("-i", str(video), "-i", str(music), "-map", "0:v", "-map", "1:a", "-c:v", "copy"),
        *(*SOUND, "-t", f"{seconds}", *END, str(out)),
    )
    return out


def words(pieces: Pieces) -> str:
    """Return the filters that draw the caption and the mark."""
    font = f"drawtext=fontfile={pieces.font}:fontcolor=white"
    return (
        f"{font}:text='{CAPTION}':fontsize=74:borderw=5:x=(w-tw)/2:y=1687,"
        f"{font}@0.7:text='{MARK}':fontsize=43:borderw=3:bordercolor=black@0.7:x=w-tw-57:y=106"
    )


def _cell(wide: int) -> str:
    return f"crop={wide}:{HEIGHT},{COLOURS}"


def _wide() -> str:
    return "scale=1280:720:force_original_aspect_ratio=decrease,pad=1280:720:-1:-1"


def _mix(own: str, music: str, seconds: float) -> str:
    """Return the music, faded and lowered where the video is heard, at the wanted loudness."""
    faded = f"afade=in:d={FADE_IN},afade=out:st={seconds - FADE_OUT}:d={FADE_OUT}"
    return (
        f"[{music}]atrim=0:{seconds},volume=0.5,{faded}[m];[{own}]atrim=0:{seconds},asplit[o][s];"
        "[m][s]sidechaincompress=threshold=0.01:ratio=10:attack=15:release=500[d];"
        f"[o][d]amix=normalize=0,loudnorm=I={LOUDNESS}:TP=-1.5,aresample=48000"
    )
