"""Failures on command: which request fails, and how."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass, field
from typing import Any

from utils.sandbox.options import EVERY
from utils.sandbox.storage import Collection as Documents

KERNEL_ACTIONS = frozenset(
    {"reset", "stall", "status", "drop_answer", "slow", "truncate", "delay"}
)
"""Done by the sandbox for every service; any other action is left to the service."""

NAMES = frozenset({"service", "step", "nth", "times", "action"})


@dataclass(slots=True, kw_only=True)
class Fault:
    """One failure that waits for its request."""

    id: int
    service: str
    action: str
    step: str = EVERY
    nth: int = 1
    """Which matching request it begins with, counted from 1."""
    times: int = 1
    """How many matching requests it hits from there on."""
    seen: int = 0
    """How many matching requests came so far."""
    params: dict[str, Any] = field(default_factory=dict)

    def matches(self, service: str, steps: Collection[str]) -> bool:
        return self.service in {service, EVERY} and (self.step == EVERY or self.step in steps)

    def number(self, name: str, default: float) -> float:
        """Return a numeric parameter."""
        return float(self.params.get(name, default))

    def document(self) -> dict[str, Any]:
        """Return the shape of the control route, parameters beside the names."""
        document = asdict(self)
        return {**document.pop("params"), **document}


class Faults:
    """The failures that are still to come, in the order they were asked for."""

    def __init__(self, collection: Documents) -> None:
        self._collection = collection
        self._pending = [_restored(document) for _, document in collection.items()]

    def add(self, document: dict[str, Any]) -> Fault:
        """Take one failure in the shape of the control route.

        Raises:
            TypeError: when the service or the action is missing.
            ValueError: when a count makes no sense.
        """
        fault = Fault(id=self._collection.next_id(), **_read(document))
        self._pending.append(fault)
        self._collection.put(str(fault.id), fault.document())
        return fault

    def pending(self) -> list[Fault]:
        return list(self._pending)

    def clear(self) -> None:
        self._pending.clear()
        self._collection.clear()

    def fire(self, service: str, *steps: str) -> Fault | None:
        """Count a request, and return what the sandbox itself has to do to it."""
        matching = [
            fault
            for fault in self._pending
            if fault.action in KERNEL_ACTIONS and fault.matches(service, steps)
        ]
        return self._count(matching)

    def take(self, service: str, step: str, action: str, *also: str) -> Fault | None:
        """Count a request against `action`, and return the failure if it is its turn.

        `also` are further names of the step.
        """
        matching = [
            fault
            for fault in self._pending
            if fault.action == action and fault.matches(service, (step, *also))
        ]
        return self._count(matching)

    def _count(self, matching: list[Fault]) -> Fault | None:
        hit: Fault | None = None
        for fault in matching:
            fault.seen += 1
            if hit is None and fault.seen >= fault.nth:
                hit = fault
                fault.times -= 1
            self._save(fault)
        return hit

    def _save(self, fault: Fault) -> None:
        if fault.times > 0:
            self._collection.put(str(fault.id), fault.document())
            return
        self._pending.remove(fault)
        self._collection.delete(str(fault.id))


def _restored(document: dict[str, Any]) -> Fault:
    return Fault(id=document.pop("id"), seen=document.pop("seen"), **_read(document))


def _read(document: dict[str, Any]) -> dict[str, Any]:
    service, action = document.get("service"), document.get("action")
    if not isinstance(service, str) or not isinstance(action, str):
        raise TypeError(f"a fault names a service and an action: {document!r}")
    return {
        "service": service,
        "action": action,
        "step": str(document.get("step", EVERY)),
        "nth": _count_of(document, "nth"),
        "times": _count_of(document, "times"),
        "params": {name: value for name, value in document.items() if name not in NAMES},
    }


def _count_of(document: dict[str, Any], name: str) -> int:
    value = document.get(name, 1)
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError(f"{name} of a fault counts from 1, not {value!r}")
    return value
