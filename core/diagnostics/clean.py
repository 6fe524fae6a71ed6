"""Foreign words of errors, fit to be shown and kept: no secrets, one line, not long."""

from __future__ import annotations

from utils.http import redact

LONGEST = 300


def shown_error(text: str) -> str:
    """Return what an error said without credentials, controls and line ends, shortened."""
    kept = "".join(sign if sign.isprintable() else " " for sign in redact(text))
    line = " ".join(kept.encode("utf-8", "replace").decode("utf-8").split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
