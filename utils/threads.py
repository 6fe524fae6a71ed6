"""Work of the disk and of the processor in threads, so that the loop goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from io import IOBase
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


async def in_thread(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run it in a thread, and when cancelled still wait for its (short) end.

    Else a thread would go on in a file or a folder that its owner has closed or cleared already:
    the number of the file may be another one's by then. A file that was opened for who was
    cancelled is closed.
    """
    loop = asyncio.get_running_loop()
    future = loop.run_in_executor(None, partial(work, *args, **kwargs))
    try:
        return await asyncio.shield(future)
    except asyncio.CancelledError:
        await asyncio.wait([future])
        if not future.cancelled() and future.exception() is None:
            left = future.result()
            if isinstance(left, IOBase):
                left.close()
        raise
