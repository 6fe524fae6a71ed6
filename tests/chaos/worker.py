"""One Karvon of a run: ``python -m tests.chaos.worker FILE [--chat]``, its settings as JSON."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.commands.run import serve
from core.platforms.registry import platform_names, require_platform
from core.settings import load_settings
from utils.log import set_up_log


def lift_quotas() -> None:
    """Allow more posts in minutes than platforms allow in days."""
    for name in platform_names():
        kind = type(require_platform(name))
        kind.capabilities = replace(kind.capabilities, quotas=())


def main(path: Path, *, chat: bool) -> None:
    config: dict[str, Any] = json.loads(path.read_text())
    settings = load_settings(overrides=config["settings"])
    if config["lift_quotas"]:
        lift_quotas()
    set_up_log(settings.data_dir / "logs", debug=settings.debug, console=False)
    asyncio.run(serve(settings, chat=chat))


if __name__ == "__main__":
    main(Path(sys.argv[1]), chat="--chat" in sys.argv[2:])
