"""What the chat says about the options of captions: all lines, each with who has it."""

from __future__ import annotations

from collections.abc import Iterable

from bot.chat.texts import Markup, say
from core.platforms.base import Capabilities
from core.platforms.registry import platform_names, require_platform
from core.posts.options import EVERYWHERE, OPTIONS, owners


def every_capabilities() -> list[Capabilities]:
    """Return what all platforms say of themselves."""
    return [require_platform(name).capabilities for name in platform_names()]


def option_lines(every: Iterable[Capabilities]) -> Markup:
    """Return all lines that a caption takes for single platforms, each with who has it."""
    known = list(every)
    lines = [say("help_options"), Markup("")]
    for rule in OPTIONS.values():
        having = owners(rule.key, known)
        if rule.key in EVERYWHERE:
            lines.append(say(rule.help))
        elif having:
            lines.append(say("help_option", line=say(rule.help), owners=having))
    return Markup("\n".join(lines))
