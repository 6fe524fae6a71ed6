"""What Cloudinary's refusals mean. Source: services.md sections 1.3 and 9, read 2026-11-21."""

from __future__ import annotations

from email.utils import parsedate_to_datetime

from core.media.storage.base import refused, unreachable
from core.studio.errors import StudioError
from utils.clock import Clock
from utils.http import Response, redact

LATER = frozenset({408, 420, 423, 429, 500, 502, 503, 504})
"""Asked again: rate limits, what is still being processed, and faults of the server."""
_LIMITS = frozenset({420, 429})


def explain(storage: str, response: Response) -> StudioError:
    """Return what an answer other than 200 means."""
    status, said = response.status, _message(response)
    if "Stale request" in said:
        return StudioError("storage_clock", {"storage": storage})
    if status in {401, 403}:
        # The message holds what was signed.
        return StudioError("storage_sign_in", {"storage": storage, "reason": f"HTTP {status}"})
    if status == 413 or "File size too large" in said:
        return StudioError("storage_too_large", {"storage": storage})
    if status in LATER:
        return unreachable(storage, f"HTTP {status}")
    return refused(storage, said or f"HTTP {status}")


def wait_of(response: Response, clock: Clock) -> float | None:
    """Return how long a rate limit lasts. Source: section 9: the date of an HTTP header."""
    text = response.headers.get("x-featureratelimit-reset", "")
    if response.status not in _LIMITS or not text:
        return None
    try:
        resets_at = parsedate_to_datetime(text)
    except ValueError:
        return None
    if resets_at.tzinfo is None:
        return None
    return max(0.0, (resets_at - clock.now()).total_seconds())


def _message(response: Response) -> str:
    error = response.json().get("error")
    message = error.get("message") if isinstance(error, dict) else ""
    return redact(message)[:200] if isinstance(message, str) else ""
