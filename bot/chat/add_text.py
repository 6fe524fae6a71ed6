"""Files that people add to the library, as the chat shows them until they are in it.

The facts of the board are those of `core.studio.telling.addition_facts`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from aiogram.filters.callback_data import CallbackData

from bot.chat.card import Rendered
from bot.chat.keyboards import Button, Rows, button
from bot.chat.library_text import KIND_CHOICES, asset_line, isolated
from bot.chat.refusals import source_text
from bot.chat.studio_text import studio_text, told_facts
from bot.chat.texts import Markup, human, say
from core.studio.telling import ADDITION

LICENCES = ("CC0 1.0", "CC BY 4.0", "CC BY-SA 4.0")
"""Licences by their own names, which are the same in every language."""
OTHER_LICENCES = ("bought", "permission")
A_ROW = 2
HOPELESS = frozenset(
    {
        *("add_too_big", "add_too_big_for_cloud", "source_empty_file"),
        *("studio_not_media", "studio_broken_media", "studio_cut_off", "studio_empty_file"),
        *("studio_wrong_media", "studio_large_picture", "studio_too_big"),
    }
)
"""Reasons that are the same for the same file, whenever it is tried."""
LARGE_BYTES = 4 * 1024 * 1024
"""Only of larger files is told how far they are."""

Facts = Mapping[str, Any]


class AddAction(CallbackData, prefix="ad1"):
    """A button about an addition; ``word`` is what is chosen."""

    action: str
    addition_id: int
    word: str = ""


def addition(facts: Facts) -> Rendered:
    """Return how an addition stands, with what can be done."""
    return _STATES[facts["state"]](facts)


def licence_of(word: str) -> str:
    """Return the licence that a button means; empty for a button that there is not."""
    if word.isdigit() and int(word) < len(LICENCES):
        return LICENCES[int(word)]
    return str(say(f"add_licence_{word}")) if word in OTHER_LICENCES else ""


def _asking(facts: Facts) -> Rendered:
    question = facts["question"]
    rows: list[list[Button]] = [*_QUESTIONS[question](facts), [_press("cancel", facts)]]
    return Rendered(text=say(f"add_ask_{question}", **_named(facts)), rows=rows)


def _kinds(facts: Facts) -> list[list[Button]]:
    """Return the kinds that a file may be, by what Telegram says of it."""
    media = str(facts["mime_type"]).partition("/")[0]
    kinds = KIND_CHOICES.get(media, KIND_CHOICES[""])
    buttons = [
        Button(
            text=str(say(f"library_kind_{kind}")),
            data=AddAction(action="kind", addition_id=facts["addition_id"], word=kind).pack(),
        )
        for kind in kinds
    ]
    return [buttons[at : at + A_ROW] for at in range(0, len(buttons), A_ROW)]


def _rights(facts: Facts) -> list[list[Button]]:
    return [[_press("mine", facts), _press("licensed", facts)]]


def _licences(facts: Facts) -> list[list[Button]]:
    common = [
        Button(
            text=licence,
            data=AddAction(
                action="licence", addition_id=facts["addition_id"], word=str(number)
            ).pack(),
        )
        for number, licence in enumerate(LICENCES)
    ]
    own = [_press("licence", facts, key=f"add_{word}", word=word) for word in OTHER_LICENCES]
    return [common, own]


def _attribution(facts: Facts) -> list[list[Button]]:
    return [[_press("unnamed", facts)]]


def _fetching(facts: Facts) -> Rendered:
    rows: Rows = [[_press("cancel", facts)]]
    named = _named(facts)
    if facts["note"]:
        return Rendered(text=say("add_waiting", why=_why(facts), **named), rows=rows)
    done, total = facts["done"], facts["total"]
    if not done or max(done, total) < LARGE_BYTES:
        return Rendered(text=say("add_fetching", **named), rows=rows)
    told = {"done": human.size(done), "total": human.size(total), **named}
    if total < done:
        return Rendered(text=say("add_fetching_open", **told), rows=rows)
    share = human.percent(done / total)
    return Rendered(text=say("add_fetching_some", percent=share, **told), rows=rows)


def _added(facts: Facts) -> Rendered:
    asset = facts["asset"]
    if asset is None:
        return Rendered(text=say("add_there_gone", **_named(facts)), rows=[])
    key = "add_added" if facts["is_new"] else "add_there"
    text = say(key, name=isolated(asset["name"]), facts=asset_line(asset))
    return Rendered(text=text, rows=[[_press("open", facts)]])


def _failed(facts: Facts) -> Rendered:
    text = say("add_failed", name=isolated(facts["name"]), why=_why(facts))
    rows = [] if facts["note"] in HOPELESS else [[_press("again", facts)]]
    return Rendered(text=text, rows=rows)


def _cancelled(facts: Facts) -> Rendered:
    return Rendered(text=say("add_cancelled", name=isolated(facts["name"])), rows=[])


def _why(facts: Facts) -> Markup:
    note, told = str(facts["note"]), facts["note_facts"]
    if note.startswith("source_"):
        return say("add_source", why=source_text(note.removeprefix("source_")))
    if note.startswith("studio_"):
        return studio_text(note.removeprefix("studio_"), told)
    return say(note, **told_facts(told))


def _named(facts: Facts) -> dict[str, object]:
    kind = say(f"library_kind_{facts['kind']}") if facts["kind"] else ""
    return {"name": isolated(facts["name"]), "kind": kind}


def _press(action: str, facts: Facts, *, key: str = "", word: str = "") -> Button:
    data = AddAction(action=action, addition_id=facts["addition_id"], word=word)
    return button(key or f"add_{action}", data)


_QUESTIONS: Mapping[str, Callable[[Facts], list[list[Button]]]] = {
    "kind": _kinds,
    "rights": _rights,
    "licence": _licences,
    "attribution": _attribution,
}
_STATES: Mapping[str, Callable[[Facts], Rendered]] = {
    "asking": _asking,
    "fetching": _fetching,
    "added": _added,
    "failed": _failed,
    "cancelled": _cancelled,
}
ADD_BOARDS: Mapping[str, Callable[[Facts], Rendered]] = {ADDITION: addition}
