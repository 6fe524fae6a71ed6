"""What may go wrong when a mashup is made or an asset is added."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.errors import KarvonError


class StudioError(KarvonError):
    """Something cannot be made or kept.

    ``key`` names the sentence ``studio_<key>`` that a person is told, ``facts`` fill it.
    """

    def __init__(
        self, key: str, facts: Mapping[str, Any] | None = None, *, retry: bool = False
    ) -> None:
        super().__init__(key)
        self.key = key
        self.facts = dict(facts or {})
        self.retry = retry
        """Whether the same may work later: the disk is full, the process was killed."""
