"""Messages other than the card, as text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Any

from bot.talk.card import place, platform_title
from bot.talk.refusals import refusal_text
from bot.talk.texts import Markup, has, human, say
from core.posts.models import Post, Upload
from core.posts.notices import OutboxMessage
from core.posts.repository import Statistics, TimelineEvent

EVENTS_SHOWN = 40


def outbox_text(message: OutboxMessage) -> Markup:
    """Return the text of a queued message: a question, or a refusal that came late."""
    if message.sentence == "ask_duplicate":
        lines = [_place(item) for item in message.facts["places"]]
        return say("ask_duplicate", places=Markup("\n".join(lines)))
    if message.sentence == "ask_caption":
        return say("ask_caption")
    return refusal_text(message.sentence, message.facts)


def _place(item: dict[str, Any]) -> Markup:
    facts = {"platform": platform_title(item["platform"]), "account": item["account"]}
    if item["live"]:
        return say("place_live", url=item["url"], **facts)
    return say("place_running", **facts)


def queue_line(post: Post) -> Markup:
    title = " ".join((post.wish.title or post.wish.prompt or "…").split())[:60]
    return say("queue_line", post_id=post.id, title=title, state=say(f"state_{post.state.value}"))


def timeline_text(
    events: Sequence[TimelineEvent], uploads: Sequence[Upload], zone: tzinfo
) -> Markup:
    """Return the history of a post, the newest lines when it is long."""
    places: dict[int, Markup] = {upload.id: place(upload) for upload in uploads}
    lines = [
        say(
            "timeline_line",
            at=event.at.astimezone(zone).strftime("%H:%M:%S"),
            what=_event(event, places.get(event.upload_id or 0, Markup(""))),
        )
        for event in events[-EVENTS_SHOWN:]
    ]
    return Markup("\n".join([say("timeline_head"), *lines]))


def _event(event: TimelineEvent, where: Markup) -> Markup:
    key = f"event_{event.event}"
    if not has(key):
        return Markup(event.event)
    facts = {"reason": "", "error": "", **event.facts, "place": where}
    return say(key, **facts)


def diagnostics_text(today: Statistics, week: Statistics) -> Markup:
    blocks = [_block("period_today", today), _block("period_week", week)]
    now = say("diagnostics_now", waiting=today.waiting, unknown=today.unknown)
    return Markup("\n\n".join([say("diagnostics_head"), *blocks, now]))


def _block(period: str, counted: Statistics) -> Markup:
    rate = counted.success_rate
    mean = counted.mean_seconds
    block = say(
        "diagnostics_block",
        period=say(period),
        posts=human.count(counted.posts, "post", "posts"),
        live=counted.live,
        failed=counted.failed,
        cancelled=counted.cancelled,
        rate="–" if rate is None else human.percent(rate),
        mean="–" if mean is None else human.span(mean),
        sent=human.size(counted.bytes_sent),
        resumed=human.size(counted.resumed_bytes),
    )
    if not counted.errors:
        return block
    errors = ", ".join(f"{kind} {count}" for kind, count in counted.errors.items())
    return Markup(block + "\n" + say("diagnostics_errors", errors=errors))


def start_of_day(now: datetime, zone: tzinfo) -> datetime:
    return now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
