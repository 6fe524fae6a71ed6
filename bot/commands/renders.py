"""``karvon renders``: what is made, waits or was made; cancel it, or have it made again.

With ``--json`` each action ends with one object: ``list`` ``{"renders": [RENDER]}``, ``log``
``{"log"}``, the others ``{"render": RENDER}``, ``again`` besides ``{"published"}``: the post that
came of it before, which is not published again unless ``--publish`` is given. ``make`` ends with
``{"seed", "names", "batch_id", "renders"}``, with ``--dry-run`` without the last two.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.commands.send import explain_refusal
from bot.control import Answer, ask_running
from core.errors import KarvonError
from core.settings import Settings, load_settings

MADE_OF = (
    *("count", "from", "templates", "music", "mood", "aspect", "seconds", "seed"),
    *("to", "caption", "twins", "dry_run"),
)
"""What ``make`` is told."""


def run(args: argparse.Namespace) -> int:
    settings = load_settings(config=Path(args.config) if args.config else None)
    names = ("action", "id", "page", "publish", *MADE_OF)
    given = {name: value for name in names if (value := getattr(args, name, None)) is not None}
    return asyncio.run(tell(settings, {"command": "renders", **given}, as_json=args.json))


async def tell(settings: Settings, request: dict[str, Any], *, as_json: bool) -> int:
    answers = await ask_running(settings, request)
    if answers is None:
        from bot.app import App
        from bot.rendering import render_commands

        async with App(settings, chat=False) as app:
            answers = [one async for one in render_commands(app.parts)["renders"](request)]
    answer = _require(answers)
    if as_json:
        shown = {name: value for name, value in answer.items() if name != "ok"}
        sys.stdout.write(json.dumps(shown, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write("".join(f"{line}\n" for line in lines_of(answer)))
    return 0


def _require(answers: list[Answer]) -> Answer:
    answer = answers[-1] if answers else {}
    if answer.get("ok"):
        return answer
    if "key" in answer:
        raise KarvonError(explain_refusal(answer))
    raise KarvonError(str(answer.get("message", "the running process gave no answer")))


def lines_of(answer: Answer) -> Iterator[str]:
    """Yield an answer for a terminal."""
    if "log" in answer:
        yield answer["log"] or "nothing was run yet"
        return
    if "names" in answer:
        yield from answer["names"]
        yield f"seed {answer['seed']}"
        if "renders" not in answer:
            return
    renders = answer.get("renders", [answer["render"]] if "render" in answer else [])
    for render in renders:
        yield _line(render)
    if not renders:
        yield "there are no renders yet"
    if answer.get("published"):
        yield f"post {answer['published']} stands; --publish publishes it once more"


def _line(render: dict[str, Any]) -> str:
    words = [str(render["render_id"]), render["state"], render["stage"]]
    if render["share"] is not None:
        words.append(f"{render['share']:.0%}")
    if render["place"]:
        words.append(f"place {render['place']}")
    if render["waits_for"]:
        words.append(f"waits for {render['waits_for']} until {render['until']}")
    if render["error"]:
        words.append(render["error"]["key"].replace("_", " "))
    if render["post_id"]:
        words.append(f"post {render['post_id']}")
    return "  ".join(word for word in [*words, render["name"]] if word)
