"""Looks at pages and pulls as the chat shows them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from aiogram.filters.callback_data import CallbackData

from bot.chat.card import Rendered
from bot.chat.keyboards import Button, Rows, button
from bot.chat.refusals import refusal_text
from bot.chat.texts import Markup, human, say
from bot.scrape_words import finding_text

TITLE_SHOWN = 70
A_ROW = 4

COUNTS = (
    *("live", "partly", "there", "running", "waiting"),
    *("asking", "failed", "refused", "cancelled", "left"),
)
"""What is counted of a pull, in the order in which it is told."""
PULL_STATES = ("pulling", "cancelling", "done", "cancelled", "failed")

Facts = Mapping[str, Any]


class LookAction(CallbackData, prefix="sc1"):
    """A button about a look; ``value`` is a number of a link, a page or bytes."""

    action: str
    look_id: int
    value: int = 0


def reading(facts: Facts) -> Rendered:
    if not facts["pages"]:
        return Rendered(text=say("scrape_reading_first", host=facts["host"]), rows=[])
    text = say(
        "scrape_reading",
        host=facts["host"],
        pages=_pages(facts["pages"]),
        videos=_videos(facts["links"]),
    )
    return Rendered(text=text, rows=[])


def failed(facts: Facts) -> Rendered:
    text = say(
        "scrape_failed",
        host=facts["host"],
        why=finding_text(facts["finding"]["key"], facts["finding"]["facts"]),
    )
    return Rendered(text=text, rows=[])


def left(facts: Facts) -> Rendered:
    return Rendered(text=say("scrape_left", host=facts["host"]), rows=[])


def listed(facts: Facts) -> Rendered:
    """Return one page of the list, with what is chosen and the buttons."""
    notes = [*_left_out(facts), *(_finding_line(one) for one in facts["findings"])]
    if not facts["total"]:
        head = say("scrape_nothing", host=facts["host"], pages=_pages(facts["pages"]))
        return Rendered(text=_joined([head, *notes]), rows=[])
    body = [_row(row) for row in facts["rows"]]
    if facts["page_count"] > 1:
        body.append(say("scrape_page", page=facts["page"] + 1, pages=facts["page_count"]))
    blocks = [[_list_head(facts)], body, notes, [_picked(facts)], _question(facts)]
    text = "\n\n".join(_joined(block) for block in blocks if block)
    return Rendered(text=text, rows=_list_rows(facts))


def pull(facts: Facts) -> Rendered:
    """Return how a pull stands, with a button that cancels what is left of it."""
    counts = [say(f"pull_{name}", count=facts[name]) for name in COUNTS if facts[name]]
    head = say(
        f"pull_head_{_outcome(facts)}",
        host=facts["host"],
        ended=facts["ended"],
        links=_videos(facts["links"]),
    )
    blocks = [[head], counts, _bytes(facts), _refusals(facts), _note(facts)]
    text = "\n\n".join(_joined(block) for block in blocks if block)
    return Rendered(text=text, rows=_pull_rows(facts))


def _outcome(facts: Facts) -> str:
    if facts["state"] != "done":
        return str(facts["state"])
    return "mixed" if facts["failed"] or facts["refused"] or facts["partly"] else "done"


def _bytes(facts: Facts) -> list[Markup]:
    if not facts["fetched_bytes"] and not facts["sent_bytes"]:
        return []
    told = {
        "fetched": human.size(facts["fetched_bytes"]),
        "size": human.size(facts["size_bytes"]),
        "sent": human.size(facts["sent_bytes"]),
    }
    is_known = facts["size_bytes"] >= facts["fetched_bytes"]
    return [say("pull_bytes" if is_known else "pull_bytes_open", **told)]


def _refusals(facts: Facts) -> list[Markup]:
    return [
        say("pull_refusal", title=_cut(one["title"]), why=refusal_text(one["note"], {}))
        for one in facts["refusals"]
    ]


def _note(facts: Facts) -> list[Markup]:
    if not facts["note"]:
        return []
    return [say("pull_note", why=refusal_text(facts["note"], facts["note_facts"]))]


def _pull_rows(facts: Facts) -> Rows:
    look_id = facts["look_id"]
    if facts["state"] == "pulling":
        return [[button("scrape_cancel", LookAction(action="cancel", look_id=look_id))]]
    if facts["state"] == "cancelling":
        return []
    return [[button("scrape_again", LookAction(action="again", look_id=look_id))]]


def _list_head(facts: Facts) -> Markup:
    told = {
        "host": facts["host"],
        "title": _cut(facts["title"]),
        "videos": _videos(facts["total"]),
        "new": facts["new"],
        "pages": _pages(facts["pages"]),
    }
    return say("scrape_titled" if facts["title"] else "scrape_head", **told)


def _row(row: Facts) -> Markup:
    told = [
        human.size(row["size_bytes"]) if row["size_bytes"] else say("scrape_row_no_size"),
        *([human.span(row["duration_seconds"])] if row["duration_seconds"] else []),
        *([say("scrape_row_seen")] if row["is_seen"] else []),
    ]
    return say(
        "scrape_row",
        mark=say("scrape_picked_mark" if row["is_picked"] else "scrape_free_mark"),
        number=row["number"],
        title=_cut(row["title"]),
        facts=say("scrape_row_facts", facts=Markup(" · ".join(told))),
    )


def _left_out(facts: Facts) -> list[Markup]:
    names = [name for name in ("streams", "broken") if facts[name]]
    return [say(f"scrape_{name}", count=facts[name]) for name in names]


def _finding_line(one: Facts) -> Markup:
    text = finding_text(one["key"], one["facts"])
    return Markup(f"⚠️ {text}" if one["count"] == 1 else f"⚠️ {text} (×{one['count']})")


def _picked(facts: Facts) -> Markup:
    if not facts["picked"]:
        return say("scrape_picked_none")
    return say(
        "scrape_picked_some" if facts["picked_unknown"] else "scrape_picked",
        videos=_videos(facts["picked"]),
        size=human.size(facts["picked_bytes"]),
        unknown=facts["picked_unknown"],
    )


def _question(facts: Facts) -> list[Markup]:
    match facts["menu"]:
        case "size":
            return [say("scrape_sizes" if facts["sizes"] else "scrape_sizes_none")]
        case "match":
            return [say("scrape_ask_pattern")]
        case "unmatched":
            return [say("scrape_matched_none")]
        case _:
            return []


def _list_rows(facts: Facts) -> Rows:
    def action(words: str, what: str, value: int = 0, **told: object) -> Button:
        data = LookAction(action=what, look_id=facts["look_id"], value=value)
        return button(f"scrape_{words}", data, **told)

    if facts["menu"] == "size":
        steps = [
            action(
                "up_to",
                "upto",
                step["limit_bytes"],
                size=human.size(step["limit_bytes"]),
                videos=step["count"],
            )
            for step in facts["sizes"]
        ]
        return [*([step] for step in steps), [action("back", "list")]]
    numbers = [
        action("number_on" if row["is_picked"] else "number", "pick", row["number"], **row)
        for row in facts["rows"]
    ]
    turns = []
    if facts["page"] > 0:
        turns.append(action("earlier", "page", facts["page"] - 1))
    if facts["page"] < facts["page_count"] - 1:
        turns.append(action("later", "page", facts["page"] + 1))
    end = [action("leave", "leave")]
    if facts["picked"]:
        end.insert(0, action("go", "go", videos=facts["picked"]))
    return [
        *(numbers[at : at + A_ROW] for at in range(0, len(numbers), A_ROW)),
        turns,
        [action("all", "all"), action("new", "new"), action("none", "none")],
        [action("size", "size"), action("match", "match"), action(facts["mode"], "mode")],
        end,
    ]


def _cut(title: str) -> str:
    return title if len(title) <= TITLE_SHOWN else title[: TITLE_SHOWN - 1] + "…"


def _videos(count: int) -> Markup:
    return say("scrape_videos", count=count)


def _pages(count: int) -> Markup:
    return say("scrape_pages", count=count)


def _joined(lines: Sequence[str]) -> Markup:
    return Markup("\n".join(lines))


SCRAPE_BOARDS: Mapping[str, Callable[[Facts], Rendered]] = {
    "scrape_reading": reading,
    "scrape_list": listed,
    "scrape_failed": failed,
    "scrape_left": left,
    "pull_card": pull,
}
