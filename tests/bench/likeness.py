"""How alike two videos are, told by ffmpeg."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from utils.ffmpeg import find_ffmpeg

_ALL = re.compile(r"All:([0-9.]+)")


def likeness(one: Path, other: Path) -> float:
    """Return the structural similarity of their pictures, 0 to 1, over all frames."""
    command = [find_ffmpeg(), "-nostdin", "-hide_banner", "-i", str(one), "-i", str(other)]
    # The same values are to count as the same colours, whatever each file says that they are.
    plain = "settb=AVTB,setpts=PTS-STARTPTS,setparams=range=tv:colorspace=bt709"
    graph = f"[0:v]{plain}[a];[1:v]{plain}[b];[a][b]ssim"
    command += ["-filter_complex", graph, "-f", "null", "-"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found = _ALL.search(done.stderr)
    if found is None:
        raise RuntimeError("ffmpeg does not tell how alike they are")
    return float(found[1])
