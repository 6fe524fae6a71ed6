"""Failed uploads and open questions as people read them, in the chat and in a terminal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.chat.card import fits, place, shown_title
from bot.chat.refusals import platform_title, source_text, upload_error
from bot.chat.texts import Markup, counted, has, say
from core.posts.causes import DUPLICATE, FIT, NOBODY_DECIDED, SOURCE
from core.posts.letters import Act, Letters, Page, Progress
from core.posts.models import Post, Upload
from core.posts.questions import Asked, Kind
from core.posts.replaying import Replayed

LONGEST_SAID = 120
LINE_TITLE = 50
LEFT_OUT = (Replayed.THERE, Replayed.UNDECIDED, Replayed.NO_ACCOUNT)
Facts = Mapping[str, Any]
Moment = Callable[..., str]


def page_text(page: Page, moment: Moment) -> Markup:
    """Return the groups of a page; ``moment`` writes a time."""
    if not page.groups:
        return say("letters_none")
    key = "letters_head_pages" if page.pages > 1 else "letters_head"
    causes = counted("causes", page.causes)
    head = say(key, count=page.failed, causes=causes, page=page.number + 1, pages=page.pages)
    groups = [group_text(group, moment) for group in page.groups]
    return Markup("\n\n".join([head, *groups, say("letters_tail")]))


def group_text(group: Letters, moment: Moment) -> Markup:
    return say(
        "letters_group",
        count=group.failed,
        cause=group.id,
        what=cause_text(group),
        since=moment(group.since),
        post_id=group.newest.post_id,
        cure=say(f"cure_{group.cure.value}"),
    )


def members_text(
    group: Letters, members: Sequence[tuple[Upload, Post | None]], moment: Moment
) -> Markup:
    """Return a group with its latest uploads, as many as one message takes."""
    text = say(
        "letters_group_head",
        count=group.failed,
        cause=group.id,
        what=cause_text(group),
        cure=say(f"cure_{group.cure.value}"),
    )
    shown = 0
    for upload, post in members:
        longer = Markup(f"{text}\n{_member(upload, post, moment)}")
        if not fits(longer + "·" * LINE_TITLE):
            break
        text, shown = longer, shown + 1
    left = group.failed - shown
    return Markup(f"{text}\n{say('letters_more', count=left)}") if left > 0 else text


def _member(upload: Upload, post: Post | None, moment: Moment) -> Markup:
    title = shown_title(post, LINE_TITLE) if post else say("untitled")
    at = moment(upload.finished_at) if upload.finished_at else ""
    return say("letters_member", post_id=upload.post_id, place=place(upload), title=title, at=at)


def cause_text(group: Letters) -> Markup:
    """Return where it failed and of what."""
    what = _what(group)
    cause = group.cause
    if not cause.platform:
        return what
    title = platform_title(cause.platform)
    if group.account_name:
        return say("cause_at_account", platform=title, account=group.account_name, what=what)
    return say("cause_at", platform=title, what=what)


def _what(group: Letters) -> Markup:
    code, kind, text = group.cause.code, group.cause.kind, group.newest.error_text
    if code in {DUPLICATE, NOBODY_DECIDED}:
        return say(f"cause_{code}")
    if code.startswith(FIT):
        return upload_error(group.newest)
    if kind == SOURCE:
        return say("cause_source", why=source_text(code))
    known = say(f"kind_{kind}") if has(f"kind_{kind}") else Markup(kind)
    said = " ".join((text or code).split()).rstrip(".")
    if len(said) > LONGEST_SAID:
        said = said[: LONGEST_SAID - 1] + "…"
    return say("cause_said", what=known, text=said) if said else known


def act_text(progress: Progress) -> Markup:
    """Return what came of an act so far."""
    if progress.kind is Act.DROP:
        return _drop_text(progress)
    retried = progress.retried
    if progress.is_running:
        total = counted("uploads", progress.total)
        head = say("letters_going_on", total=total, count=retried)
    elif retried:
        head = say("letters_retried", uploads=counted("uploads", retried))
    elif any(progress.counts.values()):
        head = say("letters_nothing_retried")
    else:
        head = say("nothing_failed")
    return _joined([head, *_left_out(progress.counts)])


def _drop_text(progress: Progress) -> Markup:
    if progress.is_running:
        return say("letters_dropping", total=counted("uploads", progress.total))
    dropped = progress.counts.get("dropped", 0)
    if not dropped:
        return say("letters_nothing_dropped")
    return say("letters_dropped", uploads=counted("uploads", dropped))


def _left_out(counts: Mapping[str, int]) -> list[Markup]:
    return [
        say(f"left_{why.value}", count=counts[why.value])
        for why in LEFT_OUT
        if counts.get(why.value)
    ]


def question_text(asked: Asked, *, expired: bool = False) -> Markup:
    """Return what is asked, or what follows since nobody answered."""
    post, upload, account = asked.post, asked.upload, asked.account
    about = upload or account
    return _question(
        {
            "kind": asked.question.kind.value,
            "detail": asked.question.detail,
            "post_id": int(post.id) if post else 0,
            "title": shown_title(post, LINE_TITLE) if post else asked.name[:LINE_TITLE],
            "platform": about.platform if about else "",
            "account": account.name if account else (upload.account_name if upload else ""),
        },
        "expired" if expired else "asked",
    )


def _question(item: Facts, prefix: str) -> Markup:
    kind = str(item["kind"])
    name = str(item["detail"]) if kind == Kind.DRAFT else kind
    there = say("place", platform=platform_title(str(item["platform"])), account=item["account"])
    title = item["title"] or say("untitled")
    return say(f"{prefix}_{name}", post_id=item["post_id"], title=title, place=there)


def _list(sentence: str, prefix: str) -> Callable[[Facts], Markup]:
    def text(facts: Facts) -> Markup:
        lines = [say("waiting_item", what=_question(one, prefix)) for one in facts["items"]]
        more = int(facts["count"]) - len(lines)
        if more > 0:
            lines.append(say("waiting_more", count=more))
        return say(sentence, count=facts["count"], items=_joined(lines))

    return text


def _back(facts: Facts) -> Markup:
    title = platform_title(str(facts["platform"]))
    return say("account_back", **{**facts, "platform": title})


def _done(facts: Facts) -> Markup:
    """Return what came of an act that went on by itself."""
    counts = facts["counts"]
    progress = Progress(
        id=facts["act"], kind=Act(facts["kind"]), total=facts["total"], counts=counts
    )
    if progress.kind is Act.DROP:
        return _drop_text(progress)
    head = say("letters_all_begun", uploads=counted("uploads", progress.retried))
    return _joined([head, *_left_out(counts)])


def _joined(lines: Sequence[Markup]) -> Markup:
    return Markup("\n".join(lines))


LETTER_TEXTS: Mapping[str, Callable[[Facts], Markup]] = {
    "letters_done": _done,
    "account_back": _back,
    "waiting_reminder": _list("waiting_reminder", "asked"),
    "waiting_expired": _list("waiting_expired", "expired"),
}
"""Texts of queued messages, by the key that stands in the outbox."""
