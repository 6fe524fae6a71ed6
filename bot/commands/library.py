"""``karvon library``: add, find, describe, pick and delete media; see what there is.

With ``--json`` each action ends with one object: ``add`` ``{"added": [ASSET with "is_new" and
"file"], "failed": [{"file", "key", "facts", "message"}]}``, ``list`` ``{"assets", "total",
"page", "pages"}``, ``pick`` ``{"assets"}``, ``stats`` ``{"kinds": [{"kind", "count",
"size_bytes", "seconds", "uses"}], "unmoved": {"storage", "files", "bytes", "is_moving", "command"}
or null}`` (files that do not lie where new ones go), ``delete`` ``{"id", "outcome": "gone" |
"later", "holders"}``, the others one ASSET. It returns 0 only if all that was asked for was done.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

from tqdm import tqdm

from bot.commands.run import require_alone
from bot.control import Answer, ask_running
from core.errors import KarvonError
from core.settings import Settings, load_settings
from utils.log import set_up_log

SAID = ("platform", "mood", "category", "licence", "origin", "attribution", "rights")


def run(args: argparse.Namespace) -> int:
    if args.action == "move":
        from bot.commands import library_move

        return library_move.run(args)
    settings = load_settings(config=Path(args.config) if args.config else None)
    request = build_request(args)
    return asyncio.run(tell(settings, request, as_json=args.json or request.pop("json", False)))


def build_request(args: argparse.Namespace) -> dict[str, Any]:
    """Return what the running process is asked for."""
    given = {name: value for name, value in vars(args).items() if value is not None}
    request: dict[str, Any] = {"command": "library", "action": args.action}
    for name in ("id", "name", "kind", "tag", "text", "page", "per_page", "seed", "count", *SAID):
        if name in given:
            request[name] = given[name]
    if args.action == "add":
        request |= {"files": [_place(one) for one in args.files], "tags": request.pop("tag", [])}
    elif args.action == "tag":
        request |= read_tags(args.changes)
    elif args.action == "set":
        request["fields"] = {name: request.pop(name) for name in SAID if name in request}
        if not request["fields"]:
            raise KarvonError("say what to set: " + " ".join(f"--{name}" for name in SAID))
    return request


def read_tags(changes: list[str]) -> dict[str, Any]:
    """Return what ``+a -b`` says; a word without a sign is added.

    Raises:
        KarvonError: there is nothing to do.
    """
    words = [word for word in changes if word != "--json"]
    add = [word.removeprefix("+") for word in words if not word.startswith("-")]
    remove = [word[1:] for word in words if word.startswith("-")]
    if not any(map(str.strip, [*add, *remove])):
        raise KarvonError("say which tags: +new -old")
    return {"add": add, "remove": remove, "json": "--json" in changes}


def _place(word: str) -> str:
    from core.posts.linking import is_link

    return word if is_link(word) else str(Path(word).expanduser().absolute())


async def tell(settings: Settings, request: dict[str, Any], *, as_json: bool) -> int:
    """Ask the running process, or do it here; write what came of it."""
    heard = Heard(hidden=as_json or not sys.stderr.isatty())
    try:
        if await ask_running(settings, request, heard.take) is None:
            require_alone(settings)
            set_up_log(settings.data_dir / "logs", debug=settings.debug, console=False)
            await _alone(settings, request, heard)
    finally:
        heard.close()
    document = heard.document(str(request["action"]))
    if as_json:
        sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")
    else:
        for line in LINES[str(request["action"])](document):
            sys.stdout.write(f"{line}\n")
    return 1 if document.get("failed") else 0


async def _alone(settings: Settings, request: dict[str, Any], heard: Heard) -> None:
    """No Karvon runs: take the lock and do it here."""
    from bot.app import App
    from bot.library import library

    async with App(settings, chat=False) as app:
        await app.parts.studio.library.recover()
        async with aclosing(library(app.parts, request)) as answers:
            async for answer in answers:
                await heard.take(answer)


class Heard:
    """What was answered so far, with a bar for the bytes of the file that is added."""

    def __init__(self, *, hidden: bool) -> None:
        self._hidden = hidden
        self._bar: tqdm[Any] | None = None
        self._added: list[Answer] = []
        self._failed: list[Answer] = []
        self._assets: list[Answer] = []
        self._last: Answer = {}

    async def take(self, answer: Answer) -> None:
        self._last = answer
        self._assets += answer.get("assets", [])
        if "added" in answer:
            told = {"file": answer["file"], "is_new": answer["is_new"]}
            self._added.append({**answer["added"], **told})
        if "failed" in answer:
            why = {name: answer["failed"][name] for name in ("key", "facts", "message")}
            self._failed.append({"file": answer["file"], **why})
        if "bytes" in answer and not self._hidden:
            self._show(answer)

    def _show(self, answer: Answer) -> None:
        if self._bar is None:
            self._bar = tqdm(desc="add", unit="B", unit_scale=True, leave=False)
        self._bar.set_description_str(Path(answer["file"]).name, refresh=False)
        self._bar.total, self._bar.n = answer["total"], answer["bytes"]
        self._bar.refresh()

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()

    def document(self, action: str) -> Answer:
        """Return what came of an action.

        Raises:
            KarvonError: it was refused.
        """
        last = {name: value for name, value in self._last.items() if name != "ok"}
        if self._last.get("ok") is False:
            raise KarvonError(str(last.get("message", "refused")))
        if action == "add":
            return {"added": self._added, "failed": self._failed}
        if "asset" in last:
            return dict(last["asset"])
        return {**last, "assets": self._assets} if action in {"list", "pick"} else last


def _added(document: Answer) -> Iterator[str]:
    for one in document["added"]:
        yield f"{'added' if one['is_new'] else 'there already'}: {row(one)}"
    for one in document["failed"]:
        yield f"not added: {one['file']}: {one['message']}"


def _listed(document: Answer) -> Iterator[str]:
    yield from map(row, document["assets"])
    if "pages" in document:
        yield f"{document['total']} in all, page {document['page']} of {document['pages']}"


def _shown(document: Answer) -> Iterator[str]:
    yield row(document)
    size = [document[name] for name in ("width", "height")]
    facts = {
        "size": f"{size[0]}x{size[1]}" if all(size) else "",
        "type": document["mime_type"],
        **{name: document[name] for name in SAID},
        "sha256": document["sha256"],
        "picture": document.get("thumbnail") or "",
        "held by": ", ".join(document.get("holders", [])),
    }
    for name, value in facts.items():
        if value:
            yield f"  {name}: {value}"


def _deleted(document: Answer) -> Iterator[str]:
    if document["outcome"] == "gone":
        yield f"{document['id']} is deleted"
    else:
        yield f"{document['id']} goes as soon as it is free: {', '.join(document['holders'])}"


def _counted(document: Answer) -> Iterator[str]:
    from bot.chat.texts import human

    for one in document["kinds"]:
        told = [f"{one['count']} files", human.size(one["size_bytes"])]
        told += [human.span(one["seconds"])] if one["seconds"] else []
        yield f"{one['kind']}: {', '.join(told)}, used {one['uses']} times"
    if left := document["unmoved"]:
        size = human.size(left["bytes"])
        yield f"files that do not lie in {left['storage']} yet: {left['files']} ({size})"
        yield "moving" if left["is_moving"] else f"go on with moving them: {left['command']}"


def row(asset: Answer) -> str:
    """Return an asset on one line."""
    from bot.chat.texts import human

    told = [asset["kind"], human.size(asset["size_bytes"])]
    told += [human.span(asset["seconds"])] if asset["seconds"] else []
    told += [f"used {asset['uses']} times"] if asset["uses"] else []
    told += [asset["mood"]] if asset["mood"] else []
    tags = "".join(f" #{tag}" for tag in asset["tags"])
    return f"{asset['id']:5}  {asset['name']}  ({', '.join(told)}){tags}"


LINES: dict[str, Callable[[Answer], Iterator[str]]] = {
    "add": _added,
    "list": _listed,
    "pick": _listed,
    "show": _shown,
    "tag": _shown,
    "rename": _shown,
    "set": _shown,
    "delete": _deleted,
    "stats": _counted,
}
