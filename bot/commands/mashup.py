"""``karvon mashup``: one video out of several, without a chat and without a database."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from tqdm import tqdm

from bot.chat.studio_text import studio_text
from bot.chat.texts import human, plain
from core.errors import KarvonError
from core.settings import Settings, load_settings
from core.studio.errors import StudioError
from core.studio.looking import full_path
from core.studio.mashup import Mashup
from core.studio.process import Limits
from core.studio.render import Progressed, render
from core.studio.rendered import Rendered
from core.studio.sheets import first_fault, load_sheet, read_json, sheet_path
from core.studio.thumbnails import SIZES, name_of, still_path

Json = dict[str, Any]

NOT_HEARD = "template"
"""Of parts that are seen together, it gives way."""


def run(args: argparse.Namespace) -> int:
    settings = load_settings(config=Path(args.config) if args.config else None)
    out = full_path(Path(args.out))
    try:
        mashup = build(args, settings.studio.loudness)
        _require_apart(mashup, out)
        made = asyncio.run(_make(mashup, out, settings, args))
    except asyncio.CancelledError as error:
        raise KeyboardInterrupt from error
    except StudioError as error:
        raise KarvonError(plain(studio_text(error.key, error.facts))) from error
    if args.json:
        sys.stdout.write(json.dumps(document(made), ensure_ascii=False) + "\n")
    else:
        sys.stdout.write(_line(made) + "\n")
    return 0


@contextmanager
def _ended_cleanly() -> Iterator[None]:
    """Let SIGTERM cancel the task: its process and its folder go, too."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    try:
        if task is not None:
            loop.add_signal_handler(signal.SIGTERM, task.cancel)
    except (RuntimeError, ValueError, NotImplementedError):
        # Not the main thread, or no Unix: then whoever started this ends it.
        task = None
    try:
        yield
    finally:
        if task is not None:
            loop.remove_signal_handler(signal.SIGTERM)


async def _make(
    mashup: Mashup, out: Path, settings: Settings, args: argparse.Namespace
) -> Rendered:
    _require_folder(out)
    studio = settings.studio
    limits = Limits(
        threads=studio.threads,
        seconds=studio.minutes * 60,
        memory_bytes=studio.memory_bytes,
        fonts=tuple(studio.fonts),
    )
    bar = tqdm(total=1.0, disable=args.json or None, leave=False, unit="video")
    with bar, _ended_cleanly():
        return await render(
            mashup,
            out,
            folder=out.parent,
            limits=limits,
            on_progress=_mover(bar),
            preview=args.preview,
            templates=settings.data_dir / "studio" / "templates",
        )


def _require_folder(out: Path) -> None:
    if out.suffix.lower() != ".mp4":
        raise KarvonError(f"{out}: the name of the result has to end in .mp4")
    if not out.parent.is_dir():
        raise KarvonError(f"{out.parent}: there is no such folder")
    if out.is_dir():
        raise KarvonError(f"{out}: that is a folder")
    try:
        str(out).encode()
        # The longest of the names that are given.
        still_path(out, name_of(max(SIZES, key=lambda size: len(name_of(size))))).lstat()
    except FileNotFoundError:
        return
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8"
        raise KarvonError(f"--out {out.name!a}: {reason}") from error


def _require_apart(mashup: Mashup, out: Path) -> None:
    """Refuse to write over what the mashup is made from."""
    stills = [still_path(out, name_of(size)) for size in SIZES]
    results = {os.path.realpath(one) for one in (out, sheet_path(out), *stills)}
    for file in mashup.files:
        if "\0" not in file.path and os.path.realpath(full_path(Path(file.path))) in results:
            raise KarvonError(f"{file.path}: would be written over; choose another --out")


def _mover(bar: Any) -> Callable[[Progressed], None]:  # noqa: ANN401 - tqdm is untyped
    def move(now: Progressed) -> None:
        bar.set_description_str(now.stage.value)
        bar.update(max(0.0, now.share - bar.n))
        if now.eta_seconds is not None:
            bar.set_postfix_str(f"{now.speed:.1f}x, {human.span(now.eta_seconds)}")

    return move


def build(args: argparse.Namespace, loudness: float) -> Mashup:
    """Return the mashup of the arguments, and of the spec behind them.

    Raises:
        KarvonError: an argument is missing or out of range.
        StudioError: the spec cannot be read.
    """
    given = {name: value for name, value in _given(args).items() if value is not None}
    told: Json = {"loudness": loudness} | given
    if args.spec:
        told = _spec(args.spec, given).model_dump(mode="json", exclude_unset=True)
    if not told.get("parts"):
        raise KarvonError("nothing is to be seen: name --source FILE, or --spec JSON")
    told.setdefault("layout", _layout(len(told["parts"])))
    try:
        return Mashup.model_validate(told)
    except ValidationError as error:
        raise KarvonError(f"that is no mashup: {first_fault(error)}") from error


def _spec(text: str, given: Json) -> Mashup:
    """Read a spec, the name of a file or the JSON itself, with what is given beside it."""
    if text.lstrip().startswith("{"):
        return read_json(text, "--spec", given)
    return load_sheet(full_path(Path(text)), given)


def _given(args: argparse.Namespace) -> Json:
    parts = [_part(role, path) for role, path in args.parts]
    return {
        "parts": parts or None,
        "layout": args.layout,
        "aspect": args.aspect,
        "seconds": args.duration,
        "music": _named(args.audio),
        "captions": {"text": args.caption} if args.caption else _named(args.captions),
        "watermark": _named(args.watermark),
        "attribution": args.attribution,
        "profile": args.profile,
    }


def _part(role: str, path: str) -> Json:
    is_heard = role != NOT_HEARD
    return {
        "file": {"path": _full(path)},
        "role": role,
        "is_own": is_heard,
        "volume": 1.0 if is_heard else 0.0,
    }


def _named(path: str | None) -> Json | None:
    return {"file": {"path": _full(path)}} if path else None


def _full(path: str) -> str:
    return str(full_path(Path(path)))


def _layout(count: int) -> str:
    """Return the layout for so many parts: alone, side by side, or one after another."""
    return {1: "full", 2: "side"}.get(count, "sequence")


def document(made: Rendered) -> Json:
    """Return what a program is told."""
    return {
        "path": str(made.path),
        "width": made.facts.width,
        "height": made.facts.height,
        "duration": made.facts.duration_seconds,
        "seconds": made.wall_seconds,
        "sha256": made.sha256,
        "thumbnail": _thumbnail(made),
        "inputs": made.sheet["inputs"],
        "settings": made.sheet["settings"],
    }


def _thumbnail(made: Rendered) -> str | None:
    is_wide = (made.facts.width or 0) > (made.facts.height or 0)
    path = made.thumbnails.get("1280x720" if is_wide else "1080x1920")
    return str(path) if path else None


def _line(made: Rendered) -> str:
    facts = made.facts
    length, took = human.span(facts.duration_seconds or 0), human.span(made.wall_seconds)
    size = human.size(made.size_bytes)
    return f"{made.path}: {facts.width}x{facts.height}, {length}, {size}, made in {took}"
