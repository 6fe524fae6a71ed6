"""The stand-ins' own clock and the options that decide how they behave."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")

EVERY = "*"
"""Stands for every service, or every step, wherever one can be named."""

SETTABLE = ("processing_seconds", "latency_seconds")
"""Options that can be changed while the stand-ins run."""


class SandboxClock:
    """Real time plus an offset that only moves forward."""

    def __init__(self, offset: float = 0.0) -> None:
        self.offset = offset

    def now(self) -> float:
        """Return unix seconds."""
        return time.time() + self.offset  # noqa: TID251 - the clock of the stand-ins

    def advance(self, seconds: float) -> None:
        """Move the clock forward, as if that much time had passed."""
        self.offset += seconds


@dataclass(slots=True, kw_only=True)
class SandboxOptions:
    """How the stand-ins behave; the switches can be changed while they run."""

    data_dir: Path | None = None
    """Folder of the state; None keeps documents in memory and bytes in a temporary folder."""
    keep_bytes: bool = True
    """False only measures and digests what is received (for benchmarks)."""
    processing_seconds: float = 0.3
    """How long a platform takes from the last byte to live."""
    latency_seconds: float = 0.0
    """Waited before each answer."""
    switches: dict[str, Any] = field(default_factory=dict)
    """Values by `service/name`."""

    def switch(self, service: str, name: str, default: T) -> T:
        """Return the switch of this service, else the one for every service, else `default`."""
        for key in (f"{service}/{name}", f"{EVERY}/{name}"):
            if key in self.switches:
                value: T = self.switches[key]
                return value
        return default

    def general(self) -> dict[str, float]:
        """Return the options that can be changed while the stand-ins run."""
        return {name: getattr(self, name) for name in SETTABLE}

    def assign(self, service: str | None, name: str, value: object) -> None:
        """Set a switch of `service`, or without a service one of the general options.

        Raises:
            ValueError: when a general option is unknown or its value is no number.
        """
        if service is not None:
            self.switches[f"{service}/{name}"] = value
            return
        if name not in SETTABLE:
            raise ValueError(f"no such option: {name}; settable are {', '.join(SETTABLE)}")
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0:
            raise ValueError(f"{name} is a number of seconds, not {value!r}")
        setattr(self, name, float(value))
