"""What is wrong in a batch: findings with their place, told in words by whoever shows them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

MOST_FINDINGS = 20_000
"""More are counted but not kept."""
LONGEST_FACT = 120


class Severity(StrEnum):
    """What a finding does to its entry."""

    BLOCK = "block"
    """It is not published."""
    WARN = "warn"
    """It can be published; somebody should look."""
    NOTE = "note"
    """Good to know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One problem of an entry, of the configuration, or of the whole file."""

    severity: Severity
    key: str
    """``batch_KEY`` is its sentence, ``batch_KEY_do`` what to do."""
    field: str = ""
    entry: int | None = None
    """Number of the entry, from 1; None when it is about no single one."""
    line: int | None = None
    facts: dict[str, Any] = dataclasses.field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        return {
            "severity": self.severity.value,
            "key": self.key,
            "field": self.field,
            "entry": self.entry,
            "line": self.line,
            "facts": self.facts,
        }


def read_finding(value: dict[str, Any]) -> Finding:
    """Return the finding that `Finding.to_dict` made this of."""
    return Finding(**{**value, "severity": Severity(value["severity"])})


class Findings:
    """All findings of one look, in the order of their entries, within a limit."""

    def __init__(self, most: int = MOST_FINDINGS) -> None:
        self._most = most
        self._kept: list[Finding] = []
        self.counts = dict.fromkeys(Severity, 0)

    def add(self, findings: Iterable[Finding]) -> None:
        for finding in findings:
            self.counts[finding.severity] += 1
            if len(self._kept) < self._most:
                self._kept.append(finding)

    def __iter__(self) -> Iterator[Finding]:
        """Yield what is about the whole first, then entry by entry."""
        yield from sorted(self._kept, key=lambda one: (one.entry or 0, one.line or 0))
        left = sum(self.counts.values()) - len(self._kept)
        if left:
            yield Finding(severity=Severity.NOTE, key="more_findings", facts={"count": left})

    @property
    def is_ok(self) -> bool:
        return not self.counts[Severity.BLOCK]


def short(value: object) -> str:
    """Return a foreign value as one line that is short enough to show."""
    text = " ".join(str(value).split())
    return text if len(text) <= LONGEST_FACT else text[: LONGEST_FACT - 1] + "…"
