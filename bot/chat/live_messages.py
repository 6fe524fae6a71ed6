"""What is said about videos that are live: wishes, outcomes, findings and figures, as text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.chat.card import fits, place
from bot.chat.refusals import platform_title, source_text
from bot.chat.texts import Markup, has, human, say
from core.platforms.base import Operation
from core.platforms.registry import get_platform
from core.posts.models import Upload
from workers.figures import MISSING_SCOPE, NAMES
from workers.wishes import Outcome, Refusal

LONGEST_REASON = 200
LONGEST_TITLE = 60
OLD_SECONDS = 60
ROOM = 80
"""Signs kept free for the line that says what was left out."""

Facts = Mapping[str, Any]


def wish_text(head: str, post_id: int, outcome: Outcome, *, done: str = "wish_asked") -> Markup:
    """Return what is being done where, and where not and why.

    ``head`` is the key of the sentence around the lines, ``done`` of a line.
    """
    lines = [
        *(say(done, place=place(one), url=one.url) for one in outcome.asked),
        *(say("wish_later", place=place(one)) for one in outcome.later),
        *(say("wish_fresh", place=place(one)) for one in outcome.fresh),
        *(_cannot(one) for one in outcome.cannot),
    ]
    if not (outcome.asked or outcome.later or outcome.fresh):
        head = "wish_nowhere"
    return say(head, post_id=post_id, lines=_joined(lines))


def _cannot(refusal: Refusal) -> Markup:
    upload: Upload = refusal.upload
    why = say(f"cannot_{refusal.key}", url=upload.url, **refusal.facts)
    return say("wish_cannot", place=place(upload), why=why)


def _outcome(facts: Facts) -> Markup:
    places: Sequence[Facts] = facts["places"]
    failed = sum(bool(item["failed"]) for item in places)
    key = f"outcome_{facts['kind']}"
    if failed:
        key = "outcome_failed" if failed == len(places) else "outcome_partly"
    lines = _joined([_outcome_line(item) for item in places])
    return say(key, post_id=facts["post_id"], lines=lines)


def _outcome_line(item: Facts) -> Markup:
    if not item["failed"]:
        return say("outcome_done_line", place=_place(item))
    return say("outcome_failed_line", place=_place(item), why=_why(item))


def _why(item: Facts) -> Markup:
    code = str(item["error_code"])
    match code:
        case "gone":
            return say("error_gone")
        case "no_picture":
            return say("error_no_picture")
        case "unseen":
            return say("cannot_unseen")
        case "missing_scope":
            return say("cannot_scope")
        case _ if code.startswith("source_") and has(code):
            return say("error_source", text=source_text(code.removeprefix("source_")))
    text = str(item["error_text"] or code or "?").rstrip(".")[:LONGEST_REASON]
    platform = platform_title(str(item["platform"]))
    return say(f"error_{item['error_kind']}", text=text, platform=platform)


def _finding(key: str) -> Callable[[Facts], Markup]:
    def text(facts: Facts) -> Markup:
        told = dict(facts)
        if key == "finding_visibility":
            told |= {name: _seen(str(facts[name])) for name in ("why", "wanted")}
        return say(key, **{**told, "place": _place(facts)})

    return text


def _seen(visibility: str) -> Markup | str:
    key = f"visibility_{visibility}"
    return say(key) if has(key) else visibility


def _figures(facts: Facts) -> Markup:
    """Return the figures of the posts, as many posts as one message takes."""
    blocks = [_figures_of(post, float(facts["now"])) for post in facts["posts"]]
    text, shown = "", 0
    for block in blocks:
        longer = f"{text}\n\n{block}" if text else str(block)
        if shown and not fits(longer + "·" * ROOM):
            break
        text, shown = longer, shown + 1
    left = len(blocks) - shown
    return Markup(f"{text}\n\n{say('figures_more', count=left)}" if left else text)


def _figures_of(post: Facts, now: float) -> Markup:
    title = " ".join(str(post["title"]).split()) or say("untitled")
    if len(title) > LONGEST_TITLE:
        title = title[: LONGEST_TITLE - 1] + "…"
    head = say("figures_post", post_id=post["post_id"], title=title)
    return _joined([head, *(_figures_line(line, now) for line in post["lines"])])


def _figures_line(line: Facts, now: float) -> Markup:
    if all(line["value"].get(name) is None for name in NAMES):
        return _no_figures(line)
    before: Facts = line["before"]
    told = {name: _figure(line["value"].get(name), before.get(name)) for name in NAMES}
    return say("figures_line", place=_place(line), age=_age(line, now), **told)


def _figure(now: int | None, before: int | None) -> Markup | None:
    """Return a number and how it changed since the last look; None where none is told."""
    if now is None:
        return None
    if before is None or before == now:
        return Markup(human.number(now))
    if now > before:
        return say("figures_grown", now=human.number(now), more=human.number(now - before))
    return say("figures_shrunk", now=human.number(now), less=human.number(before - now))


def _age(line: Facts, now: float) -> Markup:
    age = Markup("")
    if line["at"] is not None and now - line["at"] >= OLD_SECONDS:
        age = say("figures_age", span=human.span(now - line["at"]))
    if line["trouble"]:
        age += say("figures_trouble", why=_trouble(line))
    return age


def _no_figures(line: Facts) -> Markup:
    platform = get_platform(str(line["platform"]))
    if platform is not None and Operation.STATISTICS not in platform.capabilities.operations:
        return say("figures_none_why", place=_place(line), why=say("figures_never"))
    if line["trouble"]:
        return say("figures_none_why", place=_place(line), why=_trouble(line))
    return say("figures_none", place=_place(line))


def _trouble(line: Facts) -> Markup:
    is_scope = line["trouble"] == MISSING_SCOPE
    return say("cannot_scope") if is_scope else say(f"kind_{line['trouble']}")


def _place(item: Facts) -> Markup:
    return say(
        "place", platform=platform_title(str(item["platform"])), account=str(item["account"])
    )


def _joined(lines: Sequence[Markup]) -> Markup:
    return Markup("\n".join(lines))


LIVE_TEXTS: Mapping[str, Callable[[Facts], Markup]] = {
    "live_outcome": _outcome,
    "live_figures": _figures,
    **{
        key: _finding(key)
        for key in ("finding_gone", "finding_blocked", "finding_visibility", "finding_fine")
    },
}
"""Texts of queued messages, by the key that stands in the outbox."""
