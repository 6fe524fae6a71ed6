"""What a failed run of ffmpeg means for the person who wanted a mashup."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from core.media.fit.errors import explain as explain_fit
from core.studio.errors import StudioError
from utils.ffmpeg import FfmpegError


def explain(error: FfmpegError) -> StudioError:
    """Return the error with its sentence and whether the same may work later."""
    found = explain_fit(error)
    return StudioError(found.key, found.facts, retry=found.retry)


def of_disk(error: OSError) -> StudioError:
    """Return what an error of the file system means."""
    text = error.strerror or str(error)
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        name = Path(os.fsdecode(error.filename)).name if error.filename else ""
        facts = {"text": f"{name}: {text}" if name else text}
        return StudioError("no_access", facts, retry=True)
    return explain(FfmpegError(text, code=error.errno or 1))
