"""What a card says of a video that is fitted to its targets, and the buttons about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.chat.keyboards import Button, FitAll, FitChoice, Rows, button
from bot.chat.refusals import finding_text, platform_title
from bot.chat.texts import Markup, has, human, plain, say
from core.media.specs import Finding, Severity, check
from core.platforms.registry import get_platform
from core.posts.fits import is_asked, waits_for_fit
from core.posts.fitting import LENGTHS, SHAPES
from core.posts.models import Post, Upload, UploadState
from core.posts.preflight import is_probed
from core.progress import Snapshot

DISK_FULL = "disk_full"
MOST_ASKED = 6
"""Targets with buttons of their own; the others have “fix all”."""
BEFORE = frozenset({UploadState.WAITING, UploadState.UPLOADING, UploadState.COMMITTING})


def fit_line(upload: Upload, place: Markup, until: str) -> Markup:
    """Return the line of an upload that waits for a person or for a fitted file; or nothing."""
    facts = {
        "place": place,
        "why": _why(upload),
        "remedies": _remedies(upload),
        "until": until,
    }
    if is_asked(upload):
        return say("card_fit_asked" if facts["remedies"] else "card_fit_asked_plain", **facts)
    if not waits_for_fit(upload):
        return Markup("")
    if upload.error_code and until:
        is_disk = upload.error_code == DISK_FULL
        return say("wait_fit_disk" if is_disk else "wait_fit_later", **facts)
    return say("wait_fit" if facts["remedies"] else "wait_fit_plain", **facts)


def fit_note(post: Post, upload: Upload, uploads: Sequence[Upload]) -> Markup:
    """Return what the preflight says of a target beside its line: fits, warned of, or fitted."""
    if upload.fit.get("made"):
        return say("card_fit_made", remedies=_remedies(upload))
    if upload.state not in BEFORE or is_asked(upload) or waits_for_fit(upload):
        return Markup("")
    findings = _findings(post, upload)
    if findings is None or any(one.severity is Severity.BLOCK for one in findings):
        return Markup("")
    title = platform_title(upload.platform)
    warned = [say("card_fit_warning", why=finding_text(title, _told(one))) for one in findings]
    others = any(is_asked(one) or waits_for_fit(one) for one in uploads)
    fits = [say("card_fit_ok")] if others and upload.state is UploadState.WAITING else []
    return Markup("".join([*fits, *warned]))


def _told(finding: Finding) -> dict[str, Any]:
    return {"key": finding.key, "severity": finding.severity.value, **finding.facts}


def _findings(post: Post, upload: Upload) -> list[Finding] | None:
    """Return what is found of the file for a target; None while the file is not known."""
    platform = get_platform(upload.platform)
    if platform is None or not is_probed(post.facts):
        return None
    return list(check(post.facts, platform.media_limits({})))


def fit_progress(snapshot: Snapshot | None) -> list[Markup]:
    """Return the line that says how far the fitting is."""
    if snapshot is None or snapshot.share is None:
        return []
    percent = human.percent(snapshot.share)
    if snapshot.eta_seconds is None:
        return [say("card_fit_progress", percent=percent)]
    eta = human.span(snapshot.eta_seconds)
    return [say("card_fit_progress_left", percent=percent, eta=eta)]


def fit_buttons(post: Post, uploads: Sequence[Upload]) -> Rows:
    """Return the buttons about what is asked: all at once, and each target's own ways."""
    asked = [upload for upload in uploads if is_asked(upload)]
    if not asked:
        return []
    rows: list[Sequence[Button]] = [[button("fit_all", FitAll(post_id=post.id))]]
    for upload in asked[:MOST_ASKED]:
        rows += _own_rows(upload, _short_place(upload, asked))
    return rows


def _own_rows(upload: Upload, place: str) -> list[list[Button]]:
    offers = upload.fit.get("offers", ())
    lengths = [word for word in LENGTHS if word in offers]
    shapes = [word for word in SHAPES if word in offers]
    last = [_choice(upload, "out", place)]
    if bool(lengths) is bool(shapes):
        # Nothing to choose, or two things: then a button of its own says “go”.
        last.insert(0, _choice(upload, "fix", place))
    ways = [[_choice(upload, word, place) for word in words] for words in (lengths, shapes)]
    return [*filter(None, ways), last]


def _choice(upload: Upload, word: str, place: str) -> Button:
    made = button(f"fit_{word}", FitChoice(upload_id=upload.id, word=word), place=place)
    if word not in upload.fit.get("choices", {}).values():
        return made
    return Button(text=plain(say("button_fit_chosen", words=made.text)), data=made.data)


def _short_place(upload: Upload, asked: Sequence[Upload]) -> str:
    """Return the platform, with the account where several of it are asked about."""
    title = platform_title(upload.platform)
    same = sum(one.platform == upload.platform for one in asked)
    return title if same == 1 else f"{title} {upload.account_name}"


def _why(upload: Upload) -> Markup:
    title = platform_title(upload.platform)
    found = [
        finding_text(title, one)
        for one in upload.fit.get("findings", ())
        if one.get("severity") == Severity.BLOCK.value
    ]
    return Markup(" ".join(found))


def _remedies(upload: Upload) -> Markup:
    said = [
        say(f"remedy_{word}") for word in upload.fit.get("remedies", ()) if has(f"remedy_{word}")
    ]
    return Markup(", ".join(said))
