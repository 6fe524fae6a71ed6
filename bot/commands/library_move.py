"""``karvon library move URL``: bring all files of the library to another storage.

With ``--json`` it ends with ``{"storage", "files", "bytes", "faults": [{"sha256", "key",
"message"}], "waiting", "is_configured", "advice", "seconds"}``: ``files`` and ``bytes`` were moved
by this run, ``faults`` stay where they were, ``waiting`` lie at their old place too until nobody
uses them. It returns 0 only if everything lies in the new storage. Interrupted, the same command
goes on where it was.
"""

from __future__ import annotations

import argparse
import asyncio
import getpass
import json
import sys
from collections.abc import Iterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

from tqdm import tqdm

from bot.commands.run import require_alone
from bot.control import Answer, ask_running
from core.errors import KarvonError
from core.settings import Settings, load_settings
from utils.clock import SystemClock
from utils.log import set_up_log

FIELDS = ("url", "endpoint", "region", "key_id", "public_url")


def run(args: argparse.Namespace) -> int:
    settings = load_settings(config=Path(args.config) if args.config else None)
    given = {name: getattr(args, name) for name in FIELDS}
    request = {"command": "library", "action": "move", **{k: v for k, v in given.items() if v}}
    if args.key_id:
        request["secret"] = read_secret()
    return asyncio.run(tell(settings, request, as_json=args.json))


def read_secret() -> str:
    """Read the secret from standard input: a line, or ``secret=…``.

    Raises:
        KarvonError: there is none.
    """
    if sys.stdin.isatty():
        text = getpass.getpass("secret: ")
    else:
        text = sys.stdin.readline().strip().removeprefix("secret=")
    if not text:
        raise KarvonError("the secret of --key-id is read from standard input; there was none")
    return text


async def tell(settings: Settings, request: dict[str, Any], *, as_json: bool) -> int:
    """Ask the running process, or do it here; write what came of it."""
    clock = SystemClock()
    began = clock.monotonic()
    with Bar(hidden=as_json or not sys.stderr.isatty()) as bar:
        if await ask_running(settings, request, bar.take) is None:
            require_alone(settings)
            set_up_log(settings.data_dir / "logs", debug=settings.debug, console=False)
            await _alone(settings, request, bar)
    document = {**bar.outcome(), "seconds": round(clock.monotonic() - began, 3)}
    if as_json:
        sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")
    else:
        sys.stdout.writelines(f"{line}\n" for line in lines(document))
    return 1 if document["faults"] else 0


async def _alone(settings: Settings, request: dict[str, Any], bar: Bar) -> None:
    """No Karvon runs: take the lock and do it here."""
    from bot.app import App
    from bot.library import library

    async with (
        App(settings, chat=False) as app,
        aclosing(library(app.parts, request)) as answers,
    ):
        async for answer in answers:
            await bar.take(answer)


class Bar:
    """Shows how far a move is, and keeps what came of it; a context manager."""

    def __init__(self, *, hidden: bool) -> None:
        self._hidden = hidden
        self._bar: tqdm[Any] | None = None
        self._last: Answer = {}

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()

    async def take(self, answer: Answer) -> None:
        self._last = answer
        if "moved" not in answer or self._hidden:
            return
        if self._bar is None:
            self._bar = tqdm(desc="move", unit="B", unit_scale=True, leave=False)
        moved, total = answer["moved"], answer["total"]
        self._bar.total, self._bar.n = total["bytes"], moved["bytes"]
        self._bar.set_postfix_str(f"{moved['files']} of {total['files']} files", refresh=False)
        self._bar.refresh()

    def outcome(self) -> Answer:
        """Return what came of it.

        Raises:
            KarvonError: it was refused, or stopped on the way.
        """
        if not self._last.get("ok") or "storage" not in self._last:
            raise KarvonError(str(self._last.get("message", "the move ended without an answer")))
        return {name: value for name, value in self._last.items() if name not in {"ok", "done"}}


def lines(document: Answer) -> Iterator[str]:
    from bot.chat.texts import human

    size = human.size(document["bytes"])
    yield f"files moved to {document['storage']}: {document['files']} ({size})"
    for fault in document["faults"]:
        yield f"not moved: {fault['sha256'][:12]}: {fault['message']}"
    if document["waiting"]:
        yield (
            f"files that lie at their old place too: {document['waiting']}; they are deleted "
            "there when nobody uses them"
        )
    if document["advice"]:
        yield document["advice"]
