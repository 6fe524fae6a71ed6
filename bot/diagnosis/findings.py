"""What the doctor finds, as values; the sentences stand in the texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.chat.texts import has, plain, say


class State(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARNING = "warning"
    """It works, but not for long, or not all of it."""
    BROKEN = "broken"


class Action(StrEnum):
    """What the bot itself can do about a finding."""

    CONNECT = "connect"
    """Begin a sign-in; the target is the account."""
    RESUME = "resume"
    """Let a paused account go on; the target is the account."""
    RETRY = "retry"
    """Try again what failed."""
    DROP_WEBHOOK = "drop_webhook"
    BACKUP = "backup"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One finding in words, as it goes to a terminal or a program."""

    name: str
    state: str
    text: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at: ``doctor_KEY`` says it, ``doctor_KEY_do`` what to do."""

    name: str
    state: State
    key: str
    facts: Mapping[str, object] = field(default_factory=dict)
    action: Action | None = None
    target: int = 0

    @property
    def text(self) -> str:
        return plain(say(f"doctor_{self.key}", **self.facts))

    @property
    def remedy(self) -> str:
        """What to do; empty for what is well."""
        key = f"doctor_{self.key}_do"
        return plain(say(key, **self.facts)) if has(key) else ""

    def line(self) -> Line:
        return Line(name=self.name, state=self.state.value, text=self.text, remedy=self.remedy)


def fine(name: str, key: str, /, **facts: object) -> Finding:
    return Finding(name=name, state=State.OK, key=key, facts=facts)


def warning(name: str, key: str, action: Action | None = None, /, **facts: object) -> Finding:
    return Finding(name=name, state=State.WARNING, key=key, facts=facts, action=action)


def broken(name: str, key: str, action: Action | None = None, /, **facts: object) -> Finding:
    return Finding(name=name, state=State.BROKEN, key=key, facts=facts, action=action)
