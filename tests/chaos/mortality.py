"""Lets a process end at a moment of its own: before or after a method is carried out."""

from __future__ import annotations

import functools
import importlib
import itertools
import os
import signal
from typing import Any


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def arm(moment: str) -> None:
    """Make the process kill itself at ``MODULE:CLASS.METHOD:before|after[:NTH]``."""
    module, name, when, *rest = moment.split(":")
    kind, method = name.split(".")
    owner = getattr(importlib.import_module(module), kind)
    last = int(rest[0]) if rest else 1
    calls = itertools.count(1)
    real = getattr(owner, method)

    @functools.wraps(real)
    async def mortal(*args: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever it returns
        turn = next(calls) == last
        if turn and when == "before":
            die()
        result = await real(*args, **named)
        if turn:
            die()
        return result

    setattr(owner, method, mortal)
