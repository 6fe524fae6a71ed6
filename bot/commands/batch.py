"""``karvon batch FILE``: publish many clips from a list, or only see what is wrong with it."""

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
from bot.commands.send import explain_refusal
from bot.commands.summary import end_summary, run_start
from bot.control import Answer, ask_running
from core.errors import KarvonError
from core.settings import Settings, load_settings
from utils.log import set_up_log

MARKS = {"block": "✗", "warn": "!", "note": "-"}


def run(args: argparse.Namespace) -> int:
    settings = load_settings(config=Path(args.config) if args.config else None)
    request = {
        "command": "batch",
        "file": _absolute(args.file),
        "config": _absolute(args.publisher) if args.publisher else "",
        "dry_run": args.dry_run,
    }
    return asyncio.run(_batch(settings, request, as_json=args.json))


def _absolute(path: str) -> str:
    return str(Path(path).expanduser().absolute())


async def _batch(settings: Settings, request: dict[str, Any], *, as_json: bool) -> int:
    heard = Heard(hidden=as_json or not sys.stderr.isatty())
    since = run_start()
    told: list[str] = []
    try:
        answers = await ask_running(settings, request, heard.take)
        if answers is None:
            require_alone(settings)
            set_up_log(settings.data_dir / "logs", debug=settings.debug, console=False)
            told = await _alone(settings, request, heard, since)
        elif heard.has_published and not as_json:
            told = await end_summary(settings, since)
    finally:
        heard.close()
    if heard.refusal is not None:
        raise KarvonError(explain_refusal(heard.refusal))
    if as_json:
        sys.stdout.write(json.dumps(heard.document(), ensure_ascii=False) + "\n")
    else:
        for line in [*heard.lines(), *told]:
            sys.stdout.write(f"{line}\n")
    return 0 if heard.is_good else 1


async def _alone(
    settings: Settings, request: dict[str, Any], heard: Heard, since: datetime
) -> list[str]:
    """No Karvon runs: take the lock and do the work here; returns the summary of the run."""
    from bot.app import App
    from bot.batching import batch

    stop = asyncio.Event()
    async with App(settings, chat=False) as app, asyncio.TaskGroup() as group:
        # A look needs no workers: nothing that waits is begun by it.
        work = None if request["dry_run"] else group.create_task(app.work(stop))
        try:
            async with aclosing(batch(app.parts, request)) as answers:
                async for answer in answers:
                    await heard.take(answer)
            if work is None or not heard.has_published:
                return []
            return await end_summary(settings, since, parts=app.parts)
        finally:
            stop.set()
            if work is not None:
                await asyncio.wait([work])


class Heard:
    """What was answered so far, with bars that show positions and so are right after a resume."""

    def __init__(self, *, hidden: bool) -> None:
        self._hidden = hidden
        self._bars: dict[str, tqdm[Any]] = {}
        self._findings: list[dict[str, Any]] = []
        self._results: list[dict[str, Any]] = []
        self._report: dict[str, Any] = {}
        self._end: Answer = {}
        self.refusal: Answer | None = None

    async def take(self, answer: Answer) -> None:
        if answer.get("ok") is False:
            self.refusal = answer
        self._findings += answer.get("findings", [])
        self._results += answer.get("results", [])
        self._report = answer.get("report", self._report)
        self._end = answer if "end" in answer else self._end
        if not self._hidden:
            self._show(answer)

    def _show(self, answer: Answer) -> None:
        if "looked" in answer:
            self._bar("look", answer["looked"], answer["of"], "clip")
        if "ended" in answer:
            planned = answer["planned"]
            self._bar("publish", answer["ended"], answer["uploads"] + planned, "upload")
            self._bar("sent", answer["bytes"], answer["bytes_total"], "B")
            states = answer["states"]
            told = ", ".join(f"{state} {count}" for state, count in sorted(states.items()))
            self._bars["publish"].set_postfix_str(told)

    def _bar(self, name: str, done: int, total: int, unit: str) -> None:
        bar = self._bars.get(name)
        if bar is None:
            bar = tqdm(desc=name, unit=unit, unit_scale=unit == "B", position=len(self._bars))
            self._bars[name] = bar
        bar.total, bar.n = total or None, done
        bar.refresh()

    def close(self) -> None:
        for bar in self._bars.values():
            bar.close()

    @property
    def has_published(self) -> bool:
        return bool(self._end)

    @property
    def is_good(self) -> bool:
        if self.has_published:
            return all(one["success"] for one in self._results)
        return bool(self._report.get("ok"))

    def document(self) -> object:
        """Return the results, or what the look found when nothing was published."""
        if self.has_published:
            return self._results
        report = self._report
        return {"entries": report["entries"], "ok": report["ok"], "findings": self._findings}

    def lines(self) -> list[str]:
        """Return the same for people."""
        lines = [_finding(one) for one in self._findings]
        if self._report:
            report = self._report
            told = f"{report['entries']} clips, {report['planned']} to be published"
            lines.append(f"{told}, {report['done']} published before")
        lines += [_result(one) for one in self._results]
        if posts := self._end.get("asks"):
            names = ", ".join(f"/post {one}" for one in posts)
            lines.append(f"waits for a person, decide it in chat: {names}")
        return lines


def _finding(one: dict[str, Any]) -> str:
    return f"{MARKS[one['severity']]} {one['message']} {one['remedy']}".rstrip()


def _result(one: dict[str, Any]) -> str:
    line = f"{one['platform']}: {one['status']} {one['metadata']['title']}"
    return " ".join(f"{line} {one['video_url'] or one.get('error', '')}".split())
