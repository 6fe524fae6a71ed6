"""``karvon keys``: which keys there are and what they seal; rotation; older keys taken back."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tqdm import tqdm

from bot.control import Answer, ask_running, require_ok
from core.settings import Settings, load_settings

BACKUPS = (
    "Backups made before need it: it stays in keys.retired.json (0600) in the data folder. Keep "
    "that file as long as you keep those backups; delete it to make their tokens unreadable."
)


def run(args: argparse.Namespace) -> int:
    settings = load_settings(config=Path(args.config) if args.config else None)
    if args.action == "list":
        return asyncio.run(_list(settings, as_json=args.json))
    request = {"command": f"keys_{args.action}"}
    if args.action == "restore":
        request["file"] = str(Path(args.file).expanduser().absolute())
    return asyncio.run(_change(settings, request, as_json=args.json))


async def _list(settings: Settings, *, as_json: bool) -> int:
    answer = require_ok(await _ask(settings, {"command": "keys_list"}))
    if as_json:
        sys.stdout.write(json.dumps(answer) + "\n")
    else:
        sys.stdout.writelines(f"{line}\n" for line in tell_report(answer))
    return 1 if answer["lost"] or answer["damaged"] else 0


async def _change(settings: Settings, request: dict[str, Any], *, as_json: bool) -> int:
    with tqdm(
        desc="sealing anew", unit="value", disable=as_json or not sys.stderr.isatty()
    ) as bar:

        async def show(answer: Answer) -> None:
            if "position" in answer:
                bar.total = answer["total"]
                _ = bar.update(answer["position"] - bar.n)

        answer = require_ok(await _ask(settings, request, show))
    if as_json:
        sys.stdout.write(json.dumps(answer) + "\n")
    else:
        sys.stdout.writelines(f"{line}\n" for line in tell_change(answer))
    return 1 if answer["unreadable"] else 0


async def _ask(settings: Settings, request: dict[str, Any], show: Any = None) -> list[Answer]:  # noqa: ANN401
    """Ask the running process, or do it here when none runs."""
    answers = await ask_running(settings, request, show)
    return await _alone(settings, request, show) if answers is None else answers


async def _alone(settings: Settings, request: dict[str, Any], show: Any) -> list[Answer]:  # noqa: ANN401
    from bot.app import App
    from bot.keeping import key_commands
    from workers.supervisor import Supervisor

    answers = []
    async with App(settings, chat=False) as app, Supervisor(app.parts.clock) as supervisor:
        commands = key_commands(app.parts.keys, app.parts.posts, supervisor)
        async for answer in commands[request["command"]](request):
            answers.append(answer)
            if show is not None:
                await show(answer)
    return answers


def tell_report(answer: Answer) -> Iterator[str]:
    place = "KARVON_KEYS" if answer["from"] == "environment" else "keys.json"
    for key in answer["keys"]:
        since = f"since {_day(key['made_at'])}" if key["made_at"] else "since when is not known"
        if key["retired_at"]:
            since = f"retired {_day(key['retired_at'])}, kept for older backups"
        if key["state"] == "lost":
            since = f"not in {place}"
        yield f"{key['id']:6} {key['state']:8} {key['values']:5} values   {since}"
    for key, names in answer["lost"].items():
        yield (
            f"lost: {key} sealed the tokens of {', '.join(names)}. Take it back with `karvon keys "
            "restore FILE` (an older keys.json), or connect these accounts again."
        )
    if answer["damaged"]:
        yield (
            f"changed by somebody: the tokens of {', '.join(answer['damaged'])}. Connect these "
            "accounts again."
        )


def tell_change(answer: Answer) -> Iterator[str]:
    if answer["is_new"]:
        yield f"{answer['current']} is the current key now; sealed anew: {answer['resealed']}"
    else:
        yield (
            f"{answer['current']} is the current key; sealed anew: {answer['resealed']}; "
            "no new key was made"
        )
    for name in answer["retired"]:
        yield f"{name} is retired. {BACKUPS}"
    for name in answer["removable"]:
        yield (
            f"nothing uses {name} any more: take it out of KARVON_KEYS, but keep it with the "
            "backups made before, which need it"
        )
    if answer["unreadable"]:
        yield (
            f"could not be opened and stay as they are: {', '.join(answer['unreadable'])}. "
            "Connect these accounts again."
        )


def _day(text: str) -> str:
    return text[:16].replace("T", " ")
