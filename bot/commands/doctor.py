"""``karvon doctor``: what is wrong and what to do about it."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bot.control import ask_running, require_ok
from bot.diagnosis.examine import examine
from bot.diagnosis.findings import Line, State, broken, fine, warning
from bot.diagnosis.patient import at_rest
from bot.diagnosis.report import build_report, write_report
from core.errors import KarvonError
from core.settings import Settings, load_settings

LONGEST_NAME = 32
OK, WARNING, BROKEN = State.OK.value, State.WARNING.value, State.BROKEN.value


def run(args: argparse.Namespace) -> int:
    settings = load_settings(config=Path(args.config) if args.config else None)
    lines, report = asyncio.run(_examined(settings, with_report=bool(args.report)))
    ok = all(line.state != BROKEN for line in lines)
    if args.report:
        write_private(Path(args.report), write_report(report))
    if args.json:
        findings = [asdict(line) for line in lines]
        sys.stdout.write(json.dumps({"ok": ok, "findings": findings}) + "\n")
    else:
        sys.stdout.writelines(f"{line}\n" for line in table(lines))
    if args.report:
        sys.stderr.write(f"report: {args.report}\n")
    return 0 if ok else 1


def table(lines: Sequence[Line]) -> Iterator[str]:
    """Yield the findings in columns as wide as the longest name, up to a limit."""
    width = min(LONGEST_NAME, max((len(line.name) for line in lines), default=0))
    for line in lines:
        name = line.name if len(line.name) <= width else f"{line.name[: width - 1]}…"
        remedy = f"  → {line.remedy}" if line.remedy else ""
        yield f"{line.state:8} {name:{width}} {line.text}{remedy}"


def write_private(path: Path, content: bytes) -> None:
    """Write a file for its owner, who may give it away."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)


async def _collect(settings: Settings) -> list[Line]:
    return (await _examined(settings, with_report=False))[0]


async def _examined(settings: Settings, *, with_report: bool) -> tuple[list[Line], dict[str, Any]]:
    """Ask the running process; look alone where none runs or it does not answer."""
    request = {"command": "doctor", "report": with_report}
    try:
        answers = await ask_running(settings, request)
        if answers is not None:
            answer = require_ok(answers)
            process = fine("process", "running", count=answer["open_posts"]).line()
            lines = [Line(**finding) for finding in answer["findings"]]
            return [process, *lines], answer.get("report", {})
        process = warning("process", "not_running").line()
    except KarvonError as error:
        process = broken("process", "process_silent", why=str(error)).line()
    async with at_rest(settings, readable=process.state != BROKEN) as patient:
        findings = await examine(patient)
        lines = [process, *(finding.line() for finding in findings)]
        return lines, await build_report(patient, lines) if with_report else {}
