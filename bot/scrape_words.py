"""What is wrong with a page, as people read it, in the chat and in a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.chat.texts import Markup, has, say
from core.errors import RefusedError
from core.sources.pages.links import PageFinding


def finding_text(key: str, facts: Mapping[str, Any]) -> Markup:
    """Return the sentence of a finding."""
    name = f"scrape_finding_{key}"
    return say(name, **facts) if has(name) else Markup(key.replace("_", " "))


def as_refusal(finding: PageFinding) -> RefusedError:
    """Return a page that cannot be read as a refusal of what was asked for."""
    return RefusedError(f"scrape_finding_{finding.key}", **finding.facts)
