"""Cards of renders: one mashup that is made, or many that were wanted together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from aiogram.filters.callback_data import CallbackData

from bot.chat.card import Rendered
from bot.chat.keyboards import Button, Rows, button
from bot.chat.mashup_text import cut, finding_line, short
from bot.chat.refusals import refusal_text
from bot.chat.studio_text import studio_text
from bot.chat.texts import Markup, has, human, say
from core.studio.render_facts import BOARD

STATES = ("pending", "processing", "ready", "failed", "cancelled")
STAGES = ("looking", "preparing", "rendering", "checking", "keeping")
MOVING = frozenset({"pending", "processing"})
WARNINGS_SHOWN = 4
LOG_SHOWN = 3000

Facts = Mapping[str, Any]


class RenderAction(CallbackData, prefix="rn1"):
    """A button about a render: cancel, first, again, log, publish, show or twins."""

    action: str
    render_id: int


class RenderBatchAction(CallbackData, prefix="rb1"):
    """A button about renders that were wanted together: cancel or retry."""

    action: str
    batch_id: int


class RenderPage(CallbackData, prefix="rp1"):
    """A page of the list of renders; pages begin at 1."""

    page: int


def render_board(facts: Facts) -> Rendered:
    """Return the card that the facts of a render make."""
    if facts.get("batch") and facts.get("batch_id"):
        return _batch(facts)
    head = _head(facts)
    blocks = [head, _course(facts), _warnings(facts), _published(facts)]
    text = "\n\n".join("\n".join(block) for block in blocks if block)
    return Rendered(text=Markup(text), rows=_rows(facts))


RENDER_BOARDS: Mapping[str, Callable[[Facts], Rendered]] = {BOARD: render_board}


def render_line(facts: Facts) -> Markup:
    """Return one line of the list of renders."""
    return say(
        "render_line",
        render_id=facts["render_id"],
        name=_name(facts),
        state=say(f"render_state_{facts['state']}"),
    )


def _name(facts: Facts) -> str:
    return cut(facts["name"])


def _head(facts: Facts) -> list[Markup]:
    is_well = facts["state"] not in {"failed", "cancelled"}
    key = "preview" if facts["preview"] and is_well else facts["state"]
    told = {"render_id": facts["render_id"]}
    return [say(f"render_head_{key}", **told), say("render_name", name=_name(facts))]


def _course(facts: Facts) -> list[Markup]:
    match facts["state"]:
        case "pending":
            return _waiting(facts)
        case "processing":
            return _making(facts)
        case "ready":
            return [] if facts["preview"] else [_made(facts)]
        case "failed":
            # A preview has no button to try it again: the one of the draft makes another.
            return [*_why(facts), *([] if facts["preview"] else [say("render_what_now")])]
        case _:
            return []


def _waiting(facts: Facts) -> list[Markup]:
    if not facts["waits_for"]:
        place = facts["place"] or 1
        return [say("render_next" if place == 1 else "render_place", place=place)]
    lines = [say(f"render_waits_{facts['waits_for']}")]
    if facts["until"]:
        lines.append(say("render_looks_again", until=facts.get("until_told") or _moment(facts)))
    return [*_why(facts), *lines]


def _making(facts: Facts) -> list[Markup]:
    stage = facts["stage"]
    named = say(f"render_stage_{stage}") if has(f"render_stage_{stage}") else say("render_begun")
    if stage != "rendering" or facts["share"] is None:
        return [named]
    told: dict[str, object] = {"stage": named, "percent": human.percent(facts["share"])}
    if facts["speed"]:
        told["speed"] = human.number(round(facts["speed"], 1))
    if facts["eta_seconds"] is not None:
        told["eta"] = human.span(facts["eta_seconds"])
    match "speed" in told, "eta" in told:
        case True, True:
            return [say("render_progress_all", **told)]
        case _, True:
            return [say("render_progress_left", **told)]
        case True, _:
            return [say("render_progress_speed", **told)]
        case _:
            return [say("render_progress", **told)]


def _made(facts: Facts) -> Markup:
    told = {
        "length": human.span(facts["duration_seconds"] or 0),
        "width": facts["width"],
        "height": facts["height"],
        "seconds": human.span(facts["seconds"] or 0),
    }
    if facts["size_bytes"]:
        return say("render_made_size", **told, size=human.size(facts["size_bytes"]))
    return say("render_made", **told)


def _why(facts: Facts) -> list[Markup]:
    error = facts["error"]
    if not error:
        return []
    return [studio_text(error["key"], {name: short(one) for name, one in error["facts"].items()})]


def _warnings(facts: Facts) -> list[Markup]:
    if facts["state"] not in MOVING or facts["preview"]:
        return []
    return [finding_line(one) for one in facts["warnings"][:WARNINGS_SHOWN]]


def _published(facts: Facts) -> list[Markup]:
    """Return what became of the wish to publish it."""
    if facts["post_error"]:
        return [say("render_not_published", why=post_error_text(facts["post_error"]))]
    if facts["post_id"]:
        return [say("render_post", post_id=facts["post_id"])]
    if facts["publishes"] and facts["state"] in MOVING:
        return [say("render_publishes")]
    return []


def post_error_text(error: Facts) -> Markup:
    """Return why no post came of a render."""
    breaches = error["facts"].get("breaches")
    if not breaches:
        return refusal_text(error["key"], error["facts"])
    lines = [finding_line({"severity": "block", **one}) for one in breaches]
    return Markup("\n".join([say("render_blocked"), *lines]))


def _rows(facts: Facts) -> Rows:
    state = facts["state"]
    if state == "pending" and not facts["preview"]:
        first = [_press("first", facts)] if (facts["place"] or 1) > 1 else []
        return [[*first, _press("cancel", facts)]]
    if state in MOVING:
        return [[_press("cancel", facts)]]
    if facts["preview"]:
        return []
    last = [_press("retry" if state == "failed" else "again", facts), _press("log", facts)]
    can_publish = state == "ready" and not facts["post_id"] and facts["asset_id"]
    return [[_press("publish", facts)], last] if can_publish else [last]


def _press(action: str, facts: Facts) -> Button:
    asked = "again" if action == "retry" else action
    return button(f"render_{action}", RenderAction(action=asked, render_id=facts["render_id"]))


def _batch(facts: Facts) -> Rendered:
    counts, batch_id = facts["batch"], facts["batch_id"]
    left = counts["pending"] + counts["processing"]
    ended = counts["total"] - left
    key = "render_batch_moving" if left else "render_batch_done"
    lines = [say(key, batch_id=batch_id, ended=ended, total=counts["total"])]
    lines += [say(f"render_count_{name}", count=counts[name]) for name in STATES if counts[name]]
    now = [say("render_now", name=_name(facts)), *_making(facts)]
    moving = now if facts["state"] == "processing" else []
    blocks = [lines, moving, [say("render_batch_list")]]
    text = Markup("\n\n".join("\n".join(block) for block in blocks if block))
    return Rendered(text=text, rows=_batch_rows(batch_id, counts))


def _batch_rows(batch_id: int, counts: Mapping[str, int]) -> Rows:
    def press(words: str, action: str) -> Button:
        return button(f"render_{words}", RenderBatchAction(action=action, batch_id=batch_id))

    if counts["pending"] + counts["processing"]:
        return [[press("cancel_rest", "cancel")]]
    return [[press("retry_failed", "retry")]] if counts["failed"] else []


def _moment(facts: Facts) -> str:
    """Return the time of the clock in UTC, for a card that does not know where it is read."""
    return f"{datetime.fromisoformat(facts['until']):%H:%M} UTC"
