"""What is said about a batch, as facts and buttons; the words are the chat's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from core.batches.checking import Report
from core.batches.findings import Finding, Severity

CHECKED = "batch_checked"
"""Sentence of the message after a look."""
FINDINGS = "batch_findings"
"""Sentence of the document with all that was found."""
REFUSED = "batch_refused"
"""Sentence for a file of which nothing can be read."""
SHOWN = 12


def findings_fact(batch_id: int) -> str:
    """Return the name under which all findings of a batch are kept."""
    return f"batch_findings:{batch_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a look found, short enough for a message."""

    batch_id: int
    name: str
    entries: int
    planned: int
    warned: int
    done: int
    counts: dict[str, int]
    findings: tuple[Finding, ...]

    @classmethod
    def of(cls, batch_id: int, name: str, report: Report, warned: int) -> Self:
        return cls(
            batch_id=batch_id,
            name=name,
            entries=report.entries,
            planned=report.planned,
            warned=warned,
            done=report.done,
            counts={severity.value: n for severity, n in report.findings.counts.items()},
            findings=tuple(report.findings),
        )

    @property
    def all_findings(self) -> list[dict[str, Any]]:
        return [one.to_dict() for one in self.findings]

    @property
    def _shown(self) -> list[Finding]:
        """The worst first, in the order of the file."""
        order = list(Severity)
        return sorted(self.findings, key=lambda one: order.index(one.severity))[:SHOWN]

    @property
    def hidden(self) -> int:
        return len(self.findings) - len(self._shown)

    def facts(self) -> dict[str, Any]:
        return {
            "batch_id": self.batch_id,
            "name": self.name,
            "entries": self.entries,
            "planned": self.planned,
            "warned": self.warned,
            "done": self.done,
            "counts": self.counts,
            "shown": [one.to_dict() for one in self._shown],
            "hidden": self.hidden,
        }

    def buttons(self) -> list[dict[str, str]]:
        """Return what a person may do; nothing where nothing can be published."""
        if not self.planned:
            return []
        actions = ["all", "good", "leave"] if 0 < self.warned < self.planned else ["all", "leave"]
        return [
            {"text_key": f"button_batch_{one}", "data": f"b1:{one}:{self.batch_id}"}
            for one in actions
        ]
