"""What is said about batches: what a look found, how it goes, how it ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from bot.batch_words import finding_line, finding_remedy
from bot.chat.card import Rendered, fits
from bot.chat.keyboards import BatchAction, Button, Rows, button
from bot.chat.refusals import platform_title, source_text, upload_error
from bot.chat.texts import Markup, human, say
from core.batches.findings import Finding, read_finding
from core.batches.models import Batch, BatchState, Cause, Counts
from core.posts.models import Upload

Facts = Mapping[str, Any]

UPLOAD_LINES = ("live", "processing", "uploading", "waiting", "unknown", "failed", "cancelled")
ENTRY_LINES = ("planned", "bad", "left", "refused")
ROOM = 80
"""Signs kept free for the line that says what was left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchScene:
    """What the card of a batch is drawn from."""

    batch: Batch
    counts: Counts
    examples: Sequence[tuple[Cause, Upload | None]] = ()


def render_batch(scene: BatchScene) -> Rendered:
    """Return the one card of a batch."""
    batch, counts = scene.batch, scene.counts
    facts = {"batch_id": batch.id, "name": batch.name}
    head = say(_head(batch.state, is_moving=counts.ended < counts.total), **facts)
    lines = [head]
    if counts.total:
        share = counts.ended / (counts.total + counts.planned)
        progress = {"percent": human.percent(share), "ended": counts.ended, "total": counts.total}
        lines.append(say("batch_card_progress", **progress))
    lines += _states(counts)
    lines += [Markup(""), *causes] if (causes := _causes(scene)) else []
    text = "\n".join(lines)
    while not fits(text):
        lines.pop()
        text = "\n".join(lines)
    return Rendered(text=text, rows=_buttons(scene))


def _head(state: BatchState, *, is_moving: bool) -> str:
    match state:
        case BatchState.DONE if not is_moving:
            return "batch_card_done"
        case BatchState.CANCELLING:
            return "batch_card_stopping"
        case _:
            return "batch_card"


def _states(counts: Counts) -> list[Markup]:
    found = [(name, counts.uploads.get(name, 0)) for name in UPLOAD_LINES]
    waiting = counts.uploads.get("committing", 0)
    found = [(name, n + waiting if name == "uploading" else n) for name, n in found]
    found += [(name, counts.entries.get(name, 0)) for name in ENTRY_LINES]
    return [say(f"batch_state_{name}", count=n) for name, n in found if n]


def _causes(scene: BatchScene) -> list[Markup]:
    lines = []
    for cause, upload in scene.examples:
        why = upload_error(upload) if upload is not None else Markup("")
        facts = {"count": cause.count, "platform": platform_title(cause.platform)}
        key = "batch_cause" if why else "batch_cause_plain"
        lines.append(say(key, why=why, **facts))
    if scene.counts.failed_posts:
        lines.append(say("batch_failed_posts", posts=_commands(scene.counts.failed_posts)))
    if scene.counts.asking_posts:
        lines.append(say("batch_asks", posts=_commands(scene.counts.asking_posts)))
    return lines


def _commands(posts: Sequence[int]) -> Markup:
    return Markup(", ".join(f"<code>/post {one}</code>" for one in posts))


def _buttons(scene: BatchScene) -> Rows:
    batch, counts = scene.batch, scene.counts
    buttons: list[Button] = []
    is_moving = batch.state is BatchState.PUBLISHING
    stoppable = counts.planned or counts.uploads.get("waiting") or counts.uploads.get("uploading")
    if is_moving and stoppable:
        buttons.append(batch_button("cancel", batch.id))
    if batch.state is BatchState.DONE and counts.uploads.get("failed"):
        buttons.append(batch_button("retry", batch.id))
    return [buttons] if buttons else []


def batch_button(action: str, batch_id: int) -> Button:
    return button(f"batch_{action}", BatchAction(action=action, batch_id=batch_id))


def _checked(facts: Facts, now: datetime, zone: tzinfo) -> Markup:
    counts = facts["counts"]
    done = say("batch_checked_done", count=facts["done"]) if facts["done"] else Markup("")
    found = Markup("")
    if counts["block"] or counts["warn"]:
        found = say("batch_checked_counts", blocks=counts["block"], warns=counts["warn"])
    key = "batch_checked" if facts["planned"] else "batch_checked_none"
    told = {name: facts[name] for name in ("name", "planned", "entries")}
    text = say(key, done=done, counts=found, **told)
    lines = [_finding(read_finding(one), now, zone) for one in facts["shown"]]
    return _listed(text, lines, facts["hidden"])


def _listed(text: Markup, lines: Sequence[Markup], hidden: int) -> Markup:
    kept = list(lines)
    while kept and not fits("\n".join([text, "", *kept]) + "·" * ROOM):
        kept.pop()
    left = hidden + len(lines) - len(kept)
    more = [say("batch_checked_more", count=left)] if left else []
    body = [Markup(""), *kept, *more] if kept or more else []
    return Markup("\n".join([text, *body]))


def _finding(finding: Finding, now: datetime, zone: tzinfo) -> Markup:
    name = str(zone)
    remedy = finding_remedy(finding, now, name)
    what = finding_line(finding, now, name)
    return say(f"batch_finding_{finding.severity.value}", what=what, remedy=remedy)


def _refused(facts: Facts, now: datetime, zone: tzinfo) -> Markup:
    finding = read_finding(facts["finding"])
    what, remedy = finding_line(finding, now, str(zone)), finding_remedy(finding, now, str(zone))
    return say("batch_refused", what=what, remedy=remedy)


def _fetch(facts: Facts, now: datetime, zone: tzinfo) -> Markup:
    del now, zone
    return say("batch_fetch", why=source_text(facts["source"]))


def _plain(key: str) -> Callable[[Facts, datetime, tzinfo], Markup]:
    def text(facts: Facts, now: datetime, zone: tzinfo) -> Markup:
        del now, zone
        return say(key, **{name: value for name, value in facts.items() if name != "document"})

    return text


BATCH_TEXTS: dict[str, Callable[[Facts, datetime, tzinfo], Markup]] = {
    "batch_checked": _checked,
    "batch_refused": _refused,
    "batch_fetch": _fetch,
    "batch_findings": _plain("batch_findings"),
    "batch_result": _plain("batch_result"),
}
"""Queued messages that are made of more than their facts."""
