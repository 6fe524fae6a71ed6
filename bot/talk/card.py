"""One post as a card: text and buttons, made of values only."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from bot.talk.keyboards import Button, PostAction, Rows, UploadAction
from bot.talk.refusals import finding_text
from bot.talk.texts import Markup, has, human, say
from core.platforms.registry import get_platform
from core.posts.models import (
    POST_FINAL,
    UPLOAD_FINAL,
    Post,
    PostState,
    Upload,
    UploadState,
    WaitReason,
)
from core.progress import Progress

TEXT_LIMIT = 4096
"""Source: core.telegram.org/bots/api, sendMessage, 2026-06-18."""
TITLE_SHOWN = 120
STOPPABLE = frozenset({UploadState.WAITING, UploadState.UPLOADING})


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


def render_card(scene: Scene) -> Rendered:
    """Return the card; the words accepted, uploaded, processing and live are different words."""
    lines = [_head(scene), *_title(scene.post), "", *_fetch(scene)]
    lines += [upload_line(scene, upload) for upload in scene.uploads]
    if scene.post.text is not None and scene.post.text.note:
        lines += ["", say("card_fallback", why=_note(scene.post.text.note))]
    return Rendered(text=_fit(lines), rows=_buttons(scene))


def _head(scene: Scene) -> Markup:
    post = scene.post
    if post.state in POST_FINAL or post.state is PostState.DRAFT:
        return say(f"card_{post.state.value}", post_id=post.id)
    moving = any(upload.state is not UploadState.WAITING for upload in scene.uploads)
    return say("card_running" if moving else "card_accepted", post_id=post.id)


def _title(post: Post) -> list[Markup]:
    words = (post.text.title if post.text else "") or post.wish.title or post.wish.prompt
    line = " ".join(words.split())
    if not line:
        return []
    short = line if len(line) <= TITLE_SHOWN else line[: TITLE_SHOWN - 1] + "…"
    return [say("title", title=short)]


def _note(note: str) -> str:
    return say(note) if has(note) else note


def _fetch(scene: Scene) -> list[Markup]:
    post = scene.post
    if post.until_at is not None and post.note:
        return [say("card_fetch_wait", why=source_text(post.note), until=_time(scene, post))]
    snapshot = scene.progress.get(("post", post.id))
    if snapshot is None or snapshot.share is None or snapshot.done == snapshot.total:
        return []
    return [
        say(
            "card_fetch",
            percent=human.percent(snapshot.share),
            size=human.size(snapshot.total or 0),
            speed=human.speed(snapshot.rate_bytes_per_second),
        )
    ]


def upload_line(scene: Scene, upload: Upload) -> Markup:
    """Return the line of one upload."""
    facts: dict[str, Any] = {
        "place": place(upload),
        "platform": platform_title(upload.platform),
        "until": _time(scene, upload),
        "why": error_text(upload),
    }
    match upload.state:
        case UploadState.WAITING:
            return say(_waiting_key(upload), **facts) + _resumed(upload)
        case UploadState.UPLOADING:
            moving = _progress(scene, upload) + _resumed(upload)
            return say("upload_uploading", progress=Markup(moving), **facts)
        case UploadState.LIVE:
            seen = _visibility(upload)
            if not upload.url:
                return say("upload_live", visibility=seen, **facts)
            return say("upload_live_link", visibility=seen, url=upload.url, **facts)
        case UploadState.UNKNOWN:
            person = upload.reason is WaitReason.PERSON
            until = f" ({facts['until']})" if facts["until"] else ""
            key = "upload_unknown_person" if person else "upload_unknown"
            return say(key, **{**facts, "until": until})
        case _:
            return say(f"upload_{upload.state.value}", **facts)


def _waiting_key(upload: Upload) -> str:
    reason = upload.reason or WaitReason.TURN
    timed = {WaitReason.RETRY, WaitReason.COOLDOWN, WaitReason.QUOTA, WaitReason.DISK}
    if reason in timed and upload.until_at is None:
        return "wait_turn"
    return f"wait_{reason.value}"


def place(upload: Upload) -> Markup:
    return say("place", platform=platform_title(upload.platform), account=upload.account_name)


def platform_title(name: str) -> str:
    platform = get_platform(name)
    return platform.capabilities.title if platform else name


def _progress(scene: Scene, upload: Upload) -> str:
    snapshot = scene.progress.get(upload.id)
    if snapshot is None or snapshot.share is None:
        return ""
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
    key = f"visibility_{upload.visibility}"
    if not upload.visibility:
        return Markup("")
    return say("visibility", visibility=say(key) if has(key) else upload.visibility)


def error_text(upload: Upload) -> Markup:
    """Return what an error means and what to do about it."""
    if not upload.error_kind:
        return Markup("")
    title = platform_title(upload.platform)
    if upload.error_code.startswith("fit."):
        finding = {"key": upload.error_code.removeprefix("fit."), **_facts(upload.error_text)}
        return finding_text(title, finding)
    if upload.error_code == "duplicate":
        return say("error_duplicate", text=upload.error_text)
    if has(f"source_{upload.error_code}"):
        return say("error_source", text=say(f"source_{upload.error_code}"))
    text = upload.error_text or upload.error_code
    return say(f"error_{upload.error_kind}", text=text.rstrip("."), platform=title)


def source_text(note: str) -> Markup:
    """Return why a source cannot be read, as a part of a sentence."""
    return say(f"source_{note}") if has(f"source_{note}") else Markup(note)


def _facts(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _time(scene: Scene, waiting: Post | Upload) -> str:
    if waiting.until_at is None:
        return ""
    return human.clock_time(
        waiting.until_at.astimezone(scene.zone), scene.now.astimezone(scene.zone)
    )


def _fit(lines: Sequence[str]) -> str:
    """Join the lines within Telegram's limit; the markup counts too, which is the safe side."""
    kept: list[str] = []
    used = 0
    for line in lines:
        length = len(line.encode("utf-16-le")) // 2 + 1
        if used + length > TEXT_LIMIT - 2:
            kept.append("…")
            break
        kept.append(line)
        used += length
    return "\n".join(kept).strip()


def _buttons(scene: Scene) -> Rows:
    post = scene.post
    rows = [
        [
            Button(
                text=_plain(say(f"button_{name}", platform=platform_title(upload.platform))),
                data=UploadAction(action=name, upload_id=upload.id).pack(),
            )
            for name in ("live", "resend")
        ]
        for upload in scene.uploads
        if upload.state is UploadState.UNKNOWN and upload.reason is WaitReason.PERSON
    ]
    last: list[Button] = []
    if post.state not in POST_FINAL and any(u.state in STOPPABLE for u in scene.uploads):
        last.append(post_button("stop", "cancel", post))
    failed = {UploadState.FAILED, UploadState.CANCELLED}
    ended = scene.uploads and all(u.state in UPLOAD_FINAL for u in scene.uploads)
    if any(u.state in failed for u in scene.uploads) and ended:
        last.append(post_button("retry", "retry", post))
    return [*rows, last] if last else rows


def post_button(text: str, action: str, post: Post) -> Button:
    return Button(
        text=_plain(say(f"button_{text}")), data=PostAction(action=action, post_id=post.id).pack()
    )


def _plain(text: Markup) -> str:
    return str(text)
