"""``karvon fit FILE``: which platforms take a file, and the files that they would take."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tqdm import tqdm

from bot.chat.refusals import finding_text, platform_title
from bot.chat.texts import human, plain, say
from core.errors import KarvonError
from core.media.fit.make import FitError, Made, Output, make
from core.media.fit.plan import Choices, Plan, plan
from core.media.fit.remedies import remedy_for
from core.media.probe import NotAVideoError, probe
from core.media.specs import Finding
from core.platforms.registry import platform_names, require_platform
from core.posts.models import MediaFacts
from core.settings import FitSettings, load_settings
from utils.ffmpeg import FfmpegError

Json = dict[str, Any]


class UnreadableError(KarvonError):
    """Nothing can be done for any platform: the file is no video."""


@dataclass(slots=True, kw_only=True)
class Target:
    """One platform, what is to be done for it, and what came of that."""

    name: str
    plan: Plan
    made: Made | None = None
    error: FitError | None = None

    @property
    def ok(self) -> bool:
        return self.plan.fits or (self.plan.recipe is not None and self.error is None)


def run(args: argparse.Namespace) -> int:
    settings = load_settings(config=Path(args.config) if args.config else None).fit
    source = Path(args.file).expanduser().absolute()
    folder = Path(args.out).expanduser().absolute() if args.out else None
    names = _names(args.to)
    try:
        targets = asyncio.run(_fit(source, names, folder, settings, is_quiet=args.json))
    except UnreadableError as error:
        if args.json:
            report = {"file": str(source), "ok": False, "error": str(error), "targets": []}
            sys.stdout.write(json.dumps(report, ensure_ascii=False) + "\n")
        else:
            sys.stderr.write(f"karvon: {error}\n")
        return 1
    if args.json:
        report = {
            "file": str(source),
            "ok": all(target.ok for target in targets),
            "error": None,
            "targets": [_document(target) for target in targets],
        }
        sys.stdout.write(json.dumps(report, ensure_ascii=False) + "\n")
    else:
        lines = (line for target in targets for line in _lines(target))
        sys.stdout.writelines(f"{line}\n" for line in lines)
    return 0 if all(target.ok for target in targets) else 1


async def _fit(
    source: Path,
    names: Sequence[str],
    folder: Path | None,
    settings: FitSettings,
    *,
    is_quiet: bool,
) -> list[Target]:
    facts = await _facts(source)
    choices = Choices(shape=settings.shape, length=settings.length, most_speed=settings.most_speed)
    targets = []
    for name in names:
        limits = require_platform(name).media_limits({})
        targets.append(Target(name=name, plan=plan(facts, limits, choices)))
    if folder is not None:
        await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
        with tqdm(total=1.0, disable=is_quiet or None, leave=False, unit="video") as bar:
            await _make(source, facts, targets, folder, settings.threads, _mover(bar))
    return targets


async def _facts(source: Path) -> MediaFacts:
    if not await asyncio.to_thread(source.is_file):
        raise KarvonError(f"{source}: there is no such file")
    try:
        return await probe(source)
    except NotAVideoError as error:
        text = str(error).strip().splitlines()
        told = say(f"fit_{error.key}", path=source, text=text[-1] if text else "?")
        raise UnreadableError(plain(told)) from error
    except FfmpegError as error:
        raise KarvonError(error.message) from error


def _names(text: str) -> list[str]:
    known = platform_names()
    wanted = [name.strip().lower() for name in text.split(",") if name.strip()] or known
    for name in wanted:
        if name not in known:
            told = say("fit_unknown_platform", name=name, known=", ".join(known))
            raise KarvonError(plain(told))
    return list(dict.fromkeys(wanted))


def _mover(bar: Any) -> Callable[[float, float | None], None]:  # noqa: ANN401 - tqdm is untyped
    def move(share: float, left: float | None) -> None:
        bar.update(max(0.0, share - bar.n))
        if left is not None:
            bar.set_postfix_str(human.span(left))

    return move


async def _make(
    source: Path,
    facts: MediaFacts,
    targets: Sequence[Target],
    folder: Path,
    threads: int,
    on_progress: Callable[[float, float | None], None],
) -> None:
    """Make what is to be made in one run; if that fails, each alone, so that others do not."""
    wanted = [target for target in targets if target.plan.recipe is not None]

    async def work(some: Sequence[Target]) -> None:
        outputs = [
            Output(recipe=target.plan.recipe, path=folder / f"{source.stem}.{target.name}.mp4")
            for target in some
            if target.plan.recipe is not None
        ]
        made = await make(
            source,
            facts,
            outputs,
            threads=threads,
            on_progress=on_progress,
            folder=folder,
            digests=False,
        )
        for target, one in zip(some, made, strict=True):
            target.made = one

    try:
        if wanted:
            await work(wanted)
    except FitError:
        for target in wanted:
            try:
                await work([target])
            except FitError as error:
                target.error = error


def _why(target: Target, findings: Sequence[Finding]) -> str:
    title = platform_title(target.name)
    told = [
        finding_text(title, {"key": one.key, "severity": one.severity.value, **one.facts})
        for one in findings
    ]
    return " ".join(plain(text) for text in told)


def _lines(target: Target) -> list[str]:
    told = [_headline(target)]
    if target.made is not None:
        size = human.size(target.made.size_bytes)
        told.append(plain(say("fit_line_made", path=target.made.path, size=size)))
    if target.error is not None:
        told.append(plain(say("fit_line_failed", why=_error(target.error))))
    return told


def _headline(target: Target) -> str:
    title, found = platform_title(target.name), target.plan
    if found.hopeless:
        return plain(say("fit_line_hopeless", platform=title, why=_why(target, found.hopeless)))
    if found.recipe is not None:
        remedies = ", ".join(plain(say(f"remedy_{one.value}")) for one in found.remedies)
        blocking = [one for one in found.findings if one.severity.value == "block"]
        why = _why(target, blocking or found.findings)
        return plain(say("fit_line_fixable", platform=title, why=why, remedies=remedies))
    if found.findings:
        return plain(say("fit_line_advice", platform=title, why=_why(target, found.findings)))
    return plain(say("fit_line_ok", platform=title))


def _error(error: FitError) -> str:
    return plain(say(f"fit_error_{error.key}", **error.facts))


def _document(target: Target) -> Json:
    found = target.plan
    made = target.made
    return {
        "platform": target.name,
        "fits": found.fits,
        "ok": target.ok,
        "findings": [_finding(target, one) for one in found.findings],
        "hopeless": [_finding(target, one) for one in found.hopeless],
        "remedies": [remedy.value for remedy in found.remedies],
        "lossless": found.is_lossless,
        "offers": list(found.offers),
        "recipe": found.recipe.to_dict() if found.recipe else None,
        "path": str(made.path) if made else None,
        "size_bytes": made.size_bytes if made else None,
        "error": _error(target.error) if target.error else None,
    }


def _finding(target: Target, finding: Finding) -> Json:
    remedy = remedy_for(finding)
    return {
        "key": finding.key,
        "severity": finding.severity.value,
        "message": _why(target, [finding]),
        "remedy": remedy.value if remedy else None,
        **{name: value for name, value in finding.facts.items() if name in {"actual", "limit"}},
    }
