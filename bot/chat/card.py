"""One post as a card: text and buttons, made of values only."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from bot.chat.card_fit import fit_buttons, fit_line, fit_note, fit_progress
from bot.chat.keyboards import Button, LivePost, PostAction, Rows, UploadAction, button
from bot.chat.refusals import platform_title, source_text, upload_error
from bot.chat.texts import Markup, has, human, say, when
from core.platforms.base import SCHEDULED, Operation, Session
from core.platforms.registry import get_platform
from core.posts.deciding import is_undecided
from core.posts.models import (
    POST_FINAL,
    UPLOAD_FINAL,
    Post,
    PostState,
    Upload,
    UploadState,
    WaitReason,
)
from core.posts.operations import ABSENT, REMOVED
from core.posts.options import ignored_options, rule_of
from core.progress import Progress, Snapshot

TEXT_LIMIT = 4096
"""Source: core.telegram.org/bots/api, sendMessage, 2026-06-18."""
BYTES_LIMIT = 32_000
"""A little below what the server takes before it parses the markup (32,768)."""
TITLE_SHOWN = 120
MOST_QUESTIONS = 10
"""Visibility of what a platform has and shows at its time."""
STOPPABLE = frozenset({UploadState.WAITING, UploadState.UPLOADING})
TIMED = frozenset(
    {WaitReason.RETRY, WaitReason.COOLDOWN, WaitReason.QUOTA, WaitReason.DISK, WaitReason.TIME}
)
"""Reasons whose sentence names the time at which it goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """What a message shows."""

    text: str
    rows: Rows

    @property
    def digest(self) -> str:
        """Return what tells two renderings apart."""
        value = json.dumps([self.text, [[(b.text, b.data) for b in row] for row in self.rows]])
        return hashlib.sha256(value.encode()).hexdigest()[:24]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What a card is drawn from."""

    post: Post
    uploads: Sequence[Upload]
    progress: Progress
    now: datetime
    zone: tzinfo
    first: bool = False
    """The person has not seen the card yet: it says that the video is accepted."""


def render_card(scene: Scene) -> Rendered:
    """Return the card; the words accepted, uploaded, processing and live are different words."""
    post = scene.post
    head = [_head(scene), *_title(post), *_fetch(scene), *_fitting(scene), Markup("")]
    note = [*_note(post), *_left_out(scene)]
    lines = [upload_line(scene, upload) for upload in scene.uploads]
    return Rendered(text=_fit(head, lines, note, post.id), rows=_buttons(scene))


def upload_line(scene: Scene, upload: Upload) -> Markup:
    """Return the line of one upload."""
    facts: dict[str, Any] = {
        "place": place(upload),
        "platform": platform_title(upload.platform),
        "until": _time(scene, upload),
        "why": upload_error(upload),
    }
    if upload.stop_wanted and upload.state in STOPPABLE:
        return say("upload_stopping", **facts)
    line = fit_line(upload, facts["place"], facts["until"])
    if not line:
        line = _LINES[upload.state](scene, upload, facts)
    return line + fit_note(scene.post, upload, scene.uploads) + _choice(scene, upload)


def _choice(scene: Scene, upload: Upload) -> Markup:
    """Return why this account was taken and not another one of its group or platform."""
    if not upload.choice:
        return Markup("")
    facts = dict(upload.choice["facts"])
    if until := facts.get("until"):
        moment = datetime.fromisoformat(until)
        facts["until"] = when(moment.astimezone(scene.zone), scene.now.astimezone(scene.zone))
    return Markup(f"\n{say('card_choice', why=say(upload.choice['key'], **facts))}")


def place(upload: Upload) -> Markup:
    return say("place", platform=platform_title(upload.platform), account=upload.account_name)


def shown_title(post: Post, limit: int = TITLE_SHOWN) -> str:
    """Return the title of a post on one line, cut where it is too long."""
    words = (post.text.title if post.text else "") or post.wish.title or post.wish.prompt
    line = " ".join(words.split()) or say("untitled")
    return line if len(line) <= limit else line[: limit - 1] + "…"


def _head(scene: Scene) -> Markup:
    post = scene.post
    if scene.uploads and all(upload.visibility in ABSENT for upload in scene.uploads):
        return say("card_removed", post_id=post.id)
    if key := _after_the_end(scene):
        return say(key, post_id=post.id)
    if post.state in POST_FINAL or post.state is PostState.DRAFT:
        head = say(f"card_{post.state.value}", post_id=post.id)
        return Markup(f"{say('card_first')}\n{head}") if scene.first else head
    moving = any(upload.state is not UploadState.WAITING for upload in scene.uploads)
    return say("card_running" if moving else "card_accepted", post_id=post.id)


def _after_the_end(scene: Scene) -> str:
    """Return the key of a head that tells more than the end of a post does; or nothing."""
    if scene.post.state not in {PostState.DONE, PostState.PARTLY_FAILED}:
        return ""
    seen = {upload.visibility for upload in scene.uploads}
    if REMOVED in seen:
        return "card_partly_removed"
    if seen & ABSENT:
        return "card_partly_failed"
    kept = any(_is_kept(scene, upload) for upload in scene.uploads)
    return "card_scheduled" if kept and scene.post.state is PostState.DONE else ""


def _is_kept(scene: Scene, upload: Upload) -> bool:
    """Return whether the platform has all of it, and shows it at a time that is to come."""
    at = scene.post.wish.publish_at
    return upload.visibility == SCHEDULED and at is not None and at > scene.now


def _title(post: Post) -> list[Markup]:
    return [say("title", title=shown_title(post))]


def _left_out(scene: Scene) -> list[Markup]:
    """Return which options that were asked for a platform does not have."""
    known = [get_platform(name) for name in dict.fromkeys(u.platform for u in scene.uploads)]
    offers = {one.name: one.capabilities for one in known if one is not None}
    asked = {key: value for key, value in scene.post.wish.options.items() if rule_of(key)}
    return [
        say("card_option_left_out", platform=offers[name].title, options=keys)
        for name, keys in ignored_options(asked, offers.values()).items()
    ]


def _note(post: Post) -> list[Markup]:
    if post.text is None or not post.text.note:
        return []
    why = say(post.text.note) if has(post.text.note) else post.text.note
    return [Markup(""), say("card_fallback", why=why)]


def _fetch(scene: Scene) -> list[Markup]:
    post = scene.post
    if post.state in POST_FINAL:
        return []
    if post.until_at is not None and post.note:
        return [say("card_fetch_wait", why=source_text(post.note), until=_time(scene, post))]
    snapshot = scene.progress.get(("post", post.id))
    if snapshot is None or snapshot.done == snapshot.total:
        return []
    return [_fetch_line(snapshot)]


def _fitting(scene: Scene) -> list[Markup]:
    if scene.post.state in POST_FINAL:
        return []
    return fit_progress(scene.progress.get(("fit", scene.post.id)))


def _fetch_line(snapshot: Snapshot) -> Markup:
    speed = human.speed(snapshot.rate_bytes_per_second)
    if snapshot.share is None:
        return say("card_fetch_unsized", done=human.size(snapshot.done), speed=speed)
    facts = {
        "percent": human.percent(snapshot.share),
        "size": human.size(snapshot.total or 0),
        "speed": speed,
    }
    if snapshot.eta_seconds is None:
        return say("card_fetch", **facts)
    return say("card_fetch_left", eta=human.span(snapshot.eta_seconds), **facts)


def _waiting(scene: Scene, upload: Upload, facts: dict[str, Any]) -> Markup:
    del scene
    if upload.staged_at is not None and (staged := _staged(upload, facts)):
        return staged
    reason = upload.reason or WaitReason.TURN
    if upload.error_code in _RESTS and reason is WaitReason.COOLDOWN:
        return say(_RESTS[upload.error_code], **facts)
    if reason in TIMED and upload.until_at is None:
        reason = WaitReason.TURN
    if reason is WaitReason.ACCOUNT and upload.error_code == "paused":
        return say("wait_paused", **facts) + _resumed(upload)
    return say(f"wait_{reason.value}", **facts) + _resumed(upload)


_RESTS = {"choice_cooldown": "wait_rest", "choice_gap": "wait_gap"}


def _staged(upload: Upload, facts: dict[str, Any]) -> Markup:
    """Return the line of an upload that waits at its last step; empty when it does not."""
    match upload.reason:
        case WaitReason.PERSON:
            return say("wait_together", **facts)
        case WaitReason.TIME if upload.until_at is not None:
            return say("wait_staged", **facts)
        case WaitReason.TIME:
            return say("wait_staged_open", **facts)
        case _:
            return Markup("")


def _uploading(scene: Scene, upload: Upload, facts: dict[str, Any]) -> Markup:
    return say("upload_uploading", progress=_progress(scene, upload), **facts) + _resumed(upload)


def _processing(scene: Scene, upload: Upload, facts: dict[str, Any]) -> Markup:
    del scene
    if upload.staged_at is not None and (staged := _staged(upload, facts)):
        return staged
    share = Session.from_dict(upload.session).progress
    done = say("progress_slow", percent=human.percent(share)) if share else ""
    return say("upload_processing", progress=done, **facts)


def _live(scene: Scene, upload: Upload, facts: dict[str, Any]) -> Markup:
    if upload.visibility in ABSENT:
        return say("upload_removed" if upload.visibility == REMOVED else "upload_gone", **facts)
    if _is_kept(scene, upload):
        at = scene.post.wish.publish_at
        return say("upload_scheduled", **{**facts, "until": _moment(scene, at) if at else ""})
    # Its time has come; whether it is seen is told once it was looked at.
    seen = _visibility(upload) if upload.visibility != SCHEDULED else Markup("")
    if not upload.url:
        return say("upload_live", visibility=seen, **facts)
    return say("upload_live_link", visibility=seen, url=upload.url, **facts)


def _unknown(scene: Scene, upload: Upload, facts: dict[str, Any]) -> Markup:
    del scene
    if upload.reason is WaitReason.PERSON:
        return say("upload_unknown_person", **facts)
    until = f" ({facts['until']})" if facts["until"] else ""
    return say("upload_unknown", **{**facts, "until": until})


def _plain(scene: Scene, upload: Upload, facts: dict[str, Any]) -> Markup:
    del scene
    return say(f"upload_{upload.state.value}", **facts)


_LINES: dict[UploadState, Callable[[Scene, Upload, dict[str, Any]], Markup]] = {
    UploadState.WAITING: _waiting,
    UploadState.UPLOADING: _uploading,
    UploadState.COMMITTING: _plain,
    UploadState.PROCESSING: _processing,
    UploadState.LIVE: _live,
    UploadState.FAILED: _plain,
    UploadState.CANCELLED: _plain,
    UploadState.UNKNOWN: _unknown,
}


def _progress(scene: Scene, upload: Upload) -> Markup:
    snapshot = scene.progress.get(upload.id)
    if snapshot is None or snapshot.share is None:
        if not upload.size_bytes or not upload.confirmed_bytes:
            return Markup("")
        share = upload.confirmed_bytes / upload.size_bytes
        return say("progress_slow", percent=human.percent(share))
    percent = human.percent(snapshot.share)
    if snapshot.eta_seconds is None or snapshot.rate_bytes_per_second < 1:
        return say("progress_slow", percent=percent)
    return say(
        "progress",
        percent=percent,
        speed=human.speed(snapshot.rate_bytes_per_second),
        eta=human.span(snapshot.eta_seconds),
    )


def _resumed(upload: Upload) -> Markup:
    if not upload.resumed_from or not upload.size_bytes or upload.reason is WaitReason.PLATFORM:
        return Markup("")
    return say("resumed", percent=human.percent(upload.resumed_from / upload.size_bytes))


def _visibility(upload: Upload) -> Markup:
    if not upload.visibility:
        return Markup("")
    key = f"visibility_{upload.visibility}"
    return say("visibility", visibility=say(key) if has(key) else upload.visibility)


def _time(scene: Scene, waiting: Post | Upload) -> str:
    if waiting.until_at is None:
        return ""
    return _moment(scene, waiting.until_at)


def _moment(scene: Scene, at: datetime) -> str:
    return when(at.astimezone(scene.zone), scene.now.astimezone(scene.zone))


def _fit(
    head: Sequence[Markup], lines: Sequence[Markup], note: Sequence[Markup], post_id: int
) -> str:
    """Join the lines within Telegram's limits; the tail says how many lines are left out."""
    kept = list(lines)
    while True:
        left_out = len(lines) - len(kept)
        more = [say("card_more", count=left_out, post_id=post_id)] if left_out else []
        text = "\n".join([*head, *kept, *more, *note]).strip()
        if not kept or fits(text):
            return text
        kept.pop()


def fits(text: str) -> bool:
    """Return whether Telegram takes a text of this length."""
    return len(text.encode()) <= BYTES_LIMIT and human.visible_length(text) <= TEXT_LIMIT


def _buttons(scene: Scene) -> Rows:
    asked = [
        upload
        for upload in scene.uploads
        if (upload.state is UploadState.UNKNOWN and upload.reason is WaitReason.PERSON)
        or is_undecided(upload)
    ]
    rows = [*map(_question, asked[:MOST_QUESTIONS]), *fit_buttons(scene.post, scene.uploads)]
    last = _post_buttons(scene)
    return [*rows, last] if last else rows


def _question(upload: Upload) -> list[Button]:
    title = platform_title(upload.platform)
    return [
        button(action, UploadAction(action=action, upload_id=upload.id), platform=title)
        for action in ("live", "resend")
    ]


def _post_buttons(scene: Scene) -> list[Button]:
    states = {upload.state for upload in scene.uploads}
    buttons = []
    if scene.post.state not in POST_FINAL and states & STOPPABLE:
        buttons.append(post_button("stop", "cancel", scene.post))
    if states and states <= UPLOAD_FINAL and states & {UploadState.FAILED, UploadState.CANCELLED}:
        buttons.append(post_button("retry", "retry", scene.post))
    if any(_can_be_removed(upload) for upload in scene.uploads):
        buttons.append(button("delete_all", LivePost(action="ask", post_id=scene.post.id)))
    return buttons


def _can_be_removed(upload: Upload) -> bool:
    platform = get_platform(upload.platform)
    is_there = upload.state is UploadState.LIVE and upload.visibility not in ABSENT
    return (
        is_there and platform is not None and Operation.DELETE in platform.capabilities.operations
    )


def post_button(words: str, action: str, post: Post) -> Button:
    return button(words, PostAction(action=action, post_id=post.id))
