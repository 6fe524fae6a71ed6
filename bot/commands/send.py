"""``karvon send FILE|URL``: publish from a terminal, through the running process or by itself."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from contextlib import aclosing
from datetime import datetime
from pathlib import Path
from typing import Any

from tqdm import tqdm

from bot.commands.run import require_alone
from bot.commands.summary import end_summary, run_start
from bot.control import Answer, ask_running
from core.errors import KarvonError
from core.settings import Settings, load_settings
from utils.log import set_up_log


def run(args: argparse.Namespace) -> int:
    settings = load_settings(config=Path(args.config) if args.config else None)
    source = args.source
    if "://" not in source:
        source = str(Path(source).expanduser().absolute())
    request = {
        "command": "send",
        "source": source,
        "to": args.to,
        "caption": args.caption,
        "again": args.again,
    }
    return asyncio.run(_send(settings, request, as_json=args.json))


async def _send(settings: Settings, request: dict[str, Any], *, as_json: bool) -> int:
    bars = Bars(hidden=as_json or not sys.stderr.isatty())
    since = run_start()
    told: list[str] = []
    try:
        answers = await ask_running(settings, request, bars.show)
        if answers is None:
            require_alone(settings)
            set_up_log(settings.data_dir / "logs", debug=settings.debug, console=False)
            last, told = await _send_alone(settings, request, bars, since)
            answers = [last]
        elif not as_json:
            told = await end_summary(settings, since)
    finally:
        bars.close()
    last = answers[-1] if answers else {}
    if "post_id" not in last:
        raise KarvonError(explain_refusal(last))
    if as_json:
        sys.stdout.write(json.dumps(last) + "\n")
    else:
        for upload in last["uploads"]:
            sys.stdout.write(tell_upload(upload) + "\n")
        for line in told:
            sys.stdout.write(f"{line}\n")
    return 0 if last["state"] == "done" else 1


async def _send_alone(
    settings: Settings, request: dict[str, Any], bars: Bars, since: datetime
) -> tuple[Answer, list[str]]:
    """No Karvon runs: take the lock and do the work here, until the post has ended.

    Returns the last answer and the summary of the run.
    """
    from bot.app import App
    from bot.posting import send

    stop = asyncio.Event()
    last: Answer = {}
    told: list[str] = []
    async with App(settings, chat=False) as app, asyncio.TaskGroup() as group:
        work = group.create_task(app.work(stop))
        try:
            async with aclosing(send(app.parts, request)) as answers:
                async for answer in answers:
                    last = answer
                    await bars.show(answer)
            told = await end_summary(settings, since, parts=app.parts)
        finally:
            stop.set()
            await asyncio.wait([work])
    return last, told


def explain_refusal(answer: Answer) -> str:
    """Return the sentence for a refusal, the same as in chat."""
    key = answer.get("key")
    if not key:
        return str(answer.get("message", "refused"))
    from bot.chat.refusals import refusal_text
    from bot.chat.texts.human import plain

    return " ".join(plain(refusal_text(str(key), answer["facts"])).split())


def tell_upload(upload: dict[str, Any]) -> str:
    line = f"{upload['platform']} ({upload['account']}): {upload['state']}"
    if upload["url"]:
        line += f" {upload['url']}"
    error = upload.get("error")
    if not error or upload["state"] == "live":
        return line
    return f"{line} - {error.get('text') or error['message'] or error['code']}"


class Bars:
    """One progress bar per upload; right after a resume too, since they show positions."""

    def __init__(self, *, hidden: bool) -> None:
        self._hidden = hidden
        self._bars: dict[str, tqdm[Any]] = {}

    async def show(self, answer: Answer) -> None:
        if self._hidden:
            return
        for upload in answer.get("uploads", []):
            key = f"{upload['platform']} {upload['account']}"
            bar = self._bars.get(key)
            if bar is None:
                bar = tqdm(desc=key, unit="B", unit_scale=True, position=len(self._bars))
                self._bars[key] = bar
            bar.total = upload["bytes"] or None
            done = upload["bytes"] if upload["state"] == "live" else upload["bytes_done"]
            bar.n = done
            bar.set_postfix_str(upload["state"])

    def close(self) -> None:
        for bar in self._bars.values():
            bar.close()
