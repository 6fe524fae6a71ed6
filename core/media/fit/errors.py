"""Why a file could not be made, from what ffmpeg said."""

from __future__ import annotations

import re

from core.errors import KarvonError
from utils.ffmpeg import FfmpegError, FfmpegMissingError, FfmpegTimeoutError

_LONGEST = 200
_SPEAKER = re.compile(r"\[[^\]]* @ 0x[0-9a-f]+\] ")
"""Which part of ffmpeg says something, with an address that nobody can use."""


class FitError(KarvonError):
    """A fitted file could not be made; the sentence is ``fit_error_<key>``."""

    def __init__(self, key: str, *, retry: bool = False, **facts: object) -> None:
        super().__init__(f"{key}: {facts}" if facts else key)
        self.key = key
        self.facts = facts
        """What fills the sentence; ``text`` is what the program said."""
        self.retry = retry
        """Whether the same may work later, with nothing changed about the file."""


_SIGNS = (
    ("No space left on device", "disk_full", True),
    ("Disk quota exceeded", "disk_full", True),
    ("File too large", "disk_full", True),
    ("Cannot allocate memory", "no_memory", True),
    ("No such filter", "no_filter", False),
    ("Filter not found", "no_filter", False),
    ("reserved_moov_size is too small", "index_large", True),
    ("Unknown encoder", "no_encoder", False),
    ("Permission denied", "no_access", True),
)
"""What ffmpeg says, the key, and whether it may pass."""


def explain(error: FfmpegError) -> FitError:
    """Return the error that a person can do something with."""
    if isinstance(error, FfmpegMissingError):
        return FitError("no_ffmpeg", retry=True, text=error.message)
    if isinstance(error, FfmpegTimeoutError):
        return FitError("stalled", retry=True, text=error.message)
    for sign, key, retry in _SIGNS:
        if sign in error.message:
            return FitError(key, retry=retry, text=_last_line(error.message))
    if error.code is not None and error.code < 0:
        return FitError("killed", retry=True, text=f"signal {-error.code}")
    return FitError("broken", text=_last_line(error.message))


def _last_line(message: str) -> str:
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    text = _SPEAKER.sub("", lines[-1]) if lines else "ffmpeg gave no reason"
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
