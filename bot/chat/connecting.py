"""Sentences about sign-ins: what the domain says of them, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.chat.texts import Markup, has, say
from core.accounts.outcomes import Finished
from core.platforms.registry import get_platform


def connect_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts of a sentence ``connect…`` with names and reasons in words."""
    told = dict(facts)
    if login := str(told.get("login", "")):
        told["login"] = login_title(login)
        told["nothing"] = say(f"nothing_{login}") if has(f"nothing_{login}") else ""
    if "platform" in told:
        platform = get_platform(str(told["platform"]))
        told["platform"] = platform.capabilities.title if platform else told["platform"]
    if "cannot" in told:
        told["cannot"] = Markup("\n".join(f"• {_cannot(one)}" for one in told["cannot"]))
    return told


def login_title(login: str) -> Markup:
    """Return the name of a login as people know it."""
    return say(f"login_{login}") if has(f"login_{login}") else Markup(login)


def finished_text(finished: Finished) -> Markup:
    """Return what is said when an account is connected."""
    facts = {"platform": finished.platform, "name": finished.name, "cannot": finished.cannot}
    key = "connected_partly" if finished.cannot else "connected"
    return say(key, **connect_facts(facts))


def _cannot(operation: str) -> Markup:
    return (
        say(f"without_scope_{operation}")
        if has(f"without_scope_{operation}")
        else Markup(operation)
    )
