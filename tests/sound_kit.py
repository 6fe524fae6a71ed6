"""Sounds that are made up, and what comes out of a mix as numbers."""

from __future__ import annotations

import math
import re
import subprocess
from typing import Any

import ffmpeg
import numpy as np
from numpy.typing import NDArray

from core.studio.mashup import File, Music
from core.studio.sound import RATE, Heard, MusicIn, Stream
from tests.media_kit import encode
from utils.ffmpeg import find_ffmpeg

Samples = NDArray[np.float32]
"""Sample, channel."""
SPEECH = "0.25*lt(mod(t,1.2),0.7)*(0.6+0.4*sin(25*t))*(sin(1131*t)+sin(4398*t)/2+sin(13195*t)/3)"
"""Syllables and pauses of about -19 LUFS."""


def sound(formula: str, seconds: float = 5.0, *, rate: int = RATE, layout: str = "mono") -> Stream:
    """Return a sound that is computed: ``t`` is the time in seconds."""
    channels = {"mono": 1, "stereo": 2, "5.1": 6}[layout]
    formulas = "|".join([formula] * channels)
    source = f"aevalsrc='{formulas}':s={rate}:c={layout}:d={seconds}"
    return ffmpeg.input(source, f="lavfi")["a:0"]


def noise(seconds: float = 5.0, amplitude: float = 0.5) -> Stream:
    """Return pink noise, which is as even as much music of today."""
    source = f"anoisesrc=c=pink:seed=3:r=44100:a={amplitude}:d={seconds}"
    return ffmpeg.input(source, f="lavfi")["a:0"]


def tone(hertz: float, amplitude: float = 0.3, seconds: float = 5.0, **form: Any) -> Stream:
    return sound(f"{amplitude}*sin({2 * np.pi * hertz:.6f}*t)", seconds, **form)


def heard(stream: Stream, **options: float) -> Heard:
    return Heard(stream=stream, **options)


def music(stream: Stream, length_seconds: float = 5.0, **options: Any) -> MusicIn:
    wish = {"volume": 1.0, "fade_in": 0.0, "fade_out": 0.0, **options}
    return MusicIn(
        stream=stream, music=Music(file=File(path="x"), **wish), length_seconds=length_seconds
    )


def samples(stream: Stream) -> Samples:
    """Return what a mix sounds like, at its own rate and with all of its channels."""
    raw = _run(ffmpeg.output(stream, "-", format="f32le").get_args()).stdout
    return np.frombuffer(raw, np.float32).reshape(-1, 2)


def level(of: Samples, start: float, end: float, hertz: float | None = None) -> float:
    """Return how loud a stretch is, in dB, of all or of one tone in it."""
    cut = of[round(start * RATE) : round(end * RATE)].mean(axis=1, dtype=float)
    if hertz is None:
        power = float((cut**2).mean())
    else:
        times = np.arange(cut.size) / RATE
        power = float(abs((cut * np.exp(-2j * np.pi * hertz * times)).mean()) ** 2 * 2)
    return 10 * math.log10(max(power, 1e-12))


def loudness_of(stream: Stream) -> tuple[float, float]:
    """Return the integrated loudness and the true peak of a mix as it is after the encoder."""
    arguments: list[str] = ffmpeg.output(stream, "x", acodec="aac", **{"b:a": "128k"}).get_args()
    path = encode("mix.m4a", *arguments[:-1])
    said = _run(["-i", str(path), "-af", "ebur128=peak=true:framelog=quiet", "-f", "null", "-"])
    told = said.stderr.decode()
    return tuple(  # type: ignore[return-value]  # there are two of them
        float(re.findall(rf"{name}:\s+(\S+) (?:LUFS|dBFS)", told)[-1]) for name in ("I", "Peak")
    )


def _run(arguments: list[str]) -> subprocess.CompletedProcess[bytes]:
    command = [find_ffmpeg(), "-nostdin", "-hide_banner", "-v", "info", *arguments]
    return subprocess.run(command, capture_output=True, check=True, timeout=60)
