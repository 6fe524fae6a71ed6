"""A rotation of keys that dies: ``python -m tests.mortal FOLDER STEP``.

Steps are what reaches the disk: each synchronised file, each new name of one, each commit. The
process kills itself right before the step of that number, as a power cut would.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from core.accounts.keyfile import KeyFile
from core.accounts.keys import Keys
from core.accounts.sealed_values import used_keys
from core.accounts.vault import Vault
from core.store.sqlite import SqliteStore
from utils.clock import SystemClock

DATABASE = "karvon.db"


def mortal(function: Callable[..., Any], steps: Iterator[int], last: int) -> Callable[..., Any]:
    """Return a function that kills the process when its turn has come."""

    def step(*args: Any, **named: Any) -> Any:  # noqa: ANN401
        if next(steps) == last:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*args, **named)

    return step


async def rotate(folder: Path, last: int) -> None:
    clock = SystemClock()
    async with await SqliteStore.open(folder / DATABASE, clock=clock) as store:
        file = KeyFile(folder, clock)
        vault = Vault.of(file.read_or_make(await used_keys(store)))
        steps = itertools.count()
        os.fsync = mortal(os.fsync, steps, last)
        Path.replace = mortal(Path.replace, steps, last)  # type: ignore[method-assign]
        store.transaction = mortal(store.transaction, steps, last)  # type: ignore[method-assign]
        change = await Keys(store, vault, file, clock).rotate(mortal(lambda *_: None, steps, last))
        sys.stdout.write(f"{change.current} {next(steps)}\n")


if __name__ == "__main__":
    asyncio.run(rotate(Path(sys.argv[1]), int(sys.argv[2])))
