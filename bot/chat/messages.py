"""Messages other than the card, as text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.chat.card import fits, place, shown_title
from bot.chat.letters_text import LETTER_TEXTS
from bot.chat.limits_text import warning_text
from bot.chat.live_messages import LIVE_TEXTS
from bot.chat.refusals import platform_title, refusal_text
from bot.chat.texts import Markup, day, has, say
from bot.chat.view import View
from bot.chat.watch_text import WATCH_TEXTS
from core.posts.models import Post, PostState, Upload
from core.posts.notices import OutboxMessage
from core.posts.reading import TimelineEvent

READY = "ready"
"""Sentence of a queued message whose text was made already: its fact ``html``."""
EVENTS_SHOWN = 40
LINE_TITLE = 60


def outbox_text(message: OutboxMessage) -> Markup:
    """Return the text of a queued message: ready text, a question, or a refusal."""
    if message.sentence == READY:
        return Markup(message.facts["html"])
    if message.sentence == "ask_duplicate":
        lines = [_place(item) for item in message.facts["places"]]
        return say("ask_duplicate", places=Markup("\n".join(lines)))
    if message.sentence == "quota_warning":
        return warning_text(message.facts)
    if message.sentence in LETTER_TEXTS:
        return LETTER_TEXTS[message.sentence](message.facts)
    if message.sentence in LIVE_TEXTS:
        return LIVE_TEXTS[message.sentence](message.facts)
    if message.sentence in WATCH_TEXTS:
        return WATCH_TEXTS[message.sentence](message.facts)
    if isinstance(message.facts.get("places"), list):
        lines = [_target(item) for item in message.facts["places"]]
        return say(message.sentence, **{**message.facts, "places": Markup("\n".join(lines))})
    return refusal_text(message.sentence, message.facts)


def _target(item: dict[str, Any]) -> Markup:
    facts = {"platform": platform_title(item["platform"]), "account": item["account"]}
    return Markup(f"• {say('place', **facts)}")


def _place(item: dict[str, Any]) -> Markup:
    facts = {"platform": platform_title(item["platform"]), "account": item["account"]}
    if item["live"] and item["url"]:
        return say("place_live", url=item["url"], **facts)
    return say("place_there" if item["live"] else "place_running", **facts)


def queue_line(post: Post, uploads: Sequence[Upload], view: View) -> Markup:
    """Return one line of the queue: what, its state, and until when it waits at most."""
    times = [upload.until_at for upload in uploads if upload.until_at is not None]
    if post.until_at is not None:
        times.append(post.until_at)
    soonest = view.moment(min(times)) if times else ""
    state = say(f"state_{post.state.value}")
    if soonest and post.state is not PostState.DRAFT:
        state = say("state_until", state=state, until=soonest)
    return say("queue_line", post_id=post.id, title=shown_title(post, LINE_TITLE), state=state)


def timeline_text(
    events: Sequence[TimelineEvent], uploads: Sequence[Upload], view: View
) -> Markup:
    """Return the history of a post, the newest lines when it is long."""
    places = {int(upload.id): place(upload) for upload in uploads}
    shown = events[-EVENTS_SHOWN:]
    cut = len(events) - len(shown)
    lines = [say("timeline_cut", count=cut)] if cut else []
    lines += [_event_line(event, places, view) for event in shown]
    return Markup("\n".join([say("timeline_head"), *lines]))


def _event_line(event: TimelineEvent, places: dict[int, Markup], view: View) -> Markup:
    here, today = event.at.astimezone(view.zone), view.now.astimezone(view.zone)
    at = f"{here:%H:%M:%S}"
    if here.date() != today.date():
        at = say("moment", day=day(here.date(), today.date()), time=at)
    where = places.get(event.upload_id or 0, Markup(""))
    return say("timeline_line", at=at, what=_event(event, where))


def _event(event: TimelineEvent, where: Markup) -> Markup:
    key = f"event_{event.event}"
    if not has(key):
        return say("event_other", place=where, what=event.event.replace("_", " "))
    facts = {"error": "", **event.facts, "place": where}
    return say(key, **{**facts, "reason": _reason(str(facts.get("reason") or "other"))})


def _reason(reason: str) -> Markup | str:
    """Return what is waited for, in words."""
    return say(f"reason_{reason}") if has(f"reason_{reason}") else reason


def join_whole(parts: Sequence[str], *, kept_free: int = 0) -> tuple[str, int]:
    """Join as many whole parts as one message takes; also return how many are left out."""
    text = parts[0]
    for number, part in enumerate(parts[1:], start=1):
        longer = f"{text}\n\n{part}"
        if not fits(longer + "·" * kept_free):
            return text, len(parts) - number
        text = longer
    return text, 0
