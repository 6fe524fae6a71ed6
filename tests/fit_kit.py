"""Videos as people really send them, small, and what the stand-ins say of a file."""

from __future__ import annotations

import random
import subprocess
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path

from core.platforms.registry import platform_names
from tests.media_kit import encode, noise
from utils.ffmpeg import find_ffmpeg
from utils.sandbox.facebook_rules import media_fault as facebook_fault
from utils.sandbox.instagram_rules import media_fault as instagram_fault
from utils.sandbox.probe import MediaFacts as Seen
from utils.sandbox.probe import probe as look
from utils.sandbox.tiktok_rules import media_fault as tiktok_fault

PLATFORMS = platform_names()
FAST = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")
AAC = ("-c:a", "aac", "-b:a", "64k")


def picture(size: str = "360x640", rate: float = 30, seconds: float = 4) -> tuple[str, ...]:
    return ("-f", "lavfi", "-i", f"testsrc2=s={size}:r={rate}:d={seconds}")


def tone(seconds: float = 4, rate: int = 48_000) -> tuple[str, ...]:
    return ("-f", "lavfi", "-i", f"sine=d={seconds}:r={rate}")


def sent(name: str, *arguments: str) -> Callable[[], Path]:
    """Return what makes a video of 4 s with sound, on the first call."""
    return lambda: encode(name, *picture(), *tone(), *arguments)


def rotated() -> Path:
    flat = encode("flat.mp4", *picture("640x360"), *tone(), *FAST, *AAC)
    return encode("turned.mp4", "-display_rotation", "90", "-i", str(flat), "-c", "copy")


def variable() -> Path:
    """Frames come at 30 and at 10 a second in turn."""
    uneven = "select='not(mod(n,3))+lt(mod(n,60),30)'"
    arguments = ("-vf", uneven, "-fps_mode", "vfr", *FAST, *AAC)
    return encode("variable.mp4", *picture(), *tone(), *arguments)


def hdr() -> Path:
    kind = ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none")
    return encode("hdr.mov", *picture(), *tone(), *_bright("smpte2084"), *kind, *AAC)


def hlg_as_h264() -> Path:
    kind = ("-c:v", "libx264", "-preset", "ultrafast")
    return encode("hlg.mp4", *picture(), *tone(), *_bright("arib-std-b67"), *kind, *AAC)


def _bright(transfer: str) -> tuple[str, ...]:
    colours = f"setparams=color_primaries=bt2020:color_trc={transfer}:colorspace=bt2020nc"
    return ("-vf", f"format=yuv420p10le,{colours}", "-pix_fmt", "yuv420p10le")


def covered() -> Path:
    """A picture of the cover stands before the video."""
    cover = encode("cover.png", "-f", "lavfi", "-i", "color=red:s=64x64", "-frames:v", "1")
    first = ("-map", "0", "-map", "1", "-map", "2", "-disposition:v:0", "attached_pic")
    kinds = ("-c:v:0", "png", "-c:v:1", "libx264", "-preset:v:1", "ultrafast")
    return encode(
        "covered.mp4", "-i", str(cover), *picture(), *tone(), *first, *kinds,
        *("-pix_fmt:v:1", "yuv420p"), *AAC,
    )  # fmt: skip


def audio_first() -> Path:
    arguments = ("-map", "1:a", "-map", "0:v", *FAST, *AAC)
    return encode("audio-first.mp4", *picture(), *tone(), *arguments)


def late_picture() -> Path:
    """The sound begins half a second before the picture."""
    whole = str(encode("whole.mp4", *picture(), *tone(), *FAST, *AAC))
    late = ("-itsoffset", "0.5", "-i", whole, "-i", whole, "-map", "0:v", "-map", "1:a")
    return encode("late-picture.mp4", *late, "-c", "copy")


def cut_by_edit_list() -> Path:
    """The first second and a half is in the file but not played."""
    source = encode("longer.mp4", *picture(seconds=6), *tone(6), *FAST, "-g", "300", *AAC)
    return encode("edited.mp4", "-ss", "1.5", "-i", str(source), "-c", "copy")


def three_hours() -> Path:
    return encode(
        "three-hours.mp4",
        *("-f", "lavfi", "-i", "color=gray:s=540x960:r=1/60:d=10800"),
        *FAST,
    )


def ts() -> Path:
    return encode("sent.ts", *picture(), *tone(), *FAST, *AAC)


SENT: dict[str, Callable[[], Path]] = {
    "fine": sent("fine.mp4", *FAST, *AAC, "-movflags", "+faststart"),
    "mkv": sent("sent.mkv", *FAST, *AAC),
    "mkv-opus": sent("opus.mkv", *FAST, "-c:a", "libopus"),
    "mov-pcm": sent("sent.mov", *FAST, "-c:a", "pcm_s16le"),
    "avi": sent("sent.avi", "-c:v", "mpeg4", "-c:a", "libmp3lame"),
    "ts": ts,
    "webm": sent("sent.webm", "-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8"),
    "vp9": sent(
        "vp9.mkv",
        *("-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-c:a", "libopus"),
    ),
    "flv": sent("sent.flv", *FAST, *AAC),
    "wmv": sent("sent.wmv", "-c:v", "wmv2", "-c:a", "wmav2"),
    "mpeg": sent("sent.mpg", "-c:v", "mpeg2video", "-c:a", "mp2"),
    "gif-like": lambda: encode("silent.mp4", *picture(), *FAST),
    "silent-mkv": lambda: encode("silent.mkv", *picture(), *FAST),
    "444": sent("444.mp4", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv444p"),
    "surround": sent("surround.mkv", *FAST, "-ac", "6", "-c:a", "ac3"),
    "high-rate": lambda: encode(
        "96k.mp4", *picture(), *tone(rate=96_000), *FAST, "-ar", "96000", *AAC
    ),
    "rotated": rotated,
    "variable": variable,
    "hdr": hdr,
    "hlg": hlg_as_h264,
    "cover": covered,
    "audio-first": audio_first,
    "late-picture": late_picture,
    "edited": cut_by_edit_list,
    "odd": lambda: encode(
        "odd.mkv",
        *(*picture("361x641"), *tone(), "-c:v", "libx264", "-preset", "ultrafast"),
        *("-pix_fmt", "yuv444p", *AAC),
    ),
    "4k": lambda: encode(
        "4k.mp4",
        *("-f", "lavfi", "-i", "color=navy:s=3840x2160:r=24:d=3.1"),
        *tone(3.1),
        *FAST,
        *AAC,
    ),
    "ultra-wide": lambda: encode("wide.mp4", *picture("512x80"), *tone(), *FAST, *AAC),
    "tall": lambda: encode("tall.mp4", *picture("80x512"), *tone(), *FAST, *AAC),
    "tiny": lambda: encode("tiny.mp4", *picture("32x18"), *tone(), *FAST, *AAC),
    "fast": lambda: encode("120.mp4", *picture(rate=120), *tone(), *FAST, *AAC),
    "slow": lambda: encode("7.mp4", *picture(rate=7.5), *tone(), *FAST, *AAC),
    "short-sound": lambda: encode("short-sound.mp4", *picture(), *tone(1.5), *FAST, *AAC),
    "anamorphic": sent("anamorphic.mkv", "-vf", "setsar=4/3", *FAST, *AAC),
    "long": lambda: encode(
        "long-95.mkv",
        *("-f", "lavfi", "-i", "color=teal:s=540x960:r=24:d=95"),
        *tone(95, 8000),
        *FAST,
        "-c:a",
        "aac",
    ),
    "three-hours": three_hours,
}
"""By a word for what is odd about it; every platform takes it or can be made to."""

SLOW = {"long": ("facebook", "telegram"), "three-hours": ("facebook", "youtube")}
"""For these not every platform is tried: each would take long."""

HOPELESS: dict[str, Callable[[], Path]] = {
    "half-a-second": lambda: encode("half.mp4", *picture(seconds=0.5), *FAST),
}


@cache
def _plain() -> bytes:
    return SENT["fine"]().read_bytes()


def broken(folder: Path) -> dict[str, Path]:
    """Write files that are no videos, or no whole ones."""
    contents = {
        "empty.mp4": b"",
        "text.mp4": b"This is a letter, not a video.\n" * 500,
        "noise.mp4": noise(20_000),
        "headless.mp4": _plain()[2000:],
        "picture.mp4": b"\x89PNG\r\n\x1a\n" + noise(2000),
        "page.mkv": b"<!doctype html><html></html>" * 100,
        "list.mp4": b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n",
        "zip.mov": b"PK\x03\x04" + noise(4000),
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return {name: folder / name for name in contents}


async def fault(platform: str, path: Path) -> object:
    """Return what the stand-in of a platform finds wrong with a file; None when it takes it.

    YouTube's looks only whether a file can be read, Telegram's whether it is an MP4.
    """
    seen = await look(path)
    if seen is None:
        return "nobody looked"
    return _judge(platform, seen)


def _judge(platform: str, seen: Seen) -> object:
    if platform == "instagram":
        return instagram_fault(seen, "REELS", 0, allow_edit_list=False)
    if platform == "facebook":
        return facebook_fault(seen, "reel")
    if platform == "tiktok":
        return tiktok_fault(seen, 600.0)
    if platform == "telegram":
        return None if seen.is_readable and seen.is_mp4_family else "document"
    return None if seen.is_readable else "invalidFile"


def decoded(path: Path, *arguments: str) -> bytes:
    """Return what a decoder makes of a file, without a word of complaint."""
    command = [find_ffmpeg(), "-nostdin", "-v", "error", "-i", str(path), *arguments, "pipe:1"]
    done = subprocess.run(command, check=True, capture_output=True, timeout=60)
    assert done.stderr == b"", done.stderr
    return done.stdout


def gray(path: Path, at: float, *, size: Sequence[int] = (8, 8)) -> list[int]:
    """Return the brightness of one frame, scaled down, line by line."""
    scale = f"scale={size[0]}:{size[1]}"
    frame = ("-ss", f"{at}", "-frames:v", "1", "-vf", scale, "-pix_fmt", "gray", "-f", "rawvideo")
    return list(decoded(path, *frame))


def mutations(content: bytes, count: int, seed: int) -> Iterator[bytes]:
    """Yield files that were damaged on the way: bytes changed, lost, doubled or cut off."""
    rng = random.Random(seed)
    for _ in range(count):
        damaged = bytearray(content)
        for _ in range(rng.randint(1, 6)):
            _damage(damaged, rng)
        yield bytes(damaged)


def _damage(content: bytearray, rng: random.Random) -> None:
    # Heads and indices stand at the ends, and are what parsers trip over.
    reach = rng.choice([64, 4096, len(content)])
    at = rng.randrange(max(1, min(reach, len(content))))
    at = at if rng.random() < 0.6 else max(0, len(content) - 1 - at)
    length = rng.choice([1, 1, 2, 4, 8, 64, 1024])
    match rng.randrange(5):
        case 0:
            content[at : at + length] = rng.randbytes(length)
        case 1:
            content[at : at + length] = bytes([rng.choice([0, 0xFF, 0x7F, 0x80])]) * length
        case 2:
            del content[at : at + length]
        case 3:
            content[at:at] = content[at : at + length]
        case _:
            del content[max(at, len(content) // 8) :]
